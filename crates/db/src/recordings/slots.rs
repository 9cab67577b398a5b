//! How much of the recorders each app may use, and what of it waits.

use jumpa_protocol::{
    AppId, RecordingId, TenantId,
    recording::{QueuePlace, StreamState},
};
use serde::Serialize;
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Recording, tell};
use crate::{
    Author, DbError, OperatorScope, TenantScope, Timestamp, WebhookEventType,
    audit::{Act, differences},
    statement::sql,
};

/// Recordings of an app that must have ended before they tell how long the next one will be.
const ENOUGH_RECORDINGS: i64 = 5;

/// How much of the recorders an app may use, thousandths of a processor core. The names are those of
/// the API and stand in the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RecordingSlots {
    /// What it has whenever it wants it.
    #[serde(rename = "guaranteed_millicores")]
    pub guaranteed: u32,
    /// What it takes at most; all there is where nothing is set.
    #[serde(rename = "burst_millicores")]
    pub burst: Option<u32>,
    /// Its share of what is free, against the weights of others that wait.
    pub weight: u32,
}

/// The slots of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSlots {
    /// Whose the app is.
    pub tenant_id: TenantId,
    /// Which app.
    pub app_id: AppId,
    /// How much.
    pub slots: RecordingSlots,
}

#[derive(FromRow)]
struct SlotsRow {
    #[sqlx(try_from = "Uuid")]
    tenant_id: TenantId,
    #[sqlx(try_from = "String")]
    app_id: AppId,
    guaranteed: i64,
    burst: Option<i64>,
    weight: i64,
}

impl From<SlotsRow> for AppSlots {
    fn from(row: SlotsRow) -> Self {
        let number = |stored: i64| u32::try_from(stored).unwrap_or(u32::MAX);
        Self {
            tenant_id: row.tenant_id,
            app_id: row.app_id,
            slots: RecordingSlots {
                guaranteed: number(row.guaranteed),
                burst: row.burst.map(number),
                weight: number(row.weight),
            },
        }
    }
}

/// How long recordings of an app usually are.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecordingLength {
    /// Which app.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// Mean, microseconds.
    pub length_us: i64,
}

impl TenantScope<'_> {
    /// Slots of the tenant's apps, where they were set.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_slots(&self) -> Result<Vec<AppSlots>, DbError> {
        let rows: Vec<SlotsRow> =
            sql("SELECT * FROM recording_slots WHERE tenant_id = $1 ORDER BY app_id")
                .bind(self.tenant_id())
                .fetch_all(self)
                .await?;
        Ok(rows.into_iter().map(AppSlots::from).collect())
    }

    /// Sets the slots of an app. All guarantees together stay within `most_guaranteed`, unless this
    /// one becomes smaller.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`]; [`DbError::GuaranteesTooLarge`] beyond; [`DbError::Query`].
    pub async fn set_recording_slots(
        &self,
        app_id: &AppId,
        slots: RecordingSlots,
        most_guaranteed: u64,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        // Guarantees of other tenants count, so it is the operator who looks.
        let operator = self.database().operator();
        let mut change = operator.begin().await?;
        change.lock("recording slots").await?;
        let (apps,): (i64,) = sql("SELECT COUNT(*) FROM apps WHERE tenant_id = $1 AND id = $2 \
             AND deleted_at IS NULL")
        .bind(self.tenant_id())
        .bind(app_id)
        .fetch_one(&mut change)
        .await?;
        if apps == 0 {
            return Err(DbError::AppUnknown);
        }
        let all: Vec<SlotsRow> = sql(SLOTS_OF_APPS).fetch_all(&mut change).await?;
        let all: Vec<AppSlots> = all.into_iter().map(AppSlots::from).collect();
        let before = all.iter().find(|one| one.app_id == *app_id).map(|one| one.slots);
        if before == Some(slots) {
            return Ok(());
        }
        let others = all.iter().filter(|one| one.app_id != *app_id);
        let others: u64 = others.map(|one| u64::from(one.slots.guaranteed)).sum();
        let is_more = slots.guaranteed > before.map_or(0, |slots| slots.guaranteed);
        if is_more && others + u64::from(slots.guaranteed) > most_guaranteed {
            return Err(DbError::GuaranteesTooLarge {
                left: most_guaranteed.saturating_sub(others),
            });
        }
        sql("INSERT INTO recording_slots (tenant_id, app_id, guaranteed, burst, weight) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, app_id) DO UPDATE SET \
             guaranteed = excluded.guaranteed, burst = excluded.burst, weight = excluded.weight")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(slots.guaranteed)
        .bind(slots.burst)
        .bind(slots.weight)
        .execute(&mut change)
        .await?;
        let act = Act::new("app.recording_slots_set", self.tenant_id(), ("app", app_id));
        let act = match &before {
            Some(before) => {
                let (before, after) = differences(before, &slots);
                act.before(before).after(after)
            }
            None => act.after(json!(slots)),
        };
        act.record(&mut change, by, now).await?;
        change.commit().await
    }
}

