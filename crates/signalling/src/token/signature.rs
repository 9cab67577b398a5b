//! The outside of a token: its three parts, the key that its header names, its signature.

use aws_lc_rs::{
    hmac,
    signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
        VerificationAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jumpa_protocol::{
    AppId, ErrorCode, KeyId, Refusal,
    directory::{AppEntry, Directory, KeyEntry, KeyMaterial},
    limits,
    verification_key::PublicKey,
};
use serde::{Deserialize, Deserializer};

use super::{MIN_SECRET_BYTES, malformed, read_object};

/// The parts of a header that matter. `jku`, `jwk`, `x5u` and `x5c` name keys and are ignored.
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default, deserialize_with = "text")]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    /// Extensions that must be understood (RFC 7515 section 4.1.11); none is.
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

/// A text, and not `null` in its place.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// A token in its parts, of which nothing but the form has been checked.
pub(super) struct SignedParts<'a> {
    header: Header,
    /// Header and claims as they were signed.
    signed: &'a str,
    /// The claims, base64url.
    pub(super) claims: &'a str,
    signature: &'a str,
}

/// Who has signed a token.
pub(super) struct Signer {
    pub(super) key_id: KeyId,
    pub(super) app_id: AppId,
    /// Whether the token does not name its key.
    pub(super) is_guessed: bool,
}

impl<'a> SignedParts<'a> {
    pub(super) fn read(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > limits::MAX_TOKEN_BYTES {
            return Err(malformed("it is longer than 8 KiB"));
        }
        let (signed, signature) =
            token.rsplit_once('.').ok_or_else(|| malformed("it is no JWT"))?;
        let (header, claims) = signed.split_once('.').ok_or_else(|| malformed("it is no JWT"))?;
        if claims.contains('.') {
            return Err(malformed("it has more than three parts"));
        }
        let header: Header = read_object(header).ok_or_else(|| malformed("its header"))?;
        if header.crit.is_some() {
            return Err(malformed("it asks for extensions (`crit`)"));
        }
        if header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(malformed("its `typ` is not `JWT`"));
        }
        Ok(Self { header, signed, claims, signature })
    }

    /// The key whose signature the token bears at `now`, seconds since 1970. Only a token without
    /// `kid` depends on the app that is joined.
    pub(super) fn signer(
        &self,
        directory: &Directory,
        app_id: &AppId,
        app: &AppEntry,
        now: u64,
    ) -> Result<Signer, Refusal> {
        let Some(kid) = &self.header.kid else {
            return self.signer_without_id(directory, app_id, app, now);
        };
        let (key_id, key) = named_key(directory, kid).ok_or(ErrorCode::TokenKeyUnknown)?;
        if !key.signs_at(now) {
            return Err(Refusal::new(
                ErrorCode::TokenKeyUnknown,
                "the key of the access token was replaced, and its time is over",
            ));
        }
        if self.header.alg != key.material.algorithm() {
            return Err(ErrorCode::TokenAlgorithm.into());
        }
        if !fits(&key.material, self.signed.as_bytes(), &self.signature_bytes()?) {
            return Err(ErrorCode::TokenSignature.into());
        }
        Ok(Signer { key_id, app_id: key.app_id.clone(), is_guessed: false })
    }

    fn signer_without_id(
        &self,
        directory: &Directory,
        app_id: &AppId,
        app: &AppEntry,
        now: u64,
    ) -> Result<Signer, Refusal> {
        if app.keys_without_id.is_empty() {
            return Err(malformed(
                "its header names no key (`kid`), and the app does not take such tokens",
            ));
        }
        if self.header.alg != "HS256" {
            return Err(ErrorCode::TokenAlgorithm.into());
        }
        let signature = self.signature_bytes()?;
        let mut tried = app.keys_without_id.iter().take(limits::MAX_KEYS_WITHOUT_ID);
        let has_signed = |key: &KeyEntry| {
            &key.app_id == app_id
                && key.signs_at(now)
                && matches!(key.material, KeyMaterial::Hs256(_))
                && fits(&key.material, self.signed.as_bytes(), &signature)
        };
        let key_id = tried
            .find(|key_id| directory.keys.get(key_id).is_some_and(has_signed))
            .ok_or(ErrorCode::TokenSignature)?;
        Ok(Signer { key_id: key_id.clone(), app_id: app_id.clone(), is_guessed: true })
    }

    fn signature_bytes(&self) -> Result<Vec<u8>, Refusal> {
        URL_SAFE_NO_PAD
            .decode(self.signature)
            .map_err(|_| malformed("its signature is no base64url"))
    }
}

/// The key that a `kid` names: `{key id}`, or `{app id}/{key id}` as JaaS writes it.
fn named_key<'a>(directory: &'a Directory, kid: &str) -> Option<(KeyId, &'a KeyEntry)> {
    let (app_id, key_id) = match kid.split_once('/') {
        Some((app_id, key_id)) => (Some(app_id), key_id),
        None => (None, kid),
    };
    let key_id: KeyId = key_id.parse().ok()?;
    let key = directory.keys.get(&key_id)?;
    let is_of_app = app_id.is_none_or(|app_id| app_id == key.app_id.as_str());
    let is_strong = match &key.material {
        KeyMaterial::Hs256(secret) => secret.0.len() >= MIN_SECRET_BYTES,
        KeyMaterial::Public(_) => true,
    };
    (is_of_app && is_strong).then_some((key_id, key))
}

/// Whether a signature is that of a key (RFC 7518 section 3, RFC 8037 section 3.1).
fn fits(material: &KeyMaterial, signed: &[u8], signature: &[u8]) -> bool {
    let (algorithm, key): (&dyn VerificationAlgorithm, _) = match material {
        KeyMaterial::Hs256(secret) => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.0);
            let is_long = secret.0.len() >= MIN_SECRET_BYTES;
            return is_long && hmac::verify(&key, signed, signature).is_ok();
        }
        KeyMaterial::Public(PublicKey::Rs256(key)) => (&RSA_PKCS1_2048_8192_SHA256, key),
        KeyMaterial::Public(PublicKey::Es256(key)) => (&ECDSA_P256_SHA256_FIXED, key),
        KeyMaterial::Public(PublicKey::Ed25519(key)) => (&ED25519, key),
    };
    UnparsedPublicKey::new(algorithm, key).verify(signed, signature).is_ok()
}
