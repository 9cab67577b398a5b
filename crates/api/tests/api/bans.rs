//! People who may not join.

use axum::http::{Method, StatusCode};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::json;

use crate::World;

#[on_both_engines]
async fn a_ban_is_made_listed_and_lifted(engine: Engine) {
    let world = World::on(engine).await;
    let agent = world.member(world.app.tenant_id, "agus@sehat.example", Role::Agent).await;
    let path = format!("/v1/apps/{}/bans", world.app.id);
    let body = json!({ "subject": "kasir-7", "reason": "kasar", "until": "2099-01-01T00:00:00Z" });
    let made = world.call(Method::POST, &path, &body, &agent.cookie).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    assert_eq!(made.body["until"], "2099-01-01T00:00:00Z");
    assert_eq!(made.body["created_by"], "agus@sehat.example");
    let directory = world.database.operator().directory().await.unwrap();
    assert!(directory.apps[&world.app.id].is_banned(Some("kasir-7"), 0));
    world.call(Method::POST, &path, &json!({ "subject": "kasir-8" }), &agent.cookie).await;

    let first = world.get(&format!("{path}?limit=1"), Some(&agent.cookie)).await;
    assert_eq!(first.body["data"][0]["subject"], "kasir-8");
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("{path}?cursor={cursor}"), Some(&agent.cookie)).await;
    assert_eq!(second.body["data"][0], made.body);

    let one = format!("{path}/{}", made.body["id"].as_str().unwrap());
    let lifted = world.call(Method::DELETE, &one, &json!({}), &agent.cookie).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    let again = world.call(Method::DELETE, &one, &json!({}), &agent.cookie).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let directory = world.database.operator().directory().await.unwrap();
    assert!(!directory.apps[&world.app.id].is_banned(Some("kasir-7"), 0));
}

#[on_both_engines]
async fn a_wrong_ban_bans_nobody(engine: Engine) {
    let world = World::on(engine).await;
    let agent = world.member(world.app.tenant_id, "agus@sehat.example", Role::Agent).await;
    let path = format!("/v1/apps/{}/bans", world.app.id);
    for body in [
        json!({}),
        json!({ "subject": "" }),
        json!({ "subject": "a\nb" }),
        json!({ "subject": "x".repeat(257) }),
        json!({ "subject": "budi", "until": "2020-01-01T00:00:00Z" }),
        json!({ "subject": "budi", "until": "besok" }),
        json!({ "subject": "budi", "reason": "x".repeat(301) }),
    ] {
        let answer = world.call(Method::POST, &path, &body, &agent.cookie).await;
        assert_eq!(answer.code(), "invalid_value", "{body}");
    }
    let listed = world.get(&path, Some(&agent.cookie)).await;
    assert_eq!(listed.body["data"], json!([]));
}
