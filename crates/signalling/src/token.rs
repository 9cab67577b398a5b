//! Join tokens: signed by an app key, verified strictly.
//!
//! A token is a JWT (RFC 7519) in compact form. The header's `kid` alone chooses the key, and the
//! key decides app and algorithm; nothing that the token says about either is believed. What
//! libraries leave open is closed here: claims have exact types, the lifetime is bounded from both
//! ends, the room is compared in its normal form.
//!
//! Three shapes are read ([`TokenShape`]). Tokens of Jitsi often have no `kid`: an app may take
//! such tokens, and then its own HS256 keys are tried, a bounded number, never those of another
//! app; the app is the one that is joined, and `iss` has to name it as well.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jumpa_protocol::{
    AppId, ErrorCode, KeyId, Refusal, RoomName,
    directory::Directory,
    limits,
    token::{Grants, JoinClaims},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

mod claims;
mod session;
mod signature;

#[cfg(test)]
mod tests;

use claims::Claims;
pub use claims::TokenShape;
pub use session::{
    RATING_TOKEN_LIFETIME, RECORDER_TOKEN_LIFETIME, RESUME_TOKEN_LIFETIME, RatingClaims,
    RecorderClaims, ResumeClaims, SessionTokens,
};
use signature::SignedParts;

/// Shortest secret that signs or verifies, bytes: the size of the hash (RFC 7518 section 3.2).
pub const MIN_SECRET_BYTES: usize = 32;

/// Longest `jti`, bytes: what is remembered for every one-time token.
pub const MAX_TOKEN_ID_BYTES: usize = 256;

/// What a verified join token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// The key that signed it.
    pub key_id: KeyId,
    /// How its claims are written.
    pub shape: TokenShape,
    /// The person's id in the tenant's own system.
    pub subject: Option<String>,
    /// The display name as it was signed.
    pub name: Option<String>,
    /// Address of a picture as it was signed.
    pub avatar: Option<String>,
    /// Whether the person moderates the call.
    pub is_moderator: bool,
    /// What the person may do.
    pub grants: Grants,
    /// The unique id of the token, when it has one and the app asks to use such tokens once.
    pub one_time_id: Option<String>,
    /// When the token stops to be valid, seconds since 1970.
    pub expires_at: u64,
}

/// Why a token cannot be signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The secret is shorter than [`MIN_SECRET_BYTES`].
    #[error("the secret of a key has at least {MIN_SECRET_BYTES} bytes")]
    SecretTooShort,
    /// The claims cannot be written.
    #[error("writing the claims")]
    Claims(#[source] serde_json::Error),
}

#[derive(Serialize)]
struct HeaderToWrite<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// Signs claims with an app key (`HS256`).
///
/// # Errors
/// [`SignError::SecretTooShort`] for a secret that verification would refuse as well.
pub fn sign(key_id: &KeyId, secret: &[u8], claims: &JoinClaims) -> Result<String, SignError> {
    if secret.len() < MIN_SECRET_BYTES {
        return Err(SignError::SecretTooShort);
    }
    let header = HeaderToWrite { alg: "HS256", typ: "JWT", kid: key_id.as_str() };
    let header = serde_json::to_string(&header).map_err(SignError::Claims)?;
    let claims = serde_json::to_string(claims).map_err(SignError::Claims)?;
    Ok(sign_parts(&header, &claims, secret))
}

/// Signs any header and claims, as they are: for tests of what verification refuses.
#[must_use]
pub fn sign_parts(header: &str, claims: &str, secret: &[u8]) -> String {
    let mut token =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), token.as_bytes());
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(tag));
    token
}

/// Verifies a token for a room of an app at `unix_now` (time since 1970).
///
/// One-time use is left to the caller, who knows which tokens were used.
///
/// # Errors
/// One code per reason, `ErrorCode::Token…`; [`ErrorCode::AppUnknown`] for an app that does not
/// exist. Nothing about the room or its call is looked at.
pub fn verify(
    directory: &Directory,
    token: &str,
    app_id: &AppId,
    room: &RoomName,
    unix_now: Duration,
) -> Result<VerifiedToken, Refusal> {
    let app = directory.apps.get(app_id).ok_or(ErrorCode::AppUnknown)?;
    let now = unix_now.as_secs();
    let parts = SignedParts::read(token)?;
    let signer = parts.signer(directory, app_id, app, now)?;

    let claims = Claims::read(parts.claims)?;
    if signer.is_guessed && claims.issuer.as_deref() != Some(app_id.as_str()) {
        return Err(Refusal::new(
            ErrorCode::TokenWrongApp,
            "an access token without `kid` names its app in `iss`",
        ));
    }
    if &signer.app_id != app_id || !claims.is_for(app_id) {
        return Err(ErrorCode::TokenWrongApp.into());
    }
    check_times(&claims, now)?;
    claims.room.check(room, app.allows_any_room)?;
    if claims.jti.as_ref().is_some_and(|id| id.is_empty() || id.len() > MAX_TOKEN_ID_BYTES) {
        return Err(malformed("its `jti` has 1 to 256 bytes"));
    }
    Ok(VerifiedToken {
        key_id: signer.key_id,
        shape: claims.shape,
        subject: claims.subject.filter(|subject| !subject.is_empty()),
        name: claims.name,
        avatar: claims.avatar,
        is_moderator: claims.is_moderator,
        grants: claims.grants,
        one_time_id: claims.jti.filter(|_| app.one_time_tokens),
        expires_at: claims.exp,
    })
}

/// Header and claims as they stand in a token, whether or not they are true, for somebody who looks
/// for a mistake; `None` for what cannot be read.
#[must_use]
pub fn read_unverified(token: &str) -> (Option<Value>, Option<Value>) {
    let read = |part: &str| read_object::<Map<String, Value>>(part).map(Value::Object);
    let mut parts = token.split('.');
    (parts.next().and_then(read), parts.next().and_then(read))
}

fn malformed(what: &str) -> Refusal {
    Refusal::new(ErrorCode::TokenMalformed, format!("the access token could not be read: {what}"))
}

/// Checks `exp`, `nbf` and `iat`, all in seconds since 1970. The lifetime counts from `iat` when
/// it is given, else from now, so an `exp` far away is refused in any case.
fn check_times(claims: &Claims, now: u64) -> Result<(), Refusal> {
    let leeway = limits::TOKEN_LEEWAY.as_secs();
    if claims.exp.saturating_add(leeway) <= now {
        return Err(ErrorCode::TokenExpired.into());
    }
    let latest_start = now.saturating_add(leeway);
    if claims.nbf.is_some_and(|from| from > latest_start)
        || claims.iat.is_some_and(|made| made > latest_start)
    {
        return Err(ErrorCode::TokenNotYetValid.into());
    }
    let lifetime_ends = match claims.iat {
        Some(made) => made,
        None => latest_start,
    }
    .saturating_add(limits::MAX_TOKEN_LIFETIME.as_secs());
    if claims.exp > lifetime_ends {
        return Err(ErrorCode::TokenLifetime.into());
    }
    Ok(())
}

/// Reads a part of a token: base64url without padding, a JSON object. Arrays, which serde would
/// take for a struct as well, and repeated fields are refused.
fn read_object<T: DeserializeOwned>(part: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let is_object = text.trim_ascii_start().starts_with('{');
    is_object.then(|| serde_json::from_str(text).ok()).flatten()
}
