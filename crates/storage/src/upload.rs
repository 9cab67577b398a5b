//! Brings a file into the storage, in parts that survive whatever happens in between.

use std::{io, path::Path};

use bytes::Bytes;
use object_store::{
    MultipartUpload as _, ObjectStoreExt as _,
    aws::AmazonS3,
    multipart::{MultipartStore as _, PartId},
    path::Path as Key,
};
use serde::{Deserialize, Serialize};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};

use crate::{
    Place, Storage, StorageError, StoredFile,
    envelope::{FRAME_BYTES, FileEnvelope},
    error::was_answered,
};

/// Frames of a part: 8 MiB. Smaller parts cost more requests, larger ones more memory, and more that
/// is sent again after an interruption. S3 asks for at least 5 MiB.
const PART_FRAMES: u64 = 8;

/// Most parts of a file (S3: 10,000). Larger files have larger parts.
const MAX_PARTS: u64 = 10_000;

/// How far the upload of a file is. No server that speaks S3 has to tell which parts it has (MinIO
/// does not, by design), so that stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Journal {
    key: String,
    bytes: u64,
    sha256: String,
    /// Names the upload at the server.
    upload_id: Option<String>,
    /// What the server calls each part that it has (ETag), in their order.
    parts: Vec<String>,
    /// Whether it is all there and was read back.
    is_stored: bool,
}

impl Journal {
    fn of(file: &StoredFile<'_>) -> Self {
        Self {
            key: file.key.to_owned(),
            bytes: file.bytes,
            sha256: file.sha256.to_owned(),
            upload_id: None,
            parts: Vec::new(),
            is_stored: false,
        }
    }

    /// What was written down before; none when there is nothing that can be read.
    async fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&tokio::fs::read(path).await.ok()?).ok()
    }

    fn is_of(&self, file: &StoredFile<'_>) -> bool {
        (self.key.as_str(), self.bytes, self.sha256.as_str()) == (file.key, file.bytes, file.sha256)
    }

    /// Replaces the file as a whole, on the disk when this returns.
    async fn save(&self, path: &Path) -> io::Result<()> {
        let new = path.with_extension("new");
        let mut file = File::create(&new).await?;
        file.write_all(&serde_json::to_vec(self)?).await?;
        file.sync_all().await?;
        tokio::fs::rename(&new, path).await
    }
}

/// Why an attempt ended.
enum Failure {
    /// The server knows nothing of the upload, or cannot make a file of its parts.
    Void(StorageError),
    Other(StorageError),
}

impl<E: Into<StorageError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl Storage {
    /// Brings a file into the storage and reads it back: it is there, with its size and checksum,
    /// when this returns well. What was done before is not done again, as far as `journal` says; it
    /// is written as each part arrives.
    ///
    /// # Errors
    /// [`StorageError`]; calling it again goes on.
    pub async fn upload(
        &self,
        local: &Path,
        file: &StoredFile<'_>,
        journal: &Path,
    ) -> Result<(), StorageError> {
        let mut now = match Journal::read(journal).await {
            Some(before) if before.is_of(file) => before,
            // Of another content, which nobody will complete.
            Some(before) => {
                self.give_up(&before).await;
                Journal::of(file)
            }
            None => Journal::of(file),
        };
        if now.is_stored {
            return Ok(());
        }
        let source = Source {
            file: File::open(local).await?,
            part_bytes: part_bytes(file.bytes),
            length: file.bytes,
            envelope: self.envelope.as_ref().map(|envelope| envelope.of(file)),
        };
        let key = self.key_of(file.key);
        let sent = match &self.place {
            Place::Bucket(bucket) if source.parts() > 1 => {
                send_parts(&bucket.store, &key, source, &mut now, journal).await
            }
            _ => self.send_whole(&key, source).await.map_err(Failure::Other),
        };
        match sent {
            Ok(()) => {}
            Err(Failure::Other(error)) => return Err(error),
            Err(Failure::Void(error)) => {
                self.give_up(&now).await;
                Journal::of(file).save(journal).await?;
                return Err(error);
            }
        }
        if self.sha256(file).await?.as_deref() != Some(file.sha256) {
            Journal::of(file).save(journal).await?;
            return Err(StorageError::Changed);
        }
        now.is_stored = true;
        now.save(journal).await?;
        Ok(())
    }

    /// Aborts the upload of a journal, so that its parts take no room. What cannot be aborted now is
    /// with the other files of its recording, see [`Storage::remove_folder`].
    async fn give_up(&self, journal: &Journal) {
        if let (Place::Bucket(bucket), Some(upload_id)) = (&self.place, &journal.upload_id) {
            let _ = bucket.abort(&self.key_of(&journal.key), upload_id).await;
        }
    }

