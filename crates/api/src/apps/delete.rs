//! `DELETE /v1/apps/{app_id}`: stops an app for good, after a time to think again.

use axum::{Json, extract::State};
use jumpa_db::Timestamp;
use jumpa_protocol::AppId;

use super::AppView;
use crate::{ApiError, actor::AppAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// Delete an app
///
/// It takes no joins from now on and can be restored for 30 days. Then its keys, bans and settings
/// are erased; what it used stays. Needs `apps:write`.
#[utoipa::path(
    delete,
    path = "/v1/apps/{app_id}",
    operation_id = "delete_app",
    tag = "apps",
    params(TenantHeader, ("app_id" = AppId, Path)),
    responses((status = OK, description = "The app, deleted", body = AppView)),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    access: AppAccess<needs::WriteApps>,
    State(state): State<ApiState>,
) -> Result<Json<AppView>, ApiError> {
    let scope = access.scope(&state);
    let app = scope.delete_app(&access.app.id, access.author(), Timestamp::now()).await?;
    Ok(Json(app.into()))
}
