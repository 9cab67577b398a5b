//! A recording as a recorder leaves it, of people who are a colour and a tone.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    thread::{self, JoinHandle},
};

use gstreamer as gst;
use jumpa_composer::{ComposeError, Settings, chain::Chain, compose, picture::Picture};
use jumpa_protocol::{ParticipantId, SourceKind, recording::RecordingLayout, signal::SourceState};
use jumpa_recorded::{
    VideoCodec, VideoFormat,
    composing::{ComposedKind, Composition, FromComposer, ToComposer},
    events::{Line, LogEvent},
    files::{EVENTS_FILE, TrackName},
    webm::{Codec, TrackFormat, Writer},
};

/// Zero of the clock of the recording.
pub const ZERO_MS: u64 = 1_790_000_000_000;

pub const CANVAS: (u16, u16) = (640, 360);

pub const RED: [u8; 3] = [81, 90, 240];
pub const GREEN: [u8; 3] = [145, 54, 34];
pub const BLUE: [u8; 3] = [41, 240, 110];

/// A recording that is being made up.
pub struct Recording {
    folder: tempfile::TempDir,
    lines: Vec<Line>,
    files: u32,
    /// What is not in the files yet, of a recording that goes on: file, moment, bytes.
    to_come: Option<Vec<(String, u64, Vec<u8>)>>,
}

impl Recording {
    pub fn new() -> Self {
        gst::init().unwrap();
        let began = LogEvent::RecordingBegan { wall_ms: ZERO_MS };
        let lines = vec![Line { at_ms: 0, event: began }];
        Self { folder: tempfile::tempdir().unwrap(), lines, files: 0, to_come: None }
    }

    /// A recording whose files are written by [`Self::grow`].
    pub fn live() -> Self {
        Self { to_come: Some(Vec::new()), ..Self::new() }
    }

    /// Writes everything before a moment.
    pub fn grow(&mut self, to_ms: u64) {
        let all = self.to_come.take().unwrap();
        let (due, later) = all.into_iter().partition(|(_, at_ms, _)| *at_ms < to_ms);
        self.to_come = Some(later);
        self.write_all(to_ms, due);
    }

