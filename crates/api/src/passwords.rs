//! Hashes and checks passwords with argon2id (RFC 9106).

use std::{sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use jumpa_db::LinkToken;
use tokio::sync::{OnceCell, Semaphore};

use crate::{ApiError, error::Code};

/// Hashes at the same time. Each takes 19 MiB and tens of milliseconds of a core; more of them
/// would take the cores from the media threads.
const PARALLEL_HASHES: usize = 2;

/// How long a login waits for its turn before it is told to come back.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The work of password hashing, kept away from the async threads and bounded.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// A hash that nobody's password fits: checked for unknown users, so that an answer takes as
    /// long as for known ones.
    decoy: OnceCell<String>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(PARALLEL_HASHES)), decoy: OnceCell::new() }
    }

    /// The PHC string of a password with a fresh salt.
    pub(crate) async fn hash(&self, password: String) -> Result<String, ApiError> {
        self.work(move || {
            Argon2::default()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| ApiError::internal(error.to_string()))
        })
        .await?
    }

    /// The PHC string for somebody without a password: nobody knows the one that it is made of.
    pub(crate) async fn unusable(&self) -> Result<String, ApiError> {
        self.hash(LinkToken::generate().as_str().to_owned()).await
    }

    /// Whether the password fits the PHC string. Without a string the work is done all the same
    /// and the answer is no.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, ApiError> {
        let is_known = hash.is_some();
        let decoy = self.decoy.get_or_try_init(|| self.hash(String::new())).await?.clone();
        let hash = hash.unwrap_or(decoy);
        let fits = self
            .work(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| {
                    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
                })
            })
            .await?;
        Ok(fits && is_known)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let busy = || ApiError::retry_after(Code::Busy, LONGEST_WAIT);
        let turn = tokio::time::timeout(LONGEST_WAIT, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(ApiError::internal)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(ApiError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new();
        let hash = passwords.hash("kata-sandi-panjang".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        let verify = |text: &str| passwords.verify(text.to_owned(), Some(hash.clone()));
        assert!(verify("kata-sandi-panjang").await.unwrap());
        assert!(!verify("kata-sandi-pendek").await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_user_fits_nothing() {
        let passwords = Passwords::new();
        assert!(!passwords.verify(String::new(), None).await.unwrap());
    }
}
