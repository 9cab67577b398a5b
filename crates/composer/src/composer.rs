//! One composite from the first word to the last.

use std::{
    fs, io,
    sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError},
    time::{Duration, Instant},
};

use gstreamer as gst;
use jumpa_protocol::recording::{StreamState, StreamTarget};
use jumpa_recorded::{
    composing::{ComposedKind, Composition, FromComposer, ToComposer},
    files::{AUDIO_FILE, COMPOSITE_FILE, EVENTS_FILE, POSTER_FILE, media_files},
    webm::Reader,
};

use crate::{
    chain::ChainError,
    encoder::{Coded, FPS, PACKET_SAMPLES, PictureEncoder, SoundEncoder},
    haste::Haste,
    layout::{Audience, Tile, arrange},
    log::Log,
    mixer::{Limiter, SAMPLE_RATE, Sample},
    mp4,
    parts::{Part, PartKind, PastPart, Place, part_files, past},
    picture::Picture,
    poster::{POSTER_MS, logo, poster_of_best_source, write_poster},
    scene::Scene,
    sources::{SourceKey, Sources},
    stage::Stage,
    stream::{Formats, Streams},
    watchdog,
};

/// How often it says how far it is, and how the streams are when that has not changed.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(1);

/// Viewers see nothing that is older: a composer that catches up does so for the file alone.
const MAX_STREAM_DELAY_MS: u64 = 8_000;

/// Samples that go with a picture.
const PICTURE_SAMPLES: u64 = SAMPLE_RATE / FPS;

/// Canvases that can be: the encoder wants rows of whole blocks, and larger ones are not allowed.
const MIN_SIDE: u16 = 64;
const MAX_SIDE: u16 = 2_048;

/// What does not depend on the recording.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Preset of x264: a slower one makes better pictures of the same bytes.
    pub preset: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { preset: "veryfast".to_owned() }
    }
}

