//! Packets in the order of their numbers.

use std::{collections::BTreeMap, time::Duration};

/// Packets that wait at most. More come in the patience of a buffer only from a sender that leaves
/// out numbers on purpose.
const MAX_WAITING: usize = 2_048;

/// Gives packets in the order of their sequence numbers, and says how many are missing before each.
#[derive(Debug)]
pub struct ReorderBuffer<T> {
    waiting: BTreeMap<u64, (Duration, T)>,
    /// The number that comes next; `None` before the first packet.
    next: Option<u64>,
    patience: Duration,
}

/// A packet whose turn it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Ordered<T> {
    /// Packets before it that did not come in time.
    pub lost: u64,
    /// The packet.
    pub packet: T,
}

impl<T> ReorderBuffer<T> {
    /// Waits so long for a missing packet, counted from the arrival of the first one behind it.
    #[must_use]
    pub const fn new(patience: Duration) -> Self {
        Self { waiting: BTreeMap::new(), next: None, patience }
    }

    /// Takes a packet. One that came twice or too late is dropped.
    pub fn push(&mut self, seq: u64, arrived: Duration, packet: T) {
        if self.next.is_none_or(|next| next <= seq) {
            self.waiting.entry(seq).or_insert((arrived, packet));
        }
    }

    /// The next packet when nothing is missing before it, or when that was waited for long enough.
    pub fn pop(&mut self, now: Duration) -> Option<Ordered<T>> {
        let (&seq, (arrived, _)) = self.waiting.first_key_value()?;
        let lost = self.next.map_or(0, |next| seq.saturating_sub(next));
        let is_due = lost == 0
            || now.saturating_sub(*arrived) >= self.patience
            || self.waiting.len() > MAX_WAITING;
        is_due.then(|| self.take_first(lost)).flatten()
    }

    /// The next packet, whatever is missing before it: nothing more will come.
    pub fn flush(&mut self) -> Option<Ordered<T>> {
        let (&seq, _) = self.waiting.first_key_value()?;
        self.take_first(self.next.map_or(0, |next| seq.saturating_sub(next)))
    }

    fn take_first(&mut self, lost: u64) -> Option<Ordered<T>> {
        let (seq, (_, packet)) = self.waiting.pop_first()?;
        self.next = Some(seq.saturating_add(1));
        Some(Ordered { lost, packet })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(500);

    fn drain(buffer: &mut ReorderBuffer<u64>, now: Duration) -> Vec<(u64, u64)> {
        std::iter::from_fn(|| buffer.pop(now)).map(|next| (next.packet, next.lost)).collect()
    }

    #[test]
    fn packets_that_overtook_each_other_come_in_order() {
        let mut buffer = ReorderBuffer::new(PATIENCE);
        let mut out = Vec::new();
        for seq in [7, 9, 8, 10, 9] {
            buffer.push(seq, Duration::ZERO, seq);
            out.extend(drain(&mut buffer, Duration::ZERO));
        }
        assert_eq!(out, [(7, 0), (8, 0), (9, 0), (10, 0)]);
    }

    #[test]
    fn a_missing_packet_is_waited_for_and_then_counted() {
        let mut buffer = ReorderBuffer::new(PATIENCE);
        buffer.push(1, Duration::ZERO, 1);
        buffer.push(4, Duration::from_millis(10), 4);
        assert_eq!(drain(&mut buffer, Duration::from_millis(509)), [(1, 0)]);
        assert_eq!(drain(&mut buffer, Duration::from_millis(510)), [(4, 2)]);
        buffer.push(2, Duration::from_millis(511), 2);
        assert_eq!(drain(&mut buffer, Duration::from_secs(9)), []);
    }

    #[test]
    fn a_sender_that_leaves_out_numbers_does_not_fill_the_memory() {
        let mut buffer = ReorderBuffer::new(PATIENCE);
        for seq in (0..20_000).step_by(2) {
            buffer.push(seq, Duration::ZERO, seq);
            while buffer.pop(Duration::ZERO).is_some() {}
            assert!(buffer.waiting.len() <= MAX_WAITING);
        }
    }
}
