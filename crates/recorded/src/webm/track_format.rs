//! What a track of a file is.

use super::ebml::{Elements, id, put_bytes, put_float, put_master, put_uint, uint};
use crate::{VideoCodec, VideoFormat};

/// The number of the first track; the others follow.
pub(super) const FIRST_TRACK: u8 = 1;

/// Of numbers that fit into one byte.
pub(super) const MAX_TRACKS: usize = 126;

/// Ticks of a block's time in a second.
const TIMESTAMP_SCALE_NS: u64 = 1_000_000;

/// Sound that a decoder needs before the place where it begins, RFC 7845 section 4.6.
const OPUS_PRE_ROLL_NS: u64 = 80_000_000;

/// Opus as a whole: two channels, whatever single packets have; decoders make two of one.
const SOUND_CHANNELS: u8 = 2;

/// Of Opus always 48 kHz, whatever the microphone had (RFC 7587 section 4.1); of composites too.
const SOUND_RATE: u32 = 48_000;

/// From 1970 to 2001, where times of Matroska begin.
const MATROSKA_EPOCH_MS: u64 = 978_307_200_000;

const TRACK_TYPE_VIDEO: u64 = 1;
const TRACK_TYPE_AUDIO: u64 = 2;

/// What a track is coded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Sound.
    Opus,
    /// Pictures, in WebM.
    Vp8,
    /// Pictures, in Matroska.
    H264,
    /// Sound of composites, in Matroska.
    Aac,
}

impl Codec {
    const ALL: [Self; 4] = [Self::Opus, Self::Vp8, Self::H264, Self::Aac];

    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opus => "A_OPUS",
            Self::Vp8 => "V_VP8",
            Self::H264 => "V_MPEG4/ISO/AVC",
            Self::Aac => "A_AAC",
        }
    }

    /// How names of its files end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Opus | Self::Vp8 => "webm",
            Self::H264 | Self::Aac => "mkv",
        }
    }

    /// The media type of its files.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Opus => "audio/webm",
            Self::Vp8 => "video/webm",
            Self::H264 => "video/matroska",
            Self::Aac => "audio/matroska",
        }
    }

    /// Whether it is sound or pictures.
    #[must_use]
    pub const fn is_sound(self) -> bool {
        matches!(self, Self::Opus | Self::Aac)
    }

    /// The document type in the header of its files.
    #[must_use]
    pub(super) const fn doc_type(self) -> &'static str {
        match self {
            Self::Opus | Self::Vp8 => "webm",
            Self::H264 | Self::Aac => "matroska",
        }
    }
}

/// What a decoder must know, and when the file begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackFormat {
    /// What it is coded with.
    pub codec: Codec,
    /// Of pictures: width and height of the first one; 0 of sound.
    pub size: (u16, u16),
    /// The codec's own description.
    pub codec_private: Vec<u8>,
    /// When the first block was, milliseconds since 1970.
    pub began_at_ms: u64,
}

impl TrackFormat {
    /// Sound.
    #[must_use]
    pub fn opus(began_at_ms: u64) -> Self {
        // RFC 7845 section 5.1: version 1, no pre-skip since a recording begins amidst the stream,
        // no gain, channel mapping 0.
        let mut head = b"OpusHead\x01".to_vec();
        head.push(SOUND_CHANNELS);
        head.extend_from_slice(&[0, 0]);
        head.extend_from_slice(&SOUND_RATE.to_le_bytes());
        head.extend_from_slice(&[0, 0, 0]);
        Self { codec: Codec::Opus, size: (0, 0), codec_private: head, began_at_ms }
    }

    /// Sound of a composite: 48 kHz, two channels. `configuration` is the `AudioSpecificConfig` of
    /// ISO 14496-3.
    #[must_use]
    pub const fn aac(configuration: Vec<u8>, began_at_ms: u64) -> Self {
        Self { codec: Codec::Aac, size: (0, 0), codec_private: configuration, began_at_ms }
    }

    /// Pictures.
    #[must_use]
    pub fn video(format: VideoFormat, began_at_ms: u64) -> Self {
        let codec = match format.codec {
            VideoCodec::Vp8 => Codec::Vp8,
            VideoCodec::H264 => Codec::H264,
        };
        Self { codec, size: format.size, codec_private: format.configuration, began_at_ms }
    }

    /// Whether pictures of this format can go on in the file: VP8 may change its size from one
    /// keyframe to the next, H.264 is bound to the description at the beginning.
    #[must_use]
    pub fn takes(&self, format: &VideoFormat) -> bool {
        match (self.codec, format.codec) {
            (Codec::Vp8, VideoCodec::Vp8) => true,
            (Codec::H264, VideoCodec::H264) => self.codec_private == format.configuration,
            _ => false,
        }
    }

