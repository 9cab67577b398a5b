//! Packets of a publisher that did not arrive.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// How long a missing packet may still be repaired by the publisher. Shorter asks for keyframes
/// that retransmissions make needless, longer leaves pictures frozen: a receiver itself would wait
/// for 3 s.
const GIVE_UP: Duration = Duration::from_millis(500);
/// Missing packets that are watched at once; more are hopeless anyway.
const MAX_MISSING: usize = 128;

/// Knows which packets of one layer are missing, and when to stop hoping for them.
#[derive(Debug, Clone, Default)]
pub struct LossTracker {
    highest: Option<u64>,
    missing: VecDeque<(u64, Instant)>,
}

impl LossTracker {
    /// Notes a packet that arrived.
    pub fn arrived(&mut self, seq: u64, now: Instant) {
        let Some(highest) = self.highest else {
            self.highest = Some(seq);
            return;
        };
        if seq <= highest {
            self.missing.retain(|(missing, _)| *missing != seq);
            return;
        }
        let first = (highest + 1).max(seq.saturating_sub(MAX_MISSING as u64));
        for missing in first..seq {
            if self.missing.len() == MAX_MISSING {
                self.missing.pop_front();
            }
            self.missing.push_back((missing, now));
        }
        self.highest = Some(seq);
    }

    /// Notes that a keyframe starts at `seq`: what was lost before does not matter any more.
    pub fn keyframe_started(&mut self, seq: u64) {
        self.missing.retain(|(missing, _)| *missing > seq);
    }

    /// Gives up what has been missing for too long; `true` when there was such a packet.
    pub fn gives_up(&mut self, now: Instant) -> bool {
        let before = self.missing.len();
        self.missing.retain(|(_, since)| now < *since + GIVE_UP);
        self.missing.len() < before
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    fn tracker(seqs: &[u64]) -> LossTracker {
        let mut tracker = LossTracker::default();
        for seq in seqs {
            tracker.arrived(*seq, epoch());
        }
        tracker
    }

    #[test]
    fn a_missing_packet_is_given_up_once_after_its_time() {
        let mut tracker = tracker(&[1, 2, 4]);
        assert!(!tracker.gives_up(epoch() + GIVE_UP - Duration::from_millis(1)));
        assert!(tracker.gives_up(epoch() + GIVE_UP));
        assert!(!tracker.gives_up(epoch() + GIVE_UP * 2));
    }

    #[test]
    fn a_repaired_packet_is_not_given_up() {
        let mut tracker = tracker(&[1, 2, 4, 3]);
        assert!(tracker.missing.is_empty());
        assert!(!tracker.gives_up(epoch() + GIVE_UP));
    }

    #[test]
    fn a_keyframe_makes_older_losses_unimportant() {
        let mut tracker = tracker(&[1, 3, 5, 7]);
        tracker.keyframe_started(5);
        assert!(!tracker.missing.is_empty(), "6 is part of the keyframe");
        tracker.arrived(6, epoch());
        assert!(tracker.missing.is_empty());
    }

    #[test]
    fn a_huge_jump_stays_bounded() {
        let tracker = tracker(&[1, 1_000_000_000_000]);
        assert_eq!(tracker.missing.len(), MAX_MISSING);
    }
}
