//! Refusals over HTTP: `application/problem+json` (RFC 9457) with a stable `code`.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jumpa_protocol::{ErrorCode, Refusal};
use serde_json::json;

/// Why a request over HTTP was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
}

impl Problem {
    /// A refusal that is about HTTP rather than about a call.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(status_of(refusal.code), refusal.code.as_str(), refusal.message)
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Refusal::from(code).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or_default(),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let media_type = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media_type);
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 6750 section 3.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

fn status_of(code: ErrorCode) -> StatusCode {
    use ErrorCode as Code;
    match code {
        Code::AppUnknown | Code::ParticipantUnknown | Code::ResumeUnknown => StatusCode::NOT_FOUND,
        Code::TokenRequired
        | Code::TokenMalformed
        | Code::TokenKeyUnknown
        | Code::TokenAlgorithm
        | Code::TokenSignature
        | Code::TokenExpired
        | Code::TokenNotYetValid
        | Code::TokenLifetime
        | Code::TokenWrongRoom
        | Code::TokenWrongApp
        | Code::TokenReplayed => StatusCode::UNAUTHORIZED,
        Code::AppDisabled
        | Code::PasswordRequired
        | Code::PasswordWrong
        | Code::LobbyDenied
        | Code::Banned
        | Code::TenantSuspended
        | Code::OriginRefused
        | Code::UserBanned
        | Code::MinutesUsedUp
        | Code::NotModerator
        | Code::NotGranted => StatusCode::FORBIDDEN,
        Code::OfferInvalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::MessageTooBig => StatusCode::PAYLOAD_TOO_LARGE,
        Code::TooManyMessages => StatusCode::TOO_MANY_REQUESTS,
        Code::CallEnded => StatusCode::CONFLICT,
        Code::RoomFull
        | Code::LobbyFull
        | Code::TooManyCalls
        | Code::TrialFull
        | Code::MediaUnavailable
        | Code::ServerClosing => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}
