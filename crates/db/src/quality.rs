//! How good media was: one figure for sound and pictures, and what made it bad.
//!
//! A client sums its media up every ten seconds. Each of these intervals gets a mean opinion score
//! (MOS) by an approximation of the E-model (ITU-T G.107) that needs only round trip, jitter and
//! loss, and from it a level. `docs/concepts/usage.md` tells it to people.

use jumpa_protocol::{
    MediaKind,
    signal::{MediaSummary, QualityLevel, TrackDirection},
};
use sqlx::FromRow;

/// Grows whenever the same measurement gives another score, so that scores of before and after are
/// not compared.
pub const MOS_VERSION: u32 = 1;

/// R from which on users are satisfied (ITU-T G.107, table B.1): 4.03 as MOS.
const GOOD_FROM_R: f64 = 80.0;
/// R below which many users are dissatisfied (the same table): 3.60 as MOS.
const POOR_BELOW_R: f64 = 70.0;

/// Above these an interval counts for a hint. Loss and concealment: from here on speech suffers
/// although lost packets are repaired; round trip: people begin to talk into each other (ITU-T
/// G.114 allows 150 ms each way); jitter: the buffer that evens it out adds as much delay; sending:
/// less does not carry the smallest camera layer beside the microphone.
const LOSSY_ABOVE: f32 = 0.05;
const CONCEALING_ABOVE: f32 = 0.05;
const SLOW_ABOVE_MS: f32 = 300.0;
const JITTERY_ABOVE_MS: f32 = 30.0;
const NARROW_BELOW_BPS: u64 = 250_000;

/// Share of a participant's intervals from which on a hint is given.
const HINT_SHARE: f64 = 0.1;

/// The transmission rating R of the E-model, at most 93.2.
///
/// Effective latency = round trip + 2 × jitter + 10 ms; R = 93.2 − (latency < 160 ? latency / 40 :
/// (latency − 120) / 10) − 2.5 × percent of loss. The round trip to the server stands for the way
/// between two people, whose paths are taken to be alike. Packets that were lost and repaired count
/// as lost, so sound with redundancy is better than its score.
fn rating(round_trip_time_ms: f64, jitter_ms: f64, packet_loss_ratio: f64) -> f64 {
    let latency = round_trip_time_ms + 2.0 * jitter_ms + 10.0;
    let delay = if latency < 160.0 { latency / 40.0 } else { (latency - 120.0) / 10.0 };
    (93.2 - delay - 2.5 * packet_loss_ratio * 100.0).max(0.0)
}

/// The mean opinion score of R, 1 (bad) to 4.4 (ITU-T G.107, annex B).
fn mos_of_rating(r: f64) -> f64 {
    (1.0 + 0.035 * r + 7e-6 * r * (r - 60.0) * (100.0 - r)).clamp(1.0, 4.5)
}

/// The mean opinion score of one track, 1 to 4.4; none without a figure of its packets.
#[must_use]
pub fn track_mos(
    round_trip_time_ms: Option<f32>,
    jitter_ms: Option<f32>,
    packet_loss_ratio: Option<f32>,
) -> Option<f64> {
    track_rating(round_trip_time_ms, jitter_ms, packet_loss_ratio).map(mos_of_rating)
}

fn track_rating(
    round_trip_time_ms: Option<f32>,
    jitter_ms: Option<f32>,
    packet_loss_ratio: Option<f32>,
) -> Option<f64> {
    if jitter_ms.is_none() && packet_loss_ratio.is_none() {
        return None;
    }
    let value = |figure: Option<f32>| f64::from(figure.unwrap_or_default());
    Some(rating(value(round_trip_time_ms), value(jitter_ms), value(packet_loss_ratio)))
}

/// R of an interval: the mean over its sound; of one without sound, over its pictures.
fn interval_rating(summary: &MediaSummary) -> Option<f64> {
    let mean = |kind: MediaKind| {
        let ratings: Vec<f64> = summary
            .tracks
            .iter()
            .filter(|track| track.kind == kind)
            .filter_map(|track| {
                track_rating(summary.round_trip_time_ms, track.jitter_ms, track.packet_loss_ratio)
            })
            .collect();
        (!ratings.is_empty()).then(|| ratings.iter().sum::<f64>() / ratings.len() as f64)
    };
    mean(MediaKind::Audio).or_else(|| mean(MediaKind::Video))
}

