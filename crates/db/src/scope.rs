//! Who reads: one tenant, the operator, or the login.

use jumpa_protocol::TenantId;

use crate::{
    Database, DbError,
    database::Pools,
    transaction::{Purpose, Transaction},
};

/// Whose rows a transaction may touch. On PostgreSQL row security holds it to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Those of one tenant.
    Tenant(TenantId),
    /// All.
    Operator,
    /// Those that a login needs before a tenant is known.
    Login,
}

/// A database with the rows of it that may be touched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    database: &'a Database,
    access: Access,
}

impl<'a> Scope<'a> {
    pub(crate) fn pools(self) -> &'a Pools {
        self.database.pools()
    }

    pub(crate) fn access(self) -> Access {
        self.access
    }
}

macro_rules! scope_methods {
    ($name:ident) => {
        impl<'a> $name<'a> {
            pub(crate) fn database(&self) -> &'a Database {
                self.scope.database
            }

            pub(crate) fn scope(&self) -> Scope<'a> {
                self.scope
            }

            /// Begins a change.
            pub(crate) async fn begin(&self) -> Result<Transaction, DbError> {
                self.scope.begin(Purpose::Change).await
            }

            /// Begins reading with several statements that see one moment.
            #[allow(dead_code, reason = "not every scope reads so")]
            pub(crate) async fn snapshot(&self) -> Result<Transaction, DbError> {
                self.scope.begin(Purpose::Snapshot).await
            }
        }
    };
}

scope_methods!(TenantScope);
scope_methods!(OperatorScope);
scope_methods!(LoginScope);

/// The data of one tenant. Every statement names the tenant; on PostgreSQL row security is a second
/// wall.
#[derive(Debug, Clone, Copy)]
pub struct TenantScope<'a> {
    scope: Scope<'a>,
    tenant_id: TenantId,
}

impl<'a> TenantScope<'a> {
    pub(crate) fn new(database: &'a Database, tenant_id: TenantId) -> Self {
        Self { scope: Scope { database, access: Access::Tenant(tenant_id) }, tenant_id }
    }

    /// Whose data this is.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }
}

/// The data of the whole platform.
#[derive(Debug, Clone, Copy)]
pub struct OperatorScope<'a> {
    scope: Scope<'a>,
}

impl<'a> OperatorScope<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { scope: Scope { database, access: Access::Operator } }
    }
}

/// People, their sessions and their one-time tokens.
#[derive(Debug, Clone, Copy)]
pub struct LoginScope<'a> {
    scope: Scope<'a>,
}

impl<'a> LoginScope<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { scope: Scope { database, access: Access::Login } }
    }
}

#[cfg(test)]
mod tests {
    use jumpa_test_database::{Engine, TestDatabase};

    use super::*;
    use crate::{Author, MasterKey, NewApp, Timestamp, statement::sql};

    const APPS: &str = "SELECT COUNT(*) FROM apps";
    const RENAME: &str = "UPDATE apps SET name = 'x'";

    /// With row security: SQLite has only the first wall, the tenant in each statement.
    #[tokio::test]
    async fn a_statement_that_forgets_the_tenant_touches_no_other() {
        let world = TestDatabase::new(Engine::Postgres).await;
        let location = world.url.parse().unwrap();
        let database = Database::connect(&location, MasterKey::generate()).await.unwrap();
        let now = Timestamp::now();
        let owner = database.operator().create_tenant("Klinik Sehat", now).await.unwrap();
        let stranger = database.operator().create_tenant("Toko Melati", now).await.unwrap();
        database
            .tenant(owner)
            .create_app(&NewApp::named("Klinik"), &Author::system(), now)
            .await
            .unwrap();

        let stranger = database.tenant(stranger);
        let (seen,): (i64,) = sql(APPS).fetch_one(&stranger).await.unwrap();
        let mut change = stranger.begin().await.unwrap();
        let changed = sql(RENAME).execute(&mut change).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!((seen, changed), (0, 0));

        // Nor does a login see apps.
        let (seen,): (i64,) = sql(APPS).fetch_one(&database.logins()).await.unwrap();
        assert_eq!(seen, 0);
        let (seen,): (i64,) = sql(APPS).fetch_one(&database.operator()).await.unwrap();
        assert_eq!(seen, 1);
    }
}
