//! One client on its link.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use jumpa_netsim::{ClientPath, LinkConfig};
use jumpa_protocol::{
    ParticipantId, SourceKind,
    control::{ParticipantMediaEvent, Subscription},
};
use jumpa_rtc::{
    Caller, CallerConfig, CallerEvent, Codec, IceCandidate, Kind, Line, MediaPacket, Rid,
    SendLayer, Slot, Transport,
};

use super::{Camera, Frame, MS, Microphone, Picture, Sound, certificate};

/// How a client joins.
pub struct Settings {
    pub audio_slots: u16,
    pub video_slots: u16,
    pub subscription: Subscription,
    pub codecs: Vec<Codec>,
    pub rids: Vec<&'static str>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            audio_slots: 5,
            video_slots: 4,
            subscription: Subscription::Client,
            codecs: vec![Codec::Vp8],
            rids: vec!["q", "h", "f"],
        }
    }
}

pub struct Client {
    pub id: ParticipantId,
    pub number: u32,
    pub caller: Caller,
    pub path: ClientPath,
    pub is_connected: bool,
    pub is_gone: bool,
    /// Where the server sends to.
    pub known_address: Option<std::net::SocketAddr>,
    /// Datagrams that the server found authentic.
    pub authentic: u64,
    pub cameras: Vec<Camera>,
    pub microphone: Option<Microphone>,
    /// What came on video slots.
    pub pictures: Vec<Picture>,
    /// What came on audio slots.
    pub sounds: Vec<Sound>,
    /// When the server asked for keyframes, of which line and encoding.
    pub keyframe_requests: Vec<(Duration, Line, Option<Rid>)>,
    /// Texts of the data channel.
    pub texts: Vec<(Duration, String)>,
    /// Everything but DTLS is lost on the way to the server.
    pub sends_only_dtls: bool,
    next_look: Instant,
}

/// A browser that could not show a frame for this long asks for a keyframe (libwebrtc:
/// `kMaxWaitForFrame`).
const MAX_WAIT_FOR_FRAME: Duration = Duration::from_secs(3);

impl Client {
    pub fn new(
        number: usize,
        link: LinkConfig,
        settings: &Settings,
        now: Instant,
    ) -> (Self, String) {
        let local = IceCandidate {
            transport: Transport::Udp,
            address: format!("192.168.1.{}:5000", number % 250 + 1).parse().unwrap(),
        };
        let config = CallerConfig {
            certificate: certificate(),
            local,
            audio_slots: settings.audio_slots,
            video_slots: settings.video_slots,
            video_codecs: settings.codecs.clone(),
            offers_red: false,
            camera_rids: settings.rids.iter().map(|rid| Rid::new(rid).unwrap()).collect(),
        };
        let (caller, offer) = Caller::offer(&config, now).unwrap();
        let client = Self {
            id: format!("par_{:032x}", number + 1).parse().unwrap(),
            number: number as u32,
            caller,
            path: ClientPath::new(link, number as u64 + 1),
            is_connected: false,
            is_gone: false,
            known_address: None,
            authentic: 0,
            cameras: Vec::new(),
            microphone: None,
            pictures: Vec::new(),
            sounds: Vec::new(),
            keyframe_requests: Vec::new(),
            texts: Vec::new(),
            sends_only_dtls: false,
            next_look: now,
        };
        (client, offer)
    }

    /// Replaces the camera on the same line, or adds it.
    pub fn set_camera(&mut self, mut camera: Camera, now: Instant) {
        camera.owner = self.number;
        camera.next_frame = now;
        self.cameras.retain(|other| other.line != camera.line);
        self.cameras.push(camera);
    }

    pub fn set_level(&mut self, level: u8, now: Instant) {
        self.microphone.get_or_insert_with(|| Microphone::new(now)).level = level;
    }

    pub fn camera(&mut self, kind: SourceKind) -> &mut Camera {
        let line = Line(kind as u8);
        self.cameras.iter_mut().find(|camera| camera.line == line).unwrap()
    }

    /// Pictures on one slot.
    pub fn pictures_on(&self, slot: u16) -> impl Iterator<Item = &Picture> {
        self.pictures.iter().filter(move |picture| picture.slot == slot)
    }

    /// The height of the last picture on a slot.
    pub fn height(&self, slot: u16) -> Option<u16> {
        self.pictures_on(slot).last().map(|picture| picture.height)
    }

    pub fn forget(&mut self) {
        self.pictures.clear();
        self.sounds.clear();
        self.keyframe_requests.clear();
        self.texts.clear();
    }

