//! `GET /v1/calls`: calls of the tenant.

use axum::{Json, extract::State};
use jumpa_db::Timestamp;
use jumpa_protocol::CallId;

use super::{CallParameters, CallQuery, CallView};
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// List the calls
///
/// The newest first; with an API key, those of its own app. Needs `calls:read`.
#[utoipa::path(
    get,
    path = "/v1/calls",
    operation_id = "list_calls",
    tag = "calls",
    params(TenantHeader, CallParameters, PageParameters),
    responses((status = OK, description = "One page", body = Page<CallView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadCalls>,
    State(state): State<ApiState>,
    query: PageQuery<CallQuery>,
) -> Result<Json<Page<CallView>>, ApiError> {
    let now = Timestamp::now();
    let mut filter = query.filter.clone().filter()?;
    filter.app_id = access.select(filter.app_id)?;
    let after = query.after::<CallId>()?;
    let found = access.scope(&state).calls(&filter, after, query.fetch_limit(), now).await?;
    let place = |call: &jumpa_db::CallRecord| (call.started_at, call.id);
    Ok(Json(query.page(found, place, |call| CallView::new(call, now))))
}
