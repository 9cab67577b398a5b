//! `DELETE /v1/apps/{app_id}/recording_storage`.

use axum::{extract::State, http::StatusCode};
use jumpa_db::Timestamp;
use jumpa_protocol::AppId;

use crate::{ApiError, actor::AppAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// Let an app use the storage of the platform
///
/// Recordings that lie in its own bucket stay there, can be played and are removed there when their
/// time is over. Needs `storage:write`.
#[utoipa::path(
    delete,
    path = "/v1/apps/{app_id}/recording_storage",
    operation_id = "remove_recording_storage",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path)),
    responses((status = NO_CONTENT, description = "It does")),
    security(("session" = [])),
)]
pub(crate) async fn remove(
    access: AppAccess<needs::WriteStorage>,
    State(state): State<ApiState>,
) -> Result<StatusCode, ApiError> {
    let (by, now) = (access.author(), Timestamp::now());
    access.scope(&state).unset_recording_storage(&access.app.id, by, now).await?;
    Ok(StatusCode::NO_CONTENT)
}
