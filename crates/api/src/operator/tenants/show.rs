//! `GET /v1/operator/tenants/{tenant_id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_protocol::TenantId;

use super::OperatorTenant;
use crate::{ApiError, api_state::ApiState, error::Code, fields, session::OperatorAccess};

/// Show a tenant
///
/// Deleted ones as well.
#[utoipa::path(
    get,
    path = "/v1/operator/tenants/{tenant_id}",
    operation_id = "show_operator_tenant",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    responses((status = OK, description = "The tenant", body = OperatorTenant)),
    security(("session" = [])),
)]
pub(crate) async fn show(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(tenant_id): Path<String>,
) -> Result<Json<OperatorTenant>, ApiError> {
    view(&state, fields::id(&tenant_id)?).await
}

/// The tenant as an answer.
pub(crate) async fn view(
    state: &ApiState,
    tenant_id: TenantId,
) -> Result<Json<OperatorTenant>, ApiError> {
    let found = state.database().operator().tenant(tenant_id).await?;
    Ok(Json(found.ok_or(Code::NotFound)?.into()))
}
