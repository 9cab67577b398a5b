//! What people in a call see of its recordings.

use jumpa_db::Recording;
use jumpa_protocol::{RecordingId, RoomKey, live_room::HostRequest, recording::CallRecording};
use tracing::warn;

use super::{Recordings, room_of};

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
        let by_participant = recording.requested_by_kind == "participant";
        let shown = CallRecording {
            id: recording.id,
            kind: recording.kind,
            state: recording.state,
            started_at_ms: started_at_ms.and_then(|ms| u64::try_from(ms).ok()),
            started_by: by_participant.then(|| recording.requested_by.clone()),
            failure: recording.failure(),
            queue: self.queue_place(&recording),
            streams: Vec::new(),
        };
        self.show(&room_of(&recording), shown).await;
    }

    pub(super) async fn show(&self, room: &RoomKey, recording: CallRecording) {
        let id = recording.id;
        let shown = self.0.node.request(room, HostRequest::ShowRecording { recording }).await;
        if let Err(refusal) = shown {
            warn!(recording.id = %id, error = %refusal, "a call does not show its recording");
        }
    }
}
