//! How much of a node trial apps may take, so that there is always room for the others.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::call::Call;

/// Counts the participants of trial apps on this node.
#[derive(Debug)]
pub struct TrialCapacity {
    limit: usize,
    taken: AtomicUsize,
}

impl TrialCapacity {
    /// Room for `limit` participants.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit, taken: AtomicUsize::new(0) }
    }

    /// Whether there is no room. Calls report after each join, so as many as join in the same
    /// moment may come in above the limit.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.limit
    }
}

/// What one call takes, until this is dropped.
#[derive(Debug)]
pub struct TrialShare {
    capacity: Arc<TrialCapacity>,
    count: usize,
}

impl TrialShare {
    /// Nothing yet.
    #[must_use]
    pub fn new(capacity: Arc<TrialCapacity>) -> Self {
        Self { capacity, count: 0 }
    }

    /// Counts who is in the call, if its app is on trial at the moment.
    pub fn set(&mut self, call: &Call) {
        self.set_count(if call.is_trial() { call.participant_count() } else { 0 });
    }

    fn set_count(&mut self, count: usize) {
        let taken = &self.capacity.taken;
        if count > self.count {
            taken.fetch_add(count - self.count, Ordering::Relaxed);
        } else {
            taken.fetch_sub(self.count - count, Ordering::Relaxed);
        }
        self.count = count;
    }
}

impl Drop for TrialShare {
    fn drop(&mut self) {
        self.set_count(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_take_and_give_back() {
        let capacity = Arc::new(TrialCapacity::new(3));
        let mut first = TrialShare::new(Arc::clone(&capacity));
        let mut second = TrialShare::new(Arc::clone(&capacity));
        first.set_count(2);
        assert!(!capacity.is_full());
        second.set_count(1);
        assert!(capacity.is_full());
        first.set_count(1);
        assert!(!capacity.is_full());
        first.set_count(5);
        drop(first);
        drop(second);
        assert_eq!(capacity.taken.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn without_room_there_is_none_from_the_beginning() {
        assert!(TrialCapacity::new(0).is_full());
    }
}