    fn write_all(&self, to_ms: u64, pieces: Vec<(String, u64, Vec<u8>)>) {
        for (name, _, bytes) in pieces {
            let path = self.folder().join(name);
            let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
            file.write_all(&bytes).unwrap();
        }
        let lines = self.lines.iter().filter(|line| line.at_ms < to_ms);
        let text: String = lines.map(|line| serde_json::to_string(line).unwrap() + "\n").collect();
        fs::write(self.folder().join(EVENTS_FILE), text).unwrap();
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn log(&mut self, at_ms: u64, event: LogEvent) {
        self.lines.push(Line { at_ms, event });
        self.lines.sort_by_key(|line| line.at_ms);
        if self.to_come.is_none() {
            self.write_all(u64::MAX, Vec::new());
        }
    }

    pub fn joins(&mut self, at_ms: u64, name: &str) -> ParticipantId {
        let participant_id = ParticipantId::generate();
        self.log(at_ms, LogEvent::ParticipantJoined { participant_id, name: name.to_owned() });
        participant_id
    }

    pub fn leaves(&mut self, at_ms: u64, participant_id: ParticipantId) {
        self.log(at_ms, LogEvent::ParticipantLeft { participant_id });
    }

    pub fn source(&mut self, at_ms: u64, of: (ParticipantId, SourceKind), state: SourceState) {
        let (participant_id, source) = of;
        self.log(at_ms, LogEvent::SourceChanged { participant_id, source, state });
    }

    /// Somebody's camera is live for a while and shows one colour.
    pub fn camera(&mut self, who: ParticipantId, (from, to): (u64, u64), color: [u8; 3]) {
        self.pictures((who, SourceKind::Camera), (from, to), VideoCodec::Vp8, |_| {
            Picture::new(320, 180, color)
        });
    }

    /// Pictures of a source, thirty in a second, whatever they show at each millisecond.
    pub fn pictures(
        &mut self,
        of: (ParticipantId, SourceKind),
        (from, to): (u64, u64),
        codec: VideoCodec,
        picture: impl Fn(u64) -> Picture,
    ) {
        self.source(from, of, SourceState::Live);
        self.source(to, of, SourceState::Muted);
        let size = picture(from).size();
        let caps = gst::Caps::builder("video/x-raw")
            .field("format", "I420")
            .field("width", size.0 as i32)
            .field("height", size.1 as i32)
            .field("framerate", gst::Fraction::new(30, 1));
        let elements = match codec {
            VideoCodec::Vp8 => {
                "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60 \
                                target-bitrate=500000"
            }
            VideoCodec::H264 => {
                "x264enc speed-preset=ultrafast tune=zerolatency key-int-max=60 \
                                 ! capsfilter caps=video/x-h264,profile=constrained-baseline,stream-format=avc"
            }
        };
        let chain = Chain::new(elements, &caps.build()).unwrap();
        let times: Vec<u64> =
            (0..).map(|index| from + index * 1_000 / 30).take_while(|at| *at < to).collect();
        let mut coded = Vec::new();
        for at in &times {
            let mut buffer = gst::Buffer::from_mut_slice(picture(*at).data().to_vec());
            buffer.get_mut().unwrap().set_pts(gst::ClockTime::from_mseconds(at - from));
            coded.extend(chain.push(buffer).unwrap());
        }
        coded.extend(chain.finish().unwrap());
        assert_eq!(coded.len(), times.len());
        let caps = coded[0].caps().unwrap().to_owned();
        let private = caps.structure(0).unwrap().get::<gst::Buffer>("codec_data");
        let private = private.map(|data| data.map_readable().unwrap().to_vec());
        let configuration = if codec == VideoCodec::H264 { private.unwrap() } else { Vec::new() };
        let size = (size.0 as u16, size.1 as u16);
        let format = VideoFormat { codec, size, configuration };
        let frames = times.iter().zip(&coded).map(|(at, sample)| {
            let buffer = sample.buffer().unwrap();
            let is_keyframe = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
            (at - from, is_keyframe, buffer.map_readable().unwrap().to_vec())
        });
        let frames: Vec<_> = frames.collect();
        self.write(of, TrackFormat::video(format, ZERO_MS + from), &frames);
    }

    /// Somebody's microphone gives a tone for a while.
    pub fn microphone(&mut self, who: ParticipantId, (from, to): (u64, u64), hertz: f32) {
        let step = hertz * std::f32::consts::TAU / 48_000.0;
        self.sound((who, SourceKind::Microphone), (from, to), |sample| {
            (sample as f32 * step).sin() * 0.2
        });
    }

    /// Sound of a source, in packets of 20 ms; samples are counted from its beginning.
    pub fn sound(
        &mut self,
        of: (ParticipantId, SourceKind),
        (from, to): (u64, u64),
        wave: impl Fn(u64) -> f32,
    ) {
        self.source(from, of, SourceState::Live);
        self.source(to, of, SourceState::Muted);
        let caps = gst::Caps::builder("audio/x-raw")
            .field("format", "S16LE")
            .field("layout", "interleaved")
            .field("rate", 48_000)
            .field("channels", 1)
            .build();
        let chain = Chain::new("opusenc bitrate=64000 frame-size=20", &caps).unwrap();
        let packets = (to - from) / 20;
        let mut coded = Vec::new();
        for packet in 0..packets {
            let bytes: Vec<u8> = (packet * 960..(packet + 1) * 960)
                .flat_map(|sample| ((wave(sample) * 32_000.0) as i16).to_le_bytes())
                .collect();
            let mut buffer = gst::Buffer::from_mut_slice(bytes);
            buffer.get_mut().unwrap().set_pts(gst::ClockTime::from_mseconds(packet * 20));
            coded.extend(chain.push(buffer).unwrap());
        }
        coded.extend(chain.finish().unwrap());
        // The encoder looks 6.5 ms ahead; a recorder cannot know and does not care.
        let frames = coded.iter().take(packets as usize).zip(0..).map(|(sample, packet)| {
            (packet * 20, true, sample.buffer().unwrap().map_readable().unwrap().to_vec())
        });
        let frames: Vec<_> = frames.collect();
        self.write(of, TrackFormat::opus(ZERO_MS + from), &frames);
    }

    fn write(
        &mut self,
        (participant_id, source): (ParticipantId, SourceKind),
        format: TrackFormat,
        frames: &[(u64, bool, Vec<u8>)],
    ) {
        self.files += 1;
        let extension = if format.codec == Codec::H264 { "mkv" } else { "webm" };
        let name = TrackName { number: self.files, participant_id, source, extension };
        let begin_ms = format.began_at_ms - ZERO_MS;
        let (mut writer, head) = Writer::begin(&format);
        let mut pieces = vec![(name.to_string(), begin_ms, head)];
        for (at_ms, is_keyframe, data) in frames {
            let bytes = writer.frame(*at_ms, *is_keyframe, data);
            pieces.push((name.to_string(), begin_ms + at_ms, bytes));
        }
        match &mut self.to_come {
            Some(to_come) => to_come.extend(pieces),
            None => self.write_all(u64::MAX, pieces),
        }
    }

    pub fn order(&self, kind: ComposedKind, layout: RecordingLayout) -> Composition {
        Composition {
            folder: self.folder().to_owned(),
            kind,
            layout,
            width: CANVAS.0,
            height: CANVAS.1,
            has_names: false,
            logo: None,
            is_live: false,
            targets: Vec::new(),
        }
    }

    /// Composes it as it is after the call.
    pub fn compose(&self, order: &Composition, end_ms: u64) -> Result<Vec<String>, ComposeError> {
        let (say, words) = channel_of([ToComposer::End { at_ms: end_ms }]);
        drop(say);
        let mut files = None;
        compose(order, &fast(), &words, &mut |said| {
            if let FromComposer::Done { files: done } = said {
                files = Some(done.clone());
            }
            Ok(())
        })?;
        Ok(files.unwrap())
    }

    /// The composite in a layout, decoded.
    pub fn composite(&self, layout: RecordingLayout, end_ms: u64) -> super::decoded::Decoded {
        self.compose(&self.order(ComposedKind::Composite, layout), end_ms).unwrap();
        super::decoded::Decoded::read(&self.folder().join("composite.mp4"))
    }
}

type Begun =
    (Sender<Option<ToComposer>>, Receiver<FromComposer>, JoinHandle<Result<(), ComposeError>>);

/// A composer in a thread of its own: what to say to it, what it says, and how it ends.
pub fn begin(order: Composition) -> Begun {
    let (say, words) = channel_of([]);
    let (said, heard) = channel();
    let composing = thread::spawn(move || {
        compose(&order, &fast(), &words, &mut |word| {
            said.send(word.clone()).unwrap();
            Ok(())
        })
    });
    (say, heard, composing)
}

pub fn fast() -> Settings {
    Settings { preset: "ultrafast".to_owned() }
}

type Words<T> = (Sender<Option<ToComposer>>, T);

pub fn channel_of(
    words: impl IntoIterator<Item = ToComposer>,
) -> Words<Receiver<Option<ToComposer>>> {
    let (say, heard) = channel();
    for word in words {
        say.send(Some(word)).unwrap();
    }
    (say, heard)
}
