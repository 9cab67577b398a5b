//! When to try again.

use std::time::Duration;

/// The first pause; it doubles with each attempt.
const FIRST: Duration = Duration::from_millis(100);
/// The longest pause. Clients promise to be back 2.5 s after the server is.
const LONGEST: Duration = Duration::from_millis(1_000);

/// Growing pauses, different for each client, so that a server that comes back is not met by all of
/// them in the same millisecond.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    attempt: u32,
    /// Percent of the full pause that this client waits at least, 50 to 99.
    share: u32,
}

impl Backoff {
    /// Pauses that follow from a number which differs between clients.
    pub(crate) fn new(seed: u64) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        Self { attempt: 0, share: 50 + (mixed % 50) as u32 }
    }

    /// The next pause; none before the first attempt.
    pub(crate) fn next(&mut self) -> Duration {
        let pause = match self.attempt {
            0 => Duration::ZERO,
            attempt => FIRST.saturating_mul(1 << (attempt - 1).min(8)).min(LONGEST),
        };
        self.attempt = self.attempt.saturating_add(1);
        pause * self.share / 100
    }

    /// It worked: the next loss is met at once again.
    pub(crate) fn reset(&mut self) {
        self.attempt = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempt_is_at_once_and_later_ones_wait_longer() {
        let mut backoff = Backoff::new(1);
        let pauses: Vec<Duration> = (0..12).map(|_| backoff.next()).collect();
        assert_eq!(pauses[0], Duration::ZERO);
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
        assert!(pauses[11] <= LONGEST && pauses[11] >= LONGEST / 2);
        backoff.reset();
        assert_eq!(backoff.next(), Duration::ZERO);
    }

    #[test]
    fn clients_differ() {
        let second_pause = |seed| {
            let mut backoff = Backoff::new(seed);
            backoff.next();
            backoff.next()
        };
        assert_ne!(second_pause(1), second_pause(2));
    }
}
