//! Calls of a tenant, as its people look at them.

use std::collections::HashSet;

use jumpa_protocol::{AppId, CallId, ParticipantId, ReportId, TenantId, signal::QualityLevel};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    DbError, MediaTally, TenantScope, Timestamp, statement::sql, transaction::Transaction,
    usage::most_at_once,
};

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
    /// Most participants at once.
    pub peak_participants: i64,
    /// How good media was: `good`, `fair`, `poor` or `unknown`.
    pub quality: String,
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
    /// Of this quality.
    pub quality: Option<QualityLevel>,
    /// At least so long, microseconds; those that go on until now.
    pub min_duration_us: Option<i64>,
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
    /// Its id; grows with time.
    #[sqlx(try_from = "Uuid")]
    pub id: ReportId,
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
    /// When the five minutes begin.
    pub began_at: Timestamp,
    /// JSON lines, the oldest first: `at_us` and what the client summed up.
    pub samples: String,
}

/// How somebody's media was in a call.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ParticipantMedia {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub participant_id: ParticipantId,
    /// How it was.
    #[sqlx(flatten)]
    pub tally: MediaTally,
}

/// The level of a call, as `quality.rs` has it.
macro_rules! quality {
    () => {
        "CASE WHEN c.measured_intervals = 0 THEN 'unknown' \
         WHEN c.poor_intervals * 5 >= c.measured_intervals THEN 'poor' \
         WHEN c.good_intervals * 5 >= c.measured_intervals * 4 THEN 'good' ELSE 'fair' END"
    };
}

/// Reads calls `c`; `$2` is now.
macro_rules! select_calls {
    ($($rest:expr),+) => {
        sql(concat!(
            "SELECT c.id, c.app_id, c.room, c.started_at, c.ended_at, c.end_reason, \
             c.participants, c.peak_participants, CAST(c.participant_us + \
             CASE WHEN c.ended_at IS NOT NULL THEN 0 ELSE \
             (SELECT COALESCE(SUM($2 - s.joined_at), 0) FROM stays s WHERE s.tenant_id = \
             c.tenant_id AND s.call_id = c.id AND s.left_at IS NULL) END AS BIGINT) \
             AS participant_us, ",
            quality!(),
            " AS quality FROM calls c WHERE c.tenant_id = $1 ",
            $($rest),+
        ))
    };
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
        select_calls!(
            "AND ($3 IS NULL OR c.app_id = $3) AND ($4 IS NULL OR c.room = $4) \
             AND ($5 IS NULL OR c.started_at >= $5) AND ($6 IS NULL OR c.started_at < $6) \
             AND ($7 IS NULL OR (c.ended_at IS NULL) = $7) \
             AND ($8 IS NULL OR EXISTS (SELECT 1 FROM stays s WHERE s.tenant_id = c.tenant_id \
                  AND s.call_id = c.id AND (s.subject = $8 OR s.name = $8))) \
             AND ($9 IS NULL OR c.started_at < $9 OR (c.started_at = $9 AND c.id > $10)) \
             AND ($12 IS NULL OR COALESCE(c.ended_at, $2) - c.started_at >= $12) \
             AND ($13 IS NULL OR $13 = ",
            quality!(),
            ") ORDER BY c.started_at DESC, c.id LIMIT $11"
        )
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
        .bind(filter.min_duration_us)
        .bind(filter.quality.map(level_name))
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
        select_calls!("AND c.id = $3")
            .bind(self.tenant_id())
            .bind(now)
            .bind(call_id)
            .fetch_optional(self)
            .await
    }

    /// How many people rated a call, and the mean of their stars.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn call_rating(&self, call_id: CallId) -> Result<(i64, Option<f64>), DbError> {
        sql("SELECT COUNT(*), AVG(CAST(stars AS DOUBLE PRECISION)) FROM ratings \
             WHERE tenant_id = $1 AND call_id = $2")
        .bind(self.tenant_id())
        .bind(call_id)
        .fetch_one(self)
        .await
    }

    /// How the media of each was who was in a call and of whom it is known.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn participant_media(
        &self,
        call_id: CallId,
    ) -> Result<Vec<ParticipantMedia>, DbError> {
        sql("SELECT participant_id, CAST(SUM(intervals) AS BIGINT) AS intervals, \
             CAST(SUM(measured_intervals) AS BIGINT) AS measured_intervals, \
             CAST(SUM(good_intervals) AS BIGINT) AS good_intervals, \
             CAST(SUM(poor_intervals) AS BIGINT) AS poor_intervals, SUM(mos_sum) AS mos_sum, \
             CAST(SUM(lossy_intervals) AS BIGINT) AS lossy_intervals, \
             CAST(SUM(slow_intervals) AS BIGINT) AS slow_intervals, \
             CAST(SUM(jittery_intervals) AS BIGINT) AS jittery_intervals, \
             CAST(SUM(narrow_intervals) AS BIGINT) AS narrow_intervals, \
             CAST(SUM(concealing_intervals) AS BIGINT) AS concealing_intervals, \
             CAST(SUM(tcp_intervals) AS BIGINT) AS tcp_intervals, \
             CAST(SUM(freezes) AS BIGINT) AS freezes, \
             (SELECT n.transport FROM media_quality n WHERE n.tenant_id = q.tenant_id \
              AND n.call_id = q.call_id AND n.participant_id = q.participant_id \
              AND n.transport IS NOT NULL ORDER BY n.began_at DESC LIMIT 1) AS transport, \
             COALESCE((SELECT n.codecs FROM media_quality n WHERE n.tenant_id = q.tenant_id \
              AND n.call_id = q.call_id AND n.participant_id = q.participant_id \
              AND n.codecs <> '' ORDER BY n.began_at DESC LIMIT 1), '') AS codecs \
             FROM media_quality q WHERE tenant_id = $1 AND call_id = $2 \
             GROUP BY tenant_id, call_id, participant_id ORDER BY participant_id")
        .bind(self.tenant_id())
        .bind(call_id)
        .fetch_all(self)
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

    /// What happened in a call between joins and leaves and comes after `after` (time and id of an
    /// event), in its order; at most `limit`.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn call_events(
        &self,
        call_id: CallId,
        after: Option<(Timestamp, ReportId)>,
        limit: u32,
    ) -> Result<Vec<CallEvent>, DbError> {
        let (after_at, after_id) = after.unzip();
        sql("SELECT id, participant_id, at, kind, detail FROM call_events \
             WHERE tenant_id = $1 AND call_id = $2 \
             AND ($3 IS NULL OR at > $3 OR (at = $3 AND id > $4)) ORDER BY at, id LIMIT $5")
        .bind(self.tenant_id())
        .bind(call_id)
        .bind(after_at)
        .bind(after_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// How often somebody of a call lost their connection for a while.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn reconnections(
        &self,
        call_id: CallId,
    ) -> Result<Vec<(ParticipantId, i64)>, DbError> {
        let rows: Vec<(Uuid, i64)> =
            sql("SELECT participant_id, COUNT(*) FROM call_events WHERE tenant_id = $1 \
             AND call_id = $2 AND kind = 'connection_changed' AND detail LIKE '%reconnecting%' \
             GROUP BY participant_id")
            .bind(self.tenant_id())
            .bind(call_id)
            .fetch_all(self)
            .await?;
        Ok(rows.into_iter().map(|(id, count)| (id.into(), count)).collect())
    }

    /// How the media of somebody, or of everybody, in a call was, in pieces of five minutes that
    /// come after `after` (participant and beginning of a piece); at most `limit`, by participant
    /// and time.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn media_samples(
        &self,
        call_id: CallId,
        participant_id: Option<ParticipantId>,
        after: Option<(ParticipantId, Timestamp)>,
        limit: u32,
    ) -> Result<Vec<MediaSamples>, DbError> {
        let (after_id, after_at) = after.unzip();
        sql("SELECT participant_id, began_at, samples FROM media_samples \
             WHERE tenant_id = $1 AND call_id = $2 AND ($3 IS NULL OR participant_id = $3) \
             AND ($4 IS NULL OR participant_id > $4 OR (participant_id = $4 AND began_at > $5)) \
             ORDER BY participant_id, began_at LIMIT $6")
        .bind(self.tenant_id())
        .bind(call_id)
        .bind(participant_id)
        .bind(after_id)
        .bind(after_at)
        .bind(limit)
        .fetch_all(self)
        .await
    }
}

