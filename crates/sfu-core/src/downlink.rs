//! What a participant can receive.

use std::time::{Duration, Instant};

use crate::{
    allocator::{Allocator, Budget, Outcome},
    doubt::Doubt,
    probe_prompt::ProbePrompt,
};

/// More than a room can send, bits per second.
const ENDLESS_BPS: u64 = 1_000_000_000_000;
/// Percent of what would be sent that probing aims at: layers are only raised when there is some
/// room left above them.
const DESIRED_PERCENT: u64 = 130;
/// What a downlink may get at most during its first [`YOUNG`], when the estimate is only a guess: a
/// thin one that starts with a flood needs many seconds to recover from its losses.
const YOUNG_BPS: u64 = 600_000;
/// The first probes are answered within this time.
const YOUNG: Duration = Duration::from_secs(1);
/// An estimate that loses this many percent or more within [`COLLAPSE`] is falling, not breathing.
const COLLAPSE_PERCENT: u64 = 30;
/// Also how long a falling estimate is mistrusted.
const COLLAPSE: Duration = Duration::from_secs(1);
/// Percent of a falling estimate that is used. The estimator follows a link that loses most of its
/// rate in steps, for seconds, with full queues; one step too low for a moment is better than three
/// steps behind.
const COLLAPSING_PERCENT: u64 = 50;
/// Percent of what is sent that is used when packets have to wait: the estimate has not heard of
/// it yet, so how much is left is not known.
const WAITING_PERCENT: u64 = 30;
/// Packets that wait this long for their turn show that more is written than the downlink carries.
/// A keyframe alone waits for less.
const MAX_QUEUE_DELAY: Duration = Duration::from_millis(250);
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
    /// Since when media can flow.
    pub began_at: Option<Instant>,
    estimate_bps: u64,
    /// The largest estimate since `peak_at`, which is renewed when it is old.
    peak_bps: u64,
    peak_at: Option<Instant>,
    collapsed_at: Option<Instant>,
    /// While the downlink collapses: it carries less than this, whatever is estimated.
    ceiling_bps: u64,
    /// What was allocated last.
    pub used_bps: u64,
    pub outcome: Outcome,
    /// When it was divided last.
    pub divided_at: Option<Instant>,
    /// Whether something changed since.
    pub is_stale: bool,
    /// The desired bitrate that the connection was told.
    pub told_bps: u64,
    plain_bps: u64,
    prompt: ProbePrompt,
    pub doubt: Doubt,
    is_endless: bool,
}

impl Downlink {
    /// A downlink of which only a guess is known.
    #[must_use]
    pub fn new(estimate_bps: u64) -> Self {
        Self {
            allocator: Allocator::default(),
            began_at: None,
            estimate_bps,
            peak_bps: estimate_bps,
            peak_at: None,
            collapsed_at: None,
            ceiling_bps: u64::MAX,
            used_bps: 0,
            outcome: Outcome { desired_bps: 0, used_bps: 0, is_satisfied: true },
            divided_at: None,
            is_stale: true,
            told_bps: 0,
            plain_bps: 0,
            prompt: ProbePrompt::default(),
            doubt: Doubt::default(),
            is_endless: false,
        }
    }

