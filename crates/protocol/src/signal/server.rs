//! What the server says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    ChatMessage, ConnectionState, LeaveReason, LobbyEntry, Participant, QualityCause, QualityLevel,
    Reaction, Role, RoomSettings, SlotState, Snapshot, SourceInfo,
};
use crate::{
    ErrorCode, Layer, MediaKind, ParticipantId, SourceKind,
    recording::{CallRecording, StreamTargetName},
};

/// One message of the server: an answer, or an event with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The request was done and has no other answer.
    Ok {
        /// Of the request.
        request_id: u32,
    },
    /// The request was refused; nothing changed.
    Error {
        /// Of the request; absent when the message could not be read at all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        request_id: Option<u32>,
        /// The stable reason.
        code: ErrorCode,
        /// One English sentence for developers.
        message: String,
    },
    /// The answer to `join`.
    Joined(Joined),
    /// The answer to `resume`. The events after `last_seq` follow; when more were missed than the
    /// server kept, `snapshot` replaces what the client knows and later events follow.
    Resumed {
        /// Of the request.
        request_id: u32,
        /// The room as it is now, when events are missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        snapshot: Option<Snapshot>,
        /// The number of the last event that the snapshot includes.
        seq: u32,
    },
    /// The answer to `negotiate`.
    Negotiated {
        /// Of the request.
        request_id: u32,
        /// The session description.
        answer: String,
    },
    /// The answer to `list_stream_targets`.
    StreamTargets {
        /// Of the request.
        request_id: u32,
        /// What the app has stored, the oldest first.
        targets: Vec<StreamTargetName>,
    },
    /// Something happened.
    Event {
        /// Grows by one per event of the session, from 1.
        seq: u32,
        /// What.
        event: Event,
    },
    /// A type this client does not know; ignored.
    #[serde(other)]
    #[ts(skip)]
    #[schemars(skip)]
    Unknown,
}

/// The answer to `join`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Joined {
    /// Of the request.
    pub request_id: u32,
    /// Who the client is.
    pub participant_id: ParticipantId,
    /// The session description.
    pub answer: String,
    /// Continues this session on another WebSocket, and after a restart of the server. A secret.
    pub resume_token: String,
    /// Lets this client rate the call afterwards. A secret.
    pub rating_token: String,
    /// The room as it is, the client itself included.
    pub snapshot: Snapshot,
}

/// What happened in the room or to this participant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// This client waits for a moderator. Comes before `joined`; its `seq` is 0.
    LobbyWaiting {
        /// The name of the app, to show where one waits.
        app_name: String,
        /// Whether a moderator is there to answer.
        has_moderator: bool,
    },
    /// Somebody came.
    ParticipantJoined {
        /// Who.
        participant: Participant,
    },
    /// Somebody left.
    ParticipantLeft {
        /// Who.
        participant_id: ParticipantId,
        /// Why.
        reason: LeaveReason,
    },
    /// Somebody lost their connection, or has it again.
    ConnectionChanged {
        /// Who.
        participant_id: ParticipantId,
        /// What it is now.
        connection: ConnectionState,
    },
    /// Somebody changed their name.
    NameChanged {
        /// Who.
        participant_id: ParticipantId,
        /// The new one.
        name: String,
    },
    /// Somebody got another role.
    RoleChanged {
        /// Who.
        participant_id: ParticipantId,
        /// The new one.
        role: Role,
    },
    /// A source began, was muted, or ended.
    SourceChanged {
        /// Whose.
        participant_id: ParticipantId,
        /// What it is now.
        source: SourceInfo,
    },
    /// A hand went up or down.
    HandChanged {
        /// Whose.
        participant_id: ParticipantId,
        /// When it went up, milliseconds since 1970; `null` when it is down.
        #[ts(type = "number | null")]
        raised_at_ms: Option<u64>,
    },
    /// Somebody reacted.
    Reacted {
        /// Who.
        participant_id: ParticipantId,
        /// How.
        reaction: Reaction,
    },
    /// A chat message, also the sender's own.
    ChatReceived {
        /// The message.
        message: ChatMessage,
    },
    /// Who speaks, the most recent dominant speaker first.
    SpeakersChanged {
        /// At most as many as a client has audio slots.
        participant_ids: Vec<ParticipantId>,
    },
    /// What a receiving slot of this client shows from now on.
    SlotChanged {
        /// Audio or video slot.
        kind: MediaKind,
        /// Its index.
        slot: u16,
        /// What it does.
        state: SlotState,
    },
    /// Encodings of the own source that somebody receives; the others should not be encoded.
    LayersWanted {
        /// `camera` or `screen`.
        source: SourceKind,
        /// Wanted encodings from small to large. The smallest is always among them: it is what the
        /// next receiver sees first.
        layers: Vec<Layer>,
    },
    /// How good somebody's connection is, seen by the server.
    QualityChanged {
        /// Whose.
        participant_id: ParticipantId,
        /// How good.
        level: QualityLevel,
        /// The main reason when it is not good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        cause: Option<QualityCause>,
    },
    /// A moderator muted a source of this client: stop sending it.
    MutedByModerator {
        /// Which.
        source: SourceKind,
        /// Who did it.
        by: ParticipantId,
    },
    /// A moderator asks this client to switch a source on.
    UnmuteAsked {
        /// Which.
        source: SourceKind,
        /// Who asks.
        by: ParticipantId,
    },
    /// Settings of the room changed.
    RoomChanged {
        /// What they are now.
        settings: RoomSettings,
    },
    /// A recording of this call is not as it was. One whose state is `queued`, `starting` or
    /// `active` is running, any other is over.
    RecordingChanged {
        /// How it is now.
        recording: CallRecording,
    },
    /// Moderators: who waits in the lobby.
    LobbyChanged {
        /// Everybody who waits, the longest first.
        waiting: Vec<LobbyEntry>,
    },
    /// This client is out: removed, the call ended, or the server stops. The socket closes next.
    Left {
        /// Why.
        reason: LeaveReason,
        /// After how long to come back by itself, milliseconds; absent: do not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        retry_after_ms: Option<u32>,
    },
    /// A type this client does not know; ignored.
    #[serde(other)]
    #[ts(skip)]
    #[schemars(skip)]
    Unknown,
}
