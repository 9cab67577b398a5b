//! A rate limit in whole numbers.

use std::time::{Duration, Instant};

/// Allows `per_second` things a second after a burst of `capacity`.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    capacity: u64,
    per_second: u64,
    /// In billionths of a token, so that nothing is lost to rounding.
    level: u64,
    filled_at: Instant,
}

const TOKEN: u64 = 1_000_000_000;

impl TokenBucket {
    /// A full bucket.
    #[must_use]
    pub fn new(capacity: u32, per_second: u32, now: Instant) -> Self {
        let capacity = u64::from(capacity) * TOKEN;
        Self { capacity, per_second: per_second.into(), level: capacity, filled_at: now }
    }

    /// Takes one token. `false` when there is none.
    pub fn take(&mut self, now: Instant) -> bool {
        self.fill(now);
        let left = self.level.checked_sub(TOKEN);
        self.level = left.unwrap_or(self.level);
        left.is_some()
    }

    /// Whether there is a token.
    pub fn has_token(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.level >= TOKEN
    }

    /// Whether nothing was taken for so long that the bucket is as good as new.
    pub fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.level == self.capacity
    }

    fn fill(&mut self, now: Instant) {
        // An hour fills every bucket; more would only overflow.
        let passed = now.saturating_duration_since(self.filled_at).min(Duration::from_secs(3_600));
        let gained = (passed.as_nanos() as u64).saturating_mul(self.per_second);
        self.level = self.level.saturating_add(gained).min(self.capacity);
        self.filled_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bucket: &mut TokenBucket, at: Instant) -> usize {
        (0..1_000).filter(|_| bucket.take(at)).count()
    }

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let start = Instant::now();
        let mut bucket = TokenBucket::new(30, 30, start);
        assert_eq!(taken(&mut bucket, start), 30);
        assert_eq!(taken(&mut bucket, start + Duration::from_millis(33)), 0);
        assert_eq!(taken(&mut bucket, start + Duration::from_millis(34)), 1);
        assert_eq!(taken(&mut bucket, start + Duration::from_millis(534)), 15);
    }

    #[test]
    fn a_long_rest_fills_it_to_the_burst_and_no_further() {
        let start = Instant::now();
        let mut bucket = TokenBucket::new(30, 30, start);
        taken(&mut bucket, start);
        assert!(!bucket.is_full(start));
        let later = start + Duration::from_secs(86_400);
        assert!(bucket.is_full(later));
        assert_eq!(taken(&mut bucket, later), 30);
    }
}
