//! `GET /v1/apps/{app_id}/stream_targets`.

use axum::{Json, extract::State};
use jumpa_db::StoredTarget;
use jumpa_protocol::{AppId, StreamTargetId};

use super::StoredTargetView;
use crate::{
    ApiError,
    actor::AppAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// List the targets that an app has stored for streams
///
/// The oldest first. Needs `recordings:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/stream_targets",
    operation_id = "list_stream_targets",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path), PageParameters),
    responses((status = OK, description = "One page", body = Page<StoredTargetView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppAccess<needs::ReadRecordings>,
    State(state): State<ApiState>,
    query: PageQuery,
) -> Result<Json<Page<StoredTargetView>>, ApiError> {
    let after = query.after::<StreamTargetId>()?;
    let scope = access.scope(&state);
    let found = scope.stored_targets(&access.app.id, after, query.fetch_limit()).await?;
    let place = |target: &StoredTarget| (target.created_at, target.id);
    Ok(Json(query.page(found, place, StoredTargetView::from)))
}
