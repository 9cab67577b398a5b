//! From RTP timestamps to the clock of the recording.
//!
//! RTP timestamps give the spacing of frames: they are taken where the media is made, free of the
//! network's jitter. They do not give the place, since each source counts from a number of its own,
//! with a clock of its own that is some hundred parts per million off, and not every sender counts
//! on while it pauses. Arrival times give the place: the frame that was least delayed of the last
//! seconds tells best where the source's clock stands on ours.
//!
//! Better still are sender reports, which put sound and pictures of one person on one clock: as soon
//! as there are some, they give the place.

use std::{collections::VecDeque, time::Duration};

use jumpa_rtc::SlidingMinimum;

/// How fast a place is corrected at least. Crystals drift apart by 0.2 ms in a second at most; 5 ms
/// are heard by nobody, and a path that has become slower by 100 ms is followed within 20 s.
const MIN_CORRECTION: f64 = 0.005;

/// A frame that comes earlier than expected proves the place wrong, as when the first seconds of a
/// call were jammed, and so does a report. A large error is corrected faster: by a fifth of it in a
/// second.
const CORRECTION_SHARE: f64 = 0.2;

/// How long the frames of a new anchor are held back, to find among them one that was not delayed,
/// and to hear a report, which the server gives every second. A recording is not live; more would
/// only be missing after a crash.
pub const SETTLING: Duration = Duration::from_millis(1_200);

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
    /// Offsets by arrival: the smallest is the best.
    arrived: SlidingMinimum,
    /// Offsets by sender reports. Where the server had to make one of arrival times, the smallest
    /// is again the best.
    reported: SlidingMinimum,
}

/// What is known of a frame's time, on the clock of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// When it arrived.
    pub arrived: Duration,
    /// When it was captured, by the reports of its sender.
    pub captured: Option<Duration>,
}

/// Where a frame stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Time on the clock of the recording.
    pub at: Duration,
    /// Whether it was made before the clock began, and stands at its zero for want of a better place.
    pub is_too_early: bool,
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

    /// Takes the next frame, with its timestamp and what is known of its time.
    pub fn push(&mut self, timestamp: u32, observed: Observed, frame: T) {
        let ticks_per_second = self.ticks_per_second;
        let follows = self
            .anchor
            .as_mut()
            .is_some_and(|anchor| anchor.follow(timestamp, observed, ticks_per_second));
        if !follows {
            self.restart();
            self.anchor = Some(Anchor::new(timestamp, observed));
        }
        let held = Held { timestamp, frame, is_new_anchor: !follows };
        self.held.push_back(held);
        self.settle(observed.arrived);
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
            let place = anchor.place(timestamp, self.ticks_per_second);
            let (at, is_too_early) = place.map_or((Duration::ZERO, true), |at| (at, false));
            let at = self.last.map_or(at, |last| at.max(last + MIN_SPACING));
            self.last = Some(at);
            self.ready.push_back((Placed { at, is_too_early, is_new_anchor }, frame));
        }
    }
}

impl Anchor {
    fn new(timestamp: u32, observed: Observed) -> Self {
        let arrived = observed.arrived;
        let mut anchor = Self {
            newest_timestamp: timestamp,
            newest_ticks: 0,
            since: arrived,
            is_settled: false,
            corrected: arrived,
            offset: arrived.as_secs_f64(),
            arrived: SlidingMinimum::default(),
            reported: SlidingMinimum::default(),
        };
        anchor.note(observed, 0.0);
        anchor.correct(arrived);
        anchor
    }

    /// Learns from a frame; `false` when the source has jumped.
    fn follow(&mut self, timestamp: u32, observed: Observed, ticks_per_second: f64) -> bool {
        let ticks = self.ticks(timestamp);
        let media = ticks as f64 / ticks_per_second;
        let offset = observed.arrived.as_secs_f64() - media;
        // Arrivals are held against arrivals: reports say the right place of a frame that was jammed
        // for seconds at once, and the next one of the same jam is as late by that as a jump.
        let expected = self.arrived.least(observed.arrived).unwrap_or(self.offset);
        if !(-EARLY_JUMP..=LATE_JUMP).contains(&(offset - expected)) {
            return false;
        }
        if ticks > self.newest_ticks {
            self.newest_timestamp = timestamp;
            self.newest_ticks = ticks;
        }
        self.note(observed, media);
        self.correct(observed.arrived);
        true
    }

    /// The time of a frame on the clock of the recording; `None` before its zero.
    fn place(&self, timestamp: u32, ticks_per_second: f64) -> Option<Duration> {
        let media = self.ticks(timestamp) as f64 / ticks_per_second;
        let seconds = media + self.offset;
        // Less than a file can tell is no time.
        Duration::try_from_secs_f64(if seconds > -1e-3 { seconds.max(0.0) } else { seconds }).ok()
    }

    /// Ticks since the anchor was made, with timestamps that wrap around.
    fn ticks(&self, timestamp: u32) -> i64 {
        let forward = timestamp.wrapping_sub(self.newest_timestamp).cast_signed();
        self.newest_ticks.saturating_add(forward.into())
    }

    /// Keeps the offsets of a frame that was made at a media time.
    fn note(&mut self, Observed { arrived, captured }: Observed, media: f64) {
        self.arrived.note(arrived, arrived.as_secs_f64() - media);
        if let Some(captured) = captured {
            self.reported.note(arrived, captured.as_secs_f64() - media);
        }
    }

    /// Moves the offset towards the best one that is known.
    fn correct(&mut self, arrived: Duration) {
        let reported = self.reported.least(arrived);
        let Some(wanted) = reported.or_else(|| self.arrived.least(arrived)) else {
            return;
        };
        let passed = arrived.saturating_sub(self.corrected).as_secs_f64();
        self.corrected = self.corrected.max(arrived);
        if !self.is_settled {
            self.offset = wanted;
            return;
        }
        let error = wanted - self.offset;
        let fast = MIN_CORRECTION.max(error.abs() * CORRECTION_SHARE) * passed;
        let later = if reported.is_some() { fast } else { MIN_CORRECTION * passed };
        self.offset += error.clamp(-fast, later);
    }
}

#[cfg(test)]
mod tests;
