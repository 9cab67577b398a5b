//! `POST /v1/invitations/{invitation_id}/cancel`: the link is void.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::InvitationId;

use crate::{
    ApiError,
    api_state::ApiState,
    fields, needs,
    tenant_access::{TenantAccess, TenantHeader},
};

/// Cancel an invitation
///
/// Its link is void from now on. Needs `members:write`.
#[utoipa::path(
    post,
    path = "/v1/invitations/{invitation_id}/cancel",
    operation_id = "cancel_invitation",
    tag = "members",
    params(TenantHeader, ("invitation_id" = InvitationId, Path)),
    responses((status = NO_CONTENT, description = "The link is void")),
    security(("session" = [])),
)]
pub(crate) async fn cancel(
    access: TenantAccess<needs::WriteMembers>,
    State(state): State<ApiState>,
    Path(invitation_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = fields::id(&invitation_id)?;
    access.scope(&state).cancel_invitation(id, access.author(), Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
