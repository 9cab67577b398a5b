//! Slows down somebody who tries often.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Most names remembered at once. Above it the forgotten ones go, then the limiter starts anew:
/// an attacker with so many addresses is not slowed by an address limit anyway.
const MAX_ENTRIES: usize = 20_000;

/// How fast attempts may follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Attempts without a pause.
    pub(crate) free_attempts: u32,
    /// The pause after the first attempt that is not free; it doubles with each further one.
    pub(crate) first_pause: Duration,
    /// The pause grows no longer than this.
    pub(crate) longest_pause: Duration,
    /// Without attempts for so long everything is forgiven.
    pub(crate) forgotten_after: Duration,
}

/// Counts attempts by name and asks for growing pauses.
#[derive(Debug)]
pub(crate) struct AttemptLimiter<K> {
    pace: Pace,
    entries: Mutex<HashMap<K, Entry>>,
}

#[derive(Debug)]
struct Entry {
    attempts: u32,
    last_attempt: Instant,
    not_before: Instant,
}

impl<K: Eq + Hash> AttemptLimiter<K> {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { pace, entries: Mutex::new(HashMap::new()) }
    }

    /// Counts an attempt, or says how long to wait before the next one.
    pub(crate) fn attempt(&self, name: K, now: Instant) -> Result<(), Duration> {
        let pace = self.pace;
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ENTRIES {
            entries.retain(|_, entry| now < entry.last_attempt + pace.forgotten_after);
            if entries.len() >= MAX_ENTRIES {
                entries.clear();
            }
        }
        let entry = entries.entry(name).or_insert(Entry {
            attempts: 0,
            last_attempt: now,
            not_before: now,
        });
        if now >= entry.last_attempt + pace.forgotten_after {
            entry.attempts = 0;
        }
        if now < entry.not_before {
            return Err(entry.not_before - now);
        }
        entry.attempts = entry.attempts.saturating_add(1);
        entry.last_attempt = now;
        entry.not_before = now + pause_after(entry.attempts, pace);
        Ok(())
    }

    /// Forgives a name, because it proved to be who it is.
    pub(crate) fn forgive(&self, name: &K) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

fn pause_after(attempts: u32, pace: Pace) -> Duration {
    let Some(beyond) = attempts.checked_sub(pace.free_attempts).filter(|beyond| *beyond > 0) else {
        return Duration::ZERO;
    };
    let factor = 2_u32.saturating_pow(beyond - 1);
    pace.first_pause.saturating_mul(factor).min(pace.longest_pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace {
        free_attempts: 3,
        first_pause: Duration::from_secs(1),
        longest_pause: Duration::from_secs(10),
        forgotten_after: Duration::from_secs(60),
    };

    fn after_free_attempts(start: Instant) -> AttemptLimiter<&'static str> {
        let limiter = AttemptLimiter::new(PACE);
        for _ in 0..=PACE.free_attempts {
            assert_eq!(limiter.attempt("sehat", start), Ok(()));
        }
        limiter
    }

    #[test]
    fn the_attempt_after_the_free_ones_must_wait() {
        let start = Instant::now();
        let limiter = after_free_attempts(start);
        assert_eq!(limiter.attempt("sehat", start), Err(Duration::from_secs(1)));
        assert_eq!(limiter.attempt("sehat", start + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn the_pause_doubles_up_to_its_limit() {
        let mut now = Instant::now();
        let limiter = after_free_attempts(now);
        for expected in [1, 2, 4, 8, 10, 10] {
            assert_eq!(limiter.attempt("sehat", now), Err(Duration::from_secs(expected)));
            now += Duration::from_secs(expected);
            assert_eq!(limiter.attempt("sehat", now), Ok(()));
        }
    }

    #[test]
    fn another_name_is_not_slowed() {
        let start = Instant::now();
        let limiter = after_free_attempts(start);
        assert_eq!(limiter.attempt("melati", start), Ok(()));
    }

    #[test]
    fn a_long_silence_is_forgiven() {
        let start = Instant::now();
        let limiter = after_free_attempts(start);
        let later = start + PACE.forgotten_after;
        for _ in 0..=PACE.free_attempts {
            assert_eq!(limiter.attempt("sehat", later), Ok(()));
        }
    }

    #[test]
    fn success_is_forgiven() {
        let start = Instant::now();
        let limiter = after_free_attempts(start);
        limiter.forgive(&"sehat");
        assert_eq!(limiter.attempt("sehat", start), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let start = Instant::now();
        let limiter = AttemptLimiter::new(PACE);
        for name in 0..=MAX_ENTRIES {
            assert_eq!(limiter.attempt(name, start), Ok(()));
        }
        assert!(limiter.entries.lock().unwrap().len() <= MAX_ENTRIES);
    }
}
