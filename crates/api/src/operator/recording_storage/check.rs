//! `POST /v1/operator/recording_storage/test`.

use axum::{Json, extract::State};
use jumpa_db::Timestamp;
use jumpa_protocol::recording::StoragePlace;

use crate::{
    ApiError,
    api_state::ApiState,
    openapi::Refusal,
    recording_storage::settings::{StorageCheckView, try_out},
    session::OperatorAccess,
};

/// Test the storage of recordings
///
/// As it is set, with a small object that is put, listed, read and deleted. `storage_refused` and
/// `storage_unreachable` say in `detail` what went wrong.
#[utoipa::path(
    post,
    path = "/v1/operator/recording_storage/test",
    operation_id = "check_platform_recording_storage",
    tag = "operator",
    responses(
        (status = OK, description = "It does what it is asked", body = StorageCheckView),
        (status = CONFLICT, response = Refusal),
        (status = BAD_GATEWAY, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn check(
    operator: OperatorAccess,
    State(state): State<ApiState>,
) -> Result<Json<StorageCheckView>, ApiError> {
    let scope = state.database().operator();
    let place = match scope.recording_storage().await? {
        Some(chosen) => scope.proposed_recording_storage(&chosen.settings, None).await?,
        None => StoragePlace::Folder,
    };
    let tried = try_out(&state.config.recordings, place).await;
    let (by, now) = (&operator.author, Timestamp::now());
    scope.note_recording_storage_tested(tried.is_ok(), by, now).await?;
    tried.map(Json)
}
