//! Somebody who flashes and beeps.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use jumpa_client::{Client, Codec, JoinOptions, OutPacket, PublishSignal, synthetic::Vp8Packets};
use jumpa_protocol::{
    CallId, ParticipantId, SourceKind,
    signal::{SourceState, SourceUpdate},
};
use tokio::{sync::broadcast::error::TryRecvError, task::JoinHandle, time::sleep_until};

use super::clip::{Clip, FPS, LayerClip, PACKET, PERIOD};

/// How loud a performer is said to be, −dBov.
const LEVEL: u8 = 20;

/// A picture or a sound that could not be sent for so long is not sent at all: a camera that finds
/// no processor leaves pictures out, and does not send them in a heap later.
const STALE: Duration = Duration::from_millis(100);

/// A clock for all performers, on which each has its turn.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    began: Instant,
    began_at_ms: f64,
    turns: u32,
}

impl Stage {
    /// A stage for so many performers, which begins now.
    #[must_use]
    pub fn new(turns: u32) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began: Instant::now(), began_at_ms: since_1970.as_secs_f64() * 1e3, turns }
    }

    /// How long it has been going on.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// When somebody's cues come: the first at or after `now`.
    fn next_cue(&self, turn: u32, now: Instant) -> Instant {
        let mut at = self.began + PERIOD / self.turns.max(1) * turn;
        while at < now {
            at += PERIOD;
        }
        at
    }

    /// The first moment at or after `at`, counted from the beginning, that is in the middle between
    /// two cues of somebody.
    #[must_use]
    pub fn between_cues(&self, turn: u32, at: Duration) -> Duration {
        let half = PERIOD / 2;
        let cue = self.next_cue(turn, self.began + at.saturating_sub(half));
        cue.saturating_duration_since(self.began) + half
    }

    /// Milliseconds since 1970.
    fn wall_ms(&self, at: Instant) -> f64 {
        self.began_at_ms + at.saturating_duration_since(self.began).as_secs_f64() * 1e3
    }
}

/// A flash with its beep, as they were taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cue {
    /// Whose.
    pub participant_id: ParticipantId,
    /// When the first white picture was taken, milliseconds since 1970.
    pub flash_ms: f64,
    /// When the first sample of the beep was taken, milliseconds since 1970.
    pub beep_ms: f64,
}

/// What a performer may do now.
#[derive(Debug)]
struct Mood {
    has_sound: AtomicBool,
    has_picture: AtomicBool,
    /// How many of the layers are sent.
    layers: AtomicU8,
}

/// Somebody in a call who flashes and beeps until this is dropped.
#[derive(Debug)]
pub struct Performer {
    client: Client,
    mood: Arc<Mood>,
    noted: Arc<Mutex<Noted>>,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Noted {
    flashes_ms: Vec<f64>,
    beeps_ms: Vec<f64>,
}

impl Noted {
    fn lock(of: &Mutex<Self>) -> std::sync::MutexGuard<'_, Self> {
        of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Performer {
    /// Joins and performs on its turn. The clock of its sound runs fast by so many parts per
    /// million, as that of a sound card does whose crystal is not exact.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn join(
        options: JoinOptions,
        clip: &Clip,
        stage: Stage,
        turn: u32,
        fast_ppm: f64,
    ) -> anyhow::Result<Self> {
        let options =
            options.with_slots(0, 0).sending(SourceKind::Microphone).sending(SourceKind::Camera);
        let (client, mut events) = Client::join(options).await.context("joining")?;
        client.wait_for_media().await.context("waiting for media")?;
        let mood = Arc::new(Mood {
            has_sound: AtomicBool::new(true),
            has_picture: AtomicBool::new(true),
            layers: AtomicU8::new(u8::MAX),
        });
        let noted = Arc::new(Mutex::new(Noted::default()));
        let of = Sending {
            client: client.clone(),
            stage,
            turn,
            mood: Arc::clone(&mood),
            noted: Arc::clone(&noted),
        };
        let tasks = vec![
            tokio::spawn(of.clone().pictures(clip.layers.clone())),
            tokio::spawn(of.sounds(clip.clone(), fast_ppm)),
            // Nobody looks at what comes, but it must not pile up.
            tokio::spawn(async move { while events.next().await.is_some() {} }),
        ];
        Ok(Self { client, mood, noted, tasks })
    }

    /// The call.
    pub fn call_id(&self) -> CallId {
        self.client.snapshot().call.id
    }

    /// Shows or hides the picture.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn set_picture(&self, is_shown: bool) -> anyhow::Result<()> {
        self.mood.has_picture.store(is_shown, Ordering::Relaxed);
        self.tell(SourceKind::Camera, if is_shown { SourceState::Live } else { SourceState::Off })
            .await
    }

