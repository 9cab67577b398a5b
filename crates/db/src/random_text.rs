//! Texts from the system's random source.

use rand::{Rng, TryRngCore, rngs::OsRng};

/// Letters and digits that are not taken for each other when read aloud or copied by hand.
pub(crate) const READABLE: &[u8] = b"abcdefghjkmnpqrstvwxyz23456789";

/// Letters and digits.
pub(crate) const ALPHANUMERIC: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `len` characters of `alphabet`, each equally likely. A letter of 30 carries 4.9 bits, one of 62
/// carries 5.95.
pub(crate) fn random_text(alphabet: &[u8], len: usize) -> String {
    let mut rng = OsRng.unwrap_err();
    (0..len)
        .filter_map(|_| alphabet.get(rng.random_range(0..alphabet.len())).copied())
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_random_texts_differ() {
        assert_ne!(random_text(ALPHANUMERIC, 40), random_text(ALPHANUMERIC, 40));
    }

    #[test]
    fn a_random_text_has_the_length_that_was_asked_for() {
        assert_eq!(random_text(READABLE, 5).len(), 5);
    }
}
