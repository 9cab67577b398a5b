//! Sessions of people that logged in, kept in a cookie.

use std::{net::SocketAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use jumpa_db::{Timestamp, User};

use crate::{ApiError, api_state::ApiState, error::Code};

/// How long a session lasts.
const SESSION_LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Over https: the prefix makes browsers keep the cookie to this host, this scheme and the whole
/// site (RFC 6265bis section 4.1.3.2).
const SECURE_COOKIE: &str = "__Host-jumpa";
/// Over plain http, for a server on one's own machine.
const PLAIN_COOKIE: &str = "jumpa_session";

/// Whether the browser reached us over https, directly or through a trusted proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Secure(bool);

impl FromRequestParts<ApiState> for Secure {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let config = &state.config;
        if let Some(url) = &config.public_url {
            return Ok(Self(url.starts_with("https://")));
        }
        let is_trusted =
            parts.extensions.get::<ConnectInfo<SocketAddr>>().is_some_and(|ConnectInfo(peer)| {
                config.trusted_proxies.contains(&peer.ip().to_canonical())
            });
        let proto = parts.headers.get("x-forwarded-proto");
        Ok(Self(is_trusted && proto.is_some_and(|value| value == "https")))
    }
}

/// The token in a request's session cookie.
pub(crate) struct SessionToken(pub(crate) String);

impl FromRequestParts<ApiState> for SessionToken {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let Secure(is_secure) = Secure::from_request_parts(parts, state).await?;
        cookie(&parts.headers, cookie_name(is_secure))
            .map(|token| Self(token.to_owned()))
            .ok_or_else(|| Code::Unauthenticated.into())
    }
}

/// Somebody who logged in.
pub(crate) struct LoggedIn(pub(crate) User);

impl FromRequestParts<ApiState> for LoggedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let SessionToken(token) = SessionToken::from_request_parts(parts, state).await?;
        let user = state.database().logins().session_user(&token, Timestamp::now()).await?;
        user.map(Self).ok_or_else(|| Code::Unauthenticated.into())
    }
}

/// Somebody who runs the platform.
pub(crate) struct OperatorAccess;

impl FromRequestParts<ApiState> for OperatorAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let LoggedIn(user) = LoggedIn::from_request_parts(parts, state).await?;
        if user.is_operator { Ok(Self) } else { Err(Code::Forbidden.into()) }
    }
}

/// Begins a session and gives the `Set-Cookie` for it.
pub(crate) async fn begin(
    state: &ApiState,
    user: &User,
    secure: Secure,
) -> Result<HeaderValue, ApiError> {
    let now = Timestamp::now();
    let token =
        state.database().logins().create_session(user.id, now, now + SESSION_LIFETIME).await?;
    set_cookie(secure, &token, SESSION_LIFETIME)
}

/// The `Set-Cookie` that makes a browser forget its session.
pub(crate) fn forget(secure: Secure) -> Result<HeaderValue, ApiError> {
    set_cookie(secure, "", Duration::ZERO)
}

/// Whether a request carries a session, ours or made up.
pub(crate) fn has_cookie(headers: &HeaderMap) -> bool {
    [SECURE_COOKIE, PLAIN_COOKIE].into_iter().any(|name| cookie(headers, name).is_some())
}

fn set_cookie(
    Secure(is_secure): Secure,
    token: &str,
    lifetime: Duration,
) -> Result<HeaderValue, ApiError> {
    let name = cookie_name(is_secure);
    let secure = if is_secure { "; Secure" } else { "" };
    let seconds = lifetime.as_secs();
    let text = format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).map_err(ApiError::internal)
}

const fn cookie_name(is_secure: bool) -> &'static str {
    if is_secure { SECURE_COOKIE } else { PLAIN_COOKIE }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}
