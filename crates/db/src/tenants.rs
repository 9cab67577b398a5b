//! Organisations.

use jumpa_protocol::TenantId;
use sqlx::{Row, sqlite::SqliteRow};

use crate::{DbError, OperatorScope, Timestamp};

/// The name of the tenant that a fresh installation starts with.
const FIRST_TENANT_NAME: &str = "My organisation";

/// The operator's customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
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
        let mut change = self.database().begin().await?;
        insert_tenant(&mut change, id, name, now).await?;
        change.commit().await?;
        Ok(id)
    }

    /// The oldest tenant, which owns apps that name no other. The first call makes it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn first_tenant(&self, now: Timestamp) -> Result<TenantId, DbError> {
        let mut change = self.database().begin().await?;
        let oldest = sqlx::query("SELECT id, name FROM tenants ORDER BY created_at, id LIMIT 1")
            .fetch_optional(&mut *change)
            .await?;
        let id = match oldest {
            Some(row) => tenant_from(&row)?.id,
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
        sqlx::query("SELECT id, name FROM tenants ORDER BY created_at, id")
            .fetch_all(self.database().reader())
            .await?
            .iter()
            .map(tenant_from)
            .collect()
    }
}

async fn insert_tenant(
    change: &mut sqlx::SqliteConnection,
    id: TenantId,
    name: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    sqlx::query("INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)")
        .bind(id.as_uuid())
        .bind(name)
        .bind(now.as_micros())
        .execute(change)
        .await?;
    Ok(())
}

fn tenant_from(row: &SqliteRow) -> Result<Tenant, DbError> {
    Ok(Tenant { id: TenantId::from_uuid(row.try_get("id")?), name: row.try_get("name")? })
}
