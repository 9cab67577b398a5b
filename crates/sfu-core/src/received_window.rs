//! Which packets of a stream have been seen.

/// Packets that the window remembers: more than a second of a 1080p stream.
const LEN: u64 = 1_024;
const WORDS: usize = (LEN / 64) as usize;

/// Remembers the last 1,024 sequence numbers of a stream, to drop duplicates.
///
/// Sending one sequence number twice with different headers would use an SRTP nonce twice
/// (RFC 7714 section 11), so every packet that is forwarded passes here first.
#[derive(Debug, Clone, Default)]
pub struct ReceivedWindow {
    highest: Option<u64>,
    words: [u64; WORDS],
}

impl ReceivedWindow {
    /// Notes a number. `false`: it was seen before, or it is too old to know.
    pub fn insert(&mut self, seq: u64) -> bool {
        let Some(highest) = self.highest else {
            self.highest = Some(seq);
            self.set(seq);
            return true;
        };
        if seq > highest {
            self.clear_between(highest, seq);
            self.highest = Some(seq);
            self.set(seq);
            return true;
        }
        if highest - seq >= LEN || self.is_set(seq) {
            return false;
        }
        self.set(seq);
        true
    }

    /// The highest number seen.
    pub const fn highest(&self) -> Option<u64> {
        self.highest
    }

    fn clear_between(&mut self, highest: u64, seq: u64) {
        if seq - highest >= LEN {
            self.words = [0; WORDS];
            return;
        }
        for missed in highest + 1..=seq {
            let (word, bit) = Self::place(missed);
            if let Some(word) = self.words.get_mut(word) {
                *word &= !bit;
            }
        }
    }

    fn set(&mut self, seq: u64) {
        let (word, bit) = Self::place(seq);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    fn is_set(&self, seq: u64) -> bool {
        let (word, bit) = Self::place(seq);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    const fn place(seq: u64) -> (usize, u64) {
        let index = seq % LEN;
        ((index / 64) as usize, 1 << (index % 64))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn a_number_is_new_once() {
        let mut window = ReceivedWindow::default();
        assert!(window.insert(10));
        assert!(!window.insert(10));
        assert!(window.insert(8));
        assert!(!window.insert(8));
        assert!(window.insert(9));
    }

    #[test]
    fn numbers_older_than_the_window_count_as_seen() {
        let mut window = ReceivedWindow::default();
        assert!(window.insert(5_000));
        assert!(window.insert(5_000 - LEN + 1));
        assert!(!window.insert(5_000 - LEN));
    }

    #[test]
    fn a_jump_over_the_whole_window_forgets_it() {
        let mut window = ReceivedWindow::default();
        (0..LEN).for_each(|seq| assert!(window.insert(seq)));
        assert!(window.insert(10 * LEN));
        assert!(window.insert(10 * LEN - 5));
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_plain_set(steps in proptest::collection::vec(0_u64..40, 1..400)) {
            let mut window = ReceivedWindow::default();
            let mut seen = BTreeSet::new();
            for (number, step) in steps.into_iter().enumerate() {
                let seq = 2_000 + (number as u64) * 7 - step * 5;
                prop_assert_eq!(window.insert(seq), seen.insert(seq));
            }
        }
    }
}
