//! `POST /v1/apps/{app_id}/rooms/{room}/lock`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::RoomAct;
use jumpa_protocol::{AppId, RoomName, live_room::HostRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::room_access::{act_on_room, room_of};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// What newcomers are asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockRoom {
    /// 1 to 64 characters; null opens the room.
    #[schema(required, min_length = 1, max_length = 64, example = "rahasia")]
    password: Option<String>,
}

/// Lock a room
///
/// Newcomers of the running call are asked for the password; moderators are not. `null` opens it.
/// Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/lock",
    operation_id = "lock_room",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    request_body = LockRoom,
    responses((status = NO_CONTENT, description = "Locked, or open")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn lock(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
    JsonBody(LockRoom { password }): JsonBody<LockRoom>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    password.as_deref().map(fields::room_password).transpose()?;
    let act = if password.is_some() { RoomAct::Locked } else { RoomAct::Unlocked };
    act_on_room(&state, &access, &room, HostRequest::SetPassword { password }, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
