//! `POST /v1/recordings/{recording_id}/stop`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::RecordingId;

use super::{show::find, view::RecordingSummary};
use crate::{ApiError, actor::AppsAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// Stop a recording
///
/// Its recorder leaves the call and completes the files. One that waits is cancelled; one that is
/// stopped already stays as it is. Needs `recordings:write`.
#[utoipa::path(
    post,
    path = "/v1/recordings/{recording_id}/stop",
    operation_id = "stop_recording",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    responses((status = OK, description = "The recording", body = RecordingSummary)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn stop(
    access: AppsAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<Json<RecordingSummary>, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let now = Timestamp::now();
    if recording.state.is_running() && !recording.is_stopping {
        let scope = access.scope(&state);
        scope.note_recording_stopped(recording.id, access.author(), now).await?;
    }
    let recording = state.config.recordings.stop(recording.id).await?;
    Ok(Json(state.config.recordings.summary(recording, now)))
}
