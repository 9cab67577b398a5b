//! What arrives at a client.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use jumpa_protocol::{SourceKind, SourceNumber};
use jumpa_rtc::{Codec, MediaPacket};

/// A packet of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Picture {
    pub at: Duration,
    /// When it was captured, as the server reports.
    pub captured: Option<SystemTime>,
    pub slot: u16,
    pub seq: u64,
    pub timestamp: u32,
    pub picture_id: Option<u16>,
    pub tl0_pic_idx: Option<u8>,
    pub csrc: SourceNumber,
    pub marker: bool,
    pub starts_frame: bool,
    pub starts_keyframe: bool,
    /// From the payload: the number of the participant that made it.
    pub owner: u32,
    /// From the payload: the height of its encoding.
    pub height: u16,
    /// From the payload: the count of the frame in its encoding.
    pub frame: u32,
}

impl Picture {
    pub fn read(packet: &MediaPacket, at: Duration) -> Self {
        let video = packet.video;
        let start = match (packet.codec, packet.payload.as_ref()) {
            (Codec::H264, [_, second, ..]) if second & 0x80 == 0 => 2,
            (Codec::H264, _) => 3,
            (_, [first, ..]) if first & 0x10 == 0 => 6,
            _ if video.starts_keyframe => 16,
            _ => 9,
        };
        let bytes: [u8; 10] = packet.payload[start..start + 10].try_into().unwrap();
        let [a, b, c, d, e, f, g, h, i, j] = bytes;
        Self {
            at,
            captured: packet.report.and_then(|report| report.captured(packet)),
            slot: packet.slot.index,
            seq: packet.seq,
            timestamp: packet.timestamp,
            picture_id: video.picture_id,
            tl0_pic_idx: video.tl0_pic_idx,
            csrc: SourceNumber(packet.csrc.expect("every packet names its source")),
            marker: packet.marker,
            starts_frame: video.starts_frame,
            starts_keyframe: video.starts_keyframe,
            owner: u32::from_be_bytes([a, b, c, d]),
            height: u16::from_be_bytes([e, f]),
            frame: u32::from_be_bytes([g, h, i, j]),
        }
    }

    /// Whether the CSRC names the camera of whom the payload is.
    pub fn is_named_rightly(&self) -> bool {
        self.csrc == SourceNumber::new(self.owner, SourceKind::Camera)
    }
}

/// A frame that a decoder would show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// When its last packet was there, and those of all frames before it.
    pub at: Duration,
    pub timestamp: u32,
    pub picture_id: Option<u16>,
    pub owner: u32,
    pub height: u16,
}

impl Frame {
    /// The frames of one slot that a decoder would show: complete, and with everything before them
    /// back to a keyframe.
    pub fn decodable<'a>(pictures: impl Iterator<Item = &'a Picture>) -> Vec<Self> {
        let mut by_seq: BTreeMap<u64, &Picture> = BTreeMap::new();
        for picture in pictures {
            by_seq.entry(picture.seq).or_insert(picture);
        }
        let mut frames = Vec::new();
        let mut shown_at = Duration::ZERO;
        let mut last_seq = None;
        let mut is_whole = false;
        for (seq, picture) in by_seq {
            let is_next = last_seq.is_some_and(|last| last + 1 == seq);
            is_whole = picture.starts_keyframe || is_whole && is_next;
            last_seq = Some(seq);
            shown_at = shown_at.max(picture.at);
            if is_whole && picture.marker {
                frames.push(Self {
                    at: shown_at,
                    timestamp: picture.timestamp,
                    picture_id: picture.picture_id,
                    owner: picture.owner,
                    height: picture.height,
                });
            }
        }
        frames
    }

    /// The longest time without a new frame between the first and the last.
    pub fn longest_gap(frames: &[Self]) -> Duration {
        frames.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap_or_default()
    }
}

/// A packet of sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sound {
    pub at: Duration,
    /// When it was captured, as the server reports.
    pub captured: Option<SystemTime>,
    pub slot: u16,
    pub seq: u64,
    pub timestamp: u32,
    pub csrc: SourceNumber,
    pub level: Option<u8>,
}

impl Sound {
    pub fn read(packet: &MediaPacket, at: Duration) -> Self {
        Self {
            at,
            captured: packet.report.and_then(|report| report.captured(packet)),
            slot: packet.slot.index,
            seq: packet.seq,
            timestamp: packet.timestamp,
            csrc: SourceNumber(packet.csrc.expect("every packet names its source")),
            level: packet.audio_level,
        }
    }

    /// Whether it is the microphone of a participant.
    pub fn is_of(&self, number: usize) -> bool {
        self.csrc == SourceNumber::new(number as u32, SourceKind::Microphone)
    }
}
