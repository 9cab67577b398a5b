//! Recordings of a tenant's calls: asked for, listed, stopped, deleted, kept.

mod draining;
mod evidence;
mod links;
mod progress;
mod purge;
mod slots;
mod summaries;
mod targets;
mod tell;

use jumpa_protocol::{
    AppId, CallId, ParticipantId, RecordingId, RoomName, TenantId,
    recording::{
        ChosenTarget, ComposeTime, RecordingFailure, RecordingKind, RecordingLayout,
        RecordingOptions, RecordingState,
    },
};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    App, Author, DbError, TenantScope, Timestamp, WebhookEventType,
    audit::{Act, RECORDING},
    statement::sql,
    tenants::containing,
    transaction::Transaction,
};

pub(crate) use evidence::insert_consent;
pub use evidence::{RecordingConsent, RecordingFile, RecordingView, Viewed, Viewer};
pub use links::RecordingLink;
pub use progress::{RecordingProgress, StoredProgress};
pub use purge::{DELETED_RECORDINGS_KEPT, PurgeableRecording};
pub use slots::{AppSlots, RecordingLength, RecordingSlots};
pub use summaries::{MAX_LISTED_NAMES, RecordingOverview};
pub use targets::{OpenedTarget, RecordingTarget};

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Recording {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub tenant_id: TenantId,
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: RecordingId,
    /// The app.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// The room.
    #[sqlx(try_from = "String")]
    pub room: RoomName,
    /// The call.
    #[sqlx(try_from = "Uuid")]
    pub call_id: CallId,
    /// What becomes of the call.
    #[sqlx(try_from = "String")]
    pub kind: RecordingKind,
    /// How far it is.
    #[sqlx(try_from = "String")]
    pub state: RecordingState,
    failure: Option<String>,
    /// The failure in words.
    pub detail: Option<String>,
    /// Height of the largest picture that is recorded, pixels.
    #[sqlx(try_from = "i64")]
    pub max_height: u16,
    #[sqlx(try_from = "String")]
    layout: RecordingLayout,
    #[sqlx(try_from = "String")]
    compose: ComposeTime,
    #[sqlx(try_from = "i64")]
    height: u16,
    has_names: bool,
    fallback: Option<String>,
    /// Of what is composed: up to where it is made, milliseconds from the start.
    pub composed_ms: Option<i64>,
    /// Who asked for it: `participant`, `user`, `operator`, `api_key` or `system`.
    pub requested_by_kind: String,
    /// Their public id.
    pub requested_by_id: Option<String>,
    /// Their name at that moment.
    pub requested_by: String,
    /// Whether the recorder is to leave the call.
    pub is_stopping: bool,
    /// The recorder that has it.
    pub recorder_id: Option<String>,
    /// Since when that recorder is not connected.
    pub recorder_away_since: Option<Timestamp>,
    /// When it was asked for.
    pub queued_at: Timestamp,
    /// Since when it waits for capacity.
    pub waits_since: Option<Timestamp>,
    fell_back_from: Option<String>,
    /// Whether pictures are left out, since the disk of its recorder is nearly full.
    pub is_sound_only: bool,
    /// When the first packet was written.
    pub started_at: Option<Timestamp>,
    /// When the recorder left the call.
    pub ended_at: Option<Timestamp>,
    /// When it became ready or failed.
    pub ready_at: Option<Timestamp>,
    /// Bytes written.
    pub bytes: i64,
    /// Whether nobody can delete it, nor its age.
    pub has_legal_hold: bool,
    /// When it is deleted for its age.
    pub expires_at: Option<Timestamp>,
    /// When somebody deleted it.
    pub deleted_at: Option<Timestamp>,
    /// Who did.
    pub deleted_by: Option<String>,
    /// Why.
    pub delete_reason: Option<String>,
    /// When its files were removed for good.
    pub purged_at: Option<Timestamp>,
}

impl Recording {
    /// Why it failed.
    #[must_use]
    pub fn failure(&self) -> Option<RecordingFailure> {
        self.failure.as_deref().and_then(|word| word.parse().ok())
    }

    /// What was asked for where it became tracks instead, since it should not wait.
    #[must_use]
    pub fn fell_back_from(&self) -> Option<RecordingKind> {
        self.fell_back_from.as_deref().and_then(|word| word.parse().ok())
    }

    /// How it is made.
    #[must_use]
    pub fn options(&self) -> RecordingOptions {
        RecordingOptions {
            kind: self.kind,
            layout: self.layout,
            compose: self.compose,
            height: self.height,
            has_names: self.has_names,
            fallback: self.fallback.as_deref().and_then(|word| word.parse().ok()),
        }
    }

