//! `POST /v1/recordings/{recording_id}/verify`: are the files still what they were?

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{Author, RecordingFile, Timestamp};
use jumpa_protocol::{RecordingId, TenantId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{LibraryError, Recordings, library::stored, show::find_kept, view::RecordingFileView};
use crate::{ApiError, actor::AppsAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verification {
    /// Whether every file is there and has its checksum; false for a recording without files.
    is_intact: bool,
    files: Vec<RecordingFileView>,
}

/// Verify a recording
///
/// Reads every file again and compares its SHA-256 with the one that was stored when it was
/// recorded. The result stays with the files. Needs `recordings:play`.
#[utoipa::path(
    post,
    path = "/v1/recordings/{recording_id}/verify",
    operation_id = "verify_recording",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    responses((status = OK, description = "What was found", body = Verification)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn verify(
    access: AppsAccess<needs::PlayRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<Json<Verification>, ApiError> {
    let recording = find_kept(&access, &state, &id).await?;
    let recordings = state.config.recordings.clone();
    let (tenant_id, author) = (recording.tenant_id, access.author().clone());
    // On a task of its own: gigabytes take longer than some clients wait, and the result is kept.
    let read = tokio::spawn(read_again(recordings, tenant_id, recording.id, author)).await;
    let files = read.map_err(ApiError::internal)??;
    Ok(Json(Verification {
        is_intact: !files.is_empty() && files.iter().all(|file| file.is_intact == Some(true)),
        files: files.into_iter().map(RecordingFileView::from).collect(),
    }))
}

async fn read_again(
    recordings: Recordings,
    tenant_id: TenantId,
    id: RecordingId,
    author: Author,
) -> Result<Vec<RecordingFile>, ApiError> {
    let scope = recordings.database().tenant(tenant_id);
    let mut found = Vec::new();
    let storage = recordings.storage_of(id).await?;
    for file in scope.recording_files(id).await? {
        let sum = storage.sha256(&stored(&file)).await.map_err(LibraryError::from)?;
        found.push((file.id, sum.is_some_and(|sum| sum == file.sha256)));
    }
    scope.note_recording_verified(id, &found, &author, Timestamp::now()).await?;
    Ok(scope.recording_files(id).await?)
}
