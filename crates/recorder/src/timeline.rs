//! From RTP timestamps to the clock of the recording.
//!
//! RTP timestamps give the spacing of frames: they are taken where the media is made, free of the
//! network's jitter. They do not give the place, since each source counts from a number of its own,
//! with a clock of its own that is some hundred parts per million off, and not every sender counts
//! on while it pauses. Arrival times give the place: the frame that was least delayed of the last
//! seconds tells best where the source's clock stands on ours.

use std::{collections::VecDeque, time::Duration};

/// How far back the least delayed frame is looked for. Shorter follows every short congestion,
/// longer notices late that a path has become slower.
const WINDOW: Duration = Duration::from_secs(10);

/// The window is kept in steps of this length.
const STEP: Duration = Duration::from_secs(1);

/// How fast a place is corrected at least. Crystals drift apart by 0.2 ms in a second at most; 5 ms
/// are heard by nobody, and a path that has become slower by 100 ms is followed within 20 s.
const MIN_CORRECTION: f64 = 0.005;

/// A frame that comes earlier than expected proves the place wrong, as when the first seconds of a
/// call were jammed. A large error is corrected faster: by a fifth of it in a second.
const CORRECTION_SHARE: f64 = 0.2;

/// How long the frames of a new anchor are held back, to find among them one that was not delayed.
/// A recording is not live; more would only be missing after a crash.
const SETTLING: Duration = Duration::from_secs(1);

/// A frame that comes so much later than expected: the source did not count while it paused. Less
/// is a jam on the network that will dissolve.
const LATE_JUMP: f64 = 2.0;

/// A frame that comes so much earlier than expected: the source jumped ahead. No path gets so much
/// faster at once.
const EARLY_JUMP: f64 = 1.0;

/// Two frames never have the same time.
const MIN_SPACING: Duration = Duration::from_millis(1);

/// Gives the frames of one source their times on the clock of the recording, which never go
/// backwards.
#[derive(Debug)]
pub struct Timeline<T> {
    ticks_per_second: f64,
    anchor: Option<Anchor>,
    /// Frames of an anchor that is not settled.
    held: VecDeque<Held<T>>,
    ready: VecDeque<(Placed, T)>,
    last: Option<Duration>,
}

#[derive(Debug)]
struct Held<T> {
    timestamp: u32,
    frame: T,
    is_new_anchor: bool,
}

/// What a frame's place is reckoned from. Media time is the RTP time since the anchor was made, in
/// seconds; an offset is what has to be added to it.
#[derive(Debug)]
struct Anchor {
    newest_timestamp: u32,
    newest_ticks: i64,
    since: Duration,
    is_settled: bool,
    corrected: Duration,
    offset: f64,
    /// The smallest offset of each step of the window, with the step's begin.
    smallest: VecDeque<(Duration, f64)>,
}

/// Where a frame stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Time on the clock of the recording.
    pub at: Duration,
    /// Whether the place was reckoned anew, since the source jumped or has just begun.
    pub is_new_anchor: bool,
}

impl<T> Timeline<T> {
    /// For a source with this RTP clock, 48,000 or 90,000 ticks in a second.
    #[must_use]
    pub fn new(ticks_per_second: u32) -> Self {
        Self {
            ticks_per_second: ticks_per_second.into(),
            anchor: None,
            held: VecDeque::new(),
            ready: VecDeque::new(),
            last: None,
        }
    }

    /// The next frame is of another stream, whose timestamps have nothing to do with those before.
    pub fn restart(&mut self) {
        self.release();
        self.anchor = None;
    }

    /// Takes the next frame, with its timestamp and the time when it arrived.
    pub fn push(&mut self, timestamp: u32, arrived: Duration, frame: T) {
        let ticks_per_second = self.ticks_per_second;
        let follows = self
            .anchor
            .as_mut()
            .is_some_and(|anchor| anchor.follow(timestamp, arrived, ticks_per_second));
        if !follows {
            self.restart();
            self.anchor = Some(Anchor::new(timestamp, arrived));
        }
        let held = Held { timestamp, frame, is_new_anchor: !follows };
        self.held.push_back(held);
        self.settle(arrived);
    }

