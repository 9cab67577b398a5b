//! `PUT /v1/apps/{app_id}/rooms/{room}`: how the next call of a room begins.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{RoomPassword, RoomPreparation, Timestamp};
use jumpa_protocol::{AppId, RoomKey, RoomName, recording::RecordingPolicy};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{PreparedRoomView, until_heard};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, fields, json_body::JsonBody,
    needs, recordings::wanted::AutoRecordRequest, tenant_access::TenantHeader, time,
};

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
    /// Whether the password stays as it was prepared before, which nobody can be shown: for a
    /// change of something else. Without it, and without `password`, there is none.
    #[serde(default)]
    keeps_password: bool,
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

/// Prepare a room
///
/// Sets what the next call of the room begins with, in place of what was prepared before. It holds
/// until a call has begun so, also over a restart. While a call is running: `room_is_live`. Where a
/// password should be kept and nothing is prepared: `room_not_prepared`. Needs `rooms:write`.
#[utoipa::path(
    put,
    path = "/v1/apps/{app_id}/rooms/{room}",
    operation_id = "prepare_room",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    request_body = PrepareRoom,
    responses((status = OK, description = "Prepared", body = PreparedRoomView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn prepare(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
    JsonBody(request): JsonBody<PrepareRoom>,
) -> Result<Json<PreparedRoomView>, ApiError> {
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
    let stored = scope.prepare_room(&room, &preparation, access.author(), now).await?;
    // A later one, with a greater id, is one of somebody who prepared the room again.
    until_heard(&state, &room, |heard| heard.is_some_and(|heard| heard.id >= stored.id)).await;
    Ok(Json(stored.into()))
}

impl PrepareRoom {
    fn check(self, now: Timestamp) -> Result<RoomPreparation, ApiError> {
        let password = match (self.password, self.keeps_password) {
            (None, false) => RoomPassword::None,
            (None, true) => RoomPassword::Kept,
            (Some(text), false) => {
                fields::room_password(&text)?;
                RoomPassword::New(text)
            }
            (Some(_), true) => {
                return Err(ApiError::invalid("keeps_password", "false where a password is given"));
            }
        };
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
            password,
            has_lobby: self.has_lobby,
            max_participants: self.max_participants,
            recording: RecordingPolicy { auto_record, is_required: self.recording_required },
            expires_at,
        })
    }
}
