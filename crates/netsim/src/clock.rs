//! The start of virtual time.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// The instant at which every simulation of this process starts.
///
/// It lies a day after the real start, so that code may look back from it without leaving the range
/// of [`Instant`].
#[must_use]
pub fn epoch() -> Instant {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(|| Instant::now() + Duration::from_secs(24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_does_not_move() {
        assert_eq!(epoch(), epoch());
    }

    #[test]
    fn an_hour_before_the_epoch_can_be_named() {
        assert!(epoch().checked_sub(Duration::from_secs(3_600)).is_some());
    }
}