    pub fn next_moment(&self) -> Option<Instant> {
        let media = self.is_connected.then(|| {
            let cameras = self.cameras.iter().map(|camera| camera.next_frame);
            cameras.chain(self.microphone.as_ref().map(|microphone| microphone.next_packet)).min()
        });
        let moments = [self.caller.poll_timeout(), self.path.next_arrival(), media.flatten()];
        moments.into_iter().flatten().min()
    }

    /// Everything of the client that is due.
    pub fn act(&mut self, now: Instant) {
        while let Some(datagram) = self.path.poll_down(now) {
            self.caller.handle_datagram(Transport::Udp, datagram.source, &datagram.bytes, now);
        }
        if self.caller.poll_timeout().is_some_and(|at| at <= now) {
            self.caller.handle_timeout(now);
        }
        if !self.is_connected {
            return;
        }
        if self.next_look <= now {
            self.next_look = now + MAX_WAIT_FOR_FRAME / 3;
            self.ask_for_frames(now);
        }
        for camera in &mut self.cameras {
            while camera.next_frame <= now {
                for (to, packet) in camera.shoot(now) {
                    self.caller.write(to, packet, now);
                }
            }
        }
        if let Some(microphone) = &mut self.microphone {
            while microphone.next_packet <= now {
                let to = SendLayer { line: Line(0), rid: None };
                self.caller.write(to, microphone.record(now), now);
            }
        }
    }

    pub fn exchange(&mut self, now: Instant) {
        while let Some(event) = self.caller.poll_event() {
            self.handle(event, now);
        }
        while let Some((destination, transmit)) = self.caller.poll_transmit() {
            let is_dtls = transmit.bytes.first().is_some_and(|byte| (20..64).contains(byte));
            if is_dtls || !self.sends_only_dtls {
                self.path.send_up(now, destination, transmit.bytes);
            }
        }
    }

    /// Does as a client does that is told something by signalling.
    pub fn told(&mut self, event: &ParticipantMediaEvent) {
        match event {
            ParticipantMediaEvent::LayersWanted { source, layers } => {
                let rids: Vec<&str> = layers.iter().map(|layer| layer.rid()).collect();
                let line = Line(*source as u8);
                for camera in self.cameras.iter_mut().filter(|camera| camera.line == line) {
                    camera.activate(&rids);
                }
            }
            ParticipantMediaEvent::Closed => self.is_gone = true,
            _ => {}
        }
    }

    fn handle(&mut self, event: CallerEvent, now: Instant) {
        let time = now - jumpa_netsim::epoch();
        match event {
            CallerEvent::Connected => {
                self.is_connected = true;
                for camera in &mut self.cameras {
                    camera.next_frame = camera.next_frame.max(now);
                }
                if let Some(microphone) = &mut self.microphone {
                    microphone.next_packet = microphone.next_packet.max(now);
                }
            }
            CallerEvent::Closed => self.is_gone = true,
            CallerEvent::Media(packet) => self.take(&packet, time),
            CallerEvent::KeyframeRequested(line, rid) => {
                self.keyframe_requests.push((time, line, rid));
                for camera in self.cameras.iter_mut().filter(|camera| camera.line == line) {
                    camera.want_keyframe(rid);
                }
            }
            CallerEvent::Fast(text) => self.texts.push((time, text)),
            CallerEvent::Disconnected | CallerEvent::Estimate(_) | CallerEvent::FastOpen => {}
        }
    }

    /// Asks for keyframes of slots on which packets come that show nothing.
    fn ask_for_frames(&mut self, now: Instant) {
        let time = now - jumpa_netsim::epoch();
        let since = time.saturating_sub(MAX_WAIT_FOR_FRAME);
        let recent = self.pictures.iter().rev().take_while(|picture| picture.at + MS * 500 > time);
        let slots: BTreeSet<u16> = recent.map(|picture| picture.slot).collect();
        for slot in slots {
            let began = self.pictures_on(slot).next().is_some_and(|first| first.at < since);
            let shown = Frame::decodable(self.pictures_on(slot)).last().map(|frame| frame.at);
            if began && shown.is_none_or(|at| at < since) {
                let slot = Slot { kind: Kind::Video, index: slot };
                self.caller.request_keyframe(slot, now);
            }
        }
    }

    fn take(&mut self, packet: &MediaPacket, time: Duration) {
        match packet.slot.kind {
            Kind::Video => self.pictures.push(Picture::read(packet, time)),
            Kind::Audio => self.sounds.push(Sound::read(packet, time)),
        }
    }
}
