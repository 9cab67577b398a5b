//! This server as the control plane sees it: its calls, its load, its health.

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use jumpa_api::{HealthFinding, Node, NodeStatus, StartSetting};
use jumpa_db::Timestamp;
use jumpa_protocol::{
    CallId, NodeId, RecordingId, Refusal, RoomKey,
    live_room::{HostRequest, LiveParticipant, LiveRoom},
};
use jumpa_signalling::LiveRooms;

use crate::{
    config::Config,
    doctor,
    health::{Health, VERSION},
    process_metrics,
};

/// What the server was started with, and what came of it.
pub struct Started {
    /// The data folder.
    pub data: PathBuf,
    /// Its settings, with the port that was taken where any would do.
    pub config: Config,
    /// Addresses that clients are told for media.
    pub media_ips: Vec<IpAddr>,
    /// Ports of the media threads.
    pub media_ports: Vec<u16>,
}

impl Started {
    /// Each setting with its key. Passwords and the files that hold them are left out.
    fn settings(&self) -> Vec<StartSetting> {
        let Config { http, admin, media, capacity, recording, mail, webhooks, log, .. } =
            &self.config;
        let transports = [("UDP", media.udp), ("TCP", media.tcp)];
        let transports = transports.into_iter().filter_map(|(name, is_on)| is_on.then_some(name));
        let mail_server = mail.smtp_host.as_ref().map(|host| format!("{host}:{}", mail.smtp_port));
        let mail_from = mail.smtp_host.as_ref().map(|_| mail.from.as_str());
        vec![
            StartSetting::fixed("version", VERSION),
            StartSetting::fixed("data_folder", self.data.display()),
            StartSetting::of(
                "public_url",
                "http.public_url",
                http.public_url.as_deref().unwrap_or_default(),
            ),
            StartSetting::of("http_listen", "http.listen", http.listen),
            StartSetting::of(
                "trusted_proxies",
                "http.trusted_proxies",
                list(&http.trusted_proxies),
            ),
            StartSetting::of("metrics_listen", "admin.listen", String::from(admin.listen)),
            StartSetting::of("media_addresses", "media.public_ips", list(&self.media_ips)),
            StartSetting::of("media_ports", "media.port", list(&self.media_ports)),
            StartSetting::of("media_transports", "media.udp, media.tcp", list(transports)),
            StartSetting::of(
                "trial_participants",
                "capacity.trial_participants",
                capacity.trial_participants,
            ),
            StartSetting::of("mail_server", "mail.smtp_host", mail_server.unwrap_or_default()),
            StartSetting::of("mail_sender", "mail.from", mail_from.unwrap_or_default()),
            StartSetting::of(
                "webhook_networks",
                "webhooks.allowed_networks",
                list(&webhooks.allowed_networks),
            ),
            StartSetting::of(
                "storage_networks",
                "recording.storage_networks",
                list(&recording.storage_networks),
            ),
            StartSetting::of("log_filter", "log.filter", &log.filter),
        ]
    }
}

fn list(items: impl IntoIterator<Item = impl ToString>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

/// What the API reaches of this server.
pub struct ThisNode {
    id: NodeId,
    rooms: LiveRooms,
    health: Health,
    started: Started,
    started_at: Timestamp,
    last_look: Mutex<Look>,
}

/// How much of the processors was used until some moment.
struct Look {
    at: Instant,
    cpu_seconds: f64,
}

impl ThisNode {
    /// The server that was just started.
    pub fn new(id: NodeId, rooms: LiveRooms, health: Health, started: Started) -> Self {
        let cpu_seconds = process_metrics::cpu_seconds().unwrap_or_default();
        Self {
            id,
            rooms,
            health,
            started,
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

    fn recorder_token(&self, room: &RoomKey, call_id: CallId, recording_id: RecordingId) -> String {
        self.rooms.recorder_token(room, call_id, recording_id)
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

    fn start_settings(&self) -> Vec<StartSetting> {
        self.started.settings()
    }

    async fn health(&self) -> Vec<HealthFinding> {
        let (data, config) = (self.started.data.clone(), self.started.config.clone());
        // It binds ports, waits for answers and opens the database a second time.
        let looked = tokio::task::spawn_blocking(move || doctor::look(&data, &config)).await;
        looked.unwrap_or_default().iter().map(HealthFinding::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EXAMPLE;

    #[test]
    fn every_setting_stands_under_a_key_that_exists_and_no_secret_is_told() {
        let mut config = Config::default();
        config.mail.smtp_host = Some("mail.sehat.example".to_owned());
        config.mail.username = Some("jumpa".to_owned());
        config.mail.password_file = Some("/etc/jumpa/sandi".into());
        config.database_url = "postgres://jumpa:rahasia@db.sehat.example/jumpa".to_owned();
        let started = Started {
            data: "/var/lib/jumpa".into(),
            config,
            media_ips: vec!["203.0.113.9".parse().unwrap()],
            media_ports: vec![7882, 7883],
        };
        let settings = started.settings();
        let value = |name| settings.iter().find(|one| one.name == name).unwrap().value.clone();
        assert_eq!(value("media_ports").as_deref(), Some("7882, 7883"));
        assert_eq!(value("mail_server").as_deref(), Some("mail.sehat.example:587"));
        assert_eq!(value("public_url"), None);
        for key in settings.iter().filter_map(|one| one.key).flat_map(|keys| keys.split(", ")) {
            let (section, name) = key.split_once('.').unwrap();
            assert!(EXAMPLE.contains(&format!("[{section}]")), "{key}");
            assert!(EXAMPLE.contains(&format!("{name} = ")), "{key}");
        }
        let told = format!("{settings:?}");
        assert!(!told.contains("rahasia") && !told.contains("sandi"), "{told}");
    }
}
