//! `POST /v1/oidc/start`: where somebody logs in whose address belongs to an identity provider.

use std::time::Instant;

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use jumpa_db::{LinkToken, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ProviderClient, state_cookie};
use crate::{
    ApiError, ClientAddress, api_state::ApiState, error::Code, fields, json_body::JsonBody,
    openapi::Refusal, session::Secure,
};

/// Longest path of the dashboard that somebody may go to afterwards, characters.
const MAX_NEXT_CHARS: usize = 512;

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartIdentityLogin {
    #[schema(max_length = 254, example = "rina@melati.example")]
    email: String,
    /// The page of the dashboard to go to afterwards.
    #[schema(max_length = 512, example = "/dashboard/")]
    next: Option<String>,
}

/// Where to log in.
#[derive(Serialize, ToSchema)]
pub(crate) struct IdentityLogin {
    /// The address at the provider that the browser goes to.
    url: String,
    /// The name of the provider.
    #[schema(example = "Akun Toko Melati")]
    provider_name: String,
}

/// Start a login at an identity provider
///
/// The answer's cookie ties it to this browser. The provider sends the browser back to
/// `/v1/oidc/callback`, which begins the session and leads to `next`. `identity_provider_unknown`
/// says that the address logs in with a password.
#[utoipa::path(
    post,
    path = "/v1/oidc/start",
    operation_id = "start_identity_login",
    tag = "logins",
    request_body = StartIdentityLogin,
    responses(
        (status = OK, description = "Where to log in", body = IdentityLogin,
            headers(("set-cookie" = String))),
        (status = NOT_FOUND, response = Refusal),
        (status = BAD_GATEWAY, response = Refusal),
    ),
    security(()),
)]
pub(crate) async fn start(
    State(state): State<ApiState>,
    address: ClientAddress,
    secure: Secure,
    JsonBody(request): JsonBody<StartIdentityLogin>,
) -> Result<Response, ApiError> {
    let email = fields::email(&request.email)?.to_lowercase();
    let next = request.next.map(dashboard_path).transpose()?;
    state
        .limiters
        .login_addresses
        .attempt(address.limit_key(), Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let logins = state.database().logins();
    let domain = email.rsplit('@').next().unwrap_or_default();
    let provider = logins.identity_provider_of(domain).await?;
    let (provider, secret) = logins.identity_provider(provider.id).await?;
    let base = &state.config.link_base;
    let client =
        ProviderClient::discover(&provider.issuer, &provider.client_id, secret, base).await?;
    let token = LinkToken::generate();
    let departure = client.depart(&provider, &email, token.as_str(), next);
    logins.begin_identity_login(&token, &departure.login, Timestamp::now()).await?;
    let cookie = state_cookie::remember(secure, token.as_str())?;
    let answer = IdentityLogin { url: departure.url, provider_name: provider.name };
    Ok(([(header::SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// A path of the dashboard and of nothing else: whoever makes a link must not choose another site.
fn dashboard_path(path: String) -> Result<String, ApiError> {
    let is_ours = path == "/dashboard" || path.starts_with("/dashboard/");
    let is_plain = !path.contains("..") && path.bytes().all(|byte| byte.is_ascii_graphic());
    if is_ours && is_plain && !path.contains('\\') && path.len() <= MAX_NEXT_CHARS {
        Ok(path)
    } else {
        Err(ApiError::invalid("next", "a path below /dashboard"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_dashboard_come_next() {
        for path in ["/dashboard", "/dashboard/t/ten_1/apps?search=a"] {
            assert!(dashboard_path(path.to_owned()).is_ok(), "{path}");
        }
        let foreign =
            ["", "/", "//jahat.example", "https://jahat.example/dashboard/", "/dashboards"];
        for path in
            foreign.into_iter().chain(["/dashboard/../v1/me", "/dashboard/\\x", "/dashboard/ a"])
        {
            assert!(dashboard_path(path.to_owned()).is_err(), "{path}");
        }
    }
}
