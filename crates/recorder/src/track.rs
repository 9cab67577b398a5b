//! One source of one participant on its way into files.

use std::{collections::VecDeque, time::Duration};

use jumpa_protocol::MediaKind;
use jumpa_recorded::{
    VideoCodec,
    webm::{TrackFormat, Writer},
};
use jumpa_rtc::Codec;

use crate::{
    depacketizer::{AudioDepacketizer, AudioFrame, RtpPacket, VideoDepacketizer, VideoFrame},
    timeline::{Observed, Placed, Timeline},
};

/// Missing sound that is worth a line in the log. Shorter losses are counted.
const NOTED_SILENCE: Duration = Duration::from_millis(100);

/// How long a file is before another one begins, with the next keyframe: complete files are uploaded
/// during the call. Shorter leaves less to do at the end and makes more files to play one after another.
const MAX_FILE: Duration = Duration::from_secs(600);

/// How often a keyframe is asked for that begins another file. Few senders make one unasked.
const ROLL_INTERVAL: Duration = Duration::from_secs(5);

/// Makes files of the packets of a source. A file goes on as long as its format allows, over
/// mutes, other slots and other layers.
#[derive(Debug)]
pub struct Track {
    media: Media,
    timeline: Timeline<Frame>,
    /// Zero of the clock of the recording, milliseconds since 1970.
    clock_began_at_ms: u64,
    stream: Option<u64>,
    file: Option<File>,
    outputs: VecDeque<TrackOutput>,
    /// When a keyframe was last asked for to begin another file.
    asked_to_roll_at: Option<Duration>,
    /// Where the last frame ends.
    end: Option<Duration>,
    has_disk_loss: bool,
    rotation: u16,
    lost_packets: u64,
}

#[derive(Debug)]
enum Media {
    Audio(AudioDepacketizer),
    Video(VideoDepacketizer),
}

#[derive(Debug)]
enum Frame {
    Audio(AudioFrame),
    Video(VideoFrame),
}

#[derive(Debug)]
struct File {
    writer: Writer,
    format: TrackFormat,
    begin_ms: u64,
}

impl File {
    /// Whether it goes on at a moment of the clock of the recording.
    fn is_young(&self, at: Duration) -> bool {
        at.as_millis() < u128::from(self.begin_ms) + MAX_FILE.as_millis()
    }
}

/// What has to be done with the source's files, and what is worth a line in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrackOutput {
    /// Begin another file with these bytes; the one before is complete.
    Begin {
        /// What it will hold.
        format: TrackFormat,
        /// Its first frame, on the clock of the recording.
        at: Duration,
        /// Its first bytes.
        bytes: Vec<u8>,
    },
    /// Append these bytes, a whole frame.
    Append(Vec<u8>),
    /// Something is missing in the file.
    Gap {
        /// From here,
        from: Duration,
        /// to here.
        to: Duration,
    },
    /// The place of the source was reckoned anew.
    Anchor {
        /// Time on the clock of the recording,
        at: Duration,
        /// of this RTP timestamp.
        timestamp: u32,
    },
    /// Pictures have to be turned from now on.
    Rotation {
        /// From here.
        at: Duration,
        /// Degrees clockwise.
        degrees: u16,
    },
}

impl Track {
    /// A source that has sent nothing. `clock_began_at_ms` is zero of the clock of the recording,
    /// milliseconds since 1970.
    #[must_use]
    pub fn new(kind: MediaKind, clock_began_at_ms: u64) -> Self {
        let (media, ticks_per_second) = match kind {
            MediaKind::Audio => (Media::Audio(AudioDepacketizer::default()), 48_000),
            MediaKind::Video => (Media::Video(VideoDepacketizer::new(VideoCodec::Vp8)), 90_000),
        };
        Self {
            media,
            timeline: Timeline::new(ticks_per_second),
            clock_began_at_ms,
            stream: None,
            file: None,
            outputs: VecDeque::new(),
            asked_to_roll_at: None,
            end: None,
            has_disk_loss: false,
            rotation: 0,
            lost_packets: 0,
        }
    }

    /// Takes a packet. `stream` differs between streams whose numbers and timestamps have nothing to
    /// do with each other: the source was sent on another slot, or others were sent in between.
    pub fn push(&mut self, stream: u64, codec: Codec, packet: RtpPacket) {
        let video_codec = match codec {
            Codec::Opus | Codec::Red => None,
            Codec::Vp8 => Some(VideoCodec::Vp8),
            Codec::H264 => Some(VideoCodec::H264),
        };
        let is_same_codec = match (&self.media, video_codec) {
            (Media::Audio(_), None) => true,
            (Media::Video(media), Some(codec)) => media.codec() == codec,
            // A line never changes between sound and pictures.
            _ => return,
        };
        if self.stream != Some(stream) || !is_same_codec {
            self.restart(stream, video_codec);
        }
        match &mut self.media {
            Media::Audio(media) => media.push(packet, codec == Codec::Red),
            Media::Video(media) => media.push(packet),
        }
    }

    /// What is to be done at `now`, in order.
    pub fn poll(&mut self, now: Duration) -> Option<TrackOutput> {
        loop {
            if let Some(output) = self.outputs.pop_front() {
                return Some(output);
            }
            if let Some((placed, frame)) = self.timeline.pop(now) {
                self.take(placed, frame);
                continue;
            }
            let frame = match &mut self.media {
                Media::Audio(media) => media.poll(now).map(Frame::Audio),
                Media::Video(media) => media.poll(now).map(Frame::Video),
            };
            self.place(frame?);
        }
    }

    /// Whether to ask for a keyframe at `now`.
    pub fn poll_keyframe_request(&mut self, now: Duration) -> bool {
        match &mut self.media {
            Media::Audio(_) => false,
            Media::Video(media) => media.poll_keyframe_request(now) || self.poll_roll(now),
        }
    }

