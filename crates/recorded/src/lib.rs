//! What lies in the folder of a recording, for all programs that write or read it.
//!
//! [`files`] says how files are called, [`webm`] how media is in them, [`events`] what the log tells.
//! [`composing`] is what the recorder and the composer, a program of its own, say to each other.
//! Nothing here knows a clock, a network or a codec.

pub mod composing;
pub mod events;
pub mod files;
mod opus;
mod video_format;
pub mod webm;

pub use opus::packet_duration;
pub use video_format::{VideoCodec, VideoFormat};
