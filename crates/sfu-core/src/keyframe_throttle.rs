//! When a publisher is asked for a keyframe.

use std::time::{Duration, Instant};

/// A request is repeated after this time until a keyframe was forwarded: the request or the
/// keyframe may be lost, and libwebrtc's receiver would wait 3 s.
const REPEAT: Duration = Duration::from_millis(200);
/// Within this time at most two requests reach the publisher for one layer, so that one bad
/// receiver does not cost the others quality.
const TWO_PER: Duration = Duration::from_secs(1);

/// Limits keyframe requests towards one layer of one publisher.
///
/// Ten receivers that join together cost the publisher one keyframe, not ten. The request itself is
/// a PLI, RFC 4585 section 6.3.1.
#[derive(Debug, Clone, Default)]
pub struct KeyframeThrottle {
    is_wanted: bool,
    last: Option<Instant>,
    before_last: Option<Instant>,
}

impl KeyframeThrottle {
    /// Notes that a receiver cannot decode until the next keyframe.
    pub const fn request(&mut self) {
        self.is_wanted = true;
    }

    /// Notes that a keyframe was forwarded to all who want one, or that nobody wants one any more.
    pub const fn settle(&mut self) {
        self.is_wanted = false;
    }

    /// When the next request is due; `None` when nobody wants a keyframe.
    #[must_use]
    pub fn due(&self, now: Instant) -> Option<Instant> {
        if !self.is_wanted {
            return None;
        }
        let repeat = self.last.map(|at| at + REPEAT);
        let budget = self.before_last.map(|at| at + TWO_PER);
        Some(repeat.max(budget).map_or(now, |at| at.max(now)))
    }

    /// Returns `true` when a request is due at `now`; the caller sends it.
    pub fn poll(&mut self, now: Instant) -> bool {
        let is_due = self.due(now).is_some_and(|at| at <= now);
        if is_due {
            self.before_last = self.last.replace(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Polls each millisecond and gives the times of requests, in ms.
    fn requests(throttle: &mut KeyframeThrottle, from: u32, to: u32) -> Vec<u32> {
        (from..to).filter(|ms| throttle.poll(epoch() + MS * *ms)).collect()
    }

    #[test]
    fn a_first_request_goes_out_at_once() {
        let mut throttle = KeyframeThrottle::default();
        throttle.request();
        assert!(throttle.poll(epoch()));
    }

    #[test]
    fn ten_receivers_that_ask_together_cost_one_request() {
        let mut throttle = KeyframeThrottle::default();
        let mut sent = 0;
        for _ in 0..10 {
            throttle.request();
            sent += u32::from(throttle.poll(epoch()));
        }
        assert_eq!(sent, 1);
    }

    #[test]
    fn an_unanswered_request_is_repeated_after_200_ms_but_twice_a_second_at_most() {
        let mut throttle = KeyframeThrottle::default();
        throttle.request();
        assert_eq!(requests(&mut throttle, 0, 2_500), [0, 200, 1_000, 1_200, 2_000, 2_200]);
    }

    #[test]
    fn a_forwarded_keyframe_ends_the_repeats() {
        let mut throttle = KeyframeThrottle::default();
        throttle.request();
        assert_eq!(requests(&mut throttle, 0, 100), [0]);
        throttle.settle();
        assert!(requests(&mut throttle, 100, 2_000).is_empty());
        assert_eq!(throttle.due(epoch() + MS * 2_000), None);
    }

    #[test]
    fn the_due_time_is_when_poll_says_yes() {
        let mut throttle = KeyframeThrottle::default();
        throttle.request();
        assert!(throttle.poll(epoch()));
        assert_eq!(throttle.due(epoch() + MS), Some(epoch() + REPEAT));
        assert!(throttle.poll(epoch() + REPEAT));
        assert_eq!(throttle.due(epoch() + REPEAT), Some(epoch() + TWO_PER));
    }
}
