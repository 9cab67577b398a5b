//! Where the files of recordings lie: a folder, or a bucket of a server that speaks S3; as they are,
//! or encrypted before they leave this machine.
//!
//! [`Storage::open`] takes what the server says of a recording. [`Storage::upload`] brings a file
//! there and reads it back, and goes on where it was when it was interrupted; [`Storage::read`] gives
//! any part of one. Sizes, parts and checksums are always those of the plain content.

mod bucket;
mod connection;
mod envelope;
mod error;
mod mark;
mod unfinished;
mod upload;

use std::{
    io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use aws_lc_rs::digest;
use bytes::Bytes;
use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use jumpa_protocol::recording::{RecordingStorage, StoragePlace};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, local::LocalFileSystem,
    path::Path as Key,
};

use crate::{
    bucket::Bucket,
    envelope::{Envelope, FRAME_BYTES, SEALED_FRAME_BYTES, sealed_length, sealed_range},
    error::is_missing,
};
pub use crate::{error::StorageError, mark::folder_mark};

/// How long a check may take. Somebody waits for it in front of a form, and a request to the API as
/// a whole may take 20 seconds.
const CHECK_TIMEOUT: Duration = Duration::from_secs(15);

/// Where the objects of checks lie for a moment.
const CHECK_FOLDER: &str = "jumpa-check";

/// What a file is known by.
#[derive(Debug, Clone, Copy)]
pub struct StoredFile<'a> {
    /// `{tenant}/{app}/{recording}/{name}`.
    pub key: &'a str,
    /// Size of its content.
    pub bytes: u64,
    /// SHA-256 of its content, lower-case hexadecimal.
    pub sha256: &'a str,
}

/// The content of a file, piece by piece.
pub type Content = BoxStream<'static, Result<Bytes, StorageError>>;

/// A storage that can be used.
#[derive(Clone)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    place: Place,
    /// What keys begin with.
    prefix: Key,
    envelope: Option<Envelope>,
}