    /// Mutes the sound or gives it back.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn set_sound(&self, is_heard: bool) -> anyhow::Result<()> {
        self.mood.has_sound.store(is_heard, Ordering::Relaxed);
        let state = if is_heard { SourceState::Live } else { SourceState::Muted };
        self.tell(SourceKind::Microphone, state).await
    }

    /// Sends only so many layers, the smallest first, as on a network that carries no more.
    pub fn send_layers(&self, layers: u8) {
        self.mood.layers.store(layers, Ordering::Relaxed);
    }

    /// Leaves, and tells which flashes were sent with their beeps.
    pub async fn leave(mut self) -> Vec<Cue> {
        for task in self.tasks.drain(..) {
            task.abort();
        }
        self.client.leave().await;
        let participant_id = self.client.participant_id();
        let noted = Noted::lock(&self.noted);
        let together = |flash: &f64| {
            let beep = noted.beeps_ms.iter().find(|beep| (*beep - flash).abs() < 100.0)?;
            Some(Cue { participant_id, flash_ms: *flash, beep_ms: *beep })
        };
        noted.flashes_ms.iter().filter_map(together).collect()
    }

    async fn tell(&self, source: SourceKind, state: SourceState) -> anyhow::Result<()> {
        let SourceUpdate { source, state } = SourceUpdate { source, state };
        self.client.set_source(source, state).await.context("telling what is sent")
    }
}

impl Drop for Performer {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// One layer of the picture on its way.
struct Encoding {
    of: LayerClip,
    packets: Vp8Packets,
    is_wanted: bool,
    /// Whether the frame before was sent: without it only a keyframe can be decoded.
    has_begun: bool,
}

/// What the tasks of a performer share.
#[derive(Debug, Clone)]
struct Sending {
    client: Client,
    stage: Stage,
    turn: u32,
    mood: Arc<Mood>,
    noted: Arc<Mutex<Noted>>,
}

impl Sending {
    async fn pictures(self, layers: Vec<LayerClip>) {
        let mut signals = self.client.publish_signals();
        let mut encodings: Vec<Encoding> = (1..)
            .zip(layers)
            .map(|(number, of)| Encoding {
                of,
                packets: Vp8Packets::new(self.turn * 8 + number),
                is_wanted: true,
                has_begun: false,
            })
            .collect();
        let began = self.stage.next_cue(self.turn, Instant::now());
        for number in 0_u64.. {
            let at = began + Duration::from_nanos(number * 1_000_000_000 / u64::from(FPS));
            sleep_until(at.into()).await;
            loop {
                match signals.try_recv() {
                    Ok(signal) => obey(&mut encodings, &signal),
                    Err(TryRecvError::Lagged(_)) => {}
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            let is_shown = self.mood.has_picture.load(Ordering::Relaxed) && at.elapsed() < STALE;
            let layers = usize::from(self.mood.layers.load(Ordering::Relaxed));
            let mut is_sent = false;
            for (place, encoding) in encodings.iter_mut().enumerate() {
                let frames = &encoding.of.frames;
                let frame = &frames[(number % frames.len() as u64) as usize];
                // The lowest bit of a VP8 frame is 0 in keyframes (RFC 6386 section 9.1).
                let is_keyframe = frame.first().is_some_and(|byte| byte & 1 == 0);
                let is_allowed = is_shown && encoding.is_wanted && place < layers;
                encoding.has_begun = is_allowed && (encoding.has_begun || is_keyframe);
                if !encoding.has_begun {
                    continue;
                }
                is_sent = true;
                let ticks = number * 90_000 / u64::from(FPS);
                for packet in encoding.packets.frame(frame, number, ticks, at) {
                    self.client.write(SourceKind::Camera, Some(encoding.of.layer), packet);
                }
            }
            let period = PERIOD.as_secs() * u64::from(FPS);
            if is_sent && number.is_multiple_of(period) {
                Noted::lock(&self.noted).flashes_ms.push(self.stage.wall_ms(at));
            }
        }
    }

    async fn sounds(self, clip: Clip, fast_ppm: f64) {
        let began = Instant::now();
        let packet_seconds = PACKET.as_secs_f64() / (1.0 + fast_ppm * 1e-6);
        let mut cue = self.stage.next_cue(self.turn, began);
        let (mut seq, mut place_in_beep) = (1, clip.beep.len());
        for number in 0_u32.. {
            let at = began + Duration::from_secs_f64(f64::from(number) * packet_seconds);
            sleep_until(at.into()).await;
            let has_sound = self.mood.has_sound.load(Ordering::Relaxed) && at.elapsed() < STALE;
            if at + PACKET / 2 >= cue {
                cue += PERIOD;
                place_in_beep = 0;
                if has_sound {
                    Noted::lock(&self.noted).beeps_ms.push(self.stage.wall_ms(at));
                }
            }
            let sound = match clip.beep.get(place_in_beep) {
                Some(sound) => sound,
                None => &clip.silence[number as usize % clip.silence.len()],
            };
            place_in_beep += 1;
            if has_sound {
                self.client.write(
                    SourceKind::Microphone,
                    None,
                    OutPacket {
                        codec: Codec::Opus,
                        seq,
                        timestamp: number.wrapping_mul(960),
                        marker: false,
                        csrc: None,
                        audio_level: Some(LEVEL),
                        voice_activity: Some(true),
                        rotation: None,
                        vp8: None,
                        payload: sound.as_slice().into(),
                        captured_at: at,
                    },
                );
                seq += 1;
            }
        }
    }
}

fn obey(encodings: &mut [Encoding], signal: &PublishSignal) {
    if let PublishSignal::LayersWanted { source: SourceKind::Camera, layers } = signal {
        for encoding in encodings {
            encoding.is_wanted = layers.contains(&encoding.of.layer);
        }
    }
}
