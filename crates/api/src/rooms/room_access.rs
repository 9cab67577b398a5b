//! From a path to a room of the tenant, and from a request to the call in it.

use jumpa_db::{ParticipantAct, RoomAct, Timestamp};
use jumpa_protocol::{
    ErrorCode, ParticipantId, Refusal, RoomKey, RoomName, live_room::HostRequest,
};

use crate::{ApiError, actor::AppAccess, api_state::ApiState, error::Code};

/// A room of the app that the path names. A name that no room can have is of none.
pub(super) fn room_of<P>(access: &AppAccess<P>, room: &str) -> Result<RoomKey, ApiError> {
    let room: RoomName = room.parse().map_err(|_| Code::RoomUnknown)?;
    Ok(RoomKey { app_id: access.app.id.clone(), room })
}

/// Somebody whom a path names. Who cannot be is not there.
pub(super) fn participant(text: &str) -> Result<ParticipantId, ApiError> {
    text.parse().map_err(|_| Code::ParticipantUnknown.into())
}

/// Asks the call of a room for something that concerns all of it, and writes the audit.
pub(super) async fn act_on_room<P>(
    state: &ApiState,
    access: &AppAccess<P>,
    room: &RoomKey,
    request: HostRequest,
    act: RoomAct,
) -> Result<(), ApiError> {
    state.config.node.request(room, request).await?;
    let now = Timestamp::now();
    access.scope(state).note_room_act(act, room, access.author(), now).await?;
    Ok(())
}

/// Asks the call of a room for something that concerns one person, and writes the audit.
pub(super) async fn act_on_participant<P>(
    state: &ApiState,
    access: &AppAccess<P>,
    (room, who): (&RoomKey, &ParticipantId),
    request: HostRequest,
    act: ParticipantAct,
) -> Result<(), ApiError> {
    state.config.node.request(room, request).await?;
    let now = Timestamp::now();
    access.scope(state).note_participant_act(act, room, who, access.author(), now).await?;
    Ok(())
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal.code {
            ErrorCode::CallEnded => Code::RoomUnknown.into(),
            ErrorCode::ParticipantUnknown => Code::ParticipantUnknown.into(),
            ErrorCode::RoomFull => Code::RoomFull.into(),
            _ => Self::internal(refusal),
        }
    }
}
