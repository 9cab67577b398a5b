//! Packets that look like Opus.

use std::{sync::Arc, time::Instant};

use jumpa_rtc::{Codec, OutPacket, red};

/// RTP ticks of a packet of 20 ms at 48 kHz.
const TICKS: u32 = 960;
/// Table-of-contents byte of a 20 ms fullband CELT packet, mono, one frame (RFC 6716 section 3.1).
const TOC: u8 = 0xf8;
/// The payload type in the block headers of RED; the receiving end puts its own there.
const PAYLOAD_TYPE: u8 = 111;

/// Makes the packets of a microphone, one per 20 ms.
#[derive(Debug, Clone)]
pub struct AudioSource {
    payload_len: usize,
    has_red: bool,
    packet: u32,
    first_seq: u32,
    first_timestamp: u32,
    previous: Option<Vec<u8>>,
    level: u8,
    has_voice: bool,
}

impl AudioSource {
    /// A silent source. The seed tells the numbers of different sources apart.
    #[must_use]
    pub fn new(bitrate_bps: u32, seed: u32) -> Self {
        let mixed = seed.wrapping_mul(0x85eb_ca6b);
        Self {
            payload_len: (bitrate_bps as usize / 8 / 50).clamp(3, 1_000),
            has_red: false,
            packet: 0,
            first_seq: mixed >> 18,
            first_timestamp: mixed,
            previous: None,
            level: 127,
            has_voice: false,
        }
    }

    /// With the packet before in each packet (RFC 2198), as Chromium sends.
    #[must_use]
    pub fn with_red(mut self) -> Self {
        self.has_red = true;
        self
    }

    /// Speaks at a level in −dBov (0 is loudest) or, with 127, falls silent.
    pub fn set_level(&mut self, level: u8) {
        self.level = level.min(127);
        self.has_voice = level < 127;
    }

    /// The next packet.
    pub fn packet(&mut self, captured_at: Instant) -> OutPacket {
        let number = self.packet;
        self.packet = self.packet.wrapping_add(1);
        let mut frame = vec![0; self.payload_len];
        if let [toc, count @ ..] = frame.as_mut_slice() {
            *toc = TOC;
            if let Some(bytes) = count.first_chunk_mut::<2>() {
                *bytes = (number as u16).to_be_bytes();
            }
        }
        let older = self.previous.as_deref().map(|frame| (TICKS, frame));
        let (codec, payload) = match red::build(PAYLOAD_TYPE, older, &frame) {
            Some(payload) if self.has_red => (Codec::Red, payload),
            _ => (Codec::Opus, frame.clone()),
        };
        self.previous = Some(frame);
        OutPacket {
            codec,
            seq: u64::from(self.first_seq) + u64::from(number),
            timestamp: self.first_timestamp.wrapping_add(number.wrapping_mul(TICKS)),
            marker: number == 0,
            csrc: None,
            audio_level: Some(self.level),
            voice_activity: Some(self.has_voice),
            rotation: None,
            vp8: None,
            payload: Arc::from(payload),
            captured_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_follow_each_other_by_twenty_milliseconds() {
        let mut source = AudioSource::new(32_000, 3);
        let first = source.packet(Instant::now());
        let second = source.packet(Instant::now());
        assert_eq!(second.seq, first.seq + 1);
        assert_eq!(second.timestamp.wrapping_sub(first.timestamp), 960);
        assert_eq!(first.payload.len(), 80);
        assert!(first.seq < 65_536);
    }

    #[test]
    fn red_carries_the_packet_before() {
        let mut source = AudioSource::new(32_000, 3).with_red();
        let first = source.packet(Instant::now());
        let second = source.packet(Instant::now());
        let first = red::Red::parse(&first.payload).map(|red| red.primary(&first.payload).to_vec());
        let parsed = red::Red::parse(&second.payload).unwrap();
        assert_eq!(parsed.blocks(), 2);
        assert!(second.payload.windows(80).any(|window| Some(window) == first.as_deref()));
    }

    #[test]
    fn the_level_tells_whether_somebody_speaks() {
        let mut source = AudioSource::new(32_000, 3);
        assert_eq!(source.packet(Instant::now()).voice_activity, Some(false));
        source.set_level(30);
        let packet = source.packet(Instant::now());
        assert_eq!((packet.audio_level, packet.voice_activity), (Some(30), Some(true)));
    }
}
