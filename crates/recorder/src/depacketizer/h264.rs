//! H.264 payloads (RFC 6184, packetization mode 1) into access units as Matroska stores them.

use jumpa_rtc::h264;

/// Types of NAL units (ITU-T H.264 table 7-1) and of payload structures (RFC 6184 table 1).
mod nal {
    pub(super) const IDR: u8 = 5;
    pub(super) const SPS: u8 = 7;
    pub(super) const PPS: u8 = 8;
    pub(super) const DELIMITER: u8 = 9;
    pub(super) const STAP_A: u8 = 24;
    pub(super) const FU_A: u8 = 28;
}

/// Parameter sets of one picture that are kept; encoders send one or two.
const MAX_PARAMETER_SETS: usize = 16;

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessUnit {
    /// NAL units, each behind its length in four bytes, without parameter sets.
    pub data: Vec<u8>,
    /// Whether a decoder can begin here.
    pub is_keyframe: bool,
}

/// Puts the NAL units of a picture together and remembers the parameter sets.
#[derive(Debug, Default)]
pub struct H264Assembler {
    sps: Vec<u8>,
    pps: Vec<Vec<u8>>,
    data: Vec<u8>,
    has_idr: bool,
    has_new_sps: bool,
    /// A unit of which the end has not come.
    fragment: Option<Vec<u8>>,
}

impl H264Assembler {
    /// Forgets the picture that is under way.
    pub fn reset(&mut self) {
        self.data.clear();
        self.has_idr = false;
        self.has_new_sps = false;
        self.fragment = None;
    }

    /// Bytes of the picture so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len() + self.fragment.as_ref().map_or(0, Vec::len)
    }

    /// Whether nothing of a picture has come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a payload of the picture; `None` when it is malformed, which spoils the picture.
    pub fn push(&mut self, payload: &[u8]) -> Option<()> {
        match payload.first()? & 0x1f {
            1..=23 if self.fragment.is_none() => self.take(payload),
            nal::STAP_A if self.fragment.is_none() => {
                let mut rest = payload.get(1..)?;
                while let Some((length, behind)) = rest.split_first_chunk::<2>() {
                    let (unit, behind) =
                        behind.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
                    self.take(unit)?;
                    rest = behind;
                }
                rest.is_empty().then_some(())
            }
            nal::FU_A => self.take_fragment(payload),
            _ => None,
        }
    }

    fn take_fragment(&mut self, payload: &[u8]) -> Option<()> {
        let [indicator, header, rest @ ..] = payload else {
            return None;
        };
        let starts = header & 0x80 != 0;
        let ends = header & 0x40 != 0;
        if starts == self.fragment.is_some() {
            return None;
        }
        let fragment =
            self.fragment.get_or_insert_with(|| vec![(indicator & 0xe0) | (header & 0x1f)]);
        fragment.extend_from_slice(rest);
        if ends {
            let unit = self.fragment.take()?;
            self.take(&unit)?;
        }
        Some(())
    }

    fn take(&mut self, unit: &[u8]) -> Option<()> {
        match unit.first()? & 0x1f {
            nal::SPS => {
                if !self.has_new_sps {
                    // A new sequence: what belonged to the old one means nothing any more.
                    self.has_new_sps = true;
                    self.pps.clear();
                }
                self.sps = unit.to_vec();
            }
            nal::PPS => {
                if !self.pps.iter().any(|known| known == unit)
                    && self.pps.len() < MAX_PARAMETER_SETS
                {
                    self.pps.push(unit.to_vec());
                }
            }
            nal::DELIMITER => {}
            kind => {
                self.has_idr |= kind == nal::IDR;
                let length = u32::try_from(unit.len()).ok()?;
                self.data.extend_from_slice(&length.to_be_bytes());
                self.data.extend_from_slice(unit);
            }
        }
        Some(())
    }

    /// The picture, when it is whole.
    pub fn finish(&mut self) -> Option<AccessUnit> {
        let is_whole = self.fragment.is_none() && !self.data.is_empty();
        let unit = AccessUnit { data: std::mem::take(&mut self.data), is_keyframe: self.has_idr };
        self.reset();
        is_whole.then_some(unit)
    }

    /// What a decoder must know before the first picture (`AVCDecoderConfigurationRecord`,
    /// ISO/IEC 14496-15 section 5.3.3.1), and the size of the picture; `None` before the parameter
    /// sets have come.
    #[must_use]
    pub fn configuration(&self) -> Option<(Vec<u8>, (u16, u16))> {
        let &[_, profile, compatibility, level, ..] = self.sps.as_slice() else {
            return None;
        };
        let size = h264::facts(&self.sps).size?;
        if self.pps.is_empty() {
            return None;
        }
        // Lengths of four bytes (0xff), one sequence parameter set (0xe1).
        let mut record = vec![1, profile, compatibility, level, 0xff, 0xe1];
        push_set(&mut record, &self.sps)?;
        record.push(u8::try_from(self.pps.len()).ok()?);
        for pps in &self.pps {
            push_set(&mut record, pps)?;
        }
        Some((record, size))
    }
}

