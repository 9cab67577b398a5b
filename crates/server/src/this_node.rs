//! This server as the control plane sees it: its calls, its load, its health.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use jumpa_api::{HealthFinding, Node, NodeStatus};
use jumpa_db::Timestamp;
use jumpa_protocol::{
    NodeId, Refusal, RoomKey,
    live_room::{HostRequest, LiveParticipant, LiveRoom},
};
use jumpa_signalling::LiveRooms;

use crate::{
    config::Config,
    doctor,
    health::{Health, VERSION},
    process_metrics,
};

/// What the API reaches of this server.
pub struct ThisNode {
    id: NodeId,
    rooms: LiveRooms,
    health: Health,
    data: PathBuf,
    config: Config,
    started_at: Timestamp,
    last_look: Mutex<Look>,
}

/// How much of the processors was used until some moment.
struct Look {
    at: Instant,
    cpu_seconds: f64,
}

impl ThisNode {
    /// The server that was just started on the folder `data` with these settings.
    pub fn new(
        id: NodeId,
        rooms: LiveRooms,
        health: Health,
        data: PathBuf,
        config: Config,
    ) -> Self {
        let cpu_seconds = process_metrics::cpu_seconds().unwrap_or_default();
        Self {
            id,
            rooms,
            health,
            data,
            config,
            started_at: Timestamp::now(),
            last_look: Mutex::new(Look { at: Instant::now(), cpu_seconds }),
        }
    }

    /// What was used of all cores since the last look.
    fn cpu_ratio(&self) -> Option<f64> {
        let now = Look { at: Instant::now(), cpu_seconds: process_metrics::cpu_seconds()? };
        let mut last = self.last_look.lock().unwrap_or_else(PoisonError::into_inner);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let seconds = (now.at - last.at).as_secs_f64();
        let used = now.cpu_seconds - last.cpu_seconds;
        *last = now;
        (seconds > 0.0).then(|| (used / seconds / cores as f64).clamp(0.0, 1.0))
    }
}

#[async_trait]
impl Node for ThisNode {
    fn live_rooms(&self) -> Vec<LiveRoom> {
        self.rooms.list()
    }

    fn live_room(&self, room: &RoomKey) -> Option<LiveRoom> {
        self.rooms.find(room)
    }

    async fn participants(&self, room: &RoomKey) -> Option<Vec<LiveParticipant>> {
        self.rooms.participants(room).await
    }

    async fn request(&self, room: &RoomKey, request: HostRequest) -> Result<(), Refusal> {
        self.rooms.request(room, request).await
    }

    fn status(&self) -> NodeStatus {
        NodeStatus {
            id: self.id,
            version: VERSION.to_owned(),
            started_at: self.started_at,
            cpu_ratio: self.cpu_ratio(),
            memory_bytes: process_metrics::memory_bytes(),
            is_draining: self.rooms.is_draining(),
        }
    }

    fn set_draining(&self, is_draining: bool) {
        self.rooms.set_draining(is_draining);
        self.health.set_draining(is_draining);
    }

    async fn health(&self) -> Vec<HealthFinding> {
        let (data, config) = (self.data.clone(), self.config.clone());
        // It binds ports, waits for answers and opens the database a second time.
        let looked = tokio::task::spawn_blocking(move || doctor::look(&data, &config)).await;
        looked.unwrap_or_default().iter().map(HealthFinding::from).collect()
    }
}
