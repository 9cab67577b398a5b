//! The client's side of a connection: makes offers. Used by the Rust client and by simulations.

use std::time::Instant;

use crate::{CallerConfig, Line, MediaPacket, OutPacket, Rid, RtcError, Slot, Transmit, Transport};

/// What happened on a connection.
#[derive(Debug)]
pub enum CallerEvent {
    /// ICE and DTLS are done; media can flow.
    Connected,
    /// ICE lost the server; a restart may help.
    Disconnected,
    /// The connection is over.
    Closed,
    /// A media packet came on a slot.
    Media(MediaPacket),
    /// The server asks for a keyframe of a line, of one encoding when it has several.
    KeyframeRequested(Line, Option<Rid>),
    /// What the uplink carries, bits per second.
    Estimate(u64),
    /// A text message came over the data channel.
    Fast(String),
}

/// Where a packet of the client is sent: a line, and the encoding of a line that has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SendLayer {
    /// The sending m-line.
    pub line: Line,
    /// The encoding.
    pub rid: Option<Rid>,
}

/// One connection to the server.
#[derive(Debug)]
pub struct Caller {}

impl Caller {
    /// Makes a connection and its first offer: four sending m-lines (microphone, camera, screen,
    /// screen audio), the slots, the data channel.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] when the settings are inconsistent.
    pub fn offer(_config: &CallerConfig, _now: Instant) -> Result<(Self, String), RtcError> {
        unimplemented!()
    }

    /// Applies the server's answer to the last offer.
    ///
    /// # Errors
    /// [`RtcError::Sdp`] or [`RtcError::Negotiation`].
    pub fn accept_answer(&mut self, _answer: &str, _now: Instant) -> Result<(), RtcError> {
        unimplemented!()
    }

    /// A further offer with more video slots.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] while an offer is open.
    pub fn grow(&mut self, _video_slots: u16) -> Result<String, RtcError> {
        unimplemented!()
    }

    /// A further offer that restarts ICE, from a new local address when the socket changed.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] while an offer is open.
    pub fn restart_ice(&mut self) -> Result<String, RtcError> {
        unimplemented!()
    }

    /// Takes a datagram from the server at `source`.
    pub fn handle_datagram(
        &mut self,
        _transport: Transport,
        _source: std::net::SocketAddr,
        _datagram: &[u8],
        _now: Instant,
    ) {
        unimplemented!()
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, _now: Instant) {
        unimplemented!()
    }

    /// When [`Self::handle_timeout`] wants to be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        unimplemented!()
    }

    /// The next datagram to send, with its destination.
    pub fn poll_transmit(&mut self) -> Option<(std::net::SocketAddr, Transmit)> {
        unimplemented!()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<CallerEvent> {
        unimplemented!()
    }

    /// Sends a media packet on a line. `csrc` and `vp8` of the packet are usually empty here.
    pub fn write(&mut self, _to: SendLayer, _packet: OutPacket, _now: Instant) {
        unimplemented!()
    }

    /// Asks the server for a keyframe on a slot.
    pub fn request_keyframe(&mut self, _slot: Slot, _now: Instant) {
        unimplemented!()
    }

    /// Says goodbye.
    pub fn close(&mut self, _now: Instant) {
        unimplemented!()
    }
}
