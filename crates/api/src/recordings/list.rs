//! `GET /v1/recordings`: recordings of the tenant.

use axum::{Json, extract::State};
use jumpa_db::{Recording, RecordingFilter, Timestamp};
use jumpa_protocol::{
    AppId, CallId, RecordingId,
    recording::{RecordingKind, RecordingState},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    file_link::{FileLink, link_to},
    view::RecordingSummary,
};
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    permission::Permission,
    tenant_access::TenantHeader,
    time,
};

/// Which recordings are looked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordingQuery {
    app_id: Option<AppId>,
    /// Of exactly this room.
    room: Option<String>,
    call_id: Option<CallId>,
    #[param(inline)]
    state: Option<RecordingState>,
    #[param(inline)]
    kind: Option<RecordingKind>,
    /// Asked for at or after, RFC 3339.
    from: Option<String>,
    /// Asked for before, RFC 3339.
    until: Option<String>,
    /// Of a call with somebody of exactly this name, or of this id of your own system.
    participant: Option<String>,
    /// With this text in the room, the name of who asked, or the name of somebody in the call or
    /// their id of your own system.
    search: Option<String>,
    /// `deleted` shows those that were deleted; without it they are left out.
    #[param(inline)]
    status: Option<WantedStatus>,
}

/// Recordings that are hidden otherwise.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = WantedRecordings)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WantedStatus {
    /// Those that were deleted.
    Deleted,
}

/// A recording in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedRecording {
    #[serde(flatten)]
    recording: RecordingSummary,
    /// A picture of it, for those who may play it; null where there is none.
    #[schema(required)]
    poster: Option<FileLink>,
    /// Names of those who were in the call while it was recorded, none twice, at most ten.
    #[schema(example = json!(["Budi", "dr. Ayu"]))]
    participants: Vec<String>,
    /// How many people that were.
    participant_count: usize,
}

/// List the recordings
///
/// The newest first; with an API key, those of its own app. Needs `recordings:read`.
#[utoipa::path(
    get,
    path = "/v1/recordings",
    operation_id = "list_recordings",
    tag = "recordings",
    params(TenantHeader, RecordingQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<ListedRecording>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadRecordings>,
    State(state): State<ApiState>,
    query: PageQuery<RecordingQuery>,
) -> Result<Json<Page<ListedRecording>>, ApiError> {
    let now = Timestamp::now();
    let wanted = query.filter.clone();
    let at = |field, text: Option<String>| text.map(|text| time::parse(field, &text)).transpose();
    let filter = RecordingFilter {
        app_id: access.select(wanted.app_id)?,
        room: wanted.room,
        call_id: wanted.call_id,
        state: wanted.state,
        kind: wanted.kind,
        from: at("from", wanted.from)?,
        until: at("until", wanted.until)?,
        participant: wanted.participant,
        search: wanted.search.filter(|text| !text.trim().is_empty()),
        is_deleted: wanted.status.is_some(),
    };
    let after = query.after::<RecordingId>()?;
    let scope = access.scope(&state);
    let found = scope.recordings(&filter, after, query.fetch_limit()).await?;
    let ids: Vec<RecordingId> = found.iter().map(|recording| recording.id).collect();
    let overviews = scope.recording_overviews(&ids).await?;
    let may_see = access.may(Permission::PlayRecordings);
    let recordings = &state.config.recordings;
    let listed = |recording: Recording| {
        let overview = overviews.get(&recording.id).cloned().unwrap_or_default();
        let is_there = recording.purged_at.is_none() && recording.deleted_at.is_none();
        let poster = overview.poster.filter(|_| may_see && is_there);
        ListedRecording {
            poster: poster.map(|file| link_to(recordings, &file, (scope.tenant_id(), false), now)),
            participants: overview.names,
            participant_count: overview.people,
            recording: recordings.summary(recording, now),
        }
    };
    let place = |recording: &Recording| (recording.queued_at, recording.id);
    Ok(Json(query.page(found, place, listed)))
}
