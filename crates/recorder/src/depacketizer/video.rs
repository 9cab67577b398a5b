//! Pictures out of packets, without any whose references were lost.

use std::time::Duration;

use jumpa_recorded::{VideoCodec, VideoFormat};
use jumpa_rtc::vp8;

use super::{
    RtpPacket,
    h264::H264Assembler,
    reorder_buffer::{Ordered, ReorderBuffer},
};

/// How long a lost packet is waited for. The server repeats what it is asked for within a few round
/// trips; what has not come after a second never will.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a keyframe is asked for while none comes. Publishers answer at most twice a second.
const KEYFRAME_INTERVAL: Duration = Duration::from_millis(1_500);

/// A source that is silent for so long is asked for nothing: it has stopped.
const SILENCE: Duration = Duration::from_secs(3);

/// The largest picture; one of 4K is far below.
const MAX_FRAME_BYTES: usize = 8 << 20;

/// A picture that can be decoded when those before it were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoFrame {
    /// RTP timestamp, 90 kHz.
    pub timestamp: u32,
    /// When its first packet came.
    pub arrived: Duration,
    /// When it was captured, when that is known.
    pub captured: Option<Duration>,
    /// Of a keyframe: what a decoder must know.
    pub keyframe: Option<VideoFormat>,
    /// Degrees clockwise by which it has to be turned.
    pub rotation: u16,
    /// Whether pictures before it were left out after a loss.
    pub follows_loss: bool,
    /// VP8: the frame. H.264: NAL units behind their lengths in four bytes.
    pub data: Vec<u8>,
}

/// Makes pictures of packets of one codec. After a loss it gives none until the next keyframe.
#[derive(Debug)]
pub struct VideoDepacketizer {
    reorder: ReorderBuffer<RtpPacket>,
    assembler: Assembler,
    /// The picture that is under way.
    partial: Option<Partial>,
    needs_keyframe: bool,
    has_loss: bool,
    keyframe_asked: Option<Duration>,
    heard: Duration,
    lost_packets: u64,
}

#[derive(Debug)]
enum Assembler {
    Vp8 { data: Vec<u8>, size: Option<(u16, u16)>, is_keyframe: bool },
    H264(H264Assembler),
}

#[derive(Debug)]
struct Partial {
    timestamp: u32,
    arrived: Duration,
    captured: Option<Duration>,
    rotation: u16,
}

impl VideoDepacketizer {
    /// Waits for the first keyframe of a stream.
    #[must_use]
    pub fn new(codec: VideoCodec) -> Self {
        let assembler = match codec {
            VideoCodec::Vp8 => Assembler::Vp8 { data: Vec::new(), size: None, is_keyframe: false },
            VideoCodec::H264 => Assembler::H264(H264Assembler::default()),
        };
        Self {
            reorder: ReorderBuffer::new(PATIENCE),
            assembler,
            partial: None,
            needs_keyframe: true,
            has_loss: false,
            keyframe_asked: None,
            heard: Duration::ZERO,
            lost_packets: 0,
        }
    }

    /// The codec.
    #[must_use]
    pub const fn codec(&self) -> VideoCodec {
        match self.assembler {
            Assembler::Vp8 { .. } => VideoCodec::Vp8,
            Assembler::H264(_) => VideoCodec::H264,
        }
    }

    /// Takes a packet.
    pub fn push(&mut self, packet: RtpPacket) {
        self.heard = self.heard.max(packet.arrived);
        self.reorder.push(packet.seq, packet.arrived, packet);
    }

    /// The next picture that is ready at `now`.
    pub fn poll(&mut self, now: Duration) -> Option<VideoFrame> {
        while let Some(next) = self.reorder.pop(now) {
            if let Some(frame) = self.take(next) {
                return Some(frame);
            }
        }
        None
    }

    /// The next picture, whatever is missing before it: nothing more will come.
    pub fn flush(&mut self) -> Option<VideoFrame> {
        while let Some(next) = self.reorder.flush() {
            if let Some(frame) = self.take(next) {
                return Some(frame);
            }
        }
        None
    }

    /// Whether to ask for a keyframe at `now`: at once after a loss, and again while none comes.
    pub fn poll_keyframe_request(&mut self, now: Duration) -> bool {
        let is_resting = self.keyframe_asked.is_some_and(|at| now < at + KEYFRAME_INTERVAL);
        if !self.needs_keyframe || is_resting || self.heard + SILENCE <= now {
            return false;
        }
        self.keyframe_asked = Some(now);
        true
    }

