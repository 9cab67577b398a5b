//! Ties a login that is at its provider to the browser that began it, so that nobody can make
//! somebody else's browser finish it (RFC 6749 section 10.12).

use axum::http::{HeaderMap, HeaderValue};
use jumpa_db::IDENTITY_LOGIN_LIFETIME;

use crate::{
    ApiError,
    session::{self, Secure},
};

const SECURE_NAME: &str = "__Host-jumpa-oidc";
const PLAIN_NAME: &str = "jumpa_oidc";

/// The `Set-Cookie` that remembers a state.
pub(crate) fn remember(secure: Secure, state: &str) -> Result<HeaderValue, ApiError> {
    session::cookie_header(secure, names(), state, IDENTITY_LOGIN_LIFETIME)
}

/// The `Set-Cookie` that forgets it.
pub(crate) fn forget(secure: Secure) -> Result<HeaderValue, ApiError> {
    session::cookie_header(secure, names(), "", std::time::Duration::ZERO)
}

/// Whether the browser began the login with this state.
pub(crate) fn holds(secure: Secure, headers: &HeaderMap, state: &str) -> bool {
    session::cookie_value(secure, names(), headers) == Some(state)
}

const fn names() -> session::CookieNames {
    session::CookieNames { secure: SECURE_NAME, plain: PLAIN_NAME }
}
