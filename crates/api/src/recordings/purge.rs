//! Removes files whose time is over.

use std::{collections::HashSet, time::Duration};

use jumpa_db::{PurgeableRecording, Timestamp};
use jumpa_protocol::RecordingStorageId;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{LibraryError, Recordings};

/// How often the library is rid of what is too old or was deleted.
const PURGE_INTERVAL: Duration = Duration::from_secs(60);

/// Recordings that are removed in one go; the rest comes a minute later.
const AT_ONCE: u32 = 100;

impl Recordings {
    /// Keeps the library tidy until `stop`. Beside everything else, since a bucket may take
    /// its time.
    pub(super) async fn keep_purging(&self, stop: &CancellationToken) {
        let mut ticks = tokio::time::interval(PURGE_INTERVAL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if stop.run_until_cancelled(self.purge()).await.is_none() {
                return;
            }
        }
    }

    /// Removes the files of recordings that are too old, were deleted long enough ago or belong to
    /// a tenant that is removed. What fails is tried again.
    async fn purge(&self) {
        let now = Timestamp::now();
        let due = match self.database().operator().purgeable_recordings(AT_ONCE, now).await {
            Ok(due) => due,
            Err(error) => return warn!(%error, "recordings that are over cannot be looked for"),
        };
        // One storage that is away does not keep the others waiting for each of its recordings.
        let mut away = HashSet::new();
        for recording in due {
            match self.remove_files(&recording, &mut away).await {
                Ok(true) => {}
                Ok(false) => continue,
                Err(error) => {
                    let error = error.reason();
                    warn!(recording.id = %recording.id, error, "files stay in the library");
                    continue;
                }
            }
            match self.database().operator().note_recording_purged(&recording, now).await {
                Ok(()) => info!(recording.id = %recording.id, "the files of a recording are gone"),
                Err(error) => warn!(recording.id = %recording.id, %error, "not noted as gone"),
            }
        }
    }

    /// Removes everything below the folder of a recording, also what no list names; whether it was
    /// done.
    async fn remove_files(
        &self,
        recording: &PurgeableRecording,
        away: &mut HashSet<RecordingStorageId>,
    ) -> Result<bool, LibraryError> {
        let placed = self.database().operator().placed_recording(recording.id).await?;
        let Some(placed) = placed else { return Ok(false) };
        let storage_id = placed.chosen.map(|(id, _)| id);
        if storage_id.is_some_and(|id| away.contains(&id)) {
            return Ok(false);
        }
        let folder = format!("{}/{}/{}", recording.tenant_id, recording.app_id, recording.id);
        let removed = match self.library().storage(placed) {
            Ok(storage) => storage.remove_folder(&folder).await,
            Err(error) => Err(error),
        };
        if removed.is_err() {
            away.extend(storage_id);
        }
        removed?;
        Ok(true)
    }
}
