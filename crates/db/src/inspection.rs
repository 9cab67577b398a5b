//! Looks whether the database is whole.

use sqlx::FromRow;

use crate::{Database, DbError, Timestamp, database::Pools, statement::sql};

/// What [`Database::inspect`] found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// Name and version of the engine.
    pub engine: String,
    /// Whether the engine finds no damage. PostgreSQL watches over its own files.
    pub is_intact: bool,
    /// Whether the role is one that row security does not hold: a superuser, or one with
    /// BYPASSRLS. Never with SQLite, which has no roles.
    pub bypasses_row_security: bool,
    /// How many apps there are.
    pub apps: i64,
    /// The newest time in it.
    pub newest_write: Option<Timestamp>,
    /// Active signing keys that the key file does not open.
    pub sealed_keys_unreadable: u64,
}

#[derive(FromRow)]
struct SealedKey {
    id: String,
    sealed_secret: Vec<u8>,
}

impl Database {
    /// Looks whether the database is intact and its secrets can be opened. Reads the whole file.
    ///
    /// # Errors
    /// [`DbError::Query`] when it cannot even be read, [`DbError::Unavailable`].
    pub async fn inspect(&self) -> Result<DatabaseFacts, DbError> {
        let operator = self.operator();
        let (newest,): (Option<i64>,) = sql("SELECT MAX(created_at) AS newest FROM \
             (SELECT created_at FROM tenants UNION ALL SELECT created_at FROM apps \
              UNION ALL SELECT created_at FROM app_keys UNION ALL SELECT created_at FROM sessions \
              UNION ALL SELECT created_at FROM ratings) AS writes")
        .fetch_one(&operator)
        .await?;
        let (apps,): (i64,) = sql("SELECT COUNT(*) FROM apps").fetch_one(&operator).await?;
        let keys: Vec<SealedKey> =
            sql("SELECT id, sealed_secret FROM app_keys WHERE revoked_at IS NULL")
                .fetch_all(&operator)
                .await?;
        let is_unreadable =
            |key: &&SealedKey| self.master_key().open(&key.id, &key.sealed_secret).is_err();
        Ok(DatabaseFacts {
            engine: self.engine().await?,
            is_intact: self.is_intact().await?,
            bypasses_row_security: self.bypasses_row_security().await?,
            apps,
            newest_write: newest.map(Timestamp::from_micros),
            sealed_keys_unreadable: keys.iter().filter(is_unreadable).count() as u64,
        })
    }

    /// Whether the role of the database is one that row security does not hold, so that the second
    /// wall between tenants is missing.
    ///
    /// # Errors
    /// [`DbError::Query`], [`DbError::Unavailable`].
    pub async fn bypasses_row_security(&self) -> Result<bool, DbError> {
        if let Pools::Sqlite { .. } = self.pools() {
            return Ok(false);
        }
        let (bypasses,): (bool,) =
            sql("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
                .fetch_one(&self.operator())
                .await?;
        Ok(bypasses)
    }

    /// Name and version of the engine.
    ///
    /// # Errors
    /// [`DbError::Query`], [`DbError::Unavailable`].
    pub async fn engine(&self) -> Result<String, DbError> {
        let (name, statement) = match self.pools() {
            Pools::Sqlite { .. } => ("SQLite", "SELECT sqlite_version()"),
            Pools::Postgres(_) => ("PostgreSQL", "SELECT current_setting('server_version')"),
        };
        let (version,): (String,) = sql(statement).fetch_one(&self.operator()).await?;
        Ok(format!("{name} {version}"))
    }

    async fn is_intact(&self) -> Result<bool, DbError> {
        if let Pools::Postgres(_) = self.pools() {
            return Ok(true);
        }
        let (found,): (String,) = sql("PRAGMA quick_check(1)").fetch_one(&self.operator()).await?;
        Ok(found == "ok")
    }
}
