//! `GET /v1/apps/{app_id}/recording_storage`.

use axum::{Json, extract::State};
use jumpa_protocol::AppId;

use super::settings::RecordingStorageView;
use crate::{ApiError, actor::AppAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// Show where recordings of an app lie
///
/// Without the secret of its key. Needs `storage:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/recording_storage",
    operation_id = "show_recording_storage",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path)),
    responses((status = OK, description = "Where", body = RecordingStorageView)),
    security(("session" = [])),
)]
pub(crate) async fn show(
    access: AppAccess<needs::ReadStorage>,
    State(state): State<ApiState>,
) -> Result<Json<RecordingStorageView>, ApiError> {
    let chosen = access.scope(&state).recording_storage(&access.app.id).await?;
    Ok(Json(chosen.into()))
}
