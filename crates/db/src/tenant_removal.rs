//! What is left of a tenant when its time to be restored is over: nothing but a line of the audit.

use std::time::Duration;

use jumpa_protocol::TenantId;
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Author, DELETION_GRACE, DbError, OperatorScope, Timestamp, apps::note_directory_change,
    audit::Act, statement::sql,
};

/// How long the removal of a tenant waits for that of its files.
pub const FILES_PATIENCE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Calls that are removed in one transaction: few enough that others write in between.
const CALLS_AT_ONCE: u32 = 200;

/// What belongs to a call, removed call by call. `$2` is how many calls at a time.
const OF_CALLS: [&str; 5] = [
    "DELETE FROM media_samples WHERE tenant_id = $1 AND call_id IN \
     (SELECT id FROM calls WHERE tenant_id = $1 ORDER BY id LIMIT $2)",
    "DELETE FROM call_events WHERE tenant_id = $1 AND call_id IN \
     (SELECT id FROM calls WHERE tenant_id = $1 ORDER BY id LIMIT $2)",
    "DELETE FROM media_quality WHERE tenant_id = $1 AND call_id IN \
     (SELECT id FROM calls WHERE tenant_id = $1 ORDER BY id LIMIT $2)",
    "DELETE FROM stays WHERE tenant_id = $1 AND call_id IN \
     (SELECT id FROM calls WHERE tenant_id = $1 ORDER BY id LIMIT $2)",
    "DELETE FROM calls WHERE tenant_id = $1 AND id IN \
     (SELECT id FROM calls WHERE tenant_id = $1 ORDER BY id LIMIT $2)",
];

/// The rest, what names other rows before those.
const OF_TENANT: &[&str] = &[
    "DELETE FROM recording_targets WHERE tenant_id = $1",
    "DELETE FROM stream_targets WHERE tenant_id = $1",
    "DELETE FROM recording_views WHERE tenant_id = $1",
    "DELETE FROM recording_links WHERE tenant_id = $1",
    "DELETE FROM recording_consents WHERE tenant_id = $1",
    "DELETE FROM recording_files WHERE tenant_id = $1",
    "DELETE FROM recordings WHERE tenant_id = $1",
    "DELETE FROM recording_storages WHERE tenant_id = $1",
    "DELETE FROM recording_slots WHERE tenant_id = $1",
    "DELETE FROM webhook_attempts WHERE tenant_id = $1",
    "DELETE FROM webhook_deliveries WHERE tenant_id = $1",
    "DELETE FROM webhooks WHERE tenant_id = $1",
    "DELETE FROM webhook_sequences WHERE tenant_id = $1",
    "DELETE FROM usage_hours WHERE tenant_id = $1",
    "DELETE FROM usage_days WHERE tenant_id = $1",
    "DELETE FROM usage_clients WHERE tenant_id = $1",
    "DELETE FROM usage_people WHERE tenant_id = $1",
    "DELETE FROM usage_progress WHERE tenant_id = $1",
    "DELETE FROM minute_quotas WHERE tenant_id = $1",
    "DELETE FROM prepared_rooms WHERE tenant_id = $1",
    "DELETE FROM ratings WHERE tenant_id = $1",
    "DELETE FROM app_keys WHERE tenant_id = $1",
    "DELETE FROM api_keys WHERE tenant_id = $1",
    "DELETE FROM bans WHERE tenant_id = $1",
    "DELETE FROM apps WHERE tenant_id = $1",
    "DELETE FROM identity_logins WHERE provider_id IN \
     (SELECT id FROM identity_providers WHERE tenant_id = $1)",
    "DELETE FROM identity_provider_domains WHERE provider_id IN \
     (SELECT id FROM identity_providers WHERE tenant_id = $1)",
    "DELETE FROM identity_providers WHERE tenant_id = $1",
    "DELETE FROM invitations WHERE tenant_id = $1",
    "UPDATE sessions SET viewed_tenant_id = NULL, viewed_until = NULL WHERE viewed_tenant_id = $1",
    "DELETE FROM memberships WHERE tenant_id = $1",
    "DELETE FROM mail_outbox WHERE tenant_id = $1",
    "DELETE FROM audit_events WHERE tenant_id = $1",
    "DELETE FROM tenants WHERE id = $1",
];

