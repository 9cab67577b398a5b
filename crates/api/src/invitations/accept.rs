//! `POST /v1/invitation_links/accept`: somebody becomes a member.

use std::time::Instant;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jumpa_db::{Invitee, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, ClientAddress,
    api_state::ApiState,
    error::Code,
    fields,
    json_body::JsonBody,
    logins::me::Me,
    openapi::Refusal,
    session::{self, LoggedIn, RequestOrigin, Secure},
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitationLink {
    /// From the link.
    token: String,
    /// Who has no login yet gives a name and a password; who has one is logged in and gives
    /// neither.
    #[schema(min_length = 1, max_length = 80, example = "Rina")]
    name: Option<String>,
    #[schema(min_length = 10, max_length = 256)]
    password: Option<String>,
}

/// Accept an invitation
///
/// Somebody new gives a name and a password and is logged in by the answer's cookie. Somebody who
/// has a login is logged in with the invited address and gives only the token.
#[utoipa::path(
    post,
    path = "/v1/invitation_links/accept",
    operation_id = "accept_invitation_link",
    tag = "logins",
    request_body = AcceptInvitationLink,
    responses(
        (status = OK, description = "Who is logged in now", body = Me),
        (status = UNAUTHORIZED, response = Refusal),
        (status = CONFLICT, response = Refusal),
        (status = GONE, response = Refusal),
    ),
    security((), ("session" = [])),
)]
pub(crate) async fn accept(
    State(state): State<ApiState>,
    address: ClientAddress,
    secure: Secure,
    origin: RequestOrigin,
    login: Result<LoggedIn, ApiError>,
    JsonBody(request): JsonBody<AcceptInvitationLink>,
) -> Result<Response, ApiError> {
    state
        .limiters
        .login_addresses
        .attempt(address.limit_key(), Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let logins = state.database().logins();
    let now = Timestamp::now();
    let (user, cookie) = match (request.name, request.password) {
        (Some(name), Some(password)) => {
            let name = fields::name(&name)?;
            fields::new_password(&password)?;
            let open = logins.invitation(&request.token, now).await?;
            if open.has_login {
                return Err(Code::EmailTaken.into());
            }
            let password_hash = state.passwords.hash(password).await?;
            let invitee = Invitee::New { name, password_hash };
            let (user, _) =
                logins.accept_invitation(&request.token, &invitee, &origin.author(), now).await?;
            let cookie = session::begin(&state, &user, &origin, secure).await?;
            (user, Some(cookie))
        }
        (None, None) => {
            let login = login?;
            let invitee = Invitee::LoggedIn(login.user().id);
            let (user, _) =
                logins.accept_invitation(&request.token, &invitee, &login.author, now).await?;
            (user, None)
        }
        _ => return Err(ApiError::invalid("password", "name and password, or neither")),
    };
    let me = Json(Me::of(&state, &user).await?);
    Ok(match cookie {
        Some(cookie) => (StatusCode::OK, [(header::SET_COOKIE, cookie)], me).into_response(),
        None => me.into_response(),
    })
}
