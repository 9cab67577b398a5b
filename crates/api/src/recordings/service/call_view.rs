//! What people in a call see of its recordings.

use jumpa_db::{DbError, Recording, RecordingTarget};
use jumpa_protocol::{
    RecordingId, RoomKey,
    live_room::HostRequest,
    recording::{CallRecording, CallStream, RecordingKind},
};
use tracing::warn;

use super::{Recordings, room_of};

/// Steps in which people in a call see the bitrate of a stream, bits per second: each one that is
/// shown goes to everybody, so the noise of measuring is none.
const SHOWN_BITRATE_STEP: u32 = 250_000;

impl Recordings {
    /// Shows people in the call how a recording is now, if that is worth telling. A call that is
    /// over shows nothing.
    pub(super) async fn tell_call(
        &self,
        id: RecordingId,
        is_news: impl Fn(&Recording) -> bool + Send,
    ) {
        let _turn = self.0.telling.lock().await;
        let recording = match self.0.database.operator().recording(id).await {
            Ok(Some(recording)) => recording,
            Ok(None) => return,
            Err(error) => {
                // The next look tells it.
                warn!(recording.id = %id, %error, "a call is not told of its recording");
                return;
            }
        };
        if !self.is_live(&recording) || !is_news(&recording) {
            return;
        }
        let started_at_ms = recording.started_at.map(|at| at.as_micros() / 1_000);
        let streams = match self.streams(&recording).await {
            Ok(streams) => streams,
            Err(error) => {
                warn!(recording.id = %id, %error, "a call is not told of its stream");
                return;
            }
        };
        let by_participant = recording.requested_by_kind == "participant";
        let by_id = recording.requested_by_id.as_ref().filter(|_| by_participant);
        let shown = CallRecording {
            id: recording.id,
            kind: recording.kind,
            state: recording.state,
            started_at_ms: started_at_ms.and_then(|ms| u64::try_from(ms).ok()),
            started_by: by_participant.then(|| recording.requested_by.clone()),
            started_by_id: by_id.and_then(|id| id.parse().ok()),
            failure: recording.failure(),
            queue: self.queue_place(&recording),
            is_sound_only: recording.is_sound_only,
            streams,
            is_required: false,
            ends_call_at_ms: None,
        };
        self.show(&room_of(&recording), shown).await;
    }

    /// Where a stream is sent, as people in the call see it.
    async fn streams(&self, recording: &Recording) -> Result<Vec<CallStream>, DbError> {
        if recording.kind != RecordingKind::Stream {
            return Ok(Vec::new());
        }
        let targets = self.0.database.operator().recording_targets(recording).await?;
        let stream = |target: RecordingTarget| CallStream {
            id: target.id,
            state: target.state,
            bitrate_bps: target.bitrate_bps().map(rounded),
            failure: target.failure(),
            name: target.name,
            viewer_url: target.viewer_url,
        };
        Ok(targets.into_iter().map(stream).collect())
    }

    pub(super) async fn show(&self, room: &RoomKey, recording: CallRecording) {
        let id = recording.id;
        let shown = self.0.node.request(room, HostRequest::ShowRecording { recording }).await;
        if let Err(refusal) = shown {
            warn!(recording.id = %id, error = %refusal, "a call does not show its recording");
        }
    }
}

fn rounded(bitrate_bps: u32) -> u32 {
    let steps = bitrate_bps.saturating_add(SHOWN_BITRATE_STEP / 2) / SHOWN_BITRATE_STEP;
    steps * SHOWN_BITRATE_STEP
}
