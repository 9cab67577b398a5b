//! Fewer pictures where a machine cannot make all of them in time.
//!
//! Whoever watches a stream wants it now: a composer that is behind, and stays so, draws only some of
//! the pictures, each of which is seen the longer for it, until it has caught up. Sound is never left
//! out. A composite that nobody watches keeps every picture and is ready later.

use crate::encoder::{FPS, KEYFRAME_INTERVAL};

/// How far behind viewers notice. The recorder says in steps of less than a second how far it is.
const LATE_MS: u64 = 2_000;

/// How far behind it is enough.
const IN_TIME_MS: u64 = 1_000;

/// Whoever makes good less than this in a second of the recording does not catch up.
const GAIN_MS: u64 = 100;

/// Of so many pictures one is drawn at least: seven in a second. With fewer little would be gained:
/// everything that people send has to be decoded all the same.
pub const MOST_OF: u64 = 4;

/// Which pictures are drawn.
#[derive(Debug)]
pub struct Haste {
    /// One of so many pictures is drawn.
    one_of: u64,
    /// How far behind it was a second of the recording ago.
    before_ms: Option<u64>,
}

impl Default for Haste {
    fn default() -> Self {
        Self { one_of: 1, before_ms: None }
    }
}

impl Haste {
    /// Whether the picture of a number is drawn, when it is made so late.
    pub fn draws(&mut self, number: u64, late_ms: u64) -> bool {
        if number.is_multiple_of(FPS) {
            self.look(late_ms);
        }
        number.is_multiple_of(self.one_of) || number.is_multiple_of(KEYFRAME_INTERVAL)
    }

    /// Draws everything from now on.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    fn look(&mut self, late_ms: u64) {
        let one_of = self.one_of;
        let gains =
            self.before_ms.replace(late_ms).is_none_or(|before| late_ms + GAIN_MS <= before);
        if late_ms < IN_TIME_MS {
            self.one_of = (one_of / 2).max(1);
        } else if late_ms >= LATE_MS && !gains {
            self.one_of = (one_of * 2).min(MOST_OF);
        }
        if self.one_of != one_of {
            tracing::info!(
                late_ms,
                one_of = self.one_of,
                "other pictures are left out of a stream"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which share of the pictures of each second is drawn, of thirty.
    fn drawn(late_ms: &[u64]) -> Vec<usize> {
        let mut haste = Haste::default();
        let seconds = (0..).zip(late_ms);
        let of_second = |(second, late_ms): (u64, &u64)| {
            let numbers = second * FPS..(second + 1) * FPS;
            numbers.filter(|number| haste.draws(*number, *late_ms)).count()
        };
        seconds.map(of_second).collect()
    }

    #[test]
    fn who_falls_behind_draws_less_and_who_has_caught_up_draws_everything() {
        let late = [100, 900, 1_900, 2_100, 2_900, 4_000, 3_500, 1_500, 900, 100, 100, 100];
        assert_eq!(drawn(&late), [30, 30, 30, 15, 8, 7, 8, 7, 15, 30, 30, 30]);
    }

    #[test]
    fn who_catches_up_draws_everything() {
        assert_eq!(drawn(&[20_000, 19_000, 15_000, 9_000, 2_500, 800]), [30; 6]);
        assert_eq!(drawn(&[20_000, 19_950]), [30, 15], "but not who needs minutes for it");
    }

    #[test]
    fn a_few_pictures_are_always_drawn() {
        let late: Vec<u64> = (1..=20).map(|second| second * 2_000).collect();
        assert!(drawn(&late).iter().all(|drawn| *drawn >= 7), "{:?}", drawn(&late));
    }
}
