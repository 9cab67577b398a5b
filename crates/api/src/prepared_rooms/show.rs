//! `GET /v1/apps/{app_id}/prepared_rooms/{room}`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::{AppId, RoomKey, RoomName};

use super::PreparedRoomView;
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, needs,
    tenant_access::TenantHeader,
};

/// Show how a room is prepared
///
/// `room_not_prepared` when its next call begins as in any other room. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/prepared_rooms/{room}",
    operation_id = "show_prepared_room",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    responses((status = OK, description = "The prepared room", body = PreparedRoomView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppAccess<needs::ReadRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
) -> Result<Json<PreparedRoomView>, ApiError> {
    let room: RoomName = room.parse().map_err(|_| Code::RoomNotPrepared)?;
    let room = RoomKey { app_id: access.app.id.clone(), room };
    let stored = access.scope(&state).prepared_room(&room, Timestamp::now()).await?;
    Ok(Json(stored.into()))
}
