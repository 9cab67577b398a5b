//! `GET /v1/invitations`: invitations that are open.

use axum::{Json, extract::State};
use jumpa_protocol::InvitationId;

use super::InvitationView;
use crate::{
    ApiError,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::{TenantAccess, TenantHeader},
};

/// List open invitations
///
/// The newest first; those that are too old are among them. Needs `members:write`.
#[utoipa::path(
    get,
    path = "/v1/invitations",
    operation_id = "list_invitations",
    tag = "members",
    params(TenantHeader, PageParameters),
    responses((status = OK, description = "One page", body = Page<InvitationView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    access: TenantAccess<needs::WriteMembers>,
    State(state): State<ApiState>,
    query: PageQuery,
) -> Result<Json<Page<InvitationView>>, ApiError> {
    let after = query.after::<InvitationId>()?;
    let found = access.scope(&state).invitations(after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(found, |row| (row.created_at, row.id), InvitationView::from)))
}
