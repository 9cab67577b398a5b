//! `POST /v1/login`: e-mail address and password give a session.

use std::time::Instant;

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use jumpa_db::Author;
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
    totp,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    #[schema(example = "ops@sehat.example")]
    email: String,
    #[schema(max_length = 256)]
    password: String,
    /// Of the authenticator app, or a recovery code; asked for by `second_factor_required`.
    #[schema(max_length = 32, example = "123 456")]
    code: Option<String>,
}

/// Log in
///
/// Begins a session, which the answer's cookie carries. Whether the address or the password was
/// wrong is told neither by the answer nor by the time it takes. Somebody with a second factor is
/// told `second_factor_required` and sends the same again with `code`.
#[utoipa::path(
    post,
    path = "/v1/login",
    operation_id = "create_session",
    tag = "logins",
    request_body = Login,
    responses(
        (status = OK, description = "Who logged in", body = Me, headers(("set-cookie" = String))),
        (status = UNAUTHORIZED, response = Refusal),
    ),
    security(()),
)]
pub(crate) async fn login(
    State(state): State<ApiState>,
    address: ClientAddress,
    secure: Secure,
    origin: RequestOrigin,
    JsonBody(request): JsonBody<Login>,
) -> Result<Response, ApiError> {
    let email = fields::email(&request.email)?.to_lowercase();
    fields::given_password(&request.password)?;
    let now = Instant::now();
    let too_many = |pause| ApiError::retry_after(Code::TooManyAttempts, pause);
    let limiters = &state.limiters;
    limiters.login_addresses.attempt(address.limit_key(), now).map_err(too_many)?;
    limiters.login_accounts.attempt(email.clone(), now).map_err(too_many)?;

    let (user, hash) = state.database().logins().user_by_email(&email).await?.unzip();
    let fits = state.passwords.verify(request.password, hash).await?;
    let user = user.filter(|_| fits).ok_or(Code::LoginFailed)?;
    if user.second_factor_since.is_some() {
        let code = request.code.ok_or(Code::SecondFactorRequired)?;
        let by =
            Author { id: Some(user.id.to_string()), name: user.email.clone(), ..origin.author() };
        totp::use_code(&state, &user, &code, &by).await?;
    }

    limiters.login_addresses.forgive(&address.limit_key());
    limiters.login_accounts.forgive(&email);
    let cookie = session::begin(&state, &user, &origin, secure).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(Me::of(&state, &user).await?)).into_response())
}
