//! `POST /v1/invitation_links/show`: what a link invites to. A `POST`, so that the secret of the
//! link stands in no log of addresses.

use std::time::Instant;

use axum::{Json, extract::State};
use jumpa_db::Timestamp;
use jumpa_protocol::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError, ClientAddress, api_state::ApiState, error::Code, json_body::JsonBody,
    openapi::Refusal, time::rfc3339,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShowInvitationLink {
    /// From the link.
    token: String,
}

/// What the link invites to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationLink {
    #[schema(example = "Toko Melati")]
    tenant_name: String,
    #[schema(example = "rina@melati.example")]
    email: String,
    role: Role,
    /// Until when it can be accepted, RFC 3339, UTC.
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whether this address has a login already: then log in first and accept without name and
    /// password.
    has_login: bool,
}

/// Show what a link invites to
#[utoipa::path(
    post,
    path = "/v1/invitation_links/show",
    operation_id = "show_invitation_link",
    tag = "logins",
    request_body = ShowInvitationLink,
    responses(
        (status = OK, description = "What it invites to", body = InvitationLink),
        (status = GONE, response = Refusal),
    ),
    security(()),
)]
pub(crate) async fn show_link(
    State(state): State<ApiState>,
    address: ClientAddress,
    JsonBody(request): JsonBody<ShowInvitationLink>,
) -> Result<Json<InvitationLink>, ApiError> {
    state
        .limiters
        .login_addresses
        .attempt(address.limit_key(), Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let found = state.database().logins().invitation(&request.token, Timestamp::now()).await?;
    Ok(Json(InvitationLink {
        tenant_name: found.tenant_name,
        email: found.invitation.email,
        role: found.invitation.role,
        expires_at: rfc3339(found.invitation.expires_at),
        has_login: found.has_login,
    }))
}
