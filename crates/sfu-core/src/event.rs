//! What goes into a room and what comes out.

use jumpa_protocol::{
    ParticipantId,
    control::{ParticipantMediaEvent, Subscription},
};
use jumpa_rtc::{Offer, PeerConfig};

/// Settings of a room.
#[derive(Debug, Clone)]
pub struct RoomConfig {
    /// Settings of every peer connection.
    pub peer: PeerConfig,
}

/// A participant that enters.
#[derive(Debug)]
pub struct Join {
    /// Who.
    pub participant_id: ParticipantId,
    /// The per-call number, for levels and CSRCs.
    pub number: u32,
    /// The parsed offer.
    pub offer: Offer,
    /// How the slots get their sources.
    pub subscription: Subscription,
}

/// What happened in a room.
#[derive(Debug, Clone, PartialEq)]
pub enum RoomEvent {
    /// Something happened to one participant.
    Participant {
        /// Who.
        participant_id: ParticipantId,
        /// What.
        event: ParticipantMediaEvent,
    },
    /// Who speaks, the most recent dominant speaker first.
    Speakers {
        /// At most [`jumpa_protocol::limits::DEFAULT_AUDIO_SLOTS`].
        participant_ids: Vec<ParticipantId>,
    },
}

/// Counters of a room since it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RoomStats {
    /// Media packets that came.
    pub packets_received: u64,
    /// Their payload.
    pub bytes_received: u64,
    /// Media packets that were forwarded, once per receiver.
    pub packets_sent: u64,
    /// Their payload.
    pub bytes_sent: u64,
    /// Keyframes that publishers were asked for.
    pub keyframes_requested: u64,
    /// Requests for keyframes by receivers.
    pub keyframe_requests_received: u64,
    /// Receivers asked for packets that were no longer in the history.
    pub nacks_unanswered: u64,
    /// Packets of publishers that were waited for in vain.
    pub losses_given_up: u64,
    /// Packets of sources that were not open.
    pub packets_dropped_closed: u64,
    /// Packets of no known source, of a wrong codec, or of one encoding too many.
    pub packets_dropped_unknown: u64,
    /// Packets that a peer connection did not send: the receiver lacks the codec, or its queue was
    /// full.
    pub packets_dropped_unsent: u64,
    /// Datagrams that did not prove to be from their participant.
    pub datagrams_unproven: u64,
}
