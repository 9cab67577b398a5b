//! `GET /v1/operator/apps`: every app of the platform, the oldest first.

use axum::{Json, extract::State};
use jumpa_protocol::AppId;

use super::app_view::AppView;
use crate::{
    ApiError,
    api_state::ApiState,
    page::{Page, PageParameters, PageQuery},
    session::OperatorAccess,
};

/// List the apps of the platform
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/v1/operator/apps",
    operation_id = "list_operator_apps",
    tag = "operator",
    params(PageParameters),
    responses((status = OK, description = "One page", body = Page<AppView>)),
    security(("session" = [])),
)]
pub(crate) async fn list_apps(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery,
) -> Result<Json<Page<AppView>>, ApiError> {
    let after = query.after::<AppId>()?;
    let apps = state.database().operator().apps_after(after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(apps, |app| (app.created_at, app.id.clone()), AppView::from)))
}
