//! Which packets get lost.

use crate::Rng;

/// How a link loses packets.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Loss {
    /// Not at all.
    #[default]
    None,
    /// Each packet by itself, with this probability.
    Random(f64),
    /// In bursts: the model of Gilbert and Elliott, two states with a loss of their own.
    Bursts {
        /// Probability to enter the bad state, per packet.
        enter: f64,
        /// Probability to leave the bad state, per packet; its inverse is the mean length of a burst.
        leave: f64,
        /// Probability of loss in the bad state.
        loss_when_bad: f64,
    },
}

impl Loss {
    /// Bursts of a mean length in packets that lose the given share of all packets.
    #[must_use]
    pub fn bursts(mean_loss: f64, mean_length: f64) -> Self {
        let leave = 1.0 / mean_length.max(1.0);
        let enter = leave * mean_loss / (1.0 - mean_loss).max(f64::EPSILON);
        Self::Bursts { enter, leave, loss_when_bad: 1.0 }
    }
}

/// The losses of one link, packet by packet.
#[derive(Debug, Clone)]
pub struct LossProcess {
    loss: Loss,
    is_bad: bool,
}

impl LossProcess {
    /// A process that begins in the good state.
    #[must_use]
    pub const fn new(loss: Loss) -> Self {
        Self { loss, is_bad: false }
    }

    /// Whether the next packet is lost.
    pub fn loses_next(&mut self, rng: &mut Rng) -> bool {
        match self.loss {
            Loss::None => false,
            Loss::Random(probability) => rng.chance(probability),
            Loss::Bursts { enter, leave, loss_when_bad } => {
                let turns = rng.chance(if self.is_bad { leave } else { enter });
                self.is_bad ^= turns;
                self.is_bad && rng.chance(loss_when_bad)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losses(loss: Loss, packets: usize) -> Vec<bool> {
        let mut process = LossProcess::new(loss);
        let mut rng = Rng::new(3);
        (0..packets).map(|_| process.loses_next(&mut rng)).collect()
    }

    #[test]
    fn bursts_lose_the_share_they_should_in_runs_of_the_length_they_should() {
        let lost = losses(Loss::bursts(0.05, 10.0), 200_000);
        let total = lost.iter().filter(|lost| **lost).count();
        let runs = lost.windows(2).filter(|pair| !pair[0] && pair[1]).count();
        let share = total as f64 / lost.len() as f64;
        let length = total as f64 / runs as f64;
        assert!((0.04..0.06).contains(&share), "{share}");
        assert!((8.0..12.0).contains(&length), "{length}");
    }

    #[test]
    fn a_link_without_loss_loses_nothing() {
        assert!(losses(Loss::None, 1_000).iter().all(|lost| !lost));
    }
}
