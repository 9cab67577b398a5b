//! Which keys are in use: noted at each join, fetched now and then.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

use jumpa_protocol::KeyId;

/// When keys were used. Only keys that exist are noted, so it is as small as the directory.
#[derive(Debug, Default)]
pub struct KeyUses {
    /// Since the last fetch, seconds since 1970.
    used_at: Mutex<HashMap<KeyId, u64>>,
}

impl KeyUses {
    /// Notes that a key has signed a good token, at `now` in seconds since 1970.
    pub fn note(&self, key_id: &KeyId, now: u64) {
        let mut used_at = self.used_at.lock().unwrap_or_else(PoisonError::into_inner);
        match used_at.get_mut(key_id) {
            Some(at) => *at = now.max(*at),
            None => drop(used_at.insert(key_id.clone(), now)),
        }
    }

    /// Everything since the last time.
    pub fn take(&self) -> HashMap<KeyId, u64> {
        mem::take(&mut *self.used_at.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
