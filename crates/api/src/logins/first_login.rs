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
use utoipa::ToSchema;

use super::me::Me;
use crate::{
    ApiError, ClientAddress,
    api_state::ApiState,
    error::Code,
    fields,
    json_body::JsonBody,
    openapi::Refusal,
    session::{self, RequestOrigin, Secure},
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstLogin {
    /// From the link.
    token: String,
    /// The e-mail address to log in with from now on.
    #[schema(max_length = 254, example = "ops@sehat.example")]
    email: String,
    /// The name that people read.
    #[schema(min_length = 1, max_length = 80, example = "Ops")]
    name: String,
    /// 10 to 256 characters.
    #[schema(min_length = 10, max_length = 256)]
    password: String,
}

/// Become the first operator
///
/// Makes the first operator and logs in. The token, from the link that the server printed, works
/// once.
#[utoipa::path(
    post,
    path = "/v1/first_login",
    operation_id = "create_first_operator",
    tag = "logins",
    request_body = FirstLogin,
    responses(
        (
            status = CREATED,
            description = "The first operator, logged in",
            body = Me,
            headers(("set-cookie" = String)),
        ),
        (status = GONE, response = Refusal),
        (status = CONFLICT, response = Refusal),
    ),
    security(()),
)]
pub(crate) async fn first_login(
    State(state): State<ApiState>,
    address: ClientAddress,
    secure: Secure,
    origin: RequestOrigin,
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
    let (by, now) = (origin.author(), Timestamp::now());
    let user = logins.use_first_login(&request.token, &operator, &by, now).await?;
    tracing::info!("the first operator logged in");
    let cookie = session::begin(&state, &user, &origin, secure).await?;
    let headers = [(header::SET_COOKIE, cookie)];
    Ok((StatusCode::CREATED, headers, Json(Me::of(&state, &user).await?)).into_response())
}
