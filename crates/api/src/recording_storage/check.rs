//! `POST /v1/apps/{app_id}/recording_storage/test`.

use axum::{Json, extract::State};
use jumpa_db::Timestamp;
use jumpa_protocol::AppId;

use super::settings::{StorageCheckView, try_out};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, needs, openapi::Refusal,
    tenant_access::TenantHeader,
};

/// Test the storage of an app
///
/// As it is set, with a small object that is put, listed, read and deleted. `storage_refused` and
/// `storage_unreachable` say in `detail` what went wrong; `not_found` where the app has no storage
/// of its own. Needs `storage:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/recording_storage/test",
    operation_id = "check_recording_storage",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path)),
    responses(
        (status = OK, description = "It does what it is asked", body = StorageCheckView),
        (status = CONFLICT, response = Refusal),
        (status = BAD_GATEWAY, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn check(
    access: AppAccess<needs::WriteStorage>,
    State(state): State<ApiState>,
) -> Result<Json<StorageCheckView>, ApiError> {
    let (scope, app_id) = (access.scope(&state), &access.app.id);
    let chosen = scope.recording_storage(app_id).await?.ok_or(Code::NotFound)?;
    let place = scope.proposed_recording_storage(app_id, &chosen.settings, None).await?;
    let tried = try_out(&state.config.recordings, place).await;
    let (by, now) = (access.author(), Timestamp::now());
    scope.note_recording_storage_tested(app_id, tried.is_ok(), by, now).await?;
    tried.map(Json)
}
