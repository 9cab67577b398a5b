//! Calls that are recorded without anybody asking for it, and those that do not go on without.

use std::time::Instant;

use jumpa_protocol::{
    ErrorCode, Refusal,
    directory::Features,
    limits::RECORDING_GRACE,
    recording::{
        CallRecording, RecordingKind, RecordingPolicy, RecordingRequest, RecordingState,
        RecordingWish,
    },
    signal::LeaveReason,
};

use super::{Call, Output, recordings::is_recorded};
use crate::Moment;

/// What of a call is to be recorded, and whether it is.
#[derive(Debug, Default)]
pub(super) struct RecordingDuty {
    policy: RecordingPolicy,
    /// When the call ends unless it is recorded by then.
    ends_at: Option<Instant>,
    /// The same for people, milliseconds since 1970.
    ends_at_ms: Option<u64>,
    /// Whether the recording that must be is over; newcomers are refused meanwhile.
    is_lost: bool,
}

impl RecordingDuty {
    /// What the app wants, as far as its calls offer it.
    pub(super) fn new(policy: RecordingPolicy, features: Features) -> Self {
        let kind = policy.wish().map_or(RecordingKind::Tracks, |(options, _)| options.kind);
        let policy = if features.records(kind) { policy } else { RecordingPolicy::default() };
        Self { policy, ..Self::default() }
    }

    /// The duty of a call that goes on after a restart of the server; its recording goes on too,
    /// and shows itself.
    pub(super) fn continued(policy: RecordingPolicy, now: Instant) -> Self {
        let ends_at = policy.is_required.then(|| now + RECORDING_GRACE);
        Self { policy, ends_at, ..Self::default() }
    }

    /// What a room was prepared for counts beside what the app wants.
    pub(super) fn prepare(&mut self, room: &RecordingPolicy, features: Features) {
        *self = Self::new(
            RecordingPolicy {
                auto_record: room.auto_record.clone().or_else(|| self.policy.auto_record.clone()),
                is_required: self.policy.is_required || room.is_required,
            },
            features,
        );
    }

    pub(super) const fn policy(&self) -> &RecordingPolicy {
        &self.policy
    }

    pub(super) const fn is_required(&self) -> bool {
        self.policy.is_required
    }

    pub(super) const fn ends_at(&self) -> Option<Instant> {
        self.ends_at
    }

    pub(super) const fn ends_at_ms(&self) -> Option<u64> {
        self.ends_at_ms
    }

    /// From now on the call has this long to be recorded.
    fn begin_grace(&mut self, now: Moment) {
        let grace_ms = u64::try_from(RECORDING_GRACE.as_millis()).unwrap_or(u64::MAX);
        self.ends_at = Some(now.instant + RECORDING_GRACE);
        self.ends_at_ms = Some(now.unix_ms.saturating_add(grace_ms));
    }

    fn fulfil(&mut self) {
        (self.ends_at, self.ends_at_ms, self.is_lost) = (None, None, false);
    }

    /// Whether newcomers are let in: not while what must be recorded is not.
    pub(super) fn check_open(&self) -> Result<(), Refusal> {
        if self.is_lost { Err(ErrorCode::RecorderUnavailable.into()) } else { Ok(()) }
    }
}

impl Call {
    /// The first person is in: from now on the call is to be recorded.
    pub(super) fn begin_duty(&mut self, now: Moment) {
        if self.duty.is_required() {
            self.duty.begin_grace(now);
        }
        self.ask_by_policy();
    }

    /// Sees whether a call that must be recorded is, with `changed` as it is now. One whose
    /// recording is over asks for another at once.
    pub(super) fn look_after_duty(&mut self, changed: &CallRecording, now: Moment) {
        if !self.duty.is_required() || self.is_over {
            return;
        }
        let others = self.recordings.iter().filter(|known| known.id != changed.id);
        if others.chain([changed]).any(is_recorded) {
            self.duty.fulfil();
            return;
        }
        if changed.state == RecordingState::Queued {
            return;
        }
        self.duty.is_lost = true;
        if self.duty.ends_at.is_none() {
            self.duty.begin_grace(now);
            self.ask_by_policy();
        }
    }

    /// Ends a call that must be recorded and was not for too long.
    pub(super) fn handle_duty_timeout(&mut self, now: Moment) {
        if self.duty.ends_at.take_if(|at| *at <= now.instant).is_some() {
            self.end(LeaveReason::RecordingLost, ErrorCode::RecorderUnavailable, None);
        }
    }

    fn ask_by_policy(&mut self) {
        let Some((options, targets)) = self.duty.policy.wish() else { return };
        self.outputs.push_back(Output::Ask(RecordingRequest {
            room: self.config.room.clone(),
            call_id: self.config.id,
            moderator: None,
            wish: RecordingWish::Start { options, targets },
        }));
    }
}
