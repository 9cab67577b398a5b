//! `PUT /v1/recordings/{recording_id}/targets`: send a running stream elsewhere.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::{
    RecordingId,
    recording::{RecordingKind, RecordingOptions},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    show::{RecordingDetail, detail, find},
    wanted::{self, TargetRequest},
};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, error::Code, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// Where a stream is sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetTargets {
    /// All targets from now on: those that go on by their `id`, new ones in full.
    #[schema(min_items = 1, max_items = 8)]
    targets: Vec<TargetRequest>,
}

/// Send a running stream to other targets
///
/// Targets that are not named end; the others and the file go on undisturbed. To end them all, stop
/// the recording. Needs `recordings:write`.
#[utoipa::path(
    put,
    path = "/v1/recordings/{recording_id}/targets",
    operation_id = "change_recording_targets",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    request_body = SetTargets,
    responses((status = OK, description = "The recording", body = RecordingDetail)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn set_targets(
    access: AppsAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<SetTargets>,
) -> Result<Json<RecordingDetail>, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let targets = wanted::chosen(request.targets)?;
    RecordingOptions::new(RecordingKind::Stream).check(targets.len())?;
    let recordings = &state.config.recordings;
    if !recordings.may_reach_all(&targets).await {
        return Err(Code::StreamTargetRefused.into());
    }
    let by = Some(access.author());
    let recording = recordings.set_targets(recording.tenant_id, recording.id, &targets, by).await?;
    Ok(Json(detail(&access.scope(&state), recording, Timestamp::now()).await?))
}
