//! The password of a room.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jumpa_protocol::{CallId, ErrorCode, Refusal, limits};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::token::SessionTokens;

/// A password as a call keeps it, in memory and on disk: its keyed hash.
///
/// A room's password is short, often four digits, so a plain hash on a disk would give it away to
/// whoever tries them all. The key is derived from the server's secret; the call's id is hashed as
/// well, so that equal passwords of two calls do not look equal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Password {
    hash: [u8; 32],
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Password").finish_non_exhaustive()
    }
}

impl Password {
    /// The password of a call.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidValue`] unless it has 1 to [`limits::MAX_PASSWORD_CHARS`] characters.
    pub(super) fn parse(
        text: &str,
        call_id: CallId,
        tokens: &SessionTokens,
    ) -> Result<Self, Refusal> {
        let chars = text.chars().count();
        if chars == 0 || chars > limits::MAX_PASSWORD_CHARS {
            return Err(Refusal::new(
                ErrorCode::InvalidValue,
                format!("a password has 1 to {} characters", limits::MAX_PASSWORD_CHARS),
            ));
        }
        Ok(Self { hash: tokens.hash_password(call_id, text) })
    }

    /// Compares in a time that depends on nothing but the length of the guess.
    pub(super) fn is(&self, guess: &str, call_id: CallId, tokens: &SessionTokens) -> bool {
        self.hash.ct_eq(&tokens.hash_password(call_id, guess)).into()
    }
}

impl From<Password> for String {
    fn from(password: Password) -> Self {
        URL_SAFE_NO_PAD.encode(password.hash)
    }
}

impl TryFrom<String> for Password {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let hash = bytes.and_then(|bytes| bytes.try_into().ok());
        hash.map(|hash| Self { hash }).ok_or("not the hash of a password")
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const CALL: CallId = CallId::from_uuid(Uuid::from_u128(1));

    fn parse(text: &str) -> Result<Password, Refusal> {
        Password::parse(text, CALL, &SessionTokens::new(&[7; 32]))
    }

    #[test]
    fn only_the_password_itself_fits() {
        let tokens = SessionTokens::new(&[7; 32]);
        let password = parse("rahasia").expect("a password");
        assert!(password.is("rahasia", CALL, &tokens));
        for guess in ["", "rahasi", "rahasia ", "Rahasia", "rahasiaa"] {
            assert!(!password.is(guess, CALL, &tokens), "{guess:?}");
        }
    }

    #[test]
    fn a_password_has_1_to_64_characters() {
        assert!(parse("").is_err());
        assert!(parse(&"ü".repeat(63)).is_ok());
        assert!(parse(&"ü".repeat(64)).is_ok());
        assert!(parse(&"ü".repeat(65)).is_err());
    }

    #[test]
    fn its_hash_depends_on_the_call_and_on_the_secret_of_the_server() {
        let password = parse("1234").expect("a password");
        let other_call = CallId::from_uuid(Uuid::from_u128(2));
        assert!(!password.is("1234", other_call, &SessionTokens::new(&[7; 32])));
        assert!(!password.is("1234", CALL, &SessionTokens::new(&[8; 32])));
    }

    #[test]
    fn it_reads_back_as_it_was_written() {
        let password = parse("1234").expect("a password");
        let written = serde_json::to_string(&password).expect("JSON");
        assert!(!written.contains("1234"));
        let read: Password = serde_json::from_str(&written).expect("what was written");
        assert_eq!(read, password);
        for damaged in ["\"\"", "\"AAAA\"", "\"?\"", "7"] {
            assert!(serde_json::from_str::<Password>(damaged).is_err(), "{damaged}");
        }
    }
}
