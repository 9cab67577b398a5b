//! `GET /v1/apps/{app_id}/api_keys`.

use axum::{Json, extract::State};
use jumpa_protocol::AppId;

use super::ApiKeyView;
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, needs, page::Page, tenant_access::TenantHeader,
};

/// List the API keys of an app
///
/// All of them, the oldest first, without their secrets. Needs `keys:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/api_keys",
    operation_id = "list_api_keys",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path)),
    responses((status = OK, description = "All on one page", body = Page<ApiKeyView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    access: AppAccess<needs::ReadKeys>,
    State(state): State<ApiState>,
) -> Result<Json<Page<ApiKeyView>>, ApiError> {
    let keys = access.scope(&state).api_keys(&access.app.id).await?;
    Ok(Json(Page::whole(keys.into_iter().map(ApiKeyView::from).collect())))
}
