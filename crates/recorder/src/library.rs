//! The storage in which finished recordings lie.

use std::{io, path::Path, sync::Arc};

use aws_lc_rs::digest;
use futures_util::StreamExt;
use jumpa_protocol::recording::RecordedFile;
use object_store::{
    ObjectStore, ObjectStoreExt, buffered::BufWriter, local::LocalFileSystem, path,
};
use tokio::io::AsyncWriteExt;

use crate::completion::hexadecimal;

/// Where recordings go.
#[derive(Debug, Clone)]
pub struct Library {
    store: Arc<dyn ObjectStore>,
}

/// Why a file is not in the storage.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The storage said no, or could not be reached.
    #[error("the storage did not take the file")]
    Storage(#[from] object_store::Error),
    /// The file of the spool could not be read, or not be passed on.
    #[error("copying the file")]
    Copy(#[from] io::Error),
    /// What was read back is something else.
    #[error("the storage holds something else than what it was given")]
    Changed,
}

impl Library {
    /// A folder, which is made when there is none.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Self, UploadError> {
        std::fs::create_dir_all(folder)?;
        Ok(Self { store: Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)) })
    }

    /// Puts a file of the spool into the storage and reads it back. Nothing is done when it is there
    /// already.
    ///
    /// # Errors
    /// [`UploadError`]; the file may be tried again.
    pub async fn upload(&self, local: &Path, file: &RecordedFile) -> Result<(), UploadError> {
        let key = path::Path::from(file.key.as_str());
        if matches!(self.holds(&key, file).await, Ok(true)) {
            return Ok(());
        }
        let mut input = tokio::fs::File::open(local).await?;
        let mut output = BufWriter::new(Arc::clone(&self.store), key.clone());
        if let Err(error) = tokio::io::copy(&mut input, &mut output).await {
            // What a storage keeps of an upload that was given up costs money.
            let _ = output.abort().await;
            return Err(error.into());
        }
        output.shutdown().await?;
        if self.holds(&key, file).await? { Ok(()) } else { Err(UploadError::Changed) }
    }

    /// Whether the storage holds exactly this file.
    async fn holds(&self, key: &path::Path, file: &RecordedFile) -> Result<bool, UploadError> {
        if self.store.head(key).await?.size != file.bytes {
            return Ok(false);
        }
        let mut content = self.store.get(key).await?.into_stream();
        let mut context = digest::Context::new(&digest::SHA256);
        while let Some(part) = content.next().await {
            context.update(&part?);
        }
        Ok(hexadecimal(&context.finish()) == file.sha256)
    }
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::recording::RecordedFileRole;

    use super::*;
    use crate::completion::checksum;

    fn described(content: &[u8]) -> RecordedFile {
        let (sha256, bytes) = checksum(content).unwrap();
        RecordedFile {
            key: "ten_1/klinik/rec_1/001.webm".to_owned(),
            role: RecordedFileRole::Track,
            content_type: "audio/webm".to_owned(),
            bytes,
            sha256,
            participant_id: None,
            participant_name: None,
            source: None,
            codec: None,
            start_ms: None,
            duration_ms: None,
        }
    }

    #[tokio::test]
    async fn a_file_arrives_below_its_key_and_may_be_put_twice() {
        let data = tempfile::tempdir().unwrap();
        let library = Library::in_folder(&data.path().join("library")).unwrap();
        let local = data.path().join("001.webm");
        std::fs::write(&local, b"sound").unwrap();
        for _ in 0..2 {
            library.upload(&local, &described(b"sound")).await.unwrap();
        }
        let stored = data.path().join("library/ten_1/klinik/rec_1/001.webm");
        assert_eq!(std::fs::read(stored).unwrap(), b"sound");
    }

    #[tokio::test]
    async fn a_file_that_is_not_what_was_described_is_no_success() {
        let data = tempfile::tempdir().unwrap();
        let library = Library::in_folder(&data.path().join("library")).unwrap();
        let local = data.path().join("001.webm");
        std::fs::write(&local, b"noise").unwrap();
        let uploaded = library.upload(&local, &described(b"sound")).await;
        assert!(matches!(uploaded, Err(UploadError::Changed)), "{uploaded:?}");
    }
}
