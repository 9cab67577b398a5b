//! `GET /v1/apps`: the tenant's apps.

use axum::{Json, extract::State};
use jumpa_db::App;
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AppView;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// Which apps are looked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppQuery {
    /// `deleted` shows those that were deleted and can be restored; without it they are left out.
    #[param(inline)]
    status: Option<WantedStatus>,
}

/// Apps that are hidden otherwise.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WantedStatus {
    /// Those that were deleted.
    Deleted,
}

/// List the apps
///
/// The oldest first; with an API key, its own app. Needs `apps:read`.
#[utoipa::path(
    get,
    path = "/v1/apps",
    operation_id = "list_apps",
    tag = "apps",
    params(TenantHeader, AppQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<AppView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadApps>,
    State(state): State<ApiState>,
    query: PageQuery<AppQuery>,
) -> Result<Json<Page<AppView>>, ApiError> {
    let after = query.after::<AppId>()?;
    let is_deleted = query.filter.status.is_some();
    let scope = access.scope(&state);
    let found = match access.select(None)? {
        Some(own) if !is_deleted && after.is_none() => scope.app(&own).await?.into_iter().collect(),
        Some(_) => vec![],
        None => scope.apps_after(is_deleted, after.as_ref(), query.fetch_limit()).await?,
    };
    Ok(Json(query.page(found, |app: &App| (app.created_at, app.id.clone()), AppView::from)))
}
