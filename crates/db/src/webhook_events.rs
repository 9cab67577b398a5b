//! What webhooks tell, how it looks on the wire, and its way into the outbox.

use jumpa_protocol::{
    AppId, CallId, ReportId, RoomKey, TenantId, WebhookDeliveryId, signal::LeaveReason,
};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{DbError, Timestamp, WebhookFormat, statement::sql, transaction::Transaction};

/// In place of names: every event.
pub(crate) const EVERY_EVENT: &str = "*";

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $jaas:literal;)*) => {
        /// Something that webhooks tell. Names are stable: receivers branch on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum WebhookEventType {
            $($(#[$doc])* $variant,)*
        }

        impl WebhookEventType {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name, noun and past participle.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The name in the envelope of JaaS.
            #[must_use]
            pub const fn as_jaas(self) -> &'static str {
                match self { $(Self::$variant => $jaas,)* }
            }
        }
    };
}

events! {
    /// The first participant of a call came in.
    RoomStarted = "room.started", "ROOM_CREATED";
    /// The last one left, or the call was ended.
    RoomEnded = "room.ended", "ROOM_DESTROYED";
    /// A call is over, in numbers.
    CallEnded = "call.ended", "CALL_ENDED";
    /// Somebody came in.
    ParticipantJoined = "participant.joined", "PARTICIPANT_JOINED";
    /// Somebody is no longer in.
    ParticipantLeft = "participant.left", "PARTICIPANT_LEFT";
    /// Somebody waits to be let in.
    LobbyJoined = "participant.joined_lobby", "PARTICIPANT_JOINED_LOBBY";
    /// Somebody waits no longer.
    LobbyLeft = "participant.left_lobby", "PARTICIPANT_LEFT_LOBBY";
    /// Somebody was given moderation, or it was taken.
    RoleChanged = "participant.role_changed", "ROLE_CHANGED";
    /// An app was made.
    AppCreated = "app.created", "APP_CREATED";
    /// Settings of an app were changed.
    AppChanged = "app.changed", "APP_CHANGED";
    /// An app was deleted; it can be restored for a while.
    AppDeleted = "app.deleted", "APP_DELETED";
    /// A deleted app was restored.
    AppRestored = "app.restored", "APP_RESTORED";
    /// A signing key was made.
    KeyCreated = "key.created", "KEY_CREATED";
    /// A signing key was replaced.
    KeyRotated = "key.rotated", "KEY_ROTATED";
    /// A signing key was revoked.
    KeyRevoked = "key.revoked", "KEY_REVOKED";
    /// An app has used four fifths of a limit.
    QuotaWarning = "quota.warning", "QUOTA_WARNING";
    /// An app has used up a limit.
    QuotaReached = "quota.reached", "QUOTA_REACHED";
    /// A recording waits for capacity: its place, and when it will begin as far as can be told.
    RecordingQueued = "recording.queued", "RECORDING_QUEUED";
    /// A recorder is in the call and records.
    RecordingStarted = "recording.started", "RECORDING_STARTED";
    /// Pictures are left out from now on, since the disk of the recorder is nearly full.
    RecordingDegraded = "recording.degraded", "RECORDING_DEGRADED";
    /// The recorder has left the call; the files are not there yet.
    RecordingEnded = "recording.ended", "RECORDING_ENDED";
    /// The files are in the library.
    RecordingReady = "recording.ready", "RECORDING_UPLOADED";
    /// It is over and there is nothing, or not everything.
    RecordingFailed = "recording.failed", "RECORDING_FAILED";
    /// A recording was deleted; it can be restored for a week.
    RecordingDeleted = "recording.deleted", "RECORDING_DELETED";
    /// A stream has reached one of its targets.
    StreamStarted = "stream.started", "LIVE_STREAM_STARTED";
    /// The connection to a target was lost and is tried again.
    StreamReconnecting = "stream.reconnecting", "LIVE_STREAM_RECONNECTING";
    /// A target that was lost is reached again.
    StreamResumed = "stream.resumed", "LIVE_STREAM_RESUMED";
    /// A target does not take the stream; it is tried again, rarely.
    StreamFailed = "stream.failed", "LIVE_STREAM_FAILED";
    /// The stream to a target is over.
    StreamEnded = "stream.ended", "LIVE_STREAM_ENDED";
    /// Somebody asked for a test.
    Test = "webhook.test", "WEBHOOK_TEST";
}

