//! The password of a room.

use aws_lc_rs::digest;
use jumpa_protocol::{ErrorCode, Refusal, limits};
use subtle::ConstantTimeEq;

/// A password as a call keeps it: its hash. It lives only as long as the call, in memory.
#[derive(Clone)]
pub(super) struct Password {
    hash: digest::Digest,
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Password").finish_non_exhaustive()
    }
}

impl Password {
    /// # Errors
    /// [`ErrorCode::InvalidValue`] unless it has 1 to [`limits::MAX_PASSWORD_CHARS`] characters.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let chars = text.chars().count();
        if chars == 0 || chars > limits::MAX_PASSWORD_CHARS {
            return Err(Refusal::new(
                ErrorCode::InvalidValue,
                format!("a password has 1 to {} characters", limits::MAX_PASSWORD_CHARS),
            ));
        }
        Ok(Self { hash: hash(text) })
    }

    /// Compares in a time that depends on nothing but the length of the guess.
    pub(super) fn is(&self, guess: &str) -> bool {
        self.hash.as_ref().ct_eq(hash(guess).as_ref()).into()
    }
}

fn hash(text: &str) -> digest::Digest {
    digest::digest(&digest::SHA256, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_fits() {
        let password = Password::parse("rahasia").expect("a password");
        assert!(password.is("rahasia"));
        for guess in ["", "rahasi", "rahasia ", "Rahasia", "rahasiaa"] {
            assert!(!password.is(guess), "{guess:?}");
        }
    }

    #[test]
    fn a_password_has_1_to_64_characters() {
        assert!(Password::parse("").is_err());
        assert!(Password::parse(&"ü".repeat(63)).is_ok());
        assert!(Password::parse(&"ü".repeat(64)).is_ok());
        assert!(Password::parse(&"ü".repeat(65)).is_err());
    }
}
