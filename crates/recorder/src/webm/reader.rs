//! Reads files of this recorder, live ones that were cut anywhere included.

use std::io::{self, Read};

use super::{
    ebml::{self, Head, id},
    track_format::TrackFormat,
    writer::read_block,
};

/// The largest element that is taken into memory. No picture is larger, and a length that was made
/// up by a broken disk must not take all memory.
const MAX_CONTENT_BYTES: u64 = 16 << 20;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file ends before its description does, or is none of ours.
    #[error("the file has no description of a track")]
    NoTrack,
    /// The file could not be read.
    #[error("reading the file")]
    Io(#[from] io::Error),
}

/// A frame of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// When it is, from the file's beginning.
    pub at_ms: u64,
    /// Whether a decoder can begin here.
    pub is_keyframe: bool,
    /// The frame.
    pub data: Vec<u8>,
}

/// Reads frame by frame up to the last one that is whole.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    format: TrackFormat,
    cluster_ms: u64,
    /// An element that was met while the format was sought.
    pending: Option<Head>,
}

impl<R: Read> Reader<R> {
    /// Reads the description of the track. `input` should be buffered.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn open(mut input: R) -> Result<Self, ReadError> {
        let (mut info, mut tracks) = (None, None);
        let first = read_head(&mut input)?.filter(|head| head.id == id::EBML);
        skip(&mut input, first.ok_or(ReadError::NoTrack)?)?;
        while let Some(head) = read_head(&mut input)? {
            match head.id {
                id::SEGMENT => {}
                id::INFO => info = read_content(&mut input, head)?,
                id::TRACKS => tracks = read_content(&mut input, head)?,
                id::CLUSTER => {
                    let format =
                        TrackFormat::read(&info.unwrap_or_default(), &tracks.unwrap_or_default());
                    let format = format.ok_or(ReadError::NoTrack)?;
                    return Ok(Self { input, format, cluster_ms: 0, pending: Some(head) });
                }
                _ => skip(&mut input, head)?,
            }
        }
        let format = TrackFormat::read(&info.unwrap_or_default(), &tracks.unwrap_or_default());
        Ok(Self { input, format: format.ok_or(ReadError::NoTrack)?, cluster_ms: 0, pending: None })
    }

    /// What the file holds.
    pub const fn format(&self) -> &TrackFormat {
        &self.format
    }

    /// The next frame; `None` at the end, or where the file was cut or spoiled.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_block(&mut self) -> io::Result<Option<Block>> {
        loop {
            let head = match self.pending.take() {
                Some(head) => head,
                None => match read_head(&mut self.input)? {
                    Some(head) => head,
                    None => return Ok(None),
                },
            };
            match head.id {
                id::CLUSTER => {}
                id::TIMESTAMP => {
                    let content = read_content(&mut self.input, head)?;
                    let Some(cluster_ms) = content.as_deref().and_then(ebml::uint) else {
                        return Ok(None);
                    };
                    self.cluster_ms = cluster_ms;
                }
                id::SIMPLE_BLOCK => {
                    let content = read_content(&mut self.input, head)?;
                    let Some((relative_ms, is_keyframe, data)) =
                        content.as_deref().and_then(read_block)
                    else {
                        return Ok(None);
                    };
                    let at_ms = self.cluster_ms.saturating_add_signed(relative_ms.into());
                    return Ok(Some(Block { at_ms, is_keyframe, data: data.to_vec() }));
                }
                _ if head.size.is_none() => return Ok(None),
                _ => skip(&mut self.input, head)?,
            }
        }
    }
}

/// The head of the next element; `None` at the end and of what is no element.
fn read_head(input: &mut impl Read) -> io::Result<Option<Head>> {
    let Some(id) = read_field(input, 4)? else {
        return Ok(None);
    };
    let Some(size) = read_field(input, 8)? else {
        return Ok(None);
    };
    let id = ebml::uint(&id).unwrap_or_default() as u32;
    Ok(Some(Head { id, size: ebml::size_of(&size) }))
}

fn read_field(input: &mut impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let Some(first) = read_exactly(input, 1)? else {
        return Ok(None);
    };
    let Some(length) = first.first().and_then(|first| ebml::length_of(*first, most)) else {
        return Ok(None);
    };
    let Some(rest) = read_exactly(input, length as u64 - 1)? else {
        return Ok(None);
    };
    Ok(Some([first, rest].concat()))
}

/// The content of an element; `None` when it is cut, or too large to be one of ours.
fn read_content(input: &mut impl Read, head: Head) -> io::Result<Option<Vec<u8>>> {
    match head.size {
        Some(size) if size <= MAX_CONTENT_BYTES => read_exactly(input, size),
        _ => Ok(None),
    }
}

fn read_exactly(input: &mut impl Read, size: u64) -> io::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    let read = input.take(size).read_to_end(&mut content)?;
    Ok((read as u64 == size).then_some(content))
}

/// Passes over an element. What has no size has no end that could be found.
fn skip(input: &mut impl Read, head: Head) -> io::Result<()> {
    io::copy(&mut input.take(head.size.unwrap_or(u64::MAX)), &mut io::sink()).map(drop)
}
