//! MP4 (ISO 14496-12, 14496-14, 14496-15) out of parts, with the index in front, so that a player
//! begins at once.
//!
//! The file is written here and not by a muxer, since everything is known: pictures are a thirtieth
//! of a second or a few of them, packets of sound 1,024 samples, both begin at zero, and nothing is out
//! of order.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

use jumpa_recorded::webm::{Codec, ReadError};

use crate::{
    encoder::{FPS, PACKET_SAMPLES},
    haste::MOST_OF,
    mixer::SAMPLE_RATE,
    parts::{Numbered, PastPart, Place},
};

/// Ticks in a second for pictures: players dislike few.
const PICTURE_SCALE: u32 = 30_000;

/// Ticks in a second for the whole.
const MOVIE_SCALE: u32 = 1_000;

const BUFFER_BYTES: usize = 1 << 20;

/// Writes one file of all parts, which ends before a place. It is on the disk when this returns, or
/// it is not there. Hours of a call take a while, so `tell` is called again and again.
///
/// # Errors
/// When the disk cannot be read or written, and when something is missing in the parts.
pub fn join(
    parts: &[PastPart],
    end: Place,
    path: &Path,
    tell: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<()> {
    let codecs = parts.first().map(|part| part.formats.iter().map(|format| format.codec));
    let tracks: Vec<Track> = codecs
        .into_iter()
        .flatten()
        .map(|codec| Track::read(parts, codec, end, tell))
        .collect::<io::Result<_>>()?;
    let new = path.with_extension("new");
    let mut output = BufWriter::with_capacity(BUFFER_BYTES, File::create(&new)?);
    let chunks = plan(&tracks);
    let head = put_head(&tracks, &chunks);
    output.write_all(&head)?;
    let mut readers: Vec<Samples> =
        tracks.iter().map(|track| Samples::new(parts, track.codec, end)).collect();
    for chunk in &chunks {
        tell()?;
        for _ in 0..chunk.samples {
            let sample = readers.get_mut(chunk.track).map(Samples::next).transpose()?.flatten();
            let (_, data) = sample.ok_or_else(|| missing(chunk.track as u64))?;
            output.write_all(&data.data)?;
        }
    }
    output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn missing(number: u64) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("frame {number} is in no part"))
}

/// The frames of one track, out of all parts in order.
struct Samples<'a> {
    parts: &'a [PastPart],
    codec: Codec,
    end: Place,
    open: Option<Numbered>,
    at: usize,
    next: u64,
}

impl<'a> Samples<'a> {
    const fn new(parts: &'a [PastPart], codec: Codec, end: Place) -> Self {
        Self { parts, codec, end, open: None, at: 0, next: 0 }
    }

    /// The next frame with the number of its part.
    fn next(&mut self) -> io::Result<Option<(usize, crate::encoder::Coded)>> {
        let number = |place: Place| number_in(self.codec, place);
        // So many pictures may have been left out; of sound nothing ever is.
        let most_left_out = if self.codec.is_sound() { 0 } else { MOST_OF - 1 };
        if self.next >= number(self.end) {
            return Ok(None);
        }
        while let Some(part) = self.parts.get(self.at) {
            let end = self.parts.get(self.at + 1).map_or(self.end, |next| next.begin);
            let frames = match &mut self.open {
                Some(frames) => frames,
                None => {
                    self.open.insert(Numbered::open(&part.path).map_err(|error| match error {
                        ReadError::Io(error) => error,
                        error => io::Error::other(error),
                    })?)
                }
            };
            while let Some((codec, coded)) =
                if self.next < number(end) { frames.next_frame()? } else { None }
            {
                if codec != self.codec || coded.number < self.next {
                    continue;
                }
                if coded.number > self.next + most_left_out {
                    return Err(missing(self.next));
                }
                if coded.number >= number(end) {
                    break;
                }
                self.next = coded.number + 1;
                return Ok(Some((self.at, coded)));
            }
            self.open = None;
            self.at += 1;
        }
        if self.next + most_left_out >= number(self.end) {
            return Ok(None);
        }
        Err(missing(self.next))
    }
}

