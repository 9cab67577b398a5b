//! The composite on its way to others, over RTMP, while it is made.
//!
//! Each target has a thread and a pipeline of its own, so none of them can disturb the file or
//! another target. A pipeline that failed is built anew and begins with the last keyframe. Addresses
//! hold stream keys: they are said to nobody.

mod pipeline;
mod proxy;
mod recent;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use jumpa_protocol::recording::{StreamFailure, StreamState, StreamTarget, TargetReport};
use pipeline::{Fault, Pipeline};
use recent::Recent;

use crate::encoder::{Coded, FPS, PACKET_SAMPLES};

/// Packets that wait for a target at most, about ten seconds. A target that is further behind loses
/// pictures up to the next keyframe.
const MAX_WAITING: usize = 1_000;

/// How long a target that was lost rests: it shall be live again within three seconds of its return,
/// also where both machines have much to do.
const REST: Duration = Duration::from_millis(500);

/// How long a target that refuses the key rests. Services block who asks too often.
const LONG_REST: Duration = Duration::from_secs(5);

/// How long a failure is looked into.
const PROBE_PATIENCE: Duration = Duration::from_secs(1);

/// A packet that is due later than this is sent at once: the composer has skipped something.
const MAX_EARLY: Duration = Duration::from_secs(4);

/// How often a thread looks at its pipeline when nothing happens.
const LOOK_INTERVAL: Duration = Duration::from_millis(200);

/// What both tracks are, for whoever begins to watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formats {
    /// `AVCDecoderConfigurationRecord`.
    pub pictures: Vec<u8>,
    /// `AudioSpecificConfig`.
    pub sound: Vec<u8>,
    /// Width and height.
    pub size: (u16, u16),
}

/// A coded frame for a target.
#[derive(Debug)]
struct Packet {
    is_sound: bool,
    /// The number of the picture before, of a picture that can follow only it.
    after: Option<u64>,
    coded: Coded,
    formats: Arc<Formats>,
}

impl Packet {
    /// When it is, on the clock of the recording.
    const fn at(&self) -> Duration {
        let per_second = if self.is_sound { 48_000 } else { FPS };
        let ticks = if self.is_sound { PACKET_SAMPLES } else { 1 };
        Duration::from_nanos(self.coded.number * ticks * 1_000_000_000 / per_second)
    }

    const fn is_keyframe(&self) -> bool {
        !self.is_sound && self.coded.is_keyframe
    }
}

/// All targets of a composite.
#[derive(Debug, Default)]
pub struct Streams {
    targets: Vec<Stream>,
    formats: Option<Arc<Formats>>,
    /// The number of the last picture, when it was handed over.
    last_picture: Option<u64>,
}

#[derive(Debug)]
struct Stream {
    target: StreamTarget,
    packets: SyncSender<Arc<Packet>>,
    report: Arc<Mutex<TargetReport>>,
    thread: JoinHandle<()>,
}

impl Streams {
    /// Sends to these targets from now on, and to no others.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn set(&mut self, targets: &[StreamTarget]) -> std::io::Result<()> {
        // A thread whose sender is gone says good-bye to its target and ends.
        self.targets.retain(|stream| targets.contains(&stream.target));
        for target in targets {
            if !self.targets.iter().any(|stream| stream.target == *target) {
                self.targets.push(Stream::start(target.clone())?);
            }
        }
        Ok(())
    }

    /// Whether nobody watches.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// Says what the tracks are; nothing is sent before.
    pub fn describe(&mut self, formats: impl FnOnce() -> Option<Formats>) {
        if self.formats.is_none() {
            self.formats = formats().map(Arc::new);
        }
    }

    /// Hands frames to every target.
    pub fn push(&mut self, pictures: &[Coded], sound: &[Coded]) {
        let Some(formats) = self.formats.clone().filter(|_| !self.is_empty()) else {
            self.skip();
            return;
        };
        let packets = pictures.iter().map(|coded| (false, coded));
        for (is_sound, coded) in packets.chain(sound.iter().map(|coded| (true, coded))) {
            let after = if is_sound { None } else { self.last_picture.replace(coded.number) };
            let (coded, formats) = (coded.clone(), Arc::clone(&formats));
            let packet = Arc::new(Packet { is_sound, after, coded, formats });
            for stream in &self.targets {
                // A full queue loses the packet; the next one tells the thread what it comes after.
                let _ = stream.packets.try_send(Arc::clone(&packet));
            }
        }
    }

    /// Frames are not handed over: after this only a keyframe can be decoded.
    pub const fn skip(&mut self) {
        self.last_picture = None;
    }

    /// How the targets are.
    #[must_use]
    pub fn reports(&self) -> Vec<TargetReport> {
        self.targets.iter().map(|stream| lock(&stream.report).clone()).collect()
    }

    /// The states alone.
    #[must_use]
    pub fn states(&self) -> Vec<StreamState> {
        self.targets.iter().map(|stream| lock(&stream.report).state).collect()
    }

    /// Says good-bye to every target.
    pub fn finish(self) {
        for Stream { packets, thread, .. } in self.targets {
            drop(packets);
            if thread.join().is_err() {
                tracing::error!("a stream's thread has panicked");
            }
        }
    }
}

fn lock(report: &Mutex<TargetReport>) -> MutexGuard<'_, TargetReport> {
    report.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stream {
    fn start(target: StreamTarget) -> std::io::Result<Self> {
        let (packets, waiting) = sync_channel(MAX_WAITING);
        let report = Arc::new(Mutex::new(TargetReport {
            id: target.id,
            state: StreamState::Connecting,
            bitrate_bps: None,
            failure: None,
        }));
        let sender = Sender {
            target: target.clone(),
            waiting,
            report: Arc::clone(&report),
            recent: Recent::default(),
            was_live: false,
        };
        let thread =
            thread::Builder::new().name("stream".to_owned()).spawn(move || sender.run())?;
        Ok(Self { target, packets, report, thread })
    }
}

