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

mod link;
mod storage;
mod wanted;

pub use link::{
    Composition, FromRecorder, JobReport, RecordedFile, RecordingJob, StreamTarget, TargetReport,
    ToRecorder,
};
pub use storage::{DataKey, RecordingStorage, S3Bucket, StoragePlace};
pub use wanted::{
    AutoRecord, COMPOSITE_HEIGHTS, ChosenTarget, RecordingFallback, RecordingOptions,
    RecordingPolicy, StreamAddress, StreamPreset, WantedError, WantedTarget, chosen_targets,
    stream_host,
};

use crate::{CallId, ParticipantId, RecordingId, RoomKey, StreamTargetId, role::words};

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
        /// A target of the stream is not known, or its address is not allowed.
        TargetRefused = "target_refused",
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

words! {
    /// How files of recordings are kept from others who can read where they lie.
    RecordingEncryption {
        /// They lie there as they are.
        None = "none",
        /// The server of the bucket encrypts them with its own key (SSE-S3).
        Sse = "sse",
        /// They are encrypted before they leave the recorder; each recording has a key of its own,
        /// which the key file of this server opens.
        Envelope = "envelope",
    }
}

words! {
    /// Where people stand in a composite. A shared screen takes the stage in each of them.
    #[derive(Default)]
    RecordingLayout {
        /// Everybody the same size.
        #[default]
        Grid = "grid",
        /// Who speaks is large, the others are a row below.
        Speaker = "speaker",
        /// Two halves: the first two people, or the shared screen and who speaks.
        SideBySide = "side_by_side",
        /// Who speaks, alone.
        Single = "single",
    }
}

words! {
    /// When a composite is made.
    #[derive(Default)]
    ComposeTime {
        /// From the tracks, when the call is over: costs little, and never disturbs a live one.
        #[default]
        AfterCall = "after_call",
        /// During the call: the file is there soon after hang-up.
        Live = "live",
    }
}

words! {
    /// How a stream to one target is.
    StreamState {
        /// The connection is made for the first time.
        Connecting = "connecting",
        /// It is sent.
        Live = "live",
        /// It was lost and is tried again.
        Reconnecting = "reconnecting",
        /// The target does not take it; it is tried again, rarely.
        Refused = "refused",
        /// The recording is over, or the target was taken out.
        Ended = "ended",
    }
}

words! {
    /// Why a target gets no stream.
    StreamFailure {
        /// Nobody answers at its address.
        Unreachable = "unreachable",
        /// The server there refuses the stream key.
        KeyRefused = "key_refused",
        /// Its certificate is not valid.
        CertificateInvalid = "certificate_invalid",
        /// The connection was lost.
        ConnectionLost = "connection_lost",
    }
}

words! {
    /// How full the disk of a recorder's spool is, and what is done about it.
    #[derive(Default)]
    SpoolLevel {
        /// There is room.
        #[default]
        Roomy = "roomy",
        /// Four fifths are full: the recorder gets no more recordings.
        Filling = "filling",
        /// Nine tenths are full: pictures are recorded small.
        Scarce = "scarce",
        /// Nineteen twentieths are full: sound alone is recorded.
        SoundOnly = "sound_only",
    }
}

/// The place of a recording that waits for capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct QueuePlace {
    /// 1 is the next.
    pub place: u32,
    /// When it will begin as far as can be told, milliseconds since 1970; absent when nothing that
    /// goes on has a known end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number", optional)]
    pub expected_at_ms: Option<u64>,
}

/// A target of a stream as people in the call see it: never its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallStream {
    /// Which.
    #[ts(type = "string")]
    pub id: StreamTargetId,
    /// What whoever entered it called it, or the host of its address.
    pub name: String,
    /// How it is.
    pub state: StreamState,
    /// What is sent to it, bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub bitrate_bps: Option<u32>,
    /// Why it is not live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub failure: Option<StreamFailure>,
    /// Where viewers see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub viewer_url: Option<String>,
}

/// A target that the app has stored, as moderators who may stream see it: by its name, never where
/// it leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct StreamTargetName {
    /// Names it in `start_recording` and `set_stream_targets`.
    #[ts(type = "string")]
    pub id: StreamTargetId,
    /// How the people of the app call it.
    pub name: String,
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
    /// Which participant that was: they know of it and are not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub started_by_id: Option<ParticipantId>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub failure: Option<RecordingFailure>,
    /// While it is queued for want of capacity: where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub queue: Option<QueuePlace>,
    /// Whether pictures are left out, since the disk of its recorder is nearly full.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub is_sound_only: bool,
    /// Of a stream: where it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<CallStream>>")]
    pub streams: Vec<CallStream>,
    /// Whether there is no call here without a recording: whoever refuses to be recorded leaves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub is_required: bool,
    /// When the call ends, milliseconds since 1970, since a recording is required and nothing is
    /// recorded; absent while something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number", optional)]
    pub ends_call_at_ms: Option<u64>,
}

/// What is asked of the control plane from inside a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRequest {
    /// Where.
    pub room: RoomKey,
    /// In which call.
    pub call_id: CallId,
    /// The moderator who asks; none when the app wants every call of the room recorded.
    pub moderator: Option<Moderator>,
    /// What for.
    pub wish: RecordingWish,
}

/// Who asks for a recording in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moderator {
    /// Who.
    pub id: ParticipantId,
    /// How they are called.
    pub name: String,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordingWish {
    /// Record from now on.
    Start {
        /// How.
        options: RecordingOptions,
        /// Of a stream: where it is sent.
        targets: Vec<ChosenTarget>,
    },
    /// Record no longer.
    Stop {
        /// Which.
        id: RecordingId,
    },
    /// Send a stream to these targets from now on, and to no others.
    SetTargets {
        /// Which.
        id: RecordingId,
        /// All of them.
        targets: Vec<ChosenTarget>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_recorded_in_a_state_that_is_final() {
        for state in RecordingState::ALL {
            assert!(!(state.is_final() && state.is_running()), "{state:?}");
        }
    }
}
