//! `POST /v1/me/password`: another password.

use std::time::Instant;

use axum::{extract::State, http::StatusCode};
use jumpa_db::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, api_state::ApiState, error::Code, fields, json_body::JsonBody, session::LoggedIn,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    #[schema(max_length = 256)]
    current_password: String,
    #[schema(min_length = 10, max_length = 256)]
    new_password: String,
}

/// Change the own password
///
/// Every other session of the person ends.
#[utoipa::path(
    post,
    path = "/v1/me/password",
    operation_id = "change_password",
    tag = "account",
    request_body = ChangePassword,
    responses((status = NO_CONTENT, description = "The new password holds")),
    security(("session" = [])),
)]
pub(crate) async fn change_password(
    login: LoggedIn,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<ChangePassword>,
) -> Result<StatusCode, ApiError> {
    fields::given_password(&request.current_password)?;
    fields::new_password(&request.new_password)?;
    check_password(&state, &login, request.current_password).await?;
    let hash = state.passwords.hash(request.new_password).await?;
    let logins = state.database().logins();
    let session = &login.session;
    let now = Timestamp::now();
    logins.change_password(session.user.id, &hash, Some(session.id), &login.author, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the password is that of somebody who is logged in. Guesses are slowed per person and
/// end no session.
pub(crate) async fn check_password(
    state: &ApiState,
    login: &LoggedIn,
    password: String,
) -> Result<(), ApiError> {
    let user = login.user();
    state
        .limiters
        .proofs
        .attempt(user.id, Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let (_, hash) = state.database().logins().user_by_email(&user.email).await?.unzip();
    if !state.passwords.verify(password, hash).await? {
        return Err(Code::PasswordWrong.into());
    }
    state.limiters.proofs.forgive(&user.id);
    Ok(())
}
