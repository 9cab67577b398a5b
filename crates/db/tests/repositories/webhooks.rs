use std::time::Duration;

use jumpa_db::{
    App, Author, DeliveryOutcome, NewApp, OutgoingMail, PausedWebhook, TenantScope, Timestamp,
    Webhook, WebhookAttempt, WebhookDelivery, WebhookEventType, WebhookFormat, WebhookSettings,
};
use jumpa_protocol::{
    CallId, ParticipantId, ReportId, RoomKey, TenantId,
    report::{CallFact, CallReport, JoinedParticipant, LogEntry, LogPosition, Via},
    signal::{ClientInfo, LeaveReason, Role},
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::at;

struct World {
    base: TestDatabase,
    tenant_id: TenantId,
    app: App,
    log_id: Uuid,
    call_id: CallId,
    budi: ParticipantId,
}

impl World {
    async fn new(engine: Engine) -> Self {
        let base = TestDatabase::new(engine).await;
        let tenant_id = base.database.operator().create_tenant("Klinik", at(1)).await.unwrap();
        let scope = base.database.tenant(tenant_id);
        let new = NewApp::named("Klinik Sehat");
        let app = scope.create_app(&new, &Author::system(), at(2)).await.unwrap();
        let (log_id, call_id) = (Uuid::now_v7(), CallId::generate());
        Self { base, tenant_id, app, log_id, call_id, budi: ParticipantId::generate() }
    }

    fn scope(&self) -> TenantScope<'_> {
        self.base.database.tenant(self.tenant_id)
    }

    async fn webhook(&self, change: impl FnOnce(&mut WebhookSettings)) -> Webhook {
        let mut settings = WebhookSettings {
            url: "https://klinik.example/hooks".to_owned(),
            app_id: None,
            events: None,
            format: WebhookFormat::Standard,
            is_paused: false,
        };
        change(&mut settings);
        let made = self.scope().create_webhook(&settings, &Author::system(), at(3)).await;
        let (webhook, secret) = made.unwrap();
        assert!(secret.starts_with("whsec_") && secret.len() > 40, "{secret}");
        webhook
    }

    fn entry(&self, seconds: u64, fact: CallFact) -> LogEntry {
        LogEntry::Call(CallReport {
            id: ReportId::generate(),
            at_us: seconds * 1_000_000,
            room: RoomKey { app_id: self.app.id.clone(), room: "ruang-1".parse().unwrap() },
            call_id: self.call_id,
            fact,
        })
    }

    fn began(&self, seconds: u64) -> LogEntry {
        self.entry(seconds, CallFact::CallBegan { started_at_ms: 10_000 })
    }

    fn joined(&self, seconds: u64) -> LogEntry {
        self.entry(
            seconds,
            CallFact::ParticipantJoined(JoinedParticipant {
                participant_id: self.budi,
                joined_at_ms: 11_000,
                name: "Budi".to_owned(),
                subject: Some("pasien-7".to_owned()),
                key_id: None,
                role: Role::Participant,
                via: Via::Signalling,
                client: ClientInfo::default(),
                sources: Vec::new(),
            }),
        )
    }

    /// A call of Budi from 10 to 70 s, in which Dewi waits in vain.
    fn call(&self) -> Vec<LogEntry> {
        let (participant_id, reason) = (self.budi, LeaveReason::Left);
        let dewi = ParticipantId::generate();
        let entered = CallFact::LobbyEntered { participant_id: dewi, name: "Dewi".to_owned() };
        let refused = CallFact::LobbyLeft { participant_id: dewi, is_admitted: false };
        vec![
            self.began(10),
            self.joined(11),
            self.entry(20, entered),
            self.entry(30, refused),
            self.entry(70, CallFact::ParticipantLeft { participant_id, reason }),
            self.entry(70, CallFact::CallEnded { reason: None }),
        ]
    }

    async fn store(&self, entries: &[LogEntry]) {
        let operator = self.base.database.operator();
        let position = LogPosition { segment: 1, offset: 1 };
        operator.store_reports(self.log_id, entries, position).await.unwrap();
    }

    /// What was written for a webhook, the oldest first.
    async fn written(&self, webhook: &Webhook) -> Vec<WebhookDelivery> {
        let found = self.scope().webhook_deliveries(webhook.id, None, None, 100).await;
        let mut found = found.unwrap();
        found.reverse();
        found
    }

    async fn bodies(&self, webhook: &Webhook) -> Vec<Value> {
        let written = self.written(webhook).await;
        written.iter().map(|one| serde_json::from_str(&one.request_body).unwrap()).collect()
    }
}

fn types(bodies: &[Value]) -> Vec<&str> {
    bodies.iter().map(|body| body["type"].as_str().unwrap()).collect()
}

fn failed(at: Timestamp) -> WebhookAttempt {
    WebhookAttempt {
        at,
        status_code: Some(500),
        error: None,
        duration_ms: 7,
        response_body: "rusak\0".to_owned(),
    }
}