    /// A downlink that carries everything.
    #[must_use]
    pub fn endless() -> Self {
        Self { is_endless: true, ..Self::new(ENDLESS_BPS) }
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
            self.ceiling_bps = u64::MAX;
            self.peak_bps = bps;
            self.peak_at = Some(now);
        }
        self.estimate_bps = bps;
        self.is_stale = true;
        is_falling
    }

    /// Takes the time that packets had to wait; `true` when the downlink does not carry what is
    /// written, which was not known before.
    pub fn waited(&mut self, queue_delay: Duration, now: Instant) -> bool {
        if queue_delay < MAX_QUEUE_DELAY || self.is_collapsing(now) {
            return false;
        }
        self.collapsed_at = Some(now);
        self.ceiling_bps = self.used_bps * WAITING_PERCENT / 100;
        true
    }

    /// Drops an estimate that is too low to be believed. Returns what is assumed instead; the
    /// estimator has to start from there.
    pub fn assume(&mut self, smallest_bps: u64, sound_bps: u64, now: Instant) -> Option<u64> {
        let assumed_bps = self.doubt.assume(self.estimate_bps, smallest_bps, sound_bps, now)?;
        self.estimate_bps = assumed_bps;
        self.peak_bps = assumed_bps;
        self.peak_at = Some(now);
        Some(assumed_bps)
    }

    /// What may be sent besides sound.
    #[must_use]
    pub fn budget(&self, sound_bps: u64, now: Instant) -> Budget {
        let mut total_bps = self.estimate_bps;
        if self.is_endless {
            return Budget { lowest_bps: total_bps, total_bps };
        }
        if self.began_at.is_none_or(|at| now < at + YOUNG) {
            total_bps = total_bps.min(YOUNG_BPS);
        }
        if self.is_collapsing(now) {
            total_bps = (total_bps * COLLAPSING_PERCENT / 100).min(self.ceiling_bps);
        }
        Budget {
            lowest_bps: self.estimate_bps.saturating_sub(sound_bps),
            total_bps: total_bps.saturating_sub(sound_bps),
        }
    }

    fn is_collapsing(&self, now: Instant) -> bool {
        self.collapsed_at.is_some_and(|at| now < at + COLLAPSE)
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

    fn total(downlink: &Downlink, ms: u64) -> u64 {
        downlink.budget(0, at(ms)).total_bps
    }

    /// A downlink that is no longer young.
    fn grown(estimate_bps: u64) -> Downlink {
        let began_at = at(0).checked_sub(YOUNG);
        Downlink { began_at, ..Downlink::new(estimate_bps) }
    }

    #[test]
    fn a_young_downlink_is_not_flooded() {
        let downlink = Downlink { began_at: Some(at(0)), ..Downlink::new(5_000_000) };
        assert_eq!(total(&downlink, 999), YOUNG_BPS);
        assert_eq!(total(&downlink, 1_000), 5_000_000);
    }

    #[test]
    fn a_steady_estimate_is_used_as_it_is() {
        let mut downlink = grown(1_000_000);
        for (ms, bps) in [(0, 1_000_000), (500, 900_000), (1_000, 800_000), (2_100, 700_000)] {
            downlink.estimated(bps, at(ms));
            assert_eq!(total(&downlink, ms), bps);
        }
    }

    #[test]
    fn of_a_collapsing_estimate_half_is_used_for_a_moment() {
        let mut downlink = grown(1_000_000);
        downlink.estimated(1_700_000, at(0));
        downlink.estimated(1_600_000, at(20_000));
        downlink.estimated(700_000, at(20_400));
        assert_eq!(total(&downlink, 20_400), 350_000);
        assert_eq!(total(&downlink, 21_400), 700_000);
    }

    #[test]
    fn a_fall_in_small_steps_within_a_second_is_a_collapse_too() {
        let mut downlink = grown(1_000_000);
        for (ms, bps) in [(0, 1_000_000), (200, 900_000), (400, 800_000), (600, 690_000)] {
            downlink.estimated(bps, at(ms));
        }
        assert_eq!(total(&downlink, 600), 345_000);
    }

    #[test]
    fn packets_that_wait_mean_less_than_what_is_sent() {
        let mut downlink = grown(2_000_000);
        downlink.used_bps = 1_000_000;
        assert!(!downlink.waited(Duration::from_millis(100), at(0)));
        assert!(downlink.waited(Duration::from_millis(300), at(100)));
        assert_eq!(total(&downlink, 100), 300_000);
        assert_eq!(downlink.budget(0, at(100)).lowest_bps, 2_000_000);
        assert!(!downlink.waited(Duration::from_millis(300), at(200)), "it is known");
        assert_eq!(total(&downlink, 1_100), 2_000_000);
    }

    #[test]
    fn small_changes_of_the_desire_are_not_told() {
        let mut downlink = grown(2_000_000);
        assert!(downlink.desire(2_000_000, at(0)));
        assert_eq!(downlink.told_bps, 2_600_000);
        assert!(!downlink.desire(2_300_000, at(100)));
        assert!(downlink.desire(2_500_000, at(200)));
    }

    #[test]
    fn little_is_wanted_but_what_is_known_is_not_forgotten() {
        let mut downlink = grown(1_500_000);
        downlink.desire(50_000, at(0));
        assert_eq!(downlink.told_bps, 1_500_000);
        downlink.estimated(50_000_000, at(100));
        downlink.desire(50_000, at(100));
        assert_eq!(downlink.told_bps, FLOOR_BPS);
    }

    #[test]
    fn a_thin_link_is_not_flooded_with_probes() {
        let mut downlink = grown(200_000);
        downlink.desire(9_000_000, at(0));
        assert_eq!(downlink.told_bps, 400_000);
    }
}
