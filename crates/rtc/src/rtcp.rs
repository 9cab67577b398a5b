//! The part of RTCP that str0m keeps to itself: which packets a receiver asks for again
//! (generic NACK, RFC 4585 section 6.2.1); and what it must not see.

/// Payload type of transport layer feedback.
const TRANSPORT_FEEDBACK: u8 = 205;
/// Format of a generic NACK.
const GENERIC_NACK: u8 = 1;
/// Format of transport-wide congestion control feedback
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).
const TRANSPORT_WIDE: u8 = 15;
/// Most packet numbers that are taken out of one compound packet.
const MAX_LOST: usize = 1_024;

/// A packet that the receiver of a stream misses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The stream.
    pub ssrc: u32,
    /// Its sequence number.
    pub seq: u16,
}

/// The packets that a compound RTCP packet asks for, in order, at most 1,024.
#[must_use]
pub fn lost_packets(compound: &[u8]) -> Vec<Lost> {
    let mut lost = Vec::new();
    let mut rest = compound;
    while let Some((packet, after)) = next_packet(rest) {
        if let Some(nack) = Nack::parse(packet) {
            lost.extend(nack.lost().take(MAX_LOST.saturating_sub(lost.len())));
        }
        rest = after;
    }
    lost
}

/// The next packet of a compound one (its length counts 32-bit words less one) and the rest.
fn next_packet(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let [first, _, high, low] = *bytes.first_chunk::<4>()?;
    if first >> 6 != 2 {
        return None;
    }
    let words = usize::from(u16::from_be_bytes([high, low])).checked_add(1)?;
    bytes.split_at_checked(words.checked_mul(4)?)
}

/// Whether str0m reads a compound packet without panicking: the feedback about arrival times has no
/// empty run, and names no packet from before the first that was sent. Honest clients send neither.
///
/// `last_transport_seq` is the last transport-wide sequence number that was sent; `None` when there
/// were more than 65,535, since nothing lies before the first then.
#[must_use]
pub fn is_sound(compound: &[u8], last_transport_seq: Option<u16>) -> bool {
    let mut rest = compound;
    while let Some((packet, after)) = next_packet(rest) {
        if !is_sound_feedback(packet, last_transport_seq) {
            return false;
        }
        rest = after;
    }
    true
}

fn is_sound_feedback(packet: &[u8], last_transport_seq: Option<u16>) -> bool {
    let Some((header, mut chunks)) = packet.split_first_chunk::<20>() else {
        return true;
    };
    let [first, kind, _, _, _, _, _, _, _, _, _, _, b0, b1, c0, c1, _, _, _, _] = *header;
    if first & 0x1f != TRANSPORT_WIDE || kind != TRANSPORT_FEEDBACK {
        return true;
    }
    let base = u16::from_be_bytes([b0, b1]);
    if let Some(last) = last_transport_seq {
        // Numbers up to half the range behind the last one count as older.
        let behind = last.wrapping_sub(base);
        if behind <= 1 << 15 && behind > last {
            return false;
        }
    }
    let mut todo = u32::from(u16::from_be_bytes([c0, c1]));
    while todo > 0 {
        let Some((chunk, after)) = chunks.split_first_chunk::<2>() else {
            return true;
        };
        let chunk = u16::from_be_bytes(*chunk);
        let statuses = match chunk >> 14 {
            0b10 => 14,
            0b11 => 7,
            _ => u32::from(chunk & 0x1fff),
        };
        if statuses == 0 {
            return false;
        }
        todo = todo.saturating_sub(statuses);
        chunks = after;
    }
    true
}

struct Nack<'a> {
    ssrc: u32,
    entries: &'a [u8],
}

impl<'a> Nack<'a> {
    fn parse(packet: &'a [u8]) -> Option<Self> {
        let (header, entries) = packet.split_first_chunk::<12>()?;
        let [first, kind, _, _, _, _, _, _, a, b, c, d] = *header;
        let is_nack = first & 0x1f == GENERIC_NACK && kind == TRANSPORT_FEEDBACK;
        is_nack.then_some(Self { ssrc: u32::from_be_bytes([a, b, c, d]), entries })
    }

