//! `GET /v1/recordings/{recording_id}`: a recording with its files and people.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{Recording, TenantScope, Timestamp};
use jumpa_protocol::RecordingId;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{
    ConsentView, LinkView, RecordedPerson, RecordingFileView, RecordingSummary, TargetView,
};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, error::Code, fields, needs,
    tenant_access::TenantHeader, time::rfc3339,
};

/// Most stays that are shown of the call of a recording.
const MAX_STAYS: u32 = 10_000;

/// A recording with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordingDetail {
    #[serde(flatten)]
    recording: RecordingSummary,
    /// What is for people first, then tracks as they began.
    files: Vec<RecordingFileView>,
    /// Of a stream: where it is or was sent.
    targets: Vec<TargetView>,
    /// Who was in the call while it was recorded, one entry for each stay.
    people: Vec<RecordedPerson>,
    consents: Vec<ConsentView>,
    /// Links that can be used.
    links: Vec<LinkView>,
}

/// Show a recording
///
/// Needs `recordings:read`.
#[utoipa::path(
    get,
    path = "/v1/recordings/{recording_id}",
    operation_id = "show_recording",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    responses((status = OK, description = "The recording", body = RecordingDetail)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppsAccess<needs::ReadRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<Json<RecordingDetail>, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let place = state.config.recordings.queue_place(&recording);
    let mut detail = detail(&access.scope(&state), recording, Timestamp::now()).await?;
    detail.recording = detail.recording.with_queue(place);
    Ok(Json(detail))
}

/// Everything that is known of a recording.
pub(super) async fn detail(
    scope: &TenantScope<'_>,
    recording: Recording,
    now: Timestamp,
) -> Result<RecordingDetail, ApiError> {
    let id = recording.id;
    let files = scope.recording_files(id).await?;
    let targets = scope.recording_targets(id).await?;
    let consents = scope.recording_consents(id).await?;
    let links = scope.recording_links(id, now).await?;
    Ok(RecordingDetail {
        files: files.into_iter().map(RecordingFileView::from).collect(),
        targets: targets.into_iter().map(TargetView::from).collect(),
        people: people(scope, &recording).await?,
        consents: consents.into_iter().map(ConsentView::from).collect(),
        links: links.into_iter().map(LinkView::from).collect(),
        recording: RecordingSummary::new(recording, now),
    })
}

/// Who was in the call between start and end; nobody is recorded before it starts.
async fn people(
    scope: &TenantScope<'_>,
    recording: &Recording,
) -> Result<Vec<RecordedPerson>, ApiError> {
    let Some(started_at) = recording.started_at else { return Ok(Vec::new()) };
    let stays = scope.stays(recording.call_id, MAX_STAYS).await?;
    let was_in = stays.into_iter().filter(|stay| {
        stay.left_at.is_none_or(|left_at| left_at > started_at)
            && recording.ended_at.is_none_or(|ended_at| stay.joined_at < ended_at)
    });
    Ok(was_in
        .map(|stay| RecordedPerson {
            participant_id: stay.participant_id,
            name: stay.name,
            subject: stay.subject,
            joined_at: rfc3339(stay.joined_at),
            left_at: stay.left_at.map(rfc3339),
        })
        .collect())
}

/// The recording with an id that stands in a path, if whoever asks reaches its app.
pub(super) async fn find<P>(
    access: &AppsAccess<P>,
    state: &ApiState,
    id: &str,
) -> Result<Recording, ApiError> {
    let only_app = access.select(None)?;
    let recording = access.scope(state).recording(fields::id(id)?).await?;
    if only_app.is_none_or(|app_id| app_id == recording.app_id) {
        Ok(recording)
    } else {
        Err(Code::NotFound.into())
    }
}

/// The same, where its files are wanted: they may be gone.
pub(super) async fn find_kept<P>(
    access: &AppsAccess<P>,
    state: &ApiState,
    id: &str,
) -> Result<Recording, ApiError> {
    let recording = find(access, state, id).await?;
    match (recording.purged_at, recording.deleted_at) {
        (Some(_), _) => Err(Code::RecordingPurged.into()),
        (None, Some(_)) => Err(Code::NotFound.into()),
        (None, None) => Ok(recording),
    }
}
