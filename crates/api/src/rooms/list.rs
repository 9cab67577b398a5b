//! `GET /v1/rooms`: what is going on now.

use axum::{Json, extract::State};
use jumpa_protocol::{AppId, CallId};
use serde::Deserialize;

use super::view::{self, LiveRoomView};
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
    time,
};

/// Which calls are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoomQuery {
    /// Only those of this app.
    #[param(value_type = Option<AppId>)]
    app_id: Option<String>,
}

/// List the rooms with a running call
///
/// The newest first; with an API key, those of its app. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/v1/rooms",
    operation_id = "list_rooms",
    tag = "rooms",
    params(TenantHeader, RoomQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<LiveRoomView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadRooms>,
    State(state): State<ApiState>,
    query: PageQuery<RoomQuery>,
) -> Result<Json<Page<LiveRoomView>>, ApiError> {
    let scope = access.scope(&state);
    let wanted = access.select_existing(&state, query.filter.app_id.as_deref()).await?;
    let cursor = query.after::<CallId>()?;
    let directory = state.directory();
    let mut rooms = state.config.node.live_rooms();
    rooms.retain(|live| {
        let app = directory.apps.get(&live.room.app_id);
        app.is_some_and(|app| app.tenant_id == scope.tenant_id())
            && wanted.as_ref().is_none_or(|wanted| *wanted == live.room.app_id)
    });
    view::newest_first(&mut rooms);
    let rooms = view::after(rooms, cursor, query.fetch_limit());
    let place = |live: &jumpa_protocol::live_room::LiveRoom| {
        (time::at_ms(live.started_at_ms), live.call_id)
    };
    Ok(Json(query.page(rooms, place, |live| LiveRoomView::new(&state, live))))
}
