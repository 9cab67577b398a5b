//! A ban as those see it who manage it.

use jumpa_db::Ban;
use jumpa_protocol::BanId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::rfc3339;

/// A ban of somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ban)]
pub(crate) struct BanView {
    id: BanId,
    /// Whom: what their tokens say in `sub` (`context.user.id` in Jitsi's).
    #[schema(example = "kasir-7")]
    subject: String,
    /// Why, for those who look at it later.
    #[schema(required)]
    reason: Option<String>,
    /// When it ends; null is never.
    #[schema(format = DateTime, required)]
    until: Option<String>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    created_at: String,
    /// An e-mail address, or the name of an API key.
    #[schema(example = "rina@melati.example")]
    created_by: String,
}

impl From<Ban> for BanView {
    fn from(ban: Ban) -> Self {
        Self {
            id: ban.id,
            subject: ban.subject,
            reason: ban.reason,
            until: ban.ends_at.map(rfc3339),
            created_at: rfc3339(ban.created_at),
            created_by: ban.created_by,
        }
    }
}
