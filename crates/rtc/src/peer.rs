//! The server's side of a connection: answers offers, ICE-lite.

use std::time::{Duration, Instant};

use crate::{
    Codec, Kind, Line, MediaPacket, OutPacket, PeerConfig, Rid, RtcError, Slot, Transmit, Transport,
};

/// A parsed offer. Parsing costs up to 30 ms for 49 slots, so it is done away from media threads.
#[derive(Debug)]
pub struct Offer {}

impl Offer {
    /// Parses a session description (RFC 8866).
    ///
    /// # Errors
    /// [`RtcError::Sdp`] when the text is no session description, [`RtcError::Contract`] when its
    /// m-lines break the slot contract (sending lines first, no `sendrecv`, too many slots).
    pub fn parse(_sdp: &str) -> Result<Self, RtcError> {
        unimplemented!()
    }

    /// Receiving m-lines of a kind.
    #[must_use]
    pub fn slots(&self, _kind: Kind) -> u16 {
        unimplemented!()
    }

    /// Sending m-lines with their kinds, in order.
    #[must_use]
    pub fn lines(&self) -> &[Kind] {
        unimplemented!()
    }
}

/// What happened on a connection.
#[derive(Debug)]
pub enum PeerEvent {
    /// ICE and DTLS are done; media can flow.
    Connected,
    /// The client closed the connection (DTLS close_notify) or it failed for good.
    Closed,
    /// A media packet came.
    Media(MediaPacket),
    /// The receiver of a slot asks for a keyframe (PLI or FIR, RFC 4585, RFC 5104).
    KeyframeRequested(Slot),
    /// The receiver asked for packets of this slot that are no longer in the history.
    NackUnanswered(Slot),
    /// What the downlink to this client carries, bits per second.
    Estimate(u64),
    /// The data channel is open.
    FastOpen,
    /// A text message came over the data channel.
    Fast(String),
}

/// Figures of a connection since the last call.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PeerStats {
    /// Round-trip time, from receiver reports.
    pub round_trip_time: Option<Duration>,
    /// Share of packets from the client that did not arrive, 0 to 1, before repair.
    pub uplink_loss: Option<f32>,
    /// Share of packets to the client that did not arrive, 0 to 1, before repair.
    pub downlink_loss: Option<f32>,
}

/// One connection to a client.
#[derive(Debug)]
pub struct Peer {}

impl Peer {
    /// Makes a connection from the first offer and gives the answer.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] when no codec fits or the description is inconsistent.
    pub fn accept(
        _config: &PeerConfig,
        _offer: Offer,
        _now: Instant,
    ) -> Result<(Self, String), RtcError> {
        unimplemented!()
    }

    /// Applies a further offer: more slots at the end, or an ICE restart.
    ///
    /// # Errors
    /// As [`Self::accept`]; the connection goes on as it was.
    pub fn negotiate(&mut self, _offer: Offer, _now: Instant) -> Result<String, RtcError> {
        unimplemented!()
    }

    /// The ICE user name fragment of our side; changes with an ICE restart. First part of the
    /// USERNAME in checks of the client (RFC 8445 section 7.2.2).
    #[must_use]
    pub fn local_ufrag(&self) -> String {
        unimplemented!()
    }

    /// Receiving m-lines of the client of a kind.
    #[must_use]
    pub fn slots(&self, _kind: Kind) -> u16 {
        unimplemented!()
    }

    /// Codecs that the receiver takes on a slot. Without [`Codec::Red`] it gets primary blocks.
    #[must_use]
    pub fn slot_codecs(&self, _slot: Slot) -> &[Codec] {
        unimplemented!()
    }

    /// Whether a datagram is a STUN check of this client with a correct MESSAGE-INTEGRITY.
    #[must_use]
    pub fn accepts_stun(&self, _transport: Transport, _datagram: &[u8]) -> bool {
        unimplemented!()
    }

    /// Takes a datagram. Returns whether it proved to be from the client: a STUN check with a
    /// correct integrity, or SRTP or SRTCP that decrypted and was no replay. The real address does
    /// not matter here: the caller keeps it (path following).
    pub fn handle_datagram(
        &mut self,
        _transport: Transport,
        _datagram: &[u8],
        _now: Instant,
    ) -> bool {
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

    /// The next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        unimplemented!()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<PeerEvent> {
        unimplemented!()
    }

    /// Sends a packet on a slot. A codec the receiver did not negotiate is dropped and counted.
    pub fn write(&mut self, _slot: Slot, _packet: OutPacket, _now: Instant) {
        unimplemented!()
    }

    /// Asks the client for a keyframe of a line, of one encoding when it has several.
    pub fn request_keyframe(&mut self, _line: Line, _rid: Option<Rid>, _now: Instant) {
        unimplemented!()
    }

    /// What we would send if the downlink were endless, bits per second: probing aims at it.
    pub fn set_desired_bitrate(&mut self, _bps: u64) {
        unimplemented!()
    }

    /// Sends a text over the data channel. `false` when it is not open or full; nothing is queued.
    pub fn send_fast(&mut self, _text: &str, _now: Instant) -> bool {
        unimplemented!()
    }

    /// Figures since the last call.
    pub fn take_stats(&mut self) -> PeerStats {
        unimplemented!()
    }

    /// Says goodbye (DTLS close_notify); poll the last datagrams afterwards.
    pub fn close(&mut self, _now: Instant) {
        unimplemented!()
    }

    /// Whether anything can still happen on the connection.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        unimplemented!()
    }
}
