//! `PATCH /v1/operator/tenants/{tenant_id}`: another name or time zone.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::TenantId;

use super::{OperatorTenant, show};
use crate::{
    ApiError, api_state::ApiState, fields, json_body::JsonBody, session::OperatorAccess,
    tenants::update::UpdateTenant,
};

/// Change a tenant
#[utoipa::path(
    patch,
    path = "/v1/operator/tenants/{tenant_id}",
    operation_id = "update_operator_tenant",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    request_body = UpdateTenant,
    responses((status = OK, description = "The tenant", body = OperatorTenant)),
    security(("session" = [])),
)]
pub(crate) async fn update(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(tenant_id): Path<String>,
    JsonBody(request): JsonBody<UpdateTenant>,
) -> Result<Json<OperatorTenant>, ApiError> {
    let id = fields::id(&tenant_id)?;
    let wanted = request.checked()?;
    let tenants = state.database().operator();
    tenants.change_tenant(id, &wanted, &operator.author, Timestamp::now()).await?;
    show::view(&state, id).await
}
