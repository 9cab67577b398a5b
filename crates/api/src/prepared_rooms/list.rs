//! `GET /v1/prepared_rooms`: which rooms are prepared.

use axum::{Json, extract::State};
use jumpa_db::{PreparationFilter, StoredPreparation, Timestamp};
use jumpa_protocol::AppId;
use serde::Deserialize;
use uuid::Uuid;

use super::PreparedRoomView;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// Which prepared rooms are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreparedRoomQuery {
    /// Only those of this app.
    #[param(value_type = Option<AppId>)]
    app_id: Option<String>,
    /// With this text in the name of the room.
    search: Option<String>,
}

/// List the prepared rooms
///
/// Those that are waiting for a call, the newest first: a room that a call has begun in, or whose
/// time is over, is not prepared any more. With an API key, those of its app. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/v1/prepared_rooms",
    operation_id = "list_prepared_rooms",
    tag = "rooms",
    params(TenantHeader, PreparedRoomQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<PreparedRoomView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadRooms>,
    State(state): State<ApiState>,
    query: PageQuery<PreparedRoomQuery>,
) -> Result<Json<Page<PreparedRoomView>>, ApiError> {
    let filter = PreparationFilter {
        app_id: access.select_existing(&state, query.filter.app_id.as_deref()).await?,
        search: query.filter.search.clone().filter(|text| !text.trim().is_empty()),
    };
    let after = query.after::<Uuid>()?;
    let now = Timestamp::now();
    let scope = access.scope(&state);
    let found = scope.prepared_rooms(&filter, after, query.fetch_limit(), now).await?;
    let place = |stored: &StoredPreparation| (stored.prepared_at, stored.id);
    Ok(Json(query.page(found, place, PreparedRoomView::from)))
}
