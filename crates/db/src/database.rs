//! The database file and its connections.

use std::{path::Path, time::Duration};

use sqlx::{
    Row, SqlitePool, SqliteTransaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{DbError, LoginScope, MasterKey, OperatorScope, TenantScope, Timestamp};
use jumpa_protocol::TenantId;

/// How long a writer waits for another process, for example a command next to a running server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections that read at the same time; each costs a thread.
const READERS: u32 = 4;

/// What [`Database::inspect`] found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// Whether the engine finds no damage.
    pub is_intact: bool,
    /// How many apps there are.
    pub apps: i64,
    /// The newest time in it.
    pub newest_write: Option<Timestamp>,
    /// Active signing keys that the key file does not open.
    pub sealed_keys_unreadable: u64,
}

/// All stored data. Cheap to clone; the file is closed with the last clone.
#[derive(Debug, Clone)]
pub struct Database {
    reader: SqlitePool,
    /// One connection: SQLite has one writer, and waiting here is fairer than in its busy loop.
    writer: SqlitePool,
    master_key: MasterKey,
}

impl Database {
    /// Opens the file, which is made when it is missing, and brings its tables to this version.
    ///
    /// # Errors
    /// [`DbError::Open`] when the file is not usable, [`DbError::Migrate`] when its tables are of
    /// a newer version or cannot be changed.
    pub async fn open(path: &Path, master_key: MasterKey) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let cannot_open = |source| DbError::Open { path: path.to_owned(), source };
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(cannot_open)?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(DbError::Migrate)?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.create_if_missing(false))
            .await
            .map_err(cannot_open)?;
        Ok(Self { reader, writer, master_key })
    }

    /// What belongs to one tenant.
    #[must_use]
    pub fn tenant(&self, tenant_id: TenantId) -> TenantScope<'_> {
        TenantScope::new(self, tenant_id)
    }

    /// The whole platform: for the operator and for building the directory, never for a request of
    /// a tenant.
    #[must_use]
    pub fn operator(&self) -> OperatorScope<'_> {
        OperatorScope::new(self)
    }

    /// People that log in and their sessions.
    #[must_use]
    pub fn logins(&self) -> LoginScope<'_> {
        LoginScope::new(self)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DbError::Query`] when it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        sqlx::query("SELECT version FROM directory_versions").fetch_one(&self.reader).await?;
        Ok(())
    }

    /// Looks whether the file is intact and its secrets can be opened. Reads the whole file.
    ///
    /// # Errors
    /// [`DbError::Query`] when it cannot even be read.
    pub async fn inspect(&self) -> Result<DatabaseFacts, DbError> {
        let check = sqlx::query("PRAGMA quick_check(1)").fetch_one(&self.reader).await?;
        let newest = sqlx::query(
            "SELECT MAX(created_at) AS newest FROM \
             (SELECT created_at FROM tenants UNION ALL SELECT created_at FROM apps \
              UNION ALL SELECT created_at FROM app_keys UNION ALL SELECT created_at FROM sessions \
              UNION ALL SELECT created_at FROM ratings) AS writes",
        )
        .fetch_one(&self.reader)
        .await?;
        let apps = sqlx::query("SELECT COUNT(*) AS apps FROM apps").fetch_one(&self.reader).await?;
        let keys = sqlx::query("SELECT id, sealed_secret FROM app_keys WHERE revoked_at IS NULL")
            .fetch_all(&self.reader)
            .await?;
        let mut sealed_keys_unreadable = 0;
        for key in keys {
            let id: String = key.try_get("id")?;
            let sealed: Vec<u8> = key.try_get("sealed_secret")?;
            sealed_keys_unreadable += u64::from(self.master_key.open(&id, &sealed).is_err());
        }
        let newest: Option<i64> = newest.try_get("newest")?;
        Ok(DatabaseFacts {
            is_intact: check.try_get::<String, _>(0)? == "ok",
            apps: apps.try_get("apps")?,
            newest_write: newest.map(Timestamp::from_micros),
            sealed_keys_unreadable,
        })
    }

    /// Closes the file after running statements are done.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    pub(crate) fn master_key(&self) -> &MasterKey {
        &self.master_key
    }

    /// Begins a change. The write lock is taken at once, so that a later statement cannot fail
    /// because another process wrote in between.
    pub(crate) async fn begin(&self) -> Result<SqliteTransaction<'static>, DbError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}
