//! `GET /v1/apps/{app_id}`.

use axum::Json;
use jumpa_protocol::AppId;

use super::AppView;
use crate::{ApiError, actor::AppAccess, needs, tenant_access::TenantHeader};

/// Show an app
///
/// Needs `apps:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}",
    operation_id = "show_app",
    tag = "apps",
    params(TenantHeader, ("app_id" = AppId, Path)),
    responses((status = OK, description = "The app", body = AppView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(access: AppAccess<needs::ReadApps>) -> Result<Json<AppView>, ApiError> {
    Ok(Json(access.app.into()))
}
