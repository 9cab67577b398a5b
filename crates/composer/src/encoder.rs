//! From pictures and samples to H.264 and AAC.

use std::collections::VecDeque;

use gstreamer as gst;

use crate::{
    chain::{Chain, ChainError},
    mixer::{SAMPLE_RATE, Sample},
    picture::Picture,
};

/// Pictures in a second.
pub const FPS: u64 = 30;

/// A keyframe comes every two seconds, at fixed places: there a part can be cut, a player can seek,
/// and a stream can begin. Streaming services want no longer distance.
pub const KEYFRAME_INTERVAL: u64 = 2 * FPS;

/// Samples in a packet of AAC.
pub const PACKET_SAMPLES: u64 = 1_024;

/// What the encoder of AAC puts in front, in packets: the first packet that comes out holds what was
/// before the first sample that went in.
const AAC_DELAY: u64 = 1;

/// Packets that are encoded before the first that counts, so that it sounds as if the encoder had
/// always run.
const AAC_PRE_ROLL: u64 = 2;

/// A coded frame or packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// Its place, counted from the beginning of the recording.
    pub number: u64,
    /// Whether a decoder can begin here.
    pub is_keyframe: bool,
    /// The coded bytes.
    pub data: Vec<u8>,
}

/// Makes H.264 of pictures. Everything that comes out is in order: no picture refers to a later one.
#[derive(Debug)]
pub struct PictureEncoder {
    chain: Chain,
    first: u64,
    /// Numbers of those that have not come out, in order.
    inside: VecDeque<u64>,
    configuration: Option<Vec<u8>>,
}

impl PictureEncoder {
    /// An encoder whose first picture has a number, and is a keyframe. `preset` is one of x264.
    ///
    /// # Errors
    /// When the encoder is not installed.
    pub fn new((width, height): (u16, u16), preset: &str, first: u64) -> Result<Self, ChainError> {
        let caps = gst::Caps::builder("video/x-raw")
            .field("format", "I420")
            .field("width", i32::from(width))
            .field("height", i32::from(height))
            .field("framerate", gst::Fraction::new(FPS as i32, 1))
            .field("pixel-aspect-ratio", gst::Fraction::new(1, 1))
            .field("interlace-mode", "progressive")
            .field("colorimetry", "bt601")
            .build();
        let kbps = if height > 720 { 4_500 } else { 2_500 };
        let elements = format!(
            "x264enc speed-preset={preset} bitrate={kbps} vbv-buf-capacity=2000 threads=2 bframes=0 \
             key-int-max={KEYFRAME_INTERVAL} option-string=scenecut=0 \
             ! capsfilter caps=video/x-h264,profile=main,stream-format=avc,alignment=au"
        );
        let chain = Chain::new(&elements, &caps)?;
        Ok(Self { chain, first, inside: VecDeque::new(), configuration: None })
    }

    /// Encodes the picture of a number, which is larger than those before; gives those that are
    /// ready. One that is left out is seen as the one before, and must not be where a keyframe
    /// belongs.
    ///
    /// # Errors
    /// When the encoder gave up.
    pub fn encode(&mut self, number: u64, picture: &Picture) -> Result<Vec<Coded>, ChainError> {
        let mut buffer = gst::Buffer::from_mut_slice(picture.data().to_vec());
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(place(number.saturating_sub(self.first), FPS));
            buffer.set_duration(place(1, FPS));
        }
        if number.is_multiple_of(KEYFRAME_INTERVAL) {
            // The encoder counts pictures, of which some may be missing.
            self.chain.force_keyframe();
        }
        self.inside.push_back(number);
        let samples = self.chain.push(buffer)?;
        Ok(self.take(&samples))
    }

    /// Gives everything that is still on its way.
    ///
    /// # Errors
    /// When the encoder gave up.
    pub fn finish(&mut self) -> Result<Vec<Coded>, ChainError> {
        let samples = self.chain.finish()?;
        Ok(self.take(&samples))
    }

    /// `AVCDecoderConfigurationRecord`, when the first frame is there.
    pub fn configuration(&self) -> Option<&[u8]> {
        self.configuration.as_deref()
    }

    fn take(&mut self, samples: &[gst::Sample]) -> Vec<Coded> {
        if self.configuration.is_none() {
            self.configuration = samples.first().and_then(codec_data);
        }
        let numbered = samples.iter().map_while(|sample| Some((self.inside.pop_front()?, sample)));
        numbered.filter_map(|(number, sample)| coded(sample, number)).collect()
    }
}

