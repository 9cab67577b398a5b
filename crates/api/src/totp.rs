//! Codes of authenticator apps: TOTP (RFC 6238), six digits of SHA-1, 30 s, one step either way.

use std::time::{SystemTime, UNIX_EPOCH};

use jumpa_db::{Author, Timestamp, User};
use totp_rs::{Builder, Secret, Totp};

use crate::{ApiError, api_state::ApiState, error::Code};

/// Bytes of a shared secret: those of SHA-1, as RFC 4226 section 4 recommends.
const SECRET_BYTES: usize = 20;

/// Who issues the secret, as authenticator apps show it.
const ISSUER: &str = "Jumpa";

/// A fresh secret.
pub(crate) fn new_secret() -> [u8; SECRET_BYTES] {
    rand::random()
}

/// The generator of one person's codes.
pub(crate) fn generator(secret: &[u8], email: &str) -> Result<Totp, ApiError> {
    Builder::new()
        .with_secret(Secret::new(secret.into()))
        // A colon would end the issuer in the address that apps read.
        .with_account_name(email.replace(':', "_"))
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|error| ApiError::internal(error.to_string()))
}

/// The step of a code that is valid now.
pub(crate) fn step_of(generator: &Totp, code: &str) -> Option<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    generator.check(&digits, now.as_secs())
}

/// Uses up a code of somebody who has a second factor: of the app, or a recovery code.
pub(crate) async fn use_code(
    state: &ApiState,
    user: &User,
    code: &str,
    by: &Author,
) -> Result<(), ApiError> {
    let logins = state.database().logins();
    let factor = logins.second_factor(user.id).await?.filter(|factor| factor.is_confirmed);
    let factor = factor.ok_or(Code::SecondFactorMissing)?;
    let is_right = match step_of(&generator(&factor.secret, &user.email)?, code) {
        Some(step) => logins.use_second_factor_step(user.id, step).await?,
        None => logins.use_recovery_code(user.id, code, by, Timestamp::now()).await?,
    };
    if is_right { Ok(()) } else { Err(Code::SecondFactorWrong.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_now_is_right_and_another_is_not() {
        let generator = generator(&new_secret(), "rina@melati.example").unwrap();
        let code = generator.generate_current().to_string();
        assert!(step_of(&generator, &code).is_some());
        assert!(step_of(&generator, &format!("{} {}", &code[..3], &code[3..])).is_some());
        assert_eq!(step_of(&generator, "12"), None);
    }
}
