//! Thins out what clients measured, so that a chart has no more points than it can show.

use std::collections::BTreeMap;

use jumpa_db::{MediaSamples, Timestamp, track_mos};
use jumpa_protocol::{
    ParticipantId,
    signal::{MediaSummary, TrackDirection, TrackQuality},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    time::rfc3339,
    word_sets::{self, TrackKind, TrackSource},
};

/// Clients measure so often, microseconds.
const INTERVAL_US: i64 = 10_000_000;

/// The media of one participant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParticipantQuality {
    participant_id: ParticipantId,
    tracks: Vec<TrackView>,
}

/// A track as its participant sent or received it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallTrack)]
pub(crate) struct TrackView {
    /// `sent` to the server or `received` from it.
    #[schema(value_type = word_sets::TrackDirection, example = "received")]
    direction: &'static str,
    /// `audio` or `video`.
    #[schema(value_type = TrackKind, example = "audio")]
    kind: String,
    /// `microphone`, `camera`, `screen` or `screen_audio`.
    #[schema(required, value_type = Option<TrackSource>, example = "microphone")]
    source: Option<String>,
    /// Whose, of a received track.
    #[schema(required)]
    from_participant_id: Option<ParticipantId>,
    /// MIME type.
    #[schema(required, example = "audio/opus")]
    codec: Option<String>,
    points: Vec<TrackPoint>,
}

/// Figures of some seconds; what was not measured is null.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackPoint {
    /// When these seconds begin.
    #[schema(format = DateTime)]
    at: String,
    /// 0 to 1.
    #[schema(required)]
    packet_loss_ratio: Option<f64>,
    #[schema(required)]
    jitter_ms: Option<f64>,
    /// Of the participant to the server.
    #[schema(required)]
    round_trip_time_ms: Option<f64>,
    #[schema(required)]
    bitrate_bps: Option<f64>,
    #[schema(required)]
    frames_per_second: Option<f64>,
    /// Height of the picture, pixels.
    #[schema(required)]
    frame_height: Option<f64>,
    /// Freezes in these seconds.
    #[schema(required)]
    freeze_count: Option<u32>,
    /// Share of sound that was made up, 0 to 1.
    #[schema(required)]
    concealed_ratio: Option<f64>,
    /// Mean opinion score, 1 (bad) to 4.4.
    #[schema(required)]
    mos: Option<f64>,
}

/// Gathers points, each the mean of a step of time.
pub(crate) struct Chart {
    started_at: i64,
    step_us: i64,
    participants: BTreeMap<ParticipantId, BTreeMap<TrackKey, Track>>,
}

/// What makes a track one track: direction, kind, source, and whose it is.
type TrackKey = (&'static str, String, Option<String>, Option<ParticipantId>);

#[derive(Default)]
struct Track {
    codec: Option<String>,
    points: BTreeMap<i64, Point>,
}

#[derive(Default)]
struct Point {
    packet_loss_ratio: Mean,
    jitter_ms: Mean,
    round_trip_time_ms: Mean,
    bitrate_bps: Mean,
    frames_per_second: Mean,
    frame_height: Mean,
    concealed_ratio: Mean,
    mos: Mean,
    freeze_count: Option<u32>,
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, value: Option<impl Into<f64>>) {
        if let Some(value) = value {
            self.sum += value.into();
            self.count += 1.0;
        }
    }

    /// With three decimals: more is noise.
    fn value(&self) -> Option<f64> {
        (self.count > 0.0).then(|| (self.sum / self.count * 1_000.0).round() / 1_000.0)
    }
}

/// One line of the stored samples.
#[derive(Deserialize)]
struct Sample {
    at_us: i64,
    summary: MediaSummary,
}

impl Chart {
    /// A chart of a call that lasts from `started_at` to `ended_at`, with at most `points` points
    /// for each track.
    pub(crate) fn new(started_at: Timestamp, ended_at: Timestamp, points: i64) -> Self {
        let started_at = started_at.as_micros();
        let intervals = (ended_at.as_micros() - started_at).max(0) / INTERVAL_US + 1;
        let step_us = (intervals + points - 1) / points * INTERVAL_US;
        Self { started_at, step_us, participants: BTreeMap::new() }
    }

    /// Takes in five minutes of somebody. A line that cannot be read is left out.
    pub(crate) fn add(&mut self, samples: &MediaSamples) {
        let tracks = self.participants.entry(samples.participant_id).or_default();
        for line in samples.samples.lines() {
            let Ok(Sample { at_us, summary }) = serde_json::from_str(line) else { continue };
            let step = (at_us - self.started_at).div_euclid(self.step_us);
            for quality in &summary.tracks {
                let track = tracks.entry(key(quality)).or_default();
                if quality.codec.is_some() {
                    track.codec.clone_from(&quality.codec);
                }
                let point = track.points.entry(step).or_default();
                point.add(quality, summary.round_trip_time_ms);
            }
        }
    }

