//! `Idempotency-Key`: what is sent again is not done again.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, ORIGIN, World, request};

async fn create(world: &World, cookie: &str, key: &str, body: &Value) -> Answer {
    let request = request(Method::POST, "/v1/webhooks", Some(cookie))
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .unwrap();
    world.send(request).await
}

fn webhook(url: &str) -> Value {
    json!({ "url": url, "events": ["*"] })
}

async fn count(world: &World, cookie: &str) -> usize {
    let list = world.get("/v1/webhooks", Some(cookie)).await;
    list.body["data"].as_array().unwrap().len()
}

#[on_both_engines]
async fn a_request_that_is_sent_again_gets_the_first_answer(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let body = webhook("https://klinik.example/hooks");
    let first = create(&world, &owner.cookie, "kunci-1", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{:?}", first.body);
    let again = create(&world, &owner.cookie, "kunci-1", &body).await;
    assert_eq!((again.status, &again.body), (StatusCode::CREATED, &first.body));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert!(!first.headers.contains_key("idempotency-replayed"));
    assert_eq!(count(&world, &owner.cookie).await, 1);
    create(&world, &owner.cookie, "kunci-2", &body).await;
    assert_eq!(count(&world, &owner.cookie).await, 2);
}

#[on_both_engines]
async fn a_key_is_for_one_request(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    create(&world, &owner.cookie, "kunci-1", &webhook("https://klinik.example/a")).await;
    let other =
        create(&world, &owner.cookie, "kunci-1", &webhook("https://klinik.example/b")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.code(), "idempotency_key_reused");
    assert_eq!(count(&world, &owner.cookie).await, 1);
}

#[on_both_engines]
async fn somebody_else_may_use_the_same_key(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let (_, stranger) = world.other_tenant().await;
    let body = webhook("https://klinik.example/hooks");
    let first = create(&world, &owner.cookie, "kunci-1", &body).await;
    let second = create(&world, &stranger.cookie, "kunci-1", &body).await;
    assert_eq!(second.status, StatusCode::CREATED);
    assert_ne!(first.body["secret"], second.body["secret"]);
}

#[tokio::test]
async fn what_was_refused_can_be_mended_under_the_same_key() {
    let world = World::new().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let refused = create(&world, &owner.cookie, "kunci-1", &webhook("bukan-alamat")).await;
    assert_eq!(refused.code(), "invalid_value");
    let mended = create(&world, &owner.cookie, "kunci-1", &webhook("https://klinik.example")).await;
    assert_eq!(mended.status, StatusCode::CREATED);
}

#[tokio::test]
async fn of_two_at_once_one_is_done() {
    let world = World::new().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let body = webhook("https://klinik.example/hooks");
    let (one, two) = tokio::join!(
        create(&world, &owner.cookie, "kunci-1", &body),
        create(&world, &owner.cookie, "kunci-1", &body),
    );
    for answer in [one, two] {
        let is_right = answer.status == StatusCode::CREATED
            || (answer.status, answer.code()) == (StatusCode::CONFLICT, "idempotency_in_flight");
        assert!(is_right, "{:?}", answer.body);
    }
    assert_eq!(count(&world, &owner.cookie).await, 1);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let world = World::new().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    for key in ["", "dua kata", &"x".repeat(256)] {
        let body = webhook("https://klinik.example");
        let refused = create(&world, &owner.cookie, key, &body).await;
        assert_eq!(refused.code(), "invalid_value", "{key:?}");
    }
    assert_eq!(count(&world, &owner.cookie).await, 0);
}
