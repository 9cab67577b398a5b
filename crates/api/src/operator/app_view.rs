//! An app as the operator sees it.

use jumpa_db::App;
use jumpa_protocol::{AppId, TenantId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::rfc3339;

/// An app as the operator sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OperatorApp)]
pub(crate) struct AppView {
    id: AppId,
    tenant_id: TenantId,
    #[schema(example = "Toko Melati")]
    name: String,
    /// Whether the first start made it to try calls.
    is_demo: bool,
    /// A disabled app takes no joins.
    is_disabled: bool,
    /// Whether people may join without a token.
    allows_guests: bool,
    /// Most participants in one call.
    max_participants: u32,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    created_at: String,
}

impl From<App> for AppView {
    fn from(app: App) -> Self {
        Self {
            id: app.id,
            tenant_id: app.tenant_id,
            name: app.name,
            is_demo: app.is_demo,
            is_disabled: app.is_disabled,
            allows_guests: app.allows_guests,
            max_participants: app.max_participants,
            created_at: rfc3339(app.created_at),
        }
    }
}
