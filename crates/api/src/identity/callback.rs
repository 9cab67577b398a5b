//! `GET /v1/oidc/callback`: somebody comes back from their identity provider.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use jumpa_db::{ProvedIdentity, Timestamp};
use serde::Deserialize;
use tracing::{debug, info};

use super::{ProviderClient, state_cookie};
use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    fields,
    session::{self, RequestOrigin, Secure},
};

/// Where somebody goes who asked for no other page.
const HOME: &str = "/dashboard/";

/// What a provider sends back (RFC 6749 sections 4.1.2 and 4.1.2.1).
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProviderAnswer {
    /// What [`super::start`] gave.
    #[serde(default)]
    state: String,
    /// What is exchanged for the token.
    code: Option<String>,
    /// Why there is none.
    error: Option<String>,
}

/// Accept a login from an identity provider
///
/// For browsers: leads to the dashboard with the cookie of a session, or to its login page with
/// `problem`, the code of the refusal.
#[utoipa::path(
    get,
    path = "/v1/oidc/callback",
    operation_id = "accept_identity_login",
    tag = "logins",
    params(ProviderAnswer),
    responses((status = SEE_OTHER, description = "To the dashboard", headers(("location" = String)))),
    security(()),
)]
pub(crate) async fn callback(
    State(state): State<ApiState>,
    secure: Secure,
    origin: RequestOrigin,
    headers: HeaderMap,
    query: Result<Query<ProviderAnswer>, QueryRejection>,
) -> Result<Response, ApiError> {
    let forget = state_cookie::forget(secure)?;
    let outcome = match query {
        Ok(Query(back)) => finish(&state, secure, &origin, &headers, back).await,
        Err(_) => Err(Code::IdentityRefused.into()),
    };
    Ok(match outcome {
        Ok((cookie, next)) => {
            let cookies =
                AppendHeaders([(header::SET_COOKIE, cookie), (header::SET_COOKIE, forget)]);
            (cookies, Redirect::to(&next)).into_response()
        }
        Err(error) => {
            debug!(code = error.code().as_str(), "a login at a provider failed");
            let page = format!("/dashboard/login?problem={}", error.code().as_str());
            ([(header::SET_COOKIE, forget)], Redirect::to(&page)).into_response()
        }
    })
}

/// The session's cookie and where to go.
async fn finish(
    state: &ApiState,
    secure: Secure,
    origin: &RequestOrigin,
    headers: &HeaderMap,
    back: ProviderAnswer,
) -> Result<(axum::http::HeaderValue, String), ApiError> {
    if back.state.is_empty() || !state_cookie::holds(secure, headers, &back.state) {
        return Err(Code::OneTimeTokenInvalid.into());
    }
    let logins = state.database().logins();
    let now = Timestamp::now();
    let login = logins.take_identity_login(&back.state, now).await?;
    let Some(code) = back.code else {
        info!(error = back.error.as_deref().unwrap_or("none"), "a provider refused a login");
        return Err(Code::IdentityRefused.into());
    };
    let (provider, secret) = logins.identity_provider(login.provider_id).await?;
    let base = &state.config.link_base;
    let client =
        ProviderClient::discover(&provider.issuer, &provider.client_id, secret, base).await?;
    let next = login.next_path.clone();
    let claims = client.arrive(login, code).await?;
    let email = fields::email(&claims.email).map_err(|_| Code::IdentityRefused)?;
    let name = claims.name.and_then(|name| fields::name(&name).ok());
    let identity = ProvedIdentity {
        name: name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned()),
        email,
        unusable_password_hash: state.passwords.unusable().await?,
    };
    let user = logins.log_in_by_provider(&provider, &identity, &origin.author(), now).await?;
    let cookie = session::begin(state, &user, origin, secure).await?;
    Ok((cookie, next.unwrap_or_else(|| HOME.to_owned())))
}
