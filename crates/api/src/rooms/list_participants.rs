//! `GET /v1/apps/{app_id}/rooms/{room}/participants`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_protocol::{AppId, RoomName};

use super::{room_access::room_of, view::LiveParticipantView};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, needs, page::Page,
    tenant_access::TenantHeader,
};

/// List who is in a room now
///
/// In the order of joining, then those who wait in the lobby; the whole list. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/rooms/{room}/participants",
    operation_id = "list_room_participants",
    tag = "rooms",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    responses((status = OK, description = "Everybody", body = Page<LiveParticipantView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list_participants(
    access: AppAccess<needs::ReadRooms>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
) -> Result<Json<Page<LiveParticipantView>>, ApiError> {
    let room = room_of(&access, &room)?;
    let people = state.config.node.participants(&room).await.ok_or(Code::RoomUnknown)?;
    Ok(Json(Page::whole(people.into_iter().map(LiveParticipantView::from).collect())))
}
