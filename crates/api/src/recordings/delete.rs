//! `DELETE /v1/recordings/{recording_id}` and its reverse.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::RecordingId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{show::find, view::RecordingSummary};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// Longest reason, characters.
const MAX_REASON_CHARS: usize = 500;

/// Why a recording is deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteRecording {
    #[schema(min_length = 1, max_length = 500, example = "permintaan pasien")]
    reason: String,
}

/// Delete a recording
///
/// One that is over and not under legal hold. For seven days it can be restored, then its files are
/// removed for good. Needs `recordings:delete`.
#[utoipa::path(
    delete,
    path = "/v1/recordings/{recording_id}",
    operation_id = "delete_recording",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    request_body = DeleteRecording,
    responses((status = OK, description = "The recording", body = RecordingSummary)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn delete(
    access: AppsAccess<needs::DeleteRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<DeleteRecording>,
) -> Result<Json<RecordingSummary>, ApiError> {
    let reason = request.reason.trim();
    let is_told = (1..=MAX_REASON_CHARS).contains(&reason.chars().count());
    if !is_told || reason.chars().any(char::is_control) {
        return Err(ApiError::invalid("reason", "1 to 500 characters"));
    }
    let recording = find(&access, &state, &id).await?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let deleted = scope.delete_recording(recording.id, reason, access.author(), now).await?;
    Ok(Json(RecordingSummary::new(deleted, now)))
}

/// Restore a deleted recording
///
/// Within seven days. Needs `recordings:delete`.
#[utoipa::path(
    post,
    path = "/v1/recordings/{recording_id}/restore",
    operation_id = "restore_recording",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    responses((status = OK, description = "The recording", body = RecordingSummary)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn restore(
    access: AppsAccess<needs::DeleteRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<Json<RecordingSummary>, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let restored = scope.restore_recording(recording.id, access.author(), now).await?;
    Ok(Json(RecordingSummary::new(restored, now)))
}
