//! `GET /v1/tenant`: the tenant that somebody acts for.

use axum::{Json, extract::State};

use crate::{
    ApiError,
    api_state::ApiState,
    needs,
    tenant_access::{TenantAccess, TenantHeader},
    tenant_view::TenantView,
};

/// Show the tenant
///
/// Needs `tenant:read`.
#[utoipa::path(
    get,
    path = "/v1/tenant",
    operation_id = "show_tenant",
    tag = "tenant",
    params(TenantHeader),
    responses((status = OK, description = "The tenant", body = TenantView)),
    security(("session" = [])),
)]
pub(crate) async fn show(
    access: TenantAccess<needs::ReadTenant>,
    State(state): State<ApiState>,
) -> Result<Json<TenantView>, ApiError> {
    Ok(Json(TenantView::from(&access.scope(&state).tenant().await?)))
}