    /// Takes what waits for packets that will not come: the recording ends.
    pub fn flush(&mut self) {
        loop {
            let frame = match &mut self.media {
                Media::Audio(media) => media.flush().map(Frame::Audio),
                Media::Video(media) => media.flush().map(Frame::Video),
            };
            let Some(frame) = frame else {
                break;
            };
            self.place(frame);
        }
        while let Some((placed, frame)) = self.timeline.flush() {
            self.take(placed, frame);
        }
    }

    /// The beginning of the file did not reach the disk: it is begun again.
    pub fn lost_beginning(&mut self) {
        self.file = None;
        self.lost_frame();
    }

    /// A frame did not reach the disk. A picture takes all with it up to the next keyframe.
    pub fn lost_frame(&mut self) {
        self.outputs.clear();
        self.has_disk_loss = true;
        if let Some(file) = &mut self.file {
            file.writer.end_cluster();
        }
        if let Media::Video(media) = &mut self.media {
            media.require_keyframe();
        }
    }

    /// Packets that never came.
    #[must_use]
    pub fn lost_packets(&self) -> u64 {
        self.lost_packets
            + match &self.media {
                Media::Audio(media) => media.lost_packets(),
                Media::Video(media) => media.lost_packets(),
            }
    }

    /// Begins with another stream: what waits of the old one is all that will come of it.
    fn restart(&mut self, stream: u64, video_codec: Option<VideoCodec>) {
        if self.stream.is_some() {
            self.flush();
            self.lost_packets = self.lost_packets();
        }
        self.stream = Some(stream);
        self.timeline.restart();
        self.media = match video_codec {
            None => Media::Audio(AudioDepacketizer::default()),
            Some(codec) => Media::Video(VideoDepacketizer::new(codec)),
        };
    }

    fn place(&mut self, frame: Frame) {
        let (timestamp, arrived, captured) = match &frame {
            Frame::Audio(frame) => (frame.timestamp, frame.arrived, frame.captured),
            Frame::Video(frame) => (frame.timestamp, frame.arrived, frame.captured),
        };
        let observed = Observed { arrived, captured };
        self.timeline.push(timestamp, observed, frame);
    }

    fn take(&mut self, placed: Placed, frame: Frame) {
        let Placed { at, is_too_early, is_new_anchor } = placed;
        if is_new_anchor {
            let (Frame::Audio(AudioFrame { timestamp, .. })
            | Frame::Video(VideoFrame { timestamp, .. })) = frame;
            self.outputs.push_back(TrackOutput::Anchor { at, timestamp });
        }
        match frame {
            // Sound that is pressed together would be heard as such.
            Frame::Audio(_) if is_too_early => {}
            Frame::Audio(frame) => self.take_audio(at, &frame),
            Frame::Video(frame) => self.take_video(at, frame),
        }
    }

    fn take_audio(&mut self, at: Duration, frame: &AudioFrame) {
        let is_lossy = std::mem::take(&mut self.has_disk_loss) || frame.follows_loss;
        if let Some(end) = self.end.filter(|end| is_lossy && *end + NOTED_SILENCE <= at) {
            self.outputs.push_back(TrackOutput::Gap { from: end, to: at });
        }
        if !self.file.as_ref().is_some_and(|file| file.is_young(at)) {
            self.begin_file(at, TrackFormat::opus);
        }
        self.append(at, true, &frame.data);
        self.end = Some(at + frame.duration);
    }

    fn take_video(&mut self, at: Duration, frame: VideoFrame) {
        let is_keyframe = frame.keyframe.is_some();
        if self.has_disk_loss && !is_keyframe {
            return;
        }
        let is_lossy = std::mem::take(&mut self.has_disk_loss) || frame.follows_loss;
        if let Some(from) = self.end.filter(|_| is_lossy) {
            self.outputs.push_back(TrackOutput::Gap { from, to: at });
        }
        if let Some(format) = frame.keyframe
            && !self
                .file
                .as_ref()
                .is_some_and(|file| file.format.takes(&format) && file.is_young(at))
        {
            self.begin_file(at, |began_at_ms| TrackFormat::video(format, began_at_ms));
        }
        if self.rotation != frame.rotation {
            self.rotation = frame.rotation;
            self.outputs.push_back(TrackOutput::Rotation { at, degrees: frame.rotation });
        }
        self.append(at, is_keyframe, &frame.data);
        self.end = Some(at);
    }

    /// Whether to ask for the keyframe with which another file begins.
    fn poll_roll(&mut self, now: Duration) -> bool {
        let is_due = self.file.as_ref().is_some_and(|file| !file.is_young(now))
            && self.asked_to_roll_at.is_none_or(|asked| asked + ROLL_INTERVAL <= now);
        if is_due {
            self.asked_to_roll_at = Some(now);
        }
        is_due
    }

    fn begin_file(&mut self, at: Duration, format: impl FnOnce(u64) -> TrackFormat) {
        let begin_ms = at.as_millis() as u64;
        let format = format(self.clock_began_at_ms.saturating_add(begin_ms));
        let (writer, bytes) = Writer::begin(&format);
        self.outputs.push_back(TrackOutput::Begin { format: format.clone(), at, bytes });
        self.file = Some(File { writer, format, begin_ms });
    }

    fn append(&mut self, at: Duration, is_keyframe: bool, data: &[u8]) {
        if let Some(file) = &mut self.file {
            let at_ms = (at.as_millis() as u64).saturating_sub(file.begin_ms);
            self.outputs.push_back(TrackOutput::Append(file.writer.frame(
                at_ms,
                is_keyframe,
                data,
            )));
        }
    }
}

#[cfg(test)]
mod tests;
