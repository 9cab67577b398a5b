//! From RTP packets to frames.
//!
//! A recording is not live, so a lost packet is waited for as long as a retransmission may take,
//! far longer than a player would. What is lost for good is never papered over: a picture without
//! its references is not written, and the gap is known to whoever writes the log.

mod audio;
mod h264;
mod reorder_buffer;
mod video;

use std::{sync::Arc, time::Duration};

pub use audio::{AudioDepacketizer, AudioFrame};
pub use h264::{AccessUnit, H264Assembler};
pub use reorder_buffer::{Ordered, ReorderBuffer};
pub use video::{VideoDepacketizer, VideoFrame};

/// An RTP packet, as far as recording needs it.
#[derive(Debug, Clone)]
pub struct RtpPacket {
    /// Sequence number, extended to 64 bits.
    pub seq: u64,
    /// RTP timestamp: 48 kHz for sound, 90 kHz for pictures.
    pub timestamp: u32,
    /// Last packet of a picture.
    pub marker: bool,
    /// When it came, on the clock of the recording.
    pub arrived: Duration,
    /// When it was captured, on the clock of the recording, by the reports of its sender.
    pub captured: Option<Duration>,
    /// Degrees clockwise by which the picture has to be turned.
    pub rotation: Option<u16>,
    /// The payload without header and padding.
    pub payload: Arc<[u8]>,
}
