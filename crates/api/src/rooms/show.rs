//! `GET /v1/apps/{app_id}/rooms/{room}`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_protocol::{AppId, RoomName};

use super::{room_access::room_of, view::LiveRoomView};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, needs,
    tenant_access::TenantHeader,
};

/// Show the running call of a room
///
/// `room_unknown` when there is none. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/rooms/{room}",
    operation_id = "show_room",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    responses((status = OK, description = "The call", body = LiveRoomView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppAccess<needs::ReadRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
) -> Result<Json<LiveRoomView>, ApiError> {
    let room = room_of(&access, &room)?;
    let live = state.config.node.live_room(&room).ok_or(Code::RoomUnknown)?;
    Ok(Json(LiveRoomView::new(&state, live)))
}
