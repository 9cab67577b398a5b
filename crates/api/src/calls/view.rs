//! A call as it stands in answers.

use jumpa_db::{CallRecord, Timestamp};
use jumpa_protocol::{AppId, CallId, signal::QualityLevel};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{export, time::rfc3339, word_sets::CallLeaveReason};

/// A call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(crate) struct CallView {
    pub(crate) id: CallId,
    pub(crate) app_id: AppId,
    #[schema(example = "ruang-1")]
    pub(crate) room: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub(crate) started_at: String,
    /// When the last one left; null while it goes on.
    #[schema(format = DateTime, required)]
    pub(crate) ended_at: Option<String>,
    /// Why it ended, when it did not by itself: `call_ended`, `access_revoked`, `server_lost`.
    #[schema(required, value_type = Option<CallLeaveReason>, example = "call_ended")]
    pub(crate) end_reason: Option<String>,
    /// Until now while it goes on.
    pub(crate) duration_s: i64,
    /// Different participants.
    pub(crate) participants: i64,
    /// Time of all participants together, minutes with two decimals.
    #[schema(example = 12.25)]
    pub(crate) participant_minutes: f64,
    /// Most participants at once.
    pub(crate) peak_participants: i64,
    pub(crate) quality: Quality,
    pub(crate) is_live: bool,
}

impl export::Row for CallView {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "app_id",
        "room",
        "started_at",
        "ended_at",
        "end_reason",
        "duration_s",
        "participants",
        "participant_minutes",
        "peak_participants",
        "quality",
        "is_live",
    ];
}

impl CallView {
    pub(crate) fn new(call: CallRecord, now: Timestamp) -> Self {
        let end = call.ended_at.unwrap_or(now);
        Self {
            is_live: call.ended_at.is_none(),
            id: call.id,
            app_id: call.app_id,
            room: call.room,
            started_at: rfc3339(call.started_at),
            ended_at: call.ended_at.map(rfc3339),
            end_reason: call.end_reason,
            duration_s: seconds(end.as_micros() - call.started_at.as_micros()),
            participants: call.participants,
            participant_minutes: minutes(call.participant_us),
            peak_participants: call.peak_participants,
            quality: Quality::from_name(&call.quality),
        }
    }
}

/// How good the media was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CallQuality)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Quality {
    /// Four fifths of the measured time and more were good.
    Good,
    /// Neither good nor poor.
    Fair,
    /// A fifth of the measured time and more was poor.
    Poor,
    /// Nothing was measured.
    Unknown,
}

impl Quality {
    fn from_name(name: &str) -> Self {
        match name {
            "good" => Self::Good,
            "fair" => Self::Fair,
            "poor" => Self::Poor,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn level(self) -> QualityLevel {
        match self {
            Self::Good => QualityLevel::Good,
            Self::Fair => QualityLevel::Fair,
            Self::Poor => QualityLevel::Poor,
            Self::Unknown => QualityLevel::Unknown,
        }
    }
}

impl From<QualityLevel> for Quality {
    fn from(level: QualityLevel) -> Self {
        match level {
            QualityLevel::Good => Self::Good,
            QualityLevel::Fair => Self::Fair,
            QualityLevel::Poor | QualityLevel::Lost => Self::Poor,
            QualityLevel::Unknown => Self::Unknown,
        }
    }
}

/// Whole seconds of microseconds.
pub(crate) fn seconds(micros: i64) -> i64 {
    (micros + 500_000).div_euclid(1_000_000)
}

/// Minutes of microseconds, with two decimals.
pub(crate) fn minutes(micros: i64) -> f64 {
    (micros as f64 / 600_000.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_have_two_decimals() {
        assert_eq!(minutes(60_000_000), 1.0);
        assert_eq!(minutes(100_000_000), 1.67);
        assert_eq!(minutes(0), 0.0);
    }

    #[test]
    fn seconds_are_rounded() {
        assert_eq!((seconds(1_499_999), seconds(1_500_000)), (1, 2));
    }
}
