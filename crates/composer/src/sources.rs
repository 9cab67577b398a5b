//! The media files of a recording, read and decoded up to a moment.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    fs::File,
    io,
    path::{Path, PathBuf},
};

use jumpa_protocol::{MediaKind, ParticipantId, SourceKind};
use jumpa_recorded::{
    files::{TrackName, media_files},
    webm::{Block, ReadError, Reader, TrackFormat},
};

use crate::{
    decoder::{PictureDecoder, SoundDecoder},
    mixer::{SAMPLE_RATE, Sample, Voice},
    picture::Picture,
};

/// Frames of a picture that nobody sees are kept up to its last keyframe, and decoded when it is
/// seen. When they take more than this they are decoded at once.
const MAX_ASLEEP_BYTES: usize = 2 << 20;

/// A packet of Opus is never longer, with some for what the decoder remembers.
const LONGEST_PACKET_MS: u64 = 200;

/// Whose, and which.
pub type SourceKey = (ParticipantId, SourceKind);

/// Every source that was ever recorded.
#[derive(Debug)]
pub struct Sources {
    folder: PathBuf,
    known: HashSet<String>,
    pictures: BTreeMap<SourceKey, PictureSource>,
    sounds: BTreeMap<SourceKey, SoundSource>,
}

impl Sources {
    /// The files of a folder; none is opened yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            known: HashSet::new(),
            pictures: BTreeMap::new(),
            sounds: BTreeMap::new(),
        }
    }

    /// Opens files that have come since. `zero_ms` is zero of the clock of the recording. What is
    /// no file of ours is left out, and tried again.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn open_new(&mut self, zero_ms: u64) -> io::Result<()> {
        for name in media_files(&self.folder)? {
            let Some(track) = TrackName::parse(&name).filter(|_| !self.known.contains(&name))
            else {
                continue;
            };
            let reader = match Reader::open(File::open(self.folder.join(&name))?) {
                Ok(reader) => reader,
                Err(ReadError::NoTrack) => continue,
                Err(ReadError::Io(error)) => return Err(error),
                Err(error) => return Err(io::Error::other(error)),
            };
            self.known.insert(name);
            let Some(format) = reader.formats().first().cloned() else {
                continue;
            };
            let start_ms = format.began_at_ms.saturating_sub(zero_ms);
            let file = TrackFile { reader, format, start_ms };
            let key = (track.participant_id, track.source);
            match track.source.media_kind() {
                MediaKind::Video => {
                    self.pictures.entry(key).or_default().frames.files.push_back(file);
                }
                MediaKind::Audio => {
                    self.sounds.entry(key).or_default().frames.files.push_back(file);
                }
            }
        }
        Ok(())
    }

    /// How many files were opened.
    #[must_use]
    pub fn count(&self) -> usize {
        self.known.len()
    }

    /// Brings every picture to a moment. Those that nobody sees are only read.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn advance_pictures(&mut self, to_ms: u64, seen: &[SourceKey]) -> io::Result<()> {
        for (key, source) in &mut self.pictures {
            source.advance(*key, to_ms, seen.contains(key))?;
        }
        Ok(())
    }

    /// The picture of a source at the moment that it was brought to, when there is one.
    #[must_use]
    pub fn picture(&self, key: SourceKey) -> Option<&Shown> {
        self.pictures.get(&key)?.shown.as_ref()
    }

    /// Adds all voices from a sample on.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn mix(&mut self, from: u64, mix: &mut [Sample]) -> io::Result<()> {
        let end_ms = (from + mix.len() as u64).div_ceil(SAMPLE_RATE / 1_000);
        for (key, source) in &mut self.sounds {
            source.advance(*key, from * 1_000 / SAMPLE_RATE, end_ms)?;
            source.voice.add_to(from, mix);
        }
        Ok(())
    }
}

/// A picture of a source.
#[derive(Debug)]
pub struct Shown {
    /// When it was, on the clock of the recording.
    pub at_ms: u64,
    /// Differs from picture to picture of the source.
    pub serial: u64,
    /// The picture.
    pub picture: Picture,
}

#[derive(Debug)]
struct TrackFile {
    reader: Reader<File>,
    format: TrackFormat,
    /// Where it begins on the clock of the recording.
    start_ms: u64,
}

/// The files of a source, one after the other.
#[derive(Debug, Default)]
struct Frames {
    files: VecDeque<TrackFile>,
    /// Read already and not due.
    next: Option<Block>,
    /// How many files are behind us.
    passed: usize,
}

