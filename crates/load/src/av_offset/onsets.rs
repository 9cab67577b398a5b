//! Where a decoder finds flashes and beeps.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{ChildStderr, Command, Stdio},
    thread,
};

use anyhow::{Context, ensure};

/// Samples per second of the decoded sound.
const SAMPLE_RATE: f64 = 48_000.0;

/// How much brighter a picture is with a flash than before, of 255 steps of the mean: one tile of
/// nine in a composite makes 24. Changes of the layout are not as sudden as long as all are dark.
const FLASH_STEP: f64 = 8.0;

/// How long a flash and a beep may last; both are 100 ms. A picture that stands still in the middle
/// of a flash is none, and neither is a click.
const CUE_SECONDS: std::ops::RangeInclusive<f64> = 0.05..=0.2;

/// What is louder than this is no silence, of a full scale of 1. Beeps are at 0.5, and a mixer may
/// turn them down.
const LOUD: f32 = 0.05;

/// So long it is quiet between two beeps at least.
const QUIET_SECONDS: f64 = 0.2;

/// The beginnings of flashes and beeps in a file, seconds from its zero, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Onsets {
    /// First white pictures.
    pub flashes: Vec<f64>,
    /// First samples of beeps.
    pub beeps: Vec<f64>,
}

impl Onsets {
    /// Decodes the picture of a file and finds its flashes.
    ///
    /// # Errors
    /// When ffmpeg does not decode every picture.
    pub fn flashes(file: &Path) -> anyhow::Result<Vec<f64>> {
        let filter = "scale=64:36:flags=area,format=gray,signalstats,\
                      metadata=mode=print:key=lavfi.signalstats.YAVG:file=-";
        let mut ffmpeg = Command::new("ffmpeg")
            .args(["-v", "error", "-copyts", "-i"])
            .arg(file)
            .args([
                "-map",
                "0:v:0",
                "-vf",
                filter,
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "-1",
            ])
            .args(["-f", "null", "-"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting ffmpeg")?;
        let errors = ffmpeg.stderr.take().context("its errors are piped")?;
        let errors = thread::spawn(move || text_of(errors));
        let lines = BufReader::new(ffmpeg.stdout.take().context("its output is piped")?).lines();
        let (mut pictures, mut at) = (FlashFinder::default(), 0.0);
        for line in lines {
            let line = line.context("reading from ffmpeg")?;
            if let Some((_, time)) = line.split_once("pts_time:") {
                at = time.trim().parse().with_context(|| format!("reading {line:?}"))?;
            } else if let Some((_, mean)) = line.split_once("YAVG=") {
                pictures.push(at, mean.parse().with_context(|| format!("reading {line:?}"))?);
            }
        }
        let is_decoded = ffmpeg.wait().context("waiting for ffmpeg")?.success();
        let said = errors.join().unwrap_or_default();
        ensure!(is_decoded && said.is_empty(), "decoding {}: {said}", file.display());
        Ok(pictures.found)
    }

    /// Decodes the sound of a file and finds its beeps.
    ///
    /// # Errors
    /// When ffmpeg does not decode it.
    pub fn beeps(file: &Path) -> anyhow::Result<Vec<f64>> {
        let mut ffmpeg = Command::new("ffmpeg")
            .args(["-v", "info", "-hide_banner", "-nostats", "-copyts", "-i"])
            .arg(file)
            // The samples come one after the other, without those that are missing: where each
            // frame stands is told apart.
            .args([
                "-map",
                "0:a:0",
                "-af",
                "aformat=sample_fmts=flt:channel_layouts=mono,ashowinfo",
            ])
            .args(["-f", "f32le", "-"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting ffmpeg")?;
        let places = ffmpeg.stderr.take().context("its errors are piped")?;
        let places = thread::spawn(move || Place::read_all(places));
        let mut output = BufReader::new(ffmpeg.stdout.take().context("its output is piped")?);
        let mut finder = BeepFinder::default();
        let mut bytes = [0; 4];
        while output.read_exact(&mut bytes).is_ok() {
            finder.push(f32::from_le_bytes(bytes));
        }
        ensure!(
            ffmpeg.wait().context("waiting for ffmpeg")?.success(),
            "decoding {} failed",
            file.display()
        );
        let places = places.join().unwrap_or_default();
        let at = |sample: &u64| Place::of(&places, *sample);
        Ok(finder.found().iter().filter_map(at).collect())
    }

    /// Adds what was found in a file whose zero stands at a second of the recording.
    pub fn add(&mut self, zero: f64, found: Self) {
        self.flashes.extend(found.flashes.iter().map(|at| zero + at));
        self.beeps.extend(found.beeps.iter().map(|at| zero + at));
        self.flashes.sort_by(f64::total_cmp);
        self.beeps.sort_by(f64::total_cmp);
    }
}

fn text_of(mut errors: ChildStderr) -> String {
    let mut text = String::new();
    // What is no text says nothing to anybody.
    let _ = errors.read_to_string(&mut text);
    text
}

/// Where a frame of decoded sound stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    first_sample: u64,
    /// Seconds.
    at: f64,
}

impl Place {
    fn read_all(told: ChildStderr) -> Vec<Self> {
        let mut places = Vec::new();
        let mut first_sample = 0;
        for line in BufReader::new(told).lines().map_while(Result::ok) {
            let field = |name: &str| {
                let (_, value) = line.split_once(name)?;
                value.split_whitespace().next()
            };
            let at = field(" pts_time:").and_then(|at| at.parse().ok());
            let samples = field("nb_samples:").and_then(|samples| samples.parse::<u64>().ok());
            if let (Some(at), Some(samples)) = (at, samples) {
                places.push(Self { first_sample, at });
                first_sample += samples;
            }
        }
        places
    }

    /// The second at which a sample stands.
    fn of(places: &[Self], sample: u64) -> Option<f64> {
        let behind = places.partition_point(|place| place.first_sample <= sample);
        let Self { first_sample, at } = places.get(behind.checked_sub(1)?)?;
        Some(at + (sample - first_sample) as f64 / SAMPLE_RATE)
    }
}

/// Finds pictures that are white for a moment.
#[derive(Debug, Default)]
struct FlashFinder {
    /// How bright the picture before was. Before the first all is dark: a file may begin with a
    /// flash.
    before: f64,
    /// Since when it is bright, and how bright it was before and is.
    bright: Option<(f64, f64, f64)>,
    found: Vec<f64>,
}

impl FlashFinder {
    /// Takes the mean brightness of the next picture.
    fn push(&mut self, at: f64, mean: f64) {
        let before = std::mem::replace(&mut self.before, mean);
        if let Some((since, dark, bright)) = self.bright {
            if mean - dark < (bright - dark) / 2.0 {
                self.bright = None;
                if CUE_SECONDS.contains(&(at - since)) {
                    self.found.push(since);
                }
            } else if at - since > *CUE_SECONDS.end() {
                self.bright = None;
            }
        } else if mean - before > FLASH_STEP {
            self.bright = Some((at, before, mean));
        }
    }
}

/// Finds sounds that are loud for a moment after silence.
#[derive(Debug, Default)]
struct BeepFinder {
    samples: u64,
    last_loud: Option<u64>,
    /// First and last loud sample.
    beeps: Vec<(u64, u64)>,
}

impl BeepFinder {
    fn push(&mut self, sample: f32) {
        let number = self.samples;
        self.samples += 1;
        if sample.abs() < LOUD {
            return;
        }
        let last = self.last_loud.replace(number);
        let quiet = (QUIET_SECONDS * SAMPLE_RATE) as u64;
        match self.beeps.last_mut() {
            Some((_, end)) if last.is_some_and(|last| number - last < quiet) => *end = number,
            _ => self.beeps.push((number, number)),
        }
    }

    fn found(&self) -> Vec<u64> {
        let seconds = |(begin, end): &&(u64, u64)| (end - begin) as f64 / SAMPLE_RATE;
        let is_beep = |beep: &&(u64, u64)| CUE_SECONDS.contains(&seconds(beep));
        self.beeps.iter().filter(is_beep).map(|(begin, _)| *begin).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flash_is_a_picture_that_is_white_for_a_moment() {
        let mut finder = FlashFinder::default();
        for number in 0..120 {
            let at = f64::from(number) / 30.0;
            let is_flash = (30..33).contains(&number);
            // A tile that comes and stays, and a picture that stands still in a flash.
            let layout = if number >= 60 { 20.0 } else { 0.0 };
            let frozen = if (90..110).contains(&number) { 30.0 } else { 0.0 };
            finder.push(at, 30.0 + layout + frozen + if is_flash { 25.0 } else { 0.0 });
        }
        assert_eq!(finder.found, [1.0]);
    }

    #[test]
    fn a_beep_is_a_sound_that_is_loud_for_a_moment() {
        let mut finder = BeepFinder::default();
        for number in 0..96_000_u32 {
            let is_beep = (48_000..52_800).contains(&number);
            let is_click = (9_600..9_700).contains(&number);
            let wave = (f64::from(number) * 0.13).sin() as f32;
            finder.push(if is_beep || is_click { 0.4 * wave } else { 0.001 * wave });
        }
        let [begin] = finder.found()[..] else { panic!("{:?}", finder.found()) };
        assert!((48_000..48_010).contains(&begin), "{begin}");
    }

    #[test]
    fn what_is_missing_in_a_file_moves_what_comes_after() {
        let places = [Place { first_sample: 0, at: 0.5 }, Place { first_sample: 960, at: 3.0 }];
        assert_eq!(Place::of(&places, 480), Some(0.51));
        assert_eq!(Place::of(&places, 960 + 480), Some(3.01));
    }
}
