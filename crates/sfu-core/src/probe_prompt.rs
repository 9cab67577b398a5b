//! When to look for more bandwidth.

use std::time::{Duration, Instant};

/// How soon to look again after the estimate grew: there may be more.
const AFTER_GROWTH: Duration = Duration::from_millis(1_000);
/// How long to wait at most when there never is more. A link that becomes better is used within
/// this time and two or three steps of [`AFTER_GROWTH`].
const MAX_WAIT: Duration = Duration::from_secs(4);
/// Percent by which the estimate has to grow to count as growth.
const GROWTH_PERCENT: u64 = 110;
/// Prompts before the desired bitrate falls back to its plain value.
const STEPS: u64 = 5;

/// Prompts the estimator to probe while a receiver has less than it asks for.
///
/// An estimator that is told a constant desire only probes while little is sent, or after 15 s of
/// stagnation. A desire that grows makes it probe at once, up to twice its estimate, so the desire
/// is raised by one percent at a time. A probe is a burst of 15 ms: harmless where there is no room.
#[derive(Debug, Clone, Default)]
pub struct ProbePrompt {
    due: Option<Instant>,
    wait: Duration,
    estimate_bps: u64,
    step: u64,
}

impl ProbePrompt {
    /// Percent of the plain desire to tell now: 100 to 105.
    pub fn percent(&mut self, estimate_bps: u64, is_satisfied: bool, now: Instant) -> u64 {
        if is_satisfied {
            *self = Self::default();
            return 100;
        }
        if estimate_bps * 100 > self.estimate_bps * GROWTH_PERCENT {
            self.estimate_bps = estimate_bps;
            self.wait = AFTER_GROWTH;
            self.due = Some(now + self.wait);
        }
        self.estimate_bps = self.estimate_bps.min(estimate_bps);
        if self.due.is_some_and(|due| due <= now) {
            self.step = (self.step + 1) % (STEPS + 1);
            self.wait = (self.wait * 2).min(MAX_WAIT);
            self.due = Some(now + self.wait);
        }
        100 + self.step
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    /// Asks every 100 ms and gives the times of rising desires, in tenths of a second.
    fn prompts(prompt: &mut ProbePrompt, estimate: impl Fn(u32) -> u64, tenths: u32) -> Vec<u32> {
        let mut before = 100;
        let mut rises = Vec::new();
        for tenth in 0..tenths {
            let now = epoch() + Duration::from_millis(100) * tenth;
            let percent = prompt.percent(estimate(tenth), false, now);
            if percent > before {
                rises.push(tenth);
            }
            before = percent;
        }
        rises
    }

    #[test]
    fn while_nothing_grows_prompts_become_rarer() {
        let rises = prompts(&mut ProbePrompt::default(), |_| 300_000, 150);
        assert_eq!(rises, [10, 30, 70, 110]);
    }

    #[test]
    fn growth_brings_the_next_prompt_soon() {
        let estimate = |tenth| if tenth < 71 { 300_000 } else { 600_000 };
        let rises = prompts(&mut ProbePrompt::default(), estimate, 100);
        assert_eq!(rises, [10, 30, 70, 81]);
    }

    #[test]
    fn a_satisfied_receiver_needs_no_prompts() {
        let mut prompt = ProbePrompt::default();
        prompts(&mut prompt, |_| 300_000, 50);
        assert_eq!(prompt.percent(300_000, true, epoch()), 100);
    }

    #[test]
    fn the_desire_stays_close_to_what_it_is() {
        let mut prompt = ProbePrompt::default();
        let most = (0..1_000)
            .map(|second| prompt.percent(1, false, epoch() + Duration::from_secs(1) * second))
            .max();
        assert_eq!(most, Some(100 + STEPS));
    }
}
