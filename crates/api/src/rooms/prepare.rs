//! `PUT /v1/apps/{app_id}/rooms/{room}`: how the next call of a room begins.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{RoomPreparation, Timestamp};
use jumpa_protocol::{
    AppId, RoomKey, RoomName,
    recording::{AutoRecord, RecordingPolicy},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    ApiError,
    actor::AppAccess,
    api_state::ApiState,
    error::Code,
    fields,
    json_body::JsonBody,
    needs,
    recordings::wanted::AutoRecordRequest,
    tenant_access::TenantHeader,
    time::{self, rfc3339},
};

/// How long the answer waits for admission to hear of the preparation, which takes a second. While
/// it does not hear, the answer comes all the same: the room is prepared, a little later.
const HEARD_WITHIN: Duration = Duration::from_secs(3);

/// No app may allow more either.
const MAX_PARTICIPANTS: u32 = 100_000;

/// How the next call of a room begins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrepareRoom {
    /// What newcomers are asked for, 1 to 64 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "rahasia")]
    password: Option<String>,
    /// Whether newcomers wait until somebody lets them in.
    #[serde(default)]
    has_lobby: bool,
    /// Most participants, where that is less than the app allows.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000, example = 2)]
    max_participants: Option<u32>,
    /// How the call is recorded from its beginning; as those of other rooms when it is left out.
    #[serde(default)]
    auto_record: Option<AutoRecordRequest>,
    /// Whether there is no call without a recording; it may be so in every room of the app.
    #[serde(default)]
    recording_required: bool,
    /// A call that begins later begins as in any other room, RFC 3339.
    #[serde(default)]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// A room that is prepared for its next call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreparedRoom {
    app_id: AppId,
    room: RoomName,
    has_password: bool,
    has_lobby: bool,
    #[schema(required)]
    max_participants: Option<u32>,
    #[schema(required)]
    auto_record: Option<AutoRecord>,
    recording_required: bool,
    #[schema(format = DateTime, required)]
    expires_at: Option<String>,
}

/// Prepare a room
///
/// Sets what the next call of the room begins with, in place of what was prepared before. It holds
/// until a call has begun so, also over a restart. While a call is running: `room_is_live`. Needs
/// `rooms:write`.
#[utoipa::path(
    put,
    path = "/v1/apps/{app_id}/rooms/{room}",
    operation_id = "prepare_room",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    request_body = PrepareRoom,
    responses((status = OK, description = "Prepared", body = PreparedRoom)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn prepare(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
    JsonBody(request): JsonBody<PrepareRoom>,
) -> Result<Json<PreparedRoom>, ApiError> {
    let room: RoomName = room
        .parse()
        .map_err(|_| ApiError::invalid("room", "1 to 100 characters of a-z, 0-9, -, _, . and ~"))?;
    let now = Timestamp::now();
    let preparation = request.check(now)?;
    let room = RoomKey { app_id: access.app.id.clone(), room };
    if state.config.node.live_room(&room).is_some() {
        return Err(Code::RoomIsLive.into());
    }
    let scope = access.scope(&state);
    let id = scope.prepare_room(&room, &preparation, access.author(), now).await?;
    until_heard(&state, &room, id).await;
    Ok(Json(PreparedRoom {
        app_id: room.app_id,
        room: room.room,
        has_password: preparation.password.is_some(),
        has_lobby: preparation.has_lobby,
        max_participants: preparation.max_participants,
        auto_record: preparation.recording.auto_record,
        recording_required: preparation.recording.is_required,
        expires_at: preparation.expires_at.map(rfc3339),
    }))
}

impl PrepareRoom {
    fn check(self, now: Timestamp) -> Result<RoomPreparation, ApiError> {
        self.password.as_deref().map(fields::room_password).transpose()?;
        if self.max_participants.is_some_and(|most| !(1..=MAX_PARTICIPANTS).contains(&most)) {
            return Err(ApiError::invalid("max_participants", "1 to 100000"));
        }
        let auto_record = self.auto_record.map(AutoRecordRequest::checked).transpose()?;
        let expires_at = self.expires_at.as_deref();
        let expires_at = expires_at.map(|text| time::parse("expires_at", text)).transpose()?;
        if expires_at.is_some_and(|at| at <= now) {
            return Err(ApiError::invalid("expires_at", "a time to come"));
        }
        Ok(RoomPreparation {
            password: self.password,
            has_lobby: self.has_lobby,
            max_participants: self.max_participants,
            recording: RecordingPolicy { auto_record, is_required: self.recording_required },
            expires_at,
        })
    }
}

/// Waits until who joins from now on meets the preparation.
async fn until_heard(state: &ApiState, room: &RoomKey, id: Uuid) {
    let mut directory = state.config.directory.clone();
    let heard = directory.wait_for(|directory| {
        let app = directory.apps.get(&room.app_id);
        let prepared = app.and_then(|app| app.prepared_rooms.get(&room.room));
        // A later one, with a greater id, is one of somebody who prepared the room again.
        prepared.is_some_and(|prepared| prepared.id >= id)
    });
    // Whether it was heard in time changes nothing in the answer.
    let _ = tokio::time::timeout(HEARD_WITHIN, heard).await;
}
