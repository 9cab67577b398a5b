//! `GET /v1/operator/tenants`: the customers of the platform.

use axum::{Json, extract::State};
use jumpa_db::TenantFilter;
use jumpa_protocol::{TenantId, TenantStatus};
use serde::Deserialize;
use utoipa::ToSchema;

use super::OperatorTenant;
use crate::{
    ApiError,
    api_state::ApiState,
    page::{Page, PageParameters, PageQuery},
    session::OperatorAccess,
};

/// Which tenants are looked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TenantQuery {
    /// A part of the name, without regard to case.
    search: Option<String>,
    /// `deleted` shows those that were deleted; without it they are left out.
    #[param(inline)]
    status: Option<TenantState>,
}

/// What state a tenant is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TenantState {
    /// It may use the platform.
    Active,
    /// The operator stopped it.
    Suspended,
    /// It was deleted.
    Deleted,
}

/// List the tenants
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/v1/operator/tenants",
    operation_id = "list_operator_tenants",
    tag = "operator",
    params(TenantQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<OperatorTenant>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery<TenantQuery>,
) -> Result<Json<Page<OperatorTenant>>, ApiError> {
    let wanted = query.filter.status;
    let filter = TenantFilter {
        search: query.filter.search.clone().unwrap_or_default(),
        status: match wanted {
            Some(TenantState::Active) => Some(TenantStatus::Active),
            Some(TenantState::Suspended) => Some(TenantStatus::Suspended),
            Some(TenantState::Deleted) | None => None,
        },
        is_deleted: wanted == Some(TenantState::Deleted),
    };
    let after = query.after::<TenantId>()?;
    let operator = state.database().operator();
    let found = operator.tenants_after(&filter, after.as_ref(), query.fetch_limit()).await?;
    let place = |row: &jumpa_db::TenantSummary| (row.tenant.created_at, row.tenant.id);
    Ok(Json(query.page(found, place, OperatorTenant::from)))
}
