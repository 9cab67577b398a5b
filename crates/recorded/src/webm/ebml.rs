//! The language of Matroska (RFC 8794): elements of id, size and content.

/// Ids of elements (RFC 8794 section 11.2, RFC 9559 section 5).
pub(super) mod id {
    pub(in super::super) const EBML: u32 = 0x1a45_dfa3;
    pub(in super::super) const EBML_VERSION: u32 = 0x4286;
    pub(in super::super) const EBML_READ_VERSION: u32 = 0x42f7;
    pub(in super::super) const EBML_MAX_ID_LENGTH: u32 = 0x42f2;
    pub(in super::super) const EBML_MAX_SIZE_LENGTH: u32 = 0x42f3;
    pub(in super::super) const DOC_TYPE: u32 = 0x4282;
    pub(in super::super) const DOC_TYPE_VERSION: u32 = 0x4287;
    pub(in super::super) const DOC_TYPE_READ_VERSION: u32 = 0x4285;
    pub(in super::super) const SEGMENT: u32 = 0x1853_8067;
    pub(in super::super) const SEEK_HEAD: u32 = 0x114d_9b74;
    pub(in super::super) const SEEK: u32 = 0x4dbb;
    pub(in super::super) const SEEK_ID: u32 = 0x53ab;
    pub(in super::super) const SEEK_POSITION: u32 = 0x53ac;
    pub(in super::super) const INFO: u32 = 0x1549_a966;
    pub(in super::super) const TIMESTAMP_SCALE: u32 = 0x2a_d7b1;
    pub(in super::super) const DURATION: u32 = 0x4489;
    pub(in super::super) const DATE_UTC: u32 = 0x4461;
    pub(in super::super) const MUXING_APP: u32 = 0x4d80;
    pub(in super::super) const WRITING_APP: u32 = 0x5741;
    pub(in super::super) const TRACKS: u32 = 0x1654_ae6b;
    pub(in super::super) const TRACK_ENTRY: u32 = 0xae;
    pub(in super::super) const TRACK_NUMBER: u32 = 0xd7;
    pub(in super::super) const TRACK_UID: u32 = 0x73c5;
    pub(in super::super) const TRACK_TYPE: u32 = 0x83;
    pub(in super::super) const FLAG_LACING: u32 = 0x9c;
    pub(in super::super) const CODEC_ID: u32 = 0x86;
    pub(in super::super) const CODEC_PRIVATE: u32 = 0x63a2;
    pub(in super::super) const SEEK_PRE_ROLL: u32 = 0x56bb;
    pub(in super::super) const VIDEO: u32 = 0xe0;
    pub(in super::super) const PIXEL_WIDTH: u32 = 0xb0;
    pub(in super::super) const PIXEL_HEIGHT: u32 = 0xba;
    pub(in super::super) const AUDIO: u32 = 0xe1;
    pub(in super::super) const SAMPLING_FREQUENCY: u32 = 0xb5;
    pub(in super::super) const CHANNELS: u32 = 0x9f;
    pub(in super::super) const CLUSTER: u32 = 0x1f43_b675;
    pub(in super::super) const TIMESTAMP: u32 = 0xe7;
    pub(in super::super) const SIMPLE_BLOCK: u32 = 0xa3;
    pub(in super::super) const CUES: u32 = 0x1c53_bb6b;
    pub(in super::super) const CUE_POINT: u32 = 0xbb;
    pub(in super::super) const CUE_TIME: u32 = 0xb3;
    pub(in super::super) const CUE_TRACK_POSITIONS: u32 = 0xb7;
    pub(in super::super) const CUE_TRACK: u32 = 0xf7;
    pub(in super::super) const CUE_CLUSTER_POSITION: u32 = 0xf1;
}

/// The size of a master element whose end is where its parent's or the file's is.
const UNKNOWN_SIZE: [u8; 8] = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// Writes an id.
pub(super) fn put_id(out: &mut Vec<u8>, id: u32) {
    let bytes = id.to_be_bytes();
    let zeros = id.leading_zeros() as usize / 8;
    out.extend_from_slice(bytes.get(zeros..).unwrap_or_default());
}

/// Writes a size in as few bytes as it needs. All ones are left to the unknown size.
pub(super) fn put_size(out: &mut Vec<u8>, size: u64) {
    let length = (1..=7_u32).find(|length| size < (1_u64 << (7 * length)) - 1).unwrap_or(8);
    put_size_in(out, size, length);
}