/// Sums over intervals of ten seconds.
#[derive(Debug, Clone, Default, PartialEq, FromRow)]
pub struct MediaTally {
    /// Intervals.
    pub intervals: i64,
    /// Those that have a score.
    pub measured_intervals: i64,
    /// Those of them that were good.
    pub good_intervals: i64,
    /// Those of them that were poor.
    pub poor_intervals: i64,
    /// Sum of the scores.
    pub mos_sum: f64,
    /// With more than 5 % of some track lost.
    pub lossy_intervals: i64,
    /// With a round trip above 300 ms.
    pub slow_intervals: i64,
    /// With a jitter above 30 ms.
    pub jittery_intervals: i64,
    /// With less than 250 kbit/s to send.
    pub narrow_intervals: i64,
    /// With more than 5 % of the sound made up.
    pub concealing_intervals: i64,
    /// Over TCP.
    pub tcp_intervals: i64,
    /// Pictures that froze.
    pub freezes: i64,
    /// `udp` or `tcp`, of the newest interval that says.
    pub transport: Option<String>,
    /// MIME types of the newest interval that names any, separated by commas.
    pub codecs: String,
}

impl MediaTally {
    /// Adds an interval that is newer than those before.
    pub(crate) fn add(&mut self, summary: &MediaSummary) {
        let tracks = &summary.tracks;
        let any = |is_bad: &dyn Fn(&jumpa_protocol::signal::TrackQuality) -> bool| {
            i64::from(tracks.iter().any(is_bad))
        };
        let above = |figure: Option<f32>, limit: f32| figure.is_some_and(|figure| figure > limit);
        let freezes: i64 =
            tracks.iter().filter_map(|track| track.freeze_count).map(i64::from).sum();
        self.intervals += 1;
        self.lossy_intervals += any(&|track| above(track.packet_loss_ratio, LOSSY_ABOVE));
        self.jittery_intervals += any(&|track| above(track.jitter_ms, JITTERY_ABOVE_MS));
        self.concealing_intervals += any(&|track| {
            track.direction == TrackDirection::Received
                && above(track.concealed_ratio, CONCEALING_ABOVE)
        });
        self.slow_intervals += i64::from(above(summary.round_trip_time_ms, SLOW_ABOVE_MS));
        let is_narrow = summary.available_outgoing_bps.is_some_and(|bps| bps < NARROW_BELOW_BPS);
        self.narrow_intervals += i64::from(is_narrow);
        self.tcp_intervals += i64::from(summary.transport.as_deref() == Some("tcp"));
        self.freezes += freezes;
        self.add_rating(interval_rating(summary), freezes > 0);
        if summary.transport.is_some() {
            self.transport.clone_from(&summary.transport);
        }
        let codecs = codecs(summary);
        if !codecs.is_empty() {
            self.codecs = codecs;
        }
    }

    /// A picture that froze makes an interval fair at best, however good its sound is.
    fn add_rating(&mut self, rating: Option<f64>, has_frozen: bool) {
        let Some(rating) = rating else { return };
        self.measured_intervals += 1;
        self.mos_sum += mos_of_rating(rating);
        if rating < POOR_BELOW_R {
            self.poor_intervals += 1;
        } else if rating >= GOOD_FROM_R && !has_frozen {
            self.good_intervals += 1;
        }
    }

    /// How good it was on the whole.
    #[must_use]
    pub fn level(&self) -> QualityLevel {
        level(self.measured_intervals, self.good_intervals, self.poor_intervals)
    }

    /// The mean score.
    #[must_use]
    pub fn mos(&self) -> Option<f64> {
        (self.measured_intervals > 0).then(|| self.mos_sum / self.measured_intervals as f64)
    }

    /// What made it bad, for a tenth of the time or more.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        let share = |intervals: i64| intervals as f64 / self.intervals.max(1) as f64;
        let shares = [
            ("packet_loss", self.lossy_intervals),
            ("slow_path", self.slow_intervals),
            ("jitter", self.jittery_intervals),
            ("low_bandwidth", self.narrow_intervals),
            ("concealed_sound", self.concealing_intervals),
            ("tcp_path", self.tcp_intervals),
        ];
        let mut hints: Vec<Hint> = shares
            .into_iter()
            .filter(|(_, intervals)| share(*intervals) >= HINT_SHARE)
            .map(|(code, intervals)| Hint::Share { code, share: share(intervals) })
            .collect();
        if share(self.freezes) >= HINT_SHARE {
            hints.push(Hint::Count { code: "frozen_video", count: self.freezes });
        }
        hints
    }
}

/// Something that explains bad media.
#[derive(Debug, Clone, PartialEq)]
pub enum Hint {
    /// It was so for a share of the time.
    Share {
        /// Names it.
        code: &'static str,
        /// 0 to 1.
        share: f64,
    },
    /// It happened so often.
    Count {
        /// Names it.
        code: &'static str,
        /// How often.
        count: i64,
    },
}

