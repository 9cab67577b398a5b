//! `PUT /v1/operator/recording_storage`.

use axum::{Json, extract::State};
use jumpa_db::Timestamp;

use crate::{
    ApiError,
    api_state::ApiState,
    json_body::JsonBody,
    openapi::Refusal,
    recording_storage::settings::{RecordingStorageView, UpdateRecordingStorage, try_out},
    session::OperatorAccess,
};

/// Choose where recordings lie
///
/// Of apps that have no storage of their own, from now on; those that exist stay where they are. It
/// is tried first with a small object, which is put, listed, read and deleted: `storage_refused` and
/// `storage_unreachable` say in `detail` what went wrong, and nothing is changed.
#[utoipa::path(
    put,
    path = "/v1/operator/recording_storage",
    operation_id = "update_platform_recording_storage",
    tag = "operator",
    request_body = UpdateRecordingStorage,
    responses(
        (status = OK, description = "Where", body = RecordingStorageView),
        (status = CONFLICT, response = Refusal),
        (status = BAD_GATEWAY, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn update(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<UpdateRecordingStorage>,
) -> Result<Json<RecordingStorageView>, ApiError> {
    let (settings, secret) = request.checked()?;
    let (scope, secret) = (state.database().operator(), secret.as_deref());
    let place = scope.proposed_recording_storage(&settings, secret).await?;
    try_out(&state.config.recordings, place).await?;
    let (by, now) = (&operator.author, Timestamp::now());
    let chosen = scope.set_recording_storage(&settings, secret, by, now).await?;
    state.config.recordings.look_soon();
    state.config.recordings.tell_mended_storages().await?;
    Ok(Json(Some(chosen).into()))
}
