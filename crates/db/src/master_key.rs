//! The key file's content: seals secrets before they are stored and gives other roles their keys.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest,
    hkdf::{self, HKDF_SHA256, KeyType, Salt},
};

use crate::DbError;

/// Length of the key file's content, bytes.
pub const MASTER_KEY_BYTES: usize = 32;

/// The one secret that lives outside the database. Without it a stolen database file or backup
/// gives no signing key away.
#[derive(Clone)]
pub struct MasterKey([u8; MASTER_KEY_BYTES]);

impl MasterKey {
    /// Makes a new key from the system's random source.
    #[must_use]
    pub fn generate() -> Self {
        Self(rand::random())
    }

    /// Wraps the content of a key file.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; MASTER_KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The content of a key file.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; MASTER_KEY_BYTES] {
        &self.0
    }

    /// A key of its own for one purpose (HKDF-SHA256, RFC 5869): the same for the same `purpose`,
    /// and none of them tells another.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        Salt::new(HKDF_SHA256, b"jumpa")
            .extract(&self.0)
            .expand(&[purpose.as_bytes()], KeyLength)
            .and_then(|okm| okm.fill(&mut key))
            .expect("32 bytes are within the 8,160 that HKDF-SHA256 can give");
        key
    }

    /// Encrypts with AES-256-GCM; `context` is authenticated and must be equal when opening, so
    /// that sealed values cannot be exchanged between rows. Shape: nonce (12), ciphertext, tag (16).
    pub(crate) fn seal(&self, context: &str, secret: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = secret.to_vec();
        self.sealing_key()
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut sealed,
            )
            .expect("a secret is far below the 64 GiB that one nonce may encrypt");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Self::seal`] gave.
    pub(crate) fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, DbError> {
        let (nonce, ciphertext) =
            sealed.split_first_chunk::<NONCE_LEN>().ok_or(DbError::Damaged("sealed secret"))?;
        let mut secret = ciphertext.to_vec();
        let len = self
            .sealing_key()
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(context.as_bytes()),
                &mut secret,
            )
            .map_err(|_| DbError::KeyFile)?
            .len();
        secret.truncate(len);
        Ok(secret)
    }

    fn sealing_key(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, &self.derive("sealed secrets"))
            .expect("a derived key has the 32 bytes of AES-256");
        LessSafeKey::new(key)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey")
    }
}

/// SHA-256 of a random token: what is stored instead of it.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

struct KeyLength;

impl KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

impl From<hkdf::Okm<'_, KeyLength>> for KeyLength {
    fn from(_: hkdf::Okm<'_, Self>) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_with_its_key_and_context() {
        let key = MasterKey::generate();
        let sealed = key.seal("key_melati", b"rahasia");
        assert_eq!(key.open("key_melati", &sealed).expect("the same key"), b"rahasia");
    }

    #[test]
    fn a_sealed_secret_does_not_open_in_another_row() {
        let key = MasterKey::generate();
        let sealed = key.seal("key_melati", b"rahasia");
        assert!(matches!(key.open("key_sehat", &sealed), Err(DbError::KeyFile)));
    }

    #[test]
    fn a_sealed_secret_does_not_open_with_another_key() {
        let sealed = MasterKey::generate().seal("key_melati", b"rahasia");
        let other = MasterKey::generate();
        assert!(matches!(other.open("key_melati", &sealed), Err(DbError::KeyFile)));
    }

    #[test]
    fn a_sealed_secret_that_was_cut_is_refused() {
        let key = MasterKey::generate();
        assert!(key.open("key_melati", &[1, 2, 3]).is_err());
    }

    #[test]
    fn purposes_have_different_keys() {
        let key = MasterKey::generate();
        assert_ne!(key.derive("one"), key.derive("two"));
        assert_eq!(key.derive("one"), key.derive("one"));
    }
}
