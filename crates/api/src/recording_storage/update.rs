//! `PUT /v1/apps/{app_id}/recording_storage`.

use axum::{Json, extract::State};
use jumpa_db::Timestamp;
use jumpa_protocol::AppId;

use super::settings::{RecordingStorageView, UpdateRecordingStorage, try_out};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, json_body::JsonBody, needs, openapi::Refusal,
    tenant_access::TenantHeader,
};

/// Choose where recordings of an app lie
///
/// Recordings that begin from now on go there; those that exist stay where they are. It is tried
/// first with a small object, which is put, listed, read and deleted: `storage_refused` and
/// `storage_unreachable` say in `detail` what went wrong, and nothing is changed. Needs
/// `storage:write`.
#[utoipa::path(
    put,
    path = "/v1/apps/{app_id}/recording_storage",
    operation_id = "update_recording_storage",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = UpdateRecordingStorage,
    responses(
        (status = OK, description = "Where", body = RecordingStorageView),
        (status = CONFLICT, response = Refusal),
        (status = BAD_GATEWAY, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn update(
    access: AppAccess<needs::WriteStorage>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<UpdateRecordingStorage>,
) -> Result<Json<RecordingStorageView>, ApiError> {
    let (settings, secret) = request.checked()?;
    if settings.s3.is_none() {
        return Err(ApiError::invalid("s3", "a bucket; the folder of the server is not an app's"));
    }
    let (scope, app_id, secret) = (access.scope(&state), &access.app.id, secret.as_deref());
    let place = scope.proposed_recording_storage(app_id, &settings, secret).await?;
    try_out(&state.config.recordings, place).await?;
    let (by, now) = (access.author(), Timestamp::now());
    let chosen = scope.set_recording_storage(app_id, &settings, secret, by, now).await?;
    state.config.recordings.look_soon();
    state.config.recordings.tell_mended_storages().await?;
    Ok(Json(Some(chosen).into()))
}
