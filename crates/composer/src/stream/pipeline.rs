//! One connection to a target.

use std::time::{Duration, Instant};

use gstreamer as gst;
use gstreamer_app as gst_app;

use gst::prelude::{Cast, ElementExt, ElementExtManual, GstBinExtManual, ObjectExt};

use jumpa_protocol::recording::StreamTarget;

use super::{Formats, Packet, proxy};

/// Media is sent only when the target has agreed to it. The greeting before is 3,073 bytes and a few
/// hundred for the commands; a second of sound alone is twice this.
const LIVE_BYTES: u64 = 8_000;

/// Seconds for connecting; a failure is told within five.
const CONNECT_SECONDS: u32 = 4;

/// Bytes that wait for the network at most, about ten seconds: a target that takes no more is lost.
const MAX_QUEUED_BYTES: u64 = 4 << 20;

/// Over how long the bitrate is measured.
const BITRATE_WINDOW: Duration = Duration::from_secs(2);

/// How long the target may take for a good-bye.
const GOOD_BYE: gst::ClockTime = gst::ClockTime::from_seconds(2);

/// What went wrong with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was live.
    Live,
    /// The target said no.
    Refused,
    /// It never came to be.
    Lost,
    /// The certificate of the target is not valid.
    Certificate,
    /// The address is none that can be streamed to.
    Address,
}

pub(super) struct Pipeline {
    pipeline: gst::Pipeline,
    pictures: gst_app::AppSrc,
    sound: gst_app::AppSrc,
    sink: gst::Element,
    is_live: bool,
    /// The moment of the recording where the stream begins.
    began: Option<Duration>,
    measured: (Instant, u64),
    bitrate_bps: Option<u32>,
}

impl Pipeline {
    pub(super) fn start(target: &StreamTarget, formats: &Formats) -> Result<Self, Fault> {
        let (host, port) = target.host().ok_or(Fault::Address)?;
        if !proxy::is_obeyed(&host, port) {
            return Err(Fault::Address);
        }
        Self::build(&target.url, formats).ok_or(Fault::Address)
    }

    fn build(url: &str, formats: &Formats) -> Option<Self> {
        let picture_caps = gst::Caps::builder("video/x-h264")
            .field("stream-format", "avc")
            .field("alignment", "au")
            .field("width", i32::from(formats.size.0))
            .field("height", i32::from(formats.size.1))
            .field("framerate", gst::Fraction::new(30, 1))
            .field("codec_data", gst::Buffer::from_slice(formats.pictures.clone()))
            .build();
        let sound_caps = gst::Caps::builder("audio/mpeg")
            .field("mpegversion", 4)
            .field("stream-format", "raw")
            .field("rate", 48_000)
            .field("channels", 2)
            .field("codec_data", gst::Buffer::from_slice(formats.sound.clone()))
            .build();
        let source = |caps: &gst::Caps| {
            gst_app::AppSrc::builder().caps(caps).format(gst::Format::Time).max_bytes(0).build()
        };
        let (pictures, sound) = (source(&picture_caps), source(&sound_caps));
        let mux = gst::ElementFactory::make("flvmux").property("streamable", true).build().ok()?;
        let sink = gst::ElementFactory::make("rtmp2sink")
            .property("sync", false)
            .property("async", false)
            .property("location", url)
            .property("timeout", CONNECT_SECONDS)
            .build()
            .ok()?;
        let pipeline = gst::Pipeline::new();
        pipeline.add_many([pictures.upcast_ref(), sound.upcast_ref(), &mux, &sink]).ok()?;
        pictures.link_pads(None, &mux, Some("video")).ok()?;
        sound.link_pads(None, &mux, Some("audio")).ok()?;
        mux.link(&sink).ok()?;
        pipeline.set_state(gst::State::Playing).ok()?;
        let measured = (Instant::now(), 0);
        Some(Self {
            pipeline,
            pictures,
            sound,
            sink,
            is_live: false,
            began: None,
            measured,
            bitrate_bps: None,
        })
    }

    /// Sends a packet; those before the first keyframe are left out.
    pub(super) fn push(&mut self, packet: &Packet) {
        if packet.is_keyframe() {
            self.began.get_or_insert(packet.at());
        }
        let Some(at) = self.began.and_then(|began| packet.at().checked_sub(began)) else {
            return;
        };
        let at = gst::ClockTime::from_nseconds(at.as_nanos() as u64);
        let mut buffer = gst::Buffer::from_slice(packet.coded.data.clone());
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(at);
            buffer.set_dts(at);
            if !packet.is_sound && !packet.coded.is_keyframe {
                buffer.set_flags(gst::BufferFlags::DELTA_UNIT);
            }
        }
        let source = if packet.is_sound { &self.sound } else { &self.pictures };
        // A pipeline that has failed takes nothing, which its fault tells soon.
        let _ = source.push_buffer(buffer);
    }

    /// Bytes that went to the target, the greeting included.
    fn sent_bytes(&self) -> u64 {
        let stats = self.sink.property::<gst::Structure>("stats");
        stats.get("out-bytes-total").unwrap_or(0)
    }

    /// What is sent in a second when the target takes it; `None` while it does not.
    #[expect(clippy::option_option, reason = "live without a bitrate yet is a state of its own")]
    pub(super) fn live_bitrate(&mut self) -> Option<Option<u32>> {
        let bytes = self.sent_bytes();
        self.is_live |= bytes >= LIVE_BYTES;
        let (since, before) = self.measured;
        let elapsed = since.elapsed();
        if elapsed >= BITRATE_WINDOW {
            let bps = bytes.saturating_sub(before) as f64 * 8.0 / elapsed.as_secs_f64();
            self.bitrate_bps = Some(bps as u32);
            self.measured = (Instant::now(), bytes);
        }
        self.is_live.then_some(self.bitrate_bps)
    }

    /// What went wrong, or goes wrong within a time.
    pub(super) fn fault(&self, within: Duration) -> Option<Fault> {
        let queued = self.pictures.current_level_bytes();
        if queued > MAX_QUEUED_BYTES {
            return Some(if self.is_live { Fault::Live } else { Fault::Lost });
        }
        let wait = gst::ClockTime::from_nseconds(within.as_nanos() as u64);
        let message = self.pipeline.bus()?.timed_pop_filtered(wait, &[gst::MessageType::Error])?;
        let gst::MessageView::Error(error) = message.view() else {
            return None;
        };
        let error = error.error();
        // GStreamer has no code for it, only the words of the TLS library.
        let text = error.message().to_lowercase();
        Some(if text.contains("certificate") || text.contains("tls") {
            Fault::Certificate
        } else if error.matches(gst::ResourceError::NotAuthorized) {
            Fault::Refused
        } else if self.is_live {
            Fault::Live
        } else {
            Fault::Lost
        })
    }

    /// Ends the stream as the target expects it.
    pub(super) fn finish(&self) {
        let ended = [self.pictures.end_of_stream(), self.sound.end_of_stream()];
        if let (Some(bus), true) = (self.pipeline.bus(), ended.iter().all(Result::is_ok)) {
            bus.timed_pop_filtered(GOOD_BYE, &[gst::MessageType::Eos, gst::MessageType::Error]);
        }
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        // Nothing can be done when it does not stop; the process ends soon.
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}
