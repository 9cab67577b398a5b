//! Where the files of recordings lie. Everything else knows keys, never paths: a folder today can
//! be a bucket tomorrow.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use aws_lc_rs::digest;
use axum::body::Body;
use futures_util::TryStreamExt;
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key,
};

/// The library cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// Its folder cannot be made or read.
    #[error("opening the library of recordings in `{folder}`")]
    Open {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file cannot be read or removed.
    #[error("reaching `{key}` in the library of recordings")]
    Reach {
        /// Its key.
        key: String,
        /// Why not.
        #[source]
        source: object_store::Error,
    },
}

/// Files by their keys, `{tenant}/{app}/{recording}/{file}`.
#[derive(Clone)]
pub(super) struct Library(Arc<dyn ObjectStore>);

impl Library {
    /// The library in a folder, which is made when it is missing.
    pub(super) fn open(folder: &Path) -> Result<Self, LibraryError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| LibraryError::Open {
            folder: folder.to_owned(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(|error| failed(error.into()))?;
        let store =
            LocalFileSystem::new_with_prefix(folder).map_err(|error| failed(error.into()))?;
        Ok(Self(Arc::new(store.with_automatic_cleanup(true))))
    }

    /// A part of a file, or the whole; none when the file is not there.
    pub(super) async fn read(
        &self,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<Option<Body>, LibraryError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.0.get_opts(&Key::from(key), options).await {
            Ok(found) => Ok(Some(Body::from_stream(found.into_stream()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(failed(key, source)),
        }
    }

    /// SHA-256 of the content of a file, lower-case hexadecimal; none when it is not there.
    pub(super) async fn sha256(&self, key: &str) -> Result<Option<String>, LibraryError> {
        let found = match self.0.get(&Key::from(key)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(failed(key, source)),
        };
        let mut chunks = found.into_stream();
        let mut context = digest::Context::new(&digest::SHA256);
        while let Some(chunk) = chunks.try_next().await.map_err(|error| failed(key, error))? {
            context.update(&chunk);
        }
        let sum = context.finish();
        Ok(Some(sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Removes a file; one that is gone already is no failure.
    pub(super) async fn remove(&self, key: &str) -> Result<(), LibraryError> {
        match self.0.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(failed(key, source)),
        }
    }
}

fn failed(key: &str, source: object_store::Error) -> LibraryError {
    LibraryError::Reach { key: key.to_owned(), source }
}
