//! `GET /v1/operator/recording_storage`.

use axum::{Json, extract::State};

use crate::{
    ApiError, api_state::ApiState, recording_storage::settings::RecordingStorageView,
    session::OperatorAccess,
};

/// Show where recordings lie
///
/// Of apps that have no storage of their own; without the secret of its key.
#[utoipa::path(
    get,
    path = "/v1/operator/recording_storage",
    operation_id = "show_platform_recording_storage",
    tag = "operator",
    responses((status = OK, description = "Where", body = RecordingStorageView)),
    security(("session" = [])),
)]
pub(crate) async fn show(
    _: OperatorAccess,
    State(state): State<ApiState>,
) -> Result<Json<RecordingStorageView>, ApiError> {
    Ok(Json(state.database().operator().recording_storage().await?.into()))
}
