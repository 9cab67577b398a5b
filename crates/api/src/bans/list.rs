//! `GET /v1/apps/{app_id}/bans`.

use axum::{Json, extract::State};
use jumpa_db::{Ban, Timestamp};
use jumpa_protocol::{AppId, BanId};

use super::BanView;
use crate::{
    ApiError,
    actor::AppAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// List the bans of an app
///
/// Those that hold, the newest first. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/bans",
    operation_id = "list_bans",
    tag = "bans",
    params(TenantHeader, ("app_id" = AppId, Path), PageParameters),
    responses((status = OK, description = "One page", body = Page<BanView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppAccess<needs::ReadRooms>,
    State(state): State<ApiState>,
    query: PageQuery,
) -> Result<Json<Page<BanView>>, ApiError> {
    let after = query.after::<BanId>()?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let found = scope.bans(&access.app.id, now, after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(found, |ban: &Ban| (ban.created_at, ban.id), BanView::from)))
}
