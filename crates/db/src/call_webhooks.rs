//! What webhooks hear of calls, written in the transaction that stores the facts.

use jumpa_protocol::{
    AppId, CallId, ParticipantId, RoomKey, TenantId,
    report::{CallFact, CallReport, JoinedParticipant},
    signal::{LeaveReason, Role},
};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    DbError, Timestamp, WebhookEventType,
    statement::sql,
    transaction::Transaction,
    webhook_events::{WebhookEvent, jaas_disconnect_reason, queue_event},
};

/// A call that something is told of.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) tenant_id: TenantId,
    pub(crate) room: RoomKey,
    pub(crate) call_id: CallId,
    pub(crate) at: Timestamp,
}

/// Somebody in a call, as they came in.
#[derive(FromRow)]
struct Somebody {
    #[sqlx(try_from = "Uuid")]
    participant_id: ParticipantId,
    name: String,
    subject: Option<String>,
    role: String,
}

impl Somebody {
    fn standard(&self) -> Value {
        json!({
            "participant_id": self.participant_id,
            "name": self.name,
            "subject": self.subject,
            "role": self.role,
        })
    }

    /// JaaS knows more of people than tokens here say; that is null.
    fn jaas(&self) -> Value {
        json!({
            "moderator": self.role == "moderator",
            "name": self.name,
            "group": null,
            "email": null,
            "id": self.subject,
            "participantJid": self.participant_id,
            "participantId": self.participant_id,
            "avatar": null,
            "isBreakout": false,
            "breakoutRoomId": null,
        })
    }
}

fn with(mut value: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut value, more) {
        fields.extend(more);
    }
    value
}

/// Tells a fact, before it is stored: what is stored already was told before, by a server that was
/// started again and says where it goes on.
pub(crate) async fn tell_fact(
    change: &mut Transaction,
    told: &Told,
    report: &CallReport,
) -> Result<(), DbError> {
    match &report.fact {
        CallFact::CallBegan { .. } => told.began(change).await,
        CallFact::ParticipantJoined(joined) => told.joined(change, joined).await,
        CallFact::ParticipantLeft { participant_id, reason } => {
            let (name, jaas) = (json!(reason), jaas_disconnect_reason(*reason));
            told.left(change, Some(*participant_id), name, jaas).await
        }
        CallFact::CallEnded { reason } => told.ended(change, json!(reason)).await,
        CallFact::RoleChanged { participant_id, role } => {
            told.role_changed(change, *participant_id, *role).await
        }
        CallFact::LobbyEntered { participant_id, name } => {
            let somebody = waiting(*participant_id, name.clone());
            told.tell(change, WebhookEventType::LobbyJoined, somebody.standard(), somebody.jaas())
                .await
        }
        CallFact::LobbyLeft { participant_id, is_admitted } => {
            told.lobby_left(change, *participant_id, *is_admitted).await
        }
        CallFact::ConnectionChanged { .. }
        | CallFact::SourceChanged { .. }
        | CallFact::NameChanged { .. }
        | CallFact::RecordingConsented { .. }
        | CallFact::MediaMeasured { .. } => Ok(()),
    }
}

/// Tells the end of a call whose server is gone, before it is stored.
pub(crate) async fn tell_lost(
    change: &mut Transaction,
    (tenant_id, call_id, at): (TenantId, CallId, Timestamp),
    reason: &str,
) -> Result<(), DbError> {
    let (app_id, room): (String, String) =
        sql("SELECT app_id, room FROM calls WHERE tenant_id = $1 AND id = $2")
            .bind(tenant_id)
            .bind(call_id)
            .fetch_one(&mut *change)
            .await?;
    let app_id: AppId = app_id.parse().map_err(|_| DbError::Damaged("app id"))?;
    let room = room.parse().map_err(|_| DbError::Damaged("room name"))?;
    let told = Told { tenant_id, room: RoomKey { app_id, room }, call_id, at };
    told.left(change, None, json!(reason), "unknown").await?;
    told.ended(change, json!(reason)).await
}

/// Of somebody who waits only the name is known.
fn waiting(participant_id: ParticipantId, name: String) -> Somebody {
    Somebody { participant_id, name, subject: None, role: "participant".to_owned() }
}

impl Told {
    async fn tell(
        &self,
        change: &mut Transaction,
        kind: WebhookEventType,
        data: Value,
        jaas: Value,
    ) -> Result<(), DbError> {
        let event = WebhookEvent {
            kind,
            app_id: Some(self.room.app_id.clone()),
            place: Some((self.room.clone(), self.call_id)),
            at: self.at,
            data,
            jaas,
        };
        queue_event(change, self.tenant_id, &event).await
    }

    fn jaas_room(&self) -> Value {
        json!({ "conference": self.room.to_string(), "isBreakout": false, "breakoutRoomId": null })
    }

    async fn began(&self, change: &mut Transaction) -> Result<(), DbError> {
        let known: Option<(i64,)> =
            sql("SELECT started_at FROM calls WHERE tenant_id = $1 AND id = $2")
                .bind(self.tenant_id)
                .bind(self.call_id)
                .fetch_optional(&mut *change)
                .await?;
        if known.is_some() {
            return Ok(());
        }
        self.tell(change, WebhookEventType::RoomStarted, json!({}), self.jaas_room()).await
    }

