//! When an estimate is not believed.

use std::time::{Duration, Instant};

/// Share of lost packets from which on a low estimate is believed. Random loss of mobile networks
/// stays below it most of the time; a full queue does not.
const BELIEVED_LOSS: f32 = 0.05;
/// Round-trip time from which on it is believed: a link with a deep queue delays before it loses.
const BELIEVED_ROUND_TRIP: Duration = Duration::from_millis(800);
/// For how long it is believed after such a sign, at first.
const FIRST_BELIEF: Duration = Duration::from_secs(10);
/// The same at most. It doubles when the sign came soon after a doubt.
///
/// Longer would leave somebody whose machine was busy for a minute without pictures for another.
const MAX_BELIEF: Duration = Duration::from_secs(40);
/// A sign within this time after a doubt is its consequence; a doubt within it goes one step on.
const CONSEQUENCE: Duration = Duration::from_secs(5);
/// Doubts come at most this often.
const DOUBT_INTERVAL: Duration = Duration::from_secs(1);
/// What is assumed at most, bits per second: some smallest layers and sound. A downlink that
/// carries less shows it by losses or delay within a second.
const MAX_ASSUMED_BPS: u64 = 800_000;
/// What a first doubt assumes above the sound, bits per second: one smallest layer. Each further
/// doubt doubles it, so that a downlink that really is thin is not flooded with all pictures, and
/// one that carries a single picture gets it.
const FIRST_STEP_BPS: u64 = 200_000;
/// Percent of the smallest layers that is assumed, since their bitrates breathe.
const ASSUMED_PERCENT: u64 = 130;

/// Decides whether an estimate is so low that it is not believed.
///
/// The estimator judges by delay. A receiver that is short of processor time, as a cheap phone or a
/// laptop full of tabs, delays its feedback, and the estimate sinks to nothing although every
/// packet arrives. Pausing every picture then would be wrong: as long as nothing is lost and the
/// round trip is short, the smallest layers are sent.
#[derive(Debug)]
pub struct Doubt {
    believed_until: Option<Instant>,
    belief: Duration,
    doubted_at: Option<Instant>,
    /// What the last doubt assumed above the sound at most, bits per second.
    step_bps: u64,
}

impl Default for Doubt {
    fn default() -> Self {
        Self { believed_until: None, belief: FIRST_BELIEF, doubted_at: None, step_bps: 0 }
    }
}

impl Doubt {
    /// Takes what the receiver reported: share of lost packets, 0 to 1, and round-trip time.
    pub fn sampled(&mut self, loss: Option<f32>, round_trip_time: Option<Duration>, now: Instant) {
        let is_lossy = loss.is_some_and(|loss| loss >= BELIEVED_LOSS);
        let is_slow = round_trip_time.is_some_and(|time| time >= BELIEVED_ROUND_TRIP);
        if !is_lossy && !is_slow {
            return;
        }
        if self.doubted_at.is_some_and(|at| now < at + CONSEQUENCE) {
            self.belief = (self.belief * 2).min(MAX_BELIEF);
            self.doubted_at = None;
        }
        self.believed_until = Some(now + self.belief);
    }

    /// What to assume instead of `estimate_bps`, when that does not carry the smallest layers,
    /// which take `smallest_bps`, and the sound.
    pub fn assume(
        &mut self,
        estimate_bps: u64,
        smallest_bps: u64,
        sound_bps: u64,
        now: Instant,
    ) -> Option<u64> {
        let goes_on = self.doubted_at.is_some_and(|at| now < at + CONSEQUENCE);
        let step_bps = if goes_on { self.step_bps * 2 } else { FIRST_STEP_BPS };
        let needed_bps = smallest_bps * ASSUMED_PERCENT / 100;
        let assumed_bps = (needed_bps.min(step_bps) + sound_bps).min(MAX_ASSUMED_BPS);
        let is_believed = self.believed_until.is_some_and(|until| now < until);
        let is_resting = self.doubted_at.is_some_and(|at| now < at + DOUBT_INTERVAL);
        if smallest_bps == 0 || estimate_bps >= assumed_bps || is_believed || is_resting {
            return None;
        }
        self.doubted_at = Some(now);
        self.step_bps = step_bps;
        Some(assumed_bps)
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    fn at(seconds: u64) -> Instant {
        epoch() + Duration::from_secs(seconds)
    }

    #[test]
    fn an_estimate_that_carries_the_smallest_layers_is_believed() {
        assert_eq!(Doubt::default().assume(300_000, 200_000, 40_000, at(0)), None);
    }

    #[test]
    fn a_lower_one_is_not_while_nothing_is_lost() {
        let mut doubt = Doubt::default();
        doubt.sampled(Some(0.01), Some(Duration::from_millis(90)), at(0));
        assert_eq!(doubt.assume(60_000, 100_000, 40_000, at(0)), Some(170_000));
    }

    #[test]
    fn it_is_believed_for_a_while_after_losses_or_a_long_round_trip() {
        for sign in [(Some(0.05), None), (None, Some(Duration::from_millis(800)))] {
            let mut doubt = Doubt::default();
            doubt.sampled(sign.0, sign.1, at(0));
            assert_eq!(doubt.assume(60_000, 200_000, 0, at(9)), None);
            assert!(doubt.assume(60_000, 200_000, 0, at(10)).is_some());
        }
    }

    #[test]
    fn a_doubt_that_led_to_losses_is_repeated_less_often() {
        let mut doubt = Doubt::default();
        assert!(doubt.assume(60_000, 200_000, 0, at(0)).is_some());
        doubt.sampled(Some(0.2), None, at(2));
        assert_eq!(doubt.assume(60_000, 200_000, 0, at(21)), None);
        assert!(doubt.assume(60_000, 200_000, 0, at(22)).is_some());
    }

    #[test]
    fn first_one_layer_is_assumed_then_more_but_never_more_than_a_few() {
        let mut doubt = Doubt::default();
        let mut assumed = |seconds| doubt.assume(60_000, 9_000_000, 40_000, at(seconds));
        let steps = [assumed(0), assumed(1), assumed(2), assumed(3)];
        assert_eq!(steps, [240_000, 440_000, MAX_ASSUMED_BPS, MAX_ASSUMED_BPS].map(Some));
        assert_eq!(Doubt::default().assume(MAX_ASSUMED_BPS, 9_000_000, 0, at(0)), None);
    }

    #[test]
    fn a_doubt_long_after_another_begins_with_one_layer_again() {
        let mut doubt = Doubt::default();
        assert_eq!(doubt.assume(60_000, 450_000, 0, at(0)), Some(200_000));
        assert_eq!(doubt.assume(60_000, 450_000, 0, at(5)), Some(200_000));
    }

    #[test]
    fn doubts_come_once_a_second_at_most() {
        let mut doubt = Doubt::default();
        assert!(doubt.assume(60_000, 200_000, 0, at(0)).is_some());
        assert_eq!(doubt.assume(60_000, 200_000, 0, at(0)), None);
        assert!(doubt.assume(60_000, 200_000, 0, at(1)).is_some());
    }
}
