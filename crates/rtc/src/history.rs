//! Which packets of a slot can still be sent again.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// How long str0m keeps packets for resending.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(3);
/// How many packets of one slot it keeps.
pub(crate) const MAX_PACKETS: u64 = 1_000;
/// Share of resent bytes above which str0m throws resends away. Its own 15 % is too little for a
/// path that loses 10 % each way; half keeps a receiver that asks for everything from doubling
/// its own traffic.
pub(crate) const MAX_RESENT_SHARE: f32 = 0.5;
/// One mark is set per this time; a packet may seem older than it is by as much.
const MARK_EVERY: Duration = Duration::from_millis(100);

/// Follows what str0m's history of one slot holds, at the cost of one mark per 100 ms.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// The first sequence number written at or after a moment.
    marks: VecDeque<(Instant, u64)>,
    first: Option<u64>,
    last: u64,
    /// Numbers that were used up by packets that we dropped ourselves, newest last.
    holes: VecDeque<u64>,
}

impl History {
    /// A packet was written.
    pub(crate) fn wrote(&mut self, seq: u64, now: Instant) {
        self.first.get_or_insert(seq);
        self.last = self.last.max(seq);
        if self.marks.back().is_none_or(|(at, _)| *at + MARK_EVERY <= now) {
            self.marks.push_back((now, seq));
        }
        while self.marks.front().is_some_and(|(at, _)| *at + MAX_AGE < now) {
            self.marks.pop_front();
        }
    }

    /// A packet was dropped before it was written.
    pub(crate) fn dropped(&mut self, seq: u64) {
        self.first.get_or_insert(seq);
        self.last = self.last.max(seq);
        self.holes.push_back(seq);
        if self.holes.len() as u64 > MAX_PACKETS {
            self.holes.pop_front();
        }
    }

    /// Whether a packet that was once sent can no longer be sent again. Numbers that were never
    /// used are not missing.
    pub(crate) fn is_gone(&self, seq: u16, now: Instant) -> bool {
        let Some(first) = self.first else {
            return false;
        };
        let behind = (self.last as u16).wrapping_sub(seq);
        if behind > i16::MAX as u16 {
            return false;
        }
        let Some(seq) = self.last.checked_sub(u64::from(behind)).filter(|seq| *seq >= first) else {
            return false;
        };
        let oldest_kept = self
            .marks
            .iter()
            .find(|(at, _)| *at + MAX_AGE >= now)
            .map_or(self.last, |(_, seq)| *seq);
        seq < oldest_kept || u64::from(behind) >= MAX_PACKETS || self.holes.contains(&seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jumpa_netsim::epoch;

    fn filled(packets: u64, every: Duration) -> (History, Instant) {
        let mut history = History::default();
        let mut now = epoch();
        for seq in 0..packets {
            history.wrote(1_000 + seq, now);
            now += every;
        }
        (history, now)
    }

    #[test]
    fn a_young_packet_is_not_gone() {
        let (history, now) = filled(100, Duration::from_millis(10));
        assert!(!history.is_gone(1_050, now));
    }

    #[test]
    fn a_packet_older_than_the_history_is_gone() {
        let (history, now) = filled(500, Duration::from_millis(10));
        assert!(history.is_gone(1_010, now));
        assert!(!history.is_gone(1_300, now));
    }

    #[test]
    fn a_packet_behind_a_thousand_others_is_gone() {
        let (history, now) = filled(2_000, Duration::from_millis(1));
        assert!(history.is_gone(1_500, now));
        assert!(!history.is_gone(2_500, now));
    }

    #[test]
    fn numbers_that_were_never_sent_are_not_gone() {
        let (history, now) = filled(10, Duration::from_millis(10));
        assert!(!history.is_gone(990, now));
        assert!(!history.is_gone(1_500, now));
    }

    #[test]
    fn a_packet_we_dropped_is_gone() {
        let (mut history, now) = filled(10, Duration::from_millis(10));
        history.dropped(1_010);
        history.wrote(1_011, now);
        assert!(history.is_gone(1_010, now));
        assert!(!history.is_gone(1_011, now));
    }
}
