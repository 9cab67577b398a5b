//! What a participant can receive.

use std::time::{Duration, Instant};

use crate::{
    allocator::{Allocator, Outcome},
    probe_prompt::ProbePrompt,
};

/// Percent of what would be sent that probing aims at: layers are only raised when there is some
/// room left above them.
const DESIRED_PERCENT: u64 = 130;
/// An estimate that loses this many percent or more within [`COLLAPSE`] is falling, not breathing.
const COLLAPSE_PERCENT: u64 = 30;
/// Also how long a falling estimate is mistrusted.
const COLLAPSE: Duration = Duration::from_secs(1);
/// Percent of a falling estimate that is used. The estimator follows a link that loses most of its
/// rate in steps, for seconds, with full queues; one step too low for a moment is better than three
/// steps behind.
const COLLAPSING_PERCENT: u64 = 50;
/// The desire stays below this many times the estimate: the estimator probes at twice the desire
/// now and then, and such a burst must not fill the queue of a thin link.
const MAX_ESTIMATES: u64 = 2;
/// The desire does not fall below the estimate or this, bits per second: a probe that succeeds
/// sets the estimate to its own rate, so probing for less would forget what is known.
const FLOOR_BPS: u64 = 2_000_000;
/// A desire is told again when it changed by one part of this many: every increase costs a probe.
const CHANGE_PARTS: u64 = 5;

/// What a participant's downlink carries, and how it is divided.
#[derive(Debug)]
pub struct Downlink {
    pub allocator: Allocator,
    estimate_bps: u64,
    /// The largest estimate since `peak_at`, which is renewed when it is old.
    peak_bps: u64,
    peak_at: Option<Instant>,
    collapsed_at: Option<Instant>,
    pub outcome: Outcome,
    /// When it was divided last.
    pub divided_at: Option<Instant>,
    /// Whether something changed since.
    pub is_stale: bool,
    /// The desired bitrate that the connection was told.
    pub told_bps: u64,
    plain_bps: u64,
    prompt: ProbePrompt,
}

impl Downlink {
    /// A downlink of which only a guess is known.
    #[must_use]
    pub fn new(estimate_bps: u64) -> Self {
        Self {
            allocator: Allocator::default(),
            estimate_bps,
            peak_bps: estimate_bps,
            peak_at: None,
            collapsed_at: None,
            outcome: Outcome { desired_bps: 0, is_satisfied: true },
            divided_at: None,
            is_stale: true,
            told_bps: 0,
            plain_bps: 0,
            prompt: ProbePrompt::default(),
        }
    }

    /// Takes a new estimate; `true` when it falls.
    pub fn estimated(&mut self, bps: u64, now: Instant) -> bool {
        let is_falling = bps < self.estimate_bps;
        if bps >= self.peak_bps || self.peak_at.is_none_or(|at| now >= at + COLLAPSE) {
            // The estimate that held until now is what a fall is measured from.
            self.peak_bps = bps.max(self.estimate_bps);
            self.peak_at = Some(now);
        }
        if bps * 100 <= self.peak_bps * (100 - COLLAPSE_PERCENT) {
            self.collapsed_at = Some(now);
            self.peak_bps = bps;
            self.peak_at = Some(now);
        }
        self.estimate_bps = bps;
        self.is_stale = true;
        is_falling
    }

    /// What may be sent, bits per second.
    #[must_use]
    pub fn budget_bps(&self, now: Instant) -> u64 {
        let is_collapsing = self.collapsed_at.is_some_and(|at| now < at + COLLAPSE);
        self.estimate_bps * if is_collapsing { COLLAPSING_PERCENT } else { 100 } / 100
    }

    /// Computes what would be sent if the downlink were endless; `true` when the connection has to
    /// be told.
    pub fn desire(&mut self, sound_bps: u64, now: Instant) -> bool {
        let wanted_bps = (self.outcome.desired_bps + sound_bps) * DESIRED_PERCENT / 100;
        let plain_bps =
            wanted_bps.min(self.estimate_bps * MAX_ESTIMATES).max(self.estimate_bps.min(FLOOR_BPS));
        if plain_bps.abs_diff(self.plain_bps) * CHANGE_PARTS > self.plain_bps {
            self.plain_bps = plain_bps;
        }
        let is_satisfied = self.outcome.is_satisfied;
        let percent = self.prompt.percent(self.estimate_bps, is_satisfied, now);
        let desired_bps = self.plain_bps * percent / 100;
        let has_changed = desired_bps != self.told_bps;
        self.told_bps = desired_bps;
        has_changed
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    fn at(ms: u64) -> Instant {
        epoch() + Duration::from_millis(ms)
    }

    #[test]
    fn a_steady_estimate_is_used_as_it_is() {
        let mut downlink = Downlink::new(1_000_000);
        for (ms, bps) in [(0, 1_000_000), (500, 900_000), (1_000, 800_000), (2_100, 700_000)] {
            downlink.estimated(bps, at(ms));
            assert_eq!(downlink.budget_bps(at(ms)), bps);
        }
    }

    #[test]
    fn of_a_collapsing_estimate_half_is_used_for_a_moment() {
        let mut downlink = Downlink::new(1_000_000);
        downlink.estimated(1_700_000, at(0));
        downlink.estimated(1_600_000, at(20_000));
        downlink.estimated(700_000, at(20_400));
        assert_eq!(downlink.budget_bps(at(20_400)), 350_000);
        assert_eq!(downlink.budget_bps(at(21_400)), 700_000);
    }

    #[test]
    fn a_fall_in_small_steps_within_a_second_is_a_collapse_too() {
        let mut downlink = Downlink::new(1_000_000);
        for (ms, bps) in [(0, 1_000_000), (200, 900_000), (400, 800_000), (600, 690_000)] {
            downlink.estimated(bps, at(ms));
        }
        assert_eq!(downlink.budget_bps(at(600)), 345_000);
    }

    #[test]
    fn small_changes_of_the_desire_are_not_told() {
        let mut downlink = Downlink::new(2_000_000);
        assert!(downlink.desire(2_000_000, at(0)));
        assert_eq!(downlink.told_bps, 2_600_000);
        assert!(!downlink.desire(2_300_000, at(100)));
        assert!(downlink.desire(2_500_000, at(200)));
    }

    #[test]
    fn little_is_wanted_but_what_is_known_is_not_forgotten() {
        let mut downlink = Downlink::new(1_500_000);
        downlink.desire(50_000, at(0));
        assert_eq!(downlink.told_bps, 1_500_000);
        downlink.estimated(50_000_000, at(100));
        downlink.desire(50_000, at(100));
        assert_eq!(downlink.told_bps, FLOOR_BPS);
    }

    #[test]
    fn a_thin_link_is_not_flooded_with_probes() {
        let mut downlink = Downlink::new(200_000);
        downlink.desire(9_000_000, at(0));
        assert_eq!(downlink.told_bps, 400_000);
    }
}
