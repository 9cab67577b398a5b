//! Sends synthetic media in real time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, Instant},
};

use jumpa_protocol::{Layer, SourceKind};
use tokio::{sync::broadcast::error::TryRecvError, task::JoinHandle, time::MissedTickBehavior};

use super::{AudioSource, VideoFormat, VideoSource};
use crate::{Client, PublishSignal};

/// One encoding of a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraLayer {
    /// Which; `None` for a camera without simulcast.
    pub layer: Option<Layer>,
    /// How it looks.
    pub format: VideoFormat,
}

impl CameraLayer {
    /// What browsers send of a 1280 × 720 camera.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let layer = |layer, width, height, bitrate_bps| Self {
            layer: Some(layer),
            format: VideoFormat { width, height, fps: 30, bitrate_bps },
        };
        vec![
            layer(Layer::Q, 320, 180, 150_000),
            layer(Layer::H, 640, 360, 500_000),
            layer(Layer::F, 1_280, 720, 1_500_000),
        ]
    }
}

/// Media that is being sent; stops when this is dropped.
#[derive(Debug)]
pub struct Publisher {
    task: JoinHandle<()>,
    level: Arc<AtomicU8>,
}

impl Publisher {
    /// Speaks at a level in −dBov, or falls silent with 127. Only of a microphone.
    pub fn set_level(&self, level: u8) {
        self.level.store(level, Ordering::Relaxed);
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Sends a camera. Layers that nobody wants rest, as a browser's would. The seed tells sources
/// apart; the source must be set live by [`Client::set_source`] or in the join.
#[must_use]
pub fn publish_camera(client: &Client, layers: &[CameraLayer], seed: u32) -> Publisher {
    publish_video(client, SourceKind::Camera, layers, seed)
}

/// Sends a screen in one encoding.
#[must_use]
pub fn publish_screen(client: &Client, format: VideoFormat, seed: u32) -> Publisher {
    publish_video(client, SourceKind::Screen, &[CameraLayer { layer: None, format }], seed)
}

/// Sends a microphone, silent at first ([`Publisher::set_level`]).
#[must_use]
pub fn publish_microphone(client: &Client, source: AudioSource) -> Publisher {
    let client = client.clone();
    let level = Arc::new(AtomicU8::new(127));
    let wanted_level = Arc::clone(&level);
    let task = tokio::spawn(async move {
        let mut source = source;
        let mut clock = tokio::time::interval(Duration::from_millis(20));
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        loop {
            clock.tick().await;
            source.set_level(wanted_level.load(Ordering::Relaxed));
            client.write(SourceKind::Microphone, None, source.packet(Instant::now()));
        }
    });
    Publisher { task, level }
}

struct Encoding {
    layer: Option<Layer>,
    source: VideoSource,
    is_wanted: bool,
}

fn publish_video(
    client: &Client,
    source: SourceKind,
    layers: &[CameraLayer],
    seed: u32,
) -> Publisher {
    let client = client.clone();
    let mut encodings: Vec<Encoding> = layers
        .iter()
        .zip(0..)
        .map(|(of, index): (_, u32)| Encoding {
            layer: of.layer,
            source: VideoSource::new(of.format, seed.wrapping_mul(4).wrapping_add(index)),
            is_wanted: true,
        })
        .collect();
    let fps = layers.iter().map(|of| of.format.fps).max().unwrap_or(30).max(1);
    let mut signals = client.publish_signals();
    let task = tokio::spawn(async move {
        let mut clock = tokio::time::interval(Duration::from_secs(1) / fps);
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        loop {
            clock.tick().await;
            loop {
                match signals.try_recv() {
                    Ok(signal) => obey(&mut encodings, source, &signal),
                    Err(TryRecvError::Lagged(_)) => {}
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            let now = Instant::now();
            for encoding in &mut encodings {
                if encoding.is_wanted {
                    for packet in encoding.source.frame(now) {
                        client.write(source, encoding.layer, packet);
                    }
                } else {
                    encoding.source.skip(1);
                }
            }
        }
    });
    Publisher { task, level: Arc::default() }
}

fn obey(encodings: &mut [Encoding], own: SourceKind, signal: &PublishSignal) {
    match signal {
        PublishSignal::KeyframeRequested { source, layer } if *source == own => {
            for encoding in encodings {
                if layer.is_none() || encoding.layer.is_none() || encoding.layer == *layer {
                    encoding.source.request_keyframe();
                }
            }
        }
        PublishSignal::LayersWanted { source, layers } if *source == own => {
            for encoding in encodings {
                encoding.is_wanted =
                    encoding.layer.map_or(!layers.is_empty(), |layer| layers.contains(&layer));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encodings() -> Vec<Encoding> {
        CameraLayer::usual()
            .into_iter()
            .map(|of| Encoding {
                layer: of.layer,
                source: VideoSource::new(of.format, 1),
                is_wanted: true,
            })
            .collect()
    }

    fn wanted(encodings: &[Encoding]) -> Vec<Layer> {
        encodings.iter().filter(|of| of.is_wanted).filter_map(|of| of.layer).collect()
    }

    #[test]
    fn unwanted_layers_rest() {
        let mut encodings = encodings();
        let signal =
            PublishSignal::LayersWanted { source: SourceKind::Camera, layers: vec![Layer::Q] };
        obey(&mut encodings, SourceKind::Screen, &signal);
        assert_eq!(wanted(&encodings), Layer::ALL);
        obey(&mut encodings, SourceKind::Camera, &signal);
        assert_eq!(wanted(&encodings), [Layer::Q]);
    }
}
