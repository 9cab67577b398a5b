//! From coded frames to pictures and samples.

use gstreamer as gst;
use gstreamer_video as gst_video;

use gst_video::{VideoFormat, VideoFrameExt};
use jumpa_recorded::webm::{Block, Codec, TrackFormat};

use crate::{
    chain::{Chain, ChainError},
    mixer::Sample,
    picture::Picture,
};

/// The longest side of a picture that is decoded; 4K is 3,840. What is larger was made to fill the
/// memory.
const MAX_SIDE: u16 = 4_096;

/// Makes pictures of the frames of a file.
#[derive(Debug)]
pub struct PictureDecoder {
    chain: Chain,
    codec: Codec,
}

impl PictureDecoder {
    /// A decoder for a file. `None` when the file holds no pictures that can be decoded.
    ///
    /// # Errors
    /// When the decoder is not installed.
    pub fn new(format: &TrackFormat) -> Result<Option<Self>, ChainError> {
        // One thread: pictures of calls are small, and many decoders run side by side.
        let (decoder, caps) = match format.codec {
            Codec::Vp8 => ("vp8dec threads=1", gst::Caps::builder("video/x-vp8").build()),
            Codec::H264 if is_large(format.size) => return Ok(None),
            Codec::H264 => {
                let configuration = gst::Buffer::from_slice(format.codec_private.clone());
                let caps = gst::Caps::builder("video/x-h264")
                    .field("stream-format", "avc")
                    .field("alignment", "au")
                    .field("width", i32::from(format.size.0))
                    .field("height", i32::from(format.size.1))
                    .field("codec_data", configuration);
                ("avdec_h264 max-threads=1", caps.build())
            }
            Codec::Opus | Codec::Aac => return Ok(None),
        };
        Ok(Some(Self { chain: Chain::new(decoder, &caps)?, codec: format.codec }))
    }

    /// Decodes a frame; `None` when it gives no picture.
    ///
    /// # Errors
    /// When the decoder gave up; nothing more will come.
    pub fn decode(&self, block: Block) -> Result<Option<Picture>, ChainError> {
        if self.codec == Codec::Vp8 && vp8_size(&block.data).is_some_and(is_large) {
            return Ok(None);
        }
        let mut buffer = gst::Buffer::from_mut_slice(block.data);
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(gst::ClockTime::from_mseconds(block.at_ms));
            if !block.is_keyframe {
                buffer.set_flags(gst::BufferFlags::DELTA_UNIT);
            }
        }
        let samples = self.chain.push(buffer)?;
        Ok(samples.last().and_then(picture_of))
    }
}

fn is_large((width, height): (u16, u16)) -> bool {
    width.max(height) > MAX_SIDE
}

/// Size of a keyframe of VP8 (RFC 6386 section 9.1).
fn vp8_size(frame: &[u8]) -> Option<(u16, u16)> {
    let is_keyframe = frame.first()? & 1 == 0;
    let size = frame.get(6..10).filter(|_| is_keyframe)?;
    let side = |at: usize| Some(u16::from_le_bytes([*size.get(at)?, *size.get(at + 1)?]) & 0x3fff);
    Some((side(0)?, side(2)?))
}

/// Copies a picture out of GStreamer, when it is I420.
pub(crate) fn picture_of(sample: &gst::Sample) -> Option<Picture> {
    let info = gst_video::VideoInfo::from_caps(sample.caps()?).ok()?;
    if info.format() != VideoFormat::I420 {
        return None;
    }
    let frame = gst_video::VideoFrameRef::from_buffer_ref_readable(sample.buffer()?, &info).ok()?;
    let stride = |plane: usize| usize::try_from(*frame.plane_stride().get(plane)?).ok();
    Picture::from_planes(
        (info.width() as usize, info.height() as usize),
        [frame.plane_data(0).ok()?, frame.plane_data(1).ok()?, frame.plane_data(2).ok()?],
        [stride(0)?, stride(1)?, stride(2)?],
    )
}

/// Makes samples of packets of Opus: 48 kHz, two channels.
#[derive(Debug)]
pub struct SoundDecoder {
    chain: Chain,
}

impl SoundDecoder {
    /// A decoder for a source.
    ///
    /// # Errors
    /// When the decoder is not installed.
    pub fn new() -> Result<Self, ChainError> {
        let caps = gst::Caps::builder("audio/x-opus")
            .field("channel-mapping-family", 0)
            .field("channels", 2)
            .field("rate", 48_000)
            .build();
        Ok(Self { chain: Chain::new("opusdec plc=false use-inband-fec=false", &caps)? })
    }

    /// Decodes a packet.
    ///
    /// # Errors
    /// When the decoder gave up; nothing more will come.
    pub fn decode(&self, block: Block) -> Result<Vec<Sample>, ChainError> {
        let mut buffer = gst::Buffer::from_mut_slice(block.data);
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(gst::ClockTime::from_mseconds(block.at_ms));
        }
        let mut decoded = Vec::new();
        for sample in self.chain.push(buffer)? {
            let Some(map) = sample.buffer().and_then(|buffer| buffer.map_readable().ok()) else {
                continue;
            };
            decoded.extend(map.as_chunks::<4>().0.iter().map(|[a, b, c, d]| {
                [[*a, *b], [*c, *d]].map(|pcm| f32::from(i16::from_le_bytes(pcm)) / 32_768.0)
            }));
        }
        Ok(decoded)
    }
}
