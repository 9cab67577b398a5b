//! Public keys that tenants upload: read from PEM or JWK, checked for strength, written as PEM.
//!
//! Only the kinds that tokens may be signed with are read, each with its one curve or scheme; so a
//! key can never be used with another algorithm than its own. Whether a point lies on its curve is
//! seen by the library that verifies.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Deserialize;

mod der;

use der::Reader;

/// Longest text of a key, bytes: PEM of the largest RSA key has about 1,500.
pub const MAX_KEY_TEXT_BYTES: usize = 8 * 1024;

/// Smallest RSA modulus, bits (NIST SP 800-131A; RFC 7518 section 3.3 asks for the same).
pub const MIN_RSA_BITS: usize = 2_048;

/// Largest RSA modulus, bits: verifying costs its square, at each join.
pub const MAX_RSA_BITS: usize = 8_192;

const PEM_BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const PEM_END: &str = "-----END PUBLIC KEY-----";

/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 3279 section 2.3.1).
const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480 section 2.1.1).
const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// secp256r1, 1.2.840.10045.3.1.7 (RFC 5480 section 2.1.1.1).
const OID_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// id-Ed25519, 1.3.101.112 (RFC 8410 section 3).
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// A public key that verifies tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// RSASSA-PKCS1-v1_5 with SHA-256: the DER of an RSAPublicKey (RFC 8017 appendix A.1.1).
    Rs256(Vec<u8>),
    /// ECDSA on P-256 with SHA-256: the uncompressed point, 65 bytes.
    Es256(Vec<u8>),
    /// Ed25519: 32 bytes.
    Ed25519(Vec<u8>),
}

/// Why a text is not taken as a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyTextError {
    /// The half that must stay with its owner.
    #[error("this is a private key; keep it, make a new one, and upload the public half of that")]
    Private,
    /// A shared secret.
    #[error("this is a shared secret; secrets are made by the server")]
    SharedSecret,
    /// Neither form.
    #[error("a public key is PEM (`-----BEGIN PUBLIC KEY-----`) or a JWK")]
    Unreadable,
    /// Another kind of key.
    #[error("the key is of a kind that cannot be used: RSA, EC on P-256 or Ed25519 can")]
    Kind,
    /// Too small or too large.
    #[error("an RSA key has 2048 to 8192 bits and an odd exponent from 3 on")]
    Strength,
}

impl PublicKey {
    /// Reads PEM (SubjectPublicKeyInfo, RFC 7468 section 13) or a JWK (RFC 7517).
    ///
    /// # Errors
    /// [`KeyTextError`].
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let text = text.trim();
        if text.len() > MAX_KEY_TEXT_BYTES {
            return Err(KeyTextError::Unreadable);
        }
        if text.contains("PRIVATE KEY-----") {
            return Err(KeyTextError::Private);
        }
        if text.starts_with('{') {
            return from_jwk(text);
        }
        let body = text
            .strip_prefix(PEM_BEGIN)
            .and_then(|rest| rest.strip_suffix(PEM_END))
            .ok_or(KeyTextError::Unreadable)?;
        let body: String = body.split_ascii_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| KeyTextError::Unreadable)?;
        from_public_key_info(&der)
    }

    /// The only `alg` of tokens that it verifies.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rs256(_) => "RS256",
            Self::Es256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    /// The key as PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let (algorithm, key) = match self {
            Self::Rs256(key) => {
                let oid = der::element(der::OBJECT_IDENTIFIER, OID_RSA);
                ([oid, der::element(der::NULL, &[])].concat(), key)
            }
            Self::Es256(key) => {
                let oid = der::element(der::OBJECT_IDENTIFIER, OID_EC);
                ([oid, der::element(der::OBJECT_IDENTIFIER, OID_P256)].concat(), key)
            }
            Self::Ed25519(key) => (der::element(der::OBJECT_IDENTIFIER, OID_ED25519), key),
        };
        let bits = [&[0], key.as_slice()].concat();
        let info = [der::element(der::SEQUENCE, &algorithm), der::element(der::BIT_STRING, &bits)];
        let text = STANDARD.encode(der::element(der::SEQUENCE, &info.concat()));
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        format!("{PEM_BEGIN}\n{}\n{PEM_END}\n", lines.join("\n"))
    }
}