fn push_set(record: &mut Vec<u8>, set: &[u8]) -> Option<()> {
    record.extend_from_slice(&u16::try_from(set.len()).ok()?.to_be_bytes());
    record.extend_from_slice(set);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Constrained baseline, 1280 × 720, as Chromium's encoder writes it.
    const SPS: [u8; 14] =
        [0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x68, 0x05, 0x00, 0x5b, 0xa1, 0x00, 0x00, 0x03, 0x00];
    const PPS: [u8; 4] = [0x68, 0xce, 0x3c, 0x80];

    fn aggregate(units: &[&[u8]]) -> Vec<u8> {
        let mut payload = vec![0x78];
        for unit in units {
            payload.extend_from_slice(&(unit.len() as u16).to_be_bytes());
            payload.extend_from_slice(unit);
        }
        payload
    }

    #[test]
    fn a_keyframe_of_aggregate_and_fragments_becomes_one_unit() {
        let mut assembler = H264Assembler::default();
        assert_eq!(assembler.configuration(), None);
        assembler.push(&aggregate(&[&SPS, &PPS])).unwrap();
        assembler.push(&[0x7c, 0x85, 1, 2]).unwrap();
        assembler.push(&[0x7c, 0x05, 3]).unwrap();
        assembler.push(&[0x7c, 0x45, 4]).unwrap();
        let unit = assembler.finish().unwrap();
        assert!(unit.is_keyframe);
        assert_eq!(unit.data, [0, 0, 0, 5, 0x65, 1, 2, 3, 4]);
        let (record, size) = assembler.configuration().unwrap();
        assert_eq!(size, (1280, 720));
        assert_eq!(record[..8], [1, 0x42, 0xc0, 0x1f, 0xff, 0xe1, 0, 14]);
        assert_eq!(record[22..], [1, 0, 4, 0x68, 0xce, 0x3c, 0x80]);
    }

    #[test]
    fn a_single_unit_is_a_picture_that_follows() {
        let mut assembler = H264Assembler::default();
        assembler.push(&[0x41, 0x9a]).unwrap();
        let unit = assembler.finish().unwrap();
        assert_eq!((unit.is_keyframe, unit.data), (false, vec![0, 0, 0, 2, 0x41, 0x9a]));
    }

    #[test]
    fn a_new_sequence_replaces_the_old_parameter_sets() {
        let mut assembler = H264Assembler::default();
        assembler.push(&aggregate(&[&SPS, &PPS, &[0x65, 1]])).unwrap();
        assembler.finish().unwrap();
        let before = assembler.configuration();
        assembler.push(&aggregate(&[&SPS, &[0x68, 0xff], &[0x65, 1]])).unwrap();
        assembler.finish().unwrap();
        assert_ne!(assembler.configuration(), before);
        assert_eq!(assembler.configuration().unwrap().0.last(), Some(&0xff));
    }

    #[test]
    fn a_picture_without_its_middle_or_end_is_none() {
        let mut assembler = H264Assembler::default();
        assert_eq!(assembler.push(&[0x7c, 0x05, 3]), None);
        assembler.push(&[0x7c, 0x85, 1]).unwrap();
        assert_eq!(assembler.push(&[0x41, 1]), None);
        assert_eq!(assembler.finish(), None);
        assert!(assembler.is_empty());
    }

    #[test]
    fn malformed_payloads_are_refused() {
        for payload in [&[][..], &[0x78, 0], &[0x78, 0, 9, 1], &[0x7c], &[0x7f, 1], &[0x00]] {
            assert_eq!(H264Assembler::default().push(payload), None, "{payload:?}");
        }
    }
}
