//! `POST /v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/remove`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::ParticipantAct;
use jumpa_protocol::{AppId, ParticipantId, RoomName, live_room::HostRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::room_access::{act_on_participant, participant, room_of};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// How somebody is removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoveParticipant {
    /// Whether they may not come back into this call. For longer, ban their subject in the app.
    #[serde(default)]
    is_banned: bool,
}

/// Remove somebody from a room
///
/// Out of the call, or out of its lobby. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/remove",
    operation_id = "remove_participant",
    tag = "rooms",
    params(
        TenantHeader,
        ("app_id" = AppId, Path),
        ("room" = RoomName, Path),
        ("participant_id" = ParticipantId, Path),
    ),
    request_body = RemoveParticipant,
    responses((status = NO_CONTENT, description = "Out")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn remove(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room, who)): Path<(String, String, String)>,
    JsonBody(RemoveParticipant { is_banned }): JsonBody<RemoveParticipant>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    let participant_id = participant(&who)?;
    let request = HostRequest::Remove { participant_id, is_banned };
    let act = if is_banned { ParticipantAct::Banned } else { ParticipantAct::Removed };
    act_on_participant(&state, &access, (&room, &participant_id), request, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
