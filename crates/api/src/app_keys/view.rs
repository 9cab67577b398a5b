//! A signing key as those see it who manage it.

use jumpa_db::{AppKey, Timestamp};
use jumpa_protocol::{KeyId, directory::KeyKind, verification_key::PublicKey};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, time::rfc3339};

/// Whether tokens of a key are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyStatus {
    /// They are.
    Active,
    /// They are until `expires_at`: another key takes its place.
    Retiring,
    /// They are not, since another key took its place. Who came by it stays in their call.
    Retired,
    /// They are not, and who came by it is out of their call.
    Revoked,
}

/// A key that signs join tokens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppKey)]
pub(crate) struct AppKeyView {
    /// The `kid` of join tokens.
    id: KeyId,
    kind: KeyKind,
    status: KeyStatus,
    /// The public half of a key that the tenant keeps, PEM.
    #[schema(required)]
    public_key: Option<String>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    created_at: String,
    /// Until when a key that was replaced signs.
    #[schema(format = DateTime, required)]
    expires_at: Option<String>,
    /// When a token of it was last used, to about ten seconds.
    #[schema(format = DateTime, required)]
    last_used_at: Option<String>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewAppKey)]
pub(crate) struct NewAppKeyView {
    pub(crate) key: AppKeyView,
    /// The secret of an `hs256` key, as it is: its characters are the key. Null for a public key.
    #[schema(required)]
    pub(crate) secret: Option<String>,
}

impl AppKeyView {
    pub(crate) fn new(key: AppKey, now: Timestamp) -> Self {
        let status = match (key.revoked_at, key.not_after) {
            (Some(_), _) => KeyStatus::Revoked,
            (None, None) => KeyStatus::Active,
            (None, Some(_)) if key.signs_at(now) => KeyStatus::Retiring,
            (None, Some(_)) => KeyStatus::Retired,
        };
        Self {
            id: key.id,
            kind: key.kind,
            status,
            public_key: key.public_key,
            created_at: rfc3339(key.created_at),
            expires_at: key.not_after.map(rfc3339),
            last_used_at: key.last_used_at.map(rfc3339),
        }
    }
}

/// A public key that somebody sent, PEM or JWK.
pub(crate) fn public_key(text: &str) -> Result<PublicKey, ApiError> {
    PublicKey::parse(text).map_err(|error| ApiError::invalid_because("public_key", error))
}
