//! How much a stream carries.

use std::time::{Duration, Instant};

/// Length of one bucket of the sliding window.
const BUCKET: Duration = Duration::from_millis(100);
/// Buckets of the window: one second, so that one keyframe does not look like a change.
const BUCKETS: usize = 10;
/// A stream is measured once it has been seen for this long; before that a burst means nothing.
const WARM_UP: u32 = 5;
/// What is left of the peak per bucket: 82 % after a second. Longer memory keeps receivers on low
/// layers after one busy moment, shorter lets the allocation follow every scene.
const PEAK_DECAY_PERMILLE: u64 = 980;
/// RTP header with extensions and CSRC, and the tag of SRTP: what the estimate counts besides payload.
pub const PACKET_OVERHEAD_BYTES: usize = 48;

/// Measures the bitrate of a stream over the last second, with a slowly falling peak.
#[derive(Debug, Clone, Default)]
pub struct BitrateMeter {
    bucket_starts: Option<Instant>,
    buckets: [u64; BUCKETS],
    newest: usize,
    filled: u32,
    peak_bps: u64,
}

impl BitrateMeter {
    /// Counts a packet with a payload of this size; headers are added.
    pub fn add(&mut self, payload_bytes: usize, now: Instant) {
        self.advance(now);
        if let Some(bucket) = self.buckets.get_mut(self.newest) {
            *bucket += (payload_bytes + PACKET_OVERHEAD_BYTES) as u64;
        }
    }

    /// The peak of the last seconds in bits per second; `None` while too little has been seen.
    pub fn peak_bps(&mut self, now: Instant) -> Option<u64> {
        self.bucket_starts?;
        self.advance(now);
        (self.filled >= WARM_UP).then_some(self.peak_bps.max(self.average_bps()))
    }

    fn average_bps(&self) -> u64 {
        let full = u64::from(self.filled).clamp(1, BUCKETS as u64 - 1);
        let complete: u64 = self
            .buckets
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != self.newest)
            .map(|(_, bytes)| bytes)
            .sum();
        complete * 8 * 1_000 / (full * BUCKET.as_millis() as u64)
    }

    fn advance(&mut self, now: Instant) {
        let Some(mut starts) = self.bucket_starts else {
            self.bucket_starts = Some(now);
            return;
        };
        let steps = now.saturating_duration_since(starts).as_millis() / BUCKET.as_millis();
        if steps >= 10 * BUCKETS as u128 {
            *self = Self { bucket_starts: Some(now), ..Self::default() };
            return;
        }
        for _ in 0..steps {
            starts += BUCKET;
            self.newest = (self.newest + 1) % BUCKETS;
            self.filled = self.filled.saturating_add(1);
            let decayed = self.peak_bps * PEAK_DECAY_PERMILLE / 1_000;
            if let Some(bucket) = self.buckets.get_mut(self.newest) {
                *bucket = 0;
            }
            if self.filled >= WARM_UP {
                self.peak_bps = decayed.max(self.average_bps());
            }
        }
        self.bucket_starts = Some(starts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn fed(bytes: usize, every: Duration, packets: u32) -> (BitrateMeter, Instant) {
        let mut meter = BitrateMeter::default();
        for number in 0..packets {
            meter.add(bytes - PACKET_OVERHEAD_BYTES, jumpa_netsim::epoch() + every * number);
        }
        (meter, jumpa_netsim::epoch() + every * packets)
    }

    #[test]
    fn a_steady_stream_is_measured_with_its_headers() {
        let (mut meter, now) = fed(1_250, MS * 10, 300);
        let bps = meter.peak_bps(now).expect("three seconds were seen");
        assert!((950_000..1_120_000).contains(&bps), "{bps}");
    }

    #[test]
    fn too_little_to_measure_is_not_measured() {
        let (mut meter, now) = fed(1_250, MS * 10, 20);
        assert_eq!(meter.peak_bps(now), None);
    }

    #[test]
    fn a_peak_is_remembered_for_a_while_and_then_forgotten() {
        let (mut meter, now) = fed(1_250, MS * 10, 300);
        for number in 0..100 {
            meter.add(55, now + MS * 100 * number);
        }
        let soon = fed(1_250, MS * 10, 300).0.peak_bps(now + MS * 500).expect("measured");
        let late = meter.peak_bps(now + MS * 9_950).expect("measured");
        assert!(soon > 800_000, "{soon}");
        assert!(late < 250_000, "{late}");
    }

    #[test]
    fn a_stream_that_pauses_for_long_is_measured_anew() {
        let (mut meter, now) = fed(1_250, MS * 10, 300);
        meter.add(100, now + MS * 60_000);
        assert_eq!(meter.peak_bps(now + MS * 60_100), None);
    }
}
