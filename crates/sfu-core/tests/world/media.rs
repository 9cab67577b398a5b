//! Cameras and microphones that make packets without codecs.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jumpa_protocol::SourceKind;
use jumpa_rtc::{Codec, Line, OutPacket, Rid, SendLayer};

use super::MS;

/// Bytes of a full packet.
const PACKET: usize = 1_100;

/// A camera or screen with its encodings.
#[derive(Clone)]
pub struct Camera {
    pub line: Line,
    pub codec: Codec,
    pub owner: u32,
    pub frame_interval: Duration,
    /// How long a picture is under way from the lens to the network.
    pub lag: Duration,
    pub encodings: Vec<Encoding>,
    pub next_frame: Instant,
}

/// One encoding.
#[derive(Clone)]
pub struct Encoding {
    pub rid: Option<Rid>,
    pub height: u16,
    pub bps: u64,
    pub is_active: bool,
    wants_keyframe: bool,
    seq: u64,
    timestamp: u32,
    picture_id: u16,
    frame: u32,
}

impl Camera {
    /// `q` 180p at 150, `h` 360p at 400 and `f` 720p at 1,000 kbit/s, 25 frames a second.
    pub fn simulcast() -> Self {
        Self::with(&[("q", 180, 150_000), ("h", 360, 400_000), ("f", 720, 1_000_000)])
    }

    /// One small encoding: cheap to simulate.
    pub fn small() -> Self {
        Self::with(&[("q", 180, 100_000)])
    }

    pub fn with(encodings: &[(&str, u16, u64)]) -> Self {
        let encodings = encodings
            .iter()
            .enumerate()
            .map(|(index, (rid, height, bps))| Encoding {
                rid: Rid::new(rid),
                height: *height,
                bps: *bps,
                is_active: true,
                wants_keyframe: true,
                // Each encoding counts from somewhere else, as browsers do.
                seq: 1_000 + 20_000 * index as u64,
                timestamp: 4_000_000_000_u32.wrapping_add(777_777_777 * index as u32),
                picture_id: 32_700 - 11_000 * index as u16,
                frame: 0,
            })
            .collect();
        Self {
            line: Line(SourceKind::Camera as u8),
            codec: Codec::Vp8,
            owner: 0,
            frame_interval: MS * 40,
            lag: Duration::ZERO,
            encodings,
            next_frame: jumpa_netsim::epoch(),
        }
    }

    /// A shared screen with one encoding and no rid.
    pub fn screen() -> Self {
        let mut screen = Self::with(&[("x", 1_080, 300_000)]);
        screen.line = Line(SourceKind::Screen as u8);
        screen.encodings[0].rid = None;
        screen
    }

    pub fn h264(mut self) -> Self {
        self.codec = Codec::H264;
        self
    }

    /// Only these encodings are sent from now on; one that begins does so with a keyframe.
    pub fn activate(&mut self, rids: &[&str]) {
        for encoding in &mut self.encodings {
            let rid = encoding.rid;
            let is_active = rid.is_some_and(|rid| rids.contains(&rid.as_str()));
            encoding.wants_keyframe |= is_active && !encoding.is_active;
            encoding.is_active = is_active;
        }
    }

    pub fn active(&self) -> Vec<String> {
        let active = self.encodings.iter().filter(|encoding| encoding.is_active);
        active.filter_map(|encoding| Some(encoding.rid?.as_str().to_owned())).collect()
    }

    pub fn want_keyframe(&mut self, rid: Option<Rid>) {
        let asked = self.encodings.iter_mut().filter(|encoding| encoding.rid == rid);
        asked.for_each(|encoding| encoding.wants_keyframe = true);
    }

    /// Frames that an encoding made so far.
    pub fn frames(&self, height: u16) -> u32 {
        self.encodings.iter().find(|encoding| encoding.height == height).unwrap().frame
    }

