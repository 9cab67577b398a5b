//! People who may not join an app.

use jumpa_protocol::{AppId, BanId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, OperatorScope, TenantScope, Timestamp, apps::note_directory_change,
    audit::Act, statement::sql,
};

/// Most bans of an app. All of them lie in the memory of the node.
pub const MAX_BANS: u32 = 5_000;

/// A ban of somebody, by what tokens name them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Ban {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: BanId,
    /// The `sub` of their tokens.
    pub subject: String,
    /// Why, for those who look at it later.
    pub reason: Option<String>,
    /// When it ends; `None` is never.
    pub ends_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it: an e-mail address, or the name of an API key.
    pub created_by: String,
}

/// A ban to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBan {
    /// The `sub` of their tokens.
    pub subject: String,
    /// Why, for those who look at it later.
    pub reason: Option<String>,
    /// When it ends; `None` is never.
    pub ends_at: Option<Timestamp>,
}

impl TenantScope<'_> {
    /// Bans somebody from an app; a ban of the same person is replaced and keeps its id.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::TooMany`] beyond [`MAX_BANS`], [`DbError::Query`].
    pub async fn ban(
        &self,
        app_id: &AppId,
        new: &NewBan,
        by: &Author,
        now: Timestamp,
    ) -> Result<Ban, DbError> {
        let mut change = self.begin().await?;
        change.lock("bans").await?;
        let (count,): (i64,) = sql("SELECT COUNT(*) FROM bans \
             WHERE tenant_id = $1 AND app_id = $2 AND subject <> $3")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(&new.subject)
        .fetch_one(&mut change)
        .await?;
        if count >= i64::from(MAX_BANS) {
            return Err(DbError::TooMany("bans"));
        }
        let ban: Option<Ban> = sql("INSERT INTO bans (tenant_id, app_id, id, subject, reason, \
             ends_at, created_at, created_by) \
             SELECT tenant_id, id, $3, $4, $5, $6, $7, $8 FROM apps \
             WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL \
             ON CONFLICT (tenant_id, app_id, subject) DO UPDATE SET reason = excluded.reason, \
             ends_at = excluded.ends_at, created_at = excluded.created_at, \
             created_by = excluded.created_by RETURNING *")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(BanId::generate())
        .bind(&new.subject)
        .bind(new.reason.clone())
        .bind(new.ends_at)
        .bind(now)
        .bind(&by.name)
        .fetch_optional(&mut change)
        .await?;
        let ban = ban.ok_or(DbError::AppUnknown)?;
        Act::new("ban.created", self.tenant_id(), ("ban", ban.id))
            .after(json!({
                "app_id": app_id,
                "subject": ban.subject,
                "ends_at_us": ban.ends_at.map(Timestamp::as_micros),
            }))
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await?;
        Ok(ban)
    }

    /// At most `limit` bans of an app that hold at `now`, the newest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn bans(
        &self,
        app_id: &AppId,
        now: Timestamp,
        after: Option<&(Timestamp, BanId)>,
        limit: u32,
    ) -> Result<Vec<Ban>, DbError> {
        let newest = (Timestamp::from_micros(i64::MAX), BanId::from_uuid(Uuid::nil()));
        let (created_at, id) = after.copied().unwrap_or(newest);
        sql("SELECT * FROM bans WHERE tenant_id = $1 AND app_id = $2 \
             AND (ends_at IS NULL OR ends_at > $3) \
             AND (created_at < $4 OR (created_at = $4 AND id < $5)) \
             ORDER BY created_at DESC, id DESC LIMIT $6")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(now)
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// Lifts a ban.
    ///
    /// # Errors
    /// [`DbError::BanUnknown`], [`DbError::Query`].
    pub async fn lift_ban(
        &self,
        app_id: &AppId,
        id: BanId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let subject: Option<(String,)> = sql("DELETE FROM bans \
             WHERE tenant_id = $1 AND app_id = $2 AND id = $3 RETURNING subject")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(id)
        .fetch_optional(&mut change)
        .await?;
        let (subject,) = subject.ok_or(DbError::BanUnknown)?;
        Act::new("ban.lifted", self.tenant_id(), ("ban", id))
            .before(json!({ "app_id": app_id, "subject": subject }))
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await
    }
}

impl OperatorScope<'_> {
    /// Forgets bans that are over.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn forget_ended_bans(&self, now: Timestamp) -> Result<u64, DbError> {
        let mut change = self.begin().await?;
        let done =
            sql("DELETE FROM bans WHERE ends_at <= $1").bind(now).execute(&mut change).await?;
        if done > 0 {
            note_directory_change(&mut change).await?;
        }
        change.commit().await?;
        Ok(done)
    }
}