/// Slots of apps that were not deleted.
const SLOTS_OF_APPS: &str = "SELECT s.* FROM recording_slots s JOIN apps a \
    ON a.tenant_id = s.tenant_id AND a.id = s.app_id WHERE a.deleted_at IS NULL ORDER BY s.app_id";

impl OperatorScope<'_> {
    /// Slots of all apps for which they were set.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_slots(&self) -> Result<Vec<AppSlots>, DbError> {
        let rows: Vec<SlotsRow> = sql(SLOTS_OF_APPS).fetch_all(self).await?;
        Ok(rows.into_iter().map(AppSlots::from).collect())
    }

    /// How long recordings usually are, of apps whose recent ones tell.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_lengths(
        &self,
        since: Timestamp,
    ) -> Result<Vec<RecordingLength>, DbError> {
        sql("SELECT app_id, CAST(AVG(ended_at - started_at) AS BIGINT) AS length_us \
             FROM recordings WHERE started_at >= $1 AND ended_at > started_at \
             GROUP BY app_id HAVING COUNT(*) >= $2 ORDER BY app_id")
        .bind(since)
        .bind(ENOUGH_RECORDINGS)
        .fetch_all(self)
        .await
    }

    /// Notes that a recording waits for capacity, and tells webhooks once.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recording_waits(
        &self,
        id: RecordingId,
        queue: QueuePlace,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let recording: Option<Recording> = sql("UPDATE recordings SET waits_since = $2 \
             WHERE id = $1 AND state = 'queued' AND waits_since IS NULL RETURNING *")
        .bind(id)
        .bind(now)
        .fetch_optional(&mut change)
        .await?;
        if let Some(recording) = recording {
            tell::tell_queued(&mut change, &recording, queue, now).await?;
        }
        change.commit().await
    }

    /// Lets a recording that should not wait become tracks, unless the call is recorded so already;
    /// tells whether it did. A stream that became tracks is sent nowhere.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn let_recording_fall_back(&self, id: RecordingId) -> Result<bool, DbError> {
        let mut change = self.begin().await?;
        change.lock("recordings").await?;
        let changed = sql("UPDATE recordings SET fell_back_from = kind, kind = fallback \
             WHERE id = $1 AND state = 'queued' AND fallback <> kind AND NOT EXISTS \
             (SELECT 1 FROM recordings o WHERE o.tenant_id = recordings.tenant_id \
              AND o.call_id = recordings.call_id AND o.kind = recordings.fallback \
              AND o.state IN ('queued', 'starting', 'active') AND NOT o.is_stopping)")
        .bind(id)
        .execute(&mut change)
        .await?;
        if changed > 0 {
            sql("UPDATE recording_targets SET state = $2 WHERE recording_id = $1")
                .bind(id)
                .bind(StreamState::Ended)
                .execute(&mut change)
                .await?;
        }
        change.commit().await?;
        Ok(changed > 0)
    }

    /// Notes whether a recorder leaves pictures out, and tells webhooks of each recording of which
    /// it does. Gives those that are another way than before.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recorder_sound_only(
        &self,
        recorder_id: &str,
        is_sound_only: bool,
        now: Timestamp,
    ) -> Result<Vec<RecordingId>, DbError> {
        let mut change = self.begin().await?;
        let changed: Vec<Recording> = sql("UPDATE recordings SET is_sound_only = $2 \
             WHERE recorder_id = $1 AND state IN ('starting', 'active') AND is_sound_only <> $2 \
             RETURNING *")
        .bind(recorder_id)
        .bind(is_sound_only)
        .fetch_all(&mut change)
        .await?;
        for recording in changed.iter().filter(|recording| recording.is_sound_only) {
            tell::tell(&mut change, WebhookEventType::RecordingDegraded, recording, now).await?;
        }
        change.commit().await?;
        Ok(changed.into_iter().map(|recording| recording.id).collect())
    }
}