impl WebhookEventType {
    /// The event of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

/// An event on its way into the outbox.
#[derive(Debug, Clone)]
pub(crate) struct WebhookEvent {
    pub(crate) kind: WebhookEventType,
    pub(crate) app_id: Option<AppId>,
    /// Room and call, where it is about one.
    pub(crate) place: Option<(RoomKey, CallId)>,
    pub(crate) at: Timestamp,
    /// What is told beside the place.
    pub(crate) data: Value,
    /// The same in the words of JaaS.
    pub(crate) jaas: Value,
}

#[derive(FromRow)]
struct Listener {
    id: Uuid,
    events: String,
    format: String,
}

/// Whether a tenant has a webhook that is not paused.
pub(crate) async fn listens(
    change: &mut Transaction,
    tenant_id: TenantId,
) -> Result<bool, DbError> {
    let found: Option<(Uuid,)> =
        sql("SELECT id FROM webhooks WHERE tenant_id = $1 AND pause_reason IS NULL LIMIT 1")
            .bind(tenant_id)
            .fetch_optional(&mut *change)
            .await?;
    Ok(found.is_some())
}

/// Writes one delivery for each webhook that wants to hear of it, as part of the change that makes
/// it happen.
pub(crate) async fn queue_event(
    change: &mut Transaction,
    tenant_id: TenantId,
    event: &WebhookEvent,
) -> Result<(), DbError> {
    let listeners: Vec<Listener> = sql("SELECT id, events, format FROM webhooks \
         WHERE tenant_id = $1 AND pause_reason IS NULL AND (app_id IS NULL OR app_id = $2)")
    .bind(tenant_id)
    .bind(event.app_id.as_ref())
    .fetch_all(&mut *change)
    .await?;
    let name = event.kind.as_str();
    let wants = |listener: &Listener| {
        listener.events.split(' ').any(|wanted| wanted == name || wanted == EVERY_EVENT)
    };
    let listeners: Vec<Listener> = listeners.into_iter().filter(wants).collect();
    if listeners.is_empty() {
        return Ok(());
    }
    let sequence = match &event.place {
        Some((room, _)) => Some(next_sequence(change, tenant_id, room).await?),
        None => None,
    };
    let event_id = ReportId::generate();
    for Listener { id, format, .. } in listeners {
        let format = WebhookFormat::parse(&format)?;
        let body = render(tenant_id, event_id, event, sequence, format);
        insert_delivery(change, tenant_id, id, event_id, event, &body).await?;
    }
    Ok(())
}

/// Writes one delivery.
pub(crate) async fn insert_delivery(
    change: &mut Transaction,
    tenant_id: TenantId,
    webhook_id: Uuid,
    event_id: ReportId,
    event: &WebhookEvent,
    body: &Value,
) -> Result<WebhookDeliveryId, DbError> {
    let id = WebhookDeliveryId::generate();
    sql("INSERT INTO webhook_deliveries (tenant_id, id, webhook_id, event_id, event_type, \
         request_body, status, attempts, round_began_at, next_attempt_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, 0, $7, $7)")
    .bind(tenant_id)
    .bind(id)
    .bind(webhook_id)
    .bind(event_id.as_uuid())
    .bind(event.kind.as_str())
    .bind(body.to_string())
    .bind(event.at)
    .execute(change)
    .await?;
    Ok(id)
}

/// The number of the next event of a room, from 1: receivers notice what they missed and what
/// came in another order.
async fn next_sequence(
    change: &mut Transaction,
    tenant_id: TenantId,
    room: &RoomKey,
) -> Result<i64, DbError> {
    let (sequence,) = sql("INSERT INTO webhook_sequences (tenant_id, app_id, room, sequence) \
         VALUES ($1, $2, $3, 1) ON CONFLICT (tenant_id, app_id, room) \
         DO UPDATE SET sequence = webhook_sequences.sequence + 1 RETURNING sequence")
    .bind(tenant_id)
    .bind(&room.app_id)
    .bind(room.room.as_str())
    .fetch_one(&mut *change)
    .await?;
    Ok(sequence)
}

/// The body of the request.
pub(crate) fn render(
    tenant_id: TenantId,
    event_id: ReportId,
    event: &WebhookEvent,
    sequence: Option<i64>,
    format: WebhookFormat,
) -> Value {
    match format {
        WebhookFormat::Standard => {
            let mut data = match &event.place {
                Some((room, call_id)) => json!({
                    "app_id": room.app_id,
                    "room": room.room,
                    "call_id": call_id,
                    "sequence": sequence,
                }),
                None => json!({ "app_id": event.app_id }),
            };
            if let (Value::Object(data), Value::Object(more)) = (&mut data, event.data.clone()) {
                data.extend(more);
            }
            let at = jiff::Timestamp::from_microsecond(event.at.as_micros()).unwrap_or_default();
            json!({ "type": event.kind.as_str(), "timestamp": at.to_string(), "data": data })
        }
        WebhookFormat::Jaas => json!({
            "idempotencyKey": event_id,
            "customerId": tenant_id,
            "appId": event.app_id,
            "eventType": event.kind.as_jaas(),
            "sessionId": event.place.as_ref().map(|(_, call_id)| call_id),
            "timestamp": event.at.as_micros() / 1_000,
            "fqn": event.place.as_ref().map(|(room, _)| room.to_string()),
            "data": event.jaas,
        }),
    }
}

/// Why somebody is no longer in, in the words of JaaS.
pub(crate) fn jaas_disconnect_reason(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left | LeaveReason::CallEnded | LeaveReason::RecordingLost => "left",
        LeaveReason::Removed | LeaveReason::AccessRevoked => "kicked",
        LeaveReason::ConnectionLost => "unrecoverable_error",
        LeaveReason::ServerClosing => "unknown",
    }
}
