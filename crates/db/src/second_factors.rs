//! Codes beside the password: a secret shared with an authenticator app (TOTP, RFC 6238), and
//! recovery codes for the day when that app is lost.

use jumpa_protocol::UserId;
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Author, DbError, LoginScope, Timestamp,
    audit::Act,
    master_key::token_hash,
    random_text::{READABLE, random_text},
    statement::sql,
    transaction::Transaction,
};

/// How many recovery codes somebody gets.
const RECOVERY_CODES: usize = 10;

/// Characters of a recovery code: 49 bits, far beyond what the limits on attempts let anybody try.
const RECOVERY_CODE_LEN: usize = 10;

/// The secret that somebody shares with their authenticator app.
pub struct SecondFactor {
    /// The shared secret.
    pub secret: Vec<u8>,
    /// Whether its owner has shown that the app knows it; only then a login needs a code.
    pub is_confirmed: bool,
}

#[derive(FromRow)]
struct Stored {
    totp_sealed_secret: Option<Vec<u8>>,
    totp_confirmed_at: Option<Timestamp>,
}

impl LoginScope<'_> {
    /// Stores a secret that waits to be confirmed; one that waited before is replaced.
    ///
    /// # Errors
    /// [`DbError::SecondFactorActive`] when there is a confirmed one, [`DbError::Query`].
    pub async fn enrol_second_factor(&self, user_id: UserId, secret: &[u8]) -> Result<(), DbError> {
        let sealed = self.database().master_key().seal(&context(user_id), secret);
        let mut change = self.begin().await?;
        let done = sql("UPDATE users SET totp_sealed_secret = $2, totp_last_step = NULL \
             WHERE id = $1 AND totp_confirmed_at IS NULL")
        .bind(user_id)
        .bind(sealed)
        .execute(&mut change)
        .await?;
        if done == 0 {
            return Err(DbError::SecondFactorActive);
        }
        change.commit().await
    }

    /// Somebody's second factor, confirmed or not.
    ///
    /// # Errors
    /// [`DbError::KeyFile`], [`DbError::Query`].
    pub async fn second_factor(&self, user_id: UserId) -> Result<Option<SecondFactor>, DbError> {
        let stored: Option<Stored> =
            sql("SELECT totp_sealed_secret, totp_confirmed_at FROM users WHERE id = $1")
                .bind(user_id)
                .fetch_optional(self)
                .await?;
        let Some(Stored { totp_sealed_secret: Some(sealed), totp_confirmed_at }) = stored else {
            return Ok(None);
        };
        let secret = self.database().master_key().open(&context(user_id), &sealed)?;
        Ok(Some(SecondFactor { secret, is_confirmed: totp_confirmed_at.is_some() }))
    }

    /// From now on a login needs a code. Gives the recovery codes, which are shown once.
    ///
    /// # Errors
    /// [`DbError::SecondFactorActive`] when it was confirmed before, [`DbError::Query`].
    pub async fn confirm_second_factor(
        &self,
        user_id: UserId,
        step: u64,
        by: &Author,
        now: Timestamp,
    ) -> Result<Vec<String>, DbError> {
        let mut change = self.begin().await?;
        let done =
            sql("UPDATE users SET totp_confirmed_at = $2, totp_last_step = $3 WHERE id = $1 \
             AND totp_confirmed_at IS NULL AND totp_sealed_secret IS NOT NULL")
            .bind(user_id)
            .bind(now)
            .bind(i64::try_from(step).unwrap_or(i64::MAX))
            .execute(&mut change)
            .await?;
        if done == 0 {
            return Err(DbError::SecondFactorActive);
        }
        let codes = replace_recovery_codes(&mut change, user_id).await?;
        Act::new("user.second_factor_enabled", None, ("user", user_id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(codes)
    }

    /// Uses the code of one 30 s step. `false`: this code or a later one was used before, so
    /// somebody may have looked over the person's shoulder.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn use_second_factor_step(
        &self,
        user_id: UserId,
        step: u64,
    ) -> Result<bool, DbError> {
        let mut change = self.begin().await?;
        let used = sql("UPDATE users SET totp_last_step = $2 WHERE id = $1 \
             AND (totp_last_step IS NULL OR totp_last_step < $2)")
        .bind(user_id)
        .bind(i64::try_from(step).unwrap_or(i64::MAX))
        .execute(&mut change)
        .await?;
        change.commit().await?;
        Ok(used > 0)
    }

    /// Uses a recovery code. `false`: it is none, or was used before.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn use_recovery_code(
        &self,
        user_id: UserId,
        code: &str,
        by: &Author,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let mut change = self.begin().await?;
        let used = sql("UPDATE recovery_codes SET used_at = $3 \
             WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL")
        .bind(user_id)
        .bind(code_hash(code))
        .bind(now)
        .execute(&mut change)
        .await?;
        if used == 0 {
            return Ok(false);
        }
        Act::new("user.recovery_code_used", None, ("user", user_id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(true)
    }

    /// How many recovery codes somebody has left.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recovery_codes_left(&self, user_id: UserId) -> Result<i64, DbError> {
        let (left,) =
            sql("SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL")
                .bind(user_id)
                .fetch_one(self)
                .await?;
        Ok(left)
    }

    /// Gives new recovery codes; the old ones are void.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn rotate_recovery_codes(
        &self,
        user_id: UserId,
        by: &Author,
        now: Timestamp,
    ) -> Result<Vec<String>, DbError> {
        let mut change = self.begin().await?;
        let codes = replace_recovery_codes(&mut change, user_id).await?;
        Act::new("user.recovery_codes_rotated", None, ("user", user_id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(codes)
    }

    /// From now on the password is enough. Tells whether there was a confirmed second factor.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn disable_second_factor(
        &self,
        user_id: UserId,
        by: &Author,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let mut change = self.begin().await?;
        let done = sql("UPDATE users SET totp_sealed_secret = NULL, totp_confirmed_at = NULL, \
             totp_last_step = NULL WHERE id = $1 AND totp_confirmed_at IS NOT NULL")
        .bind(user_id)
        .execute(&mut change)
        .await?;
        sql("DELETE FROM recovery_codes WHERE user_id = $1")
            .bind(user_id)
            .execute(&mut change)
            .await?;
        if done > 0 {
            Act::new("user.second_factor_disabled", None, ("user", user_id))
                .after(json!({ "second_factor": false }))
                .record(&mut change, by, now)
                .await?;
        }
        change.commit().await?;
        Ok(done > 0)
    }
}

async fn replace_recovery_codes(
    change: &mut Transaction,
    user_id: UserId,
) -> Result<Vec<String>, DbError> {
    sql("DELETE FROM recovery_codes WHERE user_id = $1").bind(user_id).execute(change).await?;
    let codes: Vec<String> =
        (0..RECOVERY_CODES).map(|_| random_text(READABLE, RECOVERY_CODE_LEN)).collect();
    for code in &codes {
        sql("INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)")
            .bind(user_id)
            .bind(token_hash(code))
            .execute(change)
            .await?;
    }
    // A hyphen in the middle, for those who write them down.
    Ok(codes.iter().map(|code| format!("{}-{}", &code[..5], &code[5..])).collect())
}

/// Hyphens, spaces and case do not count.
fn code_hash(code: &str) -> Vec<u8> {
    let letters: String =
        code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    token_hash(&letters)
}

/// What the sealed secret is bound to: it opens in this person's row only.
fn context(user_id: UserId) -> String {
    format!("totp {user_id}")
}
