//! `GET /v1/operator/rooms`: what is going on now, across tenants.

use axum::{Json, extract::State};
use jumpa_protocol::{CallId, TenantId, live_room::LiveRoom};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    page::{Page, PageParameters, PageQuery},
    rooms::view::{self, LiveRoomView},
    session::OperatorAccess,
    time,
};

/// Which calls are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperatorRoomQuery {
    /// Only those of this tenant.
    tenant_id: Option<TenantId>,
}

/// A running call, with its tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorLiveRoom {
    /// Null for a moment after the app of a running call was deleted.
    #[schema(required)]
    tenant_id: Option<TenantId>,
    #[serde(flatten)]
    room: LiveRoomView,
}

/// List the rooms with a running call
///
/// Of every tenant, the newest first.
#[utoipa::path(
    get,
    path = "/v1/operator/rooms",
    operation_id = "list_operator_rooms",
    tag = "operator",
    params(OperatorRoomQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<OperatorLiveRoom>)),
    security(("session" = [])),
)]
pub(crate) async fn list_rooms(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery<OperatorRoomQuery>,
) -> Result<Json<Page<OperatorLiveRoom>>, ApiError> {
    let cursor = query.after::<CallId>()?;
    let directory = state.directory();
    let tenant_of =
        |live: &LiveRoom| directory.apps.get(&live.room.app_id).map(|app| app.tenant_id);
    let mut rooms = state.config.node.live_rooms();
    let wanted = query.filter.tenant_id;
    rooms.retain(|live| wanted.is_none() || tenant_of(live) == wanted);
    view::newest_first(&mut rooms);
    let rooms = view::after(rooms, cursor, query.fetch_limit());
    let place = |live: &LiveRoom| (time::at_ms(live.started_at_ms), live.call_id);
    let show = |live: LiveRoom| OperatorLiveRoom {
        tenant_id: tenant_of(&live),
        room: LiveRoomView::new(&state, live),
    };
    Ok(Json(query.page(rooms, place, show)))
}
