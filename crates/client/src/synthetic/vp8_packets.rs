//! VP8 frames in RTP packets (RFC 7741), as libwebrtc makes them.

use std::{sync::Arc, time::Instant};

use jumpa_rtc::{Codec, OutPacket};

/// Longest payload of a packet, as libwebrtc sends.
const MAX_PAYLOAD: usize = 1_150;
/// Descriptor: flags, which fields follow, picture id (15 bits), TL0PICIDX, temporal layer.
const DESCRIPTOR_LEN: usize = 6;

/// Makes the packets of one encoding.
#[derive(Debug, Clone)]
pub struct Vp8Packets {
    seq: u64,
    first_timestamp: u32,
    tl0_pic_idx: u8,
}

impl Vp8Packets {
    /// The seed tells sequence numbers, timestamps and picture ids of different encodings apart.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b1);
        Self { seq: u64::from(mixed >> 18), first_timestamp: mixed, tl0_pic_idx: mixed as u8 }
    }

    /// The packets of a frame. `number` counts the frames of the source, also those that were not
    /// sent, and `ticks` is its time since the first of them, in units of 1/90,000 s.
    pub fn frame(
        &mut self,
        data: &[u8],
        number: u64,
        ticks: u64,
        captured_at: Instant,
    ) -> Vec<OutPacket> {
        let timestamp = self.first_timestamp.wrapping_add(ticks as u32);
        let picture_id = (u64::from(self.first_timestamp >> 17) + number) as u16 & 0x7fff;
        self.tl0_pic_idx = self.tl0_pic_idx.wrapping_add(1);
        let pieces: Vec<&[u8]> = data.chunks(MAX_PAYLOAD - DESCRIPTOR_LEN).collect();
        let last = pieces.len().saturating_sub(1);
        let mut packets = Vec::with_capacity(pieces.len());
        for (index, piece) in pieces.into_iter().enumerate() {
            let [id_high, id_low] = picture_id.to_be_bytes();
            // S in the first packet of a frame; the fields I, L and T are present.
            let first = if index == 0 { 0x90 } else { 0x80 };
            let mut payload = Vec::with_capacity(DESCRIPTOR_LEN + piece.len());
            payload.extend([first, 0xe0, 0x80 | id_high, id_low, self.tl0_pic_idx, 0]);
            payload.extend_from_slice(piece);
            packets.push(OutPacket {
                codec: Codec::Vp8,
                seq: self.seq,
                timestamp,
                marker: index == last,
                csrc: None,
                audio_level: None,
                voice_activity: None,
                rotation: None,
                vp8: None,
                payload: Arc::from(payload),
                captured_at,
            });
            self.seq += 1;
        }
        packets
    }
}
