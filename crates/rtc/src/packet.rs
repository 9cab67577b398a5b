//! Packets as they cross the border of this crate.

use std::{sync::Arc, time::Instant};

use crate::SenderReport;

/// Sound or pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// What the payload of a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// Opus (RFC 7587).
    Opus,
    /// Opus with redundancy (RFC 2198): one primary and older blocks.
    Red,
    /// VP8 (RFC 7741).
    Vp8,
    /// H.264, constrained baseline, packetization mode 1 (RFC 6184).
    H264,
}

/// A sending m-line of the client: the index among its sending m-lines, in offer order.
/// 0 microphone, 1 camera, 2 screen, 3 screen audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(pub u8);

/// A receiving m-line of the client: the index among its receiving m-lines of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Sound or pictures.
    pub kind: Kind,
    /// From 0.
    pub index: u16,
}

/// An RTP stream id (RFC 8851): 1 to 8 letters or digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rid {
    bytes: [u8; 8],
    len: u8,
}

impl Rid {
    /// The id with this text; `None` when it is empty, too long or not alphanumeric.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let source = text.as_bytes();
        if source.is_empty() || source.len() > 8 || !source.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut bytes = [0; 8];
        bytes.get_mut(..source.len())?.copy_from_slice(source);
        Some(Self { bytes, len: source.len() as u8 })
    }

    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.bytes
            .get(..usize::from(self.len))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

/// What the headers of a video payload tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VideoFacts {
    /// First packet of a keyframe.
    pub starts_keyframe: bool,
    /// First packet of any frame.
    pub starts_frame: bool,
    /// Width and height in pixels, in packets that start a keyframe and carry it.
    pub size: Option<(u16, u16)>,
    /// VP8 picture id, 15 bits.
    pub picture_id: Option<u16>,
    /// VP8 index of the temporal base layer.
    pub tl0_pic_idx: Option<u8>,
    /// VP8 temporal layer.
    pub temporal_id: Option<u8>,
}

/// A media packet that arrived and was authenticated.
#[derive(Debug, Clone)]
pub struct MediaPacket {
    /// At a `Peer`: which line it came on. At a `Caller` meaningless (0).
    pub line: Line,
    /// At a `Caller`: which slot it came on. At a `Peer` meaningless (audio 0).
    pub slot: Slot,
    /// The simulcast encoding, when the line has several.
    pub rid: Option<Rid>,
    /// The synchronisation source; changes when the sender restarts the encoding.
    pub ssrc: u32,
    /// What the payload is.
    pub codec: Codec,
    /// Sequence number, extended to 64 bits.
    pub seq: u64,
    /// RTP timestamp: 48 kHz for sound, 90 kHz for pictures.
    pub timestamp: u32,
    /// RTP marker: last packet of a frame, or first of a talk spurt.
    pub marker: bool,
    /// The first contributing source: the number of the source, in packets of our server.
    pub csrc: Option<u32>,
    /// Level of the sound in −dBov, 0 (loudest) to 127 (RFC 6464).
    pub audio_level: Option<u8>,
    /// Whether the sender hears a voice in it (RFC 6464).
    pub voice_activity: Option<bool>,
    /// Rotation of the picture, degrees clockwise: 0, 90, 180 or 270 (3GPP TS 26.114, 7.4.5).
    pub rotation: Option<u16>,
    /// For video: what its headers tell.
    pub video: VideoFacts,
    /// The last report that the sender gave of the stream.
    pub report: Option<SenderReport>,
    /// The payload without RTP header and padding. Never empty.
    pub payload: Arc<[u8]>,
    /// When the datagram was read from the socket.
    pub received_at: Instant,
    /// When it was captured: as it arrived until a [`crate::CaptureClock`] was asked.
    pub captured_at: Instant,
}

/// New numbers for the VP8 payload descriptor, continuous over switches of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vp8Rewrite {
    /// 15 bits.
    pub picture_id: Option<u16>,
    /// 8 bits.
    pub tl0_pic_idx: Option<u8>,
}

/// A media packet to send.
#[derive(Debug, Clone)]
pub struct OutPacket {
    /// What the payload is. A receiver without RED gets the primary block of a RED payload.
    pub codec: Codec,
    /// Extended sequence number; grows by one per packet of the slot, except for gaps that the
    /// receiver shall see as loss. Starts below 65,536.
    pub seq: u64,
    /// RTP timestamp: 48 kHz for sound, 90 kHz for pictures.
    pub timestamp: u32,
    /// RTP marker.
    pub marker: bool,
    /// The only contributing source.
    pub csrc: Option<u32>,
    /// Level of the sound in −dBov.
    pub audio_level: Option<u8>,
    /// Whether there is a voice in it.
    pub voice_activity: Option<bool>,
    /// Rotation of the picture, degrees clockwise.
    pub rotation: Option<u16>,
    /// New numbers for the payload descriptor of VP8.
    pub vp8: Option<Vp8Rewrite>,
    /// The payload, shared with every other receiver.
    pub payload: Arc<[u8]>,
    /// When it was captured; the wall clock of sender reports is made from it.
    pub captured_at: Instant,
}

/// What carries a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// UDP.
    Udp,
    /// TCP with RFC 4571 framing, which the caller of this crate does.
    Tcp,
}

/// A datagram to send to the other side. Which real address that is knows the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmit {
    /// What carries it.
    pub transport: Transport,
    /// The datagram.
    pub bytes: Vec<u8>,
}
