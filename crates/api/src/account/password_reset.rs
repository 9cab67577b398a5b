//! A new password by a link in a mail.

use std::time::{Duration, Instant};

use axum::{extract::State, http::StatusCode};
use jumpa_db::{LinkToken, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, ClientAddress, api_state::ApiState, error::Code, fields, json_body::JsonBody, mails,
    openapi::Refusal, session::RequestOrigin,
};

/// How long the link works.
const LINK_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The request of the mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestPasswordReset {
    #[schema(max_length = 254, example = "rina@melati.example")]
    email: String,
}

/// The request of the change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetPassword {
    /// From the link.
    token: String,
    #[schema(min_length = 10, max_length = 256)]
    password: String,
}

/// Ask for a link to choose a new password
///
/// The answer is the same whether there is such a person or not.
#[utoipa::path(
    post,
    path = "/v1/password_resets",
    operation_id = "request_password_reset",
    tag = "logins",
    request_body = RequestPasswordReset,
    responses((status = NO_CONTENT, description = "If there is such a person, a mail follows")),
    security(()),
)]
pub(crate) async fn request(
    State(state): State<ApiState>,
    address: ClientAddress,
    JsonBody(request): JsonBody<RequestPasswordReset>,
) -> Result<StatusCode, ApiError> {
    let email = fields::email(&request.email)?.to_lowercase();
    let now = Instant::now();
    let too_many = |pause| ApiError::retry_after(Code::TooManyAttempts, pause);
    state.limiters.login_addresses.attempt(address.limit_key(), now).map_err(too_many)?;
    // Somebody who asks for mails to another person's address gets the same answer and the person
    // gets few mails.
    if state.limiters.reset_accounts.attempt(email.clone(), now).is_ok() {
        // Apart from the answer, so that its time does not tell whether there is such a person.
        tokio::spawn(async move {
            if let Err(error) = send_link(&state, &email).await {
                tracing::error!(?error, "a password reset could not be stored");
            }
        });
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn send_link(state: &ApiState, email: &str) -> Result<(), ApiError> {
    let logins = state.database().logins();
    let Some((user, _)) = logins.user_by_email(email).await? else { return Ok(()) };
    let token = LinkToken::generate();
    let base = &state.config.link_base;
    let platform = state.database().platform_settings().await?.name;
    let mail =
        mails::password_reset(&platform, &user.email, &user.name, user.language, base, &token);
    let now = Timestamp::now();
    logins.create_password_reset(user.id, &token, &mail, now, now + LINK_LIFETIME).await?;
    Ok(())
}

/// Choose a new password
///
/// With the token of the link. Every session of the person ends; a second factor stays.
#[utoipa::path(
    post,
    path = "/v1/password_resets/use",
    operation_id = "reset_password",
    tag = "logins",
    request_body = ResetPassword,
    responses(
        (status = NO_CONTENT, description = "The new password holds: log in with it"),
        (status = GONE, response = Refusal),
    ),
    security(()),
)]
pub(crate) async fn reset(
    State(state): State<ApiState>,
    address: ClientAddress,
    origin: RequestOrigin,
    JsonBody(request): JsonBody<ResetPassword>,
) -> Result<StatusCode, ApiError> {
    fields::new_password(&request.password)?;
    state
        .limiters
        .login_addresses
        .attempt(address.limit_key(), Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let logins = state.database().logins();
    let now = Timestamp::now();
    if !logins.is_password_reset_open(&request.token, now).await? {
        return Err(Code::OneTimeTokenInvalid.into());
    }
    let hash = state.passwords.hash(request.password).await?;
    logins.use_password_reset(&request.token, &hash, &origin.author(), now).await?;
    Ok(StatusCode::NO_CONTENT)
}
