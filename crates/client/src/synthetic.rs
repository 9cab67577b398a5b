//! Media without an encoder: valid headers, filler behind them.
//!
//! [`VideoSource`] makes VP8 frames, [`AudioSource`] Opus packets; both know nothing of clocks or
//! networks. [`publish_camera`] and [`publish_microphone`] let a [`crate::Client`] send them in real
//! time, follow `layers_wanted` and answer keyframe requests. [`Vp8Packets`] is for frames that were
//! encoded elsewhere.

mod audio;
mod publisher;
mod video;
mod vp8_packets;

pub use audio::AudioSource;
pub use publisher::{CameraLayer, Publisher, publish_camera, publish_microphone, publish_screen};
pub use video::{VideoFormat, VideoSource};
pub use vp8_packets::Vp8Packets;
