//! `POST /v1/apps/{app_id}/restore`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::AppId;

use super::AppView;
use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    needs,
    tenant_access::{TenantAccess, TenantHeader},
};

/// Take the deletion of an app back
///
/// It is as it was before. Needs `apps:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/restore",
    operation_id = "restore_app",
    tag = "apps",
    params(TenantHeader, ("app_id" = AppId, Path)),
    responses((status = OK, description = "The app", body = AppView)),
    security(("session" = [])),
)]
pub(crate) async fn restore(
    access: TenantAccess<needs::WriteApps>,
    State(state): State<ApiState>,
    Path(app_id): Path<String>,
) -> Result<Json<AppView>, ApiError> {
    let id: AppId = app_id.parse().map_err(|_| Code::AppUnknown)?;
    let scope = access.scope(&state);
    Ok(Json(scope.restore_app(&id, access.author(), Timestamp::now()).await?.into()))
}
