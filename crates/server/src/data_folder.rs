//! The data folder: key file, calls, lock, and the database that is a file.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use jumpa_db::{MASTER_KEY_BYTES, MasterKey};

const DATABASE_FILE: &str = "jumpa.db";
const KEY_FILE: &str = "secret.key";
const LOCK_FILE: &str = "jumpa.lock";
const CALLS_FOLDER: &str = "calls";
const RECORDINGS_FOLDER: &str = "recordings";
const REPORTS_FOLDER: &str = "reports";

/// Everything that a server keeps on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
}

/// Holds the data folder for one running server, until it is dropped or the process ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataFolderError {
    /// The folder cannot be made or is not a folder that we may use.
    #[error("the data folder `{path}` cannot be used; name another with --data")]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Another server runs on it.
    #[error(
        "another jumpa{holder} uses the data folder `{path}`; stop it, or name another folder with \
         --data"
    )]
    Locked {
        /// Which folder.
        path: PathBuf,
        /// ` (process 123)`, when it is known.
        holder: String,
    },
    /// The key file is missing though there is a database.
    #[error(
        "the key file `{path}` is missing, but there is a database that was sealed with it; put \
         it back from the backup"
    )]
    KeyMissing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The key file is not one of ours.
    #[error("the key file `{path}` must hold 64 hexadecimal digits; put it back from the backup")]
    KeyDamaged {
        /// Where it is.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("reading or writing `{path}`")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl DataFolder {
    /// Uses a folder; it is made, for its owner alone, when it is missing.
    ///
    /// # Errors
    /// [`DataFolderError::Folder`].
    pub fn open(path: &Path) -> Result<Self, DataFolderError> {
        let cannot = |source| DataFolderError::Folder { path: path.to_owned(), source };
        if !path.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(cannot)?;
        }
        let path = path.canonicalize().map_err(cannot)?;
        if path.is_dir() {
            Ok(Self { path })
        } else {
            Err(DataFolderError::Folder { path, source: io::ErrorKind::NotADirectory.into() })
        }
    }

    /// Where it is, as a full path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the database is.
    #[must_use]
    pub fn database_path(&self) -> PathBuf {
        self.path.join(DATABASE_FILE)
    }

    /// Where the key file is.
    #[must_use]
    pub fn key_path(&self) -> PathBuf {
        self.path.join(KEY_FILE)
    }

    /// Where recordings are made and kept when no other folder is named.
    #[must_use]
    pub fn recordings_path(&self) -> PathBuf {
        self.path.join(RECORDINGS_FOLDER)
    }

    /// Where calls are kept that go on after a restart.
    #[must_use]
    pub fn calls_path(&self) -> PathBuf {
        self.path.join(CALLS_FOLDER)
    }

    /// Where what happens in calls lies until the database has it.
    #[must_use]
    pub fn reports_path(&self) -> PathBuf {
        self.path.join(REPORTS_FOLDER)
    }

    /// Takes the folder for this process.
    ///
    /// # Errors
    /// [`DataFolderError::Locked`] when another process has it, [`DataFolderError::File`].
    pub fn lock(&self) -> Result<DataLock, DataFolderError> {
        let path = self.path.join(LOCK_FILE);
        let failed = |source| DataFolderError::File { path: path.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DataFolderError::Locked {
                    path: self.path.clone(),
                    holder: holder(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(DataLock { _file: file })
    }

    /// The content of the key file; a fresh folder gets a new one.
    ///
    /// # Errors
    /// [`DataFolderError::KeyMissing`], [`DataFolderError::KeyDamaged`], [`DataFolderError::File`].
    pub fn master_key(&self) -> Result<MasterKey, DataFolderError> {
        let path = self.key_path();
        if !path.exists() {
            if self.database_path().exists() {
                return Err(DataFolderError::KeyMissing { path });
            }
            self.write_new_key()?;
        }
        let text = fs::read_to_string(&path)
            .map_err(|source| DataFolderError::File { path: path.clone(), source })?;
        parse_key(text.trim()).ok_or(DataFolderError::KeyDamaged { path })
    }

    /// The files with secrets, and the folder with chats, that others than their owner may read.
    #[must_use]
    pub fn files_readable_by_others(&self) -> Vec<PathBuf> {
        let is_open = |path: &PathBuf| {
            fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o077 != 0)
        };
        let paths = [self.key_path(), self.database_path(), self.calls_path(), self.reports_path()];
        paths.into_iter().filter(is_open).collect()
    }

    /// Writes the key beside its place and links it in: whoever comes second, of two processes
    /// that start at once, finds a whole file and keeps it.
    fn write_new_key(&self) -> Result<(), DataFolderError> {
        let path = self.key_path();
        let draft = self.path.join(format!("{KEY_FILE}.{}", std::process::id()));
        let failed = |source| DataFolderError::File { path: path.clone(), source };
        let digits: String =
            MasterKey::generate().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)
            .map_err(failed)?;
        writeln!(file, "{digits}").and_then(|()| file.sync_all()).map_err(failed)?;
        let linked = fs::hard_link(&draft, &path);
        fs::remove_file(&draft).map_err(failed)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(error)),
            _ => Ok(()),
        }
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => format!(" (process {})", text.trim()),
        _ => String::new(),
    }
}

fn parse_key(digits: &str) -> Option<MasterKey> {
    if digits.len() != 2 * MASTER_KEY_BYTES || !digits.is_ascii() {
        return None;
    }
    let mut key = [0; MASTER_KEY_BYTES];
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(MasterKey::from_bytes(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> (tempfile::TempDir, DataFolder) {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&outer.path().join("data")).unwrap();
        (outer, folder)
    }

    #[test]
    fn a_new_folder_is_for_its_owner_alone() {
        let (_outer, folder) = fresh();
        let mode = fs::metadata(folder.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn the_key_stays_the_same_and_is_private() {
        let (_outer, folder) = fresh();
        let first = folder.master_key().unwrap();
        let second = folder.master_key().unwrap();
        assert_eq!(first.as_bytes(), second.as_bytes());
        assert!(folder.files_readable_by_others().is_empty());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_database_without_its_key_file_is_not_given_another() {
        let (_outer, folder) = fresh();
        fs::write(folder.database_path(), "x").unwrap();
        assert!(matches!(folder.master_key(), Err(DataFolderError::KeyMissing { .. })));
    }

    #[test]
    fn a_damaged_key_file_is_refused() {
        let (_outer, folder) = fresh();
        for text in ["", "abc", &"z".repeat(64), &"é".repeat(32)] {
            fs::write(folder.key_path(), text).unwrap();
            assert!(matches!(folder.master_key(), Err(DataFolderError::KeyDamaged { .. })));
        }
    }

    #[test]
    fn a_second_lock_is_refused_and_names_the_holder() {
        let (_outer, folder) = fresh();
        let _lock = folder.lock().unwrap();
        let refused = folder.lock().unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    }

    #[test]
    fn a_lock_that_was_dropped_can_be_taken() {
        let (_outer, folder) = fresh();
        drop(folder.lock().unwrap());
        assert!(folder.lock().is_ok());
    }

    #[test]
    fn a_file_is_no_data_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(DataFolder::open(file.path()), Err(DataFolderError::Folder { .. })));
    }
}