    /// The next frame whose time is known at `now`.
    pub fn pop(&mut self, now: Duration) -> Option<(Placed, T)> {
        self.settle(now);
        self.ready.pop_front()
    }

    /// The next frame, with the time that is best known: nothing more will come.
    pub fn flush(&mut self) -> Option<(Placed, T)> {
        self.release();
        self.ready.pop_front()
    }

    fn settle(&mut self, now: Duration) {
        if self.anchor.as_ref().is_some_and(|anchor| anchor.since + SETTLING <= now) {
            self.release();
        }
    }

    /// Gives every frame that was held back its time.
    fn release(&mut self) {
        let Some(anchor) = &mut self.anchor else {
            return;
        };
        anchor.is_settled = true;
        for Held { timestamp, frame, is_new_anchor } in self.held.drain(..) {
            let at = anchor.place(timestamp, self.ticks_per_second);
            let at = self.last.map_or(at, |last| at.max(last + MIN_SPACING));
            self.last = Some(at);
            self.ready.push_back((Placed { at, is_new_anchor }, frame));
        }
    }
}

impl Anchor {
    fn new(timestamp: u32, arrived: Duration) -> Self {
        Self {
            newest_timestamp: timestamp,
            newest_ticks: 0,
            since: arrived,
            is_settled: false,
            corrected: arrived,
            offset: arrived.as_secs_f64(),
            smallest: VecDeque::from([(arrived, arrived.as_secs_f64())]),
        }
    }

    /// Learns from a frame; `false` when the source has jumped.
    fn follow(&mut self, timestamp: u32, arrived: Duration, ticks_per_second: f64) -> bool {
        let ticks = self.ticks(timestamp);
        let offset = arrived.as_secs_f64() - ticks as f64 / ticks_per_second;
        if !(-EARLY_JUMP..=LATE_JUMP).contains(&(offset - self.offset)) {
            return false;
        }
        if ticks > self.newest_ticks {
            self.newest_timestamp = timestamp;
            self.newest_ticks = ticks;
        }
        self.note(arrived, offset);
        self.correct(arrived);
        true
    }

    /// The time of a frame on the clock of the recording.
    fn place(&self, timestamp: u32, ticks_per_second: f64) -> Duration {
        let media = self.ticks(timestamp) as f64 / ticks_per_second;
        Duration::try_from_secs_f64(media + self.offset).unwrap_or_default()
    }

    /// Ticks since the anchor was made, with timestamps that wrap around.
    fn ticks(&self, timestamp: u32) -> i64 {
        let forward = timestamp.wrapping_sub(self.newest_timestamp).cast_signed();
        self.newest_ticks.saturating_add(forward.into())
    }

    /// Keeps the smallest offset of each step of the window.
    fn note(&mut self, arrived: Duration, offset: f64) {
        match self.smallest.back_mut() {
            Some((begin, smallest)) if arrived < *begin + STEP => *smallest = smallest.min(offset),
            _ => self.smallest.push_back((arrived, offset)),
        }
        while self.smallest.len() > 1
            && self.smallest.front().is_some_and(|(begin, _)| *begin + WINDOW < arrived)
        {
            self.smallest.pop_front();
        }
    }

    /// Moves the offset towards the smallest one of the window.
    fn correct(&mut self, arrived: Duration) {
        let wanted = self.smallest.iter().map(|(_, offset)| *offset).fold(f64::INFINITY, f64::min);
        let passed = arrived.saturating_sub(self.corrected).as_secs_f64();
        self.corrected = self.corrected.max(arrived);
        let error = wanted - self.offset;
        if !self.is_settled {
            self.offset = self.offset.min(wanted);
            return;
        }
        let earlier = MIN_CORRECTION.max(-error * CORRECTION_SHARE);
        self.offset += error.clamp(-earlier * passed, MIN_CORRECTION * passed);
    }
}

#[cfg(test)]
mod tests;
