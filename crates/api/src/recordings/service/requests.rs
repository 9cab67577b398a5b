//! What moderators ask from inside their call.

use jumpa_db::{DbError, NewRecording, Requester};
use jumpa_protocol::{
    RecordingId,
    recording::{
        CallRecording, RecordingFailure, RecordingKind, RecordingRequest, RecordingState,
        RecordingWish,
    },
};
use tracing::error;

use super::{DEFAULT_MAX_HEIGHT, Recordings, is_recorded};

impl Recordings {
    /// Does what a moderator asks.
    pub(super) async fn serve(&self, request: RecordingRequest) {
        let room = request.room.clone();
        let done = match request.wish {
            RecordingWish::Start { kind } => self.start_for(&request, kind).await,
            RecordingWish::Stop { id } => self.stop_for(&request, id).await,
        };
        if let Err(error) = done {
            error!(%error, app.id = %room.app_id, "what a moderator asked of a recording failed");
        }
    }

    async fn start_for(
        &self,
        request: &RecordingRequest,
        kind: RecordingKind,
    ) -> Result<(), DbError> {
        let tenant_id = {
            let directory = self.0.directory.borrow();
            directory.apps.get(&request.room.app_id).map(|app| app.tenant_id)
        };
        let tenant_id = tenant_id.ok_or(DbError::AppUnknown)?;
        if !is_recorded(kind) {
            self.refuse(request, kind, RecordingFailure::NoCapacity).await;
            return Ok(());
        }
        let new = NewRecording {
            app_id: request.room.app_id.clone(),
            room: request.room.room.clone(),
            call_id: request.call_id,
            kind,
            max_height: DEFAULT_MAX_HEIGHT,
            requester: Requester::Participant {
                id: request.participant_id,
                name: request.name.clone(),
            },
        };
        let failure = match self.start(tenant_id, &new).await {
            // A second press of the button: the call shows the one that is running.
            Ok(_) | Err(DbError::RecordingRunning) => return Ok(()),
            Err(DbError::TooManyRecordings) => RecordingFailure::NoCapacity,
            Err(DbError::RecordingStorageFull) => RecordingFailure::StorageRefused,
            Err(error) => return Err(error),
        };
        self.refuse(request, kind, failure).await;
        Ok(())
    }

    /// Shows the call that a moderator asked in vain.
    async fn refuse(
        &self,
        request: &RecordingRequest,
        kind: RecordingKind,
        failure: RecordingFailure,
    ) {
        let refused = CallRecording {
            id: RecordingId::generate(),
            kind,
            state: RecordingState::Failed,
            started_at_ms: None,
            started_by: Some(request.name.clone()),
            failure: Some(failure),
            queue: None,
            streams: Vec::new(),
        };
        self.show(&request.room, refused).await;
    }

    /// A moderator stops recordings of their own call alone.
    async fn stop_for(&self, request: &RecordingRequest, id: RecordingId) -> Result<(), DbError> {
        let recording = self.0.database.operator().recording(id).await?;
        if recording.is_some_and(|recording| recording.call_id == request.call_id) {
            self.stop(id).await?;
        }
        Ok(())
    }
}
