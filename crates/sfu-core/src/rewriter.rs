//! New numbers for forwarded packets.

use std::time::Instant;

use jumpa_rtc::{Kind, MediaPacket, Vp8Rewrite};

use crate::received_window::ReceivedWindow;

/// The first sequence number of every slot. Low, so that the roll-over counter of SRTP is safe even
/// when the first packets get lost (RFC 3711 section 3.3.1).
const FIRST_SEQ: u64 = 1;

/// The largest hole in the numbers of one source that is passed on as loss. A larger one restarts
/// the mapping: it could not be repaired anyway, and a sender that jumps on purpose could push the
/// receiver's roll-over counter out of step for whoever stands in the slot next.
const MAX_HOLE: u64 = 256;

/// Gives the packets of changing sources the numbers of one continuous stream.
///
/// At a switch the sequence number, the VP8 picture id and TL0PICIDX go on by one, and the
/// timestamp by the time that passed between the moments at which both were captured: by arrivals a
/// jam at the switch would set pictures apart from their sound. Packets of the source from before its switch, and duplicates,
/// get no number.
#[derive(Debug)]
pub struct Rewriter {
    ticks_per_second: u64,
    mapping: Option<Mapping>,
    last: Option<Last>,
}

/// The newest packet that went out.
#[derive(Debug, Clone, Copy)]
struct Last {
    seq: u64,
    timestamp: u32,
    picture_id: Option<u16>,
    tl0_pic_idx: Option<u8>,
    captured_at: Instant,
}

/// From the numbers of the present source to those of the slot: added with wrap-around.
#[derive(Debug)]
struct Mapping {
    first_seq: u64,
    seq: u64,
    timestamp: u32,
    picture_id: u16,
    tl0_pic_idx: u8,
    received: ReceivedWindow,
}

/// The numbers under which a packet goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Sequence number of the slot.
    pub seq: u64,
    /// RTP timestamp.
    pub timestamp: u32,
    /// For VP8 payloads that carry a picture id.
    pub vp8: Option<Vp8Rewrite>,
}

/// What becomes of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewritten {
    /// It goes out under these numbers.
    Forward(Numbers),
    /// It is a duplicate or from before the switch.
    Drop,
    /// So much is missing before it that the source has to start anew.
    Hole,
}

impl Rewriter {
    /// For a slot of the kind; nothing has been sent on it.
    #[must_use]
    pub const fn new(kind: Kind) -> Self {
        let ticks_per_second = match kind {
            Kind::Audio => 48_000,
            Kind::Video => 90_000,
        };
        Self { ticks_per_second, mapping: None, last: None }
    }

    /// Continues with another source, or with the same after a pause; `first` is its first packet.
    pub fn switch(&mut self, first: &MediaPacket) {
        let (seq, timestamp, picture_id, tl0_pic_idx) = match &self.last {
            None => {
                let tl0 = first.video.tl0_pic_idx.unwrap_or_default();
                (FIRST_SEQ, first.timestamp, first.video.picture_id.unwrap_or_default(), tl0)
            }
            Some(last) => (
                last.seq + 1,
                last.timestamp.wrapping_add(self.ticks_since(last.captured_at, first.captured_at)),
                last.picture_id.map_or(0, |id| id.wrapping_add(1)),
                last.tl0_pic_idx.map_or(0, |index| index.wrapping_add(1)),
            ),
        };
        self.mapping = Some(Mapping {
            first_seq: first.seq,
            seq: seq.wrapping_sub(first.seq),
            timestamp: timestamp.wrapping_sub(first.timestamp),
            picture_id: picture_id.wrapping_sub(first.video.picture_id.unwrap_or_default()),
            tl0_pic_idx: tl0_pic_idx.wrapping_sub(first.video.tl0_pic_idx.unwrap_or_default()),
            received: ReceivedWindow::default(),
        });
    }

    /// Numbers for a packet of the present source.
    pub fn rewrite(&mut self, packet: &MediaPacket) -> Rewritten {
        let Some(mapping) = &mut self.mapping else {
            return Rewritten::Drop;
        };
        if packet.seq < mapping.first_seq {
            return Rewritten::Drop;
        }
        let highest = mapping.received.highest();
        if highest.is_some_and(|highest| packet.seq > highest + MAX_HOLE) {
            return Rewritten::Hole;
        }
        if !mapping.received.insert(packet.seq) {
            return Rewritten::Drop;
        }
        let picture_id =
            packet.video.picture_id.map(|id| id.wrapping_add(mapping.picture_id) & 0x7FFF);
        let tl0_pic_idx =
            packet.video.tl0_pic_idx.map(|index| index.wrapping_add(mapping.tl0_pic_idx));
        let numbers = Numbers {
            seq: packet.seq.wrapping_add(mapping.seq),
            timestamp: packet.timestamp.wrapping_add(mapping.timestamp),
            vp8: (picture_id.is_some() || tl0_pic_idx.is_some())
                .then_some(Vp8Rewrite { picture_id, tl0_pic_idx }),
        };
        if self.last.is_none_or(|last| last.seq < numbers.seq) {
            let before = self.last;
            self.last = Some(Last {
                seq: numbers.seq,
                timestamp: numbers.timestamp,
                picture_id: picture_id.or(before.and_then(|last| last.picture_id)),
                tl0_pic_idx: tl0_pic_idx.or(before.and_then(|last| last.tl0_pic_idx)),
                captured_at: packet.captured_at,
            });
        }
        Rewritten::Forward(numbers)
    }

    /// At least one tick: two frames with one timestamp would be taken for one.
    fn ticks_since(&self, before: Instant, now: Instant) -> u32 {
        let micros = now.saturating_duration_since(before).as_micros() as u64;
        (micros.wrapping_mul(self.ticks_per_second) / 1_000_000).max(1) as u32
    }
}

#[cfg(test)]
mod tests;