    /// From the first packet to the end, milliseconds.
    #[must_use]
    pub fn duration_ms(&self) -> Option<i64> {
        let (start, end) = (self.started_at?, self.ended_at?);
        Some((end.as_micros() - start.as_micros()).max(0) / 1_000)
    }
}

/// Who asks for a recording.
#[derive(Debug, Clone)]
pub enum Requester {
    /// A moderator in the call.
    Participant {
        /// Who.
        id: ParticipantId,
        /// How they are called.
        name: String,
    },
    /// Somebody outside.
    Author(Author),
}

/// A recording to be made.
#[derive(Debug, Clone)]
pub struct NewRecording {
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// The call that goes on there.
    pub call_id: CallId,
    /// What shall become of it.
    pub options: RecordingOptions,
    /// Height of the largest picture that is recorded, pixels.
    pub max_height: u16,
    /// Of a stream: where it is sent.
    pub targets: Vec<ChosenTarget>,
    /// Who asks.
    pub requester: Requester,
}

/// Which recordings are looked for. What is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct RecordingFilter {
    /// Of this app.
    pub app_id: Option<AppId>,
    /// Of this room.
    pub room: Option<String>,
    /// Of this call.
    pub call_id: Option<CallId>,
    /// So far.
    pub state: Option<RecordingState>,
    /// Of this kind.
    pub kind: Option<RecordingKind>,
    /// Asked for at or after.
    pub from: Option<Timestamp>,
    /// Asked for before.
    pub until: Option<Timestamp>,
    /// Of a call with somebody of this name, or of this id of the tenant's own system.
    pub participant: Option<String>,
    /// With this text in the room, the name of who asked, or the name of somebody in the call or
    /// their id of the tenant's own system.
    pub search: Option<String>,
    /// Whether they were deleted.
    pub is_deleted: bool,
}

/// What an app has of recordings.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecordingQuota {
    /// The app.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// Recordings that are running.
    pub running: i64,
    /// Recordings whose files are kept.
    pub kept: i64,
    /// Bytes of them.
    pub bytes: i64,
}

