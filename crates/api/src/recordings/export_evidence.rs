//! `GET /v1/recordings/{recording_id}/evidence`: what shows that a recording is what it was.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jumpa_db::{Timestamp, Viewed, Viewer};
use jumpa_protocol::RecordingId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    show::{RecordingDetail, detail, find},
    view::ViewView,
};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, needs, tenant_access::TenantHeader,
    time::rfc3339,
};

/// Most views that stand in a bundle; the list of views has all.
const MAX_VIEWS: u32 = 10_000;

/// Everything that is known of a recording, but its pictures and sound.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Evidence {
    /// When this was written.
    #[schema(format = DateTime)]
    exported_at: String,
    /// With files and their SHA-256, people and consents.
    recording: RecordingDetail,
    /// Who looked at it, this export included, the newest first.
    views: Vec<ViewView>,
}

/// Export the evidence of a recording
///
/// One JSON file: facts, checksums of all files, who was in the call and when, who agreed, who
/// looked at it. Needs `recordings:play`.
#[utoipa::path(
    get,
    path = "/v1/recordings/{recording_id}/evidence",
    operation_id = "export_recording_evidence",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    responses((status = OK, description = "The bundle", body = Evidence)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn export(
    access: AppsAccess<needs::PlayRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let (scope, now, id) = (access.scope(&state), Timestamp::now(), recording.id);
    let viewer = Viewer::Author(access.author());
    scope.note_recording_view(id, Viewed::Evidence, &viewer, now).await?;
    let views = scope.recording_views(id, None, MAX_VIEWS).await?;
    let evidence = Evidence {
        exported_at: rfc3339(now),
        recording: detail(&scope, recording, now).await?,
        views: views.into_iter().map(ViewView::from).collect(),
    };
    let mut response = Json(evidence).into_response();
    let name = format!("attachment; filename=\"evidence-{id}.json\"");
    let name = HeaderValue::from_str(&name).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