    async fn joined(
        &self,
        change: &mut Transaction,
        joined: &JoinedParticipant,
    ) -> Result<(), DbError> {
        let known: Option<(i64,)> = sql("SELECT joined_at FROM stays WHERE tenant_id = $1 \
             AND call_id = $2 AND participant_id = $3 AND left_at IS NULL")
        .bind(self.tenant_id)
        .bind(self.call_id)
        .bind(joined.participant_id)
        .fetch_optional(&mut *change)
        .await?;
        if known.is_some() {
            return Ok(());
        }
        let somebody = Somebody {
            participant_id: joined.participant_id,
            name: joined.name.clone(),
            subject: joined.subject.clone(),
            role: role_name(joined.role).to_owned(),
        };
        let data = with(somebody.standard(), json!({ "via": joined.via }));
        self.tell(change, WebhookEventType::ParticipantJoined, data, somebody.jaas()).await
    }

    /// Tells that one person, or everybody who is in, is in no longer.
    async fn left(
        &self,
        change: &mut Transaction,
        participant_id: Option<ParticipantId>,
        reason: Value,
        jaas_reason: &str,
    ) -> Result<(), DbError> {
        for somebody in self.inside(change, participant_id).await? {
            let data = with(somebody.standard(), json!({ "reason": reason }));
            let jaas = with(somebody.jaas(), json!({ "disconnectReason": jaas_reason }));
            self.tell(change, WebhookEventType::ParticipantLeft, data, jaas).await?;
        }
        Ok(())
    }

    async fn inside(
        &self,
        change: &mut Transaction,
        participant_id: Option<ParticipantId>,
    ) -> Result<Vec<Somebody>, DbError> {
        sql("SELECT participant_id, name, subject, role FROM stays WHERE tenant_id = $1 \
             AND call_id = $2 AND ($3 IS NULL OR participant_id = $3) AND left_at IS NULL \
             ORDER BY joined_at, participant_id")
        .bind(self.tenant_id)
        .bind(self.call_id)
        .bind(participant_id)
        .fetch_all(&mut *change)
        .await
    }

    async fn ended(&self, change: &mut Transaction, reason: Value) -> Result<(), DbError> {
        let going_on: Option<(i64,)> = sql("SELECT started_at FROM calls WHERE tenant_id = $1 \
             AND id = $2 AND ended_at IS NULL")
        .bind(self.tenant_id)
        .bind(self.call_id)
        .fetch_optional(&mut *change)
        .await?;
        let Some((started_at,)) = going_on else { return Ok(()) };
        let (participants,): (i64,) = sql("SELECT COUNT(DISTINCT participant_id) FROM stays \
             WHERE tenant_id = $1 AND call_id = $2")
        .bind(self.tenant_id)
        .bind(self.call_id)
        .fetch_one(&mut *change)
        .await?;
        let data = json!({ "reason": reason });
        self.tell(change, WebhookEventType::RoomEnded, data, self.jaas_room()).await?;
        let seconds = (self.at.as_micros() - started_at).max(0) / 1_000_000;
        let data = json!({ "reason": reason, "duration_s": seconds, "participants": participants });
        self.tell(change, WebhookEventType::CallEnded, data.clone(), data).await
    }

    async fn role_changed(
        &self,
        change: &mut Transaction,
        participant_id: ParticipantId,
        role: Role,
    ) -> Result<(), DbError> {
        for somebody in self.inside(change, Some(participant_id)).await? {
            let somebody = Somebody { role: role_name(role).to_owned(), ..somebody };
            let to = json!({ "participantJid": participant_id });
            let jaas = json!({ "role": somebody.role, "grantedBy": null, "grantedTo": to });
            let data = somebody.standard();
            self.tell(change, WebhookEventType::RoleChanged, data, jaas).await?;
        }
        Ok(())
    }

    async fn lobby_left(
        &self,
        change: &mut Transaction,
        participant_id: ParticipantId,
        is_admitted: bool,
    ) -> Result<(), DbError> {
        // The name was told when they came: it stands in the timeline of the call, if that has begun.
        let entered: Option<(String,)> =
            sql("SELECT detail FROM call_events WHERE tenant_id = $1 \
             AND call_id = $2 AND participant_id = $3 AND kind = 'lobby_entered' \
             ORDER BY id DESC LIMIT 1")
            .bind(self.tenant_id)
            .bind(self.call_id)
            .bind(participant_id)
            .fetch_optional(&mut *change)
            .await?;
        let detail: Value =
            entered.and_then(|(detail,)| serde_json::from_str(&detail).ok()).unwrap_or_default();
        let name = detail["name"].as_str().unwrap_or_default().to_owned();
        let somebody = waiting(participant_id, name);
        let data = with(somebody.standard(), json!({ "is_admitted": is_admitted }));
        let reason = jaas_disconnect_reason(LeaveReason::Left);
        let jaas = with(somebody.jaas(), json!({ "disconnectReason": reason }));
        self.tell(change, WebhookEventType::LobbyLeft, data, jaas).await
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Moderator => "moderator",
        Role::Participant => "participant",
    }
}
