//! Keys for the API: making them, and what they reach.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use jumpa_db::Author;
use jumpa_protocol::{Role, TenantStatus};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{World, request};

#[on_both_engines]
async fn an_api_key_is_shown_once_and_void_after_its_deletion(engine: Engine) {
    let world = World::on(engine).await;
    let member = world.member(world.app.tenant_id, "dewi@sehat.example", Role::Developer).await;
    let path = format!("/v1/apps/{}/api_keys", world.app.id);
    let body = json!({ "name": "Kasir" });
    let made = world.call(Method::POST, &path, &body, &member.cookie).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let secret = made.body["secret"].as_str().unwrap();
    assert!(secret.starts_with(made.body["api_key"]["prefix"].as_str().unwrap()));

    let app = format!("/v1/apps/{}", world.app.id);
    let shown = world.call_with_key(Method::GET, &app, &json!({}), secret).await;
    assert_eq!(shown.body["name"], "Klinik Sehat", "{:?}", shown.body);
    let listed = world.get(&path, Some(&member.cookie)).await;
    assert_eq!(listed.body["data"][0]["name"], "Kasir");
    assert!(listed.body["data"][0]["last_used_at"].is_string());
    assert!(!listed.body.to_string().contains(secret));

    let one = format!("{path}/{}", made.body["api_key"]["id"].as_str().unwrap());
    let deleted = world.call(Method::DELETE, &one, &json!({}), &member.cookie).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let refused = world.call_with_key(Method::GET, &app, &json!({}), secret).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::UNAUTHORIZED, "api_key_invalid"));
}

#[on_both_engines]
async fn a_list_of_apps_is_for_an_api_key_its_own_app(engine: Engine) {
    let world = World::on(engine).await;
    let key = world.api_key(&world.app).await;
    world.another_app(world.app.tenant_id).await;
    let listed = world.call_with_key(Method::GET, "/v1/apps", &json!({}), &key).await;
    let data = listed.body["data"].as_array().unwrap();
    assert_eq!(data.len(), 1);
    assert_eq!(data[0]["id"], world.app.id.as_str());
    let path = "/v1/apps?status=deleted";
    let deleted = world.call_with_key(Method::GET, path, &json!({}), &key).await;
    assert_eq!(deleted.body["data"], json!([]));
}

#[on_both_engines]
async fn what_an_api_key_does_stands_under_its_name_in_the_audit(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let key = world.api_key(&world.app).await;
    let path = format!("/v1/apps/{}/bans", world.app.id);
    let made = world.call_with_key(Method::POST, &path, &json!({ "subject": "budi" }), &key).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let audit = world.get("/v1/audit?action=ban.created", Some(&owner.cookie)).await;
    let line: &Value = &audit.body["data"][0];
    assert_eq!((&line["actor_kind"], &line["actor_name"]), (&json!("api_key"), &json!("Kasir")));
    assert!(line["actor_id"].as_str().unwrap().starts_with("apk_"));
    assert_eq!(line["address"], "127.0.0.1");
}

#[on_both_engines]
async fn an_api_key_of_a_suspended_tenant_may_only_look(engine: Engine) {
    let world = World::on(engine).await;
    let key = world.api_key(&world.app).await;
    let (by, now) = (Author::system(), jumpa_db::Timestamp::now());
    let operator = world.database.operator();
    let suspended = TenantStatus::Suspended;
    operator.set_tenant_status(world.app.tenant_id, suspended, &by, now).await.unwrap();
    let path = format!("/v1/apps/{}/bans", world.app.id);
    let shown = world.call_with_key(Method::GET, &path, &json!({}), &key).await;
    assert_eq!(shown.status, StatusCode::OK);
    let refused = world.call_with_key(Method::POST, &path, &json!({ "subject": "b" }), &key).await;
    assert_eq!(refused.code(), "tenant_suspended");
}

#[on_both_engines]
async fn an_api_key_of_a_deleted_app_is_void(engine: Engine) {
    let world = World::on(engine).await;
    let key = world.api_key(&world.app).await;
    let (scope, by) = (world.database.tenant(world.app.tenant_id), Author::system());
    scope.delete_app(&world.app.id, &by, jumpa_db::Timestamp::now()).await.unwrap();
    let refused = world.call_with_key(Method::GET, "/v1/apps", &json!({}), &key).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::UNAUTHORIZED, "api_key_invalid"));
}

#[tokio::test]
async fn what_is_no_api_key_is_refused() {
    let world = World::new().await;
    let long = format!("jumpa_api_{}", "x".repeat(10_000));
    for key in ["", "jumpa_api_", "jumpa_api_salah", "rahasia", &long] {
        let refused = world.call_with_key(Method::GET, "/v1/apps", &json!({}), key).await;
        assert_eq!(refused.code(), "api_key_invalid", "{key}");
    }
}

#[on_both_engines]
async fn an_api_key_acts_for_no_other_tenant(engine: Engine) {
    let world = World::on(engine).await;
    let key = world.api_key(&world.app).await;
    let (other, _) = world.other_tenant().await;
    let named = async |tenant: &str| {
        let ask = request(Method::GET, "/v1/apps", None)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header("x-jumpa-tenant", tenant)
            .body(Body::empty())
            .unwrap();
        world.send(ask).await
    };
    assert_eq!(named(&world.app.tenant_id.to_string()).await.status, StatusCode::OK);
    for tenant in [other.to_string().as_str(), "bukan-id"] {
        let answer = named(tenant).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{tenant}"
        );
    }
}
