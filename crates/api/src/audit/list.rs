//! `GET /v1/audit`: who changed what in the tenant.

use axum::{Json, extract::State};
use jumpa_protocol::AuditEventId;

use super::{AuditEventView, AuditParameters, AuditQuery};
use crate::{
    ApiError,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::{TenantAccess, TenantHeader},
};

/// List who changed what
///
/// The newest first. Acts of the operator that concern the tenant are among them. Needs
/// `audit:read`.
#[utoipa::path(
    get,
    path = "/v1/audit",
    operation_id = "list_audit_events",
    tag = "audit",
    params(TenantHeader, AuditParameters, PageParameters),
    responses((status = OK, description = "One page", body = Page<AuditEventView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    access: TenantAccess<needs::ReadAudit>,
    State(state): State<ApiState>,
    query: PageQuery<AuditQuery>,
) -> Result<Json<Page<AuditEventView>>, ApiError> {
    if query.filter.tenant_id.is_some() {
        return Err(ApiError::invalid("tenant_id", "is chosen by X-Jumpa-Tenant"));
    }
    let filter = query.filter.filter()?;
    let after = query.after::<AuditEventId>()?;
    let found = access.scope(&state).audit(&filter, after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(found, |event| (event.at, event.id), AuditEventView::from)))
}
