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
/// A packet that is still asked for after this time does not get through, whether it is kept or
/// not. Repairs take a few round trips; a receiver goes on asking for about a second.
const PATIENCE: Duration = Duration::from_millis(400);
/// Packets that are asked for and remembered; more in one moment are an outage.
const MAX_ASKED: usize = 128;
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
    /// Packets that the receiver asked for, since when, and whether they were given up.
    asked: VecDeque<Asked>,
    /// Packets up to this one do not matter any more.
    forgotten: Option<u64>,
}

#[derive(Debug)]
struct Asked {
    seq: u64,
    since: Instant,
    is_given_up: bool,
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

    /// Nothing that was written so far matters any more.
    pub(crate) fn forget(&mut self) {
        self.forgotten = Some(self.last);
        self.asked.clear();
    }

    /// The receiver asks for a packet. Whether to give it up: it can no longer be sent again, or it
    /// has been asked for for too long. Numbers that were never used are not missing.
    pub(crate) fn gives_up(&mut self, seq: u16, now: Instant) -> bool {
        let Some(seq) = self.extend(seq) else {
            return false;
        };
        self.is_gone(seq, now) || self.is_hopeless(seq, now)
    }

    /// `true` once for a packet that is still asked for after [`PATIENCE`].
    fn is_hopeless(&mut self, seq: u64, now: Instant) -> bool {
        if let Some(asked) = self.asked.iter_mut().find(|asked| asked.seq == seq) {
            let gives_up = !asked.is_given_up && now >= asked.since + PATIENCE;
            asked.is_given_up |= gives_up;
            return gives_up;
        }
        if self.asked.len() == MAX_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back(Asked { seq, since: now, is_given_up: false });
        false
    }

    /// The whole number of a packet that was written and matters.
    fn extend(&self, seq: u16) -> Option<u64> {
        let behind = (self.last as u16).wrapping_sub(seq);
        if behind > i16::MAX as u16 {
            return None;
        }
        let seq = self.last.checked_sub(u64::from(behind))?;
        let is_old = self.forgotten.is_some_and(|forgotten| seq <= forgotten);
        (seq >= self.first? && !is_old).then_some(seq)
    }

    fn is_gone(&self, seq: u64, now: Instant) -> bool {
        let behind = self.last.saturating_sub(seq);
        let oldest_kept = self
            .marks
            .iter()
            .find(|(at, _)| *at + MAX_AGE >= now)
            .map_or(self.last, |(_, seq)| *seq);
        seq < oldest_kept || behind >= MAX_PACKETS || self.holes.contains(&seq)
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
        let (mut history, now) = filled(100, Duration::from_millis(10));
        assert!(!history.gives_up(1_050, now));
    }

    #[test]
    fn a_packet_older_than_the_history_is_gone() {
        let (mut history, now) = filled(500, Duration::from_millis(10));
        assert!(history.gives_up(1_010, now));
        assert!(!history.gives_up(1_300, now));
    }

    #[test]
    fn a_packet_behind_a_thousand_others_is_gone() {
        let (mut history, now) = filled(2_000, Duration::from_millis(1));
        assert!(history.gives_up(1_500, now));
        assert!(!history.gives_up(2_500, now));
    }

    #[test]
    fn numbers_that_were_never_sent_are_not_gone() {
        let (mut history, now) = filled(10, Duration::from_millis(10));
        assert!(!history.gives_up(990, now));
        assert!(!history.gives_up(1_500, now));
    }

    #[test]
    fn a_packet_that_is_asked_for_again_and_again_is_given_up_once() {
        let (mut history, now) = filled(10, Duration::from_millis(10));
        let gives_up: Vec<bool> = (0..10)
            .map(|step| history.gives_up(1_005, now + Duration::from_millis(100) * step))
            .collect();
        assert_eq!(gives_up.iter().position(|gives_up| *gives_up), Some(4));
        assert_eq!(gives_up.iter().filter(|gives_up| **gives_up).count(), 1);
    }

    #[test]
    fn what_was_forgotten_is_not_given_up() {
        let (mut history, now) = filled(500, Duration::from_millis(10));
        history.forget();
        assert!(!history.gives_up(1_010, now));
        assert!(!history.gives_up(1_499, now + PATIENCE * 2));
    }

    #[test]
    fn a_packet_we_dropped_is_gone() {
        let (mut history, now) = filled(10, Duration::from_millis(10));
        history.dropped(1_010);
        history.wrote(1_011, now);
        assert!(history.gives_up(1_010, now));
        assert!(!history.gives_up(1_011, now));
    }
}
