//! Several statements that happen together or not at all.

use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use crate::{
    DbError,
    database::Pools,
    scope::{Access, Scope},
    statement::sql,
};

/// A transaction of either engine. Dropped without [`Transaction::commit`], it changes nothing.
#[derive(Debug)]
pub(crate) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One statement that reads.
    Read,
    /// Statements that read and see one moment.
    Snapshot,
    /// Statements that write.
    Change,
}

impl Scope<'_> {
    /// Begins a transaction in which row security lets through what this scope may see.
    pub(crate) async fn begin(self, purpose: Purpose) -> Result<Transaction, DbError> {
        Ok(match self.pools() {
            // The write lock is taken at once, so that a later statement cannot fail because
            // another process wrote in between.
            Pools::Sqlite { writer, .. } if purpose == Purpose::Change => {
                Transaction::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Sqlite { reader, .. } => Transaction::Sqlite(reader.begin().await?),
            Pools::Postgres(pool) => {
                let begin = AssertSqlSafe(postgres_begin(self.access(), purpose));
                Transaction::Postgres(pool.begin_with(begin).await?)
            }
        })
    }
}

/// The beginning and the settings that the policies read travel together: one round trip. The only
/// value in the text is a UUID as this program prints it.
fn postgres_begin(access: Access, purpose: Purpose) -> String {
    let mode = match purpose {
        Purpose::Read => "READ ONLY",
        Purpose::Snapshot => "ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        Purpose::Change => "READ WRITE",
    };
    let settings = match access {
        Access::Tenant(tenant_id) => format!(
            "SELECT set_config('app.scope', 'tenant', true), \
             set_config('app.tenant_id', '{}', true)",
            tenant_id.as_uuid()
        ),
        Access::Operator => without_tenant("operator"),
        Access::Login => without_tenant("login"),
    };
    format!("BEGIN {mode}; {settings}")
}

/// The nil UUID is nobody's: the policies give what the scope may see and nothing by the tenant. A
/// tenant has to be named all the same, since PostgreSQL reads both settings of a policy when a row
/// that is to be changed was changed by another transaction meanwhile.
fn without_tenant(scope: &str) -> String {
    format!(
        "SELECT set_config('app.scope', '{scope}', true), \
         set_config('app.tenant_id', '{}', true)",
        uuid::Uuid::nil()
    )
}

impl Transaction {
    /// Makes the changes last.
    pub(crate) async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(inner) => inner.commit().await?,
            Self::Postgres(inner) => inner.commit().await?,
        }
        Ok(())
    }

    /// Waits until no other change that names the same lock is under way, and keeps others waiting
    /// until this one is over: for a change that looks first and acts on what it saw. SQLite has
    /// one writer and needs no more.
    pub(crate) async fn lock(&mut self, name: &'static str) -> Result<(), DbError> {
        if let Self::Postgres(_) = self {
            let _: (bool,) = sql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) IS NULL")
                .bind(name)
                .fetch_one(self)
                .await?;
        }
        Ok(())
    }
}