/// Why there is no composite.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// GStreamer is not installed as it should be.
    #[error("starting GStreamer")]
    Start(#[source] gst::glib::Error),
    /// Encoding failed.
    #[error("encoding")]
    Encode(#[from] ChainError),
    /// The disk.
    #[error("reading or writing files")]
    Io(#[from] io::Error),
    /// The words ended before the recording did: whoever said them is gone.
    #[error("the words ended without `end`")]
    WordsEnded,
    /// A line on the standard input was no word, or at the wrong time.
    #[error("words that nobody knows")]
    UnknownWords,
    /// The canvas is not one that can be.
    #[error("a canvas of {0} x {1} pixels cannot be composed")]
    Canvas(u16, u16),
    /// There is no media at all.
    #[error("there is nothing to compose")]
    Nothing,
}

/// Says something to the recorder.
pub type Say<'a> = &'a mut dyn FnMut(&FromComposer) -> io::Result<()>;

/// Makes what was ordered, and says so. Blocks until it is done.
///
/// # Errors
/// [`ComposeError`]; when it is called again with the same order it goes on where it was.
pub fn compose(
    order: &Composition,
    settings: &Settings,
    words: &Receiver<Option<ToComposer>>,
    say: Say<'_>,
) -> Result<(), ComposeError> {
    gst::init().map_err(ComposeError::Start)?;
    let mut heard = Heard { targets: Some(order.targets.clone()), ..Heard::default() };
    let file = match order.kind {
        ComposedKind::Composite => Some((PartKind::Composite, COMPOSITE_FILE)),
        ComposedKind::AudioOnly => Some((PartKind::Audio, AUDIO_FILE)),
        ComposedKind::Poster => None,
    };
    let mut files = Vec::new();
    if let Some((kind, name)) = file {
        if !order.folder.join(name).exists() {
            Composer::begin(order, settings, kind)?.run(words, &mut heard, say)?;
        }
        for (_, part) in part_files(&order.folder, kind)? {
            fs::remove_file(part)?;
        }
        files.push(name);
    }
    if order.kind != ComposedKind::Composite && !order.folder.join(POSTER_FILE).exists() {
        let end_ms = heard.wait_for_end(words, say)?;
        let mut log = Log::new(order.folder.join(EVENTS_FILE));
        log.read()?;
        let zero_ms = zero_of(order, &log)?.ok_or(ComposeError::Nothing)?;
        poster_of_best_source(&order.folder, zero_ms, end_ms)?;
    }
    if order.folder.join(POSTER_FILE).exists() {
        files.push(POSTER_FILE);
    }
    say(&FromComposer::Done { files: files.into_iter().map(str::to_owned).collect() })?;
    Ok(())
}

/// Zero of the clock of the recording: as the log says, or where its first file begins when the log
/// was lost.
fn zero_of(order: &Composition, log: &Log) -> io::Result<Option<u64>> {
    if let Some(zero_ms) = log.zero_ms() {
        return Ok(Some(zero_ms));
    }
    let mut zero_ms = None;
    for name in media_files(&order.folder)? {
        let Ok(reader) = Reader::open(fs::File::open(order.folder.join(name))?) else {
            continue;
        };
        let began = reader.formats().iter().map(|format| format.began_at_ms).min();
        zero_ms = zero_ms.into_iter().chain(began).min();
    }
    Ok(zero_ms)
}

/// What the recorder has said so far.
#[derive(Debug, Default)]
struct Heard {
    horizon_ms: u64,
    end_ms: Option<u64>,
    /// Where the composite is sent, when that has changed.
    targets: Option<Vec<StreamTarget>>,
}

impl Heard {
    fn take(&mut self, word: Option<ToComposer>) -> Result<(), ComposeError> {
        match word {
            Some(ToComposer::Horizon { at_ms }) => self.horizon_ms = self.horizon_ms.max(at_ms),
            Some(ToComposer::End { at_ms }) => self.end_ms = Some(at_ms),
            Some(ToComposer::Targets { targets }) => self.targets = Some(targets),
            Some(ToComposer::Begin { .. }) | None => return Err(ComposeError::UnknownWords),
        }
        Ok(())
    }

    fn wait_for_end(
        &mut self,
        words: &Receiver<Option<ToComposer>>,
        say: Say<'_>,
    ) -> Result<u64, ComposeError> {
        loop {
            if let Some(end_ms) = self.end_ms {
                return Ok(end_ms);
            }
            watchdog::alive();
            match words.recv_timeout(PROGRESS_INTERVAL) {
                Ok(word) => self.take(word)?,
                Err(RecvTimeoutError::Timeout) => {
                    let (composed_ms, bytes, targets) = (self.horizon_ms, 0, Vec::new());
                    say(&FromComposer::Progress { composed_ms, bytes, targets })?;
                }
                Err(RecvTimeoutError::Disconnected) => return Err(ComposeError::WordsEnded),
            }
        }
    }
}

/// The state of a composite.
struct Composer<'a> {
    order: &'a Composition,
    kind: PartKind,
    log: Log,
    sources: Sources,
    scene: Scene,
    zero_ms: Option<u64>,
    /// What the tiles were placed for.
    audience: Option<Audience>,
    tiles: Vec<Tile>,
    painter: Option<Painter>,
    sound: SoundEncoder,
    limiter: Limiter,
    mix: Vec<Sample>,
    past: Vec<PastPart>,
    past_bytes: u64,
    part: Part,
    streams: Streams,
    haste: Haste,
    /// How the streams were when it was told last.
    states: Vec<StreamState>,
    /// The next picture.
    next: u64,
    /// The next sample.
    next_sample: u64,
}

/// What only composites with pictures have.
struct Painter {
    stage: Stage,
    encoder: PictureEncoder,
    /// The first picture with somebody's face on it, until there is a poster.
    early: Option<Picture>,
    has_poster: bool,
}

impl<'a> Composer<'a> {
    fn begin(
        order: &'a Composition,
        settings: &Settings,
        kind: PartKind,
    ) -> Result<Self, ComposeError> {
        let size @ (width, height) = (order.width, order.height);
        let can_be = |side| (MIN_SIDE..=MAX_SIDE).contains(&side);
        if !can_be(width) || !can_be(height) || width % 8 != 0 || height % 2 != 0 {
            return Err(ComposeError::Canvas(width, height));
        }
        let past = past(&order.folder, kind)?;
        let resume = past.resume;
        let mut past_bytes = 0;
        for part in &past.parts {
            past_bytes += fs::metadata(&part.path)?.len();
        }
        let painter = if kind.has_pictures() {
            let logo = order.logo.as_ref().and_then(|path| logo(path, size));
            Some(Painter {
                stage: Stage::new(size, order.has_names, logo),
                encoder: PictureEncoder::new(size, &settings.preset, resume.picture)?,
                early: None,
                has_poster: order.folder.join(POSTER_FILE).exists(),
            })
        } else {
            None
        };
        let mut sound = SoundEncoder::new(resume.packet)?;
        let first_sample = SoundEncoder::first_sample(resume.packet);
        if first_sample < 0 {
            // Silence comes before the beginning; it gives no packet that counts.
            sound.encode(&vec![[0.0; 2]; first_sample.unsigned_abs() as usize])?;
        }
        Ok(Self {
            order,
            kind,
            log: Log::new(order.folder.join(EVENTS_FILE)),
            sources: Sources::new(&order.folder),
            scene: Scene::default(),
            zero_ms: None,
            audience: None,
            tiles: Vec::new(),
            painter,
            sound,
            limiter: Limiter::default(),
            mix: Vec::new(),
            past: past.parts,
            past_bytes,
            part: Part::new(&order.folder, kind, past.next_number, size, resume),
            streams: Streams::default(),
            haste: Haste::default(),
            states: Vec::new(),
            next: resume.picture,
            next_sample: first_sample.max(0).unsigned_abs(),
        })
    }

    fn run(
        mut self,
        words: &Receiver<Option<ToComposer>>,
        heard: &mut Heard,
        say: Say<'_>,
    ) -> Result<(), ComposeError> {
        let mut progress_at = Instant::now() + PROGRESS_INTERVAL;
        self.look()?;
        self.pass(say)?;
        loop {
            watchdog::alive();
            if let Some(targets) = heard.targets.take() {
                self.streams.set(&targets)?;
            }
            let has_work = match heard.end_ms {
                Some(end_ms) => self.next < pictures_in(end_ms),
                None => (self.next + 1) * 1_000 <= heard.horizon_ms * FPS,
            };
            if heard.end_ms.is_some() && !has_work {
                break;
            }
            let now = Instant::now();
            let states = self.streams.states();
            if progress_at <= now || states != self.states {
                progress_at = now + PROGRESS_INTERVAL;
                self.states = states;
                say(&self.progress())?;
            }
            let word = if has_work {
                words.try_recv().map_err(|error| error == TryRecvError::Disconnected)
            } else {
                words
                    .recv_timeout(progress_at.saturating_duration_since(now))
                    .map_err(|error| error == RecvTimeoutError::Disconnected)
            };
            match word {
                Ok(word) => {
                    heard.take(word)?;
                    self.look()?;
                }
                // Everything was said before.
                Err(true) if heard.end_ms.is_some() => self.step(heard)?,
                Err(true) => return Err(ComposeError::WordsEnded),
                Err(false) if has_work => self.step(heard)?,
                Err(false) => {}
            }
        }
        self.finish(pictures_in(heard.end_ms.unwrap_or_default()), say)
    }

    /// Reads what was composed before, up to where it goes on: of hours of a call this takes a while.
    fn pass(&mut self, say: Say<'_>) -> Result<(), ComposeError> {
        if self.kind.has_pictures() {
            for minute in 0..self.next / (60 * FPS) {
                watchdog::alive();
                self.sources.advance_pictures(minute * 60_000, &[])?;
                say(&self.progress())?;
            }
        }
        Ok(())
    }

    /// Reads what was written since.
    fn look(&mut self) -> io::Result<()> {
        self.log.read()?;
        if self.zero_ms.is_none() {
            self.zero_ms = zero_of(self.order, &self.log)?;
        }
        if let Some(zero_ms) = self.zero_ms {
            self.sources.open_new(zero_ms)?;
        }
        Ok(())
    }

    /// Makes the next picture and the sound that goes with it.
    fn step(&mut self, heard: &Heard) -> Result<(), ComposeError> {
        let number = self.next;
        self.next += 1;
        let now_ms = number * 1_000 / FPS;
        let late_ms = heard.horizon_ms.saturating_sub(now_ms);
        // After the call nobody waits for the next moment any more.
        let is_watched = heard.end_ms.is_none() && !self.streams.is_empty();
        if !is_watched {
            self.haste.end();
        }
        let is_drawn = !is_watched || self.haste.draws(number, late_ms);
        let pictures = self.paint(number, is_drawn)?;
        let end = self.next * PICTURE_SAMPLES;
        self.mix.clear();
        self.mix.resize((end - self.next_sample) as usize, [0.0; 2]);
        self.sources.mix(self.next_sample, &mut self.mix)?;
        self.limiter.apply(&mut self.mix);
        self.next_sample = end;
        let sound = self.sound.encode(&self.mix)?;
        self.write(&pictures, &sound)?;
        if late_ms <= MAX_STREAM_DELAY_MS {
            self.stream(&pictures, &sound);
        } else {
            self.streams.skip();
        }
        Ok(())
    }

    /// Gives what the encoder makes of the picture of a number, when it is drawn.
    fn paint(&mut self, number: u64, is_drawn: bool) -> Result<Vec<Coded>, ComposeError> {
        let now_ms = number * 1_000 / FPS;
        while let Some(line) = self.log.next(now_ms) {
            self.scene.apply(&line);
        }
        let Some(painter) = &mut self.painter else {
            return Ok(Vec::new());
        };
        if !is_drawn {
            return Ok(Vec::new());
        }
        let audience = self.scene.audience();
        if self.audience.as_ref() != Some(&audience) {
            let size = (self.order.width.into(), self.order.height.into());
            self.tiles = arrange(self.order.layout, size, &audience);
            self.audience = Some(audience);
        }
        let seen: Vec<SourceKey> =
            self.tiles.iter().map(|tile| (tile.participant_id, tile.source)).collect();
        self.sources.advance_pictures(now_ms, &seen)?;
        let has_face = painter.stage.draw(now_ms, &self.tiles, &self.scene, &self.sources);
        let canvas = painter.stage.canvas();
        if has_face && !painter.has_poster {
            if now_ms >= POSTER_MS {
                write_poster(&self.order.folder, canvas)?;
                painter.has_poster = true;
                painter.early = None;
            } else if painter.early.is_none() {
                painter.early = Some(canvas.clone());
            }
        }
        Ok(painter.encoder.encode(number, canvas)?)
    }

    fn write(&mut self, pictures: &[Coded], sound: &[Coded]) -> io::Result<()> {
        let format = self.painter.as_ref().and_then(|painter| painter.encoder.configuration());
        self.part.write((format, pictures), (self.sound.configuration(), sound))
    }

    fn stream(&mut self, pictures: &[Coded], sound: &[Coded]) {
        let size = (self.order.width, self.order.height);
        self.streams.describe(|| {
            let pictures = self.painter.as_ref()?.encoder.configuration()?.to_vec();
            Some(Formats { pictures, sound: self.sound.configuration()?.to_vec(), size })
        });
        self.streams.push(pictures, sound);
    }

    fn progress(&self) -> FromComposer {
        FromComposer::Progress {
            composed_ms: self.next * 1_000 / FPS,
            bytes: self.past_bytes + self.part.bytes(),
            targets: self.streams.reports(),
        }
    }

    /// Makes one file of everything.
    fn finish(mut self, pictures: u64, say: Say<'_>) -> Result<(), ComposeError> {
        if self.sources.count() == 0 {
            return Err(ComposeError::Nothing);
        }
        let end = Place::of_picture(pictures);
        // As much silence as brings the last packet out.
        let silence = vec![[0.0; 2]; 3 * PACKET_SAMPLES as usize];
        let mut sound = self.sound.encode(&silence)?;
        sound.extend(self.sound.finish()?);
        sound.retain(|packet| packet.number < end.packet);
        let last = match &mut self.painter {
            Some(painter) => painter.encoder.finish()?,
            None => Vec::new(),
        };
        self.write(&last, &sound)?;
        self.stream(&last, &sound);
        let progress = self.progress();
        let Self { order, kind, painter, part, streams, past: mut parts, .. } = self;
        parts.extend(part.finish()?);
        if let Some(Painter { early: Some(early), has_poster: false, .. }) = painter {
            write_poster(&order.folder, &early)?;
        }
        say(&progress)?;
        let name = if kind.has_pictures() { COMPOSITE_FILE } else { AUDIO_FILE };
        let mut told_at = Instant::now();
        mp4::join(&parts, end, &order.folder.join(name), &mut || {
            watchdog::alive();
            if told_at.elapsed() >= PROGRESS_INTERVAL {
                told_at = Instant::now();
                say(&progress)?;
            }
            Ok(())
        })?;
        // What targets have not got yet goes out meanwhile.
        streams.finish();
        Ok(())
    }
}

/// Pictures of a recording of a length.
const fn pictures_in(end_ms: u64) -> u64 {
    (end_ms * FPS).div_ceil(1_000)
}
