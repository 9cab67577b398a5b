//! H.264 payloads (RFC 6184): which packet starts a keyframe, and the size of the picture out of
//! the sequence parameter set (ITU-T H.264 section 7.3.2.1.1).

use crate::VideoFacts;

const NAL_IDR: u8 = 5;
const NAL_SPS: u8 = 7;
const NAL_STAP_A: u8 = 24;
const NAL_FU_A: u8 = 28;

/// Longest SPS that is looked at, bytes; real ones have 10 to 40.
const MAX_SPS_LEN: usize = 256;

/// What the headers of an H.264 payload tell. Of a payload that cannot be read: nothing.
///
/// A keyframe starts with the packet that carries its SPS, alone or in a STAP-A; an IDR picture
/// without SPS counts too, when its first macroblock is in the packet.
#[must_use]
pub fn facts(payload: &[u8]) -> VideoFacts {
    let mut facts = VideoFacts::default();
    let Some((&header, body)) = payload.split_first() else {
        return facts;
    };
    match header & 0x1f {
        NAL_STAP_A => {
            let mut rest = body;
            while let Some((unit, after)) = next_unit(rest) {
                add_unit(&mut facts, unit);
                rest = after;
            }
        }
        NAL_FU_A => {
            if let Some((&fragment, data)) = body.split_first()
                && fragment & 0x80 != 0
            {
                // The type of the unit stands in the fragment header.
                add_slice(&mut facts, fragment & 0x1f, data);
            }
        }
        1..=23 => add_unit(&mut facts, payload),
        _ => {}
    }
    facts
}

/// The next unit of a STAP-A (16 bits of length, then the unit) and what follows it.
fn next_unit(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 {
        return None;
    }
    rest.split_at_checked(length)
}

fn add_unit(facts: &mut VideoFacts, unit: &[u8]) {
    let Some((&header, body)) = unit.split_first() else {
        return;
    };
    match header & 0x1f {
        NAL_SPS => {
            facts.starts_keyframe = true;
            facts.starts_frame = true;
            facts.size = facts.size.or_else(|| sps_size(body));
        }
        kind => add_slice(facts, kind, body),
    }
}

fn add_slice(facts: &mut VideoFacts, kind: u8, data: &[u8]) {
    // `first_mb_in_slice` is the first field of a slice header; ue(v) 0 is a single 1 bit.
    let is_first_slice = data.first().is_some_and(|byte| byte & 0x80 != 0);
    if (1..=NAL_IDR).contains(&kind) && is_first_slice {
        facts.starts_frame = true;
        facts.starts_keyframe |= kind == NAL_IDR;
    }
}

/// Width and height in pixels out of an SPS without its NAL header.
fn sps_size(sps: &[u8]) -> Option<(u16, u16)> {
    let unescaped = unescape(sps);
    let mut bits = Bits::new(&unescaped);
    let profile = bits.take(8)?;
    bits.take(16)?; // constraints and level
    bits.unsigned()?; // seq_parameter_set_id
    let mut chroma = 1;
    if matches!(profile, 44 | 83 | 86 | 100 | 110 | 118 | 122 | 128 | 134 | 135 | 138 | 139 | 244) {
        chroma = bits.unsigned()?;
        if chroma == 3 {
            bits.take(1)?;
        }
        bits.unsigned()?;
        bits.unsigned()?;
        bits.take(1)?;
        if bits.take(1)? == 1 {
            for list in 0..if chroma == 3 { 12 } else { 8 } {
                if bits.take(1)? == 1 {
                    skip_scaling_list(&mut bits, if list < 6 { 16 } else { 64 })?;
                }
            }
        }
    }
    bits.unsigned()?; // log2_max_frame_num
    match bits.unsigned()? {
        0 => {
            bits.unsigned()?;
        }
        1 => {
            bits.take(1)?;
            bits.unsigned()?;
            bits.unsigned()?;
            let cycle = bits.unsigned()?;
            if cycle > 255 {
                return None;
            }
            for _ in 0..cycle {
                bits.unsigned()?;
            }
        }
        _ => {}
    }
    bits.unsigned()?; // max_num_ref_frames
    bits.take(1)?;
    let width_mbs = bits.unsigned()?.checked_add(1)?;
    let height_units = bits.unsigned()?.checked_add(1)?;
    let frame_mbs_only = bits.take(1)?;
    if frame_mbs_only == 0 {
        bits.take(1)?;
    }
    bits.take(1)?;
    let field_factor = 2_u32.checked_sub(frame_mbs_only)?;
    let mut width = width_mbs.checked_mul(16)?;
    let mut height = height_units.checked_mul(field_factor)?.checked_mul(16)?;
    if bits.take(1)? == 1 {
        let (left, right) = (bits.unsigned()?, bits.unsigned()?);
        let (top, bottom) = (bits.unsigned()?, bits.unsigned()?);
        let unit_x = if matches!(chroma, 1 | 2) { 2 } else { 1 };
        let unit_y = field_factor.checked_mul(if chroma == 1 { 2 } else { 1 })?;
        width = width.checked_sub(left.checked_add(right)?.checked_mul(unit_x)?)?;
        height = height.checked_sub(top.checked_add(bottom)?.checked_mul(unit_y)?)?;
    }
    let size = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    (size.0 > 0 && size.1 > 0).then_some(size)
}

fn skip_scaling_list(bits: &mut Bits<'_>, len: u32) -> Option<()> {
    let mut last: i64 = 8;
    let mut next: i64 = 8;
    for _ in 0..len {
        if next != 0 {
            next = (last + bits.signed()? + 256).rem_euclid(256);
        }
        if next != 0 {
            last = next;
        }
    }
    Some(())
}

