//! A point in time on both clocks.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A point in time: on the clock that never jumps, for waiting, and on the wall clock, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// For deadlines and intervals.
    pub instant: Instant,
    /// Milliseconds since 1970.
    pub unix_ms: u64,
}

impl Moment {
    /// Reads both clocks. Only the shell (sockets, tasks) does this; state machines take a moment.
    #[must_use]
    pub fn now() -> Self {
        Self {
            instant: tokio::time::Instant::now().into_std(),
            unix_ms: u64::try_from(since_1970().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// The wall clock, as time since 1970. A clock before 1970 reads as 1970.
#[must_use]
pub fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
