//! The storages in which finished recordings lie.
//!
//! Where the files of a recording go is asked of the server when it is needed, and again for every
//! attempt: no secret of a storage is ever on the disk of a recorder, and a key that somebody mends is
//! used with the next attempt.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use jumpa_protocol::{
    RecordingId,
    recording::{RecordedFile, RecordingStorage, StoragePlace},
};
use jumpa_storage::{Storage, StorageError, StoredFile, folder_mark};
use tokio::sync::watch;

/// Folder of the journals of uploads, and of copies of files that are uploaded during a call; in the
/// folder of a job.
pub const UPLOADS_FOLDER: &str = "uploads";

/// Questions that the server has not answered, with a number that grows with each.
pub type Questions = BTreeMap<RecordingId, u64>;

/// Where recordings go.
#[derive(Debug)]
pub struct Library {
    /// What the server means by the folder.
    folder: PathBuf,
    questions: watch::Sender<Questions>,
    answers: watch::Sender<BTreeMap<RecordingId, (u64, RecordingStorage)>>,
}

impl Library {
    /// A library whose own folder is made when there is none.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(folder: PathBuf) -> Result<Self, StorageError> {
        Storage::open(&RecordingStorage { place: StoragePlace::Folder, data_key: None }, &folder)?;
        let (questions, answers) = (watch::Sender::default(), watch::Sender::default());
        Ok(Self { folder, questions, answers })
    }

    /// What marks the folder.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn mark(&self) -> io::Result<String> {
        folder_mark(&self.folder)
    }

    /// What the server is to be asked.
    #[must_use]
    pub fn questions(&self) -> watch::Receiver<Questions> {
        self.questions.subscribe()
    }

    /// The server says where the files of a recording go, asked or not.
    pub fn answer(&self, id: RecordingId, storage: RecordingStorage) {
        self.questions.send_if_modified(|questions| questions.remove(&id).is_some());
        self.answers.send_modify(|answers| {
            let number = answers.get(&id).map_or(1, |(number, _)| number + 1);
            answers.insert(id, (number, storage));
        });
    }

    /// Asks the server where the files of a recording go, and waits for as long as it does not say.
    ///
    /// # Errors
    /// [`StorageError`] when that cannot be opened.
    pub async fn storage_of(&self, id: RecordingId) -> Result<Storage, StorageError> {
        let known = self.number_of(id);
        self.questions.send_modify(|questions| {
            let number = questions.values().max().map_or(1, |number| number + 1);
            questions.insert(id, number);
        });
        self.until_told(id, known).await;
        let answers = self.answers.borrow();
        let (_, storage) = answers
            .get(&id)
            .ok_or_else(|| StorageError::Unreachable("the recording is forgotten".to_owned()))?;
        Storage::open(storage, &self.folder)
    }

    /// Waits until the server says something of a storage that it did not say before: somebody may
    /// have mended it.
    pub async fn until_news(&self, id: RecordingId) {
        self.until_told(id, self.number_of(id)).await;
    }

    /// Nothing of a recording is needed any more.
    pub fn forget(&self, id: RecordingId) {
        self.questions.send_if_modified(|questions| questions.remove(&id).is_some());
        self.answers.send_if_modified(|answers| answers.remove(&id).is_some());
    }

    fn number_of(&self, id: RecordingId) -> u64 {
        self.answers.borrow().get(&id).map_or(0, |(number, _)| *number)
    }

    async fn until_told(&self, id: RecordingId, known: u64) {
        let mut answers = self.answers.subscribe();
        let is_told = |answers: &BTreeMap<_, (u64, _)>| {
            answers.get(&id).is_some_and(|(number, _)| *number > known)
        };
        // The sender lives as long as this library.
        let _ = answers.wait_for(is_told).await;
    }
}

/// Brings a file of a job into its storage and reads it back.
///
/// # Errors
/// [`StorageError`]; the next attempt goes on where this one was.
pub async fn upload(
    storage: &Storage,
    folder: &Path,
    local: &Path,
    file: &RecordedFile,
) -> Result<(), StorageError> {
    let uploads = folder.join(UPLOADS_FOLDER);
    tokio::fs::create_dir_all(&uploads).await?;
    let name = name_of(file);
    let described = StoredFile { key: &file.key, bytes: file.bytes, sha256: &file.sha256 };
    storage.upload(local, &described, &uploads.join(format!("{name}.json"))).await
}

/// The name of a file in the folder of its job.
#[must_use]
pub fn name_of(file: &RecordedFile) -> &str {
    file.key.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_storage_is_asked_for_each_time_and_waited_for() {
        let data = tempfile::tempdir().unwrap();
        let library = Library::new(data.path().join("library")).unwrap();
        let id = RecordingId::generate();
        let folder = RecordingStorage { place: StoragePlace::Folder, data_key: None };
        let mut questions = library.questions();
        for _ in 0..2 {
            let asking = async {
                questions.wait_for(|questions| questions.contains_key(&id)).await.unwrap();
                library.answer(id, folder.clone());
            };
            let (storage, ()) = tokio::join!(library.storage_of(id), asking);
            storage.unwrap().check().await.unwrap();
            assert!(questions.borrow_and_update().is_empty());
        }
        let news = library.until_news(id);
        library.answer(id, folder.clone());
        tokio::pin!(news);
        // Only what is said after somebody began to wait is news.
        assert!(futures_util::poll!(&mut news).is_pending());
        library.answer(id, folder);
        news.await;
    }
}
