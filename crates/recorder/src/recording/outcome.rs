//! How a stay in a call ended.

use std::io;

use jumpa_protocol::{Refusal, signal::LeaveReason};

use crate::disk::DiskFailure;

/// How a stay in a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody wanted it to end.
    Stopped,
    /// The call is over, or the recorder was sent away.
    Ended,
    /// The server was lost; the job may go on when it is back.
    Lost,
    /// The server did not let the recorder in.
    Refused(Refusal),
    /// The server could not be reached.
    Unreachable(String),
    /// The disk takes no more.
    Disk(DiskFailure),
}

impl Outcome {
    pub(super) const fn of_leave(reason: LeaveReason) -> Self {
        match reason {
            LeaveReason::Left | LeaveReason::ConnectionLost | LeaveReason::ServerClosing => {
                Self::Lost
            }
            LeaveReason::CallEnded
            | LeaveReason::Removed
            | LeaveReason::AccessRevoked
            | LeaveReason::RecordingLost => Self::Ended,
        }
    }

    pub(super) fn of_disk(error: &io::Error) -> Self {
        let is_full = error.kind() == io::ErrorKind::StorageFull;
        Self::Disk(DiskFailure { is_full, detail: error.to_string() })
    }
}
