//! Where streams are sent: chosen from what the app has stored or entered for one stream alone.

use jumpa_protocol::{
    RecordingId, StreamTargetId, TenantId,
    recording::{
        ChosenTarget, RecordingKind, StreamAddress, StreamFailure, StreamState, TargetReport,
    },
};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Recording, tell};
use crate::{
    Author, Database, DbError, OperatorScope, TenantScope, Timestamp, WebhookEventType,
    audit::{Act, RECORDING},
    statement::sql,
    stream_targets::{self, key_end},
    transaction::Transaction,
};

/// A target of one stream. Its key is only given to recorders.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecordingTarget {
    #[sqlx(try_from = "Uuid")]
    tenant_id: TenantId,
    /// Of which recording.
    #[sqlx(try_from = "Uuid")]
    pub recording_id: RecordingId,
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: StreamTargetId,
    /// How people call it.
    pub name: String,
    /// Its address without the key.
    pub url: String,
    /// The last characters of the key.
    pub key_end: String,
    /// Where viewers see the stream.
    pub viewer_url: Option<String>,
    /// How it is.
    #[sqlx(try_from = "String")]
    pub state: StreamState,
    failure: Option<String>,
    bitrate_bps: Option<i64>,
    /// Whether it was taken out.
    pub is_removed: bool,
    /// When it was live for the first time.
    pub started_at: Option<Timestamp>,
    sealed_key: Vec<u8>,
}

/// A target of a running stream with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedTarget {
    /// Its id.
    pub id: StreamTargetId,
    /// Where it is.
    pub address: StreamAddress,
}

impl RecordingTarget {
    /// Why it is not live.
    #[must_use]
    pub fn failure(&self) -> Option<StreamFailure> {
        self.failure.as_deref().and_then(|word| word.parse().ok())
    }

    /// What is sent to it, bits per second.
    #[must_use]
    pub fn bitrate_bps(&self) -> Option<u32> {
        self.bitrate_bps.and_then(|rate| u32::try_from(rate).ok())
    }
}

impl TenantScope<'_> {
    /// The targets of a stream, those that were taken out as well, as they were added.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_targets(
        &self,
        id: RecordingId,
    ) -> Result<Vec<RecordingTarget>, DbError> {
        sql("SELECT * FROM recording_targets WHERE tenant_id = $1 AND recording_id = $2 \
             ORDER BY added_at, id")
        .bind(self.tenant_id())
        .bind(id)
        .fetch_all(self)
        .await
    }

    /// Has a running stream sent to these targets and to no others. `by` is who asked from outside
    /// the call.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`], [`DbError::StreamNotRunning`],
    /// [`DbError::StreamTargetUnknown`], [`DbError::Query`].
    pub async fn set_recording_targets(
        &self,
        id: RecordingId,
        chosen: &[ChosenTarget],
        by: Option<&Author>,
        now: Timestamp,
    ) -> Result<Recording, DbError> {
        let mut change = self.begin().await?;
        change.lock("recordings").await?;
        let recording = self.recording_in(&mut change, id).await?;
        let is_running = recording.state.is_running() && !recording.is_stopping;
        if recording.kind != RecordingKind::Stream || !is_running {
            return Err(DbError::StreamNotRunning);
        }
        choose(&mut change, self.database(), &recording, chosen, now).await?;
        if let Some(by) = by {
            Act::new("recording.targets_changed", self.tenant_id(), (RECORDING, id))
                .after(json!({ "targets": chosen.len() }))
                .record(&mut change, by, now)
                .await?;
        }
        change.commit().await?;
        Ok(recording)
    }
}

