//! Pauses between attempts.

use std::time::Duration;

/// Pauses that double from the first to the longest.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    /// Begins with `first`, and never pauses longer than `longest`.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, next: first }
    }

    /// The pause before the next attempt.
    pub fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = self.longest.min(pause.saturating_mul(2));
        pause
    }

    /// The same, shortened by up to a half as chance will have it: those who were interrupted together
    /// do not all come back together.
    pub fn jittered_pause(&mut self) -> Duration {
        let pause = self.pause();
        let mut chance = [0; 2];
        // Without chance the pause is whole, which does no harm.
        let share = match aws_lc_rs::rand::fill(&mut chance) {
            Ok(()) => f64::from(u16::from_be_bytes(chance)) / f64::from(u16::MAX) / 2.0,
            Err(_) => 0.0,
        };
        pause.mul_f64(1.0 - share)
    }

    /// It worked: begin anew.
    pub const fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));
        let pauses: Vec<u64> = (0..5).map(|_| backoff.pause().as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 5, 5]);
        backoff.reset();
        assert_eq!(backoff.pause().as_secs(), 1);
    }

    #[test]
    fn chance_shortens_a_pause_by_half_at_most() {
        for _ in 0..100 {
            let mut backoff = Backoff::new(Duration::from_secs(2), Duration::from_secs(2));
            let pause = backoff.jittered_pause();
            assert!(
                (Duration::from_secs(1)..=Duration::from_secs(2)).contains(&pause),
                "{pause:?}"
            );
        }
    }
}