/// Counts what changed with the stays of a call.
pub(crate) async fn sum_up_call(
    change: &mut Transaction,
    tenant_id: TenantId,
    call_id: CallId,
) -> Result<(), DbError> {
    let stays: Vec<(Uuid, i64, Option<i64>)> = sql(
        "SELECT participant_id, joined_at, left_at FROM stays WHERE tenant_id = $1 AND call_id = $2",
    )
    .bind(tenant_id)
    .bind(call_id)
    .fetch_all(&mut *change)
    .await?;
    let participants: HashSet<Uuid> = stays.iter().map(|(id, ..)| *id).collect();
    let participant_us: i64 =
        stays.iter().filter_map(|(_, from, until)| Some((*until)? - from)).sum();
    let spans: Vec<(i64, i64)> =
        stays.iter().map(|(_, from, until)| (*from, until.unwrap_or(i64::MAX))).collect();
    sql("UPDATE calls SET participants = $3, participant_us = $4, peak_participants = $5 \
         WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(call_id)
    .bind(i64::try_from(participants.len()).unwrap_or(i64::MAX))
    .bind(participant_us)
    .bind(most_at_once(&spans))
    .execute(change)
    .await?;
    Ok(())
}

fn level_name(level: QualityLevel) -> &'static str {
    match level {
        QualityLevel::Unknown => "unknown",
        QualityLevel::Good => "good",
        QualityLevel::Fair => "fair",
        // A connection over which nothing arrives says nothing either, so no call is lost.
        QualityLevel::Poor | QualityLevel::Lost => "poor",
    }
}
