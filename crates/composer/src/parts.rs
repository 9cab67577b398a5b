//! The composite on its way to the disk: parts that are whole up to the last second whatever
//! happens.
//!
//! Each start of a composer writes a part of its own and never touches those before. Frames carry
//! their place on the clock of the recording, so where a part begins, the one before ends.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use jumpa_recorded::{
    VideoCodec, VideoFormat,
    webm::{Codec, ReadError, Reader, TrackFormat, Writer},
};

use crate::{
    encoder::{Coded, FPS, PACKET_SAMPLES},
    mixer::SAMPLE_RATE,
};

const FLUSH_INTERVAL: Duration = Duration::from_secs(1);
const BUFFER_BYTES: usize = 256 << 10;

/// Kinds of parts: their names begin with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Pictures and sound.
    Composite,
    /// Sound alone.
    Audio,
}

impl PartKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Composite => "composite",
            Self::Audio => "audio",
        }
    }

    /// Whether there are pictures in it.
    #[must_use]
    pub const fn has_pictures(self) -> bool {
        matches!(self, Self::Composite)
    }
}

/// The place of a thing: a picture, or a packet of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the picture.
    pub picture: u64,
    /// Number of the packet.
    pub packet: u64,
}

impl Place {
    /// A picture, and the first packet that begins with it or later.
    #[must_use]
    pub const fn of_picture(picture: u64) -> Self {
        Self { picture, packet: (picture * SAMPLE_RATE).div_ceil(FPS * PACKET_SAMPLES) }
    }
}

/// When a picture is, milliseconds, rounded.
fn picture_ms(number: u64) -> u64 {
    (number * 1_000 + FPS / 2) / FPS
}

fn packet_ms(number: u64) -> u64 {
    (number * PACKET_SAMPLES * 1_000 + SAMPLE_RATE / 2) / SAMPLE_RATE
}

/// The number of the picture whose time was written.
fn picture_at(ms: u64) -> u64 {
    (ms * FPS + 500) / 1_000
}

fn packet_at(ms: u64) -> u64 {
    let per_packet = PACKET_SAMPLES * 1_000;
    (ms * SAMPLE_RATE + per_packet / 2) / per_packet
}

/// The part that is written now.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    kind: PartKind,
    size: (u16, u16),
    begin: Place,
    formats: Vec<TrackFormat>,
    file: Option<(BufWriter<File>, Writer)>,
    /// What came before the formats of both tracks were known.
    waiting: Vec<(u8, Coded)>,
    flushed_at: Instant,
    bytes: u64,
}

impl Part {
    /// A part whose file begins when both encoders have said what they make.
    #[must_use]
    pub fn new(folder: &Path, kind: PartKind, number: u32, size: (u16, u16), begin: Place) -> Self {
        Self {
            path: folder.join(format!("{}-{number:03}.mkv", kind.word())),
            kind,
            size,
            begin,
            formats: Vec::new(),
            file: None,
            waiting: Vec::new(),
            flushed_at: Instant::now(),
            bytes: 0,
        }
    }

    /// Writes frames. Without the formats of all tracks they wait.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub fn write(
        &mut self,
        pictures: (Option<&[u8]>, &[Coded]),
        sound: (Option<&[u8]>, &[Coded]),
    ) -> io::Result<()> {
        let sound_track = u8::from(self.kind.has_pictures());
        let coded = pictures.1.iter().map(|coded| (0, coded.clone()));
        self.waiting.extend(coded);
        self.waiting.extend(sound.1.iter().map(|coded| (sound_track, coded.clone())));
        if self.file.is_none() {
            let mut formats = Vec::new();
            if self.kind.has_pictures() {
                let Some(configuration) = pictures.0.map(<[u8]>::to_vec) else {
                    return Ok(());
                };
                let format =
                    VideoFormat { codec: VideoCodec::H264, size: self.size, configuration };
                formats.push(TrackFormat::video(format, 0));
            }
            let Some(configuration) = sound.0.map(<[u8]>::to_vec) else {
                return Ok(());
            };
            formats.push(TrackFormat::aac(configuration, 0));
            let (writer, head) = Writer::begin_tracks(&formats);
            self.formats = formats;
            let mut file = BufWriter::with_capacity(BUFFER_BYTES, File::create(&self.path)?);
            file.write_all(&head)?;
            self.file = Some((file, writer));
        }
        let Some((file, writer)) = &mut self.file else {
            return Ok(());
        };
        // What is before a keyframe can be gone on with when it is on the disk.
        let is_due = self.flushed_at.elapsed() >= FLUSH_INTERVAL
            || pictures.1.iter().any(|coded| coded.is_keyframe);
        for (track, coded) in self.waiting.drain(..) {
            let at_ms = if track == sound_track {
                packet_ms(coded.number)
            } else {
                picture_ms(coded.number)
            };
            let bytes = writer.frame_of(track, at_ms, coded.is_keyframe, &coded.data);
            file.write_all(&bytes)?;
            self.bytes += bytes.len() as u64;
        }
        if is_due {
            self.flushed_at = Instant::now();
            file.flush()?;
        }
        Ok(())
    }

    /// Bytes that were written.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Brings everything to the disk. `None` when nothing was written.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn finish(self) -> io::Result<Option<PastPart>> {
        let Self { path, begin, formats, file, .. } = self;
        let Some((file, _)) = file else {
            return Ok(None);
        };
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(Some(PastPart { path, formats, begin }))
    }
}

