//! A recording as it stands in answers.

use jumpa_db::{
    Recording, RecordingConsent, RecordingFile, RecordingLink, RecordingTarget, RecordingView,
    Timestamp,
};
use jumpa_protocol::{
    AppId, CallId, ParticipantId, RecordingFileId, RecordingId, RecordingLinkId, RecordingViewId,
    RoomName, StreamTargetId,
    recording::{
        ComposeTime, QueuePlace, RecordedFileRole, RecordingFailure, RecordingFallback,
        RecordingKind, RecordingLayout, RecordingOptions, RecordingState, StreamFailure,
        StreamState,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::progress;
use crate::time::{from_ms, rfc3339};

/// A recording.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recording)]
pub(crate) struct RecordingSummary {
    id: RecordingId,
    app_id: AppId,
    #[schema(value_type = String, example = "ruang-1")]
    room: RoomName,
    call_id: CallId,
    kind: RecordingKind,
    state: RecordingState,
    /// Where it stands while it waits for capacity.
    #[schema(required)]
    queue: Option<QueueView>,
    /// What was asked for where it became tracks instead, since it should not wait.
    #[schema(required)]
    fell_back_from: Option<RecordingKind>,
    /// Whether pictures are left out, since the disk of its recorder is nearly full.
    is_sound_only: bool,
    /// Whether its recorder has been away for more than a minute: nobody knows whether it records.
    is_interrupted: bool,
    /// Whether its recorder was told to leave the call.
    is_stopping: bool,
    #[schema(required)]
    failure: Option<RecordingFailure>,
    /// The failure in words of the recorder.
    #[schema(required, example = "No space left on device")]
    detail: Option<String>,
    /// Who asked for it: `participant`, `user`, `operator`, `api_key` or `system`.
    #[schema(example = "participant")]
    requested_by_kind: String,
    #[schema(required)]
    requested_by_id: Option<String>,
    /// Their name at that moment.
    #[schema(example = "Dewi")]
    requested_by: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    queued_at: String,
    /// When the first packet was written.
    #[schema(format = DateTime, required)]
    started_at: Option<String>,
    /// When the recorder left the call.
    #[schema(format = DateTime, required)]
    ended_at: Option<String>,
    /// When it became ready or failed.
    #[schema(format = DateTime, required)]
    ready_at: Option<String>,
    #[schema(required)]
    duration_ms: Option<i64>,
    bytes: i64,
    /// Of a composite or a stream: where people stand.
    layout: RecordingLayout,
    /// Of a composite: when it is made.
    compose: ComposeTime,
    /// Of a composite or a stream: its height in pixels.
    #[schema(example = 720)]
    height: u16,
    /// Of a composite or a stream: whether names stand on the tiles.
    has_names: bool,
    /// What is made instead when there is no capacity.
    #[schema(required)]
    fallback: Option<RecordingFallback>,
    /// Of what is composed: up to where it is made, milliseconds from the start.
    #[schema(required)]
    composed_ms: Option<i64>,
    has_legal_hold: bool,
    /// When its files are removed for their age, unless it is under legal hold.
    #[schema(format = DateTime, required)]
    expires_at: Option<String>,
    #[schema(format = DateTime, required)]
    deleted_at: Option<String>,
    #[schema(required)]
    deleted_by: Option<String>,
    #[schema(required)]
    delete_reason: Option<String>,
    /// When its files were removed for good.
    #[schema(format = DateTime, required)]
    purged_at: Option<String>,
}

impl RecordingSummary {
    pub(crate) fn new(recording: Recording, now: Timestamp) -> Self {
        let RecordingOptions { kind, layout, compose, height, has_names, fallback } =
            recording.options();
        Self {
            queue: None,
            fell_back_from: recording.fell_back_from(),
            layout,
            compose,
            height,
            has_names,
            fallback,
            composed_ms: recording.composed_ms,
            is_sound_only: recording.is_sound_only,
            is_interrupted: progress::is_interrupted(&recording, now),
            failure: recording.failure(),
            duration_ms: recording.duration_ms(),
            id: recording.id,
            app_id: recording.app_id,
            room: recording.room,
            call_id: recording.call_id,
            kind,
            state: recording.state,
            is_stopping: recording.is_stopping,
            detail: recording.detail,
            requested_by_kind: recording.requested_by_kind,
            requested_by_id: recording.requested_by_id,
            requested_by: recording.requested_by,
            queued_at: rfc3339(recording.queued_at),
            started_at: recording.started_at.map(rfc3339),
            ended_at: recording.ended_at.map(rfc3339),
            ready_at: recording.ready_at.map(rfc3339),
            bytes: recording.bytes,
            has_legal_hold: recording.has_legal_hold,
            expires_at: recording.expires_at.map(rfc3339),
            deleted_at: recording.deleted_at.map(rfc3339),
            deleted_by: recording.deleted_by,
            delete_reason: recording.delete_reason,
            purged_at: recording.purged_at.map(rfc3339),
        }
    }

    /// The same with its place in the queue.
    pub(crate) fn with_queue(self, place: Option<QueuePlace>) -> Self {
        Self { queue: place.map(QueueView::from), ..self }
    }
}

/// The place of a recording that waits for capacity.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingQueuePlace)]
pub(crate) struct QueueView {
    /// 1 is the next.
    pub(super) place: u32,
    /// When it will begin as far as can be told; null when no end is known.
    #[schema(format = DateTime, required)]
    expected_at: Option<String>,
}

impl From<QueuePlace> for QueueView {
    fn from(queue: QueuePlace) -> Self {
        Self { place: queue.place, expected_at: queue.expected_at_ms.map(from_ms) }
    }
}

/// A file of a recording.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingFile)]
pub(crate) struct RecordingFileView {
    id: RecordingFileId,
    role: RecordedFileRole,
    /// Its name without folders.
    #[schema(example = "001-par_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f-camera.webm")]
    name: String,
    #[schema(example = "video/webm")]
    content_type: String,
    bytes: i64,
    /// SHA-256, lower-case hexadecimal.
    sha256: String,
    /// Of a track: whose.
    #[schema(required)]
    participant_id: Option<ParticipantId>,
    #[schema(required, example = "Budi")]
    participant_name: Option<String>,
    #[schema(required, example = "camera")]
    source: Option<String>,
    #[schema(required, example = "V_VP8")]
    codec: Option<String>,
    /// Where it begins on the clock of the recording.
    #[schema(required)]
    start_ms: Option<i64>,
    #[schema(required)]
    duration_ms: Option<i64>,
    /// When it was last read again and compared with its checksum.
    #[schema(format = DateTime, required)]
    verified_at: Option<String>,
    /// Whether it was what it should be; null before the first time.
    #[schema(required)]
    is_intact: Option<bool>,
}

impl From<RecordingFile> for RecordingFileView {
    fn from(file: RecordingFile) -> Self {
        Self {
            name: file_name(&file).to_owned(),
            participant_id: file.participant_id(),
            id: file.id,
            role: file.role,
            content_type: file.content_type,
            bytes: file.bytes,
            sha256: file.sha256,
            participant_name: file.participant_name,
            source: file.source,
            codec: file.codec,
            start_ms: file.start_ms,
            duration_ms: file.duration_ms,
            verified_at: file.verified_at.map(rfc3339),
            is_intact: file.is_intact,
        }
    }
}

/// The name of a file without its folders.
pub(super) fn file_name(file: &RecordingFile) -> &str {
    file.storage_key.rsplit('/').next().unwrap_or_default()
}

/// Somebody who was in the call while it was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedPerson {
    pub(crate) participant_id: ParticipantId,
    #[schema(example = "Budi")]
    pub(crate) name: String,
    /// Their id in your own system; null for guests.
    #[schema(required, example = "pasien-7")]
    pub(crate) subject: Option<String>,
    #[schema(format = DateTime)]
    pub(crate) joined_at: String,
    /// Null while they are in.
    #[schema(format = DateTime, required)]
    pub(crate) left_at: Option<String>,
}

/// A target of a stream. Its key is shown to nobody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingTarget)]
pub(crate) struct TargetView {
    id: StreamTargetId,
    #[schema(example = "Kanal klinik")]
    name: String,
    /// Its address without the key.
    #[schema(example = "rtmps://a.rtmps.youtube.com/live2")]
    url: String,
    /// The last characters of the key, by which people tell keys apart.
    #[schema(example = "1234")]
    key_end: String,
    /// Where viewers see the stream.
    #[schema(required, example = "https://youtu.be/abc")]
    viewer_url: Option<String>,
    state: StreamState,
    /// Why it is not live.
    #[schema(required)]
    failure: Option<StreamFailure>,
    /// What is sent to it.
    #[schema(required)]
    bitrate_bps: Option<u32>,
    /// Whether it was taken out while the stream ran.
    is_removed: bool,
    /// When it was live for the first time.
    #[schema(format = DateTime, required)]
    started_at: Option<String>,
}

impl From<RecordingTarget> for TargetView {
    fn from(target: RecordingTarget) -> Self {
        Self {
            id: target.id,
            state: target.state,
            failure: target.failure(),
            bitrate_bps: target.bitrate_bps(),
            is_removed: target.is_removed,
            started_at: target.started_at.map(rfc3339),
            name: target.name,
            url: target.url,
            key_end: target.key_end,
            viewer_url: target.viewer_url,
        }
    }
}

/// Somebody said in the call that they know of the recording, and whether they agree to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingConsent)]
pub(crate) struct ConsentView {
    participant_id: ParticipantId,
    #[schema(example = "Budi")]
    name: String,
    #[schema(format = DateTime)]
    consented_at: String,
    /// Whether they agree.
    agrees: bool,
    /// Whether they began the recording, and so were not asked.
    is_starter: bool,
}

impl From<RecordingConsent> for ConsentView {
    fn from(consent: RecordingConsent) -> Self {
        Self {
            participant_id: consent.participant_id,
            name: consent.name,
            consented_at: rfc3339(consent.consented_at),
            agrees: consent.agrees,
            is_starter: consent.is_starter,
        }
    }
}

/// A link with which people without a login see a recording.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingLink)]
pub(crate) struct LinkView {
    id: RecordingLinkId,
    #[schema(example = "rina@sehat.example")]
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<RecordingLink> for LinkView {
    fn from(link: RecordingLink) -> Self {
        Self {
            id: link.id,
            created_by: link.created_by,
            created_at: rfc3339(link.created_at),
            expires_at: rfc3339(link.expires_at),
        }
    }
}

/// One time that somebody was given something of a recording.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingView)]
pub(crate) struct ViewView {
    id: RecordingViewId,
    #[schema(format = DateTime)]
    at: String,
    /// `file`, `link_opened` or `evidence`.
    #[schema(example = "file")]
    kind: String,
    #[schema(required)]
    file_id: Option<RecordingFileId>,
    #[schema(required)]
    link_id: Option<RecordingLinkId>,
    /// `user`, `operator`, `api_key` or `link`.
    #[schema(example = "user")]
    viewer_kind: String,
    #[schema(required)]
    viewer_id: Option<String>,
    /// Their name at that moment; of a link, who made it.
    #[schema(example = "rina@sehat.example")]
    viewer: String,
    #[schema(required, example = "10.1.0.7")]
    address: Option<String>,
}

impl From<RecordingView> for ViewView {
    fn from(view: RecordingView) -> Self {
        Self {
            file_id: view.file_id(),
            link_id: view.link_id(),
            id: view.id,
            at: rfc3339(view.at),
            kind: view.kind,
            viewer_kind: view.viewer_kind,
            viewer_id: view.viewer_id,
            viewer: view.viewer,
            address: view.address,
        }
    }
}
