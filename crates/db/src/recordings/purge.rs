//! The end of recordings: those that are too old, and those that were deleted.

use std::time::Duration;

use jumpa_protocol::{AppId, RecordingId, TenantId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DELETION_GRACE, DbError, OperatorScope, Timestamp,
    audit::{Act, RECORDING},
    statement::sql,
};

/// How long a deleted recording can be restored. Longer keeps what somebody wanted gone, shorter
/// leaves no time to notice a mistake.
pub const DELETED_RECORDINGS_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A recording whose files shall be removed for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeableRecording {
    /// Whose.
    pub tenant_id: TenantId,
    /// Of which app.
    pub app_id: AppId,
    /// Which.
    pub id: RecordingId,
    /// Keys of its files in the storage.
    pub storage_keys: Vec<String>,
}

#[derive(FromRow)]
struct Due {
    #[sqlx(try_from = "Uuid")]
    tenant_id: TenantId,
    #[sqlx(try_from = "String")]
    app_id: AppId,
    #[sqlx(try_from = "Uuid")]
    id: RecordingId,
}

impl OperatorScope<'_> {
    /// At most `limit` recordings whose files shall be removed: those whose time is over and those
    /// that were deleted longer than [`DELETED_RECORDINGS_KEPT`] ago, none under legal hold; and all
    /// of tenants that are removed for good.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn purgeable_recordings(
        &self,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<PurgeableRecording>, DbError> {
        let grace = i64::try_from(DELETED_RECORDINGS_KEPT.as_micros()).unwrap_or(i64::MAX);
        let removed = i64::try_from(DELETION_GRACE.as_micros()).unwrap_or(i64::MAX);
        let due: Vec<Due> = sql("SELECT tenant_id, app_id, id FROM recordings \
             WHERE purged_at IS NULL AND state IN ('ready', 'failed') \
             AND ((NOT has_legal_hold AND (expires_at <= $1 OR deleted_at <= $2)) \
             OR EXISTS (SELECT 1 FROM tenants WHERE tenants.id = recordings.tenant_id \
             AND tenants.deleted_at <= $4)) ORDER BY ready_at, id LIMIT $3")
        .bind(now)
        .bind(now.as_micros().saturating_sub(grace))
        .bind(limit)
        .bind(now.as_micros().saturating_sub(removed))
        .fetch_all(self)
        .await?;
        let mut purgeable = Vec::new();
        for Due { tenant_id, app_id, id } in due {
            let keys: Vec<(String,)> = sql("SELECT storage_key FROM recording_files \
                 WHERE tenant_id = $1 AND recording_id = $2")
            .bind(tenant_id)
            .bind(id)
            .fetch_all(self)
            .await?;
            let storage_keys = keys.into_iter().map(|(key,)| key).collect();
            purgeable.push(PurgeableRecording { tenant_id, app_id, id, storage_keys });
        }
        Ok(purgeable)
    }

    /// Notes that the files of a recording are gone. Their checksums stay, and that they were; what
    /// they were encrypted with is gone as well, so that a copy that somebody kept opens no more.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recording_purged(
        &self,
        purged: &PurgeableRecording,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE recordings SET purged_at = $2, storage_id = NULL, sealed_data_key = NULL \
             WHERE id = $1 AND purged_at IS NULL")
        .bind(purged.id)
        .bind(now)
        .execute(&mut change)
        .await?;
        sql("UPDATE recording_links SET revoked_at = $3 WHERE tenant_id = $1 \
             AND recording_id = $2 AND revoked_at IS NULL")
        .bind(purged.tenant_id)
        .bind(purged.id)
        .bind(now)
        .execute(&mut change)
        .await?;
        Act::new("recording.purged", purged.tenant_id, (RECORDING, purged.id))
            .after(json!({ "files": purged.storage_keys.len() }))
            .record(&mut change, &Author::system(), now)
            .await?;
        change.commit().await
    }
}