impl OperatorScope<'_> {
    /// Where a stream is sent at the moment, as people see it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_targets(
        &self,
        recording: &Recording,
    ) -> Result<Vec<RecordingTarget>, DbError> {
        sql("SELECT * FROM recording_targets \
             WHERE tenant_id = $1 AND recording_id = $2 AND NOT is_removed ORDER BY added_at, id")
        .bind(recording.tenant_id)
        .bind(recording.id)
        .fetch_all(self)
        .await
    }

    /// Where a recorder sends a stream, with the keys. One whose key cannot be opened is left out
    /// and told in the log.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn stream_targets(
        &self,
        recording: &Recording,
    ) -> Result<Vec<OpenedTarget>, DbError> {
        let targets = self.recording_targets(recording).await?;
        let open = |target: RecordingTarget| match opened(self.database(), &target) {
            Ok(key) => {
                let RecordingTarget { id, name, url, viewer_url, .. } = target;
                let address = StreamAddress { name, url, key, viewer_url };
                Some(OpenedTarget { id, address })
            }
            Err(error) => {
                tracing::error!(
                    recording.id = %recording.id, target.id = %target.id, %error,
                    "the key of a stream cannot be used"
                );
                None
            }
        };
        Ok(targets.into_iter().filter_map(open).collect())
    }
}

/// Makes the targets of a stream those that were chosen. What it had and is not among them ends.
pub(super) async fn choose(
    change: &mut Transaction,
    database: &Database,
    recording: &Recording,
    chosen: &[ChosenTarget],
    now: Timestamp,
) -> Result<(), DbError> {
    let had = targets_in(change, recording).await?;
    let mut kept = Vec::new();
    for target in chosen {
        match target {
            ChosenTarget::New(address) => {
                let id = StreamTargetId::generate();
                insert(change, database, recording, (id, address), now).await?;
            }
            ChosenTarget::Known(id) => {
                kept.push(*id);
                match had.iter().find(|target| target.id == *id) {
                    Some(target) if target.is_removed => {
                        add_again(change, recording, *id).await?;
                    }
                    Some(_) => {}
                    None => {
                        let app = (recording.tenant_id, &recording.app_id);
                        let address = stream_targets::address(change, database, app, *id).await?;
                        insert(change, database, recording, (*id, &address), now).await?;
                    }
                }
            }
        }
    }
    for target in had.iter().filter(|target| !target.is_removed && !kept.contains(&target.id)) {
        sql("UPDATE recording_targets SET is_removed = $4 \
             WHERE tenant_id = $1 AND recording_id = $2 AND id = $3")
        .bind(recording.tenant_id)
        .bind(recording.id)
        .bind(target.id)
        .bind(true)
        .execute(&mut *change)
        .await?;
        end(change, recording, target, now).await?;
    }
    Ok(())
}

/// Stores what a recorder says of the targets of a stream, and tells webhooks each step. Gives
/// whether anything is other than before.
pub(super) async fn store_reports(
    change: &mut Transaction,
    recording: &Recording,
    reports: &[TargetReport],
    now: Timestamp,
) -> Result<bool, DbError> {
    if reports.is_empty() {
        return Ok(false);
    }
    let mut is_news = false;
    for target in targets_in(change, recording).await? {
        let told = reports.iter().find(|report| report.id == target.id);
        let Some(report) = told.filter(|_| !target.is_removed) else { continue };
        let same = (target.state, target.failure(), target.bitrate_bps())
            == (report.state, report.failure, report.bitrate_bps);
        if !same {
            is_news = true;
            store(change, recording, &target, report, now).await?;
        }
    }
    Ok(is_news)
}

/// Ends every target of a stream that is over.
pub(super) async fn end_all(
    change: &mut Transaction,
    recording: &Recording,
    now: Timestamp,
) -> Result<(), DbError> {
    for target in targets_in(change, recording).await? {
        end(change, recording, &target, now).await?;
    }
    Ok(())
}

async fn end(
    change: &mut Transaction,
    recording: &Recording,
    target: &RecordingTarget,
    now: Timestamp,
) -> Result<(), DbError> {
    if target.state == StreamState::Ended {
        return Ok(());
    }
    let ended = TargetReport {
        id: target.id,
        state: StreamState::Ended,
        bitrate_bps: None,
        failure: target.failure(),
    };
    store(change, recording, target, &ended, now).await
}