    /// Each entry names a packet and, by bits, the 16 that follow it.
    fn lost(&self) -> impl Iterator<Item = Lost> {
        let ssrc = self.ssrc;
        self.entries.chunks_exact(4).flat_map(move |entry| {
            let [a, b, c, d] = *entry.first_chunk::<4>().unwrap_or(&[0; 4]);
            let first = u16::from_be_bytes([a, b]);
            let more = u16::from_be_bytes([c, d]);
            let following = (0..16).filter(move |bit| more >> bit & 1 == 1).map(|bit: u16| bit + 1);
            [0].into_iter()
                .chain(following)
                .map(move |offset| Lost { ssrc, seq: first.wrapping_add(offset) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nack(ssrc: u32, entries: &[(u16, u16)]) -> Vec<u8> {
        let words = 2 + entries.len() as u16;
        let mut out = vec![0x81, 205];
        out.extend_from_slice(&words.to_be_bytes());
        out.extend_from_slice(&[0, 0, 0, 1]);
        out.extend_from_slice(&ssrc.to_be_bytes());
        for (first, more) in entries {
            out.extend_from_slice(&first.to_be_bytes());
            out.extend_from_slice(&more.to_be_bytes());
        }
        out
    }

    fn seqs(compound: &[u8]) -> Vec<u16> {
        lost_packets(compound).iter().map(|lost| lost.seq).collect()
    }

    #[test]
    fn an_entry_names_a_packet_and_those_of_its_bits() {
        assert_eq!(seqs(&nack(7, &[(100, 0b101)])), [100, 101, 103]);
    }

    #[test]
    fn numbers_wrap() {
        assert_eq!(seqs(&nack(7, &[(65_535, 1)])), [65_535, 0]);
    }

    #[test]
    fn a_nack_behind_a_receiver_report_is_found() {
        let mut compound = vec![0x80, 201, 0, 1, 0, 0, 0, 1];
        compound.extend(nack(7, &[(5, 0)]));
        assert_eq!(lost_packets(&compound), [Lost { ssrc: 7, seq: 5 }]);
    }

    #[test]
    fn a_length_beyond_the_end_stops_the_reading() {
        let mut compound = nack(7, &[(5, 0)]);
        compound[3] = 200;
        assert!(lost_packets(&compound).is_empty());
        for end in 0..12 {
            assert!(lost_packets(&nack(7, &[])[..end]).is_empty());
        }
    }

    #[test]
    fn other_feedback_is_no_nack() {
        let mut compound = nack(7, &[(5, 0)]);
        compound[0] = 0x8f;
        assert!(lost_packets(&compound).is_empty());
    }

    fn feedback(base: u16, count: u16, chunks: &[u16]) -> Vec<u8> {
        let mut out = vec![0x8f, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 7];
        out.extend_from_slice(&base.to_be_bytes());
        out.extend_from_slice(&count.to_be_bytes());
        out.extend_from_slice(&[0, 0, 16, 3]);
        for chunk in chunks {
            out.extend_from_slice(&chunk.to_be_bytes());
        }
        out.extend_from_slice(&[4; 16]);
        out.resize(out.len().next_multiple_of(4), 0);
        let words = (out.len() / 4 - 1) as u16;
        out[2..4].copy_from_slice(&words.to_be_bytes());
        out
    }

    #[test]
    fn feedback_with_an_empty_run_is_unsound() {
        assert!(is_sound(&feedback(3, 8, &[0x2008]), Some(10)));
        assert!(!is_sound(&feedback(3, 8, &[0x2000, 0x2008]), Some(10)));
        assert!(!is_sound(&feedback(3, 8, &[0x2004, 0x2000, 0x2008]), Some(10)));
        // Behind the last status there may be padding.
        assert!(is_sound(&feedback(3, 8, &[0x2008, 0]), Some(10)));
    }

    #[test]
    fn feedback_about_packets_before_the_first_is_unsound() {
        assert!(is_sound(&feedback(0, 8, &[0x2008]), Some(10)));
        assert!(!is_sound(&feedback(65_535, 8, &[0x2008]), Some(10)));
        assert!(!is_sound(&feedback(40_000, 8, &[0x2008]), Some(10)));
        assert!(is_sound(&feedback(40_000, 8, &[0x2008]), Some(40_010)));
        assert!(is_sound(&feedback(65_535, 8, &[0x2008]), None));
    }

    #[test]
    fn unsound_feedback_behind_another_packet_is_found() {
        let mut compound = nack(7, &[(5, 0)]);
        compound.extend(feedback(65_535, 8, &[0x2008]));
        assert!(!is_sound(&compound, Some(10)));
    }

    #[test]
    fn a_flood_of_numbers_is_cut() {
        let entries = vec![(0, 0xffff); 1_000];
        assert_eq!(seqs(&nack(7, &entries)).len(), MAX_LOST);
    }
}
