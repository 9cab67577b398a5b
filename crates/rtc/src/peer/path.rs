//! Which transport carries what a peer sends.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use str0m::net::Protocol;

use crate::{PeerConfig, RtcError, Transport, engine};

/// How long a path must be silent before a check on the other transport takes it over. Media on
/// the other transport takes it over at once, since clients send it only on the path they chose.
const SILENCE_BEFORE_CHECK_MOVES: Duration = Duration::from_millis(1_500);

/// Which transport carries what we send. str0m sees one path with fixed addresses at both ends;
/// the real ones are the caller's, so a client that moves never confuses it.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) protocol: Protocol,
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    /// Another address, for questions that must not be short-cut by the known one.
    pub(super) stranger: SocketAddr,
    chosen: Option<Transport>,
    heard_at: Option<Instant>,
    /// The transport of the datagram that is being handled, which its STUN answer goes back on.
    pub(super) answering: Transport,
}

impl Path {
    /// # Errors
    /// [`RtcError::Negotiation`] without a candidate.
    pub(super) fn new(config: &PeerConfig) -> Result<Self, RtcError> {
        let first = config
            .candidates
            .iter()
            .find(|candidate| candidate.transport == Transport::Udp)
            .or_else(|| config.candidates.first())
            .ok_or_else(|| RtcError::Negotiation("no candidate to offer".into()))?;
        Ok(Self {
            protocol: engine::protocol(first.transport),
            local: first.address,
            remote: engine::stand_in(first.address, 1),
            stranger: engine::stand_in(first.address, 2),
            chosen: None,
            heard_at: None,
            answering: first.transport,
        })
    }

    /// Notes an authentic datagram; a client sends media only on the transport that it chose.
    pub(super) fn heard(&mut self, transport: Transport, is_check: bool, now: Instant) {
        let is_silent = self.heard_at.is_none_or(|at| at + SILENCE_BEFORE_CHECK_MOVES <= now);
        if self.chosen.is_none() || !is_check || is_silent {
            self.chosen = Some(transport);
        }
        if self.chosen == Some(transport) {
            self.heard_at = Some(now);
        }
    }

    /// What carries a datagram that goes out now.
    pub(super) fn transport_for(&self, datagram: &[u8]) -> Transport {
        if engine::is_stun(datagram) {
            return self.answering;
        }
        self.chosen.unwrap_or(self.answering)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Certificate, IceCandidate};

    const STUN: [u8; 2] = [0, 1];
    const MEDIA: [u8; 2] = [0x80, 96];

    fn path() -> Path {
        let address = ([203, 0, 113, 5], 7882).into();
        let candidates = [Transport::Tcp, Transport::Udp]
            .map(|transport| IceCandidate { transport, address })
            .to_vec();
        let certificate = Certificate::generate().unwrap();
        Path::new(&PeerConfig { certificate, candidates, initial_estimate_bps: Some(1_000_000) })
            .unwrap()
    }

    #[test]
    fn media_on_the_other_transport_moves_the_path_at_once() {
        let now = jumpa_netsim::epoch();
        let mut path = path();
        path.heard(Transport::Udp, true, now);
        path.heard(Transport::Tcp, false, now);
        assert_eq!(path.transport_for(&MEDIA), Transport::Tcp);
    }

    #[test]
    fn a_check_moves_only_a_silent_path() {
        let now = jumpa_netsim::epoch();
        let mut path = path();
        path.heard(Transport::Udp, false, now);
        path.heard(Transport::Tcp, true, now + Duration::from_millis(1_499));
        assert_eq!(path.transport_for(&MEDIA), Transport::Udp);
        path.heard(Transport::Tcp, true, now + Duration::from_millis(1_500));
        assert_eq!(path.transport_for(&MEDIA), Transport::Tcp);
    }

    #[test]
    fn a_check_is_answered_on_its_own_transport() {
        let now = jumpa_netsim::epoch();
        let mut path = path();
        path.heard(Transport::Udp, false, now);
        path.answering = Transport::Tcp;
        assert_eq!(path.transport_for(&STUN), Transport::Tcp);
        assert_eq!(path.transport_for(&MEDIA), Transport::Udp);
    }
}