    /// What was gathered.
    pub(crate) fn finish(self) -> Vec<ParticipantQuality> {
        let (started_at, step_us) = (self.started_at, self.step_us);
        let point = |(step, point): (i64, Point)| TrackPoint {
            at: rfc3339(Timestamp::from_micros(started_at + step * step_us)),
            packet_loss_ratio: point.packet_loss_ratio.value(),
            jitter_ms: point.jitter_ms.value(),
            round_trip_time_ms: point.round_trip_time_ms.value(),
            bitrate_bps: point.bitrate_bps.value(),
            frames_per_second: point.frames_per_second.value(),
            frame_height: point.frame_height.value(),
            freeze_count: point.freeze_count,
            concealed_ratio: point.concealed_ratio.value(),
            mos: point.mos.value(),
        };
        let track = |((direction, kind, source, from_participant_id), track): (TrackKey, Track)| {
            TrackView {
                direction,
                kind,
                source,
                from_participant_id,
                codec: track.codec,
                points: track.points.into_iter().map(point).collect(),
            }
        };
        self.participants
            .into_iter()
            .map(|(participant_id, tracks)| ParticipantQuality {
                participant_id,
                tracks: tracks.into_iter().map(track).collect(),
            })
            .collect()
    }
}

impl Point {
    fn add(&mut self, quality: &TrackQuality, round_trip_time_ms: Option<f32>) {
        self.packet_loss_ratio.add(quality.packet_loss_ratio);
        self.jitter_ms.add(quality.jitter_ms);
        self.round_trip_time_ms.add(round_trip_time_ms);
        self.bitrate_bps.add(quality.bitrate_bps.map(|bps| bps as f64));
        self.frames_per_second.add(quality.frames_per_second);
        self.frame_height.add(quality.frame_height);
        self.concealed_ratio.add(quality.concealed_ratio);
        self.mos.add(track_mos(round_trip_time_ms, quality.jitter_ms, quality.packet_loss_ratio));
        if let Some(count) = quality.freeze_count {
            self.freeze_count = Some(self.freeze_count.unwrap_or_default() + count);
        }
    }
}

fn key(quality: &TrackQuality) -> TrackKey {
    let direction = match quality.direction {
        TrackDirection::Sent => "sent",
        TrackDirection::Received => "received",
    };
    let name = |value: serde_json::Value| value.as_str().map(str::to_owned);
    let kind = name(serde_json::json!(quality.kind)).unwrap_or_default();
    let source = quality.source.and_then(|source| name(serde_json::json!(source)));
    (direction, kind, source, quality.participant_id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn samples(losses: &[f64]) -> MediaSamples {
        let line = |(number, loss): (usize, &f64)| {
            let track = json!({
                "direction": "received", "kind": "audio", "source": "microphone",
                "codec": "audio/opus", "packet_loss_ratio": loss, "freeze_count": 1,
            });
            let summary = json!({ "round_trip_time_ms": 40.0, "tracks": [track] });
            json!({ "at_us": number as i64 * INTERVAL_US, "summary": summary }).to_string() + "\n"
        };
        MediaSamples {
            participant_id: ParticipantId::from_uuid(uuid::Uuid::from_u128(1)),
            began_at: Timestamp::from_micros(0),
            samples: losses.iter().enumerate().map(line).collect(),
        }
    }

    fn chart(intervals: i64, points: i64) -> Chart {
        let end = Timestamp::from_micros(intervals * INTERVAL_US - 1);
        Chart::new(Timestamp::from_micros(0), end, points)
    }

    #[test]
    fn a_short_call_shows_every_measurement() {
        let mut chart = chart(4, 360);
        chart.add(&samples(&[0.0, 0.1, 0.2, 0.3]));
        let shown = chart.finish();
        let points = &shown[0].tracks[0].points;
        let losses: Vec<_> = points.iter().filter_map(|point| point.packet_loss_ratio).collect();
        assert_eq!(losses, [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(points[1].at, "1970-01-01T00:00:10Z");
        assert!(points[0].mos > points[3].mos, "{points:?}");
    }

    #[test]
    fn a_long_call_shows_means() {
        let mut chart = chart(4, 2);
        chart.add(&samples(&[0.0, 0.1, 0.2, 0.3]));
        let shown = chart.finish();
        let points = &shown[0].tracks[0].points;
        let losses: Vec<_> = points.iter().filter_map(|point| point.packet_loss_ratio).collect();
        assert_eq!(losses, [0.05, 0.25]);
        assert_eq!(points[0].freeze_count, Some(2));
        assert_eq!(points[0].jitter_ms, None);
    }
}
