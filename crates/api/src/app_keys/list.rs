//! `GET /v1/apps/{app_id}/keys`.

use axum::{Json, extract::State};
use jumpa_db::{AppKey, Timestamp};
use jumpa_protocol::{AppId, KeyId};

use super::AppKeyView;
use crate::{
    ApiError,
    actor::AppAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// List the signing keys of an app
///
/// The newest first, without their secrets. Needs `keys:read`.
#[utoipa::path(
    get,
    path = "/v1/apps/{app_id}/keys",
    operation_id = "list_app_keys",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path), PageParameters),
    responses((status = OK, description = "One page", body = Page<AppKeyView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    access: AppAccess<needs::ReadKeys>,
    State(state): State<ApiState>,
    query: PageQuery,
) -> Result<Json<Page<AppKeyView>>, ApiError> {
    let after = query.after::<KeyId>()?;
    let scope = access.scope(&state);
    let found = scope.keys_after(&access.app.id, after.as_ref(), query.fetch_limit()).await?;
    let now = Timestamp::now();
    let place = |key: &AppKey| (key.created_at, key.id.clone());
    Ok(Json(query.page(found, place, |key| AppKeyView::new(key, now))))
}
