//! What participants said of a call.

use jumpa_protocol::{AppId, CallId, ParticipantId};
use sqlx::{Row, sqlite::SqliteRow};

use crate::{DbError, TenantScope, Timestamp};

/// What one participant said of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// The app.
    pub app_id: AppId,
    /// The call.
    pub call_id: CallId,
    /// Who.
    pub participant_id: ParticipantId,
    /// 1 (bad) to 5 (good).
    pub stars: u8,
    /// What was bad, as names without commas.
    pub reasons: Vec<String>,
    /// In their own words.
    pub comment: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

impl TenantScope<'_> {
    /// Stores a rating. A second one of the same participant replaces the first.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`] when the tenant has no such app, [`DbError::Query`].
    pub async fn record_rating(&self, rating: &Rating) -> Result<(), DbError> {
        let mut change = self.database().begin().await?;
        let done = sqlx::query(
            "INSERT INTO ratings (tenant_id, call_id, participant_id, app_id, stars, reasons, \
             comment, created_at) \
             SELECT tenant_id, $3, $4, id, $5, $6, $7, $8 FROM apps \
             WHERE tenant_id = $1 AND id = $2 \
             ON CONFLICT (tenant_id, call_id, participant_id) DO UPDATE SET \
             stars = excluded.stars, reasons = excluded.reasons, comment = excluded.comment, \
             created_at = excluded.created_at",
        )
        .bind(self.tenant_id().as_uuid())
        .bind(rating.app_id.as_str())
        .bind(rating.call_id.as_uuid())
        .bind(rating.participant_id.as_uuid())
        .bind(i64::from(rating.stars))
        .bind(rating.reasons.join(","))
        .bind(rating.comment.as_deref())
        .bind(rating.created_at.as_micros())
        .execute(&mut *change)
        .await?;
        if done.rows_affected() == 0 {
            return Err(DbError::AppUnknown);
        }
        change.commit().await?;
        Ok(())
    }

    /// Ratings of the tenant's calls, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn ratings(&self, limit: u32) -> Result<Vec<Rating>, DbError> {
        sqlx::query(
            "SELECT * FROM ratings WHERE tenant_id = $1 ORDER BY created_at DESC, call_id LIMIT $2",
        )
        .bind(self.tenant_id().as_uuid())
        .bind(i64::from(limit))
        .fetch_all(self.database().reader())
        .await?
        .iter()
        .map(rating_from)
        .collect()
    }
}

fn rating_from(row: &SqliteRow) -> Result<Rating, DbError> {
    let app_id: String = row.try_get("app_id")?;
    let stars: i64 = row.try_get("stars")?;
    let reasons: String = row.try_get("reasons")?;
    Ok(Rating {
        app_id: app_id.parse().map_err(|_| DbError::Damaged("app id"))?,
        call_id: CallId::from_uuid(row.try_get("call_id")?),
        participant_id: ParticipantId::from_uuid(row.try_get("participant_id")?),
        stars: u8::try_from(stars).map_err(|_| DbError::Damaged("rating"))?,
        reasons: reasons.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        comment: row.try_get("comment")?,
        created_at: Timestamp::from_micros(row.try_get("created_at")?),
    })
}
