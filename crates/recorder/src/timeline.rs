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

/// How fast a place is corrected. Crystals drift apart by 0.2 ms in a second at most; 5 ms are
/// heard by nobody, and a path that changed by 100 ms is followed within 20 s.
const MAX_CORRECTION: f64 = 0.005;

/// While an anchor is so young, a frame that came earlier moves it at once: the first frame may
/// have been delayed, and nobody is used to its place yet.
const SETTLING: Duration = Duration::from_secs(1);

/// A frame that comes so much later than expected: the source did not count while it paused. Less
/// is a jam on the network that will dissolve.
const LATE_JUMP: f64 = 2.0;

/// A frame that comes so much earlier than expected: the source jumped ahead. No path gets so much
/// faster at once.
const EARLY_JUMP: f64 = 1.0;

/// Two frames never have the same time.
const MIN_SPACING: Duration = Duration::from_millis(1);

/// Where frames of one source stand on the clock of the recording. Its times never go backwards.
#[derive(Debug)]
pub struct Timeline {
    ticks_per_second: f64,
    anchor: Option<Anchor>,
    last: Option<Duration>,
}

/// What a frame's place is reckoned from. Media time is the RTP time since the anchor was made, in
/// seconds; an offset is what has to be added to it.
#[derive(Debug)]
struct Anchor {
    newest_timestamp: u32,
    newest_ticks: i64,
    since: Duration,
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

impl Timeline {
    /// For a source with this RTP clock, 48,000 or 90,000 ticks in a second.
    #[must_use]
    pub fn new(ticks_per_second: u32) -> Self {
        Self { ticks_per_second: ticks_per_second.into(), anchor: None, last: None }
    }

    /// The next frame is of another stream, whose timestamps have nothing to do with those before.
    pub fn restart(&mut self) {
        self.anchor = None;
    }

    /// The place of the next frame, by its timestamp and the time when it arrived.
    pub fn place(&mut self, timestamp: u32, arrived: Duration) -> Placed {
        let ticks_per_second = self.ticks_per_second;
        let follows = self
            .anchor
            .as_mut()
            .and_then(|anchor| anchor.place(timestamp, arrived, ticks_per_second));
        let is_new_anchor = follows.is_none();
        let at = follows.unwrap_or_else(|| {
            self.anchor = Some(Anchor::new(timestamp, arrived));
            arrived
        });
        let at = self.last.map_or(at, |last| at.max(last + MIN_SPACING));
        self.last = Some(at);
        Placed { at, is_new_anchor }
    }
}

impl Anchor {
    fn new(timestamp: u32, arrived: Duration) -> Self {
        Self {
            newest_timestamp: timestamp,
            newest_ticks: 0,
            since: arrived,
            corrected: arrived,
            offset: arrived.as_secs_f64(),
            smallest: VecDeque::from([(arrived, arrived.as_secs_f64())]),
        }
    }

    /// The place of a frame; `None` when the source has jumped.
    fn place(
        &mut self,
        timestamp: u32,
        arrived: Duration,
        ticks_per_second: f64,
    ) -> Option<Duration> {
        let forward = timestamp.wrapping_sub(self.newest_timestamp).cast_signed();
        let ticks = self.newest_ticks.saturating_add(forward.into());
        let media = ticks as f64 / ticks_per_second;
        let offset = arrived.as_secs_f64() - media;
        let lateness = offset - self.offset;
        if !(-EARLY_JUMP..=LATE_JUMP).contains(&lateness) {
            return None;
        }
        if forward > 0 {
            self.newest_timestamp = timestamp;
            self.newest_ticks = ticks;
        }
        self.note(arrived, offset);
        self.correct(arrived);
        Some(Duration::try_from_secs_f64(media + self.offset).unwrap_or_default())
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
        if arrived < self.since + SETTLING && wanted < self.offset {
            self.offset = wanted;
        } else {
            let most = passed * MAX_CORRECTION;
            self.offset += (wanted - self.offset).clamp(-most, most);
        }
    }
}

#[cfg(test)]
mod tests;
