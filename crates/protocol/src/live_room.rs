//! What the control plane sees of running calls, and what it asks of them.
//!
//! Whoever asks stands outside the call: the back end of the app or its dashboard. To those inside
//! it is the host, see [`HOST`].

use uuid::Uuid;

use crate::{
    CallId, ParticipantId, RoomKey, SourceKind,
    recording::CallRecording,
    report::Via,
    signal::{ConnectionState, Role, SourceInfo},
};

/// Who writes and mutes from outside the call, where an event names a participant. Nobody in a
/// call has this id.
pub const HOST: ParticipantId = ParticipantId::from_uuid(Uuid::nil());

/// A running call, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveRoom {
    /// Where.
    pub room: RoomKey,
    /// Which call.
    pub call_id: CallId,
    /// When it began, milliseconds since 1970.
    pub started_at_ms: u64,
    /// How many are in it; who waits is not counted.
    pub participants: u32,
    /// How many wait in the lobby.
    pub waiting: u32,
    /// Whether it asks for a password.
    pub is_locked: bool,
    /// Whether newcomers wait until somebody lets them in.
    pub has_lobby: bool,
}

/// Somebody in a running call or in its lobby.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveParticipant {
    /// Who.
    pub id: ParticipantId,
    /// Display name.
    pub name: String,
    /// Their id in the tenant's own system.
    pub subject: Option<String>,
    /// What they may do.
    pub role: Role,
    /// When they came, or began to wait, milliseconds since 1970.
    pub joined_at_ms: u64,
    /// How they are connected.
    pub connection: ConnectionState,
    /// How they take part.
    pub via: Via,
    /// What they send.
    pub sources: Vec<SourceInfo>,
    /// Whether they are not in yet.
    pub waits_in_lobby: bool,
}

/// What the host asks of a running call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostRequest {
    /// End it for everybody.
    End,
    /// Ask newcomers for a password, or for none.
    SetPassword {
        /// The password.
        password: Option<String>,
    },
    /// Let newcomers wait, or let them in, with those who wait.
    SetLobby {
        /// Whether they wait.
        is_enabled: bool,
    },
    /// Let somebody in who waits.
    Admit {
        /// Who.
        participant_id: ParticipantId,
    },
    /// Take somebody out, or turn away somebody who waits.
    Remove {
        /// Who.
        participant_id: ParticipantId,
        /// Whether they may not come back into this call.
        is_banned: bool,
    },
    /// Close a source; its owner may open it again.
    Mute {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
    },
    /// Show everybody how a recording is.
    ShowRecording {
        /// The recording.
        recording: CallRecording,
    },
    /// Write in the chat.
    Write {
        /// What.
        text: String,
        /// For one person alone.
        to: Option<ParticipantId>,
    },
}
