//! What webhooks hear of recordings, written in the transaction that changes them.

use std::time::Duration;

use jumpa_protocol::{RoomKey, recording::QueuePlace};
use serde_json::{Value, json};

use super::{Recording, RecordingTarget, links::insert_link};
use crate::{
    DbError, LinkToken, Timestamp, WebhookEventType,
    statement::sql,
    transaction::Transaction,
    webhook_events::{WebhookEvent, queue_event},
};

/// Tells something of a recording.
pub(super) async fn tell(
    change: &mut Transaction,
    kind: WebhookEventType,
    recording: &Recording,
    now: Timestamp,
) -> Result<(), DbError> {
    let room = room(recording);
    let jaas = json!({ "conference": room.to_string(), "recordingSessionId": recording.id });
    queue(change, kind, recording, jaas, now).await
}

/// Tells that a recording waits for capacity, and where it stands.
pub(super) async fn tell_queued(
    change: &mut Transaction,
    recording: &Recording,
    place: QueuePlace,
    now: Timestamp,
) -> Result<(), DbError> {
    let jaas =
        json!({ "conference": room(recording).to_string(), "recordingSessionId": recording.id });
    let expected_at = place.expected_at_ms.and_then(|ms| i64::try_from(ms).ok());
    let expected_at = expected_at.map(|ms| text(Timestamp::from_micros(ms.saturating_mul(1_000))));
    let mut data = data(recording);
    data["queue"] = json!({ "place": place.place, "expected_at": expected_at });
    send(change, WebhookEventType::RecordingQueued, recording, (data, jaas), now).await
}

/// Tells that the files are there, with a link to them in the form of JaaS.
pub(super) async fn tell_ready(
    change: &mut Transaction,
    recording: &Recording,
    link: Option<String>,
    now: Timestamp,
) -> Result<(), DbError> {
    let people: Vec<(String, Option<String>)> = sql("SELECT DISTINCT name, subject FROM stays \
         WHERE tenant_id = $1 AND call_id = $2 ORDER BY name, subject")
    .bind(recording.tenant_id)
    .bind(recording.call_id)
    .fetch_all(&mut *change)
    .await?;
    let people: Vec<Value> = people
        .into_iter()
        .map(|(name, subject)| json!({ "name": name, "avatar": null, "id": subject }))
        .collect();
    let ms = |at: Option<Timestamp>| at.map(|at| at.as_micros() / 1_000);
    let jaas = json!({
        "participants": people,
        "preAuthenticatedLink": link,
        "share": true,
        "initiatorId": recording.requested_by_id,
        "durationSec": recording.duration_ms().map(|ms| ms / 1_000),
        "startTimestamp": ms(recording.started_at),
        "endTimestamp": ms(recording.ended_at),
        "recordingSessionId": recording.id,
    });
    queue(change, WebhookEventType::RecordingReady, recording, jaas, now).await
}

/// Tells something of one target of a stream.
pub(super) async fn tell_stream(
    change: &mut Transaction,
    kind: WebhookEventType,
    recording: &Recording,
    target: &RecordingTarget,
    now: Timestamp,
) -> Result<(), DbError> {
    let room = room(recording);
    let data = json!({
        "recording_id": recording.id,
        "target_id": target.id,
        "name": target.name,
        "state": target.state,
        "failure": target.failure(),
        "viewer_url": target.viewer_url,
    });
    let event = WebhookEvent {
        kind,
        app_id: Some(recording.app_id.clone()),
        at: now,
        data,
        jaas: json!({
            "conference": room.to_string(),
            "recordingSessionId": recording.id,
            "targetId": target.id,
            "targetName": target.name,
            "viewUrl": target.viewer_url,
        }),
        place: Some((room, recording.call_id)),
    };
    queue_event(change, recording.tenant_id, &event).await
}

/// A link for whoever hears of a recording in the form of JaaS; none when nobody does.
pub(super) async fn link(
    change: &mut Transaction,
    recording: &Recording,
    now: Timestamp,
    lifetime: Duration,
) -> Result<Option<LinkToken>, DbError> {
    let (listeners,): (i64,) = sql("SELECT COUNT(*) FROM webhooks WHERE tenant_id = $1 \
         AND pause_reason IS NULL AND format = 'jaas' AND (app_id IS NULL OR app_id = $2)")
    .bind(recording.tenant_id)
    .bind(&recording.app_id)
    .fetch_one(&mut *change)
    .await?;
    if listeners == 0 {
        return Ok(None);
    }
    let token = LinkToken::generate();
    let place = (recording.tenant_id, recording.id);
    insert_link(change, place, &token, "webhook", now, now + lifetime).await?;
    Ok(Some(token))
}

async fn queue(
    change: &mut Transaction,
    kind: WebhookEventType,
    recording: &Recording,
    jaas: Value,
    now: Timestamp,
) -> Result<(), DbError> {
    send(change, kind, recording, (data(recording), jaas), now).await
}

async fn send(
    change: &mut Transaction,
    kind: WebhookEventType,
    recording: &Recording,
    (data, jaas): (Value, Value),
    now: Timestamp,
) -> Result<(), DbError> {
    let event = WebhookEvent {
        kind,
        app_id: Some(recording.app_id.clone()),
        place: Some((room(recording), recording.call_id)),
        at: now,
        data,
        jaas,
    };
    queue_event(change, recording.tenant_id, &event).await
}

fn data(recording: &Recording) -> Value {
    json!({
        "recording_id": recording.id,
        "kind": recording.kind,
        "state": recording.state,
        "failure": recording.failure(),
        "requested_by": recording.requested_by,
        "started_at": recording.started_at.map(text),
        "ended_at": recording.ended_at.map(text),
        "duration_ms": recording.duration_ms(),
        "bytes": recording.bytes,
        "is_sound_only": recording.is_sound_only,
        "delete_reason": recording.delete_reason,
    })
}

fn text(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default().to_string()
}

fn room(recording: &Recording) -> RoomKey {
    RoomKey { app_id: recording.app_id.clone(), room: recording.room.clone() }
}
