//! `GET /v1/operator/apps`: every app of the platform, the oldest first.

use axum::{Json, extract::State};
use jumpa_protocol::{AppId, TenantId};
use serde::Deserialize;

use super::app_view::OperatorApp;
use crate::{
    ApiError,
    api_state::ApiState,
    page::{Page, PageParameters, PageQuery},
    session::OperatorAccess,
};

/// Which apps are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperatorAppQuery {
    /// Only those of this tenant.
    tenant_id: Option<TenantId>,
}

/// List the apps of the platform
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/v1/operator/apps",
    operation_id = "list_operator_apps",
    tag = "operator",
    params(OperatorAppQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<OperatorApp>)),
    security(("session" = [])),
)]
pub(crate) async fn list_apps(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery<OperatorAppQuery>,
) -> Result<Json<Page<OperatorApp>>, ApiError> {
    let after = query.after::<AppId>()?;
    let operator = state.database().operator();
    let tenant_id = query.filter.tenant_id;
    let apps = operator.apps_after(tenant_id, after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(apps, |app| (app.created_at, app.id.clone()), OperatorApp::from)))
}
