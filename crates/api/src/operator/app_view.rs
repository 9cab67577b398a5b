//! An app as the operator sees it.

use jiff::Timestamp;
use jumpa_db::App;
use jumpa_protocol::{AppId, TenantId};
use serde::Serialize;

/// An app as the operator sees it.
#[derive(Debug, Serialize)]
pub(crate) struct AppView {
    id: AppId,
    tenant_id: TenantId,
    name: String,
    is_demo: bool,
    is_disabled: bool,
    allows_guests: bool,
    max_participants: u32,
    /// RFC 3339, UTC.
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
            created_at: Timestamp::from_microsecond(app.created_at.as_micros())
                .unwrap_or_default()
                .to_string(),
        }
    }
}
