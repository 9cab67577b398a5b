//! When media was captured, by what its sender reports.

use std::{
    collections::VecDeque,
    time::{Duration, Instant, SystemTime},
};

use crate::{Codec, MediaPacket};

/// How far back the least delayed packet is looked for. Shorter follows every short congestion,
/// longer notices late that a path has become slower.
const WINDOW: Duration = Duration::from_secs(10);

/// The window is kept in steps of this length.
const STEP: Duration = Duration::from_secs(1);

/// A packet whose delay is so far from the least one has a report that does not belong to it: the
/// sender did not count while it paused, or counts anew.
const IMPLAUSIBLE: Duration = Duration::from_secs(3);

/// Which RTP time was at which moment (RFC 3550 section 6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderReport {
    /// The moment on the clock of the sender, which may be set as it likes.
    pub at: SystemTime,
    /// The RTP timestamp that belongs to it.
    pub timestamp: u32,
}

impl SenderReport {
    /// When a packet of the same stream was captured, on the clock of the sender.
    #[must_use]
    pub fn captured(&self, packet: &MediaPacket) -> Option<SystemTime> {
        let ticks_per_second = match packet.codec {
            Codec::Opus | Codec::Red => 48_000.0,
            Codec::Vp8 | Codec::H264 => 90_000.0,
        };
        let ticks = packet.timestamp.wrapping_sub(self.timestamp).cast_signed();
        let distance = Duration::from_secs_f64(f64::from(ticks.unsigned_abs()) / ticks_per_second);
        if ticks < 0 { self.at.checked_sub(distance) } else { self.at.checked_add(distance) }
    }
}

/// Brings what one sender captured onto our clock.
///
/// Sound and pictures of a sender take different ways through encoders, pacers and the network, but
/// its reports put them on one clock. Where that clock stands on ours tells the packet that was
/// least delayed, whichever source it is of.
#[derive(Debug, Clone, Default)]
pub struct CaptureClock {
    zero: Option<(Instant, SystemTime)>,
    delays: SlidingMinimum,
}

impl CaptureClock {
    /// When a packet was captured, on our clock and never after it came; `None` without a report
    /// that can belong to it.
    pub fn captured_at(&mut self, packet: &MediaPacket) -> Option<Instant> {
        let captured = packet.report?.captured(packet)?;
        let arrived = packet.received_at;
        let (our_zero, zero) = *self.zero.get_or_insert((arrived, captured));
        let since_zero = arrived.saturating_duration_since(our_zero);
        let sent = captured
            .duration_since(zero)
            .map_or_else(|before| -before.duration().as_secs_f64(), |after| after.as_secs_f64());
        let delay = since_zero.as_secs_f64() - sent;
        let least = self.delays.least(since_zero);
        if least.is_some_and(|least| (delay - least).abs() > IMPLAUSIBLE.as_secs_f64()) {
            return None;
        }
        self.delays.note(since_zero, delay);
        let least = least.map_or(delay, |least| least.min(delay));
        arrived.checked_sub(Duration::try_from_secs_f64(delay - least).ok()?)
    }
}

/// The smallest value of the last ten seconds.
#[derive(Debug, Clone, Default)]
pub struct SlidingMinimum {
    /// The smallest value of each step, with the step's begin.
    steps: VecDeque<(Duration, f64)>,
}

impl SlidingMinimum {
    /// Takes note of a value. Times count from whenever the caller likes.
    pub fn note(&mut self, at: Duration, value: f64) {
        match self.steps.back_mut() {
            Some((begin, least)) if at < *begin + STEP => *least = least.min(value),
            _ => self.steps.push_back((at, value)),
        }
    }

    /// The smallest value as it is at a time; `None` when nothing was noted for so long.
    pub fn least(&mut self, at: Duration) -> Option<f64> {
        while self.steps.front().is_some_and(|(begin, _)| *begin + WINDOW < at) {
            self.steps.pop_front();
        }
        self.steps.iter().map(|(_, least)| *least).reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Kind, Line, Slot, VideoFacts};

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// The sender's clock is an hour behind.
    fn reported(at: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000) + ms(at)
    }

    /// Sound (48 kHz) or a picture that was captured at a time and came at another, with a report
    /// that says when timestamp 7,000 was.
    fn packet(codec: Codec, captured: u64, arrived: u64, zero_at: u64) -> MediaPacket {
        let per_ms = if codec == Codec::Opus { 48 } else { 90 };
        MediaPacket {
            line: Line(0),
            slot: Slot { kind: Kind::Audio, index: 0 },
            rid: None,
            ssrc: 1,
            codec,
            seq: 1,
            timestamp: 7_000_u32.wrapping_add((captured - zero_at) as u32 * per_ms),
            marker: true,
            csrc: None,
            audio_level: None,
            voice_activity: None,
            rotation: None,
            video: VideoFacts::default(),
            report: Some(SenderReport { at: reported(zero_at), timestamp: 7_000 }),
            payload: Arc::from([0_u8; 3]),
            received_at: jumpa_netsim::epoch() + ms(arrived),
            captured_at: jumpa_netsim::epoch() + ms(arrived),
        }
    }

    fn after_epoch(clock: &mut CaptureClock, packet: &MediaPacket) -> Option<u128> {
        clock.captured_at(packet).map(|at| (at - jumpa_netsim::epoch()).as_millis())
    }

    #[test]
    fn pictures_that_came_later_stand_beside_their_sound() {
        let mut clock = CaptureClock::default();
        assert_eq!(after_epoch(&mut clock, &packet(Codec::Opus, 1_000, 1_030, 0)), Some(1_030));
        assert_eq!(after_epoch(&mut clock, &packet(Codec::Vp8, 1_000, 1_150, 500)), Some(1_030));
        assert_eq!(after_epoch(&mut clock, &packet(Codec::Vp8, 2_000, 2_400, 500)), Some(2_030));
    }

    #[test]
    fn a_packet_without_a_report_tells_nothing() {
        let silent = MediaPacket { report: None, ..packet(Codec::Opus, 1_000, 1_030, 0) };
        assert_eq!(CaptureClock::default().captured_at(&silent), None);
    }

    #[test]
    fn a_report_from_before_a_pause_that_was_not_counted_is_not_believed() {
        let mut clock = CaptureClock::default();
        after_epoch(&mut clock, &packet(Codec::Vp8, 1_000, 1_030, 0));
        assert_eq!(after_epoch(&mut clock, &packet(Codec::Opus, 1_000, 9_030, 0)), None);
        assert_eq!(after_epoch(&mut clock, &packet(Codec::Vp8, 9_010, 9_040, 0)), Some(9_040));
    }

    #[test]
    fn a_clock_that_was_set_is_believed_when_the_old_one_is_forgotten() {
        let mut clock = CaptureClock::default();
        after_epoch(&mut clock, &packet(Codec::Vp8, 60_000, 60_030, 0));
        assert_eq!(after_epoch(&mut clock, &packet(Codec::Vp8, 5_000, 61_030, 0)), None);
        assert_eq!(after_epoch(&mut clock, &packet(Codec::Vp8, 15_000, 71_030, 0)), Some(71_030));
    }
}
