//! The database that the settings name, and the key file that belongs to it.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use anyhow::Context as _;
use jumpa_db::{Database, DatabaseLocation, DbError, MasterKey};
use tokio::time::{Instant, sleep};
use tracing::warn;

use crate::{
    config::Config,
    data_folder::{DataFolder, DataFolderError},
};

/// How long a start waits for a database server that does not answer yet: as long as PostgreSQL
/// takes after a crash of the machine that both run on.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// The pause before the second attempt; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Where everything lies that lasts.
#[derive(Debug, Clone)]
pub struct Storage {
    folder: DataFolder,
    location: DatabaseLocation,
}

impl Storage {
    /// The database that the settings name; a path is taken from the data folder on.
    ///
    /// # Errors
    /// When the address is wrong or the file with the password cannot be read.
    pub fn new(folder: DataFolder, config: &Config) -> anyhow::Result<Self> {
        let location = match config.database_url.as_str() {
            "" => DatabaseLocation::Sqlite(folder.database_path()),
            url => url.parse().context("the setting database_url is wrong")?,
        };
        let location = match (location, &config.database_password_file) {
            (DatabaseLocation::Sqlite(path), _) => {
                DatabaseLocation::Sqlite(folder.path().join(path))
            }
            (server, None) => server,
            (server, Some(path)) => server.with_password(&read_password(path)?),
        };
        Ok(Self { folder, location })
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// Where the database lies.
    #[must_use]
    pub fn location(&self) -> &DatabaseLocation {
        &self.location
    }

    /// Opens the database. A fresh one gets its tables and its key file; a file is for its owner
    /// alone, since it holds password hashes and the folder may have been made by somebody else.
    ///
    /// # Errors
    /// [`DataFolderError`] and [`DbError`].
    pub async fn open(&self) -> anyhow::Result<(Database, MasterKey)> {
        let opened = self.try_open().await;
        opened.with_context(|| match &self.location {
            DatabaseLocation::Sqlite(_) => "the database cannot be used",
            DatabaseLocation::Postgres(_) => {
                "the database cannot be used; look whether PostgreSQL runs, or change database_url"
            }
        })
    }

    /// Opens the database as soon as its server answers, and gives up after half a minute.
    ///
    /// # Errors
    /// As [`Storage::open`].
    pub async fn open_patiently(&self) -> anyhow::Result<(Database, MasterKey)> {
        let deadline = Instant::now() + START_PATIENCE;
        let mut pause = FIRST_PAUSE;
        loop {
            match self.open().await {
                Err(error) if is_temporary(&error) && Instant::now() + pause < deadline => {
                    warn!(error = %format!("{error:#}"), "waiting for the database");
                    sleep(pause).await;
                    pause = LONGEST_PAUSE.min(pause * 2);
                }
                opened => return opened,
            }
        }
    }

    async fn try_open(&self) -> anyhow::Result<(Database, MasterKey)> {
        let has_key = self.folder.key_path().exists();
        if !has_key && self.has_data().await? {
            return Err(DataFolderError::KeyMissing { path: self.folder.key_path() }.into());
        }
        let master_key = self.folder.master_key()?;
        if let DatabaseLocation::Sqlite(path) = &self.location {
            // The engine gives its journal files the permissions of the database file.
            OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(path)
                .map_err(|source| DataFolderError::File { path: path.clone(), source })?;
        }
        let database = Database::connect(&self.location, master_key.clone()).await?;
        Ok((database, master_key))
    }

    /// Whether somebody used the database before.
    pub(crate) async fn has_data(&self) -> Result<bool, DbError> {
        if let DatabaseLocation::Sqlite(path) = &self.location {
            return Ok(path.exists());
        }
        let database = Database::connect(&self.location, MasterKey::generate()).await?;
        let tenants = database.operator().tenants().await;
        database.close().await;
        Ok(!tenants?.is_empty())
    }
}

fn read_password(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("reading database_password_file `{}`", path.display()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn is_temporary(error: &anyhow::Error) -> bool {
    error.downcast_ref::<DbError>().is_some_and(DbError::is_temporary)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use jumpa_db::Timestamp;
    use jumpa_test_database::{Engine, TestDatabase};

    use super::*;

    fn storage(folder: &Path, database_url: &str) -> Storage {
        let config = Config { database_url: database_url.to_owned(), ..Config::default() };
        Storage::new(DataFolder::open(&folder.join("data")).unwrap(), &config).unwrap()
    }

    #[tokio::test]
    async fn a_database_in_an_open_folder_is_private() {
        let outer = tempfile::tempdir().unwrap();
        let storage = storage(outer.path(), "");
        let folder = storage.folder();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let (database, _) = storage.open().await.unwrap();
        database.operator().first_tenant(Timestamp::now()).await.unwrap();
        assert!(folder.files_readable_by_others().is_empty());
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?}", entry.file_name());
        }
    }

    #[tokio::test]
    async fn a_path_begins_at_the_data_folder() {
        let outer = tempfile::tempdir().unwrap();
        let storage = storage(outer.path(), "sqlite:other.db");
        storage.open().await.unwrap().0.close().await;
        assert!(outer.path().join("data/other.db").exists());
        assert!(!outer.path().join("data/jumpa.db").exists());
    }

    #[tokio::test]
    async fn a_used_postgres_without_its_key_file_is_not_given_another() {
        let world = TestDatabase::new(Engine::Postgres).await;
        let storage = storage(world.folder.path(), &world.url);
        let (database, _) = storage.open().await.unwrap();
        database.operator().first_tenant(Timestamp::now()).await.unwrap();
        fs::remove_file(storage.folder().key_path()).unwrap();
        let refused = storage.open().await.unwrap_err();
        assert!(format!("{refused:#}").contains("secret.key"), "{refused:#}");
        assert!(!storage.folder().key_path().exists());
    }

    #[tokio::test]
    async fn a_start_does_not_wait_where_waiting_does_not_help() {
        let world = TestDatabase::new(Engine::Postgres).await;
        let missing = world.url.replace("/test_", "/missing_");
        let begin = Instant::now();
        let refused = storage(world.folder.path(), &missing).open_patiently().await.unwrap_err();
        assert!(format!("{refused:#}").contains("does not exist"), "{refused:#}");
        assert!(begin.elapsed() < START_PATIENCE / 2);
    }

    #[test]
    fn the_password_comes_from_its_file() {
        let outer = tempfile::tempdir().unwrap();
        let file = outer.path().join("password");
        fs::write(&file, "rahasia \n").unwrap();
        assert_eq!(read_password(&file).unwrap(), "rahasia ");
        assert!(read_password(&outer.path().join("missing")).is_err());
    }
}
