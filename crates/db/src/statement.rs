//! One SQL text for both engines.
//!
//! Nothing else in this crate says which engine it talks to, apart from opening, migrations and
//! looking for damage.

use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

use crate::{
    DbError, LoginScope, OperatorScope, TenantScope,
    database::Pools,
    scope::Scope,
    transaction::{Purpose, Transaction},
    value::{Bind, Value},
};

/// A statement with placeholders `$1`, `$2`, …, for both engines.
pub(crate) fn sql(text: &'static str) -> Statement {
    Statement { text, values: Vec::new() }
}

/// A row of either engine as a struct: `#[derive(sqlx::FromRow)]` on one whose fields are of kinds
/// that both engines know. Tuples do for one or two columns.
pub(crate) trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

/// A statement and its values on their way to an engine.
#[derive(Debug, Clone)]
#[must_use]
pub(crate) struct Statement {
    text: &'static str,
    values: Vec<Value>,
}

/// Where a statement that reads runs: by itself in a scope, or as part of a transaction.
pub(crate) enum On<'a> {
    Scope(Scope<'a>),
    Transaction(&'a mut Transaction),
}

impl<'a> From<&TenantScope<'a>> for On<'a> {
    fn from(scope: &TenantScope<'a>) -> Self {
        Self::Scope(scope.scope())
    }
}

impl<'a> From<&OperatorScope<'a>> for On<'a> {
    fn from(scope: &OperatorScope<'a>) -> Self {
        Self::Scope(scope.scope())
    }
}

impl<'a> From<&LoginScope<'a>> for On<'a> {
    fn from(scope: &LoginScope<'a>) -> Self {
        Self::Scope(scope.scope())
    }
}

impl<'a> From<&'a mut Transaction> for On<'a> {
    fn from(transaction: &'a mut Transaction) -> Self {
        Self::Transaction(transaction)
    }
}

/// Gives a query of sqlx, whichever it is, the values of a statement.
macro_rules! with_values {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Bool(value) => query.bind(value),
                Value::Integer(value) => query.bind(value),
                Value::Real(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
                Value::Uuid(value) => query.bind(value),
                Value::Json(value) => query.bind(value),
            };
        }
        query
    }};
}

/// Runs a statement that reads with a method of [`sqlx::query::QueryAs`].
macro_rules! read {
    ($statement:expr, $on:expr, $method:ident) => {{
        let Statement { text, values } = $statement.checked()?;
        match $on.into() {
            On::Scope(scope) => match scope.pools() {
                Pools::Sqlite { reader, .. } => {
                    with_values!(sqlx::query_as(text), values).$method(reader).await?
                }
                Pools::Postgres(_) => {
                    let mut view = scope.begin(Purpose::Read).await?;
                    let Transaction::Postgres(inner) = &mut view else { unreachable!() };
                    let found =
                        with_values!(sqlx::query_as(text), values).$method(&mut **inner).await?;
                    view.commit().await?;
                    found
                }
            },
            On::Transaction(Transaction::Sqlite(inner)) => {
                with_values!(sqlx::query_as(text), values).$method(&mut **inner).await?
            }
            On::Transaction(Transaction::Postgres(inner)) => {
                with_values!(sqlx::query_as(text), values).$method(&mut **inner).await?
            }
        }
    }};
}

impl Statement {
    /// Gives the next placeholder its value.
    pub(crate) fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.into_value());
        self
    }

    /// Refuses what PostgreSQL cannot hold, on both engines alike.
    fn checked(self) -> Result<Self, DbError> {
        if self.values.iter().any(Value::has_nul) { Err(DbError::NulInText) } else { Ok(self) }
    }

    /// Every row.
    pub(crate) async fn fetch_all<'a, T: Record>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Vec<T>, DbError> {
        Ok(read!(self, on, fetch_all))
    }

    /// The only row, if there is one.
    pub(crate) async fn fetch_optional<'a, T: Record>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Option<T>, DbError> {
        Ok(read!(self, on, fetch_optional))
    }

    /// The row that is always there.
    pub(crate) async fn fetch_one<'a, T: Record>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<T, DbError> {
        Ok(read!(self, on, fetch_one))
    }

    /// Changes rows and gives their number. On PostgreSQL a transaction in which a statement failed
    /// can only be given up.
    pub(crate) async fn execute(self, change: &mut Transaction) -> Result<u64, DbError> {
        let Self { text, values } = self.checked()?;
        Ok(match change {
            Transaction::Sqlite(inner) => {
                with_values!(sqlx::query(text), values).execute(&mut **inner).await?.rows_affected()
            }
            Transaction::Postgres(inner) => {
                with_values!(sqlx::query(text), values).execute(&mut **inner).await?.rows_affected()
            }
        })
    }
}