    /// Writes the elements Info, with a duration when it is known, and Tracks.
    pub(super) fn put(formats: &[Self], out: &mut Vec<u8>, duration_ms: Option<u64>) {
        let began_at_ms = formats.first().map_or(0, |format| format.began_at_ms);
        put_master(out, id::INFO, |out| {
            put_uint(out, id::TIMESTAMP_SCALE, TIMESTAMP_SCALE_NS);
            if let Some(duration_ms) = duration_ms {
                put_float(out, id::DURATION, duration_ms as f64);
            }
            let since_2001_ms = began_at_ms.saturating_sub(MATROSKA_EPOCH_MS);
            put_bytes(out, id::DATE_UTC, &since_2001_ms.saturating_mul(1_000_000).to_be_bytes());
            put_bytes(out, id::MUXING_APP, b"jumpa");
            put_bytes(out, id::WRITING_APP, b"jumpa");
        });
        put_master(out, id::TRACKS, |out| {
            for (format, number) in formats.iter().zip(FIRST_TRACK..) {
                put_master(out, id::TRACK_ENTRY, |out| format.put_entry(out, number));
            }
        });
    }

    fn put_entry(&self, out: &mut Vec<u8>, number: u8) {
        put_uint(out, id::TRACK_NUMBER, number.into());
        put_uint(out, id::TRACK_UID, number.into());
        put_uint(out, id::FLAG_LACING, 0);
        put_bytes(out, id::CODEC_ID, self.codec.name().as_bytes());
        if !self.codec_private.is_empty() {
            put_bytes(out, id::CODEC_PRIVATE, &self.codec_private);
        }
        if self.codec.is_sound() {
            put_uint(out, id::TRACK_TYPE, TRACK_TYPE_AUDIO);
            if self.codec == Codec::Opus {
                put_uint(out, id::SEEK_PRE_ROLL, OPUS_PRE_ROLL_NS);
            }
            put_master(out, id::AUDIO, |out| {
                put_float(out, id::SAMPLING_FREQUENCY, SOUND_RATE.into());
                put_uint(out, id::CHANNELS, SOUND_CHANNELS.into());
            });
        } else {
            put_uint(out, id::TRACK_TYPE, TRACK_TYPE_VIDEO);
            put_master(out, id::VIDEO, |out| {
                put_uint(out, id::PIXEL_WIDTH, self.size.0.into());
                put_uint(out, id::PIXEL_HEIGHT, self.size.1.into());
            });
        }
    }

    /// Reads what [`Self::put`] wrote: the contents of Info and of Tracks. `None` when one of the
    /// tracks is none of ours, and when there is none.
    pub(super) fn read(info: &[u8], tracks: &[u8]) -> Option<Vec<Self>> {
        let since_2001_ns = child(info, id::DATE_UTC).and_then(uint)?;
        let began_at_ms = (since_2001_ns / 1_000_000).saturating_add(MATROSKA_EPOCH_MS);
        let entries = Elements(tracks).filter(|(id, _)| *id == id::TRACK_ENTRY);
        let formats: Vec<Self> = entries
            .zip(FIRST_TRACK..)
            .map(|((_, entry), number)| Self::read_entry(entry, number, began_at_ms))
            .collect::<Option<_>>()?;
        (1..=MAX_TRACKS).contains(&formats.len()).then_some(formats)
    }

    fn read_entry(entry: &[u8], number: u8, began_at_ms: u64) -> Option<Self> {
        child(entry, id::TRACK_NUMBER)
            .and_then(uint)
            .filter(|found| *found == u64::from(number))?;
        let name = child(entry, id::CODEC_ID)?;
        let codec = Codec::ALL.into_iter().find(|codec| codec.name().as_bytes() == name)?;
        let pixels = |wanted| {
            let length = child(entry, id::VIDEO).and_then(|video| child(video, wanted));
            length.and_then(uint).and_then(|length| u16::try_from(length).ok())
        };
        let size = match codec {
            _ if codec.is_sound() => (0, 0),
            _ => (pixels(id::PIXEL_WIDTH)?, pixels(id::PIXEL_HEIGHT)?),
        };
        Some(Self {
            codec,
            size,
            codec_private: child(entry, id::CODEC_PRIVATE).unwrap_or_default().to_vec(),
            began_at_ms,
        })
    }
}

fn child(content: &[u8], wanted: u32) -> Option<&[u8]> {
    Elements(content).find(|(id, _)| *id == wanted).map(|(_, content)| content)
}