/// Writes a size in exactly `length` bytes, 1 to 8.
pub(super) fn put_size_in(out: &mut Vec<u8>, size: u64, length: u32) {
    let marked = size | 1 << (7 * length);
    let bytes = marked.to_be_bytes();
    out.extend_from_slice(bytes.get(8 - length as usize..).unwrap_or_default());
}

/// Begins a master element that has no end of its own.
pub(super) fn put_unknown(out: &mut Vec<u8>, id: u32) {
    put_id(out, id);
    out.extend_from_slice(&UNKNOWN_SIZE);
}

pub(super) fn put_bytes(out: &mut Vec<u8>, id: u32, content: &[u8]) {
    put_id(out, id);
    put_size(out, content.len() as u64);
    out.extend_from_slice(content);
}

pub(super) fn put_uint(out: &mut Vec<u8>, id: u32, value: u64) {
    let bytes = value.to_be_bytes();
    let zeros = (value.leading_zeros() as usize / 8).min(7);
    put_bytes(out, id, bytes.get(zeros..).unwrap_or_default());
}

pub(super) fn put_float(out: &mut Vec<u8>, id: u32, value: f64) {
    put_bytes(out, id, &value.to_be_bytes());
}

/// Writes a master element with what `fill` puts into it.
pub(super) fn put_master(out: &mut Vec<u8>, id: u32, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut content = Vec::new();
    fill(&mut content);
    put_bytes(out, id, &content);
}

/// The beginning of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) id: u32,
    /// Bytes of content; `None` when nobody knew.
    pub(super) size: Option<u64>,
}

/// How many bytes an id or size has, by its first byte; `None` of a byte that begins neither.
pub(super) fn length_of(first: u8, most: usize) -> Option<usize> {
    let length = first.leading_zeros() as usize + 1;
    (length <= most).then_some(length)
}

/// The value of a size field.
pub(super) fn size_of(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    let mask = 0xff_u8.checked_shr(rest.len() as u32 + 1).unwrap_or(0);
    let value =
        rest.iter().fold(u64::from(first & mask), |value, byte| value << 8 | u64::from(*byte));
    let is_unknown = first & mask == mask && rest.iter().all(|byte| *byte == 0xff);
    (!is_unknown).then_some(value)
}

/// An unsigned number of at most 8 bytes.
pub(super) fn uint(content: &[u8]) -> Option<u64> {
    (content.len() <= 8)
        .then(|| content.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// Elements one after the other in a content that is held in memory; ends at the first that is
/// malformed.
pub(super) struct Elements<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let id_length = length_of(*self.0.first()?, 4)?;
        let (id, rest) = self.0.split_at_checked(id_length)?;
        let size_length = length_of(*rest.first()?, 8)?;
        let (size, rest) = rest.split_at_checked(size_length)?;
        let size = usize::try_from(size_of(size)?).ok()?;
        let (content, rest) = rest.split_at_checked(size)?;
        self.0 = rest;
        Some((uint(id)? as u32, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_back_as_they_were_written() {
        for size in [0, 1, 126, 127, 128, 16_382, 16_383, 1 << 21, 1 << 35, (1 << 49) - 2, 1 << 55]
        {
            let mut out = Vec::new();
            put_size(&mut out, size);
            assert_eq!(length_of(out[0], 8), Some(out.len()), "{size}");
            assert_eq!(size_of(&out), Some(size));
        }
        assert_eq!(size_of(&UNKNOWN_SIZE), None);
        assert_eq!(size_of(&[0xff]), None);
    }

    #[test]
    fn elements_are_found_one_after_the_other() {
        let mut out = Vec::new();
        put_uint(&mut out, id::TRACK_NUMBER, 0);
        put_uint(&mut out, id::CODEC_PRIVATE, 0x1234);
        put_bytes(&mut out, id::CODEC_ID, b"V_VP8");
        out.push(0xae);
        let found: Vec<_> = Elements(&out).collect();
        assert_eq!(
            found,
            [
                (id::TRACK_NUMBER, &[0][..]),
                (id::CODEC_PRIVATE, &[0x12, 0x34]),
                (id::CODEC_ID, b"V_VP8")
            ]
        );
    }
}