/// What a place is for a track.
const fn number_in(codec: Codec, place: Place) -> u64 {
    if codec.is_sound() { place.packet } else { place.picture }
}

/// What the index says of a track.
struct Track {
    codec: Codec,
    sizes: Vec<u32>,
    /// The number of each sample, and the one at which the last sample ends.
    numbers: Vec<u32>,
    /// Numbers of samples at which a decoder can begin, from 1; of sound none.
    keyframes: Vec<u32>,
    /// Size and configuration of each kind of sample, and from which sample on it counts.
    descriptions: Vec<(u32, (u16, u16), Vec<u8>)>,
}

impl Track {
    fn read(
        parts: &[PastPart],
        codec: Codec,
        end: Place,
        tell: &mut dyn FnMut() -> io::Result<()>,
    ) -> io::Result<Self> {
        let mut track = Self {
            codec,
            sizes: Vec::new(),
            numbers: Vec::new(),
            keyframes: Vec::new(),
            descriptions: Vec::new(),
        };
        let mut samples = Samples::new(parts, codec, end);
        let mut last = None;
        while let Some((part, coded)) = samples.next()? {
            let number = track.sizes.len() as u32;
            if number.is_multiple_of(FPS as u32) {
                tell()?;
            }
            if last.replace(part) != Some(part)
                && let Some(format) = parts
                    .get(part)
                    .and_then(|part| part.formats.iter().find(|format| format.codec == codec))
                && track.descriptions.last().is_none_or(|(_, size, configuration)| {
                    (*size, configuration) != (format.size, &format.codec_private)
                })
            {
                track.descriptions.push((number, format.size, format.codec_private.clone()));
            }
            if coded.is_keyframe && codec == Codec::H264 {
                track.keyframes.push(number + 1);
            }
            track.sizes.push(coded.data.len() as u32);
            track.numbers.push(coded.number as u32);
        }
        if !track.sizes.is_empty() {
            track.numbers.push(number_in(codec, end) as u32);
        }
        Ok(track)
    }

    /// How often each number of ticks of a sample comes in a row.
    fn durations(&self) -> Vec<[u32; 2]> {
        let (_, each) = self.scale();
        let mut runs: Vec<[u32; 2]> = Vec::new();
        for pair in self.numbers.windows(2) {
            let ticks = (pair[1] - pair[0]) * each;
            match runs.last_mut() {
                Some([count, same]) if *same == ticks => *count += 1,
                _ => runs.push([1, ticks]),
            }
        }
        runs
    }

    /// Ticks in a second, and of a sample that is not prolonged.
    const fn scale(&self) -> (u32, u32) {
        match self.codec {
            Codec::Aac => (SAMPLE_RATE as u32, PACKET_SAMPLES as u32),
            _ => (PICTURE_SCALE, PICTURE_SCALE / FPS as u32),
        }
    }

    fn duration(&self, scale: u32) -> u32 {
        let (own, each) = self.scale();
        let end = self.numbers.last().copied().unwrap_or(0);
        (u64::from(end) * u64::from(each) * u64::from(scale) / u64::from(own)) as u32
    }

    /// The description that counts at a sample, from 1.
    fn description_at(&self, sample: u32) -> u32 {
        self.descriptions.iter().take_while(|(from, ..)| *from <= sample).count() as u32
    }
}

/// Samples of a track that lie together.
struct Chunk {
    track: usize,
    first: u32,
    samples: u32,
    bytes: u64,
}

/// One second of each track after the other, so that a player finds what it needs close by.
fn plan(tracks: &[Track]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut done: Vec<u32> = vec![0; tracks.len()];
    for second in 1_u64.. {
        for (index, (track, done)) in tracks.iter().zip(&mut done).enumerate() {
            let (scale, each) = track.scale();
            let due = (second * u64::from(scale)).div_ceil(each.into());
            let begins = track.numbers.split_last().map_or(&[][..], |(_, begins)| begins);
            let due = begins.partition_point(|number| u64::from(*number) < due) as u32;
            while *done < due {
                let description = track.description_at(*done);
                let same = (*done..due).take_while(|at| track.description_at(*at) == description);
                let samples = same.count() as u32;
                let sizes = track.sizes.iter().skip(*done as usize).take(samples as usize);
                let bytes = sizes.map(|size| u64::from(*size)).sum();
                chunks.push(Chunk { track: index, first: *done, samples, bytes });
                *done += samples;
            }
        }
        if tracks.iter().zip(&done).all(|(track, done)| *done as usize == track.sizes.len()) {
            break;
        }
    }
    chunks
}