/// What the thread of a target holds.
struct Sender {
    target: StreamTarget,
    waiting: Receiver<Arc<Packet>>,
    report: Arc<Mutex<TargetReport>>,
    /// The frames since the last keyframe, with which a new connection begins.
    recent: Recent,
    was_live: bool,
}

/// Nothing more will come.
struct Over;

impl Sender {
    fn run(mut self) {
        while let Ok(fault) = self.send() {
            let failure = self.look_into(fault);
            let is_refused = failure == StreamFailure::KeyRefused
                || failure == StreamFailure::CertificateInvalid
                || !self.was_live;
            let state = if is_refused { StreamState::Refused } else { StreamState::Reconnecting };
            self.tell(state, Some(failure), None);
            let rest = if failure == StreamFailure::KeyRefused { LONG_REST } else { REST };
            if self.rest(rest).is_err() {
                break;
            }
        }
        self.tell(StreamState::Ended, None, None);
    }

    fn tell(&self, state: StreamState, failure: Option<StreamFailure>, bitrate: Option<u32>) {
        let mut report = lock(&self.report);
        if report.state != state {
            tracing::info!(target.id = %report.id, ?state, ?failure, "a stream has another state");
        }
        report.state = state;
        report.failure = failure;
        report.bitrate_bps = bitrate;
    }

    /// Keeps taking what comes, so that the latest is there when it is needed.
    fn rest(&mut self, rest: Duration) -> Result<(), Over> {
        let until = Instant::now() + rest;
        loop {
            match self.waiting.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(packet) => drop(self.recent.push(packet)),
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Over),
            }
        }
    }

    /// Sends until the target fails.
    fn send(&mut self) -> Result<Fault, Over> {
        while self.recent.is_empty() {
            self.rest(LOOK_INTERVAL)?;
        }
        let mut pipeline = match self.recent.formats().map(|it| Pipeline::start(&self.target, it)) {
            Some(Ok(pipeline)) => pipeline,
            Some(Err(fault)) => return Ok(fault),
            None => return Ok(Fault::Lost),
        };
        // The newest packet is due now.
        let mut pace = Pace { began: Instant::now(), newest: self.recent.newest() };
        for packet in self.recent.packets() {
            pipeline.push(packet);
        }
        loop {
            if let Some(fault) = pipeline.fault(Duration::ZERO) {
                return Ok(fault);
            }
            if let Some(bitrate) = pipeline.live_bitrate() {
                self.was_live = true;
                self.tell(StreamState::Live, None, bitrate);
            }
            let packet = match self.waiting.recv_timeout(LOOK_INTERVAL) {
                Ok(packet) => packet,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => {
                    pipeline.finish();
                    return Err(Over);
                }
            };
            // Sound goes with its pictures: the encoder gives a picture later than the sound of the
            // same moment, and whoever waited for both would fall behind with each of them.
            if !packet.is_sound
                && let Some(early) = pace.early(packet.at(), Instant::now())
                && let Some(fault) = pipeline.fault(early)
            {
                return Ok(fault);
            }
            if self.recent.push(Arc::clone(&packet)) {
                pipeline.push(&packet);
            }
        }
    }

    /// Why a target failed, as far as can be told: what GStreamer says differs from server to
    /// server, so the address itself is asked.
    fn look_into(&self, fault: Fault) -> StreamFailure {
        let is_there = || {
            let place = self.target.host();
            place.is_some_and(|(host, port)| proxy::is_there(&host, port, PROBE_PATIENCE))
        };
        match fault {
            Fault::Certificate => StreamFailure::CertificateInvalid,
            Fault::Live => StreamFailure::ConnectionLost,
            Fault::Refused | Fault::Lost if !is_there() => StreamFailure::Unreachable,
            Fault::Refused | Fault::Lost => StreamFailure::KeyRefused,
            Fault::Address => StreamFailure::Unreachable,
        }
    }
}

/// Sends as fast as the recording goes. What comes in bursts is spread out again.
struct Pace {
    began: Instant,
    /// The moment of the recording that was due when it began.
    newest: Duration,
}

impl Pace {
    /// How long a picture has to wait until it is due; what is late makes all later ones due as late.
    fn early(&mut self, at: Duration, now: Instant) -> Option<Duration> {
        let due = self.began + at.saturating_sub(self.newest);
        if due <= now || due - now > MAX_EARLY {
            *self = Self { began: now, newest: at };
            return None;
        }
        Some(due - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_come_in_bursts_are_spread_out_and_lateness_is_not_made_good() {
        let began = Instant::now();
        let ms = Duration::from_millis;
        let mut pace = Pace { began, newest: ms(1_000) };
        assert_eq!(pace.early(ms(1_100), began + ms(20)), Some(ms(80)));
        assert_eq!(pace.early(ms(1_200), began + ms(20)), Some(ms(180)));
        assert_eq!(pace.early(ms(1_300), began + ms(450)), None, "150 ms late");
        assert_eq!(pace.early(ms(1_400), began + ms(460)), Some(ms(90)));
        assert_eq!(pace.early(ms(9_000), began + ms(600)), None, "something was skipped");
        assert_eq!(pace.early(ms(9_100), began + ms(600)), Some(ms(100)));
    }
}
