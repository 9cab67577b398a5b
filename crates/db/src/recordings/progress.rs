//! What becomes of recordings, for whoever looks after all of them.

use std::time::Duration;

use jumpa_protocol::{
    RecordingFileId, RecordingId,
    recording::{RecordedFile, RecordingFailure, RecordingKind, RecordingState, TargetReport},
};

use super::{Recording, targets, tell};
use crate::{
    DbError, LinkToken, OperatorScope, Timestamp, WebhookEventType, recording_storages::choose,
    statement::sql, transaction::Transaction,
};

/// How long the link lasts that webhooks in the form of JaaS carry; JaaS documents 24 hours.
const TOLD_LINK_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// What a recording shall be from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingProgress {
    /// How far it is.
    pub state: RecordingState,
    /// Why it failed.
    pub failure: Option<RecordingFailure>,
    /// The failure in words.
    pub detail: Option<String>,
    /// Whether the recorder is to leave the call.
    pub is_stopping: bool,
    /// The recorder that has it.
    pub recorder_id: Option<String>,
    /// Since when that recorder is not connected.
    pub recorder_away_since: Option<Timestamp>,
    /// When the first packet was written.
    pub started_at: Option<Timestamp>,
    /// When the recorder left the call.
    pub ended_at: Option<Timestamp>,
    /// Bytes written.
    pub bytes: i64,
    /// Of what is composed: up to where it is made, milliseconds from the start.
    pub composed_ms: Option<i64>,
    /// Of a stream: how its targets are, where that is told.
    pub targets: Vec<TargetReport>,
    /// Its files, where they are told.
    pub files: Option<Vec<RecordedFile>>,
}

impl From<&Recording> for RecordingProgress {
    fn from(recording: &Recording) -> Self {
        Self {
            state: recording.state,
            failure: recording.failure(),
            detail: recording.detail.clone(),
            is_stopping: recording.is_stopping,
            recorder_id: recording.recorder_id.clone(),
            recorder_away_since: recording.recorder_away_since,
            started_at: recording.started_at,
            ended_at: recording.ended_at,
            bytes: recording.bytes,
            composed_ms: recording.composed_ms,
            targets: Vec::new(),
            files: None,
        }
    }
}

/// A recording after [`OperatorScope::change_recording`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProgress {
    /// How it is now.
    pub recording: Recording,
    /// Whether people in the call see something else than before.
    pub is_news: bool,
    /// Whether that is another state, and not only how a stream goes.
    pub is_step: bool,
}

impl OperatorScope<'_> {
    /// Every recording that is not over, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn unfinished_recordings(&self) -> Result<Vec<Recording>, DbError> {
        sql("SELECT * FROM recordings WHERE state NOT IN ('ready', 'failed') \
             ORDER BY queued_at, id")
        .fetch_all(self)
        .await
    }

    /// One recording.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording(&self, id: RecordingId) -> Result<Option<Recording>, DbError> {
        sql("SELECT * FROM recordings WHERE id = $1").bind(id).fetch_optional(self).await
    }

    /// Notes that a recorder, or every one, is not connected.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recorder_away(
        &self,
        recorder_id: Option<&str>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE recordings SET recorder_away_since = $2 \
             WHERE recorder_id IS NOT NULL AND ($1 IS NULL OR recorder_id = $1) \
             AND recorder_away_since IS NULL AND state NOT IN ('ready', 'failed')")
        .bind(recorder_id)
        .bind(now)
        .execute(&mut change)
        .await?;
        change.commit().await
    }

    /// Changes a recording to what `next` makes of it, and tells webhooks of it. `link_start` is
    /// what links for people without a login begin with: webhooks in the form of JaaS carry one.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`], [`DbError::Query`].
    pub async fn change_recording(
        &self,
        id: RecordingId,
        next: impl FnOnce(&Recording) -> Option<RecordingProgress> + Send,
        link_start: &str,
        now: Timestamp,
    ) -> Result<StoredProgress, DbError> {
        let mut change = self.begin().await?;
        change.lock("recordings").await?;
        let before: Option<Recording> = sql("SELECT * FROM recordings WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut change)
            .await?;
        let before = before.ok_or(DbError::RecordingUnknown)?;
        let Some(progress) = next(&before) else {
            return Ok(StoredProgress { recording: before, is_news: false, is_step: false });
        };
        let after = store(&mut change, &before, &progress, now).await?;
        if before.recorder_id.is_none() && after.recorder_id.is_some() {
            let whose = (after.tenant_id, &after.app_id, after.id);
            choose(&mut change, self.database().master_key(), whose).await?;
        }
        if let Some(files) = &progress.files {
            store_files(&mut change, &after, files).await?;
        }
        tell_progress(&mut change, &before, &after, link_start, now).await?;
        let streams = targets::store_reports(&mut change, &after, &progress.targets, now).await?;
        let is_over = before.state.is_running() && !after.state.is_running();
        if is_over && after.kind == RecordingKind::Stream {
            targets::end_all(&mut change, &after, now).await?;
        }
        change.commit().await?;
        let is_step = (before.state, before.started_at) != (after.state, after.started_at);
        Ok(StoredProgress { recording: after, is_news: is_step || streams, is_step })
    }
}

