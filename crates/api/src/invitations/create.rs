//! `POST /v1/invitations`: invites somebody by mail.

use std::time::Instant;

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{LinkToken, NewInvitation, Timestamp};
use jumpa_protocol::{Language, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use super::SentInvitation;
use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    fields,
    json_body::JsonBody,
    mails, needs,
    openapi::Refusal,
    tenant_access::{TenantAccess, TenantHeader},
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateInvitation {
    #[schema(max_length = 254, example = "rina@melati.example")]
    email: String,
    /// What the person becomes.
    role: Role,
    /// The language of the mail; that of the person who invites when it is left out.
    language: Option<Language>,
}

/// Invite somebody
///
/// The link works once and for seven days; an open invitation of the same address is replaced.
/// Needs `members:write`; only an owner invites owners.
#[utoipa::path(
    post,
    path = "/v1/invitations",
    operation_id = "create_invitation",
    tag = "members",
    params(TenantHeader),
    request_body = CreateInvitation,
    responses(
        (status = CREATED, description = "The invitation", body = SentInvitation),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn create(
    access: TenantAccess<needs::WriteMembers>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateInvitation>,
) -> Result<(StatusCode, Json<SentInvitation>), ApiError> {
    let email = fields::email(&request.email)?.to_lowercase();
    if request.role == Role::Owner && access.role != Role::Owner {
        return Err(Code::OwnersOnly.into());
    }
    let language = request.language.unwrap_or(access.login.user().language);
    let scope = access.scope(&state);
    let tenant = scope.tenant().await?;
    state
        .limiters
        .invitations
        .attempt(access.tenant_id, Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let token = LinkToken::generate();
    let link = mails::invitation_link(&state.config.link_base, &token);
    let platform = state.database().platform_settings().await?.name;
    let (role, name) = (request.role, &tenant.name);
    let mail = mails::invitation(&platform, tenant.id, name, &email, role, language, &link);
    let new = NewInvitation { email, role: request.role, language };
    let invitation = scope.invite(&new, &token, &mail, access.author(), Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(SentInvitation::new(invitation, &state, &token))))
}