/// Makes AAC of samples.
#[derive(Debug)]
pub struct SoundEncoder {
    chain: Chain,
    samples_in: u64,
    /// The number of the next packet that comes out; those below `first` do not count.
    next_out: i64,
    first: u64,
    configuration: Option<Vec<u8>>,
}

impl SoundEncoder {
    /// An encoder whose first packet that counts has a number.
    ///
    /// # Errors
    /// When the encoder is not installed.
    pub fn new(first: u64) -> Result<Self, ChainError> {
        let caps = gst::Caps::builder("audio/x-raw")
            .field("format", "F32LE")
            .field("layout", "interleaved")
            .field("rate", SAMPLE_RATE as i32)
            .field("channels", 2)
            .field("channel-mask", gst::Bitmask::new(3))
            .build();
        let chain = Chain::new(
            "avenc_aac bitrate=128000 ! capsfilter caps=audio/mpeg,stream-format=raw",
            &caps,
        )?;
        let next_out = first as i64 - (AAC_PRE_ROLL + AAC_DELAY) as i64;
        Ok(Self { chain, samples_in: 0, next_out, first, configuration: None })
    }

    /// The sample that it wants first; before the recording's beginning there is silence.
    #[must_use]
    pub const fn first_sample(first_packet: u64) -> i64 {
        (first_packet as i64 - AAC_PRE_ROLL as i64) * PACKET_SAMPLES as i64
    }

    /// Encodes the next samples; gives the packets that are ready.
    ///
    /// # Errors
    /// When the encoder gave up.
    pub fn encode(&mut self, samples: &[Sample]) -> Result<Vec<Coded>, ChainError> {
        let bytes: Vec<u8> =
            samples.iter().flatten().flat_map(|sample| sample.to_le_bytes()).collect();
        let mut buffer = gst::Buffer::from_mut_slice(bytes);
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(place(self.samples_in, SAMPLE_RATE));
            buffer.set_duration(place(samples.len() as u64, SAMPLE_RATE));
        }
        self.samples_in += samples.len() as u64;
        let coded = self.chain.push(buffer)?;
        Ok(self.take(&coded))
    }

    /// Gives everything that is still on its way.
    ///
    /// # Errors
    /// When the encoder gave up.
    pub fn finish(&mut self) -> Result<Vec<Coded>, ChainError> {
        let coded = self.chain.finish()?;
        Ok(self.take(&coded))
    }

    /// `AudioSpecificConfig`, when the first packet is there.
    pub fn configuration(&self) -> Option<&[u8]> {
        self.configuration.as_deref()
    }

    fn take(&mut self, samples: &[gst::Sample]) -> Vec<Coded> {
        if self.configuration.is_none() {
            self.configuration = samples.first().and_then(codec_data);
        }
        let mut packets = Vec::new();
        for sample in samples {
            let number = self.next_out;
            self.next_out += 1;
            if let Ok(number) = u64::try_from(number)
                && number >= self.first
            {
                packets.extend(coded(sample, number));
            }
        }
        packets
    }
}

/// When the so-manieth thing of a rate is.
fn place(number: u64, per_second: u64) -> gst::ClockTime {
    gst::ClockTime::from_nseconds(number * 1_000_000_000 / per_second)
}

fn coded(sample: &gst::Sample, number: u64) -> Option<Coded> {
    let buffer = sample.buffer()?;
    let data = buffer.map_readable().ok()?.to_vec();
    Some(Coded {
        number,
        is_keyframe: !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT),
        data,
    })
}

fn codec_data(sample: &gst::Sample) -> Option<Vec<u8>> {
    let structure = sample.caps()?.structure(0)?.to_owned();
    let data: gst::Buffer = structure.get("codec_data").ok()?;
    Some(data.map_readable().ok()?.to_vec())
}
