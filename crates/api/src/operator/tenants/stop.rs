//! Stopping a tenant and letting it go on: suspend and resume, delete and restore.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::{TenantId, TenantStatus};

use super::{OperatorTenant, show};
use crate::{ApiError, api_state::ApiState, fields, session::OperatorAccess};

/// Suspend a tenant
///
/// Its apps take no joins within seconds, and its people may only look.
#[utoipa::path(
    post,
    path = "/v1/operator/tenants/{tenant_id}/suspend",
    operation_id = "suspend_tenant",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    responses((status = OK, description = "The tenant", body = OperatorTenant)),
    security(("session" = [])),
)]
pub(crate) async fn suspend(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(tenant_id): Path<String>,
) -> Result<Json<OperatorTenant>, ApiError> {
    set_status(&state, &operator, &tenant_id, TenantStatus::Suspended).await
}

/// Resume a tenant
///
/// Takes a suspension back.
#[utoipa::path(
    post,
    path = "/v1/operator/tenants/{tenant_id}/resume",
    operation_id = "resume_tenant",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    responses((status = OK, description = "The tenant", body = OperatorTenant)),
    security(("session" = [])),
)]
pub(crate) async fn resume(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(tenant_id): Path<String>,
) -> Result<Json<OperatorTenant>, ApiError> {
    set_status(&state, &operator, &tenant_id, TenantStatus::Active).await
}

/// Delete a tenant
///
/// Its apps take no joins within seconds and its people do not see it any more. For 30 days it can
/// be restored.
#[utoipa::path(
    delete,
    path = "/v1/operator/tenants/{tenant_id}",
    operation_id = "delete_tenant",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    responses((status = OK, description = "The deleted tenant", body = OperatorTenant)),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(tenant_id): Path<String>,
) -> Result<Json<OperatorTenant>, ApiError> {
    let id = fields::id(&tenant_id)?;
    state.database().operator().delete_tenant(id, &operator.author, Timestamp::now()).await?;
    show::view(&state, id).await
}

/// Restore a tenant
///
/// Takes a deletion back.
#[utoipa::path(
    post,
    path = "/v1/operator/tenants/{tenant_id}/restore",
    operation_id = "restore_tenant",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    responses((status = OK, description = "The tenant", body = OperatorTenant)),
    security(("session" = [])),
)]
pub(crate) async fn restore(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(tenant_id): Path<String>,
) -> Result<Json<OperatorTenant>, ApiError> {
    let id = fields::id(&tenant_id)?;
    state.database().operator().restore_tenant(id, &operator.author, Timestamp::now()).await?;
    show::view(&state, id).await
}

async fn set_status(
    state: &ApiState,
    operator: &OperatorAccess,
    tenant_id: &str,
    status: TenantStatus,
) -> Result<Json<OperatorTenant>, ApiError> {
    let id = fields::id(tenant_id)?;
    let tenants = state.database().operator();
    tenants.set_tenant_status(id, status, &operator.author, Timestamp::now()).await?;
    show::view(state, id).await
}