/// Takes the emulation prevention bytes out (00 00 03 → 00 00, section 7.4.1).
fn unescape(sps: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sps.len().min(MAX_SPS_LEN));
    let mut zeros = 0;
    for &byte in sps.iter().take(MAX_SPS_LEN) {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        out.push(byte);
    }
    out
}

/// Reads bits from the most significant one on.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next `count` bits, at most 32, as a number.
    fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0_u32;
        for _ in 0..count {
            let byte = *self.bytes.get(self.at / 8)?;
            let bit = byte >> (7 - self.at % 8) & 1;
            value = value << 1 | u32::from(bit);
            self.at += 1;
        }
        Some(value)
    }

    /// An unsigned Exp-Golomb number, ue(v) (section 9.1).
    fn unsigned(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        (1_u32 << zeros).checked_sub(1)?.checked_add(self.take(zeros)?)
    }

    /// A signed Exp-Golomb number, se(v).
    fn signed(&mut self) -> Option<i64> {
        let number = i64::from(self.unsigned()?);
        Some(if number % 2 == 1 { (number + 1) / 2 } else { -(number / 2) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Constrained baseline, level 3.1, 1280 × 720, as Chromium's encoder writes it.
    const SPS_720P: [u8; 14] =
        [0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x68, 0x05, 0x00, 0x5b, 0xa1, 0x00, 0x00, 0x03, 0x00];

    /// Bits from most to least significant, for building parameter sets.
    #[derive(Default)]
    struct Writer {
        bits: Vec<u8>,
    }

    impl Writer {
        fn put(&mut self, value: u32, count: u32) -> &mut Self {
            self.bits.extend((0..count).rev().map(|bit| (value >> bit & 1) as u8));
            self
        }

        fn unsigned(&mut self, value: u32) -> &mut Self {
            let len = 32 - (value + 1).leading_zeros();
            self.put(0, len - 1).put(value + 1, len)
        }

        fn bytes(&self) -> Vec<u8> {
            self.bits
                .chunks(8)
                .map(|bits| (0..8).fold(0, |byte, i| byte << 1 | bits.get(i).copied().unwrap_or(0)))
                .collect()
        }
    }

    fn sps(width_mbs: u32, height_mbs: u32, crop: Option<[u32; 4]>) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.put(0x67, 8).put(66, 8).put(0xe01f, 16);
        writer.unsigned(0).unsigned(0).unsigned(2).unsigned(1).put(0, 1);
        writer.unsigned(width_mbs - 1).unsigned(height_mbs - 1).put(1, 1).put(1, 1);
        writer.put(crop.is_some().into(), 1);
        for edge in crop.into_iter().flatten() {
            writer.unsigned(edge);
        }
        writer.put(0, 1).put(1, 1);
        writer.bytes()
    }

    #[test]
    fn a_parameter_set_tells_the_size() {
        assert_eq!(facts(&sps(40, 23, Some([0, 0, 0, 4]))).size, Some((640, 360)));
        assert_eq!(facts(&sps(80, 45, None)).size, Some((1280, 720)));
        assert_eq!(facts(&SPS_720P).size, Some((1280, 720)));
    }

    #[test]
    fn an_aggregate_with_a_parameter_set_starts_a_keyframe() {
        let mut payload = vec![24];
        for unit in [&sps(40, 23, None)[..], &[0x68, 0xce, 0x3c, 0x80]] {
            payload.extend_from_slice(&(unit.len() as u16).to_be_bytes());
            payload.extend_from_slice(unit);
        }
        let facts = facts(&payload);
        assert!(facts.starts_keyframe && facts.starts_frame);
        assert_eq!(facts.size, Some((640, 368)));
    }

    #[test]
    fn only_the_first_fragment_of_a_keyframe_starts_it() {
        assert!(facts(&[0x7c, 0x85, 0x88]).starts_keyframe);
        assert!(!facts(&[0x7c, 0x05, 0x88]).starts_keyframe);
        assert!(!facts(&[0x7c, 0x45, 0x88]).starts_keyframe);
    }

    #[test]
    fn a_second_slice_starts_no_frame() {
        assert!(facts(&[0x65, 0x88]).starts_keyframe);
        assert!(!facts(&[0x65, 0x48]).starts_keyframe);
    }

    #[test]
    fn a_delta_frame_starts_a_frame_but_no_keyframe() {
        let facts = facts(&[0x41, 0x9a]);
        assert!(facts.starts_frame && !facts.starts_keyframe);
    }

    #[test]
    fn crops_larger_than_the_picture_give_no_size() {
        assert_eq!(facts(&sps(1, 1, Some([100, 100, 0, 0]))).size, None);
    }

    #[test]
    fn every_cut_is_survived() {
        let whole = sps(40, 23, Some([0, 0, 0, 4]));
        for end in 0..whole.len() {
            let _ = facts(&whole[..end]);
        }
        for bytes in [&[24][..], &[24, 0], &[24, 0, 0], &[24, 255, 255, 1], &[28], &[28, 0x85]] {
            assert_eq!(facts(bytes), VideoFacts::default(), "{bytes:?}");
        }
    }

    #[test]
    fn endless_numbers_are_refused() {
        let mut payload = vec![0x67, 66, 0, 0];
        payload.extend([0; 300]);
        assert_eq!(facts(&payload).size, None);
        let mut payload = vec![0x67, 66, 0, 0];
        payload.extend([1; 300]);
        let _ = facts(&payload);
    }
}