#[on_both_engines]
async fn a_call_is_told_in_order_with_numbers(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    world.store(&world.call()).await;
    let bodies = world.bodies(&webhook).await;
    let expected = [
        "room.started",
        "participant.joined",
        "participant.joined_lobby",
        "participant.left_lobby",
        "participant.left",
        "room.ended",
        "call.ended",
    ];
    assert_eq!(types(&bodies), expected);
    let numbers: Vec<i64> =
        bodies.iter().map(|body| body["data"]["sequence"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(bodies[0]["timestamp"], "1970-01-01T00:00:10Z");
    let joined = &bodies[1]["data"];
    assert_eq!((&joined["name"], &joined["subject"]), (&json!("Budi"), &json!("pasien-7")));
    assert_eq!(joined["room"], "ruang-1");
    assert_eq!(joined["app_id"], world.app.id.as_str());
    assert_eq!(bodies[3]["data"]["name"], "Dewi");
    assert_eq!(
        (&bodies[4]["data"]["name"], &bodies[4]["data"]["reason"]),
        (&json!("Budi"), &json!("left"))
    );
    assert_eq!(
        (&bodies[6]["data"]["duration_s"], &bodies[6]["data"]["participants"]),
        (&json!(60), &json!(1))
    );
}

#[on_both_engines]
async fn the_envelope_of_jaas_has_its_names_and_fields(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|settings| settings.format = WebhookFormat::Jaas).await;
    world.store(&world.call()).await;
    let bodies = world.bodies(&webhook).await;
    let names: Vec<&str> = bodies.iter().map(|body| body["eventType"].as_str().unwrap()).collect();
    let expected = [
        "ROOM_CREATED",
        "PARTICIPANT_JOINED",
        "PARTICIPANT_JOINED_LOBBY",
        "PARTICIPANT_LEFT_LOBBY",
        "PARTICIPANT_LEFT",
        "ROOM_DESTROYED",
        "CALL_ENDED",
    ];
    assert_eq!(names, expected);
    let left = &bodies[4];
    assert_eq!(left["fqn"], format!("{}/ruang-1", world.app.id));
    assert_eq!(left["sessionId"], world.call_id.to_string());
    assert_eq!(left["customerId"], world.tenant_id.to_string());
    assert_eq!(left["timestamp"], 70_000);
    assert_eq!(left["data"]["disconnectReason"], "left");
    assert_eq!(left["data"]["id"], "pasien-7");
    let written = world.written(&webhook).await;
    assert_eq!(left["idempotencyKey"], written[4].event_id.to_string());
}

#[on_both_engines]
async fn what_a_server_tells_again_is_not_told_twice(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    world.store(&[world.began(10), world.joined(11)]).await;
    let goes_on = LogEntry::Started { at_us: 20_000_000, continues: vec![world.call_id] };
    world.store(&[goes_on, world.began(20), world.joined(21)]).await;
    assert_eq!(types(&world.bodies(&webhook).await), ["room.started", "participant.joined"]);
}

#[on_both_engines]
async fn a_call_whose_server_is_gone_ends_for_webhooks_as_well(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    world.store(&[world.began(10), world.joined(11)]).await;
    world.store(&[LogEntry::Started { at_us: 99_000_000, continues: vec![] }]).await;
    let bodies = world.bodies(&webhook).await;
    assert_eq!(types(&bodies)[2..], ["participant.left", "room.ended", "call.ended"]);
    assert_eq!(bodies[2]["data"]["reason"], "server_lost");
}

#[on_both_engines]
async fn a_webhook_hears_what_it_wants_of_its_app_alone(engine: Engine) {
    let world = World::new(engine).await;
    let new = NewApp::named("Kasir");
    let other = world.scope().create_app(&new, &Author::system(), at(3)).await.unwrap();
    let of_other = world.webhook(|settings| settings.app_id = Some(other.id)).await;
    let paused = world.webhook(|settings| settings.is_paused = true).await;
    let ends =
        world.webhook(|settings| settings.events = Some(vec![WebhookEventType::RoomEnded])).await;
    world.store(&world.call()).await;
    assert!(world.written(&of_other).await.is_empty());
    assert!(world.written(&paused).await.is_empty());
    assert_eq!(types(&world.bodies(&ends).await), ["room.ended"]);
}

#[on_both_engines]
async fn acts_on_apps_and_keys_are_told(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    let by = Author::system();
    let app = world.scope().create_app(&NewApp::named("Kasir"), &by, at(4)).await.unwrap();
    let bodies = world.bodies(&webhook).await;
    assert!(types(&bodies).contains(&"app.created"), "{bodies:?}");
    assert_eq!(bodies[0]["data"]["app_id"], app.id.as_str());
}

#[on_both_engines]
async fn a_delivery_is_leased_tried_again_and_kept_in_the_log(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    world.store(&[world.began(10)]).await;
    let operator = world.base.database.operator();
    let due = operator.claim_webhook_delivery(at(100)).await.unwrap().unwrap();
    assert_eq!((due.url.as_str(), due.attempts), ("https://klinik.example/hooks", 1));
    assert_eq!(due.secrets.len(), 1);
    assert!(operator.claim_webhook_delivery(at(101)).await.unwrap().is_none(), "it is leased");

    let retry = DeliveryOutcome::RetryAt(at(110));
    let since = operator.note_webhook_attempt(&due, &failed(at(100)), retry).await.unwrap();
    assert_eq!(since, Some(at(100)));
    assert!(operator.claim_webhook_delivery(at(109)).await.unwrap().is_none());
    let due = operator.claim_webhook_delivery(at(110)).await.unwrap().unwrap();
    let taken = WebhookAttempt { status_code: Some(204), ..failed(at(110)) };
    let outcome = DeliveryOutcome::Delivered;
    assert_eq!(operator.note_webhook_attempt(&due, &taken, outcome).await.unwrap(), None);

    let id = world.written(&webhook).await[0].id;
    let (delivery, attempts) = world.scope().webhook_delivery(id, None).await.unwrap();
    assert_eq!((delivery.status.as_str(), delivery.attempts), ("delivered", 2));
    let codes: Vec<_> = attempts.iter().map(|attempt| attempt.status_code).collect();
    assert_eq!(codes, [Some(500), Some(204)]);
    assert_eq!(attempts[0].response_body, "rusak");

    let by = Author::system();
    world.scope().resend_webhook_delivery(id, &by, at(200)).await.unwrap();
    let due = operator.claim_webhook_delivery(at(200)).await.unwrap().unwrap();
    assert_eq!((due.attempts, due.attempts_of_round), (3, 1));
}

#[on_both_engines]
async fn a_lease_that_runs_out_is_taken_by_the_next_server(engine: Engine) {
    let world = World::new(engine).await;
    world.webhook(|_| {}).await;
    world.store(&[world.began(10)]).await;
    let operator = world.base.database.operator();
    operator.claim_webhook_delivery(at(100)).await.unwrap().unwrap();
    let again = operator.claim_webhook_delivery(at(161)).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2);
}

