//! A server whose calls a test makes up, and which notes what is asked of it.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use jumpa_api::{HealthCode, HealthFinding, Node, NodeStatus, StartSetting, Verdict};
use jumpa_db::Timestamp;
use jumpa_protocol::{
    AppId, CallId, ErrorCode, NodeId, ParticipantId, RecordingId, Refusal, RoomKey, SourceKind,
    live_room::{HostRequest, LiveParticipant, LiveRoom},
    report::Via,
    signal::{ConnectionState, Role, SourceInfo, SourceState},
};

pub struct FakeNode {
    id: NodeId,
    rooms: Mutex<Vec<LiveRoom>>,
    requests: Mutex<Vec<(RoomKey, HostRequest)>>,
    is_draining: AtomicBool,
    /// Who is in every call.
    pub budi: ParticipantId,
}

impl FakeNode {
    pub fn new() -> Self {
        Self {
            id: NodeId::generate(),
            rooms: Mutex::default(),
            requests: Mutex::default(),
            is_draining: AtomicBool::new(false),
            budi: ParticipantId::generate(),
        }
    }

    /// A call begins at so many seconds since 1970.
    pub fn begin(&self, app_id: &AppId, room: &str, started_at: u64) -> CallId {
        let call_id = CallId::generate();
        self.rooms.lock().unwrap().push(LiveRoom {
            room: RoomKey { app_id: app_id.clone(), room: room.parse().unwrap() },
            call_id,
            started_at_ms: started_at * 1_000,
            participants: 1,
            waiting: 0,
            is_locked: false,
            has_lobby: false,
        });
        call_id
    }

    /// A call ends.
    pub fn end(&self, call_id: CallId) {
        self.rooms.lock().unwrap().retain(|live| live.call_id != call_id);
    }

    /// What was asked of calls.
    pub fn requests(&self) -> Vec<(RoomKey, HostRequest)> {
        self.requests.lock().unwrap().clone()
    }
}

#[async_trait]
impl Node for FakeNode {
    fn live_rooms(&self) -> Vec<LiveRoom> {
        self.rooms.lock().unwrap().clone()
    }

    fn live_room(&self, room: &RoomKey) -> Option<LiveRoom> {
        self.live_rooms().into_iter().find(|live| live.room == *room)
    }

    async fn participants(&self, room: &RoomKey) -> Option<Vec<LiveParticipant>> {
        self.live_room(room)?;
        let live = SourceInfo { source: SourceKind::Camera, state: SourceState::Live };
        Some(vec![LiveParticipant {
            id: self.budi,
            name: "Budi".to_owned(),
            subject: Some("pasien-7".to_owned()),
            role: Role::Participant,
            joined_at_ms: 1_795_321_800_000,
            connection: ConnectionState::Connected,
            via: Via::Signalling,
            sources: vec![live],
            waits_in_lobby: false,
        }])
    }

    async fn request(&self, room: &RoomKey, request: HostRequest) -> Result<(), Refusal> {
        self.live_room(room).ok_or(ErrorCode::CallEnded)?;
        let whom = match &request {
            HostRequest::Mute { participant_id, .. }
            | HostRequest::Admit { participant_id }
            | HostRequest::Remove { participant_id, .. } => Some(*participant_id),
            HostRequest::Write { to, .. } => *to,
            _ => None,
        };
        if whom.is_some_and(|whom| whom != self.budi) {
            return Err(ErrorCode::ParticipantUnknown.into());
        }
        self.requests.lock().unwrap().push((room.clone(), request));
        Ok(())
    }

    fn recorder_token(&self, room: &RoomKey, call_id: CallId, recording_id: RecordingId) -> String {
        format!("{room} {call_id} {recording_id}")
    }

    fn status(&self) -> NodeStatus {
        NodeStatus {
            id: self.id,
            version: "0.1.0".to_owned(),
            started_at: Timestamp::from_micros(1_795_321_800_000_000),
            cpu_ratio: Some(0.25),
            memory_bytes: Some(50_000_000),
            is_draining: self.is_draining.load(Ordering::Relaxed),
        }
    }

    fn set_draining(&self, is_draining: bool) {
        self.is_draining.store(is_draining, Ordering::Relaxed);
    }

    fn start_settings(&self) -> Vec<StartSetting> {
        vec![StartSetting::of("http_listen", "http.listen", "127.0.0.1:8080")]
    }

    async fn health(&self) -> Vec<HealthFinding> {
        vec![HealthFinding {
            verdict: Verdict::Doubtful,
            code: HealthCode::FreeSpaceScarce,
            params: BTreeMap::from([("mib", "412".to_owned())]),
            subject: "free space".to_owned(),
            facts: "412 MiB are left for the data folder".to_owned(),
            remedy: Some("make room soon".to_owned()),
        }]
    }
}
