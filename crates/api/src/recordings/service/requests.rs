//! What moderators ask from inside their call.

use jumpa_db::{Author, DbError, NewRecording, Requester};
use jumpa_protocol::{
    RecordingId, TenantId,
    recording::{
        CallRecording, ChosenTarget, Moderator, RecordingFailure, RecordingKind, RecordingOptions,
        RecordingRequest, RecordingState, RecordingWish,
    },
};
use tracing::error;

use super::{Recordings, max_height};

impl Recordings {
    /// Does what is asked from inside a call.
    pub(super) async fn serve(&self, request: RecordingRequest) {
        let done = match &request.wish {
            RecordingWish::Start { options, targets } => {
                self.start_for(&request, *options, targets).await
            }
            RecordingWish::Stop { id } => self.stop_for(&request, *id).await,
            RecordingWish::SetTargets { id, targets } => {
                self.set_targets_for(&request, *id, targets).await
            }
        };
        if let Err(error) = done {
            let app_id = &request.room.app_id;
            error!(%error, app.id = %app_id, "what a call asked of a recording failed");
        }
    }

    async fn start_for(
        &self,
        request: &RecordingRequest,
        options: RecordingOptions,
        targets: &[ChosenTarget],
    ) -> Result<(), DbError> {
        let tenant_id = self.tenant_of(request)?;
        if !self.may_reach_all(targets).await {
            self.refuse(request, options.kind, RecordingFailure::TargetRefused).await;
            return Ok(());
        }
        let requester = match request.moderator.clone() {
            Some(Moderator { id, name }) => Requester::Participant { id, name },
            None => Requester::Author(Author::system()),
        };
        let new = NewRecording {
            app_id: request.room.app_id.clone(),
            room: request.room.room.clone(),
            call_id: request.call_id,
            options,
            max_height: max_height(&options),
            targets: targets.to_vec(),
            requester,
        };
        let failure = match self.start(tenant_id, &new).await {
            // A second press of the button: the call shows the one that is running.
            Ok(_) | Err(DbError::RecordingRunning) => return Ok(()),
            Err(DbError::TooManyRecordings) => RecordingFailure::NoCapacity,
            Err(DbError::RecordingStorageFull) => RecordingFailure::StorageRefused,
            Err(DbError::StreamTargetUnknown) => RecordingFailure::TargetRefused,
            Err(error) => return Err(error),
        };
        self.refuse(request, options.kind, failure).await;
        Ok(())
    }

    /// Shows the call that somebody asked in vain.
    async fn refuse(
        &self,
        request: &RecordingRequest,
        kind: RecordingKind,
        failure: RecordingFailure,
    ) {
        let moderator = request.moderator.as_ref();
        let refused = CallRecording {
            id: RecordingId::generate(),
            kind,
            state: RecordingState::Failed,
            started_at_ms: None,
            started_by: moderator.map(|moderator| moderator.name.clone()),
            started_by_id: moderator.map(|moderator| moderator.id),
            failure: Some(failure),
            queue: None,
            is_sound_only: false,
            streams: Vec::new(),
            is_required: false,
            ends_call_at_ms: None,
        };
        self.show(&request.room, refused).await;
    }

    /// A moderator stops recordings of their own call alone.
    async fn stop_for(&self, request: &RecordingRequest, id: RecordingId) -> Result<(), DbError> {
        if self.is_of_call(request, id).await? {
            self.stop(id).await?;
        }
        Ok(())
    }

    /// A moderator sends streams of their own call elsewhere.
    async fn set_targets_for(
        &self,
        request: &RecordingRequest,
        id: RecordingId,
        targets: &[ChosenTarget],
    ) -> Result<(), DbError> {
        if !self.is_of_call(request, id).await? {
            return Ok(());
        }
        let tenant_id = self.tenant_of(request)?;
        let is_refused = !self.may_reach_all(targets).await
            || match self.set_targets(tenant_id, id, targets, None).await {
                // It ended meanwhile, and the call shows that.
                Ok(_) | Err(DbError::StreamNotRunning) => false,
                Err(DbError::StreamTargetUnknown) => true,
                Err(error) => return Err(error),
            };
        if is_refused {
            self.refuse(request, RecordingKind::Stream, RecordingFailure::TargetRefused).await;
        }
        Ok(())
    }

    async fn is_of_call(
        &self,
        request: &RecordingRequest,
        id: RecordingId,
    ) -> Result<bool, DbError> {
        let recording = self.0.database.operator().recording(id).await?;
        Ok(recording.is_some_and(|recording| recording.call_id == request.call_id))
    }

    fn tenant_of(&self, request: &RecordingRequest) -> Result<TenantId, DbError> {
        let directory = self.0.directory.borrow();
        let app = directory.apps.get(&request.room.app_id);
        app.map(|app| app.tenant_id).ok_or(DbError::AppUnknown)
    }
}
