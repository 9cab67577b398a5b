//! The live file.

use std::slice;

use super::{
    Block,
    ebml::{id, put_bytes, put_id, put_master, put_size, put_uint, put_unknown},
    track_format::{FIRST_TRACK, TrackFormat},
};

/// How long a cluster goes on. Times of blocks are relative to it, in 16 bits, and whoever opens a
/// file that is cut looks for the next cluster.
const CLUSTER_MS: u64 = 1_000;

const FLAG_KEYFRAME: u8 = 0x80;

/// Makes the bytes of a live file, to be appended in order.
#[derive(Debug)]
pub struct Writer {
    /// Time at which the present cluster begins.
    cluster_ms: Option<u64>,
}

impl Writer {
    /// Begins a file; gives its first bytes too.
    #[must_use]
    pub fn begin(format: &TrackFormat) -> (Self, Vec<u8>) {
        Self::begin_tracks(slice::from_ref(format))
    }

    /// Begins a file of several tracks, all of which begin with it.
    #[must_use]
    pub fn begin_tracks(formats: &[TrackFormat]) -> (Self, Vec<u8>) {
        let mut out = Vec::new();
        put_header(&mut out, formats);
        put_unknown(&mut out, id::SEGMENT);
        TrackFormat::put(formats, &mut out, None);
        (Self { cluster_ms: None }, out)
    }

    /// Begins a new cluster with the next frame: the last one may not have reached the file.
    pub fn end_cluster(&mut self) {
        self.cluster_ms = None;
    }

    /// The bytes of a frame of the only track, `at_ms` after the file's beginning. Times do not go
    /// backwards.
    #[must_use]
    pub fn frame(&mut self, at_ms: u64, is_keyframe: bool, data: &[u8]) -> Vec<u8> {
        self.frame_of(0, at_ms, is_keyframe, data)
    }

    /// The bytes of a frame of one of the tracks, counted from 0. Between tracks times may go back
    /// by less than a second.
    #[must_use]
    pub fn frame_of(&mut self, track: u8, at_ms: u64, is_keyframe: bool, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(data.len() + 32);
        let cluster_ms = match self.cluster_ms {
            Some(begin) if at_ms.saturating_sub(begin) < CLUSTER_MS => begin,
            _ => {
                put_unknown(&mut out, id::CLUSTER);
                put_uint(&mut out, id::TIMESTAMP, at_ms);
                *self.cluster_ms.insert(at_ms)
            }
        };
        let relative_ms = at_ms as i64 - cluster_ms as i64;
        put_block(&mut out, FIRST_TRACK + track, relative_ms as i16, is_keyframe, data);
        out
    }
}

/// Writes the header that every file begins with.
pub(super) fn put_header(out: &mut Vec<u8>, formats: &[TrackFormat]) {
    let doc_types = formats.iter().map(|format| format.codec.doc_type());
    let doc_type = doc_types.min().unwrap_or_default();
    put_master(out, id::EBML, |out| {
        put_uint(out, id::EBML_VERSION, 1);
        put_uint(out, id::EBML_READ_VERSION, 1);
        put_uint(out, id::EBML_MAX_ID_LENGTH, 4);
        put_uint(out, id::EBML_MAX_SIZE_LENGTH, 8);
        put_bytes(out, id::DOC_TYPE, doc_type.as_bytes());
        put_uint(out, id::DOC_TYPE_VERSION, 4);
        put_uint(out, id::DOC_TYPE_READ_VERSION, 2);
    });
}

/// Writes a SimpleBlock.
pub(super) fn put_block(
    out: &mut Vec<u8>,
    track: u8,
    relative_ms: i16,
    is_keyframe: bool,
    data: &[u8],
) {
    put_id(out, id::SIMPLE_BLOCK);
    put_size(out, data.len() as u64 + 4);
    out.push(0x80 | track);
    out.extend_from_slice(&relative_ms.to_be_bytes());
    out.push(if is_keyframe { FLAG_KEYFRAME } else { 0 });
    out.extend_from_slice(data);
}

/// A frame out of a SimpleBlock of a file of so many tracks.
pub(super) fn read_block(content: &[u8], cluster_ms: u64, tracks: usize) -> Option<Block> {
    let [track, high, low, flags, data @ ..] = content else {
        return None;
    };
    let track = track.checked_sub(0x80 | FIRST_TRACK)?;
    let relative_ms = i16::from_be_bytes([*high, *low]);
    (usize::from(track) < tracks && !data.is_empty()).then(|| Block {
        track,
        at_ms: cluster_ms.saturating_add_signed(relative_ms.into()),
        is_keyframe: flags & FLAG_KEYFRAME != 0,
        data: data.to_vec(),
    })
}
