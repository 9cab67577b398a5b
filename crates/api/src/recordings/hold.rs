//! `PUT /v1/recordings/{recording_id}/legal_hold`.

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

/// Whether a recording is kept whatever its age.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegalHold {
    is_held: bool,
}

/// Put a recording under legal hold, or release it
///
/// Held, it cannot be deleted, and its age does not end it. Needs `recordings:delete`.
#[utoipa::path(
    put,
    path = "/v1/recordings/{recording_id}/legal_hold",
    operation_id = "switch_recording_hold",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    request_body = LegalHold,
    responses((status = OK, description = "The recording", body = RecordingSummary)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn hold(
    access: AppsAccess<needs::DeleteRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
    JsonBody(LegalHold { is_held }): JsonBody<LegalHold>,
) -> Result<Json<RecordingSummary>, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let changed = scope.hold_recording(recording.id, is_held, access.author(), now).await?;
    Ok(Json(RecordingSummary::new(changed, now)))
}