impl Frames {
    /// The next frame before a moment, with its place on the clock of the recording.
    fn next(&mut self, before_ms: u64) -> io::Result<Option<Block>> {
        loop {
            if let Some(block) = self.next.take_if(|block| block.at_ms < before_ms) {
                return Ok(Some(block));
            }
            if self.next.is_some() {
                return Ok(None);
            }
            let Some(file) = self.files.front_mut() else {
                return Ok(None);
            };
            match file.reader.next_block()? {
                Some(block) => {
                    let at_ms = block.at_ms.saturating_add(file.start_ms);
                    self.next = Some(Block { at_ms, ..block });
                }
                // Where another begins, this one is complete.
                None if self.files.len() > 1 => {
                    self.files.pop_front();
                    self.passed += 1;
                }
                None => return Ok(None),
            }
        }
    }
}

#[derive(Debug, Default)]
struct PictureSource {
    frames: Frames,
    /// The decoder, and the file that it is for. None of a file that cannot be decoded.
    decoder: Option<(usize, Option<PictureDecoder>)>,
    /// A decoder gave up: the next one begins with a keyframe.
    needs_keyframe: bool,
    /// Frames from the last keyframe on that were not decoded.
    asleep: Vec<Block>,
    asleep_bytes: usize,
    shown: Option<Shown>,
    serial: u64,
}

impl PictureSource {
    fn advance(&mut self, key: SourceKey, to_ms: u64, is_seen: bool) -> io::Result<()> {
        while let Some(block) = self.frames.next(to_ms.saturating_add(1))? {
            if self.needs_keyframe && !block.is_keyframe {
                continue;
            }
            self.needs_keyframe = false;
            if self.decoder.as_ref().is_none_or(|(file, _)| *file != self.frames.passed) {
                self.begin_file(key);
            }
            if block.is_keyframe {
                self.asleep.clear();
                self.asleep_bytes = 0;
            }
            self.asleep_bytes += block.data.len();
            self.asleep.push(block);
            if self.asleep_bytes > MAX_ASLEEP_BYTES {
                self.decode(key);
            }
        }
        if is_seen {
            self.decode(key);
        }
        Ok(())
    }

    fn begin_file(&mut self, key: SourceKey) {
        self.decode(key);
        let format = self.frames.files.front().map(|file| &file.format);
        let decoder = match format.map(PictureDecoder::new).transpose() {
            Ok(decoder) => decoder.flatten(),
            Err(error) => {
                warn(key, &error);
                None
            }
        };
        self.decoder = Some((self.frames.passed, decoder));
    }

    fn decode(&mut self, key: SourceKey) {
        self.asleep_bytes = 0;
        for block in self.asleep.drain(..) {
            let Some((_, Some(decoder))) = &self.decoder else {
                return;
            };
            let at_ms = block.at_ms;
            match decoder.decode(block) {
                Ok(Some(picture)) => {
                    self.serial += 1;
                    self.shown = Some(Shown { at_ms, serial: self.serial, picture });
                }
                Ok(None) => {}
                Err(error) => {
                    warn(key, &error);
                    self.decoder = None;
                    self.needs_keyframe = true;
                    return;
                }
            }
        }
    }
}

#[derive(Debug, Default)]
struct SoundSource {
    frames: Frames,
    /// None before the first packet and after a packet that broke it.
    decoder: Option<SoundDecoder>,
    voice: Voice,
}

impl SoundSource {
    fn advance(&mut self, key: SourceKey, from_ms: u64, before_ms: u64) -> io::Result<()> {
        while let Some(block) = self.frames.next(before_ms)? {
            if block.at_ms + LONGEST_PACKET_MS < from_ms {
                // Over before the place where a composer that was killed goes on.
                continue;
            }
            let at = block.at_ms.saturating_mul(SAMPLE_RATE / 1_000);
            let decoder = match self.decoder.take().map_or_else(SoundDecoder::new, Ok) {
                Ok(decoder) => decoder,
                Err(error) => return Err(io::Error::other(error)),
            };
            match decoder.decode(block) {
                Ok(samples) => {
                    self.voice.push(at, &samples);
                    self.decoder = Some(decoder);
                }
                Err(error) => warn(key, &error),
            }
        }
        Ok(())
    }
}

/// What one source sent must not end the composite of all.
fn warn((participant_id, source): SourceKey, error: &dyn std::error::Error) {
    tracing::warn!(participant.id = %participant_id, ?source, %error, "a source cannot be decoded");
}
