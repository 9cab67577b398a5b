//! The recorders: how they are, what they are at, and taking one out of service.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;

use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    recordings::{FleetView, RecorderView},
    session::OperatorAccess,
};

/// Show the recorders
///
/// Each recorder with what it is at, what waits for one, and how much of them apps may use.
#[utoipa::path(
    get,
    path = "/v1/operator/recorders",
    operation_id = "show_recording_fleet",
    tag = "operator",
    responses((status = OK, description = "All of it", body = FleetView)),
    security(("session" = [])),
)]
pub(crate) async fn show(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
) -> Result<Json<FleetView>, ApiError> {
    Ok(Json(state.config.recordings.fleet(Timestamp::now()).await?))
}

/// Take a recorder out of service
///
/// It gets no more recordings; those that it has go on. Holds until it is taken back, also over a
/// restart of the recorder or the server.
#[utoipa::path(
    post,
    path = "/v1/operator/recorders/{recorder_id}/drain",
    operation_id = "drain_recorder",
    tag = "operator",
    params(("recorder_id" = String, Path)),
    responses((status = OK, description = "The recorder", body = RecorderView)),
    security(("session" = [])),
)]
pub(crate) async fn drain(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(recorder_id): Path<String>,
) -> Result<Json<RecorderView>, ApiError> {
    set_draining(&state, &operator, &recorder_id, true).await
}

/// Take a recorder into service again
#[utoipa::path(
    post,
    path = "/v1/operator/recorders/{recorder_id}/undrain",
    operation_id = "undrain_recorder",
    tag = "operator",
    params(("recorder_id" = String, Path)),
    responses((status = OK, description = "The recorder", body = RecorderView)),
    security(("session" = [])),
)]
pub(crate) async fn undrain(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(recorder_id): Path<String>,
) -> Result<Json<RecorderView>, ApiError> {
    set_draining(&state, &operator, &recorder_id, false).await
}

async fn set_draining(
    state: &ApiState,
    operator: &OperatorAccess,
    recorder_id: &str,
    is_draining: bool,
) -> Result<Json<RecorderView>, ApiError> {
    let now = Timestamp::now();
    let recordings = &state.config.recordings;
    let recorder = recordings.recorder(recorder_id, now).await?.ok_or(Code::NotFound)?;
    if recorder.is_draining() == is_draining {
        return Ok(Json(recorder));
    }
    recordings.set_recorder_draining(recorder_id, is_draining, &operator.author, now).await?;
    let recorder = recordings.recorder(recorder_id, now).await?.ok_or(Code::NotFound)?;
    Ok(Json(recorder))
}
