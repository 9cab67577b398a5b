//! A room with clients on emulated links, in virtual time.
#![allow(dead_code, unused_imports, reason = "each test file uses its own part of the world")]
#![allow(clippy::unwrap_used, reason = "the world of tests panics like tests")]

mod client;
mod media;
mod picture;

use std::{
    net::SocketAddr,
    sync::OnceLock,
    time::{Duration, Instant},
};

use jumpa_netsim::{LinkConfig, Loss};
use jumpa_protocol::{
    Layer, MediaKind, ParticipantId, SourceKind,
    control::{ParticipantMediaEvent, Subscription},
    signal::{QualityCause, QualityLevel, SlotState, SlotView},
};
use jumpa_rtc::{Certificate, IceCandidate, Offer, PeerConfig, Transport};
use jumpa_sfu_core::{Join, Room, RoomConfig, RoomEvent, RoomStats};

pub use self::{
    client::{Client, Settings},
    media::{Camera, Microphone},
    picture::{Frame, Picture, Sound},
};

pub const MS: Duration = Duration::from_millis(1);
pub const SECOND: Duration = Duration::from_secs(1);

/// Where the server is reached.
pub fn server() -> SocketAddr {
    "203.0.113.5:7882".parse().unwrap()
}

pub fn certificate() -> Certificate {
    static CERTIFICATE: OnceLock<Certificate> = OnceLock::new();
    CERTIFICATE.get_or_init(|| Certificate::generate().unwrap()).clone()
}

/// A usual home connection.
pub fn home() -> LinkConfig {
    LinkConfig::delay(MS * 15)
}

pub fn lossy(share: f64) -> LinkConfig {
    LinkConfig { loss: Loss::Random(share), ..home() }
}

pub struct World {
    pub now: Instant,
    pub room: Room,
    pub clients: Vec<Client>,
    /// Everything that the room told, with the time since the start.
    pub events: Vec<(Duration, RoomEvent)>,
}

impl World {
    pub fn new() -> Self {
        Self::with_estimate(1_500_000)
    }

    /// A room whose connections begin with this guess of their downlinks.
    pub fn with_estimate(initial_estimate_bps: u64) -> Self {
        let now = jumpa_netsim::epoch();
        let peer = PeerConfig {
            certificate: certificate(),
            candidates: vec![IceCandidate { transport: Transport::Udp, address: server() }],
            initial_estimate_bps: Some(initial_estimate_bps),
        };
        let room = Room::new(RoomConfig { peer }, now);
        Self { now, room, clients: Vec::new(), events: Vec::new() }
    }

    /// Time since the start.
    pub fn time(&self) -> Duration {
        self.now - jumpa_netsim::epoch()
    }

    /// Lets a client in, over a link that is equal both ways. Returns its number.
    pub fn join(&mut self, link: LinkConfig) -> usize {
        self.join_with(link, Settings::default())
    }

    pub fn join_with(&mut self, link: LinkConfig, settings: Settings) -> usize {
        let number = self.clients.len();
        let (client, offer) = Client::new(number, link, &settings, self.now);
        self.clients.push(client);
        let answer = self.enter(number, &offer, settings.subscription);
        let now = self.now;
        self.clients[number].caller.accept_answer(&answer, now).unwrap();
        number
    }

    /// A client that left comes back under its id, with a new connection.
    pub fn rejoin(&mut self, number: usize, link: LinkConfig) {
        let settings = Settings::default();
        let (client, offer) = Client::new(number, link, &settings, self.now);
        self.clients[number] = client;
        let answer = self.enter(number, &offer, settings.subscription);
        let now = self.now;
        self.clients[number].caller.accept_answer(&answer, now).unwrap();
    }

    fn enter(&mut self, number: usize, offer: &str, subscription: Subscription) -> String {
        let join = Join {
            participant_id: self.id(number),
            number: number as u32,
            offer: Offer::parse(offer).unwrap(),
            subscription,
        };
        self.room.join(join, self.now).unwrap()
    }

    /// Lets several clients in that send microphone and camera.
    pub fn join_many<const N: usize>(&mut self, link: LinkConfig, camera: &Camera) -> [usize; N] {
        std::array::from_fn(|_| {
            let client = self.join(link);
            self.publish(client, camera.clone());
            self.speak(client, 127);
            client
        })
    }

    pub fn id(&self, client: usize) -> ParticipantId {
        self.clients[client].id
    }

    /// Opens the camera of a client and lets it send.
    pub fn publish(&mut self, client: usize, camera: Camera) {
        let kind = if camera.line.0 == 2 { SourceKind::Screen } else { SourceKind::Camera };
        self.open(client, kind, true);
        self.clients[client].set_camera(camera, self.now);
    }

    /// Opens the microphone of a client and lets it send sound of this level (−dBov).
    pub fn speak(&mut self, client: usize, level: u8) {
        self.open(client, SourceKind::Microphone, true);
        self.clients[client].set_level(level, self.now);
    }

    pub fn open(&mut self, client: usize, kind: SourceKind, is_open: bool) {
        self.room.set_source_open(self.id(client), kind, is_open, self.now);
    }

    /// Sets the whole view of a client: the camera of each with the height of its tile.
    pub fn view(&mut self, client: usize, tiles: &[(usize, u16)]) {
        let views: Vec<SlotView> = tiles
            .iter()
            .enumerate()
            .map(|(slot, (owner, max_height))| SlotView {
                slot: slot as u16,
                participant_id: self.id(*owner),
                source: SourceKind::Camera,
                max_height: *max_height,
                priority: 0,
            })
            .collect();
        self.room.set_view(self.id(client), &views, self.now);
    }

    pub fn leave(&mut self, client: usize) {
        self.room.leave(self.id(client), self.now);
    }