/// A tenant that can be restored no more.
#[derive(FromRow)]
struct RemovableTenant {
    #[sqlx(try_from = "uuid::Uuid")]
    id: TenantId,
    name: String,
}

impl OperatorScope<'_> {
    /// Removes, with all that belongs to them, the tenants that were deleted longer than
    /// [`DELETION_GRACE`] ago. People keep their logins. Gives who was removed; what a failure
    /// interrupts goes on with the next call. A tenant waits until the files of its recordings are
    /// gone, see [`Self::purgeable_recordings`], but not longer than [`FILES_PATIENCE`]: a storage that
    /// is away for ever shall not keep what is known of people.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn remove_deleted_tenants(&self, now: Timestamp) -> Result<Vec<TenantId>, DbError> {
        let grace = i64::try_from(DELETION_GRACE.as_micros()).unwrap_or(i64::MAX);
        let patience = i64::try_from(FILES_PATIENCE.as_micros()).unwrap_or(i64::MAX);
        let due: Vec<RemovableTenant> =
            sql("SELECT id, name FROM tenants WHERE deleted_at <= $2 OR (deleted_at <= $1 \
                 AND NOT EXISTS (SELECT 1 FROM recordings WHERE tenant_id = tenants.id \
                 AND purged_at IS NULL AND state IN ('ready', 'failed'))) ORDER BY id")
            .bind(now.as_micros().saturating_sub(grace))
            .bind(now.as_micros().saturating_sub(grace).saturating_sub(patience))
            .fetch_all(self)
            .await?;
        let mut removed = Vec::new();
        for RemovableTenant { id, name } in due {
            while self.remove_some_calls(id).await? {}
            let mut change = self.begin().await?;
            for statement in OF_TENANT {
                sql(statement).bind(id).execute(&mut change).await?;
            }
            Act::new("tenant.removed", None, ("tenant", id))
                .before(json!({ "name": name }))
                .record(&mut change, &Author::system(), now)
                .await?;
            note_directory_change(&mut change).await?;
            change.commit().await?;
            removed.push(id);
        }
        Ok(removed)
    }

    /// Removes some calls of a tenant; tells whether there were any.
    async fn remove_some_calls(&self, id: TenantId) -> Result<bool, DbError> {
        let mut change = self.begin().await?;
        let mut done = 0;
        for statement in OF_CALLS {
            done = sql(statement).bind(id).bind(CALLS_AT_ONCE).execute(&mut change).await?;
        }
        change.commit().await?;
        Ok(done > 0)
    }
}

#[cfg(test)]
mod tests {
    use jumpa_test_database::{Engine, TestDatabase};
    use sqlx::{Connection as _, Row as _, SqliteConnection};

    use super::*;

    /// Both engines have the same tables, so one of them tells for both.
    #[tokio::test]
    async fn every_table_of_a_tenant_is_emptied() {
        let world = TestDatabase::new(Engine::Sqlite).await;
        let mut connection = SqliteConnection::connect(&world.url).await.expect("a database");
        let tables = sqlx::query(
            "SELECT t.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c \
             WHERE t.type = 'table' AND c.name = 'tenant_id'",
        )
        .fetch_all(&mut connection)
        .await
        .expect("the tables");
        assert!(!tables.is_empty());
        for table in tables {
            let beginning = format!("DELETE FROM {} ", table.get::<String, _>(0));
            let is_emptied =
                OF_CALLS.iter().chain(OF_TENANT).any(|text| text.starts_with(&beginning));
            assert!(is_emptied, "no statement begins with `{beginning}`");
        }
    }
}
