//! Reads files of ours, live ones that were cut anywhere or still grow included.

use std::{
    io::{self, Read},
    ops::Range,
};

use super::{
    ebml::{self, Head, id},
    track_format::TrackFormat,
    writer::read_block,
};

/// The largest element that is taken into memory. No picture is larger, and a length that was made
/// up by a broken disk must not take all memory.
const MAX_CONTENT_BYTES: u64 = 16 << 20;

/// How much is read at once.
const READ_BYTES: u64 = 64 << 10;

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
    /// Which track it is of, counted from 0.
    pub track: u8,
    /// When it is, from the file's beginning.
    pub at_ms: u64,
    /// Whether a decoder can begin here.
    pub is_keyframe: bool,
    /// The frame.
    pub data: Vec<u8>,
}

/// Reads frame by frame up to the last one that is whole.
///
/// A file that grows can be followed: an element of which a part is missing stays where it is, and
/// comes when it is asked for after the rest was written.
#[derive(Debug)]
pub struct Reader<R> {
    elements: ElementStream<R>,
    formats: Vec<TrackFormat>,
    cluster_ms: u64,
}

impl<R: Read> Reader<R> {
    /// Reads the description of the tracks.
    ///
    /// # Errors
    /// [`ReadError`]; of a file that grows [`ReadError::NoTrack`] may mean that it is too early.
    pub fn open(input: R) -> Result<Self, ReadError> {
        let mut elements = ElementStream::new(input);
        let (mut info, mut tracks) = (None, None);
        if !matches!(elements.next()?, Some(Element::Passed(id::EBML))) {
            return Err(ReadError::NoTrack);
        }
        while let Some(element) = elements.next()? {
            match element {
                Element::Content(id::INFO, content) => info = Some(elements.content(content)),
                Element::Content(id::TRACKS, content) => tracks = Some(elements.content(content)),
                Element::Begun(id::CLUSTER) => break,
                _ => {}
            }
            if info.is_some() && tracks.is_some() {
                break;
            }
        }
        let formats = TrackFormat::read(&info.unwrap_or_default(), &tracks.unwrap_or_default());
        Ok(Self { elements, formats: formats.ok_or(ReadError::NoTrack)?, cluster_ms: 0 })
    }

    /// What the tracks hold; there is one at least.
    pub fn formats(&self) -> &[TrackFormat] {
        &self.formats
    }

    /// The next frame; `None` at the end, and where the file was cut or spoiled.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_block(&mut self) -> io::Result<Option<Block>> {
        while let Some(element) = self.elements.next()? {
            match element {
                Element::Content(id::TIMESTAMP, content) => {
                    match ebml::uint(&self.elements.content(content)) {
                        Some(cluster_ms) => self.cluster_ms = cluster_ms,
                        None => self.elements.is_spoiled = true,
                    }
                }
                Element::Content(id::SIMPLE_BLOCK, content) => {
                    let bytes = self.elements.buffer.get(content).unwrap_or_default();
                    let block = read_block(bytes, self.cluster_ms, self.formats.len());
                    self.elements.is_spoiled = block.is_none();
                    return Ok(block);
                }
                Element::Content(..) | Element::Begun(_) | Element::Passed(_) => {}
            }
        }
        Ok(None)
    }
}

/// What was met in a file.
#[derive(Debug)]
enum Element {
    /// Its content follows as elements of their own.
    Begun(u32),
    /// Its content, a place in the buffer until the next element is asked for.
    Content(u32, Range<usize>),
    /// Nothing that is read.
    Passed(u32),
}

/// Elements one after the other, as far as they are there.
#[derive(Debug)]
struct ElementStream<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where in the buffer the next element begins.
    at: usize,
    /// Bytes to pass over before it.
    passes: u64,
    /// Nothing behind this place can be told from dirt.
    is_spoiled: bool,
}

impl<R: Read> ElementStream<R> {
    const fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), at: 0, passes: 0, is_spoiled: false }
    }

    fn content(&self, at: Range<usize>) -> Vec<u8> {
        self.buffer.get(at).unwrap_or_default().to_vec()
    }

    /// The next element; `None` when it is not whole, or there is none.
    fn next(&mut self) -> io::Result<Option<Element>> {
        if self.is_spoiled || !self.pass()? {
            return Ok(None);
        }
        let (head, length) = loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            match read_head(rest) {
                Some(Ok(found)) => break found,
                Some(Err(Dirt)) => return Ok(self.spoil()),
                None if self.fill()? => {}
                None => return Ok(None),
            }
        };
        let is_content =
            matches!(head.id, id::INFO | id::TRACKS | id::TIMESTAMP | id::SIMPLE_BLOCK);
        match (head.id, head.size) {
            (id::SEGMENT | id::CLUSTER, _) => {
                self.at += length;
                Ok(Some(Element::Begun(head.id)))
            }
            (_, Some(size)) if is_content && size <= MAX_CONTENT_BYTES => {
                while self.buffer.len() - self.at < length + size as usize {
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
                let begin = self.at + length;
                self.at = begin + size as usize;
                Ok(Some(Element::Content(head.id, begin..self.at)))
            }
            (_, Some(size)) if !is_content => {
                self.at += length;
                self.passes = size;
                Ok(Some(Element::Passed(head.id)))
            }
            // Too large to be one of ours, or without an end that could be found.
            _ => Ok(self.spoil()),
        }
    }

    fn spoil(&mut self) -> Option<Element> {
        self.is_spoiled = true;
        None
    }

    /// Passes over what is not read; `false` while it is not all there.
    fn pass(&mut self) -> io::Result<bool> {
        loop {
            let there = (self.buffer.len() - self.at) as u64;
            let passed = self.passes.min(there);
            self.at += passed as usize;
            self.passes -= passed;
            if self.passes == 0 {
                return Ok(true);
            }
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// Reads on; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.at >= READ_BYTES as usize || self.at == self.buffer.len() {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        Ok((&mut self.input).take(READ_BYTES).read_to_end(&mut self.buffer)? > 0)
    }
}

/// What is no element.
struct Dirt;

/// The head of an element and its length; `None` when it is not whole.
fn read_head(bytes: &[u8]) -> Option<Result<(Head, usize), Dirt>> {
    let Some(id_length) = ebml::length_of(*bytes.first()?, 4) else {
        return Some(Err(Dirt));
    };
    let (id, rest) = bytes.split_at_checked(id_length)?;
    let Some(size_length) = ebml::length_of(*rest.first()?, 8) else {
        return Some(Err(Dirt));
    };
    let size = ebml::size_of(rest.get(..size_length)?);
    let id = ebml::uint(id).unwrap_or_default() as u32;
    Some(Ok((Head { id, size }, id_length + size_length)))
}
