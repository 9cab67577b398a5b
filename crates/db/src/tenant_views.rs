//! An operator looks at a client as its people see it. A session looks at one at a time, and not
//! for long.

use std::time::Duration;

use jumpa_protocol::{SessionId, TenantId};
use uuid::Uuid;

use crate::{Author, DbError, LoginScope, Timestamp, audit::Act, statement::sql};

/// For how long an operator looks before they have to say so again.
pub const TENANT_VIEW_LIFETIME: Duration = Duration::from_secs(60 * 60);

impl LoginScope<'_> {
    /// Lets a session look at a tenant, which stands in the tenant's audit. Gives until when.
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`], [`DbError::Query`].
    pub async fn view_tenant(
        &self,
        session_id: SessionId,
        tenant_id: TenantId,
        by: &Author,
        now: Timestamp,
    ) -> Result<Timestamp, DbError> {
        let mut change = self.begin().await?;
        let found: Option<(Uuid,)> =
            sql("SELECT id FROM tenants WHERE id = $1 AND deleted_at IS NULL")
                .bind(tenant_id)
                .fetch_optional(&mut change)
                .await?;
        found.ok_or(DbError::TenantUnknown)?;
        let until = now + TENANT_VIEW_LIFETIME;
        sql("UPDATE sessions SET viewed_tenant_id = $2, viewed_until = $3 WHERE id = $1")
            .bind(session_id)
            .bind(tenant_id)
            .bind(until)
            .execute(&mut change)
            .await?;
        Act::new("tenant.viewed", tenant_id, ("tenant", tenant_id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(until)
    }

    /// Ends it; a session that looks at nothing stays as it is.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn end_tenant_view(&self, session_id: SessionId) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE sessions SET viewed_tenant_id = NULL, viewed_until = NULL WHERE id = $1")
            .bind(session_id)
            .execute(&mut change)
            .await?;
        change.commit().await
    }
}
