//! What clients know of a room.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    AppId, CallId, ChatMessageId, ParticipantId, RoomName, SourceKind, recording::CallRecording,
};

/// The room as it is at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Snapshot {
    /// The app, as far as callers see it.
    pub app: AppSummary,
    /// The room.
    pub room: RoomName,
    /// The call.
    pub call: CallSummary,
    /// Settings of the room.
    pub settings: RoomSettings,
    /// Everybody, this client included, in the order of joining.
    pub participants: Vec<Participant>,
    /// Chat that this client may read, oldest first.
    pub chat: Vec<ChatMessage>,
    /// Who speaks, the most recent dominant speaker first.
    pub speakers: Vec<ParticipantId>,
    /// Who waits; empty for those who are not moderators.
    pub lobby: Vec<LobbyEntry>,
    /// Recordings that are running, the oldest first.
    #[serde(default)]
    pub recordings: Vec<CallRecording>,
}

/// The app, as far as callers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AppSummary {
    /// Its id.
    pub id: AppId,
    /// The name that people read.
    pub name: String,
    /// Whether the app is on trial; pages show a mark.
    #[serde(default)]
    pub is_trial: bool,
}

/// The call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallSummary {
    /// Its id.
    pub id: CallId,
    /// When the first participant joined, milliseconds since 1970.
    #[ts(type = "number")]
    pub started_at_ms: u64,
}

/// Settings of a room that everybody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RoomSettings {
    /// Whether joining needs a password.
    pub has_password: bool,
    /// Whether people wait for approval.
    pub has_lobby: bool,
}

/// Somebody in the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Participant {
    /// Unique in the platform.
    pub id: ParticipantId,
    /// Unique in the call; names the owner of levels and, times four plus the order of the source
    /// kind, of CSRCs.
    pub number: u32,
    /// Display name.
    pub name: String,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub avatar: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether a token proved the name.
    pub is_verified: bool,
    /// When they joined, milliseconds since 1970.
    #[ts(type = "number")]
    pub joined_at_ms: u64,
    /// Whether their connection is up.
    pub connection: ConnectionState,
    /// When they raised their hand, milliseconds since 1970.
    #[ts(type = "number | null")]
    pub hand_raised_at_ms: Option<u64>,
    /// How good their connection is, seen by the server.
    pub quality: QualityLevel,
    /// The main reason when it is not good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quality_cause: Option<QualityCause>,
    /// What they send; kinds that are `off` are absent.
    pub sources: Vec<SourceInfo>,
}

/// One source of a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SourceInfo {
    /// Which kind.
    pub source: SourceKind,
    /// What it does.
    pub state: SourceState,
}

/// Whether a source sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// It sends.
    Live,
    /// It exists and is silenced by its owner or a moderator.
    Muted,
    /// There is none.
    Off,
}

/// What a participant may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Moderates the call.
    Moderator,
    /// Takes part.
    Participant,
}

/// Whether somebody's connection is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Joined, media not up yet.
    Connecting,
    /// Media flows.
    Connected,
    /// Media or signalling was lost and may come back.
    Reconnecting,
}

/// How good a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum QualityLevel {
    /// Not measured yet.
    Unknown,
    /// Nothing to complain about.
    Good,
    /// Noticeable.
    Fair,
    /// Disturbing.
    Poor,
    /// Nothing arrives.
    Lost,
}

/// Why a connection is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum QualityCause {
    /// What they send gets lost.
    UplinkLoss,
    /// What they receive gets lost.
    DownlinkLoss,
    /// Their downlink carries less than what they want to see.
    DownlinkBandwidth,
    /// Packets take long.
    HighRoundTripTime,
    /// Nothing arrives from them.
    NoPackets,
}

/// What a receiving slot shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SlotState {
    /// Nothing is assigned.
    Empty,
    /// A source is assigned and its first keyframe has not come yet.
    Waiting {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
    },
    /// It plays.
    Playing {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
    },
    /// The receiver's bandwidth does not even carry the lowest layer.
    Paused {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
    },
}

/// One chat message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ChatMessage {
    /// Unique; grows with time.
    pub id: ChatMessageId,
    /// Who wrote it.
    pub from: ParticipantId,
    /// The name they had then.
    pub from_name: String,
    /// The only reader besides the sender; absent for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<ParticipantId>,
    /// Plain text.
    pub text: String,
    /// When the server took it, milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: u64,
}

/// Somebody who waits to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LobbyEntry {
    /// Names them in `answer_lobby`; they keep it when they are let in.
    pub participant_id: ParticipantId,
    /// Display name.
    pub name: String,
    /// Whether a token proved the name.
    pub is_verified: bool,
    /// Since when they wait, milliseconds since 1970.
    #[ts(type = "number")]
    pub since_ms: u64,
}

/// Reactions that people can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// 👍
    ThumbsUp,
    /// 👏
    Clap,
    /// ❤️
    Heart,
    /// 😂
    Laugh,
    /// 😮
    Surprised,
    /// 🎉
    Party,
}

impl Reaction {
    /// Every reaction, in the order of a palette.
    pub const ALL: [Self; 6] =
        [Self::ThumbsUp, Self::Clap, Self::Heart, Self::Laugh, Self::Surprised, Self::Party];
}

/// Why somebody is no longer in the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// They left.
    Left,
    /// Their connection did not come back in time.
    ConnectionLost,
    /// A moderator removed them.
    Removed,
    /// A moderator ended the call.
    CallEnded,
    /// The server stops; come back after a moment.
    ServerClosing,
    /// The app was disabled or the key revoked.
    AccessRevoked,
    /// There is no call here without a recording, and it could not go on.
    RecordingLost,
}
