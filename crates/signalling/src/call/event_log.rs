//! The events of one session, numbered, kept for a client that resumes.

use std::{collections::VecDeque, sync::Arc};

use jumpa_protocol::{limits, signal::Event};

/// The last events of a session.
#[derive(Debug, Default)]
pub(super) struct EventLog {
    last_seq: u32,
    kept: VecDeque<Arc<Event>>,
}

impl EventLog {
    /// Adds an event and gives it its number.
    pub(super) fn push(&mut self, event: Arc<Event>) -> u32 {
        if self.kept.len() == limits::MAX_REPLAY_EVENTS {
            self.kept.pop_front();
        }
        self.kept.push_back(event);
        // Wraps after four billion events of one session: at the rate limit of all 100
        // participants that is two weeks of nothing but events.
        self.last_seq = self.last_seq.wrapping_add(1);
        self.last_seq
    }

    /// The number of the last event; 0 for none.
    pub(super) fn last_seq(&self) -> u32 {
        self.last_seq
    }

    /// The events after `seq` with their numbers, oldest first. `None` when some of them are no
    /// longer kept, or `seq` has not been given out.
    pub(super) fn after(&self, seq: u32) -> Option<Vec<(u32, Arc<Event>)>> {
        let missed = usize::try_from(self.last_seq.checked_sub(seq)?).ok()?;
        let skipped = self.kept.len().checked_sub(missed)?;
        let first = seq.wrapping_add(1);
        let numbered = |(index, event): (usize, &Arc<Event>)| {
            (first.wrapping_add(index as u32), Arc::clone(event))
        };
        Some(self.kept.iter().skip(skipped).enumerate().map(numbered).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log_of(events: u32) -> EventLog {
        let mut log = EventLog::default();
        for _ in 0..events {
            log.push(Arc::new(Event::Unknown));
        }
        log
    }

    fn numbers_after(log: &EventLog, seq: u32) -> Option<Vec<u32>> {
        log.after(seq).map(|events| events.into_iter().map(|(seq, _)| seq).collect())
    }

    #[test]
    fn events_count_from_1() {
        assert_eq!(EventLog::default().push(Arc::new(Event::Unknown)), 1);
    }

    #[test]
    fn what_was_missed_comes_in_order() {
        let log = log_of(5);
        assert_eq!(numbers_after(&log, 3), Some(vec![4, 5]));
        assert_eq!(numbers_after(&log, 5), Some(vec![]));
        assert_eq!(numbers_after(&log, 0), Some(vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn a_number_that_was_never_given_is_refused() {
        assert_eq!(numbers_after(&log_of(5), 6), None);
    }

    #[test]
    fn as_many_events_are_kept_as_the_limit_says() {
        let limit = limits::MAX_REPLAY_EVENTS as u32;
        let log = log_of(limit + 1);
        assert_eq!(numbers_after(&log, 0), None);
        assert_eq!(numbers_after(&log, 1).map(|seqs| seqs.len()), Some(limits::MAX_REPLAY_EVENTS));
        assert_eq!(numbers_after(&log_of(limit), 0).map(|seqs| seqs.len()), Some(512));
    }
}
