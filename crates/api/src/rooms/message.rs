//! What the host writes in the chat of a running call.

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
    ApiError, actor::AppAccess, api_state::ApiState, fields, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// What is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendMessage {
    #[schema(min_length = 1, max_length = 4000, example = "The clinic closes in ten minutes.")]
    text: String,
}

/// Write to everybody in a room
///
/// In the chat, under the name of the app. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/message",
    operation_id = "send_room_message",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    request_body = SendMessage,
    responses((status = NO_CONTENT, description = "Written")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn to_room(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
    JsonBody(SendMessage { text }): JsonBody<SendMessage>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    fields::chat_text(&text)?;
    let request = HostRequest::Write { text, to: None };
    act_on_room(&state, &access, &room, request, RoomAct::MessageSent).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Write to one person in a room
///
/// In the chat, under the name of the app; nobody else reads it. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/message",
    operation_id = "send_participant_message",
    tag = "rooms",
    params(
        TenantHeader,
        ("app_id" = AppId, Path),
        ("room" = RoomName, Path),
        ("participant_id" = ParticipantId, Path),
    ),
    request_body = SendMessage,
    responses((status = NO_CONTENT, description = "Written")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn to_participant(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room, who)): Path<(String, String, String)>,
    JsonBody(SendMessage { text }): JsonBody<SendMessage>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    let participant_id = participant(&who)?;
    fields::chat_text(&text)?;
    let request = HostRequest::Write { text, to: Some(participant_id) };
    let whom = (&room, &participant_id);
    act_on_participant(&state, &access, whom, request, ParticipantAct::MessageSent).await?;
    Ok(StatusCode::NO_CONTENT)
}
