//! A file as a player sees and hears it. Decoded by ffmpeg, which the composer does not use.

use std::{path::Path, process::Command};

use crate::recording::CANVAS;

pub struct Decoded {
    pictures: Vec<u8>,
    samples: Vec<f32>,
}

const PICTURE_BYTES: usize = CANVAS.0 as usize * CANVAS.1 as usize * 3 / 2;

fn ffmpeg(path: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(path).args(arguments).arg("-");
    let done = command.output().unwrap();
    let complaints = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && complaints.is_empty(), "{}: {complaints}", path.display());
    done.stdout
}

impl Decoded {
    /// Every picture that is in the file.
    pub fn read(path: &Path) -> Self {
        Self::read_with(path, &["-vsync", "passthrough"])
    }

    /// What is seen in each thirtieth of a second, of a file whose pictures may stand longer.
    pub fn watch(path: &Path) -> Self {
        Self::read_with(path, &["-vsync", "cfr", "-r", "30"])
    }

    fn read_with(path: &Path, pace: &[&str]) -> Self {
        let arguments = [&["-f", "rawvideo", "-pix_fmt", "yuv420p"], pace].concat();
        let pictures = ffmpeg(path, &arguments);
        assert_eq!(pictures.len() % PICTURE_BYTES, 0);
        Self { pictures, samples: samples(path) }
    }

    pub fn picture_count(&self) -> usize {
        self.pictures.len() / PICTURE_BYTES
    }

    pub fn sample_count(&self) -> usize {
        self.samples.len()
    }

    /// The colour of a pixel of the picture that is seen at a moment.
    pub fn color(&self, at_ms: u64, (x, y): (usize, usize)) -> [u8; 3] {
        self.color_of((at_ms * 30 / 1_000) as usize, (x, y))
    }

    pub fn color_of(&self, picture: usize, (x, y): (usize, usize)) -> [u8; 3] {
        let (width, height) = (usize::from(CANVAS.0), usize::from(CANVAS.1));
        let picture = &self.pictures[picture * PICTURE_BYTES..(picture + 1) * PICTURE_BYTES];
        let chroma = width * height + y / 2 * (width / 2) + x / 2;
        [picture[y * width + x], picture[chroma], picture[chroma + width * height / 4]]
    }

    pub fn assert_color(&self, at_ms: u64, at: (usize, usize), expected: [u8; 3]) {
        let seen = self.color(at_ms, at);
        assert!(is_near(seen, expected), "at {at_ms} ms and {at:?}: {seen:?} and not {expected:?}");
    }

    /// How loud a tone is around a moment, compared with the tone of one person.
    pub fn loudness(&self, at_ms: u64, hertz: f32) -> f32 {
        loudness(&self.samples, at_ms, hertz)
    }

    /// When it becomes loud after a moment, milliseconds.
    pub fn onset(&self, from_ms: u64, threshold: f32) -> Option<f64> {
        let from = from_ms as usize * 48;
        let rest = self.samples.get(from..)?;
        let at = rest.iter().position(|sample| sample.abs() > threshold)?;
        Some((from + at) as f64 / 48.0)
    }

    pub fn hears(&self, at_ms: u64, hertz: f32) -> bool {
        self.loudness(at_ms, hertz) > 0.5
    }
}

pub fn is_near(seen: [u8; 3], expected: [u8; 3]) -> bool {
    seen.iter().zip(expected).all(|(seen, expected)| seen.abs_diff(expected) <= 12)
}

pub fn samples(path: &Path) -> Vec<f32> {
    let sound = ffmpeg(path, &["-vn", "-f", "f32le", "-ac", "1", "-ar", "48000"]);
    sound.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// Of 100 ms around a moment, by the algorithm of Goertzel.
pub fn loudness(samples: &[f32], at_ms: u64, hertz: f32) -> f32 {
    let begin = (at_ms as usize * 48).saturating_sub(2_400);
    let Some(window) = samples.get(begin..begin + 4_800) else {
        return 0.0;
    };
    let factor = 2.0 * (hertz * std::f32::consts::TAU / 48_000.0).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in window {
        (last, before) = (sample + factor * last - before, last);
    }
    let power = last * last + before * before - factor * last * before;
    power.max(0.0).sqrt() / (0.2 * window.len() as f32 / 2.0)
}

/// What ffprobe says of a file, one entry.
pub fn probe(path: &Path, entry: &str) -> String {
    ffprobe(path, &["-show_entries", entry])
}

/// Where pictures can be decoded from, seconds.
pub fn keyframes(path: &Path) -> Vec<f64> {
    let arguments = ["-select_streams", "v", "-skip_frame", "nokey"];
    let times = ffprobe(path, &[&arguments[..], &["-show_entries", "frame=pts_time"]].concat());
    times.lines().map(|line| line.parse().unwrap()).collect()
}

fn ffprobe(path: &Path, arguments: &[&str]) -> String {
    let done = Command::new("ffprobe")
        .args(["-v", "error", "-of", "default=nokey=1:noprint_wrappers=1"])
        .args(arguments)
        .arg(path)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}
