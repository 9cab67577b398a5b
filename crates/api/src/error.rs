//! Every refusal of the control plane: status, stable code and RFC 9457 body, in one place.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    extract::{Request, rejection::JsonRejection},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jumpa_db::DbError;
use jumpa_protocol::recording::WantedError;
use serde::Serialize;
use tracing::{Instrument, debug, error, info_span};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// When to come back while the database is away.
const DATABASE_PAUSE: Duration = Duration::from_secs(5);

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:ident, $title:literal;)*) => {
        /// Why a request was refused. Codes are stable: clients branch on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands in the answer.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The status of the answer.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// One English sentence for developers.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    BadMessage = "bad_message", BAD_REQUEST, "the request could not be read";
    /// The body is not declared as JSON.
    WrongContentType = "wrong_content_type", UNSUPPORTED_MEDIA_TYPE,
        "the request must have the content type application/json";
    /// The body is over its limit.
    MessageTooBig = "message_too_big", PAYLOAD_TOO_LARGE, "the request is too big";
    /// A field is missing, unknown, of the wrong type or outside its range.
    InvalidValue = "invalid_value", UNPROCESSABLE_ENTITY, "a field has a wrong value";
    /// No such path.
    NotFound = "not_found", NOT_FOUND, "there is nothing here";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "this method is not possible here";
    /// No app with this id.
    AppUnknown = "app_unknown", NOT_FOUND, "there is no app with this id";
    /// The API key is unknown or was deleted.
    ApiKeyInvalid = "api_key_invalid", UNAUTHORIZED, "the API key is not valid";
    /// The app has no active `hs256` key, or not the one that is named.
    SigningKeyMissing = "signing_key_missing", CONFLICT, "there is no such active hs256 key";
    /// The signing key was revoked or replaced before.
    KeyInactive = "key_inactive", CONFLICT, "the key was revoked or replaced before";
    /// There are as many as there may be; `detail` says of what.
    TooManyItems = "too_many_items", CONFLICT, "there are too many of these";
    /// The app was disabled by its owner or the operator.
    AppDisabled = "app_disabled", FORBIDDEN, "this app is disabled";
    /// No call is running in this room.
    RoomUnknown = "room_unknown", NOT_FOUND, "no call is running in this room";
    /// Nobody with this id is in the call or waits.
    ParticipantUnknown = "participant_unknown", NOT_FOUND, "there is no such participant";
    /// The call has as many participants as it may have.
    RoomFull = "room_full", CONFLICT, "the room is full";
    /// A call is running, so its room cannot be prepared: lock it or switch its lobby instead.
    RoomIsLive = "room_is_live", CONFLICT, "a call is running in this room";
    /// Nothing is prepared for the room: its next call begins as in any other.
    RoomNotPrepared = "room_not_prepared", NOT_FOUND, "the room is not prepared";
    /// The app has prepared as many rooms as it may.
    TooManyPreparedRooms = "too_many_prepared_rooms", CONFLICT,
        "the app has prepared as many rooms as it may";
    /// The tenant has as many webhooks as it may.
    TooManyWebhooks = "too_many_webhooks", CONFLICT, "the tenant has as many webhooks as it may";
    /// The app has switched off what was asked for.
    FeatureDisabled = "feature_disabled", FORBIDDEN, "the app has switched this off";
    /// The app has stored no target for streams with this id.
    StreamTargetUnknown = "stream_target_unknown", NOT_FOUND, "there is no such stream target";
    /// The address of a target is none of the internet, and the operator does not allow it.
    StreamTargetRefused = "stream_target_refused", UNPROCESSABLE_ENTITY,
        "streams may not be sent to this address";
    /// The recording is no stream, or is over.
    StreamNotRunning = "stream_not_running", CONFLICT, "no stream is running in this recording";
    /// The call is being recorded so already.
    RecordingRunning = "recording_running", CONFLICT, "the call is being recorded so already";
    /// The app records as many calls at a time as it may.
    TooManyRecordings = "too_many_recordings", CONFLICT,
        "the app records as many calls at a time as it may";
    /// The recordings of the app take as much room as they may.
    RecordingStorageFull = "recording_storage_full", CONFLICT,
        "the recordings of the app take as much room as they may";
    /// All guarantees together would be more of the recorders than can be guaranteed; `detail` says
    /// how much is left.
    GuaranteesTooLarge = "guarantees_too_large", CONFLICT,
        "more of the recorders would be guaranteed than can be";
    /// The storage of recordings refuses what it is asked; `detail` has the provider's words.
    StorageRefused = "storage_refused", CONFLICT, "the storage of recordings refuses";
    /// The storage of recordings does not answer; `detail` says what happened.
    StorageUnreachable = "storage_unreachable", BAD_GATEWAY,
        "the storage of recordings cannot be reached";
    /// A recording that goes on is stopped before it is deleted.
    RecordingNotOver = "recording_not_over", CONFLICT, "the recording is not over";
    /// A recording under legal hold is kept.
    RecordingHeld = "recording_held", CONFLICT, "the recording is under legal hold";
    /// The files of the recording were removed.
    RecordingPurged = "recording_purged", GONE, "the files of this recording are gone";
    /// The link to a recording or to one of its files is not one of ours, is over or was revoked.
    RecordingLinkInvalid = "recording_link_invalid", FORBIDDEN,
        "this link to a recording is not valid";
    /// The part of the file that was asked for is not there.
    RangeNotSatisfiable = "range_not_satisfiable", RANGE_NOT_SATISFIABLE,
        "the file has no such part";
    /// A recorder does not show the key of this server.
    RecorderKeyInvalid = "recorder_key_invalid", UNAUTHORIZED, "the key of the recorder is wrong";
    /// The same request is being made at the moment.
    IdempotencyInFlight = "idempotency_in_flight", CONFLICT,
        "a request with this idempotency key is being made";
    /// The idempotency key was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY,
        "this idempotency key was used for another request";
    /// The rating token is not one of ours or is too old.
    RatingTokenInvalid = "rating_token_invalid", UNAUTHORIZED, "the rating token is not valid";
    /// The one-time token is unknown or was used.
    OneTimeTokenInvalid = "one_time_token_invalid", GONE, "this link is not valid any more";
    /// There is a user with this e-mail address already.
    EmailTaken = "email_taken", CONFLICT, "there is a user with this e-mail address already";
    /// Unknown e-mail address or wrong password; it is not told which.
    LoginFailed = "login_failed", UNAUTHORIZED, "e-mail address or password is wrong";
    /// No session, or it is over.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "log in first";
    /// The person may not do this.
    Forbidden = "forbidden", FORBIDDEN, "you may not do this";
    /// Logging in needs a code of the authenticator app, or a recovery code.
    SecondFactorRequired = "second_factor_required", UNAUTHORIZED, "a code is needed as well";
    /// The code is wrong or was used before.
    SecondFactorWrong = "second_factor_wrong", UNAUTHORIZED, "the code is wrong or was used before";
    /// There is a second factor already.
    SecondFactorActive = "second_factor_active", CONFLICT, "there is a second factor already";
    /// There is no second factor that waits to be confirmed.
    SecondFactorMissing = "second_factor_missing", CONFLICT, "there is no second factor";
    /// The password or a code must be given again first, at `/v1/me/proof`.
    ProofRequired = "proof_required", FORBIDDEN, "prove first who you are";
    /// The given password is not that of the person.
    PasswordWrong = "password_wrong", FORBIDDEN, "the password is wrong";
    /// Somebody of several tenants must name one with `X-Jumpa-Tenant`.
    TenantRequired = "tenant_required", BAD_REQUEST, "name the tenant with X-Jumpa-Tenant";
    /// The operator stopped the tenant; it may only look.
    TenantSuspended = "tenant_suspended", FORBIDDEN, "this tenant is suspended";
    /// Somebody who runs the platform looks at a client, and changes nothing there.
    ViewOnly = "view_only", FORBIDDEN, "who looks at a client changes nothing there";
    /// Only an owner makes or unmakes owners.
    OwnersOnly = "owners_only", FORBIDDEN, "only an owner may do this";
    /// A tenant keeps at least one owner.
    LastOwner = "last_owner", CONFLICT, "a tenant keeps at least one owner";
    /// The address belongs to a member already.
    AlreadyMember = "already_member", CONFLICT, "the address belongs to a member already";
    /// The invitation was sent to another address than that of the person who is logged in.
    WrongInvitee = "wrong_invitee", FORBIDDEN, "the invitation is for somebody else";
    /// No identity provider answers for the address, or there is none with this id.
    IdentityProviderUnknown = "identity_provider_unknown", NOT_FOUND,
        "there is no such identity provider";
    /// The server sends no mails.
    MailUnconfigured = "mail_unconfigured", CONFLICT,
        "this server sends no mails: its configuration names no mail server";
    /// The identity provider does not answer, or not as one.
    IdentityProviderUnreachable = "identity_provider_unreachable", BAD_GATEWAY,
        "the identity provider does not answer as one";
    /// The identity provider did not confirm the login.
    IdentityRefused = "identity_refused", FORBIDDEN,
        "the identity provider did not confirm the login";
    /// The identity provider confirmed somebody whom it may not log in.
    IdentityNotAllowed = "identity_not_allowed", FORBIDDEN,
        "the identity provider may not log this person in";
    /// Another identity provider answers for the domain.
    DomainTaken = "domain_taken", CONFLICT, "another identity provider answers for this domain";
    /// Another app has this own domain, or it is the server's own name.
    OwnDomainTaken = "own_domain_taken", CONFLICT, "this domain belongs to somebody else here";
    /// The server has no name of its own (`http.public_url`), so no app can have one.
    OwnDomainUnavailable = "own_domain_unavailable", CONFLICT,
        "this server gives apps no domains of their own";
    /// A request with a cookie comes from a page of another origin.
    OriginMismatch = "origin_mismatch", FORBIDDEN, "the request comes from another web site";
    /// Too many attempts; `Retry-After` says when to come back.
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS, "too many attempts";
    /// Too many requests in a short time; `Retry-After` says when to come back.
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, "too many requests in a short time";
    /// Too busy at the moment; `Retry-After` says when to come back.
    Busy = "busy", SERVICE_UNAVAILABLE, "the server is busy";
    /// The database does not answer; `Retry-After` says when to come back. Calls go on.
    DatabaseUnavailable = "database_unavailable", SERVICE_UNAVAILABLE,
        "the database does not answer";
    /// Anything on our side.
    Internal = "internal", INTERNAL_SERVER_ERROR, "something went wrong on the server";
}

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Why a request was refused. Codes are stable: branch on them."))
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

