//! Calls of a tenant, as its people look at them.

use jumpa_protocol::{AppId, CallId, ParticipantId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{DbError, TenantScope, Timestamp, statement::sql};

/// One occurrence in a room.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CallRecord {
    /// The call.
    #[sqlx(try_from = "Uuid")]
    pub id: CallId,
    /// The app.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// The room.
    pub room: String,
    /// When the first one came.
    pub started_at: Timestamp,
    /// When the last one left; none while it goes on.
    pub ended_at: Option<Timestamp>,
    /// Why, when it did not end by itself.
    pub end_reason: Option<String>,
    /// Different participants.
    pub participants: i64,
    /// Time of all participants together, microseconds; of those who are in it until now.
    pub participant_us: i64,
}

/// Which calls are looked for. What is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// Of this app.
    pub app_id: Option<AppId>,
    /// In this room.
    pub room: Option<String>,
    /// Begun at or after.
    pub from: Option<Timestamp>,
    /// Begun before.
    pub until: Option<Timestamp>,
    /// Whether they go on.
    pub is_live: Option<bool>,
    /// With somebody of this id of the tenant's own system, or of this name.
    pub participant: Option<String>,
}

/// From one join to its leave.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stay {
    /// Who; the same when they come back into the same call.
    #[sqlx(try_from = "Uuid")]
    pub participant_id: ParticipantId,
    /// When they came.
    pub joined_at: Timestamp,
    /// When they left; none while they are in.
    pub left_at: Option<Timestamp>,
    /// Why.
    pub leave_reason: Option<String>,
    /// The name they came with.
    pub name: String,
    /// Their id in the tenant's own system.
    pub subject: Option<String>,
    /// The key that signed their token; none for guests.
    pub key_id: Option<String>,
    /// `moderator` or `participant`, when they came.
    pub role: String,
    /// `signalling`, `whip` or `whep`.
    pub via: String,
    /// Name and version of the SDK.
    pub sdk: String,
    /// Name and version of the browser.
    pub browser: String,
    /// The operating system.
    pub os: String,
}

/// Something that happened to a participant.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CallEvent {
    /// Whom.
    #[sqlx(try_from = "Uuid")]
    pub participant_id: ParticipantId,
    /// When.
    pub at: Timestamp,
    /// `source_changed`, `connection_changed`, `role_changed`, `name_changed`, `lobby_entered` or
    /// `lobby_left`.
    pub kind: String,
    /// More about it, a JSON object.
    pub detail: String,
}

/// How somebody's media was for five minutes.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct MediaSamples {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub participant_id: ParticipantId,
    /// JSON lines, the oldest first: `at_us` and what the client summed up.
    pub samples: String,
}

impl TenantScope<'_> {
    /// Calls that fit the filter and come after `after` (start and id of one), the newest first.
    /// `now` is until when those who are in a call are counted.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn calls(
        &self,
        filter: &CallFilter,
        after: Option<(Timestamp, CallId)>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<CallRecord>, DbError> {
        let (after_at, after_id) = after.unzip();
        sql("SELECT c.id, c.app_id, c.room, c.started_at, c.ended_at, c.end_reason, \
             (SELECT COUNT(DISTINCT participant_id) FROM stays s \
              WHERE s.tenant_id = c.tenant_id AND s.call_id = c.id) AS participants, \
             (SELECT CAST(COALESCE(SUM(COALESCE(s.left_at, $2) - s.joined_at), 0) AS BIGINT) \
              FROM stays s WHERE s.tenant_id = c.tenant_id AND s.call_id = c.id) AS participant_us \
             FROM calls c WHERE c.tenant_id = $1 \
             AND ($3 IS NULL OR c.app_id = $3) AND ($4 IS NULL OR c.room = $4) \
             AND ($5 IS NULL OR c.started_at >= $5) AND ($6 IS NULL OR c.started_at < $6) \
             AND ($7 IS NULL OR (c.ended_at IS NULL) = $7) \
             AND ($8 IS NULL OR EXISTS (SELECT 1 FROM stays s WHERE s.tenant_id = c.tenant_id \
                  AND s.call_id = c.id AND (s.subject = $8 OR s.name = $8))) \
             AND ($9 IS NULL OR c.started_at < $9 OR (c.started_at = $9 AND c.id > $10)) \
             ORDER BY c.started_at DESC, c.id LIMIT $11")
        .bind(self.tenant_id())
        .bind(now)
        .bind(filter.app_id.as_ref())
        .bind(filter.room.as_deref())
        .bind(filter.from)
        .bind(filter.until)
        .bind(filter.is_live)
        .bind(filter.participant.as_deref())
        .bind(after_at)
        .bind(after_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One call.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn call(
        &self,
        call_id: CallId,
        now: Timestamp,
    ) -> Result<Option<CallRecord>, DbError> {
        sql("SELECT c.id, c.app_id, c.room, c.started_at, c.ended_at, c.end_reason, \
             (SELECT COUNT(DISTINCT participant_id) FROM stays s \
              WHERE s.tenant_id = c.tenant_id AND s.call_id = c.id) AS participants, \
             (SELECT CAST(COALESCE(SUM(COALESCE(s.left_at, $3) - s.joined_at), 0) AS BIGINT) \
              FROM stays s WHERE s.tenant_id = c.tenant_id AND s.call_id = c.id) AS participant_us \
             FROM calls c WHERE c.tenant_id = $1 AND c.id = $2")
        .bind(self.tenant_id())
        .bind(call_id)
        .bind(now)
        .fetch_optional(self)
        .await
    }

    /// Who was in a call, in the order of joining; at most `limit`.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn stays(&self, call_id: CallId, limit: u32) -> Result<Vec<Stay>, DbError> {
        sql("SELECT * FROM stays WHERE tenant_id = $1 AND call_id = $2 \
             ORDER BY joined_at, participant_id LIMIT $3")
        .bind(self.tenant_id())
        .bind(call_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// What happened in a call between joins and leaves, in its order; at most `limit`.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn call_events(
        &self,
        call_id: CallId,
        limit: u32,
    ) -> Result<Vec<CallEvent>, DbError> {
        sql("SELECT participant_id, at, kind, detail FROM call_events \
             WHERE tenant_id = $1 AND call_id = $2 ORDER BY at, id LIMIT $3")
        .bind(self.tenant_id())
        .bind(call_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// How the media of everybody in a call was, in the order of time; at most `limit` pieces of
    /// five minutes.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn media_samples(
        &self,
        call_id: CallId,
        limit: u32,
    ) -> Result<Vec<MediaSamples>, DbError> {
        sql("SELECT participant_id, samples FROM media_samples \
             WHERE tenant_id = $1 AND call_id = $2 ORDER BY began_at, participant_id LIMIT $3")
        .bind(self.tenant_id())
        .bind(call_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }
}
