//! `POST /v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/mute`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::ParticipantAct;
use jumpa_protocol::{AppId, ParticipantId, RoomName, SourceKind, live_room::HostRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::room_access::{act_on_participant, participant, room_of};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// What is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MuteParticipant {
    #[schema(inline)]
    source: MutedSource,
}

/// A source that can be closed from outside.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MutedSource {
    /// What they say.
    Microphone,
    /// What their camera shows.
    Camera,
    /// The screen that they share.
    Screen,
}

/// Mute somebody
///
/// Closes one source; they are told and may open it again. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/mute",
    operation_id = "mute_participant",
    tag = "rooms",
    params(
        TenantHeader,
        ("app_id" = AppId, Path),
        ("room" = RoomName, Path),
        ("participant_id" = ParticipantId, Path),
    ),
    request_body = MuteParticipant,
    responses((status = NO_CONTENT, description = "Closed")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn mute(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room, who)): Path<(String, String, String)>,
    JsonBody(MuteParticipant { source }): JsonBody<MuteParticipant>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    let participant_id = participant(&who)?;
    let source = match source {
        MutedSource::Microphone => SourceKind::Microphone,
        MutedSource::Camera => SourceKind::Camera,
        MutedSource::Screen => SourceKind::Screen,
    };
    let request = HostRequest::Mute { participant_id, source };
    let whom = (&room, &participant_id);
    act_on_participant(&state, &access, whom, request, ParticipantAct::Muted).await?;
    Ok(StatusCode::NO_CONTENT)
}