    /// The packets of the next frame of every encoding.
    pub fn shoot(&mut self, now: Instant) -> Vec<(SendLayer, OutPacket)> {
        self.next_frame += self.frame_interval;
        let ticks = (self.frame_interval.as_millis() * 90) as u32;
        let mut packets = Vec::new();
        for encoding in &mut self.encodings {
            encoding.timestamp = encoding.timestamp.wrapping_add(ticks);
            if !encoding.is_active {
                continue;
            }
            let bytes = encoding.bps * self.frame_interval.as_millis() as u64 / 8_000;
            let is_keyframe = std::mem::take(&mut encoding.wants_keyframe);
            let bytes = bytes as usize * if is_keyframe { 3 } else { 1 };
            let count = bytes.div_ceil(PACKET).max(1);
            encoding.picture_id = (encoding.picture_id + 1) & 0x7fff;
            for number in 0..count {
                let mut payload = match self.codec {
                    Codec::H264 => h264_start(number == 0, is_keyframe),
                    _ => vp8_start(encoding, number == 0, is_keyframe),
                };
                payload.extend_from_slice(&self.owner.to_be_bytes());
                payload.extend_from_slice(&encoding.height.to_be_bytes());
                payload.extend_from_slice(&encoding.frame.to_be_bytes());
                payload.resize(payload.len().max(bytes / count), 7);
                let to = SendLayer { line: self.line, rid: encoding.rid };
                let is_last = number + 1 == count;
                packets.push((to, out(self.codec, encoding, is_last, payload, now - self.lag)));
                encoding.seq += 1;
            }
            encoding.frame += 1;
        }
        packets
    }
}

fn out(
    codec: Codec,
    encoding: &Encoding,
    marker: bool,
    payload: Vec<u8>,
    captured_at: Instant,
) -> OutPacket {
    OutPacket {
        codec,
        seq: encoding.seq,
        timestamp: encoding.timestamp,
        marker,
        csrc: None,
        audio_level: None,
        voice_activity: None,
        rotation: None,
        vp8: None,
        payload: Arc::from(payload),
        captured_at,
    }
}

/// Payload descriptor with picture id and TL0PICIDX, and the start of the frame (RFC 7741).
fn vp8_start(encoding: &Encoding, is_first: bool, is_keyframe: bool) -> Vec<u8> {
    let [high, low] = encoding.picture_id.to_be_bytes();
    let mut payload = vec![if is_first { 0x90 } else { 0x80 }, 0xe0, 0x80 | high, low];
    payload.extend_from_slice(&[encoding.frame as u8, 0]);
    if is_first && is_keyframe {
        let [width, height] = [encoding.height / 9 * 16, encoding.height].map(u16::to_le_bytes);
        payload.extend_from_slice(&[0x50, 1, 0, 0x9d, 1, 0x2a]);
        payload.extend_from_slice(&[width[0], width[1], height[0], height[1]]);
    } else if is_first {
        payload.extend_from_slice(&[0x51, 1, 0]);
    }
    payload
}

/// A fragment (FU-A) of an IDR or another slice (RFC 6184 section 5.8).
fn h264_start(is_first: bool, is_keyframe: bool) -> Vec<u8> {
    let nal = if is_keyframe { 5 } else { 1 };
    // The slice header begins with the number of its first macroblock, 0.
    if is_first { vec![0x7c, 0x80 | nal, 0x88] } else { vec![0x7c, nal] }
}

/// A microphone that makes one packet per 20 ms.
pub struct Microphone {
    /// −dBov.
    pub level: u8,
    pub next_packet: Instant,
    seq: u64,
    timestamp: u32,
}

impl Microphone {
    pub fn new(now: Instant) -> Self {
        Self { level: 127, next_packet: now, seq: 60_000, timestamp: 4_294_000_000 }
    }

    pub fn record(&mut self, now: Instant) -> OutPacket {
        self.next_packet += MS * 20;
        self.seq += 1;
        self.timestamp = self.timestamp.wrapping_add(960);
        OutPacket {
            codec: Codec::Opus,
            seq: self.seq,
            timestamp: self.timestamp,
            marker: false,
            csrc: None,
            audio_level: Some(self.level),
            voice_activity: Some(self.level < 50),
            rotation: None,
            vp8: None,
            payload: Arc::from([0x78_u8; 80]),
            captured_at: now,
        }
    }
}
