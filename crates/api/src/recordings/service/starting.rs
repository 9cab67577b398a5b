//! How recordings begin, and how they are told to end.

use jumpa_db::{DbError, NewRecording, Recording, Timestamp};
use jumpa_protocol::{
    RecordingId, TenantId,
    recording::{RecordingJob, ToRecorder},
};
use tracing::info;

use super::{Recordings, progress, room_of};

impl Recordings {
    /// Puts a recording into the queue.
    pub(crate) async fn start(
        &self,
        tenant_id: TenantId,
        new: &NewRecording,
    ) -> Result<Recording, DbError> {
        let scope = self.0.database.tenant(tenant_id);
        let recording = scope.start_recording(new, Timestamp::now()).await?;
        info!(
            tenant.id = %tenant_id, recording.id = %recording.id, call.id = %recording.call_id,
            "a recording was asked for"
        );
        self.tell_call(recording.id, |_| true).await;
        self.0.changed.notify_one();
        Ok(recording)
    }

    /// Ends a recording: its recorder leaves the call and completes the files.
    pub(crate) async fn stop(&self, id: RecordingId) -> Result<Recording, DbError> {
        let stored = self.change(id, progress::stopped).await?;
        if stored.recording.is_stopping {
            self.say(&stored.recording, ToRecorder::Stop { id });
        }
        Ok(stored.recording)
    }

    /// What its recorder has to do.
    pub(super) fn job(&self, recording: &Recording) -> ToRecorder {
        let room = room_of(recording);
        let join_token = self.0.node.recorder_token(&room, recording.call_id, recording.id);
        ToRecorder::Start {
            job: RecordingJob {
                id: recording.id,
                tenant_id: recording.tenant_id,
                app_id: recording.app_id.clone(),
                room: recording.room.clone(),
                call_id: recording.call_id,
                kind: recording.kind,
                max_height: recording.max_height,
                composition: None,
                targets: Vec::new(),
                weight: 1,
                join_token,
            },
        }
    }
}
