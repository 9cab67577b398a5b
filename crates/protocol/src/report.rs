//! What signalling reports of its calls to the control plane: the ground of usage, analytics and
//! webhooks.
//!
//! Reports are facts in the order in which they happened on one node. They are written to a log of
//! the node first and stored from there, so that neither a call nor a report waits for a database.
//! A report may arrive twice; its id tells.

use serde::{Deserialize, Serialize};

use crate::{
    CallId, KeyId, ParticipantId, RecordingId, ReportId, RoomKey,
    signal::{ClientInfo, ConnectionState, LeaveReason, MediaSummary, Role, SourceInfo},
};

/// One entry of the log that a node keeps of its calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly every entry is the large one")]
pub enum LogEntry {
    /// The server was started; calls of before that it does not continue were over by then.
    Started {
        /// When, microseconds since 1970.
        at_us: u64,
        /// Calls that go on.
        continues: Vec<CallId>,
    },
    /// Something happened in a call.
    Call(CallReport),
}

/// A place between two entries of such a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogPosition {
    /// Number of the segment, from 1; 0 before all of them.
    pub segment: u64,
    /// Bytes from its beginning.
    pub offset: u64,
}

/// One fact about a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallReport {
    /// Unique; a report that arrives again has the id of the first time.
    pub id: ReportId,
    /// When it happened, microseconds since 1970.
    pub at_us: u64,
    /// Where.
    pub room: RoomKey,
    /// In which call.
    pub call_id: CallId,
    /// What.
    #[serde(flatten)]
    pub fact: CallFact,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum CallFact {
    /// The first participant came. Told again by a server that continues a call of before its
    /// start.
    CallBegan {
        /// When the call began, milliseconds since 1970.
        started_at_ms: u64,
    },
    /// Somebody came in, or came back into a call that their server continues.
    ParticipantJoined(JoinedParticipant),
    /// Somebody is no longer in.
    ParticipantLeft {
        /// Who.
        participant_id: ParticipantId,
        /// Why.
        reason: LeaveReason,
    },
    /// Somebody's connection is up, or tries to come back.
    ConnectionChanged {
        /// Whose.
        participant_id: ParticipantId,
        /// How it is.
        connection: ConnectionState,
    },
    /// Somebody switched a source, or it was switched for them.
    SourceChanged {
        /// Whose.
        participant_id: ParticipantId,
        /// Which, and what it does.
        source: SourceInfo,
    },
    /// Somebody was given moderation, or it was taken.
    RoleChanged {
        /// Whose.
        participant_id: ParticipantId,
        /// The new one.
        role: Role,
    },
    /// Somebody is called otherwise.
    NameChanged {
        /// Who.
        participant_id: ParticipantId,
        /// The new name.
        name: String,
    },
    /// Somebody waits to be let in.
    LobbyEntered {
        /// Who they would be in the call.
        participant_id: ParticipantId,
        /// The name they gave.
        name: String,
    },
    /// Somebody waits no longer.
    LobbyLeft {
        /// Who.
        participant_id: ParticipantId,
        /// Whether they were let in.
        is_admitted: bool,
    },
    /// Somebody knows of a recording and said whether they agree to be in it.
    RecordingConsented {
        /// Who.
        participant_id: ParticipantId,
        /// To which.
        recording_id: RecordingId,
        /// Whether they agree. Logs of before this could be told hold consents alone.
        #[serde(default = "yes")]
        agrees: bool,
    },
    /// How somebody's media was in the last ten seconds, as their client measured it.
    MediaMeasured {
        /// Whose.
        participant_id: ParticipantId,
        /// What was measured.
        summary: MediaSummary,
    },
    /// The last one has left, or the call was ended for everybody.
    CallEnded {
        /// Why, when it was ended for everybody.
        reason: Option<LeaveReason>,
    },
}

fn yes() -> bool {
    true
}

/// Somebody who came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinedParticipant {
    /// Who.
    pub participant_id: ParticipantId,
    /// When they came, milliseconds since 1970; earlier than the report for those who came back
    /// into a continued call.
    pub joined_at_ms: u64,
    /// Display name.
    pub name: String,
    /// Their id in the tenant's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The key that signed their token; absent for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<KeyId>,
    /// What they may do.
    pub role: Role,
    /// How they take part.
    pub via: Via,
    /// Their client, as it says itself.
    pub client: ClientInfo,
    /// What they send from the start.
    pub sources: Vec<SourceInfo>,
}

/// How somebody takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Over the WebSocket, as browsers do.
    Signalling,
    /// An encoder (RFC 9725).
    Whip,
    /// A player.
    Whep,
}