/// A part that was written before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPart {
    /// Where it is.
    pub path: PathBuf,
    /// What its tracks hold.
    pub formats: Vec<TrackFormat>,
    /// Where it begins.
    pub begin: Place,
}

/// What is there of a composite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Parts whose beginnings count, in order.
    pub parts: Vec<PastPart>,
    /// Where to go on.
    pub resume: Place,
    /// The number of the next part.
    pub next_number: u32,
}

/// Looks at the parts in a folder. A part without a whole keyframe group is removed.
///
/// # Errors
/// When the folder or a part cannot be read.
pub fn past(folder: &Path, kind: PartKind) -> io::Result<Past> {
    let mut past =
        Past { parts: Vec::new(), resume: Place { picture: 0, packet: 0 }, next_number: 1 };
    for (number, path) in part_files(folder, kind)? {
        past.next_number = number + 1;
        match look(&path, kind)? {
            // One that begins elsewhere than where the one before was left belongs to nothing.
            Some((part, resume)) if part.begin <= past.resume && resume > past.resume => {
                past.parts.push(part);
                past.resume = resume;
            }
            _ => fs::remove_file(path)?,
        }
    }
    Ok(past)
}

/// Part files with their numbers, in order.
///
/// # Errors
/// When the folder cannot be read.
pub fn part_files(folder: &Path, kind: PartKind) -> io::Result<Vec<(u32, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let number = name.strip_prefix(kind.word()).and_then(|rest| rest.strip_prefix('-'));
        let number = number.and_then(|rest| rest.strip_suffix(".mkv"));
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Where a part begins, and where the next one can go on: at its last keyframe, or at the last one
/// before which all sound is there too.
fn look(path: &Path, kind: PartKind) -> io::Result<Option<(PastPart, Place)>> {
    let mut frames = match Numbered::open(path) {
        Ok(frames) => frames,
        Err(ReadError::NoTrack) => return Ok(None),
        Err(ReadError::Io(error)) => return Err(error),
        Err(error) => return Err(io::Error::other(error)),
    };
    let formats = frames.reader.formats().to_vec();
    let expected: &[Codec] =
        if kind.has_pictures() { &[Codec::H264, Codec::Aac] } else { &[Codec::Aac] };
    if !formats.iter().map(|format| format.codec).eq(expected.iter().copied()) {
        return Ok(None);
    }
    let mut keyframes = Vec::new();
    let (mut first_packet, mut packets_end) = (None, 0);
    while let Some((codec, coded)) = frames.next_frame()? {
        if codec == Codec::Aac {
            first_packet.get_or_insert(coded.number);
            packets_end = coded.number + 1;
        } else if coded.is_keyframe {
            keyframes.push(coded.number);
        }
    }
    let Some(packet) = first_packet else {
        return Ok(None);
    };
    let part =
        |picture| PastPart { path: path.to_owned(), formats, begin: Place { picture, packet } };
    if !kind.has_pictures() {
        // Sound can be cut anywhere; pictures are only counted.
        let begin = (packet * PACKET_SAMPLES * FPS).div_euclid(SAMPLE_RATE);
        let whole = packets_end * PACKET_SAMPLES * FPS / SAMPLE_RATE;
        let resume = (0..=whole).rev().map(Place::of_picture).find(|at| at.packet <= packets_end);
        return Ok(resume.filter(|at| at.picture > begin).map(|at| (part(begin), at)));
    }
    let Some((begin, later)) = keyframes.split_first() else {
        return Ok(None);
    };
    let resume = later.iter().rev().map(|picture| Place::of_picture(*picture));
    let resume = resume.into_iter().find(|at| at.packet <= packets_end);
    Ok(resume.map(|resume| (part(*begin), resume)))
}

/// Reads the frames of a part with their places.
#[derive(Debug)]
pub struct Numbered {
    reader: Reader<File>,
}

impl Numbered {
    /// Opens a part.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Ok(Self { reader: Reader::open(File::open(path)?)? })
    }

    /// The next frame, and what it is coded with.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_frame(&mut self) -> io::Result<Option<(Codec, Coded)>> {
        let Some(block) = self.reader.next_block()? else {
            return Ok(None);
        };
        let format = self.reader.formats().get(usize::from(block.track));
        let Some(codec) = format.map(|format| format.codec) else {
            return Ok(None);
        };
        let number =
            if codec == Codec::Aac { packet_at(block.at_ms) } else { picture_at(block.at_ms) };
        Ok(Some((codec, Coded { number, is_keyframe: block.is_keyframe, data: block.data })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoder::KEYFRAME_INTERVAL;

    #[test]
    fn places_read_back_from_their_milliseconds() {
        for number in (0..1_000).chain(12_345_678..12_345_999) {
            assert_eq!(picture_at(picture_ms(number)), number);
            assert_eq!(packet_at(packet_ms(number)), number);
        }
    }

    /// A part from one picture to another with its sound, both without the ends.
    fn write(folder: &Path, number: u32, begin: u64, end: u64) -> PathBuf {
        let place = Place::of_picture(begin);
        let mut part = Part::new(folder, PartKind::Composite, number, (1_280, 720), place);
        for picture in begin..end {
            let is_keyframe = (picture - begin).is_multiple_of(KEYFRAME_INTERVAL);
            let coded = [Coded { number: picture, is_keyframe, data: vec![1; 50] }];
            let packets = Place::of_picture(picture).packet..Place::of_picture(picture + 1).packet;
            let sound: Vec<Coded> = packets
                .map(|number| Coded { number, is_keyframe: true, data: vec![2; 9] })
                .collect();
            part.write((Some(&[1, 2]), &coded), (Some(&[3]), &sound)).unwrap();
        }
        let path = part.path.clone();
        part.finish().unwrap();
        path
    }

    #[test]
    fn a_part_that_was_cut_is_gone_on_with_at_its_last_keyframe() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), 1, 0, 200);
        let all = fs::read(&path).unwrap();
        fs::write(&path, &all[..all.len() - 7]).unwrap();
        let past = past(folder.path(), PartKind::Composite).unwrap();
        assert_eq!(past.resume, Place::of_picture(180));
        assert_eq!((past.parts.len(), past.next_number), (1, 2));
        assert_eq!(past.parts[0].begin, Place { picture: 0, packet: 0 });
    }

    #[test]
    fn a_part_that_hardly_began_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 1, 0, 150);
        write(folder.path(), 2, 120, 170);
        fs::write(folder.path().join("composite-003.mkv"), "dirt").unwrap();
        let past = past(folder.path(), PartKind::Composite).unwrap();
        assert_eq!(past.resume, Place::of_picture(120));
        assert_eq!((past.parts.len(), past.next_number), (1, 4));
        assert_eq!(part_files(folder.path(), PartKind::Composite).unwrap().len(), 1);
    }

    #[test]
    fn sound_is_gone_on_with_where_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let begin = Place::of_picture(0);
        let mut part = Part::new(folder.path(), PartKind::Audio, 1, (0, 0), begin);
        let sound: Vec<Coded> =
            (0..470).map(|number| Coded { number, is_keyframe: true, data: vec![2; 9] }).collect();
        part.write((None, &[]), (Some(&[3]), &sound)).unwrap();
        part.finish().unwrap();
        let past = past(folder.path(), PartKind::Audio).unwrap();
        // 470 packets are 10.03 s.
        assert_eq!(past.resume, Place::of_picture(300));
        assert!(past.resume.packet <= 470);
    }

    #[test]
    fn a_folder_without_parts_begins_at_the_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let past = past(folder.path(), PartKind::Audio).unwrap();
        assert_eq!(past.resume, Place::of_picture(0));
        assert_eq!(past.next_number, 1);
    }
}
