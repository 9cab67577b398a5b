//! Removes files whose time is over.

use jumpa_db::Timestamp;
use tracing::{info, warn};

use super::Recordings;

/// Recordings that are removed in one go; the rest comes a minute later.
const AT_ONCE: u32 = 100;

impl Recordings {
    /// Removes the files of recordings that are too old or were deleted long enough ago. What
    /// fails is tried again.
    pub(super) async fn purge(&self) {
        let now = Timestamp::now();
        let due = match self.database().operator().purgeable_recordings(AT_ONCE, now).await {
            Ok(due) => due,
            Err(error) => return warn!(%error, "recordings that are over cannot be looked for"),
        };
        for recording in due {
            let mut is_gone = true;
            for key in &recording.storage_keys {
                if let Err(error) = self.library().remove(key).await {
                    warn!(recording.id = %recording.id, %error, "a file stays in the library");
                    is_gone = false;
                }
            }
            if !is_gone {
                continue;
            }
            match self.database().operator().note_recording_purged(&recording, now).await {
                Ok(()) => info!(recording.id = %recording.id, "the files of a recording are gone"),
                Err(error) => warn!(recording.id = %recording.id, %error, "not noted as gone"),
            }
        }
    }
}
