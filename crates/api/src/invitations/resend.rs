//! `POST /v1/invitations/{invitation_id}/resend`: a new link, the old one is void.

use std::time::Instant;

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{LinkToken, Timestamp};
use jumpa_protocol::{InvitationId, Role};

use super::SentInvitation;
use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    fields, mails, needs,
    tenant_access::{TenantAccess, TenantHeader},
};

/// Send an invitation again
///
/// With a new link; the old one is void. Needs `members:write`; only an owner invites owners.
#[utoipa::path(
    post,
    path = "/v1/invitations/{invitation_id}/resend",
    operation_id = "resend_invitation",
    tag = "members",
    params(TenantHeader, ("invitation_id" = InvitationId, Path)),
    responses((status = OK, description = "The invitation", body = SentInvitation)),
    security(("session" = [])),
)]
pub(crate) async fn resend(
    access: TenantAccess<needs::WriteMembers>,
    State(state): State<ApiState>,
    Path(invitation_id): Path<String>,
) -> Result<Json<SentInvitation>, ApiError> {
    let id: InvitationId = fields::id(&invitation_id)?;
    let scope = access.scope(&state);
    let tenant = scope.tenant().await?;
    let open = scope.invitation(id).await?;
    if open.role == Role::Owner && access.role != Role::Owner {
        return Err(Code::OwnersOnly.into());
    }
    state
        .limiters
        .invitations
        .attempt(access.tenant_id, Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let token = LinkToken::generate();
    let link = mails::invitation_link(&state.config.link_base, &token);
    let platform = state.database().platform_settings().await?.name;
    let (name, role, language) = (&tenant.name, open.role, open.language);
    let mail = mails::invitation(&platform, tenant.id, name, &open.email, role, language, &link);
    let now = Timestamp::now();
    let invitation = scope.resend_invitation(id, &token, &mail, access.author(), now).await?;
    Ok(Json(SentInvitation::new(invitation, &state, &token)))
}
