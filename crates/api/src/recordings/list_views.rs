//! `GET /v1/recordings/{recording_id}/views`: who looked at a recording.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::RecordingView;
use jumpa_protocol::{RecordingId, RecordingViewId};

use super::{show::find, view::ViewView};
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// List who looked at a recording
///
/// The newest first: links to files, opened links of people without a login, bundles of evidence.
/// Needs `recordings:read`.
#[utoipa::path(
    get,
    path = "/v1/recordings/{recording_id}/views",
    operation_id = "list_recording_views",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path), PageParameters),
    responses((status = OK, description = "One page", body = Page<ViewView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
    query: PageQuery,
) -> Result<Json<Page<ViewView>>, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let after = query.after::<RecordingViewId>()?;
    let scope = access.scope(&state);
    let found = scope.recording_views(recording.id, after, query.fetch_limit()).await?;
    Ok(Json(query.page(found, |view: &RecordingView| (view.at, view.id), ViewView::from)))
}
