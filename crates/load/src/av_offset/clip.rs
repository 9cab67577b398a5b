//! What performers send, encoded once.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use jumpa_protocol::Layer;

use crate::encoded;

/// Pictures per second.
pub(super) const FPS: u32 = 30;

/// Length of an Opus packet.
pub(super) const PACKET: Duration = Duration::from_millis(20);

/// From one flash of a performer to the next. The clip begins with one.
pub(super) const PERIOD: Duration = Duration::from_secs(3);

/// How long a flash and a beep are: five packets, and three pictures.
const CUE_SECONDS: f64 = 0.1;

/// What an encoder of Opus hears of the future: sound comes out so much later than it went in
/// (`pre-skip`, RFC 7845 section 4.2; libopus says 312 samples).
const LOOKAHEAD_SECONDS: f64 = 312.0 / 48_000.0;

/// In the sound of the encoder: silence, then a beep that begins with this packet, then silence.
const BEEP_PACKET: usize = 50;

/// Packets that the beep is in, with its end.
const BEEP_PACKETS: usize = 8;

/// A flash at the beginning of a moving picture, in the layers of a camera; a beep; and silence.
#[derive(Debug, Clone)]
pub struct Clip {
    pub(super) layers: Vec<LayerClip>,
    /// Begins to sound with its first sample.
    pub(super) beep: Arc<[Vec<u8>]>,
    pub(super) silence: Arc<[Vec<u8>]>,
}

/// The frames of one layer, a keyframe in each second.
#[derive(Debug, Clone)]
pub(super) struct LayerClip {
    pub(super) layer: Layer,
    pub(super) frames: Arc<[Vec<u8>]>,
}

impl Clip {
    /// Encodes it.
    ///
    /// # Errors
    /// When ffmpeg cannot.
    pub fn encode() -> anyhow::Result<Self> {
        let sizes = [
            (Layer::Q, "320x180", 80_000),
            (Layer::H, "640x360", 250_000),
            (Layer::F, "1280x720", 700_000),
        ];
        let layers = sizes.into_iter().map(|(layer, size, bitrate_bps)| {
            let frames = pictures(size, bitrate_bps)
                .with_context(|| format!("encoding a picture of {size}"))?;
            Ok(LayerClip { layer, frames: frames.into() })
        });
        let layers = layers.collect::<anyhow::Result<_>>()?;
        let sound = sound().context("encoding a beep")?;
        let end = BEEP_PACKET + BEEP_PACKETS;
        ensure!(sound.len() > end, "ffmpeg made only {} packets", sound.len());
        Ok(Self {
            layers,
            beep: sound[BEEP_PACKET..end].into(),
            silence: sound[BEEP_PACKET / 4..BEEP_PACKET / 2].into(),
        })
    }
}

fn pictures(size: &str, bitrate_bps: u32) -> anyhow::Result<Vec<Vec<u8>>> {
    let seconds = PERIOD.as_secs();
    // Noise gives the dark pictures a size; the flash is as white as it can be.
    let source = format!(
        "color=0x202830:size={size}:rate={FPS}:duration={seconds},noise=alls=10:allf=t,\
         drawbox=color=white:t=fill:enable='lt(t,{CUE_SECONDS}-0.001)'"
    );
    let frames = encoded::vp8(&source, FPS, bitrate_bps)?;
    let wanted = PERIOD.as_secs() as usize * FPS as usize;
    ensure!(frames.len() == wanted, "ffmpeg made {} pictures of {wanted}", frames.len());
    Ok(frames)
}

fn sound() -> anyhow::Result<Vec<Vec<u8>>> {
    let begin = BEEP_PACKET as f64 * PACKET.as_secs_f64() - LOOKAHEAD_SECONDS;
    let end = begin + CUE_SECONDS;
    let tone = format!("if(between(t,{begin},{end}),0.5*sin(2*PI*1000*(t-{begin})),0)");
    encoded::opus(&format!("aevalsrc='{tone}':sample_rate=48000:duration=2"))
}