/// Everything in front of the samples.
fn put_head(tracks: &[Track], chunks: &[Chunk]) -> Vec<u8> {
    // Every offset has the same length, so the head is as long with and without them.
    let length = put_head_at(tracks, chunks, 0).len() as u64;
    put_head_at(tracks, chunks, length)
}

fn put_head_at(tracks: &[Track], chunks: &[Chunk], samples_at: u64) -> Vec<u8> {
    let mut out = Vec::new();
    boxed(&mut out, b"ftyp", |out| {
        out.extend_from_slice(b"isom\0\0\x02\0isomiso2avc1mp41");
    });
    boxed(&mut out, b"moov", |out| {
        boxed(out, b"mvhd", |out| {
            let duration = tracks.iter().map(|track| track.duration(MOVIE_SCALE)).max();
            put_u32s(out, &[0, 0, 0, MOVIE_SCALE, duration.unwrap_or(0), 0x0001_0000, 0x0100_0000]);
            put_u32s(out, &[0, 0]);
            put_u32s(out, &MATRIX);
            put_u32s(out, &[0; 6]);
            put_u32s(out, &[tracks.len() as u32 + 1]);
        });
        for (index, track) in tracks.iter().enumerate() {
            let mut at = samples_at;
            let mut own = Vec::new();
            for chunk in chunks {
                if chunk.track == index {
                    own.push((at, chunk));
                }
                at += chunk.bytes;
            }
            boxed(out, b"trak", |out| put_track(out, index as u32 + 1, track, &own));
        }
    });
    let bytes: u64 = chunks.iter().map(|chunk| chunk.bytes).sum();
    // The size in 64 bits: hours of a call are more than 4 GB.
    put_u32s(&mut out, &[1]);
    out.extend_from_slice(b"mdat");
    out.extend_from_slice(&(bytes + 16).to_be_bytes());
    out
}

const MATRIX: [u32; 9] = [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000];

fn put_track(out: &mut Vec<u8>, id: u32, track: &Track, chunks: &[(u64, &Chunk)]) {
    let is_sound = track.codec.is_sound();
    let (width, height) = track.descriptions.first().map_or((0, 0), |(_, size, _)| *size);
    boxed(out, b"tkhd", |out| {
        // In use, and part of the presentation.
        put_u32s(out, &[3, 0, 0, id, 0, track.duration(MOVIE_SCALE), 0, 0]);
        put_u32s(out, &[0, if is_sound { 0x0100_0000 } else { 0 }]);
        put_u32s(out, &MATRIX);
        put_u32s(out, &[u32::from(width) << 16, u32::from(height) << 16]);
    });
    boxed(out, b"mdia", |out| {
        let (scale, _) = track.scale();
        boxed(out, b"mdhd", |out| {
            // No language.
            put_u32s(out, &[0, 0, 0, scale, track.duration(scale), 0x55c4_0000]);
        });
        boxed(out, b"hdlr", |out| {
            put_u32s(out, &[0, 0]);
            out.extend_from_slice(if is_sound { b"soun" } else { b"vide" });
            put_u32s(out, &[0, 0, 0]);
            out.push(0);
        });
        boxed(out, b"minf", |out| {
            if is_sound {
                boxed(out, b"smhd", |out| put_u32s(out, &[0, 0]));
            } else {
                boxed(out, b"vmhd", |out| put_u32s(out, &[1, 0, 0]));
            }
            boxed(out, b"dinf", |out| {
                boxed(out, b"dref", |out| {
                    put_u32s(out, &[0, 1]);
                    // In this file.
                    boxed(out, b"url ", |out| put_u32s(out, &[1]));
                });
            });
            boxed(out, b"stbl", |out| put_samples(out, track, chunks));
        });
    });
}

