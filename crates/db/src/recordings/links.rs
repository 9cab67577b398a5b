//! Links with which people without a login see a recording.

use std::time::Duration;

use jumpa_protocol::{RecordingId, RecordingLinkId, TenantId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, LinkToken, LoginScope, TenantScope, Timestamp,
    audit::{Act, RECORDING},
    master_key::token_hash,
    statement::sql,
    transaction::Transaction,
};

/// Most links of a recording that can be used at a time.
const MAX_LINKS: u32 = 100;

/// A link to a recording.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecordingLink {
    /// Whose recording.
    #[sqlx(try_from = "Uuid")]
    pub tenant_id: TenantId,
    /// Which.
    #[sqlx(try_from = "Uuid")]
    pub recording_id: RecordingId,
    /// The link.
    #[sqlx(try_from = "Uuid")]
    pub id: RecordingLinkId,
    /// Who made it, as they were called then.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

impl TenantScope<'_> {
    /// Makes a link.
    ///
    /// # Errors
    /// [`DbError::TooMany`], [`DbError::Query`].
    pub async fn create_recording_link(
        &self,
        id: RecordingId,
        token: &LinkToken,
        lifetime: Duration,
        by: &Author,
        now: Timestamp,
    ) -> Result<RecordingLink, DbError> {
        let mut change = self.begin().await?;
        change.lock("links of recordings").await?;
        let (open,): (i64,) = sql("SELECT COUNT(*) FROM recording_links WHERE tenant_id = $1 \
             AND recording_id = $2 AND revoked_at IS NULL AND expires_at > $3")
        .bind(self.tenant_id())
        .bind(id)
        .bind(now)
        .fetch_one(&mut change)
        .await?;
        if open >= i64::from(MAX_LINKS) {
            return Err(DbError::TooMany("links of this recording"));
        }
        let place = (self.tenant_id(), id);
        let link = insert_link(&mut change, place, token, &by.name, now, now + lifetime).await?;
        Act::new("recording.shared", self.tenant_id(), (RECORDING, id))
            .after(json!({ "link_id": link.id, "lifetime_s": lifetime.as_secs() }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(link)
    }

    /// The links of a recording that can be used, the newest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_links(
        &self,
        id: RecordingId,
        now: Timestamp,
    ) -> Result<Vec<RecordingLink>, DbError> {
        sql("SELECT * FROM recording_links WHERE tenant_id = $1 AND recording_id = $2 \
             AND revoked_at IS NULL AND expires_at > $3 ORDER BY created_at DESC, id DESC LIMIT $4")
        .bind(self.tenant_id())
        .bind(id)
        .bind(now)
        .bind(MAX_LINKS)
        .fetch_all(self)
        .await
    }

    /// Makes a link void.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`], [`DbError::Query`].
    pub async fn revoke_recording_link(
        &self,
        id: RecordingId,
        link_id: RecordingLinkId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let done = sql("UPDATE recording_links SET revoked_at = $4 WHERE tenant_id = $1 \
             AND recording_id = $2 AND id = $3 AND revoked_at IS NULL")
        .bind(self.tenant_id())
        .bind(id)
        .bind(link_id)
        .bind(now)
        .execute(&mut change)
        .await?;
        if done == 0 {
            return Err(DbError::RecordingUnknown);
        }
        Act::new("recording.unshared", self.tenant_id(), (RECORDING, id))
            .before(json!({ "link_id": link_id }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }
}

impl LoginScope<'_> {
    /// The link with this secret, while it can be used.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_link(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<RecordingLink>, DbError> {
        sql("SELECT * FROM recording_links WHERE token_hash = $1 AND revoked_at IS NULL \
             AND expires_at > $2")
        .bind(token_hash(token))
        .bind(now)
        .fetch_optional(self)
        .await
    }
}

pub(super) async fn insert_link(
    change: &mut Transaction,
    (tenant_id, recording_id): (TenantId, RecordingId),
    token: &LinkToken,
    created_by: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<RecordingLink, DbError> {
    sql("INSERT INTO recording_links (tenant_id, recording_id, id, token_hash, created_by, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *")
    .bind(tenant_id)
    .bind(recording_id)
    .bind(RecordingLinkId::generate())
    .bind(token.hash())
    .bind(created_by)
    .bind(now)
    .bind(expires_at)
    .fetch_one(change)
    .await
}