    /// Leaves out everything until the next keyframe: a picture that was given out was lost.
    pub fn require_keyframe(&mut self) {
        if !self.needs_keyframe {
            self.needs_keyframe = true;
            self.has_loss = true;
            self.keyframe_asked = None;
        }
    }

    /// Packets that never came.
    #[must_use]
    pub const fn lost_packets(&self) -> u64 {
        self.lost_packets
    }

    fn take(&mut self, Ordered { lost, packet }: Ordered<RtpPacket>) -> Option<VideoFrame> {
        self.lost_packets = self.lost_packets.saturating_add(lost);
        let is_other = self.partial.as_ref().is_some_and(|of| of.timestamp != packet.timestamp);
        if lost > 0 || is_other {
            self.spoil();
        }
        let is_first = self.partial.is_none();
        let partial = self.partial.get_or_insert(Partial {
            timestamp: packet.timestamp,
            arrived: packet.arrived,
            captured: packet.captured,
            rotation: 0,
        });
        partial.arrived = partial.arrived.min(packet.arrived);
        // Only the last packet of a picture tells (3GPP TS 26.114, 7.4.5).
        partial.rotation = packet.rotation.unwrap_or(partial.rotation);
        if !self.assembler.push(&packet.payload, is_first) {
            self.spoil();
            return None;
        }
        if !packet.marker {
            return None;
        }
        let partial = self.partial.take()?;
        let Some((data, keyframe)) = self.assembler.finish() else {
            self.spoil();
            return None;
        };
        if keyframe.is_some() {
            self.needs_keyframe = false;
            self.keyframe_asked = None;
        }
        if self.needs_keyframe {
            return None;
        }
        let follows_loss = std::mem::take(&mut self.has_loss);
        let Partial { timestamp, arrived, captured, rotation } = partial;
        Some(VideoFrame { timestamp, arrived, captured, keyframe, rotation, follows_loss, data })
    }

    /// A part of a picture is missing.
    fn spoil(&mut self) {
        self.partial = None;
        self.assembler.reset();
        self.require_keyframe();
    }
}

impl Assembler {
    fn reset(&mut self) {
        match self {
            Self::Vp8 { data, size, is_keyframe } => {
                data.clear();
                *size = None;
                *is_keyframe = false;
            }
            Self::H264(assembler) => assembler.reset(),
        }
    }

    /// Takes the next payload of a picture; `false` when it cannot be one.
    fn push(&mut self, payload: &[u8], is_first: bool) -> bool {
        match self {
            Self::Vp8 { data, size, is_keyframe } => {
                let facts = vp8::facts(payload);
                let Some(part) = vp8::data(payload) else {
                    return false;
                };
                if is_first != facts.starts_frame || data.len() + part.len() > MAX_FRAME_BYTES {
                    return false;
                }
                if is_first {
                    *is_keyframe = facts.starts_keyframe;
                    *size = facts.size;
                }
                data.extend_from_slice(part);
                true
            }
            Self::H264(assembler) => {
                assembler.len() + payload.len() <= MAX_FRAME_BYTES
                    && assembler.push(payload).is_some()
            }
        }
    }

