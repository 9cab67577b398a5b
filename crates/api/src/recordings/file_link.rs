//! `POST /v1/recordings/{recording_id}/files/{file_id}/link`: a link to a file for a short time.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{RecordingFile, Timestamp, Viewed, Viewer};
use jumpa_protocol::{RecordingFileId, RecordingId, TenantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Recordings, reference::FileReference, show::find_kept};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, error::Code, fields, json_body::JsonBody,
    needs, tenant_access::TenantHeader, time::rfc3339,
};

/// How long a link to a file works. A player asks for a new one when it is over; longer leaves
/// more time to whoever finds it in a history or a log.
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// What a file is wanted for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateFileLink {
    /// Whether browsers save the file in place of showing it.
    #[serde(default)]
    is_download: bool,
}

/// A link to a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileLink {
    /// Answers to `GET` with the file, also in parts (`Range`), without any other proof.
    #[schema(example = "https://call.example/v1/recording_files/AZN6XI8rfD6dT1prfI2eDw…")]
    url: String,
    /// 15 minutes from now.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Make a link to a file of a recording
///
/// It works for 15 minutes; that it was made is kept with who looked at the recording. Needs
/// `recordings:play`.
#[utoipa::path(
    post,
    path = "/v1/recordings/{recording_id}/files/{file_id}/link",
    operation_id = "create_recording_file_link",
    tag = "recordings",
    params(
        TenantHeader,
        ("recording_id" = RecordingId, Path),
        ("file_id" = RecordingFileId, Path),
    ),
    request_body = CreateFileLink,
    responses((status = OK, description = "The link", body = FileLink)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn create(
    access: AppsAccess<needs::PlayRecordings>,
    State(state): State<ApiState>,
    Path((id, file_id)): Path<(String, String)>,
    JsonBody(request): JsonBody<CreateFileLink>,
) -> Result<Json<FileLink>, ApiError> {
    let recording = find_kept(&access, &state, &id).await?;
    let scope = access.scope(&state);
    let file = scope.recording_file(fields::id(&file_id)?).await?;
    if file.recording_id != recording.id {
        return Err(Code::NotFound.into());
    }
    let (now, viewer) = (Timestamp::now(), Viewer::Author(access.author()));
    scope.note_recording_view(recording.id, Viewed::File(file.id), &viewer, now).await?;
    let place = (recording.tenant_id, request.is_download);
    Ok(Json(link_to(&state.config.recordings, &file, place, now)))
}

/// A link to a file from now on.
pub(super) fn link_to(
    recordings: &Recordings,
    file: &RecordingFile,
    (tenant_id, is_download): (TenantId, bool),
    now: Timestamp,
) -> FileLink {
    let expires_at = now + LIFETIME;
    let reference = FileReference { tenant_id, file_id: file.id, expires_at, is_download };
    let token = recordings.references().sign(&reference);
    FileLink {
        url: format!("{}/v1/recording_files/{token}", recordings.link_base()),
        expires_at: rfc3339(expires_at),
    }
}
