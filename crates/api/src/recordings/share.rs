//! `GET /v1/recording_links/{token}`: a recording for whoever has a link to it.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{Timestamp, Viewed, Viewer};
use jumpa_protocol::recording::{RecordedFileRole, RecordingKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    file_link::{FileLink, link_to},
    view::RecordingFileView,
};
use crate::{ApiError, ClientAddress, api_state::ApiState, error::Code, time::rfc3339};

/// A recording as a link shows it: what can be seen and heard, and nothing of who is behind it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedRecording {
    #[schema(example = "ruang-1")]
    room: String,
    kind: RecordingKind,
    #[schema(format = DateTime, required)]
    started_at: Option<String>,
    #[schema(required)]
    duration_ms: Option<i64>,
    /// Until when the link can be used.
    #[schema(format = DateTime)]
    expires_at: String,
    files: Vec<SharedFile>,
}

/// A file with a link that works for 15 minutes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedFile {
    file: RecordingFileView,
    link: FileLink,
}

/// Show a shared recording
///
/// To whoever has its link, without a login. That it was opened is kept with who looked at the
/// recording.
#[utoipa::path(
    get,
    path = "/v1/recording_links/{token}",
    operation_id = "show_shared_recording",
    tag = "recordings",
    params(("token" = String, Path)),
    responses((status = OK, description = "The recording", body = SharedRecording)),
    security(()),
)]
pub(crate) async fn share(
    State(state): State<ApiState>,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
) -> Result<Json<SharedRecording>, ApiError> {
    let now = Timestamp::now();
    let link = state.database().logins().recording_link(&token, now).await?;
    let link = link.ok_or(Code::RecordingLinkInvalid)?;
    let scope = state.database().tenant(link.tenant_id);
    let recording = scope.recording(link.recording_id).await?;
    if recording.purged_at.is_some() || recording.deleted_at.is_some() {
        return Err(Code::RecordingPurged.into());
    }
    let address = address.to_string();
    let viewer =
        Viewer::Link { id: link.id, created_by: &link.created_by, address: Some(&address) };
    scope.note_recording_view(recording.id, Viewed::LinkOpened, &viewer, now).await?;
    let files = scope.recording_files(recording.id).await?.into_iter().filter(|file| {
        matches!(
            file.role,
            RecordedFileRole::Track | RecordedFileRole::Composite | RecordedFileRole::Poster
        )
    });
    let recordings = &state.config.recordings;
    let files = files.map(|file| SharedFile {
        link: link_to(recordings, &file, (link.tenant_id, false), now),
        file: file.into(),
    });
    Ok(Json(SharedRecording {
        files: files.collect(),
        duration_ms: recording.duration_ms(),
        room: recording.room.to_string(),
        kind: recording.kind,
        started_at: recording.started_at.map(rfc3339),
        expires_at: rfc3339(link.expires_at),
    }))
}
