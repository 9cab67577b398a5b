//! What signalling and the media plane tell each other.
//!
//! Plain data over channels that `jumpa-server` connects; nothing here waits for an answer except
//! [`MediaCommand`]s with a `request_id`, each answered by exactly one [`MediaEvent::Answered`].

use crate::{
    CallId, ErrorCode, Layer, MediaKind, ParticipantId, SourceKind,
    signal::{QualityCause, QualityLevel, SlotState, SlotView},
};

/// An order of signalling to the media plane.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaCommand {
    /// Make a peer connection in a call; the call begins with its first participant.
    Join(MediaJoin),
    /// Apply a further offer of a participant: more slots or an ICE restart.
    Negotiate {
        /// Echoed in the answer.
        request_id: u64,
        /// The call.
        call_id: CallId,
        /// Who.
        participant_id: ParticipantId,
        /// The session description.
        offer: String,
    },
    /// What a participant wants in its video slots; slots that are not named are empty.
    View {
        /// The call.
        call_id: CallId,
        /// Who.
        participant_id: ParticipantId,
        /// Wanted pictures.
        slots: Vec<SlotView>,
    },
    /// Forward a source or drop what it sends. A source that is not open is neither heard nor seen,
    /// whatever its client sends. Every source begins closed.
    SetSourceOpen {
        /// The call.
        call_id: CallId,
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
        /// Whether it is forwarded.
        is_open: bool,
    },
    /// Close a peer connection.
    Leave {
        /// The call.
        call_id: CallId,
        /// Who.
        participant_id: ParticipantId,
    },
    /// Close every peer connection of a call.
    End {
        /// The call.
        call_id: CallId,
    },
}

/// A participant that enters the media plane.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaJoin {
    /// Echoed in the answer.
    pub request_id: u64,
    /// The call.
    pub call_id: CallId,
    /// Who.
    pub participant_id: ParticipantId,
    /// The per-call number, for levels and CSRCs.
    pub number: u32,
    /// The session description.
    pub offer: String,
    /// How slots get their sources.
    pub subscription: Subscription,
}

/// How the slots of a participant get their sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscription {
    /// Video by `View`, audio by the server: the loudest speakers.
    Client,
    /// As `Client`, however little the estimate of its downlink says: it stands beside the server
    /// and keeps what it gets.
    Recorder,
    /// Nothing is received (WHIP).
    None,
    /// Video follows the active speaker or screen share, audio the loudest (WHEP).
    Automatic,
}

/// What the media plane reports.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaEvent {
    /// The answer to a command with a `request_id`.
    Answered {
        /// Of the command.
        request_id: u64,
        /// The session description, or why there is none.
        result: Result<String, ErrorCode>,
    },
    /// Something happened to one participant.
    Participant {
        /// The call.
        call_id: CallId,
        /// Who.
        participant_id: ParticipantId,
        /// What.
        event: ParticipantMediaEvent,
    },
    /// Who speaks in a call, the most recent dominant speaker first.
    Speakers {
        /// The call.
        call_id: CallId,
        /// At most [`crate::limits::DEFAULT_AUDIO_SLOTS`].
        participant_ids: Vec<ParticipantId>,
    },
}

/// What happened to one participant in the media plane.
#[derive(Debug, Clone, PartialEq)]
pub enum ParticipantMediaEvent {
    /// Media can flow: at first, and again after `PathLost`.
    Connected,
    /// No packet came for 2 s.
    PathLost,
    /// The connection is over: DTLS was closed, or nothing came for so long that it is forgotten.
    Closed,
    /// A receiving slot shows something else.
    SlotChanged {
        /// Audio or video.
        kind: MediaKind,
        /// Its index.
        slot: u16,
        /// What it shows.
        state: SlotState,
    },
    /// Which encodings of its source are received by somebody.
    LayersWanted {
        /// `Camera` or `Screen`.
        source: SourceKind,
        /// Wanted encodings, from small to large.
        layers: Vec<Layer>,
    },
    /// How good the connection is.
    Quality {
        /// How good.
        level: QualityLevel,
        /// The main reason when it is not good.
        cause: Option<QualityCause>,
    },
}
