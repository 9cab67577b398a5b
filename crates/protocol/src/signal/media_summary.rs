//! How a client's media was, for statistics. Names follow W3C webrtc-stats.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{MediaKind, ParticipantId, SourceKind, limits};

/// A client's media over the last [`limits::MEDIA_SUMMARY_INTERVAL`], as it measured it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MediaSummary {
    /// `udp`, `tcp`; absent without a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub transport: Option<String>,
    /// Round trip to the server, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub round_trip_time_ms: Option<f32>,
    /// What the client thinks it may send, bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub available_outgoing_bps: Option<u64>,
    /// What it sends and receives, at most [`limits::MAX_SUMMARY_TRACKS`].
    #[serde(default)]
    pub tracks: Vec<TrackQuality>,
}

/// One track that a client sends or receives. What was not measured is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TrackQuality {
    /// Which way it goes, seen from the client.
    pub direction: TrackDirection,
    /// Sound or picture.
    pub kind: MediaKind,
    /// Which source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source: Option<SourceKind>,
    /// Whose, of a received track.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub participant_id: Option<ParticipantId>,
    /// MIME type, for example `video/VP8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub codec: Option<String>,
    /// Bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub bitrate_bps: Option<u64>,
    /// Share of packets lost, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub packet_loss_ratio: Option<f32>,
    /// Variation of arrival times, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub jitter_ms: Option<f32>,
    /// Height of the picture, pixels; of several encodings the largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub frame_height: Option<u16>,
    /// Frames per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub frames_per_second: Option<f32>,
    /// Freezes in the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub freeze_count: Option<u32>,
    /// Share of sound that was made up for what did not arrive, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub concealed_ratio: Option<f32>,
}

/// Which way a track goes, seen from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrackDirection {
    /// To the server.
    Sent,
    /// From the server.
    Received,
}

impl MediaSummary {
    /// Drops what no client can have measured: figures are for charts, and one broken client must
    /// not spoil those of everybody.
    #[must_use]
    pub fn plausible(mut self) -> Self {
        const LONGEST_TEXT: usize = 40;
        let is_time = |ms: &f32| (0.0..=60_000.0).contains(ms);
        let is_share = |share: &f32| (0.0..=1.0).contains(share);
        let is_rate = |bps: &u64| *bps <= 10_000_000_000;
        self.transport = self.transport.filter(|text| text.len() <= LONGEST_TEXT);
        self.round_trip_time_ms = self.round_trip_time_ms.filter(is_time);
        self.available_outgoing_bps = self.available_outgoing_bps.filter(is_rate);
        self.tracks.truncate(limits::MAX_SUMMARY_TRACKS);
        for track in &mut self.tracks {
            track.codec = track.codec.take().filter(|text| text.len() <= LONGEST_TEXT);
            track.bitrate_bps = track.bitrate_bps.filter(is_rate);
            track.packet_loss_ratio = track.packet_loss_ratio.filter(is_share);
            track.jitter_ms = track.jitter_ms.filter(is_time);
            track.frames_per_second =
                track.frames_per_second.filter(|rate| (0.0..=1_000.0).contains(rate));
            track.freeze_count = track.freeze_count.filter(|count| *count <= 10_000);
            track.concealed_ratio = track.concealed_ratio.filter(is_share);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(packet_loss_ratio: f32) -> TrackQuality {
        TrackQuality {
            direction: TrackDirection::Received,
            kind: MediaKind::Video,
            source: Some(SourceKind::Camera),
            participant_id: None,
            codec: Some("video/VP8".to_owned()),
            bitrate_bps: Some(500_000),
            packet_loss_ratio: Some(packet_loss_ratio),
            jitter_ms: Some(4.0),
            frame_height: Some(360),
            frames_per_second: Some(29.9),
            freeze_count: Some(0),
            concealed_ratio: None,
        }
    }

    #[test]
    fn what_can_be_is_kept() {
        let summary = MediaSummary {
            transport: Some("udp".to_owned()),
            round_trip_time_ms: Some(40.0),
            available_outgoing_bps: Some(2_000_000),
            tracks: vec![track(0.1)],
        };
        assert_eq!(summary.clone().plausible(), summary);
    }

    #[test]
    fn what_cannot_be_is_dropped() {
        for loss in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
            let summary = MediaSummary { tracks: vec![track(loss)], ..MediaSummary::default() };
            assert_eq!(summary.plausible().tracks[0].packet_loss_ratio, None, "{loss}");
        }
        let endless = MediaSummary {
            transport: Some("x".repeat(41)),
            tracks: vec![track(0.0); limits::MAX_SUMMARY_TRACKS + 1],
            ..MediaSummary::default()
        };
        let plausible = endless.plausible();
        assert_eq!(plausible.transport, None);
        assert_eq!(plausible.tracks.len(), limits::MAX_SUMMARY_TRACKS);
    }
}
