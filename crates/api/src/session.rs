//! Sessions of people that logged in, kept in a cookie.

use std::{net::SocketAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use jumpa_db::{ActorKind, Author, LiveSession, SessionOrigin, Timestamp, User};
use jumpa_protocol::{Language, SessionId};

use crate::{
    ApiError, ClientAddress,
    api_state::ApiState,
    error::{Code, RequestId},
};

/// How long a session lasts.
const SESSION_LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// How exactly it is known when a session or an API key was last used. Shorter writes more often.
pub(crate) const SEEN_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// How long a password or code counts as a proof for what needs one.
const PROOF_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Most characters of a `User-Agent` that are kept.
const MAX_DEVICE_CHARS: usize = 256;

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
        cookie(&parts.headers, SESSION_COOKIE.name(is_secure))
            .map(|token| Self(token.to_owned()))
            .ok_or_else(|| Code::Unauthenticated.into())
    }
}

/// Somebody who logged in.
pub(crate) struct LoggedIn {
    /// Their session.
    pub(crate) session: LiveSession,
    /// Who they are to the audit.
    pub(crate) author: Author,
}

impl LoggedIn {
    pub(crate) fn user(&self) -> &User {
        &self.session.user
    }
}

impl FromRequestParts<ApiState> for LoggedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let SessionToken(token) = SessionToken::from_request_parts(parts, state).await?;
        let RequestOrigin { address, request_id, .. } =
            RequestOrigin::from_request_parts(parts, state).await?;
        let now = Timestamp::now();
        let logins = state.database().logins();
        let session = logins.session(&token, now).await?.ok_or(Code::Unauthenticated)?;
        if session.last_seen_at.is_none_or(|seen| seen + SEEN_INTERVAL < now) {
            logins.note_session_seen(session.id, now).await?;
        }
        let author = Author {
            kind: ActorKind::User,
            id: Some(session.user.id.to_string()),
            name: session.user.email.clone(),
            address: Some(address),
            request_id: Some(request_id),
        };
        Ok(Self { session, author })
    }
}

/// Somebody who logged in and proved who they are in the last ten minutes, by password or code:
/// for what a stolen session must not reach.
pub(crate) struct Fresh(pub(crate) LoggedIn);

impl FromRequestParts<ApiState> for Fresh {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let login = LoggedIn::from_request_parts(parts, state).await?;
        let proved_at = login.session.proved_at;
        if proved_at.is_some_and(|at| Timestamp::now() < at + PROOF_LIFETIME) {
            Ok(Self(login))
        } else {
            Err(Code::ProofRequired.into())
        }
    }
}

/// Somebody who runs the platform.
pub(crate) struct OperatorAccess {
    /// Who they are to the audit.
    pub(crate) author: Author,
    /// The language of their pages.
    pub(crate) language: Language,
    /// Their session.
    pub(crate) session_id: SessionId,
}

impl FromRequestParts<ApiState> for OperatorAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let login = LoggedIn::from_request_parts(parts, state).await?;
        if login.user().is_operator {
            let language = login.user().language;
            let session_id = login.session.id;
            let author = Author { kind: ActorKind::Operator, ..login.author };
            Ok(Self { author, language, session_id })
        } else {
            Err(Code::Forbidden.into())
        }
    }
}

/// From where a request comes.
pub(crate) struct RequestOrigin {
    /// The network address.
    pub(crate) address: String,
    /// The browser, by its `User-Agent`.
    device: Option<String>,
    /// The request, as the log names it.
    request_id: String,
}

impl RequestOrigin {
    /// Somebody who is not logged in, to the audit; the change itself finds out who they are.
    pub(crate) fn author(&self) -> Author {
        Author {
            address: Some(self.address.clone()),
            request_id: Some(self.request_id.clone()),
            kind: ActorKind::User,
            ..Author::system()
        }
    }
}

impl FromRequestParts<ApiState> for RequestOrigin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let device = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let request_id = parts.extensions.get::<RequestId>();
        Ok(Self {
            address: address.to_string(),
            device: device.map(|text| text.chars().take(MAX_DEVICE_CHARS).collect()),
            request_id: request_id.map(|RequestId(id)| id.clone()).unwrap_or_default(),
        })
    }
}

/// Begins a session and gives the `Set-Cookie` for it.
pub(crate) async fn begin(
    state: &ApiState,
    user: &User,
    origin: &RequestOrigin,
    secure: Secure,
) -> Result<HeaderValue, ApiError> {
    let now = Timestamp::now();
    let from =
        SessionOrigin { address: Some(origin.address.clone()), device: origin.device.clone() };
    let logins = state.database().logins();
    let token = logins.create_session(user.id, &from, now, now + SESSION_LIFETIME).await?;
    set_cookie(secure, &token, SESSION_LIFETIME)
}

/// The `Set-Cookie` that makes a browser forget its session.
pub(crate) fn forget(secure: Secure) -> Result<HeaderValue, ApiError> {
    set_cookie(secure, "", Duration::ZERO)
}

/// Whether a request carries a session, ours or made up.
pub(crate) fn has_cookie(headers: &HeaderMap) -> bool {
    any_cookie(headers).is_some()
}

/// The session that a request carries, ours or made up.
pub(crate) fn any_cookie(headers: &HeaderMap) -> Option<String> {
    let found = [SECURE_COOKIE, PLAIN_COOKIE].into_iter().find_map(|name| cookie(headers, name));
    found.map(str::to_owned)
}

/// What a cookie is called over https and over plain http.
#[derive(Clone, Copy)]
pub(crate) struct CookieNames {
    /// With the prefix that makes browsers keep it to this host.
    pub(crate) secure: &'static str,
    /// For a server on one's own machine.
    pub(crate) plain: &'static str,
}

const SESSION_COOKIE: CookieNames = CookieNames { secure: SECURE_COOKIE, plain: PLAIN_COOKIE };

impl CookieNames {
    const fn name(self, is_secure: bool) -> &'static str {
        if is_secure { self.secure } else { self.plain }
    }
}

fn set_cookie(secure: Secure, token: &str, lifetime: Duration) -> Result<HeaderValue, ApiError> {
    cookie_header(secure, SESSION_COOKIE, token, lifetime)
}

/// A `Set-Cookie` for this site alone, away from scripts.
pub(crate) fn cookie_header(
    Secure(is_secure): Secure,
    names: CookieNames,
    value: &str,
    lifetime: Duration,
) -> Result<HeaderValue, ApiError> {
    let name = names.name(is_secure);
    let secure = if is_secure { "; Secure" } else { "" };
    let seconds = lifetime.as_secs();
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).map_err(ApiError::internal)
}

/// What a request's cookie holds.
pub(crate) fn cookie_value(
    Secure(is_secure): Secure,
    names: CookieNames,
    headers: &HeaderMap,
) -> Option<&str> {
    cookie(headers, names.name(is_secure))
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
