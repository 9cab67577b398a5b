//! What lies between one client and the server.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Instant,
};

use crate::{Link, LinkConfig, link::LinkStats};

/// A datagram with its addresses, as the side that reads it sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// Where it came from.
    pub source: SocketAddr,
    /// Where it was sent to.
    pub destination: SocketAddr,
    /// What it carries.
    pub bytes: Vec<u8>,
}

/// Bytes of IPv4 and UDP headers, counted against the rate of a link.
const HEADER_BYTES: usize = 28;

/// Two links and the address that the server sees, which can change as behind a NAT.
#[derive(Debug)]
pub struct ClientPath {
    up: Link<Datagram>,
    down: Link<Datagram>,
    public: SocketAddr,
}

impl ClientPath {
    /// A path with equal links both ways. The seed also makes the public address (10.0.0.0/8).
    #[must_use]
    pub fn new(config: LinkConfig, seed: u64) -> Self {
        let [.., a, b, c] = seed.to_be_bytes();
        let public = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, a, b, c)), 40_000);
        Self {
            up: Link::new(config, seed.wrapping_mul(2)),
            down: Link::new(config, seed.wrapping_mul(2).wrapping_add(1)),
            public,
        }
    }

    /// The address under which the server sees the client.
    #[must_use]
    pub const fn public_address(&self) -> SocketAddr {
        self.public
    }

    /// Gives the client another public address, as a NAT does that forgot a binding or a phone that
    /// leaves the Wi-Fi. What is sent to the old address from now on is lost.
    pub const fn rebind(&mut self, public: SocketAddr) {
        self.public = public;
    }

    /// The link from the client.
    pub const fn up(&mut self) -> &mut Link<Datagram> {
        &mut self.up
    }

    /// The link to the client.
    pub const fn down(&mut self) -> &mut Link<Datagram> {
        &mut self.down
    }

    /// Cuts or joins both links.
    pub fn set_cut(&mut self, is_cut: bool) {
        self.up.set_cut(is_cut);
        self.down.set_cut(is_cut);
    }

    /// The client sends.
    pub fn send_up(&mut self, now: Instant, destination: SocketAddr, bytes: Vec<u8>) {
        let datagram = Datagram { source: self.public, destination, bytes };
        self.up.send(now, datagram.bytes.len() + HEADER_BYTES, datagram);
    }

    /// The server sends to `destination`; lost unless that is the client's public address.
    pub fn send_down(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
        bytes: Vec<u8>,
    ) {
        if destination == self.public {
            let datagram = Datagram { source, destination, bytes };
            self.down.send(now, datagram.bytes.len() + HEADER_BYTES, datagram);
        }
    }

    /// The next datagram for the server that arrived until `now`.
    pub fn poll_up(&mut self, now: Instant) -> Option<Datagram> {
        self.up.poll(now)
    }

    /// The next datagram for the client that arrived until `now`.
    pub fn poll_down(&mut self, now: Instant) -> Option<Datagram> {
        self.down.poll(now)
    }

    /// When the next datagram arrives on either side.
    #[must_use]
    pub fn next_arrival(&self) -> Option<Instant> {
        [self.up.next_arrival(), self.down.next_arrival()].into_iter().flatten().min()
    }

    /// What happened so far: from the client, to the client.
    #[must_use]
    pub const fn stats(&self) -> (LinkStats, LinkStats) {
        (self.up.stats(), self.down.stats())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epoch;

    const SERVER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 7_882);

    #[test]
    fn the_server_sees_the_public_address_and_can_answer_to_it() {
        let mut path = ClientPath::new(LinkConfig::default(), 5);
        path.send_up(epoch(), SERVER, vec![1]);
        let source = path.poll_up(epoch()).expect("nothing delays it").source;
        path.send_down(epoch(), SERVER, source, vec![2]);
        assert_eq!(path.poll_down(epoch()).map(|datagram| datagram.bytes), Some(vec![2]));
    }

    #[test]
    fn after_a_rebinding_the_old_address_leads_nowhere() {
        let mut path = ClientPath::new(LinkConfig::default(), 5);
        let old = path.public_address();
        let new = SocketAddr::new(old.ip(), 50_000);
        path.rebind(new);
        path.send_down(epoch(), SERVER, old, vec![1]);
        path.send_up(epoch(), SERVER, vec![2]);
        assert_eq!(path.poll_down(epoch()), None);
        assert_eq!(path.poll_up(epoch()).map(|datagram| datagram.source), Some(new));
    }
}
