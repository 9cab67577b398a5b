//! What participants said of a call.

use jumpa_protocol::{AppId, CallId, ParticipantId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{DbError, TenantScope, Timestamp, statement::sql};

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
        let mut change = self.begin().await?;
        let done = sql(
            "INSERT INTO ratings (tenant_id, call_id, participant_id, app_id, stars, reasons, \
             comment, created_at) \
             SELECT tenant_id, $3, $4, id, $5, $6, $7, $8 FROM apps \
             WHERE tenant_id = $1 AND id = $2 \
             ON CONFLICT (tenant_id, call_id, participant_id) DO UPDATE SET \
             stars = excluded.stars, reasons = excluded.reasons, comment = excluded.comment, \
             created_at = excluded.created_at",
        )
        .bind(self.tenant_id())
        .bind(&rating.app_id)
        .bind(rating.call_id)
        .bind(rating.participant_id)
        .bind(rating.stars)
        .bind(rating.reasons.join(","))
        .bind(rating.comment.as_deref())
        .bind(rating.created_at)
        .execute(&mut change)
        .await?;
        if done == 0 {
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
        let rows: Vec<RatingRow> = sql(
            "SELECT * FROM ratings WHERE tenant_id = $1 ORDER BY created_at DESC, call_id LIMIT $2",
        )
        .bind(self.tenant_id())
        .bind(limit)
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(Rating::from).collect())
    }
}

#[derive(FromRow)]
struct RatingRow {
    #[sqlx(try_from = "String")]
    app_id: AppId,
    call_id: Uuid,
    participant_id: Uuid,
    #[sqlx(try_from = "i64")]
    stars: u8,
    reasons: String,
    comment: Option<String>,
    created_at: Timestamp,
}

impl From<RatingRow> for Rating {
    fn from(row: RatingRow) -> Self {
        let reasons = row.reasons.split(',').filter(|name| !name.is_empty());
        Self {
            app_id: row.app_id,
            call_id: row.call_id.into(),
            participant_id: row.participant_id.into(),
            stars: row.stars,
            reasons: reasons.map(str::to_owned).collect(),
            comment: row.comment,
            created_at: row.created_at,
        }
    }
}