async fn store(
    change: &mut Transaction,
    recording: &Recording,
    before: &RecordingTarget,
    report: &TargetReport,
    now: Timestamp,
) -> Result<(), DbError> {
    let is_live = report.state == StreamState::Live;
    let after: RecordingTarget = sql("UPDATE recording_targets SET state = $4, failure = $5, \
         bitrate_bps = $6, started_at = $7 \
         WHERE tenant_id = $1 AND recording_id = $2 AND id = $3 RETURNING *")
    .bind(recording.tenant_id)
    .bind(recording.id)
    .bind(before.id)
    .bind(report.state)
    .bind(report.failure)
    .bind(report.bitrate_bps)
    .bind(before.started_at.or(is_live.then_some(now)))
    .fetch_one(&mut *change)
    .await?;
    if before.state == after.state {
        return Ok(());
    }
    let event = match after.state {
        StreamState::Live if before.started_at.is_none() => WebhookEventType::StreamStarted,
        StreamState::Live => WebhookEventType::StreamResumed,
        StreamState::Reconnecting => WebhookEventType::StreamReconnecting,
        StreamState::Refused => WebhookEventType::StreamFailed,
        StreamState::Ended => WebhookEventType::StreamEnded,
        StreamState::Connecting => return Ok(()),
    };
    tell::tell_stream(change, event, recording, &after, now).await
}

async fn add_again(
    change: &mut Transaction,
    recording: &Recording,
    id: StreamTargetId,
) -> Result<(), DbError> {
    sql("UPDATE recording_targets SET is_removed = $4, state = $5, failure = NULL \
         WHERE tenant_id = $1 AND recording_id = $2 AND id = $3")
    .bind(recording.tenant_id)
    .bind(recording.id)
    .bind(id)
    .bind(false)
    .bind(StreamState::Connecting)
    .execute(change)
    .await?;
    Ok(())
}

async fn insert(
    change: &mut Transaction,
    database: &Database,
    recording: &Recording,
    (id, address): (StreamTargetId, &StreamAddress),
    now: Timestamp,
) -> Result<(), DbError> {
    let context = seal_context(recording.tenant_id, recording.id, id);
    sql("INSERT INTO recording_targets (tenant_id, recording_id, id, name, url, sealed_key, \
         key_end, viewer_url, state, is_removed, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(recording.tenant_id)
    .bind(recording.id)
    .bind(id)
    .bind(&address.name)
    .bind(&address.url)
    .bind(database.master_key().seal(&context, address.key.as_bytes()))
    .bind(key_end(&address.key))
    .bind(address.viewer_url.as_ref())
    .bind(StreamState::Connecting)
    .bind(false)
    .bind(now)
    .execute(change)
    .await?;
    Ok(())
}

async fn targets_in(
    change: &mut Transaction,
    recording: &Recording,
) -> Result<Vec<RecordingTarget>, DbError> {
    sql("SELECT * FROM recording_targets WHERE tenant_id = $1 AND recording_id = $2 \
         ORDER BY added_at, id")
    .bind(recording.tenant_id)
    .bind(recording.id)
    .fetch_all(change)
    .await
}

fn opened(database: &Database, target: &RecordingTarget) -> Result<String, DbError> {
    let context = seal_context(target.tenant_id, target.recording_id, target.id);
    let key = database.master_key().open(&context, &target.sealed_key)?;
    String::from_utf8(key).map_err(|_| DbError::Damaged("stream key"))
}

/// A key is bound to its stream and target, so that none can be put in place of another.
fn seal_context(tenant_id: TenantId, recording_id: RecordingId, id: StreamTargetId) -> String {
    format!("target {id} of {recording_id} of {tenant_id}")
}
