//! An operator sees the dashboard of a client as its people do.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::TenantId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, api_state::ApiState, fields, session::OperatorAccess, time::rfc3339};

/// A look at a client.
#[derive(Serialize, ToSchema)]
pub(crate) struct TenantView {
    tenant_id: TenantId,
    /// Until when, RFC 3339, UTC.
    until: String,
}

/// Start to look at a tenant
///
/// For an hour this session reads what the tenant's owner reads, by `X-Jumpa-Tenant`, and changes
/// nothing (`view_only`). It stands in the audit of the tenant.
#[utoipa::path(
    post,
    path = "/v1/operator/tenants/{tenant_id}/view",
    operation_id = "start_tenant_view",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    responses((status = OK, description = "What is looked at", body = TenantView)),
    security(("session" = [])),
)]
pub(crate) async fn start(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<Json<TenantView>, ApiError> {
    let tenant_id: TenantId = fields::id(&id)?;
    let logins = state.database().logins();
    let now = Timestamp::now();
    let until = logins.view_tenant(operator.session_id, tenant_id, &operator.author, now).await?;
    Ok(Json(TenantView { tenant_id, until: rfc3339(until) }))
}

/// End the look at a tenant
#[utoipa::path(
    delete,
    path = "/v1/operator/tenants/{tenant_id}/view",
    operation_id = "end_tenant_view",
    tag = "operator",
    params(("tenant_id" = TenantId, Path)),
    responses((status = NO_CONTENT, description = "It is over")),
    security(("session" = [])),
)]
pub(crate) async fn end(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let _: TenantId = fields::id(&id)?;
    state.database().logins().end_tenant_view(operator.session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
