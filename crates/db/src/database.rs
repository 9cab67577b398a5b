//! The database and its connections.

use std::{path::Path, time::Duration};

use jumpa_protocol::TenantId;
use sqlx::{
    ConnectOptions, Connection, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::timeout;

use crate::{
    DatabaseLocation, DbError, LoginScope, MasterKey, OperatorScope, TenantScope, statement::sql,
};

/// How long a writer waits for another process, for example a command next to a running server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections to SQLite that read at the same time; each costs a thread.
const SQLITE_READERS: u32 = 4;

/// Connections to PostgreSQL, whose usual limit is 100 for all programs together.
const POSTGRES_CONNECTIONS: u32 = 16;

/// How long the first connection to PostgreSQL may take. A lookup of a name and TLS over the
/// internet are done within it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a request waits for a connection to PostgreSQL: longer keeps people waiting for an
/// error, shorter fails in short bursts.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);

/// The connections to one of the engines.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Sqlite {
        reader: SqlitePool,
        /// One connection: SQLite has one writer, and waiting here is fairer than in its busy loop.
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// All stored data. Cheap to clone; the connections are closed with the last clone.
#[derive(Debug, Clone)]
pub struct Database {
    pools: Pools,
    master_key: MasterKey,
}

impl Database {
    /// Opens a SQLite file, which is made when it is missing, and brings its tables to this
    /// version.
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
        let cannot_open = |source| DbError::Open { place: path.display().to_string(), source };
        let writer = sqlite_pool(1).connect_with(options.clone()).await.map_err(cannot_open)?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(DbError::Migrate)?;
        let reader = sqlite_pool(SQLITE_READERS)
            .connect_with(options.create_if_missing(false))
            .await
            .map_err(cannot_open)?;
        Ok(Self { pools: Pools::Sqlite { reader, writer }, master_key })
    }

    /// Opens the database at a place, and brings its tables to this version. Of several processes
    /// that start at once on one database, one changes the tables and the others wait.
    ///
    /// # Errors
    /// [`DbError::Open`] when it cannot be reached, [`DbError::Migrate`] when its tables are of a
    /// newer version or cannot be changed.
    pub async fn connect(
        location: &DatabaseLocation,
        master_key: MasterKey,
    ) -> Result<Self, DbError> {
        let place = match location {
            DatabaseLocation::Sqlite(path) => return Self::open(path, master_key).await,
            DatabaseLocation::Postgres(place) => place,
        };
        let pool = connect_postgres(place.options())
            .await
            .map_err(|source| DbError::Open { place: place.to_string(), source })??;
        Ok(Self { pools: Pools::Postgres(pool), master_key })
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
    /// [`DbError::Unavailable`] or [`DbError::Query`] when it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        let _: (i64,) =
            sql("SELECT version FROM directory_versions").fetch_one(&self.operator()).await?;
        Ok(())
    }

    /// Closes the connections after running statements are done.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }

    pub(crate) fn master_key(&self) -> &MasterKey {
        &self.master_key
    }
}

/// A full disk ends a transaction inside SQLite (`SQLITE_FULL`, sqlite.org/lang_transaction.html,
/// section 3). The connection still believes in it and would refuse to begin another one, so
/// such a connection is replaced.
fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).before_acquire(|connection, _| {
        let is_sound = !connection.is_in_transaction();
        Box::pin(async move { Ok(is_sound) })
    })
}

/// The first connection stands outside the pool, which would tell of its own timeout and not of
/// the password that is wrong.
async fn connect_postgres(
    options: &PgConnectOptions,
) -> Result<Result<PgPool, DbError>, sqlx::Error> {
    let mut first = timeout(CONNECT_TIMEOUT, options.connect())
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)??;
    if let Err(error) = sqlx::migrate!("migrations/postgres").run(&mut first).await {
        return Ok(Err(DbError::Migrate(error)));
    }
    first.close().await?;
    Ok(Ok(PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(options.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scope::Scope, transaction::Purpose};

    async fn write(scope: Scope<'_>, bytes: i64) -> Result<(), DbError> {
        let mut change = scope.begin(Purpose::Change).await?;
        sql("INSERT INTO scraps (scrap) VALUES (zeroblob($1))")
            .bind(bytes)
            .execute(&mut change)
            .await?;
        change.commit().await
    }

    #[tokio::test]
    async fn a_disk_that_was_full_takes_changes_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::open(&folder.path().join("jumpa.db"), MasterKey::generate())
            .await
            .expect("a database");
        let Pools::Sqlite { writer, .. } = database.pools() else { panic!("SQLite was opened") };
        let raw = |text: &'static str| sqlx::query(text).execute(writer);
        raw("CREATE TABLE scraps (scrap BLOB NOT NULL)").await.expect("a table");
        raw("PRAGMA max_page_count = 1").await.expect("no more pages than there are");

        let operator = database.operator();
        let full = write(operator.scope(), 1 << 20).await.expect_err("there is no room");
        assert!(full.is_temporary(), "{full:?}");
        write(operator.scope(), 1).await.expect("another connection, which has no such limit");
    }
}