    /// The whole picture, and of a keyframe its format. `None` when nothing can be made of it.
    fn finish(&mut self) -> Option<(Vec<u8>, Option<VideoFormat>)> {
        match self {
            Self::Vp8 { data, size, is_keyframe } => {
                let data = std::mem::take(data);
                if !std::mem::take(is_keyframe) {
                    return Some((data, None));
                }
                let size = size.take()?;
                let format =
                    VideoFormat { codec: VideoCodec::Vp8, size, configuration: Vec::new() };
                Some((data, Some(format)))
            }
            Self::H264(assembler) => {
                let unit = assembler.finish()?;
                if !unit.is_keyframe {
                    return Some((unit.data, None));
                }
                let (configuration, size) = assembler.configuration()?;
                let format = VideoFormat { codec: VideoCodec::H264, size, configuration };
                Some((unit.data, Some(format)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYFRAME_HEADER: [u8; 10] = [0x50, 1, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1];

    /// Packets of pictures, each of two packets; every `keyframe_every`th is a keyframe.
    fn packets(pictures: u64, keyframe_every: u64) -> Vec<RtpPacket> {
        (0..pictures)
            .flat_map(|picture| {
                let is_keyframe = picture.is_multiple_of(keyframe_every);
                let head = if is_keyframe { KEYFRAME_HEADER.to_vec() } else { vec![0x51, 1] };
                let packet = move |index: u64, payload: Vec<u8>| RtpPacket {
                    seq: 100 + picture * 2 + index,
                    timestamp: (picture as u32) * 3_000,
                    marker: index == 1,
                    arrived: Duration::from_millis(picture * 33),
                    captured: None,
                    rotation: (index == 1).then_some(90),
                    payload: payload.into(),
                };
                [packet(0, [&[0x10][..], &head].concat()), packet(1, vec![0x00, picture as u8])]
            })
            .collect()
    }

    fn feed(
        depacketizer: &mut VideoDepacketizer,
        packets: impl IntoIterator<Item = RtpPacket>,
    ) -> Vec<u8> {
        let mut pictures = Vec::new();
        for packet in packets {
            let now = packet.arrived;
            depacketizer.push(packet);
            pictures.extend(std::iter::from_fn(|| depacketizer.poll(now)));
        }
        pictures.extend(std::iter::from_fn(|| depacketizer.poll(Duration::from_secs(60))));
        pictures.iter().map(|frame| *frame.data.last().unwrap()).collect()
    }

    #[test]
    fn pictures_come_whole_with_size_and_rotation() {
        let mut depacketizer = VideoDepacketizer::new(VideoCodec::Vp8);
        for packet in packets(2, 2) {
            depacketizer.push(packet);
        }
        let first = depacketizer.poll(Duration::ZERO).unwrap();
        assert_eq!(first.keyframe.unwrap().size, (640, 360));
        assert_eq!(first.data, [&KEYFRAME_HEADER[..], &[0]].concat());
        assert_eq!(first.rotation, 90);
        let second = depacketizer.poll(Duration::ZERO).unwrap();
        assert_eq!((second.timestamp, second.keyframe), (3_000, None));
        assert_eq!(depacketizer.poll(Duration::ZERO), None);
    }

    #[test]
    fn pictures_before_the_first_keyframe_are_left_out() {
        let mut depacketizer = VideoDepacketizer::new(VideoCodec::Vp8);
        let shown = feed(&mut depacketizer, packets(8, 4).into_iter().skip(3));
        assert_eq!(shown, [4, 5, 6, 7]);
    }

    #[test]
    fn after_a_loss_nothing_is_shown_until_the_next_keyframe() {
        let mut depacketizer = VideoDepacketizer::new(VideoCodec::Vp8);
        let mut all = packets(80, 40);
        all.remove(7);
        assert_eq!(
            feed(&mut depacketizer, all),
            [0, 1, 2].into_iter().chain(40..80).collect::<Vec<_>>()
        );
        assert_eq!(depacketizer.lost_packets(), 1);
    }

    #[test]
    fn a_packet_that_comes_late_loses_nothing() {
        let mut depacketizer = VideoDepacketizer::new(VideoCodec::Vp8);
        let mut all = packets(20, 20);
        let late = all.remove(7);
        all.insert(30, late);
        assert_eq!(feed(&mut depacketizer, all), (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn a_keyframe_is_asked_for_at_once_and_again_while_none_comes() {
        let mut depacketizer = VideoDepacketizer::new(VideoCodec::Vp8);
        let mut asked = Vec::new();
        for (index, packet) in packets(200, 120).into_iter().enumerate() {
            let now = packet.arrived;
            if index != 3 {
                depacketizer.push(packet);
            }
            while depacketizer.poll(now).is_some() {}
            if depacketizer.poll_keyframe_request(now) {
                asked.push(now.as_millis());
            }
        }
        // Before the first keyframe is whole; a second after the loss; and 1.5 s after that.
        assert_eq!(asked, [0, 1_089, 2_607]);
    }

    #[test]
    fn a_source_that_has_stopped_is_asked_for_nothing() {
        let mut depacketizer = VideoDepacketizer::new(VideoCodec::Vp8);
        depacketizer.push(packets(2, 10).remove(2));
        assert!(depacketizer.poll_keyframe_request(Duration::from_secs(1)));
        assert!(!depacketizer.poll_keyframe_request(Duration::from_secs(10)));
    }

    #[test]
    fn a_picture_cut_off_by_the_next_one_counts_as_lost() {
        let mut depacketizer = VideoDepacketizer::new(VideoCodec::Vp8);
        let mut all = packets(6, 4);
        all.remove(3);
        for (packet, seq) in all.iter_mut().zip(100..) {
            packet.seq = seq;
        }
        assert_eq!(feed(&mut depacketizer, all), [0, 4, 5]);
    }
}
