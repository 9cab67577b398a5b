//! `GET /v1/operator/audit`: who changed what on the platform.

use axum::{Json, extract::State};
use jumpa_protocol::AuditEventId;

use crate::{
    ApiError,
    api_state::ApiState,
    audit::{AuditEventView, AuditParameters, AuditQuery},
    page::{Page, PageParameters, PageQuery},
    session::OperatorAccess,
};

/// One more filter than a tenant has, for the OpenAPI document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `AuditQuery` reads")]
pub(crate) struct OfTenant {
    /// Only what concerns this tenant.
    #[param(value_type = Option<jumpa_protocol::TenantId>)]
    tenant_id: Option<String>,
}

/// List who changed what on the platform
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/v1/operator/audit",
    operation_id = "list_operator_audit_events",
    tag = "operator",
    params(OfTenant, AuditParameters, PageParameters),
    responses((status = OK, description = "One page", body = Page<AuditEventView>)),
    security(("session" = [])),
)]
pub(crate) async fn list_audit(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery<AuditQuery>,
) -> Result<Json<Page<AuditEventView>>, ApiError> {
    let filter = query.filter.filter()?;
    let tenant_id = query.filter.tenant_id;
    let after = query.after::<AuditEventId>()?;
    let operator = state.database().operator();
    let found = operator.audit(tenant_id, &filter, after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(found, |event| (event.at, event.id), AuditEventView::from)))
}
