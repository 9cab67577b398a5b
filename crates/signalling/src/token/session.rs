//! Tokens that the server signs for itself: to resume a session, to rate a call.
//!
//! Form: `base64url(JSON) "." base64url(HMAC-SHA-256)`. Two parts, so none of them can be taken
//! for a join token; each purpose has its own key, derived from the server's secret, and names
//! itself in the claims, so none can be taken for another.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jumpa_protocol::{
    AppId, CallId, ErrorCode, KeyId, ParticipantId, RecordingId, Refusal, RoomName, limits,
    signal::Role, token::Grants,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How long a resume token is valid. Resuming a session that the server still holds needs no more
/// than seconds; the rest is for calls that outlive a restart of the server.
pub const RESUME_TOKEN_LIFETIME: Duration = Duration::from_secs(48 * 60 * 60);

/// How long after joining a call can be rated.
pub const RATING_TOKEN_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long a recorder token is valid: calls are long, and a recorder that comes back after a
/// restart of its machine uses it again.
pub const RECORDER_TOKEN_LIFETIME: Duration = Duration::from_secs(48 * 60 * 60);

/// Who a session belongs to and what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumeClaims {
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// The call.
    pub call_id: CallId,
    /// When the call began, milliseconds since 1970.
    pub call_started_at_ms: u64,
    /// Who.
    pub participant_id: ParticipantId,
    /// The key of the join token; absent for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<KeyId>,
    /// The person's id in the tenant's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Display name.
    pub name: String,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Role at the time of joining: that of the token, or what a moderator gave in the same call.
    pub role: Role,
    /// Role by the token alone; what counts in any other call.
    pub own_role: Role,
    /// Whether a token proved the name.
    pub is_verified: bool,
    /// Rights besides moderation.
    pub grants: Grants,
    /// When the token stops to be valid, seconds since 1970.
    pub exp: u64,
}

/// Whose call is rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingClaims {
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// The call.
    pub call_id: CallId,
    /// Who.
    pub participant_id: ParticipantId,
    /// When the token stops to be valid, seconds since 1970.
    pub exp: u64,
}

/// What is recorded where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecorderClaims {
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// The call.
    pub call_id: CallId,
    /// The recording.
    pub recording_id: RecordingId,
    /// When the token stops to be valid, seconds since 1970.
    pub exp: u64,
}

/// Signs and verifies the server's own tokens. Cheap to clone.
#[derive(Clone)]
pub struct SessionTokens {
    keys: Arc<Keys>,
}

struct Keys {
    resume: hmac::Key,
    rating: hmac::Key,
    recorder: hmac::Key,
    password: hmac::Key,
}

impl std::fmt::Debug for SessionTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionTokens").finish_non_exhaustive()
    }
}

/// The claims together with what they are for.
#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    purpose: Purpose,
    claims: T,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    Resume,
    Rating,
    Recorder,
}

impl SessionTokens {
    /// The tokens of a server with this secret. Every node of an installation has the same one.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derived = |label: &str| {
            hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, label.as_bytes()).as_ref())
        };
        Self {
            keys: Arc::new(Keys {
                resume: derived("jumpa resume token v1"),
                rating: derived("jumpa rating token v1"),
                recorder: derived("jumpa recorder token v1"),
                password: derived("jumpa room password v1"),
            }),
        }
    }

    /// Signs a resume token.
    #[must_use]
    pub fn sign_resume(&self, claims: &ResumeClaims) -> String {
        write(&self.keys.resume, Purpose::Resume, claims)
    }

    /// Signs a rating token.
    #[must_use]
    pub fn sign_rating(&self, claims: &RatingClaims) -> String {
        write(&self.keys.rating, Purpose::Rating, claims)
    }

    /// Signs a recorder token.
    #[must_use]
    pub fn sign_recorder(&self, claims: &RecorderClaims) -> String {
        write(&self.keys.recorder, Purpose::Recorder, claims)
    }

    /// Verifies a recorder token at `unix_now` (time since 1970); `None` for anything else, which
    /// may be a token of another kind.
    #[must_use]
    pub fn verify_recorder(&self, token: &str, unix_now: Duration) -> Option<RecorderClaims> {
        let claims: RecorderClaims = read(&self.keys.recorder, Purpose::Recorder, token)?;
        (claims.exp > unix_now.as_secs()).then_some(claims)
    }

    /// What is kept of a room's password: nobody without the secret can try passwords on it.
    #[must_use]
    pub fn hash_password(&self, call_id: CallId, text: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.keys.password);
        context.update(call_id.as_uuid().as_bytes());
        context.update(text.as_bytes());
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        hash
    }

    /// Verifies a resume token at `unix_now` (time since 1970).
    ///
    /// # Errors
    /// [`ErrorCode::ResumeUnknown`] whatever is wrong: the client's way on is the same.
    pub fn verify_resume(&self, token: &str, unix_now: Duration) -> Result<ResumeClaims, Refusal> {
        let claims: Option<ResumeClaims> = read(&self.keys.resume, Purpose::Resume, token);
        claims
            .filter(|claims| claims.exp > unix_now.as_secs())
            .ok_or_else(|| ErrorCode::ResumeUnknown.into())
    }

    /// Verifies a rating token at `unix_now` (time since 1970).
    ///
    /// # Errors
    /// [`ErrorCode::TokenExpired`] or [`ErrorCode::TokenMalformed`].
    pub fn verify_rating(&self, token: &str, unix_now: Duration) -> Result<RatingClaims, Refusal> {
        let claims: RatingClaims = read(&self.keys.rating, Purpose::Rating, token)
            .ok_or_else(|| Refusal::from(ErrorCode::TokenMalformed))?;
        if claims.exp <= unix_now.as_secs() {
            return Err(ErrorCode::TokenExpired.into());
        }
        Ok(claims)
    }
}

fn write<T: Serialize>(key: &hmac::Key, purpose: Purpose, claims: &T) -> String {
    let json = serde_json::to_vec(&Envelope { purpose, claims })
        .expect("claims are plain text and numbers, which always can be written");
    let mut token = URL_SAFE_NO_PAD.encode(json);
    let tag = hmac::sign(key, token.as_bytes());
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(tag));
    token
}

fn read<T: DeserializeOwned>(key: &hmac::Key, purpose: Purpose, token: &str) -> Option<T> {
    if token.len() > limits::MAX_TOKEN_BYTES {
        return None;
    }
    let (payload, tag) = token.split_once('.')?;
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    hmac::verify(key, payload.as_bytes(), &tag).ok()?;
    let json = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let envelope: Envelope<T> = serde_json::from_slice(&json).ok()?;
    (envelope.purpose == purpose).then_some(envelope.claims)
}
