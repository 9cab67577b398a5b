//! `GET /v1/operator/tenants/{tenant_id}/members`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_protocol::{TenantId, UserId};

use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    fields,
    members::list::MemberView,
    page::{Page, PageParameters, PageQuery},
    session::OperatorAccess,
};

/// List a tenant's members
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/v1/operator/tenants/{tenant_id}/members",
    operation_id = "list_operator_members",
    tag = "operator",
    params(("tenant_id" = TenantId, Path), PageParameters),
    responses((status = OK, description = "One page", body = Page<MemberView>)),
    security(("session" = [])),
)]
pub(crate) async fn list_members(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(tenant_id): Path<String>,
    query: PageQuery,
) -> Result<Json<Page<MemberView>>, ApiError> {
    let id: TenantId = fields::id(&tenant_id)?;
    state.database().operator().tenant(id).await?.ok_or(Code::NotFound)?;
    let after = query.after::<UserId>()?;
    let scope = state.database().tenant(id);
    let members = scope.members(after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(members, |member| (member.created_at, member.user_id), MemberView::from)))
}