impl ToSchema for Code {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ProblemCode")
    }
}

/// A refusal on its way to the client.
#[derive(Debug)]
pub struct ApiError {
    code: Code,
    detail: Option<Cow<'static, str>>,
    field: Option<&'static str>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ApiError {
    /// A field has a value outside its range; `detail` says what is allowed.
    #[must_use]
    pub fn invalid(field: &'static str, detail: &'static str) -> Self {
        Self { detail: Some(detail.into()), field: Some(field), ..Code::InvalidValue.into() }
    }

    /// The same with a reason that is made for the occasion.
    #[must_use]
    pub fn invalid_because(field: &'static str, detail: impl std::fmt::Display) -> Self {
        Self {
            detail: Some(detail.to_string().into()),
            field: Some(field),
            ..Code::InvalidValue.into()
        }
    }

    /// With a reason that is made for the occasion.
    #[must_use]
    pub fn because(code: Code, detail: impl std::fmt::Display) -> Self {
        Self { detail: Some(detail.to_string().into()), ..code.into() }
    }

    /// Too early: come back after the pause.
    #[must_use]
    pub fn retry_after(code: Code, pause: Duration) -> Self {
        Self { retry_after: Some(pause), ..code.into() }
    }

    /// Why the request is refused.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Something on our side failed.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Code::Internal.into() }
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self { code, detail: None, field: None, retry_after: None, cause: None }
    }
}