/// A SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
fn from_public_key_info(info: &[u8]) -> Result<PublicKey, KeyTextError> {
    let unreadable = KeyTextError::Unreadable;
    let mut whole = Reader::new(info);
    let mut info = whole.enter(der::SEQUENCE).ok_or(unreadable)?;
    let mut algorithm = info.enter(der::SEQUENCE).ok_or(unreadable)?;
    let bits = info.take(der::BIT_STRING).ok_or(unreadable)?;
    if !whole.is_empty() || !info.is_empty() {
        return Err(unreadable);
    }
    let key = bits.strip_prefix(&[0]).ok_or(unreadable)?;
    let kind = algorithm.take(der::OBJECT_IDENTIFIER).ok_or(unreadable)?;
    let key = match kind {
        OID_RSA => {
            algorithm.take(der::NULL).ok_or(unreadable)?;
            check_rsa(key)?;
            PublicKey::Rs256(key.to_vec())
        }
        OID_EC => {
            if algorithm.take(der::OBJECT_IDENTIFIER) != Some(OID_P256) {
                return Err(KeyTextError::Kind);
            }
            p256(key)?
        }
        OID_ED25519 => ed25519(key)?,
        _ => return Err(KeyTextError::Kind),
    };
    if algorithm.is_empty() { Ok(key) } else { Err(unreadable) }
}

/// Checks the DER of an RSAPublicKey.
fn check_rsa(key: &[u8]) -> Result<(), KeyTextError> {
    let mut whole = Reader::new(key);
    let mut numbers = whole.enter(der::SEQUENCE).ok_or(KeyTextError::Unreadable)?;
    let modulus = numbers.take_unsigned().ok_or(KeyTextError::Unreadable)?;
    let exponent = numbers.take_unsigned().ok_or(KeyTextError::Unreadable)?;
    if !whole.is_empty() || !numbers.is_empty() {
        return Err(KeyTextError::Unreadable);
    }
    check_rsa_numbers(modulus, exponent)
}

/// Checks the size of a modulus and an exponent, both without leading zeros. An exponent of more
/// than 33 bits is refused by the library that verifies.
fn check_rsa_numbers(modulus: &[u8], exponent: &[u8]) -> Result<(), KeyTextError> {
    let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = modulus.len() * 8 - zeros;
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    let is_exponent = is_odd(exponent) && exponent != [1] && exponent.len() <= 4;
    if (MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) && is_odd(modulus) && is_exponent {
        Ok(())
    } else {
        Err(KeyTextError::Strength)
    }
}

/// The uncompressed form alone (SEC 1 section 2.3.3).
fn p256(point: &[u8]) -> Result<PublicKey, KeyTextError> {
    match point {
        [4, rest @ ..] if rest.len() == 64 => Ok(PublicKey::Es256(point.to_vec())),
        _ => Err(KeyTextError::Unreadable),
    }
}

fn ed25519(key: &[u8]) -> Result<PublicKey, KeyTextError> {
    if key.len() == 32 {
        Ok(PublicKey::Ed25519(key.to_vec()))
    } else {
        Err(KeyTextError::Unreadable)
    }
}

/// The members that matter; `use`, `alg`, `kid` and others say nothing that is believed.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<serde::de::IgnoredAny>,
}

fn from_jwk(text: &str) -> Result<PublicKey, KeyTextError> {
    let jwk: Jwk = serde_json::from_str(text).map_err(|_| KeyTextError::Unreadable)?;
    if jwk.kty == "oct" {
        return Err(KeyTextError::SharedSecret);
    }
    if jwk.d.is_some() {
        return Err(KeyTextError::Private);
    }
    let number = |text: Option<String>| {
        text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).ok_or(KeyTextError::Unreadable)
    };
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => {
            let (modulus, exponent) = (number(jwk.n)?, number(jwk.e)?);
            let (modulus, exponent) = (without_zeros(&modulus), without_zeros(&exponent));
            check_rsa_numbers(modulus, exponent)?;
            let numbers = [der::unsigned(modulus), der::unsigned(exponent)].concat();
            Ok(PublicKey::Rs256(der::element(der::SEQUENCE, &numbers)))
        }
        ("EC", Some("P-256")) => {
            let (x, y) = (number(jwk.x)?, number(jwk.y)?);
            if x.len() != 32 {
                return Err(KeyTextError::Unreadable);
            }
            p256(&[&[4], x.as_slice(), y.as_slice()].concat())
        }
        ("OKP", Some("Ed25519")) => ed25519(&number(jwk.x)?),
        _ => Err(KeyTextError::Kind),
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    number.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
