//! Where the files of recordings lie. Everything else knows keys, never places: one recording is in
//! a folder, the next in a bucket, and each is read where it was put.

use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use jumpa_db::{DbError, PlacedRecording, RecordingFile, Timestamp};
use jumpa_protocol::{
    AllowedNetworks, RecordingId, RecordingStorageId,
    recording::{RecordingState, RecordingStorage, StoragePlace, ToRecorder},
};
use jumpa_storage::{Storage, StorageError, StoredFile, folder_mark};
use tracing::warn;

use super::Recordings;
use crate::{ApiError, error::Code};

/// The library cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// Where the files of a recording lie cannot be told.
    #[error("looking for the storage of a recording")]
    Database(#[from] DbError),
    /// The folder of the server cannot be marked.
    #[error("marking the folder of recordings")]
    Folder(#[from] io::Error),
    /// The storage does not give or take what it is asked.
    #[error("reaching the storage of a recording")]
    Storage(#[from] StorageError),
}

impl LibraryError {
    /// In words for the log.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Database(error) => error.to_string(),
            Self::Folder(error) => error.to_string(),
            Self::Storage(error) => error.to_string(),
        }
    }
}

/// Whoever plays a file hears that its storage fails, and not in which words: those are for its
/// owner.
impl From<LibraryError> for ApiError {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::Database(error) => error.into(),
            LibraryError::Folder(error) => Self::internal(error),
            LibraryError::Storage(StorageError::Refused(reason)) => {
                warn!(reason, "a storage of recordings refuses");
                Code::StorageRefused.into()
            }
            LibraryError::Storage(StorageError::Unreachable(reason)) => {
                warn!(reason, "a storage of recordings cannot be reached");
                Code::StorageUnreachable.into()
            }
            LibraryError::Storage(error) => Self::internal(error),
        }
    }
}

/// Opens storages and keeps them open, so that connections to buckets are used again.
pub(super) struct Library {
    folder: PathBuf,
    /// What marks the folder.
    mark: String,
    allowed: AllowedNetworks,
    /// Never held over an await.
    open: Mutex<HashMap<RecordingStorageId, (Timestamp, Storage)>>,
}

impl Library {
    /// A library whose own folder is made when it is missing. `allowed` are networks that are not
    /// public and in which buckets may be all the same.
    pub(super) fn open(folder: PathBuf, allowed: AllowedNetworks) -> Result<Self, LibraryError> {
        let plain = RecordingStorage { place: StoragePlace::Folder, data_key: None };
        Storage::open(&plain, &folder)?;
        let mark = folder_mark(&folder)?;
        Ok(Self { folder, mark, allowed, open: Mutex::default() })
    }

    /// Whether whoever read this mark puts files into the folder that is read here.
    pub(super) fn is_marked(&self, mark: &str) -> bool {
        self.mark == mark
    }

    /// Opens a place that somebody proposes and tries everything that will ever be asked of it.
    pub(super) async fn check(&self, place: StoragePlace) -> Result<(), StorageError> {
        let proposed = self.reachable(RecordingStorage { place, data_key: None });
        Storage::open(&proposed, &self.folder)?.check().await
    }

    /// Where the files of a recording lie.
    pub(super) fn storage(&self, placed: PlacedRecording) -> Result<Storage, StorageError> {
        let chosen = placed.chosen;
        let described = self.reachable(placed.storage);
        let Some((id, updated_at)) = chosen else { return Storage::open(&described, &self.folder) };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get(&id) {
            Some((known_at, storage)) if *known_at == updated_at => {
                storage.with_data_key(&described)
            }
            _ => {
                let storage = Storage::open(&described, &self.folder)?;
                open.insert(id, (updated_at, storage.clone()));
                Ok(storage)
            }
        }
    }

    fn reachable(&self, mut storage: RecordingStorage) -> RecordingStorage {
        if let StoragePlace::S3(bucket) = &mut storage.place {
            bucket.allowed_networks = self.allowed.clone();
        }
        storage
    }
}

impl Recordings {
    /// Where the files of a recording lie.
    pub(super) async fn storage_of(&self, id: RecordingId) -> Result<Storage, LibraryError> {
        let placed = self.database().operator().placed_recording(id).await?;
        Ok(self.library().storage(placed.ok_or(DbError::RecordingUnknown)?)?)
    }

    /// Tries a place for everything that will ever be asked of it.
    pub(crate) async fn check_storage(&self, place: StoragePlace) -> Result<(), StorageError> {
        self.library().check(place).await
    }

    /// Tells recorders that upload where their files go: somebody may have mended a key that was
    /// refused, and nobody shall wait for the next attempt.
    pub(crate) async fn tell_mended_storages(&self) -> Result<(), DbError> {
        for recording in self.database().operator().unfinished_recordings().await? {
            let Some(recorder_id) = &recording.recorder_id else { continue };
            if recording.state == RecordingState::Uploading
                && let Some(told) = self.tell_storage(recorder_id, recording.id).await?
            {
                self.say(&recording, told);
            }
        }
        Ok(())
    }

    /// What a recorder is told that asks where the files of a recording go; nothing when it is
    /// another's.
    pub(super) async fn tell_storage(
        &self,
        recorder_id: &str,
        id: RecordingId,
    ) -> Result<Option<ToRecorder>, DbError> {
        let placed = self.database().operator().placed_recording(id).await?;
        // Removed with its tenant: its files shall go nowhere.
        let Some(placed) = placed else { return Ok(Some(ToRecorder::Settled { id })) };
        if placed.recorder_id.as_deref() != Some(recorder_id) {
            return Ok(None);
        }
        let storage = Box::new(self.library().reachable(placed.storage));
        Ok(Some(ToRecorder::Storage { id, storage }))
    }
}

/// What a file is known by in its storage.
pub(super) fn stored(file: &RecordingFile) -> StoredFile<'_> {
    StoredFile {
        key: &file.storage_key,
        bytes: u64::try_from(file.bytes).unwrap_or_default(),
        sha256: &file.sha256,
    }
}
