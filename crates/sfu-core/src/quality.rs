//! How good a participant's connection is.

use std::time::Duration;

use jumpa_protocol::signal::{QualityCause, QualityLevel};

/// A worse level is told after this many samples in a row: one lost burst is not news.
const WORSE_AFTER: u8 = 2;
/// A better level is told after this many samples in a row.
const BETTER_AFTER: u8 = 4;

/// Loss before repair that people may notice: RED and retransmissions cover what is below.
const LOSS_FAIR: f32 = 0.05;
/// Loss before repair that disturbs.
const LOSS_POOR: f32 = 0.15;
/// Round-trip time at which people begin to interrupt each other (ITU-T G.114: 150 ms one way).
const RTT_FAIR: Duration = Duration::from_millis(300);
/// Round-trip time at which talk becomes hard (ITU-T G.114: 400 ms one way).
const RTT_POOR: Duration = Duration::from_millis(800);

/// What is known of a connection, for one sample.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sample {
    /// Round-trip time.
    pub round_trip_time: Option<Duration>,
    /// Share of packets from the client that did not arrive.
    pub uplink_loss: Option<f32>,
    /// Share of packets to the client that did not arrive.
    pub downlink_loss: Option<f32>,
    /// Whether a slot has a lower layer than it asks for.
    pub is_reduced: bool,
    /// Whether a slot is paused.
    pub is_paused: bool,
}

impl Sample {
    /// Whether it says anything.
    fn is_measured(&self) -> bool {
        self.round_trip_time.is_some()
            || self.uplink_loss.is_some()
            || self.downlink_loss.is_some()
            || self.is_reduced
            || self.is_paused
    }
}

/// A level with its cause.
pub type Quality = (QualityLevel, Option<QualityCause>);

/// Judges one connection from samples, with hysteresis.
#[derive(Debug, Clone)]
pub struct QualityJudge {
    told: Quality,
    candidate: Quality,
    count: u8,
}

impl Default for QualityJudge {
    fn default() -> Self {
        let unknown = (QualityLevel::Unknown, None);
        Self { told: unknown, candidate: unknown, count: 0 }
    }
}

impl QualityJudge {
    /// Takes a sample. Returns the quality when it changed.
    pub fn push(&mut self, sample: &Sample) -> Option<Quality> {
        if !sample.is_measured() {
            return None;
        }
        let quality = judge(sample);
        if quality == self.told {
            self.count = 0;
            return None;
        }
        if quality != self.candidate {
            let goes_on = self.direction(quality) == self.direction(self.candidate);
            self.count = if goes_on { self.count } else { 0 };
            self.candidate = quality;
        }
        self.count += 1;
        if self.count < self.needed(quality) {
            return None;
        }
        self.tell(quality)
    }

    /// Nothing arrives any more.
    pub fn lost(&mut self) -> Option<Quality> {
        self.tell((QualityLevel::Lost, Some(QualityCause::NoPackets)))
    }

    fn needed(&self, quality: Quality) -> u8 {
        match self.told.0 {
            QualityLevel::Unknown | QualityLevel::Lost => 1,
            _ if rank(quality) < rank(self.told) => BETTER_AFTER,
            _ => WORSE_AFTER,
        }
    }

    fn direction(&self, quality: Quality) -> std::cmp::Ordering {
        rank(quality).cmp(&rank(self.told))
    }

    fn tell(&mut self, quality: Quality) -> Option<Quality> {
        self.count = 0;
        self.candidate = quality;
        if self.told == quality {
            return None;
        }
        self.told = quality;
        Some(quality)
    }
}

const fn rank(quality: Quality) -> u8 {
    match quality.0 {
        QualityLevel::Unknown | QualityLevel::Good => 0,
        QualityLevel::Fair => 1,
        QualityLevel::Poor => 2,
        QualityLevel::Lost => 3,
    }
}

