//! The lobby of a running call: switched, and somebody let in.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::{ParticipantAct, RoomAct};
use jumpa_protocol::{AppId, ParticipantId, RoomName, live_room::HostRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::room_access::{act_on_participant, act_on_room, participant, room_of};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// Whether newcomers wait.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwitchLobby {
    /// `false` lets everybody in who waits, as far as there is place.
    is_enabled: bool,
}

/// Switch the lobby of a room
///
/// In the running call. Moderators never wait. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/lobby",
    operation_id = "switch_lobby",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    request_body = SwitchLobby,
    responses((status = NO_CONTENT, description = "Switched")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn switch(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
    JsonBody(SwitchLobby { is_enabled }): JsonBody<SwitchLobby>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    let act = if is_enabled { RoomAct::LobbyOpened } else { RoomAct::LobbyClosed };
    act_on_room(&state, &access, &room, HostRequest::SetLobby { is_enabled }, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let somebody in who waits
///
/// `remove` turns them away. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/admit",
    operation_id = "admit_participant",
    tag = "rooms",
    params(
        TenantHeader,
        ("app_id" = AppId, Path),
        ("room" = RoomName, Path),
        ("participant_id" = ParticipantId, Path),
    ),
    responses((status = NO_CONTENT, description = "On the way in")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn admit(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room, who)): Path<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    let participant_id = participant(&who)?;
    let request = HostRequest::Admit { participant_id };
    let whom = (&room, &participant_id);
    act_on_participant(&state, &access, whom, request, ParticipantAct::Admitted).await?;
    Ok(StatusCode::NO_CONTENT)
}