fn put_samples(out: &mut Vec<u8>, track: &Track, chunks: &[(u64, &Chunk)]) {
    let count = track.sizes.len() as u32;
    boxed(out, b"stsd", |out| {
        put_u32s(out, &[0, track.descriptions.len() as u32]);
        for (_, size, configuration) in &track.descriptions {
            if track.codec.is_sound() {
                boxed(out, b"mp4a", |out| put_sound_entry(out, configuration));
            } else {
                boxed(out, b"avc1", |out| put_picture_entry(out, *size, configuration));
            }
        }
    });
    boxed(out, b"stts", |out| {
        let runs = track.durations();
        put_u32s(out, &[0, runs.len() as u32]);
        put_u32s(out, runs.as_flattened());
    });
    if !track.codec.is_sound() {
        boxed(out, b"stss", |out| {
            put_u32s(out, &[0, track.keyframes.len() as u32]);
            put_u32s(out, &track.keyframes);
        });
    }
    boxed(out, b"stsc", |out| {
        let mut runs: Vec<[u32; 3]> = Vec::new();
        for (number, (_, chunk)) in (1..).zip(chunks) {
            let run = [number, chunk.samples, track.description_at(chunk.first)];
            if runs.last().is_none_or(|last| last[1..] != run[1..]) {
                runs.push(run);
            }
        }
        put_u32s(out, &[0, runs.len() as u32]);
        put_u32s(out, runs.as_flattened());
    });
    boxed(out, b"stsz", |out| {
        put_u32s(out, &[0, 0, count]);
        put_u32s(out, &track.sizes);
    });
    boxed(out, b"co64", |out| {
        put_u32s(out, &[0, chunks.len() as u32]);
        for (at, _) in chunks {
            out.extend_from_slice(&at.to_be_bytes());
        }
    });
}

fn put_picture_entry(out: &mut Vec<u8>, (width, height): (u16, u16), configuration: &[u8]) {
    put_u32s(out, &[0, 1, 0, 0, 0, 0]);
    out.extend_from_slice(&width.to_be_bytes());
    out.extend_from_slice(&height.to_be_bytes());
    // 72 dpi, one picture per sample, no name, 24 bits.
    put_u32s(out, &[0x0048_0000, 0x0048_0000, 0]);
    out.extend_from_slice(&1_u16.to_be_bytes());
    out.extend_from_slice(&[0; 32]);
    out.extend_from_slice(&[0, 24, 0xff, 0xff]);
    boxed(out, b"avcC", |out| out.extend_from_slice(configuration));
    boxed(out, b"colr", |out| {
        // BT.601, limited range (ISO 23091-2).
        out.extend_from_slice(b"nclx\0\x06\0\x06\0\x06\0");
    });
}

fn put_sound_entry(out: &mut Vec<u8>, configuration: &[u8]) {
    put_u32s(out, &[0, 1, 0, 0]);
    // Two channels of 16 bits.
    put_u32s(out, &[0x0002_0010, 0, (SAMPLE_RATE as u32) << 16]);
    boxed(out, b"esds", |out| {
        put_u32s(out, &[0]);
        let decoder = [
            // MPEG-4 sound, no buffer, 128 kbit/s.
            &[0x40, 0x15, 0, 0, 0][..],
            &128_000_u32.to_be_bytes(),
            &128_000_u32.to_be_bytes(),
            &[5, configuration.len() as u8],
            configuration,
        ]
        .concat();
        out.extend_from_slice(&[3, decoder.len() as u8 + 8, 0, 0, 0, 4, decoder.len() as u8]);
        out.extend_from_slice(&decoder);
        out.extend_from_slice(&[6, 1, 2]);
    });
}

fn boxed(out: &mut Vec<u8>, name: &[u8; 4], fill: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(name);
    fill(out);
    let size = (out.len() - at) as u32;
    if let Some(field) = out.get_mut(at..at + 4) {
        field.copy_from_slice(&size.to_be_bytes());
    }
}

fn put_u32s(out: &mut Vec<u8>, values: &[u32]) {
    out.extend(values.iter().flat_map(|value| value.to_be_bytes()));
}