/// The worst of all signs; of equally bad ones the first in this list, which is what a person can
/// do most about.
fn judge(sample: &Sample) -> Quality {
    let loss = |share: Option<f32>| match share {
        Some(share) if share >= LOSS_POOR => 2,
        Some(share) if share >= LOSS_FAIR => 1,
        _ => 0,
    };
    let round_trip = match sample.round_trip_time {
        Some(time) if time >= RTT_POOR => 2,
        Some(time) if time >= RTT_FAIR => 1,
        _ => 0,
    };
    let bandwidth = match (sample.is_paused, sample.is_reduced) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    };
    let signs = [
        (loss(sample.uplink_loss), QualityCause::UplinkLoss),
        (loss(sample.downlink_loss), QualityCause::DownlinkLoss),
        (bandwidth, QualityCause::DownlinkBandwidth),
        (round_trip, QualityCause::HighRoundTripTime),
    ];
    let worst = signs.iter().map(|(badness, _)| *badness).max().unwrap_or_default();
    let cause = signs.iter().find(|(badness, _)| *badness == worst).map(|(_, cause)| *cause);
    match worst {
        0 => (QualityLevel::Good, None),
        1 => (QualityLevel::Fair, cause),
        _ => (QualityLevel::Poor, cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Sample = Sample {
        round_trip_time: Some(Duration::from_millis(40)),
        uplink_loss: Some(0.0),
        downlink_loss: Some(0.01),
        is_reduced: false,
        is_paused: false,
    };

    fn good() -> QualityJudge {
        let mut judge = QualityJudge::default();
        judge.push(&GOOD);
        judge
    }

    fn lossy(downlink_loss: f32) -> Sample {
        Sample { downlink_loss: Some(downlink_loss), ..GOOD }
    }

    #[test]
    fn the_first_sample_is_told_at_once_and_equal_ones_never_again() {
        let mut judge = QualityJudge::default();
        assert_eq!(judge.push(&GOOD), Some((QualityLevel::Good, None)));
        assert_eq!(judge.push(&GOOD), None);
    }

    #[test]
    fn what_was_not_measured_is_unknown() {
        assert_eq!(QualityJudge::default().push(&Sample::default()), None);
    }

    #[test]
    fn one_bad_sample_is_not_told_and_two_are() {
        let mut judge = good();
        assert_eq!(judge.push(&lossy(0.2)), None);
        assert_eq!(judge.push(&GOOD), None);
        assert_eq!(judge.push(&lossy(0.2)), None);
        assert_eq!(
            judge.push(&lossy(0.2)),
            Some((QualityLevel::Poor, Some(QualityCause::DownlinkLoss)))
        );
    }

    #[test]
    fn better_takes_longer_than_worse() {
        let mut judge = good();
        (0..2).for_each(|_| {
            judge.push(&lossy(0.2));
        });
        let told: Vec<bool> = (0..4).map(|_| judge.push(&GOOD).is_some()).collect();
        assert_eq!(told, [false, false, false, true]);
    }

    #[test]
    fn each_sign_names_its_cause() {
        let causes = [
            (Sample { uplink_loss: Some(0.07), ..GOOD }, QualityCause::UplinkLoss),
            (lossy(0.07), QualityCause::DownlinkLoss),
            (Sample { is_reduced: true, ..GOOD }, QualityCause::DownlinkBandwidth),
            (Sample { round_trip_time: Some(RTT_FAIR), ..GOOD }, QualityCause::HighRoundTripTime),
        ];
        for (sample, cause) in causes {
            assert_eq!(judge(&sample), (QualityLevel::Fair, Some(cause)));
        }
    }

    #[test]
    fn the_worst_sign_decides() {
        let sample = Sample { uplink_loss: Some(0.07), is_paused: true, ..GOOD };
        assert_eq!(judge(&sample), (QualityLevel::Poor, Some(QualityCause::DownlinkBandwidth)));
    }

    #[test]
    fn a_lost_path_is_told_at_once_and_so_is_its_return() {
        let mut judge = good();
        assert_eq!(judge.lost(), Some((QualityLevel::Lost, Some(QualityCause::NoPackets))));
        assert_eq!(judge.lost(), None);
        assert_eq!(judge.push(&GOOD), Some((QualityLevel::Good, None)));
    }
}
