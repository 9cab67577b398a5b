//! `POST /v1/first_login`: whoever holds the link that the server printed becomes the operator.

use std::time::Instant;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jumpa_db::{NewUser, Timestamp};
use serde::Deserialize;

use super::me::Me;
use crate::{
    ApiError, ClientAddress,
    api_state::ApiState,
    error::Code,
    fields,
    json_body::JsonBody,
    session::{self, Secure},
};

/// The request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstLogin {
    /// From the link.
    token: String,
    /// The e-mail address to log in with from now on.
    email: String,
    /// The name that people read.
    name: String,
    /// 10 to 256 characters.
    password: String,
}

/// Makes the first operator and logs in. The token works once.
pub(crate) async fn first_login(
    State(state): State<ApiState>,
    address: ClientAddress,
    secure: Secure,
    JsonBody(request): JsonBody<FirstLogin>,
) -> Result<Response, ApiError> {
    let email = fields::email(&request.email)?;
    let name = fields::name(&request.name)?;
    fields::new_password(&request.password)?;
    state
        .limiters
        .login_addresses
        .attempt(address.limit_key(), Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let logins = state.database().logins();
    if !logins.is_first_login_open(&request.token).await? {
        return Err(Code::OneTimeTokenInvalid.into());
    }
    let password_hash = state.passwords.hash(request.password).await?;
    let operator = NewUser { email, name, password_hash, is_operator: true };
    let user = logins.use_first_login(&request.token, &operator, Timestamp::now()).await?;
    tracing::info!("the first operator logged in");
    let cookie = session::begin(&state, &user, secure).await?;
    let headers = [(header::SET_COOKIE, cookie)];
    Ok((StatusCode::CREATED, headers, Json(Me::from(user))).into_response())
}
