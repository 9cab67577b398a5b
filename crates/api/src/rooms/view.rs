//! Running calls and the people in them, as answers show them.

use jumpa_protocol::{
    AppId, CallId, NodeId, ParticipantId, RoomName, SourceKind,
    live_room::{LiveParticipant, LiveRoom},
    report::Via,
    signal::{ConnectionState, Role, SourceState},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{api_state::ApiState, time};

/// A running call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LiveRoom)]
pub(crate) struct LiveRoomView {
    app_id: AppId,
    #[schema(example = "Klinik Sehat")]
    app_name: String,
    room: RoomName,
    call_id: CallId,
    /// When the call began.
    #[schema(format = DateTime)]
    started_at: String,
    /// How many are in it; who waits is not counted.
    #[schema(example = 4)]
    participants: u32,
    /// How many wait in the lobby.
    #[schema(example = 0)]
    waiting: u32,
    /// Whether newcomers are asked for a password.
    is_locked: bool,
    /// Whether newcomers wait until somebody lets them in.
    has_lobby: bool,
    /// The server that runs it.
    node_id: NodeId,
}

impl LiveRoomView {
    pub(crate) fn new(state: &ApiState, live: LiveRoom) -> Self {
        let directory = state.directory();
        let app = directory.apps.get(&live.room.app_id);
        Self {
            app_name: app.map(|app| app.name.clone()).unwrap_or_default(),
            app_id: live.room.app_id,
            room: live.room.room,
            call_id: live.call_id,
            started_at: time::from_ms(live.started_at_ms),
            participants: live.participants,
            waiting: live.waiting,
            is_locked: live.is_locked,
            has_lobby: live.has_lobby,
            node_id: state.config.node.status().id,
        }
    }
}

/// Somebody in a running call or in its lobby.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LiveParticipant)]
pub(crate) struct LiveParticipantView {
    id: ParticipantId,
    #[schema(example = "Budi")]
    name: String,
    /// Their id in your own system, from `sub` of their token.
    #[schema(required, example = "pasien-7")]
    subject: Option<String>,
    role: LiveRole,
    /// When they came, or began to wait.
    #[schema(format = DateTime)]
    joined_at: String,
    connection: LiveConnection,
    via: LiveVia,
    is_muted: MutedSources,
    /// Whether their screen is seen.
    is_sharing_screen: bool,
    /// Whether they are not in yet.
    waits_in_lobby: bool,
}

/// Which sources of somebody are not heard or seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MutedSources {
    microphone: bool,
    camera: bool,
}

/// What somebody may do in the call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LiveRole {
    /// Moderates.
    Moderator,
    /// Takes part.
    Participant,
}

/// How somebody is connected.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LiveConnection {
    /// On the way in, or in the lobby.
    Connecting,
    /// Sends and receives.
    Connected,
    /// Lost the connection and tries to come back.
    Reconnecting,
}

/// How somebody takes part.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LiveVia {
    /// With a call page or an SDK.
    Signalling,
    /// An encoder (WHIP).
    Whip,
    /// A player (WHEP).
    Whep,
}

impl From<LiveParticipant> for LiveParticipantView {
    fn from(live: LiveParticipant) -> Self {
        let sends = |wanted: SourceKind| {
            live.sources.iter().any(|info| info.source == wanted && info.state == SourceState::Live)
        };
        Self {
            is_muted: MutedSources {
                microphone: !sends(SourceKind::Microphone),
                camera: !sends(SourceKind::Camera),
            },
            is_sharing_screen: sends(SourceKind::Screen),
            id: live.id,
            name: live.name,
            subject: live.subject,
            role: match live.role {
                Role::Moderator => LiveRole::Moderator,
                Role::Participant => LiveRole::Participant,
            },
            joined_at: time::from_ms(live.joined_at_ms),
            connection: match live.connection {
                ConnectionState::Connecting => LiveConnection::Connecting,
                ConnectionState::Connected => LiveConnection::Connected,
                ConnectionState::Reconnecting => LiveConnection::Reconnecting,
            },
            via: match live.via {
                Via::Signalling => LiveVia::Signalling,
                Via::Whip => LiveVia::Whip,
                Via::Whep => LiveVia::Whep,
            },
            waits_in_lobby: live.waits_in_lobby,
        }
    }
}

/// A page of running calls, the newest first.
pub(crate) fn newest_first(rooms: &mut [LiveRoom]) {
    rooms.sort_by_key(|live| (std::cmp::Reverse(live.started_at_ms), live.call_id));
}

/// Those that come after the one that a cursor names, at most as many as a page reads.
pub(crate) fn after(
    rooms: Vec<LiveRoom>,
    cursor: Option<(jumpa_db::Timestamp, CallId)>,
    limit: u32,
) -> Vec<LiveRoom> {
    let comes_after = |live: &LiveRoom| {
        cursor.is_none_or(|(at, id)| {
            let started_at = time::at_ms(live.started_at_ms);
            started_at < at || started_at == at && live.call_id > id
        })
    };
    rooms.into_iter().filter(comes_after).take(limit as usize).collect()
}
