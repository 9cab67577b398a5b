//! Recordings: what is recorded and how, and what server and recorders tell each other.
//!
//! A recorder opens a WebSocket to the server and says everything that it has ([`Hello`]); the
//! server answers with what shall be done. Reports tell how a job is and not what changed, so a
//! message that comes twice or after a reconnect does no harm, and a recorder forgets a job only
//! when the server says that it is [`ToRecorder::Settled`].
//!
//! [`Hello`]: FromRecorder::Hello

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    AppId, CallId, ParticipantId, RecordingId, RoomKey, RoomName, SourceKind, TenantId, role::words,
};

words! {
    /// What becomes of a call.
    RecordingKind {
        /// A file for each source as it came, nothing is encoded again.
        Tracks = "tracks",
        /// One picture of everybody, with all voices.
        Composite = "composite",
        /// All voices, no picture.
        AudioOnly = "audio_only",
        /// The composite, sent to others while it is made.
        Stream = "stream",
    }
}

words! {
    /// How far a recording is.
    RecordingState {
        /// It waits for a recorder that is free.
        Queued = "queued",
        /// A recorder is on its way into the call.
        Starting = "starting",
        /// It records.
        Active = "active",
        /// The recorder has left the call and completes the files.
        Finalising = "finalising",
        /// The files are on their way to the storage.
        Uploading = "uploading",
        /// The files are in the library.
        Ready = "ready",
        /// It is over and there is nothing, or not everything.
        Failed = "failed",
    }
}

impl RecordingState {
    /// Whether nothing changes any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Ready | Self::Failed)
    }

    /// Whether people in the call are being recorded, or are about to be.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Queued | Self::Starting | Self::Active)
    }
}

words! {
    /// Why a recording failed.
    RecordingFailure {
        /// The call ended before anything could be recorded.
        CallEnded = "call_ended",
        /// Nobody sent anything while it ran.
        NothingRecorded = "nothing_recorded",
        /// It was stopped or deleted before it began.
        Cancelled = "cancelled",
        /// The server did not let the recorder in.
        CallRefused = "call_refused",
        /// No recorder was free in time.
        NoCapacity = "no_capacity",
        /// The recorder that had it did not come back.
        RecorderLost = "recorder_lost",
        /// The disk of the recorder is full.
        DiskFull = "disk_full",
        /// The storage refused the files.
        StorageRefused = "storage_refused",
        /// The storage could not be reached for too long.
        StorageUnreachable = "storage_unreachable",
        /// A fault of the recorder.
        Internal = "internal",
    }
}

words! {
    /// What a file of a recording is.
    RecordedFileRole {
        /// One source of one participant.
        Track = "track",
        /// Everybody in one file.
        Composite = "composite",
        /// A picture of a moment, for lists.
        Poster = "poster",
        /// What happened and when, JSON lines.
        Events = "events",
        /// The other files with their checksums, JSON.
        Manifest = "manifest",
    }
}

/// A recording as people in the call see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallRecording {
    /// Which.
    #[ts(type = "string")]
    pub id: RecordingId,
    /// What becomes of the call.
    pub kind: RecordingKind,
    /// How far it is; gone from the list when it is not running any more.
    pub state: RecordingState,
    /// When it began to record, milliseconds since 1970.
    #[ts(type = "number | null")]
    pub started_at_ms: Option<u64>,
    /// Who began it, as they were called then; absent when the app did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub started_by: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub failure: Option<RecordingFailure>,
}

/// What a moderator asks of the control plane from inside a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRequest {
    /// Where.
    pub room: RoomKey,
    /// In which call.
    pub call_id: CallId,
    /// Who asks.
    pub participant_id: ParticipantId,
    /// How they are called.
    pub name: String,
    /// What for.
    pub wish: RecordingWish,
}

/// What a moderator wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingWish {
    /// Record from now on.
    Start {
        /// What shall become of the call.
        kind: RecordingKind,
    },
    /// Record no longer.
    Stop {
        /// Which.
        id: RecordingId,
    },
}

/// What a recorder has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingJob {
    /// Which recording.
    pub id: RecordingId,
    /// Whose.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// The call.
    pub call_id: CallId,
    /// What becomes of it.
    pub kind: RecordingKind,
    /// Height of the largest picture that is recorded, pixels.
    pub max_height: u16,
    /// Lets the recorder in, unseen by people. A secret.
    pub join_token: String,
}

/// What a recorder says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromRecorder {
    /// First of all: who it is, and every job that it has not been told to forget.
    Hello {
        /// Names its spool; the same after a restart.
        recorder_id: String,
        /// Version of the program.
        version: String,
        /// What it can do at once, thousandths of a processor core.
        capacity_millicores: u32,
        /// Every job of its spool.
        jobs: Vec<JobReport>,
    },
    /// How a job is.
    Report {
        /// The whole of it.
        report: JobReport,
    },
    /// How the recorder is, every five seconds.
    Load {
        /// What its jobs take, thousandths of a processor core.
        used_millicores: u32,
        /// Room left on the disk of the spool, bytes.
        spool_free_bytes: u64,
    },
}

/// What the server says to a recorder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToRecorder {
    /// Begin a job. One that is there already goes on, with the new join token.
    Start {
        /// What to do.
        job: RecordingJob,
    },
    /// Leave the call and complete the files. Nothing when there is no such job.
    Stop {
        /// Which.
        id: RecordingId,
    },
    /// The end of a job is stored: forget it, and remove its spool.
    Settled {
        /// Which.
        id: RecordingId,
    },
}

/// How a job of a recorder is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobReport {
    /// Which.
    pub id: RecordingId,
    /// How far it is.
    pub state: RecordingState,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<RecordingFailure>,
    /// The failure in words, for the log and the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When the first packet was written, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at_ms: Option<u64>,
    /// When the recorder left the call, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at_ms: Option<u64>,
    /// Bytes written so far.
    pub bytes: u64,
    /// The files, when they are complete.
    #[serde(default)]
    pub files: Vec<RecordedFile>,
}

/// A complete file of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedFile {
    /// Its key in the storage.
    pub key: String,
    /// What it is.
    pub role: RecordedFileRole,
    /// Media type (RFC 6838).
    pub content_type: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 (FIPS 180-4) of its content, lower-case hexadecimal.
    pub sha256: String,
    /// Of a track: whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant_id: Option<ParticipantId>,
    /// Of a track: how they were called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant_name: Option<String>,
    /// Of a track: which source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceKind>,
    /// Its codec as WebM names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
    /// Of media: where it begins on the clock of the recording, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<u64>,
    /// Of media: how long it is, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let report = JobReport {
            id: RecordingId::generate(),
            state: RecordingState::Failed,
            failure: Some(RecordingFailure::DiskFull),
            detail: Some("No space left on device".to_owned()),
            started_at_ms: Some(1),
            ended_at_ms: None,
            bytes: 7,
            files: Vec::new(),
        };
        let said = FromRecorder::Report { report };
        let json = serde_json::to_string(&said).unwrap();
        assert!(json.starts_with(r#"{"type":"report","report":{"id":"rec_"#), "{json}");
        assert_eq!(serde_json::from_str::<FromRecorder>(&json).unwrap(), said);
    }

    #[test]
    fn nobody_is_recorded_in_a_state_that_is_final() {
        for state in RecordingState::ALL {
            assert!(!(state.is_final() && state.is_running()), "{state:?}");
        }
    }
}
