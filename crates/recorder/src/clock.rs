//! The clock of a recording.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells time since the recording began. It goes on over restarts of the recorder by the clock of
/// the wall, and between them by one that nobody sets.
#[derive(Debug, Clone, Copy)]
pub struct RecordingClock {
    began_at_ms: u64,
    read_at: Instant,
    read: Duration,
}

impl RecordingClock {
    /// A clock whose zero is `began_at_ms`, milliseconds since 1970.
    #[must_use]
    pub fn since(began_at_ms: u64) -> Self {
        let read = Duration::from_millis(wall_ms().saturating_sub(began_at_ms));
        Self { began_at_ms, read_at: Instant::now(), read }
    }

    /// Zero, milliseconds since 1970.
    #[must_use]
    pub const fn began_at_ms(&self) -> u64 {
        self.began_at_ms
    }

    /// The time of the recording at this instant.
    #[must_use]
    pub fn at(&self, instant: Instant) -> Duration {
        let passed = instant.saturating_duration_since(self.read_at);
        let before = self.read_at.saturating_duration_since(instant);
        (self.read + passed).saturating_sub(before)
    }

    /// The time of the recording now.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.at(Instant::now())
    }
}

/// Milliseconds since 1970.
#[must_use]
pub fn wall_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}
