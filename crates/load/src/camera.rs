//! A camera whose packets say when they were made.

use std::time::{Duration, Instant};

use jumpa_client::{
    Client, PublishSignal,
    synthetic::{CameraLayer, VideoSource},
};
use jumpa_protocol::{Layer, SourceKind};
use tokio::{sync::broadcast::error::TryRecvError, task::JoinHandle, time::MissedTickBehavior};

use crate::stamp::stamped;

/// Pictures per second.
const FRAMES_PER_SECOND: u32 = 30;

/// A camera that sends; stops when this is dropped.
#[derive(Debug)]
pub struct Camera {
    task: JoinHandle<()>,
}

impl Camera {
    /// Sends a camera with simulcast as browsers do. Layers that nobody wants rest.
    pub fn publish(client: &Client, seed: u32) -> Self {
        Self { task: tokio::spawn(send(client.clone(), seed)) }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Encoding {
    layer: Option<Layer>,
    source: VideoSource,
    is_wanted: bool,
}

async fn send(client: Client, seed: u32) {
    let mut encodings: Vec<Encoding> = CameraLayer::usual()
        .iter()
        .zip(0..)
        .map(|(of, index): (_, u32)| Encoding {
            layer: of.layer,
            source: VideoSource::new(of.format, seed.wrapping_mul(4).wrapping_add(index)),
            is_wanted: true,
        })
        .collect();
    let mut signals = client.publish_signals();
    let mut clock = tokio::time::interval(Duration::from_secs(1) / FRAMES_PER_SECOND);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        loop {
            match signals.try_recv() {
                Ok(signal) => obey(&mut encodings, &signal),
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        for encoding in &mut encodings {
            if !encoding.is_wanted {
                encoding.source.skip(1);
                continue;
            }
            for packet in encoding.source.frame(Instant::now()) {
                client.write(SourceKind::Camera, encoding.layer, stamped(packet));
            }
        }
    }
}

fn obey(encodings: &mut [Encoding], signal: &PublishSignal) {
    match signal {
        PublishSignal::KeyframeRequested { source: SourceKind::Camera, layer } => {
            for encoding in encodings {
                if layer.is_none() || encoding.layer == *layer {
                    encoding.source.request_keyframe();
                }
            }
        }
        PublishSignal::LayersWanted { source: SourceKind::Camera, layers } => {
            for encoding in encodings {
                encoding.is_wanted = encoding.layer.is_some_and(|layer| layers.contains(&layer));
            }
        }
        _ => {}
    }
}
