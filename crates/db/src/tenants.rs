//! Organisations.

use jumpa_protocol::TenantId;
use sqlx::FromRow;

use crate::{DbError, OperatorScope, Timestamp, statement::sql, transaction::Transaction};

/// The name of the tenant that a fresh installation starts with.
const FIRST_TENANT_NAME: &str = "My organisation";

/// The operator's customer.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Tenant {
    /// Its id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: TenantId,
    /// The name that people read.
    pub name: String,
}

impl OperatorScope<'_> {
    /// Adds a tenant.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn create_tenant(&self, name: &str, now: Timestamp) -> Result<TenantId, DbError> {
        let id = TenantId::generate();
        let mut change = self.begin().await?;
        insert_tenant(&mut change, id, name, now).await?;
        change.commit().await?;
        Ok(id)
    }

    /// The oldest tenant, which owns apps that name no other. The first call makes it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn first_tenant(&self, now: Timestamp) -> Result<TenantId, DbError> {
        let mut change = self.begin().await?;
        change.lock("first tenant").await?;
        let oldest: Option<Tenant> =
            sql("SELECT id, name FROM tenants ORDER BY created_at, id LIMIT 1")
                .fetch_optional(&mut change)
                .await?;
        let id = match oldest {
            Some(tenant) => tenant.id,
            None => {
                let id = TenantId::generate();
                insert_tenant(&mut change, id, FIRST_TENANT_NAME, now).await?;
                id
            }
        };
        change.commit().await?;
        Ok(id)
    }

    /// Every tenant, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, DbError> {
        sql("SELECT id, name FROM tenants ORDER BY created_at, id").fetch_all(self).await
    }
}

async fn insert_tenant(
    change: &mut Transaction,
    id: TenantId,
    name: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    sql("INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(name)
        .bind(now)
        .execute(change)
        .await?;
    Ok(())
}