    /// Sends a file that is not worth parts, or into a folder.
    async fn send_whole(&self, key: &Key, mut source: Source) -> Result<(), StorageError> {
        if source.parts() <= 1 {
            let content = source.part(0).await?;
            self.store.put(key, content.into()).await?;
            return Ok(());
        }
        if let Place::Folder(root) = &self.place {
            remove_staged(&root.join(key.as_ref())).await?;
        }
        let mut upload = self.store.put_multipart(key).await?;
        for index in 0..source.parts() {
            let sent = match source.part(index).await {
                Ok(part) => upload.put_part(part.into()).await.map_err(StorageError::from),
                Err(error) => Err(error),
            };
            if let Err(error) = sent {
                // The first error is the one that counts.
                let _ = upload.abort().await;
                return Err(error);
            }
        }
        upload.complete().await?;
        Ok(())
    }
}

/// Sends the parts that the journal does not have, and makes a file of all.
async fn send_parts(
    bucket: &AmazonS3,
    key: &Key,
    mut source: Source,
    now: &mut Journal,
    journal: &Path,
) -> Result<(), Failure> {
    let upload_id = match &now.upload_id {
        Some(upload_id) => upload_id.clone(),
        None => {
            let upload_id = bucket.create_multipart(key).await?;
            now.upload_id = Some(upload_id.clone());
            now.save(journal).await?;
            upload_id
        }
    };
    for index in now.parts.len() as u64..source.parts() {
        let part = source.part(index).await?;
        let number = usize::try_from(index).unwrap_or(usize::MAX);
        let sent = bucket.put_part(key, &upload_id, number, part.into()).await;
        let PartId { content_id } = sent.map_err(|error| match error {
            error @ object_store::Error::NotFound { .. } => Failure::Void(error.into()),
            error => error.into(),
        })?;
        now.parts.push(content_id);
        now.save(journal).await?;
    }
    let parts = now.parts.iter().map(|etag| PartId { content_id: etag.clone() }).collect();
    let completed = bucket.complete_multipart(key, &upload_id, parts).await;
    completed.map(drop).map_err(|error| {
        // An answer that is no success says that a part was lost, or that it is a file already;
        // the next attempt sends it once more. Without an answer all of it may still be there.
        let was_answered = was_answered(&error);
        let error = StorageError::from(error);
        if was_answered { Failure::Void(error) } else { Failure::Other(error) }
    })
}

/// Removes what an attempt left that was killed: the store stages a file beside its place, with a
/// number behind its name.
async fn remove_staged(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return Ok(()) };
    let staged = format!("{}#", name.to_string_lossy());
    while let Some(entry) = entries.next_entry().await? {
        if entry.file_name().to_string_lossy().starts_with(&staged) {
            tokio::fs::remove_file(entry.path()).await?;
        }
    }
    Ok(())
}

fn part_bytes(length: u64) -> u64 {
    PART_FRAMES.max(length.div_ceil(MAX_PARTS * FRAME_BYTES)) * FRAME_BYTES
}

/// A local file as it goes into the storage.
struct Source {
    file: File,
    part_bytes: u64,
    length: u64,
    envelope: Option<FileEnvelope>,
}

impl Source {
    fn parts(&self) -> u64 {
        self.length.div_ceil(self.part_bytes)
    }

    /// A part by its number from 0, encrypted if it is to be.
    async fn part(&mut self, index: u64) -> Result<Bytes, StorageError> {
        let start = index * self.part_bytes;
        let end = (start + self.part_bytes).min(self.length);
        self.file.seek(io::SeekFrom::Start(start)).await?;
        let mut content = Vec::new();
        for begin in (start..end).step_by(FRAME_BYTES as usize) {
            let length = FRAME_BYTES.min(end - begin);
            let mut frame = Vec::with_capacity(length as usize + 16);
            (&mut self.file).take(length).read_to_end(&mut frame).await?;
            if frame.len() as u64 != length {
                return Err(StorageError::Changed);
            }
            if let Some(envelope) = &self.envelope {
                envelope.seal(begin / FRAME_BYTES, &mut frame);
            }
            if content.is_empty() {
                content
                    .reserve(((end - start) + (end - start).div_ceil(FRAME_BYTES) * 16) as usize);
            }
            content.append(&mut frame);
        }
        Ok(content.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_grow_with_files_that_have_too_many() {
        let part = PART_FRAMES * FRAME_BYTES;
        assert_eq!(part_bytes(0), part);
        assert_eq!(part_bytes(part * MAX_PARTS), part);
        let large = part * MAX_PARTS + 1;
        assert_eq!(part_bytes(large), part + FRAME_BYTES);
        assert!(large.div_ceil(part_bytes(large)) <= MAX_PARTS);
    }
}
