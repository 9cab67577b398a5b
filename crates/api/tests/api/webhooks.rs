//! Webhooks: what their tenant does with them, and requests to a real receiver.

use axum::http::{Method, StatusCode};
use jumpa_api::WebhookSender;
use jumpa_db::{Author, NewApp, Timestamp};
use jumpa_protocol::{AllowedNetworks, Role};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{Answer, Member, World, webhook_receiver::Receiver};

struct Clinic {
    world: World,
    owner: Member,
}

impl Clinic {
    async fn new(engine: Engine) -> Self {
        let world = World::on(engine).await;
        let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
        Self { world, owner }
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.world.call(method, path, body, &self.owner.cookie).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.world.get(path, Some(&self.owner.cookie)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {:?}", answer.body);
        answer.body
    }

    /// Makes a webhook and gives its id and secret.
    async fn create(&self, url: &str, format: &str) -> (String, String) {
        let body = json!({ "url": url, "events": ["*"], "format": format });
        let made = self.ask(Method::POST, "/v1/webhooks", &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made.body["webhook"]["id"]), text(&made.body["secret"]))
    }

    /// Does something with a webhook.
    async fn act(&self, id: &str, verb: &str) -> Answer {
        self.ask(Method::POST, &format!("/v1/webhooks/{id}/{verb}"), &json!({})).await
    }

    /// The deliveries of a webhook once one of them has this status.
    async fn delivery(&self, id: &str, status: &str) -> Value {
        let path = format!("/v1/webhooks/{id}/deliveries?status={status}");
        let found = async {
            loop {
                let page = self.get(&path).await;
                if let Some(first) = page["data"].get(0) {
                    return first.clone();
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), found).await.unwrap()
    }

    /// Sends what is written until the guard is dropped.
    fn send(&self) -> DropGuard {
        let networks = AllowedNetworks::parse(&["127.0.0.0/8".to_owned()]).unwrap();
        let base = "https://call.example".to_owned();
        let sender = WebhookSender::new(self.world.database.clone(), networks, base);
        let stop = CancellationToken::new();
        tokio::spawn(sender.keep_sending(stop.clone()));
        stop.drop_guard()
    }
}

#[on_both_engines]
async fn a_test_event_arrives_with_the_signature_of_standard_webhooks(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let mut receiver = Receiver::start().await;
    let (id, secret) = clinic.create(&receiver.url, "standard").await;
    let _sending = clinic.send();
    let sent = clinic.act(&id, "test").await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{:?}", sent.body);
    let taken = receiver.takes().await;
    assert!(taken.is_signed_by(&secret));
    assert!(!taken.is_signed_by("whsec_AAAA"));
    assert_eq!(taken.body()["type"], "webhook.test");
    assert_eq!(taken.headers["webhook-id"], sent.body["delivery"]["event_id"].as_str().unwrap());

    let delivered = clinic.delivery(&id, "delivered").await;
    let path = format!("/v1/webhook_deliveries/{}", delivered["id"].as_str().unwrap());
    let detail = clinic.get(&path).await;
    assert_eq!(detail["request_body"], taken.text);
    assert_eq!(detail["attempts_log"][0]["status_code"], 200);
    assert_eq!(detail["attempts_log"][0]["response_body"], "terima kasih");
    let webhook = clinic.get(&format!("/v1/webhooks/{id}")).await;
    assert_eq!(webhook["last_status"], "delivered");
    assert!(!webhook.to_string().contains("whsec_"), "the secret was shown once");
}

#[tokio::test]
async fn an_event_arrives_in_the_envelope_of_jaas() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let mut receiver = Receiver::start().await;
    let (id, secret) = clinic.create(&receiver.url, "jaas").await;
    let _sending = clinic.send();
    clinic.act(&id, "test").await;
    let taken = receiver.takes().await;
    assert!(taken.is_signed_by_as_jaas(&secret));
    assert_eq!(taken.body()["eventType"], "WEBHOOK_TEST");
}

#[tokio::test]
async fn after_a_rotation_both_secrets_sign() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let mut receiver = Receiver::start().await;
    let (id, old) = clinic.create(&receiver.url, "standard").await;
    let rotated = clinic.act(&id, "rotate_secret").await;
    let new = rotated.body["secret"].as_str().unwrap().to_owned();
    assert_ne!(old, new);
    let _sending = clinic.send();
    clinic.act(&id, "test").await;
    let taken = receiver.takes().await;
    assert!(taken.is_signed_by(&old) && taken.is_signed_by(&new));
}