impl TenantScope<'_> {
    /// Puts a recording into the queue.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::RecordingRunning`] when the call is recorded so already,
    /// [`DbError::TooManyRecordings`] and [`DbError::RecordingStorageFull`] beyond the limits of
    /// the app, [`DbError::StreamTargetUnknown`] when the app has not stored one that is named,
    /// [`DbError::Query`].
    pub async fn start_recording(
        &self,
        new: &NewRecording,
        now: Timestamp,
    ) -> Result<Recording, DbError> {
        let mut change = self.begin().await?;
        change.lock("recordings").await?;
        self.check_limits(&mut change, new).await?;
        let id = RecordingId::generate();
        let (kind, requester_id, name) = match &new.requester {
            Requester::Participant { id, name } => ("participant", Some(id.to_string()), name),
            Requester::Author(author) => (author.kind.as_str(), author.id.clone(), &author.name),
        };
        let recording: Recording = sql("INSERT INTO recordings (tenant_id, id, app_id, room, \
             call_id, kind, state, max_height, requested_by_kind, requested_by_id, requested_by, \
             is_stopping, queued_at, bytes, has_legal_hold, layout, compose, height, has_names, \
             fallback) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $12, \
             $14, $15, $16, $17, $18) RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .bind(&new.app_id)
        .bind(new.room.as_str())
        .bind(new.call_id)
        .bind(new.options.kind)
        .bind(RecordingState::Queued)
        .bind(u32::from(new.max_height))
        .bind(kind)
        .bind(requester_id)
        .bind(name)
        .bind(false)
        .bind(now)
        .bind(new.options.layout)
        .bind(new.options.compose)
        .bind(u32::from(new.options.height))
        .bind(new.options.has_names)
        .bind(new.options.fallback)
        .fetch_one(&mut change)
        .await?;
        targets::choose(&mut change, self.database(), &recording, &new.targets, now).await?;
        match &new.requester {
            Requester::Author(author) => {
                let kind = new.options.kind;
                Act::new("recording.requested", self.tenant_id(), (RECORDING, id))
                    .after(json!({ "app_id": new.app_id, "room": new.room, "kind": kind }))
                    .record(&mut change, author, now)
                    .await?;
            }
            Requester::Participant { id, name } => {
                evidence::insert_starter(&mut change, &recording, (*id, name), now).await?;
            }
        }
        change.commit().await?;
        Ok(recording)
    }

    async fn check_limits(
        &self,
        change: &mut Transaction,
        new: &NewRecording,
    ) -> Result<(), DbError> {
        let app: Option<App> =
            sql("SELECT * FROM apps WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL")
                .bind(self.tenant_id())
                .bind(&new.app_id)
                .fetch_optional(&mut *change)
                .await?;
        let limits = app.ok_or(DbError::AppUnknown)?.settings.limits;
        let (same,): (i64,) = sql("SELECT COUNT(*) FROM recordings WHERE tenant_id = $1 \
             AND call_id = $2 AND kind = $3 AND state IN ('queued', 'starting', 'active') \
             AND NOT is_stopping")
        .bind(self.tenant_id())
        .bind(new.call_id)
        .bind(new.options.kind)
        .fetch_one(&mut *change)
        .await?;
        if same > 0 {
            return Err(DbError::RecordingRunning);
        }
        let quotas = self.quotas_in(change, Some(&new.app_id)).await?;
        let (running, bytes) = quotas.first().map_or((0, 0), |quota| (quota.running, quota.bytes));
        if limits.recordings_at_once.is_some_and(|most| running >= most) {
            return Err(DbError::TooManyRecordings);
        }
        if limits.storage_bytes.is_some_and(|most| bytes >= most) {
            return Err(DbError::RecordingStorageFull);
        }
        Ok(())
    }

    /// What apps have of recordings, or one of them; those that never recorded are left out.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_quotas(
        &self,
        app_id: Option<&AppId>,
    ) -> Result<Vec<RecordingQuota>, DbError> {
        let mut view = self.snapshot().await?;
        let quotas = self.quotas_in(&mut view, app_id).await?;
        view.commit().await?;
        Ok(quotas)
    }

    async fn quotas_in(
        &self,
        view: &mut Transaction,
        app_id: Option<&AppId>,
    ) -> Result<Vec<RecordingQuota>, DbError> {
        sql("SELECT app_id, \
             CAST(SUM(CASE WHEN state IN ('queued', 'starting', 'active') THEN 1 ELSE 0 END) \
             AS BIGINT) AS running, \
             CAST(SUM(CASE WHEN purged_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS kept, \
             CAST(SUM(CASE WHEN purged_at IS NULL THEN bytes ELSE 0 END) AS BIGINT) AS bytes \
             FROM recordings WHERE tenant_id = $1 AND ($2 IS NULL OR app_id = $2) \
             GROUP BY app_id ORDER BY app_id")
        .bind(self.tenant_id())
        .bind(app_id)
        .fetch_all(view)
        .await
    }

    /// Recordings that fit the filter and come after `after` (time and id of one), the newest
    /// first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recordings(
        &self,
        filter: &RecordingFilter,
        after: Option<(Timestamp, RecordingId)>,
        limit: u32,
    ) -> Result<Vec<Recording>, DbError> {
        let (after_at, after_id) = after.unzip();
        sql("SELECT * FROM recordings r WHERE r.tenant_id = $1 \
             AND ($2 IS NULL OR r.app_id = $2) AND ($3 IS NULL OR r.room = $3) \
             AND ($4 IS NULL OR r.call_id = $4) AND ($5 IS NULL OR r.state = $5) \
             AND ($6 IS NULL OR r.kind = $6) AND ($7 IS NULL OR r.queued_at >= $7) \
             AND ($8 IS NULL OR r.queued_at < $8) AND (r.deleted_at IS NOT NULL) = $9 \
             AND ($10 IS NULL OR EXISTS (SELECT 1 FROM stays s WHERE s.tenant_id = r.tenant_id \
                  AND s.call_id = r.call_id AND (s.subject = $10 OR s.name = $10))) \
             AND ($11 IS NULL OR lower(r.room) LIKE $11 ESCAPE '\\' \
                  OR lower(r.requested_by) LIKE $11 ESCAPE '\\' \
                  OR EXISTS (SELECT 1 FROM stays s WHERE s.tenant_id = r.tenant_id \
                  AND s.call_id = r.call_id AND (lower(s.name) LIKE $11 ESCAPE '\\' \
                  OR lower(s.subject) LIKE $11 ESCAPE '\\'))) \
             AND ($12 IS NULL OR r.queued_at < $12 OR (r.queued_at = $12 AND r.id > $13)) \
             ORDER BY r.queued_at DESC, r.id LIMIT $14")
        .bind(self.tenant_id())
        .bind(filter.app_id.as_ref())
        .bind(filter.room.as_deref())
        .bind(filter.call_id)
        .bind(filter.state)
        .bind(filter.kind)
        .bind(filter.from)
        .bind(filter.until)
        .bind(filter.is_deleted)
        .bind(filter.participant.as_deref())
        .bind(filter.search.as_deref().map(containing))
        .bind(after_at)
        .bind(after_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One recording, deleted or not.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`], [`DbError::Query`].
    pub async fn recording(&self, id: RecordingId) -> Result<Recording, DbError> {
        sql("SELECT * FROM recordings WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(id)
            .fetch_optional(self)
            .await?
            .ok_or(DbError::RecordingUnknown)
    }

    /// Notes that somebody outside the call stopped a recording.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recording_stopped(
        &self,
        id: RecordingId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        Act::new("recording.stopped", self.tenant_id(), (RECORDING, id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }

    /// Deletes a recording that is over; for [`DELETED_RECORDINGS_KEPT`] it can be restored.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`], [`DbError::RecordingNotOver`], [`DbError::RecordingHeld`],
    /// [`DbError::Query`].
    pub async fn delete_recording(
        &self,
        id: RecordingId,
        reason: &str,
        by: &Author,
        now: Timestamp,
    ) -> Result<Recording, DbError> {
        let mut change = self.begin().await?;
        change.lock("recordings").await?;
        let recording = self.recording_in(&mut change, id).await?;
        if recording.deleted_at.is_some() {
            return Err(DbError::RecordingUnknown);
        }
        if recording.has_legal_hold {
            return Err(DbError::RecordingHeld);
        }
        if !recording.state.is_final() {
            return Err(DbError::RecordingNotOver);
        }
        let recording: Recording = sql("UPDATE recordings SET deleted_at = $3, deleted_by = $4, \
             delete_reason = $5 WHERE tenant_id = $1 AND id = $2 RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .bind(now)
        .bind(&by.name)
        .bind(reason)
        .fetch_one(&mut change)
        .await?;
        Act::new("recording.deleted", self.tenant_id(), (RECORDING, id))
            .after(json!({ "reason": reason }))
            .record(&mut change, by, now)
            .await?;
        tell::tell(&mut change, WebhookEventType::RecordingDeleted, &recording, now).await?;
        change.commit().await?;
        Ok(recording)
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`] when it is not deleted or its files are gone,
    /// [`DbError::Query`].
    pub async fn restore_recording(
        &self,
        id: RecordingId,
        by: &Author,
        now: Timestamp,
    ) -> Result<Recording, DbError> {
        let mut change = self.begin().await?;
        let recording: Option<Recording> = sql("UPDATE recordings SET deleted_at = NULL, \
             deleted_by = NULL, delete_reason = NULL WHERE tenant_id = $1 AND id = $2 \
             AND deleted_at IS NOT NULL AND purged_at IS NULL RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .fetch_optional(&mut change)
        .await?;
        let recording = recording.ok_or(DbError::RecordingUnknown)?;
        Act::new("recording.restored", self.tenant_id(), (RECORDING, id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(recording)
    }

    /// Keeps a recording whatever its age, or no longer.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`], also when it was deleted; [`DbError::Query`].
    pub async fn hold_recording(
        &self,
        id: RecordingId,
        is_held: bool,
        by: &Author,
        now: Timestamp,
    ) -> Result<Recording, DbError> {
        let mut change = self.begin().await?;
        change.lock("recordings").await?;
        let recording = self.recording_in(&mut change, id).await?;
        if recording.deleted_at.is_some() {
            return Err(DbError::RecordingUnknown);
        }
        if recording.has_legal_hold == is_held {
            return Ok(recording);
        }
        let changed: Recording = sql("UPDATE recordings SET has_legal_hold = $3 \
             WHERE tenant_id = $1 AND id = $2 RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .bind(is_held)
        .fetch_one(&mut change)
        .await?;
        let action = if is_held { "recording.held" } else { "recording.released" };
        Act::new(action, self.tenant_id(), (RECORDING, id)).record(&mut change, by, now).await?;
        change.commit().await?;
        Ok(changed)
    }

    async fn recording_in(
        &self,
        change: &mut Transaction,
        id: RecordingId,
    ) -> Result<Recording, DbError> {
        sql("SELECT * FROM recordings WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(id)
            .fetch_optional(change)
            .await?
            .ok_or(DbError::RecordingUnknown)
    }
}
