//! Whether anything still comes from a client.

use std::time::{Duration, Instant};

use jumpa_protocol::limits;

/// A path without an authenticated packet for this long is dead.
const DEAD_AFTER: Duration = Duration::from_secs(2);
/// After this silence pictures have been lost on the way, and the receiver needs a keyframe.
const HOLE: Duration = Duration::from_millis(500);
/// A connection without a packet for this long is forgotten: as long as its session can be resumed.
const FORGET_AFTER: Duration = limits::RESUME_WINDOW;

/// What the silence or its end means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathChange {
    /// Nothing came for two seconds.
    Lost,
    /// Packets come again after `Lost`. Implies what `Revived` says.
    Returned,
    /// Packets come again after half a second or more.
    Revived,
    /// Nothing came for so long that the connection is over.
    Expired,
}

/// Watches the authenticated packets of one client.
#[derive(Debug, Clone)]
pub struct PathWatch {
    seen_at: Instant,
    /// As `seen_at`, but by packets whose origin was not proven as well.
    heard_at: Instant,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// ICE and DTLS are under way.
    Connecting,
    Alive,
    Lost,
}

impl PathWatch {
    /// A connection that begins.
    #[must_use]
    pub const fn new(now: Instant) -> Self {
        Self { seen_at: now, heard_at: now, state: State::Connecting }
    }

    /// Notes that media can flow.
    pub fn connected(&mut self, now: Instant) {
        self.seen_at = now;
        self.heard_at = now;
        self.state = State::Alive;
    }

    /// Whether media can flow.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.state == State::Alive
    }

    /// Notes an authenticated packet.
    pub fn seen(&mut self, now: Instant) -> Option<PathChange> {
        let silence = now.saturating_duration_since(self.seen_at.max(self.heard_at));
        self.seen_at = now;
        self.heard_at = now;
        match self.state {
            State::Connecting => None,
            State::Lost => {
                self.state = State::Alive;
                Some(PathChange::Returned)
            }
            State::Alive => (silence >= HOLE).then_some(PathChange::Revived),
        }
    }

    /// Notes a packet from the client's address whose origin cannot be proven: DTLS application
    /// data. A client that neither sends nor receives media sends little else, for up to 5 s
    /// between two ICE checks, and its acknowledgements of level reports show that it lives. They
    /// keep a living path alive; they bring back no lost one and keep none from being forgotten.
    pub fn heard(&mut self, now: Instant) {
        if self.state == State::Alive {
            self.heard_at = now;
        }
    }

    /// What the silence until `now` means.
    pub fn poll(&mut self, now: Instant) -> Option<PathChange> {
        if now.saturating_duration_since(self.seen_at) >= FORGET_AFTER {
            return Some(PathChange::Expired);
        }
        let silence = now.saturating_duration_since(self.seen_at.max(self.heard_at));
        if self.state == State::Alive && silence >= DEAD_AFTER {
            self.state = State::Lost;
            return Some(PathChange::Lost);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn connected() -> PathWatch {
        let mut watch = PathWatch::new(epoch());
        watch.connected(epoch());
        watch
    }

    #[test]
    fn a_path_is_lost_after_two_silent_seconds_and_that_is_told_once() {
        let mut watch = connected();
        assert_eq!(watch.poll(epoch() + MS * 1_999), None);
        assert_eq!(watch.poll(epoch() + MS * 2_000), Some(PathChange::Lost));
        assert_eq!(watch.poll(epoch() + MS * 2_100), None);
    }

    #[test]
    fn a_lost_path_returns_with_the_first_packet() {
        let mut watch = connected();
        watch.poll(epoch() + MS * 2_500);
        assert_eq!(watch.seen(epoch() + MS * 5_000), Some(PathChange::Returned));
        assert_eq!(watch.seen(epoch() + MS * 5_010), None);
    }

    #[test]
    fn half_a_second_of_silence_is_a_hole() {
        let mut watch = connected();
        assert_eq!(watch.seen(epoch() + MS * 499), None);
        assert_eq!(watch.seen(epoch() + MS * 999), Some(PathChange::Revived));
    }

    #[test]
    fn unproven_packets_keep_a_path_alive_but_do_not_bring_it_back() {
        let mut watch = connected();
        watch.heard(epoch() + MS * 1_500);
        assert_eq!(watch.poll(epoch() + MS * 3_000), None);
        assert_eq!(watch.poll(epoch() + MS * 3_500), Some(PathChange::Lost));
        watch.heard(epoch() + MS * 4_000);
        assert!(!watch.is_alive());
    }

    #[test]
    fn unproven_packets_do_not_keep_a_connection_from_being_forgotten() {
        let mut watch = connected();
        (0..30).for_each(|second| watch.heard(epoch() + MS * 1_000 * second));
        assert_eq!(watch.poll(epoch() + MS * 30_000), Some(PathChange::Expired));
    }

    #[test]
    fn a_connection_that_never_comes_up_is_forgotten_but_not_lost() {
        let mut watch = PathWatch::new(epoch());
        assert_eq!(watch.poll(epoch() + MS * 29_999), None);
        assert_eq!(watch.poll(epoch() + MS * 30_000), Some(PathChange::Expired));
    }
}