#[on_both_engines]
async fn a_paused_webhook_keeps_what_waits_until_it_is_resumed(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    world.store(&[world.began(10)]).await;
    let operator = world.base.database.operator();
    let compose = |paused: &PausedWebhook| OutgoingMail {
        kind: "webhook_paused",
        tenant_id: Some(paused.tenant_id),
        recipient: paused.email.clone(),
        subject: String::new(),
        body: String::new(),
    };
    operator.pause_webhook(webhook.id, "failing", &compose, at(50)).await.unwrap();
    assert!(operator.claim_webhook_delivery(at(100)).await.unwrap().is_none());
    let paused = world.scope().webhook(webhook.id, None).await.unwrap();
    assert_eq!(paused.pause_reason.as_deref(), Some("failing"));
    let settings = WebhookSettings { is_paused: false, ..paused.settings().unwrap() };
    let by = Author::system();
    world.scope().update_webhook(webhook.id, &settings, &by, at(101)).await.unwrap();
    assert!(operator.claim_webhook_delivery(at(102)).await.unwrap().is_some());
}

#[on_both_engines]
async fn the_old_secret_signs_for_a_day(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    let by = Author::system();
    let new = world.scope().rotate_webhook_secret(webhook.id, &by, at(100)).await.unwrap();
    world.store(&[world.began(10)]).await;
    let operator = world.base.database.operator();
    let due = operator.claim_webhook_delivery(at(200)).await.unwrap().unwrap();
    assert_eq!((due.secrets.len(), &due.secrets[0]), (2, &new));
    let day = Duration::from_secs(24 * 60 * 60);
    let due = operator.claim_webhook_delivery(at(200) + day).await.unwrap().unwrap();
    assert_eq!(due.secrets, [new]);
}

#[on_both_engines]
async fn another_tenant_reaches_no_webhook_and_no_delivery(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    world.store(&[world.began(10)]).await;
    let delivery = world.written(&webhook).await[0].id;
    let operator = world.base.database.operator();
    let stranger = operator.create_tenant("Toko Melati", at(3)).await.unwrap();
    let scope = world.base.database.tenant(stranger);
    let by = Author::system();
    assert!(scope.webhook(webhook.id, None).await.is_err());
    assert!(scope.webhook_delivery(delivery, None).await.is_err());
    assert!(scope.resend_webhook_delivery(delivery, &by, at(9)).await.is_err());
    assert!(scope.rotate_webhook_secret(webhook.id, &by, at(9)).await.is_err());
    assert!(scope.delete_webhook(webhook.id, &by, at(9)).await.is_err());
    assert!(scope.webhook_deliveries(webhook.id, None, None, 9).await.unwrap().is_empty());
    assert_eq!(world.written(&webhook).await.len(), 1);
}

#[on_both_engines]
async fn old_deliveries_are_forgotten(engine: Engine) {
    let world = World::new(engine).await;
    let webhook = world.webhook(|_| {}).await;
    world.store(&[world.began(10)]).await;
    let operator = world.base.database.operator();
    let month = Duration::from_secs(30 * 24 * 60 * 60);
    assert_eq!(operator.forget_webhook_deliveries(at(9) + month).await.unwrap(), 0);
    assert_eq!(operator.forget_webhook_deliveries(at(11) + month).await.unwrap(), 1);
    assert!(world.written(&webhook).await.is_empty());
}
