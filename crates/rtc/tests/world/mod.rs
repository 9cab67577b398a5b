//! A server's peer and a client's caller with an emulated link between them, in virtual time.
#![allow(dead_code, reason = "each test file uses its own part of the world")]
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use jumpa_rtc::{
    Caller, CallerConfig, CallerEvent, Certificate, Codec, IceCandidate, Line, MediaPacket, Offer,
    OutPacket, Peer, PeerConfig, PeerEvent, Rid, SendLayer, Slot, Transport,
};

/// The step of virtual time.
const STEP: Duration = Duration::from_millis(1);
/// What a datagram needs from one end to the other.
const DELAY: Duration = Duration::from_millis(10);

pub const UDP_SERVER: &str = "203.0.113.5:7882";
pub const CLIENT: &str = "198.51.100.7:40000";

pub fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

pub fn rids() -> Vec<Rid> {
    ["q", "h", "f"].iter().map(|rid| Rid::new(rid).unwrap()).collect()
}

pub fn peer_config() -> PeerConfig {
    let address = address(UDP_SERVER);
    PeerConfig {
        certificate: Certificate::generate().unwrap(),
        candidates: vec![
            IceCandidate { transport: Transport::Udp, address },
            IceCandidate { transport: Transport::Tcp, address },
        ],
        initial_estimate_bps: Some(1_000_000),
    }
}

pub fn caller_config() -> CallerConfig {
    CallerConfig {
        certificate: Certificate::generate().unwrap(),
        local: IceCandidate { transport: Transport::Udp, address: address(CLIENT) },
        audio_slots: 2,
        video_slots: 4,
        video_codecs: vec![Codec::Vp8, Codec::H264],
        offers_red: true,
        camera_rids: rids(),
    }
}

/// A datagram under way.
struct Flying {
    arrives_at: Instant,
    transport: Transport,
    bytes: Vec<u8>,
}

pub struct World {
    pub now: Instant,
    pub peer: Peer,
    pub caller: Caller,
    pub peer_events: Vec<PeerEvent>,
    pub caller_events: Vec<CallerEvent>,
    /// Datagrams of 100 that the link loses, each way.
    pub loss_percent: u64,
    /// Nothing gets through.
    pub is_cut: bool,
    /// Datagrams from the client that proved to be authentic.
    pub authentic: usize,
    /// Datagrams that reached the client.
    pub heard_by_caller: usize,
    up: VecDeque<Flying>,
    down: VecDeque<Flying>,
    random: u64,
}

