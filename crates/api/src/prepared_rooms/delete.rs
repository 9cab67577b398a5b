//! `DELETE /v1/apps/{app_id}/prepared_rooms/{room}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::{AppId, RoomKey, RoomName};

use super::until_heard;
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, needs,
    tenant_access::TenantHeader,
};

/// Take back what a room was prepared for
///
/// The next call of the room begins as in any other room. Needs `rooms:write`.
#[utoipa::path(
    delete,
    path = "/v1/apps/{app_id}/prepared_rooms/{room}",
    operation_id = "delete_prepared_room",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    responses((status = NO_CONTENT, description = "Gone")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn delete(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let room: RoomName = room.parse().map_err(|_| Code::RoomNotPrepared)?;
    let room = RoomKey { app_id: access.app.id.clone(), room };
    let scope = access.scope(&state);
    let id = scope.delete_prepared_room(&room, access.author(), Timestamp::now()).await?;
    until_heard(&state, &room, |prepared| prepared.is_none_or(|prepared| prepared.id != id)).await;
    Ok(StatusCode::NO_CONTENT)
}
