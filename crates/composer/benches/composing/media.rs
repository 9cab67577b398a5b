//! A recorded call of moving pictures with noise.

use std::{
    fs,
    io::Read,
    path::Path,
    process::{Command, Stdio},
};

use gstreamer as gst;
use jumpa_composer::chain::Chain;
use jumpa_protocol::{ParticipantId, SourceKind, signal::SourceState};
use jumpa_recorded::{
    VideoCodec, VideoFormat,
    events::{Line, LogEvent},
    files::{COMPOSITE_FILE, EVENTS_FILE, POSTER_FILE, TrackName},
    webm::{TrackFormat, Writer, finalise},
};

const ZERO_MS: u64 = 1_790_000_000_000;

/// What moves, one after the other.
const PATTERNS: [&str; 4] = ["mandelbrot", "testsrc2", "life=mold=10:ratio=0.1", "testsrc"];

pub struct Call {
    folder: tempfile::TempDir,
    /// Files of pictures, as a browser can play them.
    pub clips: Vec<String>,
}

impl Call {
    /// A call of so many people, with pictures of a size and a bitrate.
    pub fn record(people: usize, size: (u32, u32), kbps: u32, seconds: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut lines =
            vec![Line { at_ms: 0, event: LogEvent::RecordingBegan { wall_ms: ZERO_MS } }];
        let mut clips = Vec::new();
        for index in 0..people {
            let participant_id = ParticipantId::generate();
            let name = ["Siti", "Budi", "Dewi", "Agus"][index % 4].to_owned();
            lines.push(Line {
                at_ms: 0,
                event: LogEvent::ParticipantJoined { participant_id, name },
            });
            for (source, number) in [(SourceKind::Camera, 1), (SourceKind::Microphone, 2)] {
                let state = SourceState::Live;
                let event = LogEvent::SourceChanged { participant_id, source, state };
                lines.push(Line { at_ms: 0, event });
                let number = (index * 2 + number) as u32;
                let track = TrackName { number, participant_id, source, extension: "webm" };
                let path = folder.path().join(track.to_string());
                if source == SourceKind::Camera {
                    pictures(&path, PATTERNS[index % PATTERNS.len()], size, kbps, seconds);
                    clips.push(track.to_string());
                } else {
                    sound(&path, 220.0 * (index + 1) as f64, seconds);
                }
            }
        }
        let log: String = lines
            .iter()
            .map(|line| serde_json::to_string(line).expect("lines are JSON") + "\n")
            .collect();
        fs::write(folder.path().join(EVENTS_FILE), log).expect("the log is written");
        Self { folder, clips }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn forget_composite(&self) {
        for name in [COMPOSITE_FILE, POSTER_FILE] {
            // It is not there before the first time.
            let _ = fs::remove_file(self.folder().join(name));
        }
    }
}

/// What ffmpeg makes, in pieces of so many bytes.
fn made(source: &str, arguments: &[&str], bytes: usize, mut take: impl FnMut(Vec<u8>)) {
    let mut ffmpeg = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", source])
        .args(arguments)
        .arg("-")
        .stdout(Stdio::piped())
        .spawn()
        .expect("ffmpeg is installed");
    let mut output = ffmpeg.stdout.take().expect("it is piped");
    let mut piece = vec![0; bytes];
    while output.read_exact(&mut piece).is_ok() {
        take(piece.clone());
    }
    assert!(ffmpeg.wait().is_ok_and(|status| status.success()), "ffmpeg failed");
}

fn pictures(path: &Path, pattern: &str, (width, height): (u32, u32), kbps: u32, seconds: u64) {
    let caps = gst::Caps::builder("video/x-raw")
        .field("format", "I420")
        .field("width", width as i32)
        .field("height", height as i32)
        .field("framerate", gst::Fraction::new(30, 1))
        .build();
    let encoder = format!(
        "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=300 target-bitrate={}",
        kbps * 1_000
    );
    let chain = Chain::new(&encoder, &caps).expect("the encoder is installed");
    let format = VideoFormat {
        codec: VideoCodec::Vp8,
        size: (width as u16, height as u16),
        configuration: Vec::new(),
    };
    let (mut writer, mut file) = Writer::begin(&TrackFormat::video(format, ZERO_MS));
    let separator = if pattern.contains('=') { ":" } else { "=" };
    let source = format!(
        "{pattern}{separator}size={width}x{height}:rate=30,noise=alls=8:allf=t,format=yuv420p"
    );
    let count = (seconds * 30).to_string();
    let arguments = ["-frames:v", &count, "-f", "rawvideo"];
    let mut number = 0;
    made(&source, &arguments, (width * height * 3 / 2) as usize, |picture| {
        let at_ms = number * 1_000 / 30;
        number += 1;
        append(&chain, &mut writer, &mut file, at_ms, picture);
    });
    write_whole(path, &file);
}

fn sound(path: &Path, hertz: f64, seconds: u64) {
    let caps = gst::Caps::builder("audio/x-raw")
        .field("format", "S16LE")
        .field("layout", "interleaved")
        .field("rate", 48_000)
        .field("channels", 1)
        .build();
    let chain = Chain::new("opusenc bitrate=32000", &caps).expect("the encoder is installed");
    let (mut writer, mut file) = Writer::begin(&TrackFormat::opus(ZERO_MS));
    let source = format!("sine=frequency={hertz}:sample_rate=48000:duration={seconds}");
    let mut number = 0;
    made(&source, &["-f", "s16le"], 1_920, |packet| {
        append(&chain, &mut writer, &mut file, number * 20, packet);
        number += 1;
    });
    write_whole(path, &file);
}

fn append(chain: &Chain, writer: &mut Writer, file: &mut Vec<u8>, at_ms: u64, raw: Vec<u8>) {
    let mut buffer = gst::Buffer::from_mut_slice(raw);
    if let Some(buffer) = buffer.get_mut() {
        buffer.set_pts(gst::ClockTime::from_mseconds(at_ms));
    }
    for sample in chain.push(buffer).expect("it is encoded") {
        let buffer = sample.buffer().expect("a sample has a buffer");
        let is_keyframe = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
        let data = buffer.map_readable().expect("memory is readable");
        file.extend(writer.frame(at_ms, is_keyframe, &data));
    }
}

fn write_whole(path: &Path, live: &[u8]) {
    let file = fs::File::create(path).expect("a file");
    finalise(live, file).expect("a file of ours is made whole");
}