impl World {
    /// Two ends that have exchanged descriptions but no datagram.
    pub fn new(peer: &PeerConfig, caller: &CallerConfig) -> Self {
        let now = jumpa_netsim::epoch();
        let (mut caller, offer) = Caller::offer(caller, now).unwrap();
        let (peer, answer) = Peer::accept(peer, Offer::parse(&offer).unwrap(), now).unwrap();
        caller.accept_answer(&answer, now).unwrap();
        Self {
            now,
            peer,
            caller,
            peer_events: Vec::new(),
            caller_events: Vec::new(),
            loss_percent: 0,
            is_cut: false,
            authentic: 0,
            heard_by_caller: 0,
            up: VecDeque::new(),
            down: VecDeque::new(),
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }

    /// Two ends that are connected, with an open data channel.
    pub fn connected(peer: &PeerConfig, caller: &CallerConfig) -> Self {
        let mut world = Self::new(peer, caller);
        world.run_until(Duration::from_secs(5), |world| {
            world.peer_events.iter().any(|event| matches!(event, PeerEvent::FastOpen))
        });
        assert!(world.caller_events.iter().any(|event| matches!(event, CallerEvent::Connected)));
        world
    }

    pub fn usual() -> Self {
        Self::connected(&peer_config(), &caller_config())
    }

    fn is_lost(&mut self) -> bool {
        // xorshift64*
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        let roll = self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        self.is_cut || roll % 100 < self.loss_percent
    }

    /// Lets a millisecond pass.
    pub fn step(&mut self) {
        self.now += STEP;
        let now = self.now;
        while self.up.front().is_some_and(|flying| flying.arrives_at <= now) {
            let flying = self.up.pop_front().unwrap();
            let is_authentic = self.peer.handle_datagram(flying.transport, &flying.bytes, now);
            self.authentic += usize::from(is_authentic);
        }
        while self.down.front().is_some_and(|flying| flying.arrives_at <= now) {
            let flying = self.down.pop_front().unwrap();
            self.heard_by_caller += 1;
            self.caller.handle_datagram(flying.transport, address(UDP_SERVER), &flying.bytes, now);
        }
        if self.peer.poll_timeout().is_some_and(|at| at <= now) {
            self.peer.handle_timeout(now);
        }
        if self.caller.poll_timeout().is_some_and(|at| at <= now) {
            self.caller.handle_timeout(now);
        }
        self.carry();
    }

    fn carry(&mut self) {
        let arrives_at = self.now + DELAY;
        while let Some(transmit) = self.peer.poll_transmit() {
            if !self.is_lost() {
                let (transport, bytes) = (transmit.transport, transmit.bytes);
                self.down.push_back(Flying { arrives_at, transport, bytes });
            }
        }
        while let Some((destination, transmit)) = self.caller.poll_transmit() {
            assert_eq!(destination, address(UDP_SERVER));
            if !self.is_lost() {
                let (transport, bytes) = (transmit.transport, transmit.bytes);
                self.up.push_back(Flying { arrives_at, transport, bytes });
            }
        }
        while let Some(event) = self.peer.poll_event() {
            self.peer_events.push(event);
        }
        while let Some(event) = self.caller.poll_event() {
            self.caller_events.push(event);
        }
    }

    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.step();
        }
    }

    /// Runs until something holds; panics when it does not within the time.
    #[track_caller]
    pub fn run_until(&mut self, limit: Duration, mut holds: impl FnMut(&Self) -> bool) {
        let end = self.now + limit;
        while !holds(self) {
            assert!(self.now < end, "it did not happen within {limit:?}");
            self.step();
        }
    }

    /// Forgets what happened so far.
    pub fn forget(&mut self) {
        self.peer_events.clear();
        self.caller_events.clear();
    }

    /// Media that reached the server.
    pub fn at_peer(&self) -> Vec<&MediaPacket> {
        self.peer_events
            .iter()
            .filter_map(|event| match event {
                PeerEvent::Media(packet) => Some(packet),
                _ => None,
            })
            .collect()
    }

    /// Media that reached the client.
    pub fn at_caller(&self) -> Vec<&MediaPacket> {
        self.caller_events
            .iter()
            .filter_map(|event| match event {
                CallerEvent::Media(packet) => Some(packet),
                _ => None,
            })
            .collect()
    }

    /// The client sends `count` packets, one per 20 ms.
    pub fn send_up(&mut self, to: SendLayer, count: u64, packet: impl Fn(u64) -> OutPacket) {
        for number in 0..count {
            let mut packet = packet(number);
            packet.captured_at = self.now;
            self.caller.write(to, packet, self.now);
            self.run(Duration::from_millis(20));
        }
    }

    /// The server sends `count` packets, one per 20 ms.
    pub fn send_down(&mut self, to: Slot, count: u64, packet: impl Fn(u64) -> OutPacket) {
        for number in 0..count {
            let mut packet = packet(number);
            packet.captured_at = self.now;
            self.peer.write(to, packet, self.now);
            self.run(Duration::from_millis(20));
        }
    }

    /// A further offer of the client is answered at once.
    pub fn negotiate(&mut self, offer: &str) {
        let answer = self.peer.negotiate(Offer::parse(offer).unwrap(), self.now).unwrap();
        self.caller.accept_answer(&answer, self.now).unwrap();
    }
}

pub fn line(line: u8, rid: Option<&str>) -> SendLayer {
    SendLayer { line: Line(line), rid: rid.map(|rid| Rid::new(rid).unwrap()) }
}

pub fn out(codec: Codec, seq: u64, timestamp: u32, payload: &[u8]) -> OutPacket {
    OutPacket {
        codec,
        seq,
        timestamp,
        marker: true,
        csrc: None,
        audio_level: None,
        voice_activity: None,
        rotation: None,
        vp8: None,
        payload: Arc::from(payload),
        captured_at: jumpa_netsim::epoch(),
    }
}

/// A VP8 frame of one packet with a 15-bit picture id; every `keyframe_every`th is a keyframe.
pub fn vp8(number: u64, keyframe_every: u64) -> OutPacket {
    let [id_high, id_low] = (number as u16 & 0x7fff).to_be_bytes();
    let is_keyframe = number.is_multiple_of(keyframe_every);
    let mut payload = vec![0x90, 0x80, 0x80 | id_high, id_low];
    if is_keyframe {
        payload.extend_from_slice(&[0x50, 1, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1]);
    } else {
        payload.extend_from_slice(&[0x51, 1, 0]);
    }
    payload.resize(600, number as u8);
    out(Codec::Vp8, 1_000 + number, 3_000 * number as u32, &payload)
}

pub fn opus(number: u64) -> OutPacket {
    out(Codec::Opus, 500 + number, 960 * number as u32, &[0x78, number as u8, 2, 3])
}
