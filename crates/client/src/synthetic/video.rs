//! VP8 frames that decoders accept: a real header, then zeros, which decode to a grey picture.

use std::time::Instant;

use jumpa_rtc::OutPacket;

use super::Vp8Packets;

/// A keyframe is this many times as large as other frames.
const KEYFRAME_FACTOR: usize = 4;
/// Smallest frame: its headers and some filler.
const MIN_FRAME: usize = 32;

/// How a video source looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoFormat {
    /// Width in pixels, at most 16,383.
    pub width: u16,
    /// Height in pixels, at most 16,383.
    pub height: u16,
    /// Frames per second.
    pub fps: u32,
    /// Payload bits per second, keyframes aside.
    pub bitrate_bps: u32,
}

/// Makes the packets of one encoding.
#[derive(Debug, Clone)]
pub struct VideoSource {
    format: VideoFormat,
    frame: u64,
    packets: Vp8Packets,
    wants_keyframe: bool,
}

impl VideoSource {
    /// A source whose first frame is a keyframe. The seed tells sequence numbers, timestamps and
    /// picture ids of different sources apart.
    #[must_use]
    pub fn new(format: VideoFormat, seed: u32) -> Self {
        Self { format, frame: 0, packets: Vp8Packets::new(seed), wants_keyframe: true }
    }

    /// What it looks like.
    #[must_use]
    pub fn format(&self) -> VideoFormat {
        self.format
    }

    /// The next frame is a keyframe.
    pub fn request_keyframe(&mut self) {
        self.wants_keyframe = true;
    }

    /// Leaves out frames, as an encoder does that was switched off for a while: the timestamp goes
    /// on, and the next frame is a keyframe.
    pub fn skip(&mut self, frames: u64) {
        self.frame += frames;
        self.wants_keyframe = true;
    }

    /// The packets of the next frame.
    pub fn frame(&mut self, captured_at: Instant) -> Vec<OutPacket> {
        let is_keyframe = std::mem::take(&mut self.wants_keyframe);
        let data = self.encoded(is_keyframe);
        let (number, fps) = (self.frame, u64::from(self.format.fps.max(1)));
        self.frame += 1;
        self.packets.frame(&data, number, number * 90_000 / fps, captured_at)
    }

    /// Frame tag, keyframe header, filler (RFC 6386 section 9.1).
    fn encoded(&self, is_keyframe: bool) -> Vec<u8> {
        let per_frame = self.format.bitrate_bps / 8 / self.format.fps.max(1);
        let mut len = (per_frame as usize).max(MIN_FRAME);
        if is_keyframe {
            len *= KEYFRAME_FACTOR;
        }
        // Bits of the tag: not a keyframe, version (3), shown, size of the first partition (19).
        let header_len = if is_keyframe { 10 } else { 3 };
        let first_partition = ((len - header_len) / 2) as u32;
        let tag = u32::from(!is_keyframe) | 1 << 4 | first_partition << 5;
        let [a, b, c, _] = tag.to_le_bytes();
        let mut data = Vec::with_capacity(len);
        data.extend([a, b, c]);
        if is_keyframe {
            let [w0, w1] = self.format.width.to_le_bytes();
            let [h0, h1] = self.format.height.to_le_bytes();
            data.extend([0x9d, 0x01, 0x2a, w0, w1, h0, h1]);
        }
        data.resize(len, 0);
        data
    }
}

#[cfg(test)]
mod tests {
    use jumpa_rtc::vp8;

    use super::*;

    const FORMAT: VideoFormat =
        VideoFormat { width: 640, height: 360, fps: 30, bitrate_bps: 600_000 };

    #[test]
    fn the_first_frame_is_a_keyframe_of_the_right_size() {
        let mut source = VideoSource::new(FORMAT, 7);
        let packets = source.frame(Instant::now());
        let facts = vp8::facts(&packets[0].payload);
        assert!(facts.starts_keyframe);
        assert_eq!(facts.size, Some((640, 360)));
        assert!(packets.len() > 1);
        assert!(!vp8::facts(&packets[1].payload).starts_frame);
        assert!(packets.last().unwrap().marker && !packets[0].marker);
    }

    #[test]
    fn numbers_go_on_from_frame_to_frame() {
        let mut source = VideoSource::new(FORMAT, 7);
        let mut last: Option<OutPacket> = None;
        for number in 0..100 {
            for packet in source.frame(Instant::now()) {
                assert!(packet.seq < 65_536);
                let facts = vp8::facts(&packet.payload);
                assert_eq!(facts.starts_keyframe, facts.starts_frame && number == 0);
                if let Some(last) = last {
                    assert_eq!(packet.seq, last.seq + 1);
                    let step = packet.timestamp.wrapping_sub(last.timestamp);
                    assert_eq!(step, if facts.starts_frame { 3_000 } else { 0 });
                    let id = |packet: &OutPacket| vp8::facts(&packet.payload).picture_id.unwrap();
                    let step = id(&packet).wrapping_sub(id(&last)) & 0x7fff;
                    assert_eq!(step, u16::from(facts.starts_frame));
                }
                last = Some(packet);
            }
        }
    }

    #[test]
    fn the_bitrate_is_met() {
        let mut source = VideoSource::new(FORMAT, 7);
        let bytes: usize = (0..300)
            .flat_map(|_| source.frame(Instant::now()))
            .map(|packet| packet.payload.len())
            .sum();
        let bps = bytes as f64 * 8.0 / 10.0;
        assert!((590_000.0..640_000.0).contains(&bps), "{bps}");
    }

    #[test]
    fn a_requested_keyframe_is_the_next_frame() {
        let mut source = VideoSource::new(FORMAT, 7);
        source.frame(Instant::now());
        source.request_keyframe();
        assert!(vp8::facts(&source.frame(Instant::now())[0].payload).starts_keyframe);
        assert!(!vp8::facts(&source.frame(Instant::now())[0].payload).starts_keyframe);
    }
}
