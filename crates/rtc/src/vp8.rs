//! Payload descriptor of VP8 (RFC 7741 section 4.2) and the header of a keyframe
//! (RFC 6386 section 9.1).

use crate::VideoFacts;

/// What the descriptor of one packet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Descriptor {
    /// First packet of a partition (S bit).
    starts_partition: bool,
    /// Which partition, 0 to 15.
    partition: u8,
    /// 7 or 15 bits.
    picture_id: Option<u16>,
    tl0_pic_idx: Option<u8>,
    /// The temporal layer, 0 to 3.
    temporal_id: Option<u8>,
    /// Where the VP8 data begins.
    len: usize,
}

impl Descriptor {
    /// Reads a descriptor; `None` when it is cut short or nothing follows it.
    fn parse(payload: &[u8]) -> Option<Self> {
        let mut bytes = payload.iter().copied().enumerate();
        let (_, first) = bytes.next()?;
        let mut descriptor = Self {
            starts_partition: first & 0x10 != 0,
            partition: first & 0x0f,
            picture_id: None,
            tl0_pic_idx: None,
            temporal_id: None,
            len: 1,
        };
        if first & 0x80 != 0 {
            let (_, present) = bytes.next()?;
            if present & 0x80 != 0 {
                let (_, high) = bytes.next()?;
                let is_long = high & 0x80 != 0;
                let high = u16::from(high & 0x7f);
                let id = if is_long { high << 8 | u16::from(bytes.next()?.1) } else { high };
                descriptor.picture_id = Some(id);
            }
            if present & 0x40 != 0 {
                descriptor.tl0_pic_idx = Some(bytes.next()?.1);
            }
            if present & 0x30 != 0 {
                let (_, byte) = bytes.next()?;
                descriptor.temporal_id = (present & 0x20 != 0).then_some(byte >> 6);
            }
        }
        descriptor.len = bytes.next()?.0;
        Some(descriptor)
    }

    /// Whether this packet starts a frame.
    fn starts_frame(&self) -> bool {
        self.starts_partition && self.partition == 0
    }
}

/// What the headers of a VP8 payload tell. Of a payload without a valid descriptor: nothing.
#[must_use]
pub fn facts(payload: &[u8]) -> VideoFacts {
    let Some(descriptor) = Descriptor::parse(payload) else {
        return VideoFacts::default();
    };
    let data = payload.get(descriptor.len..).unwrap_or_default();
    let starts_frame = descriptor.starts_frame();
    // The lowest bit of the frame tag is 0 in keyframes.
    let starts_keyframe = starts_frame && data.first().is_some_and(|tag| tag & 0x01 == 0);
    VideoFacts {
        starts_keyframe,
        starts_frame,
        size: starts_keyframe.then(|| keyframe_size(data)).flatten(),
        picture_id: descriptor.picture_id,
        tl0_pic_idx: descriptor.tl0_pic_idx,
        temporal_id: descriptor.temporal_id,
    }
}

/// The VP8 data of a payload, without its descriptor; `None` when there is none.
#[must_use]
pub fn data(payload: &[u8]) -> Option<&[u8]> {
    payload.get(Descriptor::parse(payload)?.len..)
}

/// Width and height out of a keyframe header: three bytes of tag, the start code, then 14 bits
/// each, little-endian, with the scale in the upper two.
fn keyframe_size(data: &[u8]) -> Option<(u16, u16)> {
    let header: &[u8; 10] = data.first_chunk()?;
    let [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1] = *header else {
        return None;
    };
    let width = u16::from_le_bytes([w0, w1]) & 0x3fff;
    let height = u16::from_le_bytes([h0, h1]) & 0x3fff;
    (width > 0 && height > 0).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 15-bit picture id 300, TL0PICIDX 7, temporal layer 1, then a keyframe of 640 × 360.
    const KEYFRAME: [u8; 16] = [
        0x90, 0xe0, 0x81, 0x2c, 7, 0x40, 0x50, 0x01, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01,
    ];

    #[test]
    fn a_keyframe_tells_its_size_and_numbers() {
        assert_eq!(
            facts(&KEYFRAME),
            VideoFacts {
                starts_keyframe: true,
                starts_frame: true,
                size: Some((640, 360)),
                picture_id: Some(300),
                tl0_pic_idx: Some(7),
                temporal_id: Some(1),
            }
        );
    }

    #[test]
    fn the_data_stands_behind_the_descriptor() {
        assert_eq!(data(&KEYFRAME), KEYFRAME.get(6..));
        assert_eq!(data(&KEYFRAME[..6]), None);
    }

    #[test]
    fn a_delta_frame_is_no_keyframe() {
        let facts = facts(&[0x10, 0x51, 0, 0]);
        assert!(facts.starts_frame && !facts.starts_keyframe);
        assert_eq!(facts.size, None);
    }

    #[test]
    fn a_later_packet_of_a_frame_starts_nothing() {
        let facts = facts(&[0x00, 0x50, 0, 0]);
        assert!(!facts.starts_frame && !facts.starts_keyframe);
    }

    #[test]
    fn another_partition_starts_no_frame() {
        assert!(!facts(&[0x11, 0x50, 0, 0]).starts_frame);
    }

    #[test]
    fn a_short_picture_id_is_read() {
        assert_eq!(facts(&[0x90, 0x80, 0x25, 0x51]).picture_id, Some(0x25));
    }

    #[test]
    fn a_keyframe_without_start_code_has_no_size() {
        let mut frame = KEYFRAME;
        frame[9] = 0;
        let facts = facts(&frame);
        assert!(facts.starts_keyframe);
        assert_eq!(facts.size, None);
    }

    #[test]
    fn every_cut_of_a_packet_is_survived() {
        for end in 0..KEYFRAME.len() {
            let cut = &KEYFRAME[..end];
            let facts = facts(cut);
            assert_eq!(facts.size, None);
            assert_eq!(facts.starts_keyframe, end > 6, "{end}");
        }
    }
}