impl From<WantedError> for ApiError {
    fn from(error: WantedError) -> Self {
        Self::invalid(error.field, error.rule)
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::AppUnknown => Code::AppUnknown.into(),
            DbError::TooManyWebhooks => Code::TooManyWebhooks.into(),
            DbError::WebhookUnknown => Code::NotFound.into(),
            DbError::RoomNotPrepared => Code::RoomNotPrepared.into(),
            DbError::TooManyPreparedRooms => Code::TooManyPreparedRooms.into(),
            DbError::EmailTaken => Code::EmailTaken.into(),
            DbError::TenantUnknown
            | DbError::MemberUnknown
            | DbError::InvitationUnknown
            | DbError::SessionUnknown
            | DbError::MailUnknown
            | DbError::KeyUnknown
            | DbError::RecordingUnknown
            | DbError::BanUnknown => Code::NotFound.into(),
            DbError::RecordingRunning => Code::RecordingRunning.into(),
            DbError::TooManyRecordings => Code::TooManyRecordings.into(),
            DbError::RecordingStorageFull => Code::RecordingStorageFull.into(),
            DbError::GuaranteesTooLarge { left } => Self {
                detail: Some(format!("{left} millicores can be guaranteed to this app").into()),
                ..Code::GuaranteesTooLarge.into()
            },
            DbError::StreamTargetUnknown => Code::StreamTargetUnknown.into(),
            DbError::StreamNotRunning => Code::StreamNotRunning.into(),
            DbError::StorageSecretMissing => Self::invalid(
                "secret_access_key",
                "needed, since the key or the place is another than before",
            ),
            DbError::RecordingNotOver => Code::RecordingNotOver.into(),
            DbError::RecordingHeld => Code::RecordingHeld.into(),
            DbError::KeyInactive => Code::KeyInactive.into(),
            DbError::KeyKind => Self::invalid("public_key", "of the kind of the old key"),
            DbError::TooMany(what) => Self {
                detail: Some(format!("there are as many {what} as there may be").into()),
                ..Code::TooManyItems.into()
            },
            DbError::IdentityProviderUnknown => Code::IdentityProviderUnknown.into(),
            DbError::DomainTaken => Code::DomainTaken.into(),
            DbError::OwnDomainTaken => Code::OwnDomainTaken.into(),
            DbError::IdentityNotAllowed => Code::IdentityNotAllowed.into(),
            DbError::AlreadyMember => Code::AlreadyMember.into(),
            DbError::OwnersOnly => Code::OwnersOnly.into(),
            DbError::LastOwner => Code::LastOwner.into(),
            DbError::WrongInvitee => Code::WrongInvitee.into(),
            DbError::SecondFactorActive => Code::SecondFactorActive.into(),
            DbError::OneTimeToken => Code::OneTimeTokenInvalid.into(),
            DbError::NulInText => Self {
                detail: Some("no text holds a NUL character".into()),
                ..Code::InvalidValue.into()
            },
            error @ DbError::Unavailable(_) => Self {
                retry_after: Some(DATABASE_PAUSE),
                cause: Some(error.into()),
                ..Code::DatabaseUnavailable.into()
            },
            error => Self::internal(error),
        }
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        let code = match &rejection {
            JsonRejection::JsonDataError(_) => Code::InvalidValue,
            JsonRejection::MissingJsonContentType(_) => Code::WrongContentType,
            other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Code::MessageTooBig,
            _ => Code::BadMessage,
        };
        let detail = match &rejection {
            JsonRejection::JsonDataError(error) => Some(error.body_text().into()),
            JsonRejection::JsonSyntaxError(error) => Some(error.body_text().into()),
            _ => None,
        };
        Self { detail, ..code.into() }
    }
}

