//! What server and recorders tell each other.

use serde::{Deserialize, Serialize};

use super::{
    ComposeTime, RecordedFileRole, RecordingFailure, RecordingKind, RecordingLayout,
    RecordingState, RecordingStorage, SpoolLevel, StreamFailure, StreamState, wanted::rtmp_place,
};
use crate::{
    AllowedNetworks, AppId, CallId, ParticipantId, RecordingId, RoomName, SourceKind,
    StreamTargetId, TenantId,
};

/// How the picture and sound of everybody are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composition {
    /// Where people stand.
    pub layout: RecordingLayout,
    /// Height of the picture, pixels: 720 or 1080. Its width is 16:9.
    pub height: u16,
    /// When it is made. A stream is always live.
    pub time: ComposeTime,
    /// Whether names stand on the tiles.
    pub has_names: bool,
    /// The app's logo: an image file in Base64 (RFC 4648 section 4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// Where a stream is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamTarget {
    /// Which.
    pub id: StreamTargetId,
    /// `rtmp://` or `rtmps://` with application and stream key. A secret.
    pub url: String,
    /// Networks that are not public and in which its server may be all the same.
    #[serde(default)]
    pub networks: AllowedNetworks,
}

impl StreamTarget {
    /// Host and port of its server, as [`stream_host`](super::stream_host) gives them, whatever the
    /// key is made of.
    #[must_use]
    pub fn host(&self) -> Option<(String, u16)> {
        rtmp_place(&self.url).map(|(host, port, _)| (host, port))
    }
}

impl std::fmt::Debug for StreamTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamTarget").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How the stream to a target is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetReport {
    /// Which.
    pub id: StreamTargetId,
    /// How it is.
    pub state: StreamState,
    /// What was sent to it in the last seconds, bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bitrate_bps: Option<u32>,
    /// Why it is not live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<StreamFailure>,
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
    /// Of everything but tracks: how it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composition: Option<Composition>,
    /// Of a stream: where it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<StreamTarget>,
    /// The app's share of the time for composing after calls, against others that wait.
    pub weight: u32,
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
        /// What marks its folder of finished recordings: that of the server where both see one folder.
        /// None of recorders that do not tell.
        #[serde(default)]
        library_mark: Option<String>,
        /// Every job of its spool.
        jobs: Vec<JobReport>,
    },
    /// How a job is.
    Report {
        /// The whole of it.
        report: JobReport,
    },
    /// Where do the files of a job go? Asked when it is needed, so that a recorder keeps no secret on
    /// its disk and hears of a mended key, and again at each connection until it is answered.
    AskStorage {
        /// Which.
        id: RecordingId,
    },
    /// How the recorder is, every five seconds.
    Load {
        /// What its jobs take, thousandths of a processor core. What is composed after calls is
        /// left out: it gives way to everything else.
        used_millicores: u32,
        /// Room left on the disk of the spool, bytes.
        spool_free_bytes: u64,
        /// How full that disk is; one that does not tell it judges by the room alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spool_level: Option<SpoolLevel>,
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
    /// Send a stream to these targets from now on, and to no others.
    SetTargets {
        /// Which.
        id: RecordingId,
        /// All of them.
        targets: Vec<StreamTarget>,
    },
    /// The answer to [`FromRecorder::AskStorage`].
    Storage {
        /// Which.
        id: RecordingId,
        /// Where its files go.
        storage: Box<RecordingStorage>,
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
    /// Of what is composed: up to where it is made, on the clock of the recording, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composed_ms: Option<u64>,
    /// Of a stream: how each target is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetReport>,
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

    fn target(url: &str) -> StreamTarget {
        let (id, networks) = (StreamTargetId::generate(), AllowedNetworks::default());
        StreamTarget { id, url: url.to_owned(), networks }
    }

    #[test]
    fn a_stream_key_is_not_in_logs() {
        let target = target("rtmp://a.rtmp.example/live2/abcd-1234");
        assert!(!format!("{target:?}").contains("abcd"), "{target:?}");
    }

    #[test]
    fn the_server_of_a_target_is_found_whatever_its_key_is_made_of() {
        for (url, expected) in [
            ("rtmp://A.example/live/key", Some(("a.example", 1_935))),
            ("rtmps://a.example/live/key?token=a@b:80#c", Some(("a.example", 443))),
            ("rtmp://[0:0::1]:80/live/[key]", Some(("::1", 80))),
            ("rtmp://budi:rahasia@a.example/live/key", None),
            ("file:///etc/passwd", None),
        ] {
            let expected = expected.map(|(host, port): (&str, u16)| (host.to_owned(), port));
            assert_eq!(target(url).host(), expected, "{url}");
        }
    }

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
            composed_ms: None,
            targets: Vec::new(),
            files: Vec::new(),
        };
        let said = FromRecorder::Report { report };
        let json = serde_json::to_string(&said).unwrap();
        assert!(json.starts_with(r#"{"type":"report","report":{"id":"rec_"#), "{json}");
        assert_eq!(serde_json::from_str::<FromRecorder>(&json).unwrap(), said);
    }
}
