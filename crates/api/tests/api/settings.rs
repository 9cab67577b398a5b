//! Choices for the whole platform, what the server was started with, and the test mail.

use axum::http::{Method, StatusCode};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{World, mails};

const SETTINGS: &str = "/v1/operator/settings";
const TEST_MAIL: &str = "/v1/operator/test_mail";

async fn change(world: &World, operator: &str, body: Value) -> crate::Answer {
    world.call(Method::PATCH, SETTINGS, &body, operator).await
}

#[on_both_engines]
async fn a_choice_holds_for_the_next_client(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let shown = world.get(SETTINGS, Some(&operator)).await;
    assert_eq!(shown.body["platform"]["new_app_environment"], "trial");
    assert_eq!(shown.body["platform"]["trial_limits"]["max_calls"], Value::Null);

    let choices = json!({
        "name": "Video Sehat", "language": "id",
        "trial_limits": { "max_participants": 4, "minutes_per_month": 2_000, "retention_days": 30 },
    });
    let changed = change(&world, &operator, choices).await;
    assert_eq!(changed.status, StatusCode::OK, "{:?}", changed.body);
    assert_eq!(changed.body["trial_limits"]["max_participants"], 4);

    let client = json!({
        "name": "Toko Melati", "owner": { "email": "dewi@melati.example" },
        "app": { "name": "Toko Melati" },
    });
    let made = world.call(Method::POST, "/v1/operator/tenants", &client, &operator).await;
    let limits = &made.body["app"]["limits"];
    assert_eq!(limits["max_participants"], 4, "{:?}", made.body);
    assert_eq!(limits["retention_days"], 30);
    let outbox = world.get("/v1/operator/mails", Some(&operator)).await;
    let mail = outbox.body["data"][0]["body"].as_str().unwrap();
    assert!(mail.contains("mengundang Anda ke dasbor Video Sehat"), "{mail}");

    let audit = world.get("/v1/operator/audit?action=settings.changed", Some(&operator)).await;
    let [line] = audit.body["data"].as_array().unwrap().as_slice() else { panic!("{audit:?}") };
    assert_eq!(line["before"]["name"], "Jumpa");
    assert_eq!(line["after"]["trial_limits"]["minutes_per_month"], 2_000);
}

#[on_both_engines]
async fn an_app_of_a_client_begins_as_was_chosen(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let choices = json!({
        "new_app_environment": "production", "production_limits": { "max_calls": 7 },
    });
    change(&world, &operator, choices).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let app = json!({ "name": "Klinik Sehat" });
    let made = world.call(Method::POST, "/v1/apps", &app, &owner.cookie).await;
    assert_eq!(made.body["environment"], "production", "{:?}", made.body);
    assert_eq!(made.body["limits"]["max_calls"], 7);
}

#[tokio::test]
async fn a_wrong_choice_changes_nothing() {
    let world = World::new().await;
    let operator = world.operator_cookie().await;
    for wrong in [
        json!({ "name": "" }),
        json!({ "language": "fr" }),
        json!({ "support_email": "bantuan" }),
        json!({ "support_url": "http://call.example" }),
        json!({ "support_url": "javascript:alert(1)" }),
        json!({ "trial_limits": { "max_participants": 0 } }),
        json!({ "production_limits": { "retention_days": 40_000 } }),
        json!({ "new_app_environment": "gratis" }),
        json!({ "nama": "Video Sehat" }),
    ] {
        let body = json!({ "name": "Video Sehat" });
        let mut both = body.as_object().unwrap().clone();
        both.extend(wrong.as_object().unwrap().clone());
        let answer = change(&world, &operator, Value::Object(both)).await;
        assert!(answer.status.is_client_error(), "{wrong} {:?}", answer.body);
    }
    let shown = world.get(SETTINGS, Some(&operator)).await;
    assert_eq!(shown.body["platform"]["name"], "Jumpa");
}

#[on_both_engines]
async fn everybody_reads_where_to_ask_for_help(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let help = json!({
        "support_email": "bantuan@sehat.example", "support_url": "https://sehat.example/bantuan",
    });
    change(&world, &operator, help).await;
    let public = world.get("/v1/public/platform", None).await;
    assert_eq!(
        public.body,
        json!({
            "name": "Jumpa", "language": "en", "support_email": "bantuan@sehat.example",
            "support_url": "https://sehat.example/bantuan",
        })
    );
    change(&world, &operator, json!({ "support_email": null })).await;
    let public = world.get("/v1/public/platform", None).await;
    assert_eq!(public.body["support_email"], Value::Null);
}

#[on_both_engines]
async fn the_operator_sees_what_the_server_was_started_with(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let shown = world.get(SETTINGS, Some(&operator)).await;
    let server = shown.body["server"].as_array().unwrap();
    let listen = json!({ "name": "http_listen", "key": "http.listen", "value": "127.0.0.1:8080" });
    assert!(server.contains(&listen), "{server:?}");
    let database = server.iter().find(|one| one["name"] == "database").unwrap();
    let name = if engine == Engine::Sqlite { "SQLite 3." } else { "PostgreSQL " };
    assert!(database["value"].as_str().unwrap().starts_with(name), "{database}");
}

#[tokio::test]
async fn a_member_neither_sees_nor_changes_settings() {
    let world = World::new().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let seen = world.get(SETTINGS, Some(&owner.cookie)).await;
    assert_eq!((seen.status, seen.code()), (StatusCode::FORBIDDEN, "forbidden"));
    let changed = change(&world, &owner.cookie, json!({ "name": "Milik saya" })).await;
    assert_eq!(changed.code(), "forbidden");
    let sent = world.call(Method::POST, TEST_MAIL, &json!({}), &owner.cookie).await;
    assert_eq!(sent.code(), "forbidden");
}

#[tokio::test]
async fn a_test_mail_tells_what_the_mail_server_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let world = World::with(|mut config| {
        config.mailer = Some(mails::mailer(port));
        config
    })
    .await;
    let operator = world.operator_cookie().await;
    let to_me = json!({});
    let (text, sent) = tokio::join!(
        mails::take_mail(&listener, false),
        world.call(Method::POST, TEST_MAIL, &to_me, &operator),
    );
    assert_eq!(sent.body["is_sent"], true, "{:?}", sent.body);
    assert_eq!(sent.body["recipient"], "ops@sehat.example");
    assert!(text.contains("A test mail of Jumpa"), "{text}");

    let to_budi = json!({ "recipient": "budi@sehat.example" });
    let (_, refused) = tokio::join!(
        mails::take_mail(&listener, true),
        world.call(Method::POST, TEST_MAIL, &to_budi, &operator),
    );
    assert_eq!(refused.body["is_sent"], false);
    let problem = refused.body["problem"].as_str().unwrap();
    assert!(problem.contains("later"), "{problem}");

    let audit = world.get("/v1/operator/audit?action=mail.tested", Some(&operator)).await;
    assert_eq!(audit.body["data"][0]["after"]["is_sent"], false);
    assert_eq!(audit.body["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn without_a_mail_server_there_is_no_test_mail() {
    let world = World::new().await;
    let operator = world.operator_cookie().await;
    let answer = world.call(Method::POST, TEST_MAIL, &json!({}), &operator).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "mail_unconfigured"));
}