/// The same once more, with what its kind alone can do.
#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Bucket(Arc<Bucket>),
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Storage {
    /// Opens a storage. Nothing is asked of a bucket yet; `folder`, which is what
    /// [`StoragePlace::Folder`] means here, is made when it is missing.
    ///
    /// # Errors
    /// [`StorageError::Local`] when the folder cannot be made, [`StorageError::Refused`] when what
    /// is said of the bucket makes no sense.
    pub fn open(storage: &RecordingStorage, folder: &Path) -> Result<Self, StorageError> {
        let envelope = storage.data_key.as_ref().map(Envelope::new).transpose()?;
        match &storage.place {
            StoragePlace::Folder => {
                std::fs::create_dir_all(folder)?;
                let store = LocalFileSystem::new_with_prefix(folder)?;
                let store = Arc::new(store.with_fsync(true).with_automatic_cleanup(true));
                let place = Place::Folder(folder.to_owned());
                Ok(Self { store, place, prefix: Key::default(), envelope })
            }
            StoragePlace::S3(place) => {
                let bucket = Bucket::open(place)?;
                let prefix = Key::from(place.prefix.as_str());
                let store = Arc::new(bucket.store.clone());
                Ok(Self { store, place: Place::Bucket(Arc::new(bucket)), prefix, envelope })
            }
        }
    }

    /// The same place for the files of another recording.
    ///
    /// # Errors
    /// [`StorageError::Refused`] when the data key is none.
    pub fn with_data_key(&self, storage: &RecordingStorage) -> Result<Self, StorageError> {
        let envelope = storage.data_key.as_ref().map(Envelope::new).transpose()?;
        Ok(Self { envelope, ..self.clone() })
    }

    /// Puts a small object, finds it, reads it back and removes it: everything that is ever asked of
    /// a storage.
    ///
    /// # Errors
    /// [`StorageError`], with the reason of the provider.
    pub async fn check(&self) -> Result<(), StorageError> {
        let round = async {
            let content = Bytes::from(rand::random::<[u8; 32]>().to_vec());
            let name: String =
                rand::random::<[u8; 8]>().iter().map(|byte| format!("{byte:02x}")).collect();
            let folder = self.key_of(CHECK_FOLDER);
            let key = folder.clone().join(name);
            self.store.put(&key, content.clone().into()).await?;
            let listed: Vec<_> = self.store.list(Some(&folder)).try_collect().await?;
            let found = self.store.get(&key).await?.bytes().await?;
            self.store.delete(&key).await?;
            let is_listed = listed.iter().any(|object| object.location == key);
            if is_listed && found == content { Ok(()) } else { Err(StorageError::Changed) }
        };
        let in_time = tokio::time::timeout(CHECK_TIMEOUT, round).await;
        in_time.unwrap_or_else(|_| {
            let seconds = CHECK_TIMEOUT.as_secs();
            Err(StorageError::Unreachable(format!("no answer within {seconds} seconds")))
        })
    }

    /// A part of a file, or the whole; none when the file is not there.
    ///
    /// # Errors
    /// [`StorageError`]; what goes wrong later comes with the content.
    pub async fn read(
        &self,
        file: &StoredFile<'_>,
        part: Option<Range<u64>>,
    ) -> Result<Option<Content>, StorageError> {
        let part = part.unwrap_or(0..file.bytes);
        let wanted = match &self.envelope {
            _ if part.is_empty() => None,
            Some(_) => Some(sealed_range(&part, file.bytes)),
            None => Some(part.clone()),
        };
        let Some(wanted) = wanted else {
            let is_there = self.size(file.key).await?.is_some();
            return Ok(is_there.then(|| stream::empty().boxed()));
        };
        let range = Some(GetRange::Bounded(wanted));
        let options = GetOptions { range, ..GetOptions::default() };
        let sealed = match self.store.get_opts(&self.key_of(file.key), options).await {
            Ok(found) => found.into_stream().map_err(StorageError::from).boxed(),
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Some(envelope) = &self.envelope else { return Ok(Some(sealed)) };
        let frames = Frames {
            sealed,
            envelope: envelope.of(file),
            waiting: Vec::new(),
            index: part.start / FRAME_BYTES,
            part,
        };
        let content = stream::try_unfold(frames, |mut frames| async move {
            Ok(frames.next().await?.map(|plain| (plain, frames)))
        });
        Ok(Some(content.boxed()))
    }

    /// SHA-256 of the content of a file, lower-case hexadecimal; none when it is not there, or was
    /// encrypted and cannot be opened.
    ///
    /// # Errors
    /// [`StorageError`] when that cannot be told now.
    pub async fn sha256(&self, file: &StoredFile<'_>) -> Result<Option<String>, StorageError> {
        let expected = self.envelope.as_ref().map_or(file.bytes, |_| sealed_length(file.bytes));
        if self.size(file.key).await? != Some(expected) {
            return Ok(None);
        }
        let Some(mut content) = self.read(file, None).await? else { return Ok(None) };
        let mut context = digest::Context::new(&digest::SHA256);
        loop {
            match content.try_next().await {
                Ok(Some(piece)) => context.update(&piece),
                Ok(None) => break,
                Err(StorageError::Changed) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let sum = context.finish();
        Ok(Some(sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Removes everything below a folder of keys, what no list names included, and what was begun
    /// and never completed; gives how many objects there were.
    ///
    /// # Errors
    /// [`StorageError`]; what is left can be removed later.
    pub async fn remove_folder(&self, folder: &str) -> Result<u64, StorageError> {
        let folder = self.key_of(folder);
        let mut found = self.store.list(Some(&folder));
        let mut keys = Vec::new();
        loop {
            match found.try_next().await {
                Ok(Some(object)) => keys.push(object.location),
                Ok(None) => break,
                Err(error) if is_missing(&error) => break,
                Err(error) => return Err(error.into()),
            }
        }
        for key in &keys {
            match self.store.delete(key).await {
                Ok(()) => {}
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        match &self.place {
            Place::Bucket(bucket) => bucket.abort_uploads(&folder).await?,
            Place::Folder(root) => remove_if_there(&root.join(folder.as_ref())).await?,
        }
        Ok(keys.len() as u64)
    }

    /// Bytes of an object as it lies there; none when it is not there.
    async fn size(&self, key: &str) -> Result<Option<u64>, StorageError> {
        match self.store.head(&self.key_of(key)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn key_of(&self, key: &str) -> Key {
        self.prefix.parts().chain(Key::from(key).parts()).collect()
    }
}

async fn remove_if_there(folder: &Path) -> io::Result<()> {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Opens frames as they come.
struct Frames {
    sealed: Content,
    envelope: envelope::FileEnvelope,
    /// What has come of the next frame.
    waiting: Vec<u8>,
    /// Number of that frame.
    index: u64,
    /// What was asked for.
    part: Range<u64>,
}

impl Frames {
    async fn next(&mut self) -> Result<Option<Bytes>, StorageError> {
        while self.waiting.len() < SEALED_FRAME_BYTES {
            let Some(piece) = self.sealed.try_next().await? else { break };
            self.waiting.extend_from_slice(&piece);
        }
        if self.waiting.is_empty() {
            let is_whole = self.index * FRAME_BYTES >= self.part.end;
            return if is_whole { Ok(None) } else { Err(StorageError::Changed) };
        }
        let rest = self.waiting.split_off(self.waiting.len().min(SEALED_FRAME_BYTES));
        let mut frame = std::mem::replace(&mut self.waiting, rest);
        self.envelope.open(self.index, &mut frame)?;
        let begin = self.index * FRAME_BYTES;
        self.index += 1;
        let within = |at: u64| usize::try_from(at.saturating_sub(begin)).unwrap_or(usize::MAX);
        let (from, until) = (within(self.part.start), within(self.part.end).min(frame.len()));
        if from > until {
            return Err(StorageError::Changed);
        }
        Ok(Some(Bytes::from(frame).slice(from..until)))
    }
}

impl From<StorageError> for io::Error {
    fn from(error: StorageError) -> Self {
        Self::other(error)
    }
}