/// Poor when every fifth measured interval was, good when four of five were, fair otherwise. The
/// same stands in the SQL of `calls.rs`.
fn level(measured: i64, good: i64, poor: i64) -> QualityLevel {
    if measured == 0 {
        QualityLevel::Unknown
    } else if poor * 5 >= measured {
        QualityLevel::Poor
    } else if good * 5 >= measured * 4 {
        QualityLevel::Good
    } else {
        QualityLevel::Fair
    }
}

fn codecs(summary: &MediaSummary) -> String {
    let mut names: Vec<&str> =
        summary.tracks.iter().filter_map(|track| track.codec.as_deref()).collect();
    names.retain(|name| !name.contains(','));
    names.sort_unstable();
    names.dedup();
    names.join(",")
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::signal::TrackQuality;

    use super::*;

    fn sound(packet_loss_ratio: f32) -> TrackQuality {
        TrackQuality {
            direction: TrackDirection::Received,
            kind: MediaKind::Audio,
            source: None,
            participant_id: None,
            codec: Some("audio/opus".to_owned()),
            bitrate_bps: None,
            packet_loss_ratio: Some(packet_loss_ratio),
            jitter_ms: Some(5.0),
            frame_height: None,
            frames_per_second: None,
            freeze_count: None,
            concealed_ratio: None,
        }
    }

    fn summary(packet_loss_ratio: f32) -> MediaSummary {
        MediaSummary {
            transport: Some("udp".to_owned()),
            round_trip_time_ms: Some(40.0),
            available_outgoing_bps: None,
            tracks: vec![sound(packet_loss_ratio)],
        }
    }

    fn tally(losses: &[f32]) -> MediaTally {
        let mut tally = MediaTally::default();
        losses.iter().for_each(|loss| tally.add(&summary(*loss)));
        tally
    }

    /// Worked out by hand: latency 60 ms, R 91.7 without loss and 66.7 with a tenth lost.
    #[test]
    fn the_score_follows_the_formula() {
        let score = |loss| track_mos(Some(40.0), Some(5.0), Some(loss)).unwrap();
        assert!((score(0.0) - 4.378_390).abs() < 1e-5, "{}", score(0.0));
        assert!((score(0.1) - 3.438_670).abs() < 1e-5, "{}", score(0.1));
    }

    #[test]
    fn a_long_way_costs_more_than_a_short_one() {
        let score = |rtt| track_mos(Some(rtt), Some(0.0), Some(0.0)).unwrap();
        // R 79.2 at 250 ms, 44.2 at 600 ms.
        assert!((score(250.0) - 3.993_405).abs() < 1e-3, "{}", score(250.0));
        assert!(score(600.0) < 2.5, "{}", score(600.0));
    }

    #[test]
    fn without_figures_there_is_no_score() {
        assert_eq!(track_mos(Some(40.0), None, None), None);
        assert_eq!(tally(&[]).level(), QualityLevel::Unknown);
        assert_eq!(tally(&[]).mos(), None);
    }

    #[test]
    fn a_score_stays_in_its_range() {
        assert_eq!(track_mos(Some(60_000.0), Some(60_000.0), Some(1.0)), Some(1.0));
    }

    #[test]
    fn four_good_intervals_of_five_are_good_and_one_poor_of_five_is_poor() {
        // A loss of 6 % gives R 76.7: fair; 20 % gives 41.7: poor.
        assert_eq!(tally(&[0.0, 0.0, 0.0, 0.0, 0.06]).level(), QualityLevel::Good);
        assert_eq!(tally(&[0.0, 0.0, 0.0, 0.06, 0.06]).level(), QualityLevel::Fair);
        assert_eq!(tally(&[0.0, 0.0, 0.0, 0.0, 0.2]).level(), QualityLevel::Poor);
    }

    #[test]
    fn a_picture_that_froze_is_fair_at_best() {
        let mut frozen = summary(0.0);
        frozen.tracks[0].freeze_count = Some(1);
        let mut tally = MediaTally::default();
        tally.add(&frozen);
        assert_eq!(tally.level(), QualityLevel::Fair);
        assert_eq!(tally.hints(), [Hint::Count { code: "frozen_video", count: 1 }]);
    }

    #[test]
    fn a_hint_is_given_from_a_tenth_of_the_time_on() {
        let mut losses = vec![0.0; 9];
        losses.push(0.06);
        assert_eq!(tally(&losses).hints(), [Hint::Share { code: "packet_loss", share: 0.1 }]);
        losses.push(0.0);
        assert_eq!(tally(&losses).hints(), []);
    }
}
