//! Who reads: one tenant, the operator, or the login.

use jumpa_protocol::TenantId;

use crate::Database;

/// The data of one tenant. Every statement below names the tenant.
#[derive(Debug, Clone, Copy)]
pub struct TenantScope<'a> {
    database: &'a Database,
    tenant_id: TenantId,
}

impl<'a> TenantScope<'a> {
    pub(crate) fn new(database: &'a Database, tenant_id: TenantId) -> Self {
        Self { database, tenant_id }
    }

    /// Whose data this is.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }

    pub(crate) fn database(&self) -> &'a Database {
        self.database
    }
}

/// The data of the whole platform.
#[derive(Debug, Clone, Copy)]
pub struct OperatorScope<'a> {
    database: &'a Database,
}

impl<'a> OperatorScope<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    pub(crate) fn database(&self) -> &'a Database {
        self.database
    }
}

/// People, their sessions and their one-time tokens.
#[derive(Debug, Clone, Copy)]
pub struct LoginScope<'a> {
    database: &'a Database,
}

impl<'a> LoginScope<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    pub(crate) fn database(&self) -> &'a Database {
        self.database
    }
}
