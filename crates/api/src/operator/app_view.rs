//! An app as the operator sees it.

use jumpa_db::App;
use jumpa_protocol::TenantId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::apps::AppView;

/// An app as the operator sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorApp {
    #[serde(flatten)]
    app: AppView,
    tenant_id: TenantId,
    /// Whether the first start made it to try calls.
    is_demo: bool,
}

impl From<App> for OperatorApp {
    fn from(app: App) -> Self {
        Self { tenant_id: app.tenant_id, is_demo: app.is_demo, app: app.into() }
    }
}
