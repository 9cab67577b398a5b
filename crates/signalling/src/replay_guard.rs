//! Remembers which one-time tokens were used.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest;
use jumpa_protocol::{AppId, ErrorCode, Refusal, limits};

/// Most one-time tokens remembered at a time, of all apps.
///
/// One costs about 60 bytes, so this is 60 MB at most. When it is full even after the expired ones
/// are gone, further one-time tokens are refused: forgetting one would let it join twice.
const MAX_REMEMBERED: usize = 1_000_000;

/// Most one-time tokens remembered of one app, so that one app cannot use up the place of others.
const MAX_REMEMBERED_PER_APP: usize = 200_000;

/// The used one-time tokens of a node.
#[derive(Debug, Default)]
pub struct ReplayGuard {
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    /// Per app, when each used token expires, seconds since 1970.
    apps: HashMap<AppId, HashMap<Fingerprint, u64>>,
    /// Used tokens of all apps.
    total: usize,
}

/// 128 bits of the hash of a token id.
type Fingerprint = [u8; 16];

/// The use of a one-time token; given back when the join it was for is refused after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeUse {
    app_id: AppId,
    fingerprint: Fingerprint,
}

impl ReplayGuard {
    /// Notes the use of a token id, valid until `expires_at`, at `now` (both seconds since 1970).
    ///
    /// # Errors
    /// [`ErrorCode::TokenReplayed`] when it was used before, [`ErrorCode::TooManyMessages`] when
    /// nothing more can be remembered.
    pub fn claim(
        &self,
        app_id: &AppId,
        token_id: &str,
        expires_at: u64,
        now: u64,
    ) -> Result<OneTimeUse, Refusal> {
        let fingerprint = fingerprint(token_id);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.apps.get(app_id).is_some_and(|tokens| tokens.contains_key(&fingerprint)) {
            return Err(ErrorCode::TokenReplayed.into());
        }
        if used.is_full(app_id) {
            used.forget_expired(now);
            if used.is_full(app_id) {
                return Err(Refusal::new(
                    ErrorCode::TooManyMessages,
                    "too many one-time tokens were used; try again later",
                ));
            }
        }
        let remembered_until = expires_at.saturating_add(limits::TOKEN_LEEWAY.as_secs());
        used.apps.entry(app_id.clone()).or_default().insert(fingerprint, remembered_until);
        used.total += 1;
        Ok(OneTimeUse { app_id: app_id.clone(), fingerprint })
    }

    /// Forgets a use, so that the token can be used again.
    pub fn release(&self, one_time: &OneTimeUse) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = used.apps.get_mut(&one_time.app_id);
        if tokens.is_some_and(|tokens| tokens.remove(&one_time.fingerprint).is_some()) {
            used.total = used.total.saturating_sub(1);
        }
    }
}

impl Used {
    fn is_full(&self, app_id: &AppId) -> bool {
        self.total >= MAX_REMEMBERED
            || self.apps.get(app_id).is_some_and(|used| used.len() >= MAX_REMEMBERED_PER_APP)
    }

    fn forget_expired(&mut self, now: u64) {
        self.apps.retain(|_, tokens| {
            tokens.retain(|_, expiry| *expiry > now);
            !tokens.is_empty()
        });
        self.total = self.apps.values().map(HashMap::len).sum();
    }
}

fn fingerprint(token_id: &str) -> Fingerprint {
    let hash = digest::digest(&digest::SHA256, token_id.as_bytes());
    let mut fingerprint = [0; 16];
    for (to, from) in fingerprint.iter_mut().zip(hash.as_ref()) {
        *to = *from;
    }
    fingerprint
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(id: &str) -> AppId {
        id.parse().expect("an app id")
    }

    fn claim(guard: &ReplayGuard, app_id: &str, id: &str) -> Result<OneTimeUse, ErrorCode> {
        guard.claim(&app(app_id), id, 100, 50).map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_token_id_is_taken_once_per_app() {
        let guard = ReplayGuard::default();
        assert!(claim(&guard, "klinik-sehat", "a").is_ok());
        assert_eq!(claim(&guard, "klinik-sehat", "a"), Err(ErrorCode::TokenReplayed));
        assert!(claim(&guard, "klinik-sehat", "b").is_ok());
        assert!(claim(&guard, "toko-melati", "a").is_ok());
    }

    #[test]
    fn a_released_token_id_can_be_used_again() {
        let guard = ReplayGuard::default();
        let used = claim(&guard, "klinik-sehat", "a").expect("unused");
        guard.release(&used);
        assert!(claim(&guard, "klinik-sehat", "a").is_ok());
    }

    #[test]
    fn an_app_that_used_up_its_place_is_refused_until_tokens_expire_and_others_are_not() {
        let guard = ReplayGuard::default();
        for n in 0..MAX_REMEMBERED_PER_APP {
            claim(&guard, "klinik-sehat", &n.to_string()).expect("place for one more");
        }
        assert_eq!(claim(&guard, "klinik-sehat", "more"), Err(ErrorCode::TooManyMessages));
        assert!(claim(&guard, "toko-melati", "more").is_ok());
        let after_expiry = 100 + limits::TOKEN_LEEWAY.as_secs();
        assert!(guard.claim(&app("klinik-sehat"), "more", 900, after_expiry).is_ok());
    }
}
