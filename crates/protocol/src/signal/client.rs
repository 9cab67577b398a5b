//! What clients say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MediaSummary, QualityLevel, Reaction, Role, SourceState};
use crate::{
    AppId, ParticipantId, RecordingId, RoomName, SourceKind,
    recording::{RecordingOptions, WantedTarget},
};

/// One message of a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ClientMessage {
    /// Chosen by the client, unique in the session; the answer carries it back.
    pub request_id: u32,
    /// What is asked.
    #[serde(flatten)]
    pub request: ClientRequest,
}

/// What a client can ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientRequest {
    /// Enter a room. Answered with `joined` or `error`; in between `lobby_waiting` may come.
    Join(Join),
    /// Continue a session on a new WebSocket. Answered with `resumed`, then the missed events.
    Resume {
        /// From `joined`.
        resume_token: String,
        /// The `seq` of the last event that was handled; 0 for none.
        last_seq: u32,
    },
    /// A new offer, for more slots or an ICE restart. Answered with `negotiated`.
    Negotiate {
        /// The session description.
        offer: String,
    },
    /// What stands in each video slot from now on; slots that are not named are empty.
    View {
        /// Wanted pictures, one per slot.
        slots: Vec<SlotView>,
    },
    /// What this participant sends of one kind.
    SetSource(SourceUpdate),
    /// Write to everybody, or to one participant.
    SendChat {
        /// 1 to 4,000 characters.
        text: String,
        /// Only this participant reads it (and the sender).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        to: Option<ParticipantId>,
    },
    /// Raise or lower the own hand.
    SetHand {
        /// Whether it is up.
        is_raised: bool,
    },
    /// Show a reaction for a moment.
    React {
        /// Which one.
        reaction: Reaction,
    },
    /// Change the own display name; refused when a token fixed it.
    SetName {
        /// 1 to 80 characters.
        name: String,
    },
    /// How this client finds its connection, from its own statistics, at most every 2 s.
    ReportQuality {
        /// What the client would show.
        level: QualityLevel,
    },
    /// How this client's media was, every 10 s and when it leaves; for the charts of the tenant.
    ReportMedia {
        /// What it measured.
        summary: MediaSummary,
    },
    /// Moderators: switch off a source of somebody.
    MuteParticipant {
        /// Whom.
        participant_id: ParticipantId,
        /// What.
        source: SourceKind,
    },
    /// Moderators: switch off a source of everybody but moderators.
    MuteAll {
        /// What.
        source: SourceKind,
    },
    /// Moderators: ask somebody to switch a source on again.
    AskUnmute {
        /// Whom.
        participant_id: ParticipantId,
        /// What.
        source: SourceKind,
    },
    /// Moderators: lower somebody's hand.
    LowerHand {
        /// Whose.
        participant_id: ParticipantId,
    },
    /// Moderators: remove somebody; with `ban` they cannot come back into this call.
    RemoveParticipant {
        /// Whom.
        participant_id: ParticipantId,
        /// Keep them out for the rest of the call.
        #[serde(default)]
        ban: bool,
    },
    /// Moderators: give or take moderation.
    SetRole {
        /// Whom.
        participant_id: ParticipantId,
        /// The new role.
        role: Role,
    },
    /// Moderators: set (`Some`) or clear (`None`) the room's password.
    SetPassword {
        /// 1 to 64 characters.
        password: Option<String>,
    },
    /// Moderators: switch the lobby on or off. Off lets everybody in who waits.
    SetLobby {
        /// Whether people wait for approval.
        is_enabled: bool,
    },
    /// Moderators: let one waiting person in, or not.
    AnswerLobby {
        /// From `lobby_changed`.
        participant_id: ParticipantId,
        /// `true` lets in, `false` refuses.
        admit: bool,
    },
    /// Moderators whose grants include it: record the call. Answered with `ok` when the request is
    /// taken; `recording_changed` tells what becomes of it.
    StartRecording(StartRecording),
    /// Moderators whose grants include streams: which targets has the app stored? Answered with
    /// `stream_targets`.
    ListStreamTargets,
    /// Moderators whose grants include it: send a stream to these targets from now on, and to no
    /// others. Answered with `ok` when the request is taken.
    SetStreamTargets {
        /// Which.
        #[ts(type = "string")]
        recording_id: RecordingId,
        /// All of them, 1 to 8.
        targets: Vec<WantedTarget>,
    },
    /// Moderators whose grants include it: record no longer.
    StopRecording {
        /// Which.
        #[ts(type = "string")]
        recording_id: RecordingId,
    },
    /// Says that this participant knows of a recording, and whether they agree to be in it. Where
    /// the app has no call without a recording, whoever does not agree leaves with it.
    ConsentToRecording {
        /// Which.
        #[ts(type = "string")]
        recording_id: RecordingId,
        /// Whether they agree; they do when it is left out.
        #[serde(default = "yes")]
        #[ts(optional, as = "Option<bool>")]
        agrees: bool,
    },
    /// Moderators: end the call for everybody.
    EndCall,
    /// Leave. Answered with `ok`, then the server closes.
    Leave,
    /// Shows that both sides are alive. Answered with `ok`.
    Ping,
    /// A type this server does not know; ignored, answered with `error bad_message`.
    #[serde(other)]
    #[ts(skip)]
    #[schemars(skip)]
    Unknown,
}

fn yes() -> bool {
    true
}

/// The request to record the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct StartRecording {
    /// How.
    #[serde(flatten)]
    #[ts(flatten)]
    pub options: RecordingOptions,
    /// Of a stream: where it is sent, 1 to 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<WantedTarget>>")]
    pub targets: Vec<WantedTarget>,
}

/// The request to enter a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Join {
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// A join token signed by an app key; absent for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<String>,
    /// The resume token of an earlier session whose server is gone: keeps identity and rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resume_token: Option<String>,
    /// The display name; a token's name wins. Required for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// The room's password, if one is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub password: Option<String>,
    /// The first offer: four sending m-lines, audio slots, video slots, the data channel.
    pub offer: String,
    /// What the participant sends from the start, so that nobody sees a wrong mute badge.
    #[serde(default)]
    pub sources: Vec<SourceUpdate>,
    /// Which client this is, for statistics.
    #[serde(default)]
    pub client: ClientInfo,
}

/// Which client joins. Free text of at most 100 characters each; only for statistics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default)]
pub struct ClientInfo {
    /// Name and version of the SDK.
    pub sdk: String,
    /// Name and major version of the browser or program.
    pub browser: String,
    /// Operating system.
    pub os: String,
}

/// What shall stand in one video slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SlotView {
    /// Index among the receiving video m-lines, from 0.
    pub slot: u16,
    /// Whose picture.
    pub participant_id: ParticipantId,
    /// `camera` or `screen`.
    pub source: SourceKind,
    /// Height of the tile in device pixels: no layer is chosen that is needlessly larger.
    pub max_height: u16,
    /// Larger is served first when the bandwidth is short; 0 to 255.
    #[serde(default)]
    pub priority: u8,
}

/// What a participant sends of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SourceUpdate {
    /// Which kind.
    pub source: SourceKind,
    /// What it does now.
    pub state: SourceState,
}