    /// A further offer with this many video slots.
    pub fn grow(&mut self, client: usize, video_slots: u16) {
        let offer = self.clients[client].caller.grow(video_slots).unwrap();
        let offer = Offer::parse(&offer).unwrap();
        let answer = self.room.negotiate(self.id(client), offer, self.now).unwrap();
        let now = self.now;
        self.clients[client].caller.accept_answer(&answer, now).unwrap();
    }

    /// Lets time pass.
    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.step(end) {}
    }

    /// Runs until something holds and gives the time it took; panics when it takes too long.
    #[track_caller]
    pub fn run_until(&mut self, limit: Duration, mut holds: impl FnMut(&Self) -> bool) -> Duration {
        let start = self.now;
        while !holds(self) {
            assert!(self.step(start + limit), "it did not happen within {limit:?}");
        }
        self.now - start
    }

    /// Runs until every client is connected.
    pub fn settle(&mut self) {
        self.run_until(SECOND * 3, |world| {
            world.clients.iter().all(|client| client.is_connected || client.is_gone)
        });
    }

    /// Forgets what was seen, heard and told so far.
    pub fn forget(&mut self) {
        self.events.clear();
        for client in &mut self.clients {
            client.forget();
        }
    }

    /// What the media plane told of a client.
    pub fn told(&self, client: usize) -> Vec<(Duration, ParticipantMediaEvent)> {
        let id = self.id(client);
        self.events
            .iter()
            .filter_map(|(at, event)| match event {
                RoomEvent::Participant { participant_id, event } if *participant_id == id => {
                    Some((*at, event.clone()))
                }
                _ => None,
            })
            .collect()
    }

    /// The last states of the slots of a client, by kind and index.
    pub fn slot_state(&self, client: usize, kind: MediaKind, slot: u16) -> SlotState {
        let told = self.told(client);
        let last = told.into_iter().rev().find_map(|(_, event)| match event {
            ParticipantMediaEvent::SlotChanged { kind: k, slot: s, state }
                if (k, s) == (kind, slot) =>
            {
                Some(state)
            }
            _ => None,
        });
        last.unwrap_or(SlotState::Empty)
    }

    /// The speakers that were told last.
    pub fn speakers(&self) -> Vec<ParticipantId> {
        let last = self.events.iter().rev().find_map(|(_, event)| match event {
            RoomEvent::Speakers { participant_ids } => Some(participant_ids.clone()),
            RoomEvent::Participant { .. } => None,
        });
        last.unwrap_or_default()
    }

    /// The encodings that a client was told last to send.
    pub fn layers_wanted(&self, client: usize) -> Option<Vec<Layer>> {
        self.told(client).into_iter().rev().find_map(|(_, event)| match event {
            ParticipantMediaEvent::LayersWanted { layers, .. } => Some(layers),
            _ => None,
        })
    }

    /// The qualities that were told of a client.
    pub fn qualities(&self, client: usize) -> Vec<(QualityLevel, Option<QualityCause>)> {
        let told = self.told(client).into_iter();
        told.filter_map(|(_, event)| match event {
            ParticipantMediaEvent::Quality { level, cause } => Some((level, cause)),
            _ => None,
        })
        .collect()
    }

    pub fn stats(&self) -> RoomStats {
        self.room.stats()
    }

    /// Jumps to the next moment at which something happens, until `end`. `false`: `end` is reached.
    fn step(&mut self, end: Instant) -> bool {
        self.exchange();
        let next = self.next_moment().filter(|at| *at < end);
        let Some(next) = next else {
            self.now = end;
            self.act();
            return false;
        };
        // Timers that are due at once again would stop the time.
        self.now = next.max(self.now + Duration::from_micros(50)).min(end);
        self.act();
        true
    }

    fn next_moment(&self) -> Option<Instant> {
        let clients = self.clients.iter().filter_map(Client::next_moment);
        clients.chain(self.room.poll_timeout()).min()
    }

    /// Everything that is due now.
    fn act(&mut self) {
        let now = self.now;
        if self.room.poll_timeout().is_some_and(|at| at <= now) {
            self.room.handle_timeout(now);
        }
        for index in 0..self.clients.len() {
            self.deliver(index);
            self.clients[index].act(now);
        }
        self.exchange();
    }

    /// Datagrams that reached the server; it follows a client that moves, as `sfu::demux` does.
    fn deliver(&mut self, index: usize) {
        let now = self.now;
        while let Some(datagram) = self.clients[index].path.poll_up(now) {
            let client = &mut self.clients[index];
            let is_authentic =
                self.room.handle_datagram(client.id, Transport::Udp, &datagram.bytes, now);
            client.authentic += u64::from(is_authentic);
            if is_authentic && client.known_address != Some(datagram.source) {
                let has_moved = client.known_address.replace(datagram.source).is_some();
                if has_moved {
                    self.room.handle_path_moved(client.id, now);
                }
            }
        }
    }

    /// What the room and the clients want to send now, and what they tell.
    fn exchange(&mut self) {
        let now = self.now;
        while let Some((id, transmit)) = self.room.poll_transmit() {
            let client = self.clients.iter_mut().find(|client| client.id == id).unwrap();
            if let Some(address) = client.known_address {
                client.path.send_down(now, server(), address, transmit.bytes);
            }
        }
        let time = self.time();
        while let Some(event) = self.room.poll_event() {
            if let RoomEvent::Participant { participant_id, event } = &event {
                let id = *participant_id;
                let client = self.clients.iter_mut().find(|client| client.id == id).unwrap();
                client.told(event);
            }
            self.events.push((time, event));
        }
        for client in &mut self.clients {
            client.exchange(now);
        }
    }
}