#[on_both_engines]
async fn what_was_not_taken_comes_again_under_the_same_id(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let mut receiver = Receiver::start().await;
    receiver.answer(StatusCode::INTERNAL_SERVER_ERROR);
    let (id, secret) = clinic.create(&receiver.url, "standard").await;
    let _sending = clinic.send();
    clinic.act(&id, "test").await;
    let first = receiver.takes().await;
    receiver.answer(StatusCode::NO_CONTENT);
    let second = receiver.takes().await;
    assert_eq!(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert!(second.is_signed_by(&secret), "each attempt is signed for its own time");
    let delivered = clinic.delivery(&id, "delivered").await;
    assert_eq!(delivered["attempts"], 2);

    let id = delivered["id"].as_str().unwrap();
    let path = format!("/v1/webhook_deliveries/{id}/resend");
    let again = clinic.ask(Method::POST, &path, &json!({})).await;
    assert_eq!(again.body["status"], "pending", "{:?}", again.body);
    let third = receiver.takes().await;
    assert_eq!(first.text, third.text);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let mut receiver = Receiver::start().await;
    receiver.answer(StatusCode::TEMPORARY_REDIRECT);
    let (id, _) = clinic.create(&receiver.url, "standard").await;
    let _sending = clinic.send();
    clinic.act(&id, "test").await;
    receiver.takes().await;
    // It is pending from the beginning; the attempt is stored after the receiver has answered.
    let attempted = async {
        loop {
            let pending = clinic.delivery(&id, "pending").await;
            if !pending["last_status_code"].is_null() {
                return pending;
            }
        }
    };
    let attempted = tokio::time::timeout(std::time::Duration::from_secs(20), attempted);
    assert_eq!(attempted.await.unwrap()["last_status_code"], 307);
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn an_address_of_the_inside_is_not_called() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let mut receiver = Receiver::start().await;
    let (id, _) =
        clinic.create(&receiver.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"), "jaas").await;
    let base = "https://call.example".to_owned();
    let none = AllowedNetworks::default();
    let sender = WebhookSender::new(clinic.world.database.clone(), none, base);
    let stop = CancellationToken::new();
    tokio::spawn(sender.keep_sending(stop.clone()));
    let _stop = stop.drop_guard();
    clinic.act(&id, "test").await;
    let attempts = async {
        loop {
            let pending = clinic.delivery(&id, "pending").await;
            let path = format!("/v1/webhook_deliveries/{}", pending["id"].as_str().unwrap());
            let detail = clinic.get(&path).await;
            if let Some(attempt) = detail["attempts_log"].get(0) {
                return attempt.clone();
            }
        }
    };
    let attempt = tokio::time::timeout(std::time::Duration::from_secs(20), attempts).await.unwrap();
    assert!(attempt["error"].as_str().unwrap().contains("not public"), "{attempt}");
    assert!(receiver.is_quiet());
}

#[on_both_engines]
async fn a_receiver_that_is_gone_is_paused_and_its_owner_hears_of_it(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let mut receiver = Receiver::start().await;
    receiver.answer(StatusCode::GONE);
    let (id, _) = clinic.create(&receiver.url, "standard").await;
    let _sending = clinic.send();
    clinic.act(&id, "test").await;
    receiver.takes().await;
    clinic.delivery(&id, "failed").await;
    let operator = clinic.world.operator_cookie().await;
    let paused = async {
        loop {
            let webhook = clinic.get(&format!("/v1/webhooks/{id}")).await;
            if webhook["is_paused"] == true {
                return webhook;
            }
        }
    };
    let webhook = tokio::time::timeout(std::time::Duration::from_secs(20), paused).await.unwrap();
    assert_eq!(webhook["pause_reason"], "gone");
    let mails = clinic.world.get("/v1/operator/mails", Some(&operator)).await.body;
    let mail = &mails["data"].as_array().unwrap()[0];
    assert_eq!(
        (&mail["kind"], &mail["recipient"]),
        (&json!("webhook_paused"), &json!("rina@sehat.example"))
    );
    let page = format!("/dashboard/t/{}/webhooks\n", clinic.world.app.tenant_id);
    assert!(mail["body"].as_str().unwrap().contains(&page), "{mail}");
    let failures = clinic.world.get("/v1/operator/webhook_failures", Some(&operator)).await.body;
    assert_eq!(failures["data"][0]["webhook"]["id"], id.as_str());

    let resumed = clinic.act(&id, "resume").await;
    assert_eq!(
        (&resumed.body["is_paused"], &resumed.body["failing_since"]),
        (&json!(false), &json!(null))
    );
}

#[on_both_engines]
async fn a_webhook_is_changed_and_deleted(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let (id, _) = clinic.create("https://klinik.example/hooks", "standard").await;
    let path = format!("/v1/webhooks/{id}");
    let change = json!({ "events": ["room.ended"], "is_paused": true });
    let changed = clinic.ask(Method::PATCH, &path, &change).await;
    assert_eq!(changed.body["events"], json!(["room.ended"]), "{:?}", changed.body);
    assert_eq!(changed.body["pause_reason"], "requested");
    assert_eq!(changed.body["url"], "https://klinik.example/hooks");
    clinic.act(&id, "test").await;
    let gone = clinic.ask(Method::DELETE, &path, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(clinic.get("/v1/webhooks").await["data"], json!([]));
    let audit = clinic.get("/v1/audit?action=webhook.deleted").await;
    assert_eq!(audit["data"][0]["target_id"], id.as_str());
}

#[tokio::test]
async fn wrong_settings_are_refused() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    for body in [
        json!({ "url": "ftp://klinik.example", "events": ["*"] }),
        json!({ "url": "https://rina:rahasia@klinik.example", "events": ["*"] }),
        json!({ "url": "https://klinik.example", "events": [] }),
        json!({ "url": "https://klinik.example", "events": ["room.exploded"] }),
        json!({ "url": "https://klinik.example", "events": ["*"], "format": "xml" }),
    ] {
        let answer = clinic.ask(Method::POST, "/v1/webhooks", &body).await;
        assert_eq!(answer.code(), "invalid_value", "{body}");
    }
    let body = json!({ "url": "https://klinik.example", "events": ["*"], "app_id": "bukan-app" });
    let answer = clinic.ask(Method::POST, "/v1/webhooks", &body).await;
    assert_eq!(answer.code(), "app_unknown");
}

#[on_both_engines]
async fn another_tenant_reaches_no_webhook(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let (id, _) = clinic.create("https://klinik.example/hooks", "standard").await;
    let sent = clinic.act(&id, "test").await;
    let delivery = sent.body["delivery"]["id"].as_str().unwrap();
    let (_, stranger) = clinic.world.other_tenant().await;
    let empty = json!({});
    for (method, path) in [
        (Method::GET, format!("/v1/webhooks/{id}")),
        (Method::PATCH, format!("/v1/webhooks/{id}")),
        (Method::DELETE, format!("/v1/webhooks/{id}")),
        (Method::POST, format!("/v1/webhooks/{id}/test")),
        (Method::POST, format!("/v1/webhooks/{id}/resume")),
        (Method::POST, format!("/v1/webhooks/{id}/rotate_secret")),
        (Method::GET, format!("/v1/webhooks/{id}/deliveries")),
        (Method::GET, format!("/v1/webhook_deliveries/{delivery}")),
        (Method::POST, format!("/v1/webhook_deliveries/{delivery}/resend")),
    ] {
        let answer = clinic.world.call(method, &path, &empty, &stranger.cookie).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
    }
    let list = clinic.world.get("/v1/webhooks", Some(&stranger.cookie)).await;
    assert_eq!(list.body["data"], json!([]));
}

#[on_both_engines]
async fn a_webhook_of_another_tenants_app_is_not_made(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let (shop, _) = clinic.world.other_tenant().await;
    let (by, now) = (Author::system(), Timestamp::now());
    let database = &clinic.world.database;
    let till = database.tenant(shop).create_app(&NewApp::named("Kasir"), &by, now).await.unwrap();
    let body = json!({ "url": "https://klinik.example", "events": ["*"], "app_id": till.id });
    let answer = clinic.ask(Method::POST, "/v1/webhooks", &body).await;
    assert_eq!(answer.code(), "app_unknown");
}
