//! Makes a whole file of a live one.

use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    slice,
};

use super::{
    ebml::{id, put_bytes, put_id, put_master, put_size_in, put_uint},
    reader::{Block, ReadError, Reader},
    track_format::{Codec, FIRST_TRACK, TrackFormat},
    writer::{put_block, put_header},
};
use crate::packet_duration;

/// A cluster begins at a keyframe when the one before is at least so long, so that players can seek
/// to every second or so,
const MIN_CLUSTER_MS: u64 = 1_000;
/// and anyway when it would become so long or large: players load a cluster as a whole.
const MAX_CLUSTER_MS: u64 = 5_000;
const MAX_CLUSTER_BYTES: usize = 8 << 20;

/// Bytes of a size that is written again when it is known.
const SIZE_LENGTH: u32 = 8;

/// How long the last picture is shown when it is the only one.
const ONLY_PICTURE_MS: u64 = 33;

/// Why a file could not be made whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FinaliseError {
    /// The live file.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The live file holds no frame.
    #[error("the file has no frame")]
    NoFrame,
    /// The live file holds several tracks; only files of one are made whole.
    #[error("the file has several tracks")]
    SeveralTracks,
    /// The disk did not take the new file.
    #[error("writing the file")]
    Write(#[source] io::Error),
}

/// What a finalised file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finalised {
    /// The track.
    pub format: TrackFormat,
    /// From the begin of the first frame to the end of the last one.
    pub duration_ms: u64,
    /// Frames.
    pub frames: u64,
}

/// Reads a live file up to its last whole frame, and writes it with sizes, duration and cues. A file
/// that is whole already comes out as it went in.
///
/// # Errors
/// [`FinaliseError`]; what was written until then is no use.
pub fn finalise(input: impl Read, output: impl Write + Seek) -> Result<Finalised, FinaliseError> {
    let mut reader = Reader::open(input)?;
    let [format] = reader.formats() else {
        return Err(FinaliseError::SeveralTracks);
    };
    let format = format.clone();
    let mut file = WholeFile::begin(output, &format).map_err(FinaliseError::Write)?;
    let mut length = Length::default();
    while let Some(block) = reader.next_block().map_err(ReadError::Io)? {
        length.count(format.codec, &block);
        file.push(&block).map_err(FinaliseError::Write)?;
    }
    if length.frames == 0 {
        return Err(FinaliseError::NoFrame);
    }
    let duration_ms = length.end_ms;
    file.end(&format, duration_ms).map_err(FinaliseError::Write)?;
    Ok(Finalised { format, duration_ms, frames: length.frames })
}

/// How long the file is.
#[derive(Debug, Default)]
struct Length {
    frames: u64,
    last_ms: u64,
    end_ms: u64,
}

impl Length {
    fn count(&mut self, codec: Codec, block: &Block) {
        let frame_ms = match codec {
            Codec::Opus => packet_duration(&block.data).unwrap_or_default().as_millis() as u64,
            // As long as the one before.
            _ if self.frames > 0 => block.at_ms.saturating_sub(self.last_ms).min(MIN_CLUSTER_MS),
            _ => ONLY_PICTURE_MS,
        };
        self.frames += 1;
        self.last_ms = block.at_ms;
        self.end_ms = self.end_ms.max(block.at_ms.saturating_add(frame_ms));
    }
}

struct WholeFile<W> {
    output: W,
    /// Where the content of the segment begins; positions in the file count from here.
    segment_at: u64,
    written: u64,
    cluster: Option<Cluster>,
    cues: Vec<Cue>,
}

struct Cluster {
    begin_ms: u64,
    is_seekable: bool,
    blocks: Vec<u8>,
}

struct Cue {
    at_ms: u64,
    position: u64,
}

impl<W: Write + Seek> WholeFile<W> {
    fn begin(mut output: W, format: &TrackFormat) -> io::Result<Self> {
        let mut out = Vec::new();
        put_header(&mut out, slice::from_ref(format));
        put_id(&mut out, id::SEGMENT);
        put_size_in(&mut out, 0, SIZE_LENGTH);
        let segment_at = out.len() as u64;
        put_head(&mut out, format, 0, 0);
        output.write_all(&out)?;
        let written = out.len() as u64 - segment_at;
        Ok(Self { output, segment_at, written, cluster: None, cues: Vec::new() })
    }

    fn push(&mut self, block: &Block) -> io::Result<()> {
        let fits = self.cluster.as_ref().is_some_and(|cluster| {
            let age_ms = block.at_ms.saturating_sub(cluster.begin_ms);
            let is_break = block.is_keyframe && age_ms >= MIN_CLUSTER_MS;
            block.at_ms >= cluster.begin_ms
                && age_ms < MAX_CLUSTER_MS
                && !is_break
                && cluster.blocks.len() < MAX_CLUSTER_BYTES
        });
        if !fits {
            self.end_cluster()?;
        }
        let cluster = self.cluster.get_or_insert_with(|| Cluster {
            begin_ms: block.at_ms,
            is_seekable: block.is_keyframe,
            blocks: Vec::new(),
        });
        let relative_ms = block.at_ms.saturating_sub(cluster.begin_ms) as i16;
        put_block(&mut cluster.blocks, FIRST_TRACK, relative_ms, block.is_keyframe, &block.data);
        Ok(())
    }

    fn end_cluster(&mut self) -> io::Result<()> {
        let Some(cluster) = self.cluster.take() else {
            return Ok(());
        };
        if cluster.is_seekable {
            self.cues.push(Cue { at_ms: cluster.begin_ms, position: self.written });
        }
        let mut out = Vec::with_capacity(cluster.blocks.len() + 32);
        put_master(&mut out, id::CLUSTER, |out| {
            put_uint(out, id::TIMESTAMP, cluster.begin_ms);
            out.extend_from_slice(&cluster.blocks);
        });
        self.write(&out)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.output.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Writes the cues, and then what was not known at the beginning.
    fn end(mut self, format: &TrackFormat, duration_ms: u64) -> io::Result<()> {
        self.end_cluster()?;
        let cues_at = self.written;
        let mut out = Vec::new();
        put_master(&mut out, id::CUES, |out| {
            for cue in &self.cues {
                put_master(out, id::CUE_POINT, |out| {
                    put_uint(out, id::CUE_TIME, cue.at_ms);
                    put_master(out, id::CUE_TRACK_POSITIONS, |out| {
                        put_uint(out, id::CUE_TRACK, FIRST_TRACK.into());
                        put_uint(out, id::CUE_CLUSTER_POSITION, cue.position);
                    });
                });
            }
        });
        self.write(&out)?;
        let mut head = Vec::new();
        put_size_in(&mut head, self.written, SIZE_LENGTH);
        put_head(&mut head, format, duration_ms, cues_at);
        self.output.seek(SeekFrom::Start(self.segment_at - u64::from(SIZE_LENGTH)))?;
        self.output.write_all(&head)?;
        self.output.flush()
    }
}

/// Everything of the segment before the first cluster. As long for every duration and position.
fn put_head(out: &mut Vec<u8>, format: &TrackFormat, duration_ms: u64, cues_at: u64) {
    put_master(out, id::SEEK_HEAD, |out| {
        put_master(out, id::SEEK, |out| {
            put_bytes(out, id::SEEK_ID, &id::CUES.to_be_bytes());
            put_bytes(out, id::SEEK_POSITION, &cues_at.to_be_bytes());
        });
    });
    TrackFormat::put(slice::from_ref(format), out, Some(duration_ms));
}