/// The body is written by [`finish_response`], which knows the request's id; until then the error
/// travels beside an empty answer.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        if let Some(pause) = self.retry_after {
            let seconds = pause.as_millis().div_ceil(1_000).max(1);
            if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
        }
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

/// Why a request was refused (RFC 9457, section 3), as `application/problem+json`.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank",
    "title": "a field has a wrong value",
    "status": 422,
    "code": "invalid_value",
    "detail": "1 to 80 characters",
    "field": "name",
    "request_id": "req_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
}))]
pub(crate) struct Problem<'a> {
    /// Always `about:blank`: `code` names the reason.
    r#type: &'a str,
    /// One English sentence for developers; user interfaces have their own texts.
    title: &'a str,
    /// The status of the answer.
    status: u16,
    code: Code,
    /// What exactly was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The field that was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// Names the request in the server's log; the same as `X-Request-Id`.
    request_id: &'a str,
}

/// Names one request in the log and in the audit.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Gives every request an id, writes the body of refusals and logs what went wrong on our side.
pub(crate) async fn finish_response(mut request: Request, next: Next) -> Response {
    let request_id = format!("req_{}", Uuid::now_v7().simple());
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let span = info_span!("http.request", request.id = %request_id, method = %request.method());
    async {
        let mut response = next.run(request).await;
        if let Some(error) = response.extensions_mut().remove::<std::sync::Arc<ApiError>>() {
            response = render(&error, &request_id, response);
        }
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            headers.insert(REQUEST_ID, value);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
    .instrument(span)
    .await
}

fn render(error: &ApiError, request_id: &str, empty: Response) -> Response {
    match &error.cause {
        Some(cause) => error!(error = %Chain(cause.as_ref()), "a request failed"),
        None => debug!(code = error.code.as_str(), "a request was refused"),
    }
    let problem = Problem {
        r#type: "about:blank",
        title: error.code.title(),
        status: error.code.status().as_u16(),
        code: error.code,
        detail: error.detail.as_deref(),
        field: error.field,
        request_id,
    };
    let mut response = (error.code.status(), Json(problem)).into_response();
    for (name, value) in empty.headers() {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// An error with its causes in one line.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
