//! `POST /v1/apps/{app_id}/rooms/{room}/end`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::RoomAct;
use jumpa_protocol::{AppId, RoomName, live_room::HostRequest};

use super::room_access::{act_on_room, room_of};
use crate::{ApiError, actor::AppAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// End the call of a room
///
/// For everybody. The next who joins begins another call. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/end",
    operation_id = "end_room",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    responses((status = NO_CONTENT, description = "Ended")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn end(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let room = room_of(&access, &room)?;
    act_on_room(&state, &access, &room, HostRequest::End, RoomAct::Ended).await?;
    Ok(StatusCode::NO_CONTENT)
}
