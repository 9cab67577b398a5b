//! Where an app's streams can be sent: stored once, chosen by whoever starts one.

use jumpa_protocol::{AppId, StreamTargetId, TenantId, recording::StreamAddress};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, Database, DbError, TenantScope, Timestamp, apps::note_directory_change, audit::Act,
    statement::sql, transaction::Transaction,
};

/// Most targets that an app has stored.
pub const MAX_STORED_TARGETS: u32 = 50;

/// Most characters of a key that are shown, by which people tell keys apart.
const SHOWN_KEY_CHARS: usize = 4;

/// A target that an app has stored. Its key is shown to nobody.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StoredTarget {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: StreamTargetId,
    /// The app.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// How people call it.
    pub name: String,
    /// Its address without the key.
    pub url: String,
    /// The last characters of the key.
    pub key_end: String,
    /// Where viewers see the stream.
    pub viewer_url: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    sealed_key: Vec<u8>,
}

impl TenantScope<'_> {
    /// Stores a target for the streams of an app.
    ///
    /// # Errors
    /// [`DbError::TooMany`] beyond [`MAX_STORED_TARGETS`], [`DbError::Query`].
    pub async fn create_stream_target(
        &self,
        app_id: &AppId,
        address: &StreamAddress,
        by: &Author,
        now: Timestamp,
    ) -> Result<StoredTarget, DbError> {
        let mut change = self.begin().await?;
        change.lock("number of stream targets").await?;
        let (count,): (i64,) =
            sql("SELECT COUNT(*) FROM stream_targets WHERE tenant_id = $1 AND app_id = $2")
                .bind(self.tenant_id())
                .bind(app_id)
                .fetch_one(&mut change)
                .await?;
        if count >= i64::from(MAX_STORED_TARGETS) {
            return Err(DbError::TooMany("stream targets"));
        }
        let id = StreamTargetId::generate();
        let target: StoredTarget = sql("INSERT INTO stream_targets (tenant_id, id, app_id, name, \
             url, sealed_key, key_end, viewer_url, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .bind(app_id)
        .bind(&address.name)
        .bind(&address.url)
        .bind(self.database().master_key().seal(&seal_context(id), address.key.as_bytes()))
        .bind(key_end(&address.key))
        .bind(address.viewer_url.as_ref())
        .bind(now)
        .fetch_one(&mut change)
        .await?;
        Act::new("stream_target.created", self.tenant_id(), (STREAM_TARGET, id))
            .after(json!({ "app_id": app_id, "name": target.name, "url": target.url }))
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await?;
        Ok(target)
    }

    /// At most `limit` targets of an app, the oldest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn stored_targets(
        &self,
        app_id: &AppId,
        after: Option<(Timestamp, StreamTargetId)>,
        limit: u32,
    ) -> Result<Vec<StoredTarget>, DbError> {
        let (after_at, after_id) = after.unzip();
        sql("SELECT * FROM stream_targets WHERE tenant_id = $1 AND app_id = $2 \
             AND ($3 IS NULL OR created_at > $3 OR (created_at = $3 AND id > $4)) \
             ORDER BY created_at, id LIMIT $5")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(after_at)
        .bind(after_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// Changes a target: its name and address to those of `change`, and its key when there is
    /// another one. Streams that are running stay as they are.
    ///
    /// # Errors
    /// [`DbError::StreamTargetUnknown`], [`DbError::Query`].
    pub async fn change_stream_target(
        &self,
        (app_id, id): (&AppId, StreamTargetId),
        edit: impl FnOnce(StreamAddress) -> StreamAddress + Send,
        by: &Author,
        now: Timestamp,
    ) -> Result<StoredTarget, DbError> {
        let mut change = self.begin().await?;
        change.lock("stream targets").await?;
        let app = (self.tenant_id(), app_id);
        let before = address(&mut change, self.database(), app, id).await?;
        let after = edit(before.clone());
        let target: StoredTarget = sql("UPDATE stream_targets SET name = $4, url = $5, \
             sealed_key = $6, key_end = $7, viewer_url = $8 \
             WHERE tenant_id = $1 AND app_id = $2 AND id = $3 RETURNING *")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(id)
        .bind(&after.name)
        .bind(&after.url)
        .bind(self.database().master_key().seal(&seal_context(id), after.key.as_bytes()))
        .bind(key_end(&after.key))
        .bind(after.viewer_url.as_ref())
        .fetch_one(&mut change)
        .await?;
        if after != before {
            let told = |address: &StreamAddress| {
                json!({
                    "name": address.name,
                    "url": address.url,
                    "viewer_url": address.viewer_url,
                })
            };
            Act::new("stream_target.changed", self.tenant_id(), (STREAM_TARGET, id))
                .before(told(&before))
                .after(told(&after))
                .record(&mut change, by, now)
                .await?;
        }
        if after.name != before.name {
            note_directory_change(&mut change).await?;
        }
        change.commit().await?;
        Ok(target)
    }

    /// Forgets a target. Streams that are running stay as they are.
    ///
    /// # Errors
    /// [`DbError::StreamTargetUnknown`], [`DbError::Query`].
    pub async fn delete_stream_target(
        &self,
        (app_id, id): (&AppId, StreamTargetId),
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let deleted: Option<(String,)> = sql("DELETE FROM stream_targets \
             WHERE tenant_id = $1 AND app_id = $2 AND id = $3 RETURNING name")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(id)
        .fetch_optional(&mut change)
        .await?;
        let (name,) = deleted.ok_or(DbError::StreamTargetUnknown)?;
        Act::new("stream_target.deleted", self.tenant_id(), (STREAM_TARGET, id))
            .before(json!({ "name": name }))
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await
    }
}

const STREAM_TARGET: &str = "stream_target";

/// A stored target with its key.
pub(crate) async fn address(
    change: &mut Transaction,
    database: &Database,
    (tenant_id, app_id): (TenantId, &AppId),
    id: StreamTargetId,
) -> Result<StreamAddress, DbError> {
    let stored: Option<StoredTarget> = sql("SELECT * FROM stream_targets \
         WHERE tenant_id = $1 AND app_id = $2 AND id = $3")
    .bind(tenant_id)
    .bind(app_id)
    .bind(id)
    .fetch_optional(change)
    .await?;
    let stored = stored.ok_or(DbError::StreamTargetUnknown)?;
    let key = database.master_key().open(&seal_context(id), &stored.sealed_key)?;
    Ok(StreamAddress {
        name: stored.name,
        url: stored.url,
        key: String::from_utf8(key).map_err(|_| DbError::Damaged("stream key"))?,
        viewer_url: stored.viewer_url,
    })
}

/// What is shown of a key: a quarter of it at most, so that it helps nobody to guess the rest.
pub(crate) fn key_end(key: &str) -> String {
    let chars: Vec<char> = key.chars().collect();
    let shown = SHOWN_KEY_CHARS.min(chars.len() / 4);
    chars[chars.len() - shown..].iter().collect()
}

fn seal_context(id: StreamTargetId) -> String {
    format!("stream target {id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_key_is_not_shown_by_its_end() {
        assert_eq!(key_end("abcd-efgh-1234"), "234");
        assert_eq!(key_end("abcd-efgh-ijkl-1234"), "1234");
        assert_eq!(key_end("abc"), "");
    }
}
