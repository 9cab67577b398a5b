//! `POST /v1/me/proof`: password or code once more, for what a stolen session must not reach.

use std::time::Instant;

use axum::{extract::State, http::StatusCode};
use jumpa_db::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::change_password::check_password;
use crate::{
    ApiError, api_state::ApiState, error::Code, fields, json_body::JsonBody, session::LoggedIn,
    totp,
};

/// The request: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmIdentity {
    #[schema(max_length = 256)]
    password: Option<String>,
    /// Of the authenticator app, or a recovery code.
    #[schema(max_length = 32, example = "123 456")]
    code: Option<String>,
}

/// Prove who you are
///
/// With the password or a code. For ten minutes secrets can be seen and the login itself changed;
/// without it such operations answer `proof_required`. A login counts as well.
#[utoipa::path(
    post,
    path = "/v1/me/proof",
    operation_id = "confirm_identity",
    tag = "account",
    request_body = ConfirmIdentity,
    responses((status = NO_CONTENT, description = "The proof holds for ten minutes")),
    security(("session" = [])),
)]
pub(crate) async fn confirm_identity(
    login: LoggedIn,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<ConfirmIdentity>,
) -> Result<StatusCode, ApiError> {
    let user = login.user();
    match (request.password, request.code) {
        (Some(password), None) => {
            fields::given_password(&password)?;
            check_password(&state, &login, password).await?;
        }
        (None, Some(code)) => {
            state
                .limiters
                .proofs
                .attempt(user.id, Instant::now())
                .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
            totp::use_code(&state, user, &code, &login.author).await?;
            state.limiters.proofs.forgive(&user.id);
        }
        _ => return Err(ApiError::invalid("password", "a password or a code")),
    }
    let logins = state.database().logins();
    logins.note_session_proved(login.session.id, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
