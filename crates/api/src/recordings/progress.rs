//! What becomes of a recording: by what its recorder reports, by somebody who stops it, by time.
//!
//! A recording only goes forward, so a report that comes late or twice changes nothing. One thing
//! takes an end back: a recorder that was given up and returns brings its files all the same.

use std::time::Duration;

use jumpa_db::{Recording, RecordingProgress, Timestamp};
use jumpa_protocol::recording::{JobReport, RecordingFailure, RecordingState};

use crate::time::at_ms;

/// How long a recorder may be away before people are told. Shorter alarms at every restart of the
/// server or the recorder, longer leaves people in the belief that they are recorded.
const INTERRUPTED_AFTER: Duration = Duration::from_secs(60);

/// How long a recorder may be away before its recordings have failed. Its spool holds them that
/// long through a broken machine that is repaired the same day.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a recording waits for a recorder that is free. Longer begins it when most of the call
/// is over, shorter fails it while recorders restart.
const QUEUE_PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Most characters of a failure in words that are kept.
const MAX_DETAIL_CHARS: usize = 1_000;

/// What a report makes of a recording; none when it stays as it is.
pub(super) fn reported(
    before: &Recording,
    recorder_id: &str,
    report: &JobReport,
) -> Option<RecordingProgress> {
    let is_theirs = before.recorder_id.as_deref() == Some(recorder_id);
    if !is_theirs || is_over(before) {
        return None;
    }
    let mut after = RecordingProgress::from(before);
    after.recorder_away_since = None;
    let is_revived = before.state.is_final();
    if is_revived || step(report.state) >= step(before.state) {
        after.state = report.state;
        after.failure = report.failure;
        after.detail = report.detail.as_ref().map(|text| shortened(text));
        after.started_at = before.started_at.or(report.started_at_ms.map(at_ms));
        after.ended_at = report.ended_at_ms.map(at_ms).or(before.ended_at);
        after.bytes = i64::try_from(report.bytes).unwrap_or(i64::MAX).max(before.bytes);
        let composed_ms = report.composed_ms.and_then(|ms| i64::try_from(ms).ok());
        after.composed_ms = composed_ms.or(before.composed_ms);
        after.targets.clone_from(&report.targets);
        after.files = report.state.is_final().then(|| report.files.clone());
        if report.state == RecordingState::Failed {
            after.failure = Some(report.failure.unwrap_or(RecordingFailure::Internal));
        }
    }
    (after != RecordingProgress::from(before)).then_some(after)
}

/// Whether nothing that a recorder says changes it any more.
pub(super) fn is_over(recording: &Recording) -> bool {
    recording.state.is_final()
        && (recording.failure() != Some(RecordingFailure::RecorderLost)
            || recording.purged_at.is_some())
}

/// Somebody wants it to end.
pub(super) fn stopped(before: &Recording) -> Option<RecordingProgress> {
    match before.state {
        RecordingState::Queued => Some(failed(before, RecordingFailure::Cancelled)),
        RecordingState::Starting | RecordingState::Active if !before.is_stopping => {
            Some(RecordingProgress { is_stopping: true, ..before.into() })
        }
        _ => None,
    }
}

/// A recorder gets it.
pub(super) fn assigned(before: &Recording, recorder_id: &str) -> Option<RecordingProgress> {
    (before.state == RecordingState::Queued).then(|| RecordingProgress {
        state: RecordingState::Starting,
        recorder_id: Some(recorder_id.to_owned()),
        ..before.into()
    })
}

/// Its recorder is there and has nothing of it. One that had only been asked is asked again.
pub(super) fn missing(before: &Recording, is_live: bool) -> Option<RecordingProgress> {
    match before.state {
        RecordingState::Starting if before.is_stopping => {
            Some(failed(before, RecordingFailure::Cancelled))
        }
        RecordingState::Starting if is_live => before
            .recorder_away_since
            .is_some()
            .then(|| RecordingProgress { recorder_away_since: None, ..before.into() }),
        RecordingState::Starting => Some(failed(before, RecordingFailure::CallEnded)),
        state if state.is_final() => None,
        _ => Some(RecordingProgress {
            detail: Some("the recorder has nothing of it any more".to_owned()),
            ..failed(before, RecordingFailure::Internal)
        }),
    }
}

/// What time makes of it.
pub(super) fn aged(before: &Recording, is_live: bool, now: Timestamp) -> Option<RecordingProgress> {
    if before.state == RecordingState::Queued {
        let is_late = before.queued_at + QUEUE_PATIENCE <= now;
        return match (is_live, is_late) {
            (false, _) => Some(failed(before, RecordingFailure::CallEnded)),
            (true, true) => Some(failed(before, RecordingFailure::NoCapacity)),
            (true, false) => None,
        };
    }
    let is_lost = before.recorder_away_since.is_some_and(|since| since + GIVEN_UP_AFTER <= now);
    (is_lost && !before.state.is_final()).then(|| failed(before, RecordingFailure::RecorderLost))
}

/// Whether it should be recording and nobody knows that it does.
pub(super) fn is_interrupted(recording: &Recording, now: Timestamp) -> bool {
    let is_away =
        recording.recorder_away_since.is_some_and(|since| since + INTERRUPTED_AFTER <= now);
    is_away && !recording.state.is_final()
}

fn failed(before: &Recording, failure: RecordingFailure) -> RecordingProgress {
    RecordingProgress { state: RecordingState::Failed, failure: Some(failure), ..before.into() }
}

/// How far a state is on the way.
fn step(state: RecordingState) -> u8 {
    match state {
        RecordingState::Queued => 0,
        RecordingState::Starting => 1,
        RecordingState::Active => 2,
        RecordingState::Finalising => 3,
        RecordingState::Uploading => 4,
        RecordingState::Ready | RecordingState::Failed => 5,
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|letter| *letter != '\0').take(MAX_DETAIL_CHARS).collect()
}