async fn store(
    change: &mut Transaction,
    before: &Recording,
    progress: &RecordingProgress,
    now: Timestamp,
) -> Result<Recording, DbError> {
    let is_over = progress.state.is_final();
    let ready_at = is_over.then_some(now);
    let expires_at = match ready_at {
        Some(ready_at) => retention_us(change, before).await?.map(|kept| {
            let end = progress.ended_at.unwrap_or(ready_at);
            Timestamp::from_micros(end.as_micros().saturating_add(kept))
        }),
        None => None,
    };
    let complete: Option<i64> =
        progress.files.as_ref().filter(|files| !files.is_empty()).map(|files| {
            files.iter().map(|file| i64::try_from(file.bytes).unwrap_or(i64::MAX)).sum()
        });
    sql("UPDATE recordings SET state = $2, failure = $3, detail = $4, is_stopping = $5, \
         recorder_id = $6, recorder_away_since = $7, started_at = $8, ended_at = $9, bytes = $10, \
         ready_at = $11, expires_at = $12, composed_ms = $13 WHERE id = $1 RETURNING *")
    .bind(before.id)
    .bind(progress.state)
    .bind(progress.failure)
    .bind(progress.detail.clone())
    .bind(progress.is_stopping)
    .bind(progress.recorder_id.clone())
    .bind(progress.recorder_away_since)
    .bind(progress.started_at)
    .bind(progress.ended_at)
    .bind(complete.unwrap_or(progress.bytes))
    .bind(ready_at)
    .bind(expires_at)
    .bind(progress.composed_ms)
    .fetch_one(change)
    .await
}

/// How long the app keeps its recordings.
async fn retention_us(
    change: &mut Transaction,
    recording: &Recording,
) -> Result<Option<i64>, DbError> {
    let (days,): (Option<i64>,) =
        sql("SELECT retention_days FROM apps WHERE tenant_id = $1 AND id = $2")
            .bind(recording.tenant_id)
            .bind(&recording.app_id)
            .fetch_one(change)
            .await?;
    Ok(days.map(|days| days.saturating_mul(DAY_US)))
}

/// Stores the files of a recording in place of those of before.
async fn store_files(
    change: &mut Transaction,
    recording: &Recording,
    files: &[RecordedFile],
) -> Result<(), DbError> {
    sql("DELETE FROM recording_files WHERE tenant_id = $1 AND recording_id = $2")
        .bind(recording.tenant_id)
        .bind(recording.id)
        .execute(&mut *change)
        .await?;
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    for file in files {
        let source = file.source.and_then(|source| {
            serde_json::to_value(source).ok().and_then(|word| word.as_str().map(str::to_owned))
        });
        sql("INSERT INTO recording_files (tenant_id, recording_id, id, storage_key, role, \
             content_type, bytes, sha256, participant_id, participant_name, source, codec, \
             start_ms, duration_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
        .bind(recording.tenant_id)
        .bind(recording.id)
        .bind(RecordingFileId::generate())
        .bind(&file.key)
        .bind(file.role)
        .bind(&file.content_type)
        .bind(signed(file.bytes))
        .bind(&file.sha256)
        .bind(file.participant_id)
        .bind(file.participant_name.clone())
        .bind(source)
        .bind(file.codec.clone())
        .bind(file.start_ms.map(signed))
        .bind(file.duration_ms.map(signed))
        .execute(&mut *change)
        .await?;
    }
    Ok(())
}

/// Tells webhooks each step once.
async fn tell_progress(
    change: &mut Transaction,
    before: &Recording,
    after: &Recording,
    link_start: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    if before.started_at.is_none() && after.started_at.is_some() {
        tell::tell(change, WebhookEventType::RecordingStarted, after, now).await?;
    }
    let has_ended = before.state.is_running() && !after.state.is_running();
    if has_ended && after.started_at.is_some() {
        tell::tell(change, WebhookEventType::RecordingEnded, after, now).await?;
    }
    if before.state == after.state {
        return Ok(());
    }
    match after.state {
        RecordingState::Ready => {
            let link = tell::link(change, after, now, TOLD_LINK_LIFETIME).await?;
            let link = link.as_ref().map(LinkToken::as_str);
            let link = link.map(|token| format!("{link_start}{token}"));
            tell::tell_ready(change, after, link, now).await
        }
        RecordingState::Failed => {
            tell::tell(change, WebhookEventType::RecordingFailed, after, now).await
        }
        _ => Ok(()),
    }
}
