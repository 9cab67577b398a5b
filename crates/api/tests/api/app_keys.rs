//! Keys that sign join tokens.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use jumpa_db::{SessionOrigin, Timestamp};
use jumpa_protocol::{Role, directory::KeyMaterial, verification_key::PublicKey};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, Member, World};

async fn developer(world: &World) -> Member {
    world.member(world.app.tenant_id, "dewi@sehat.example", Role::Developer).await
}

fn keys(world: &World) -> String {
    format!("/v1/apps/{}/keys", world.app.id)
}

async fn post(world: &World, member: &Member, path: &str, body: &Value) -> Answer {
    world.call(Method::POST, path, body, &member.cookie).await
}

async fn status_of(world: &World, member: &Member, key_id: &Value) -> Value {
    let listed = world.get(&keys(world), Some(&member.cookie)).await;
    let data = listed.body["data"].as_array().unwrap();
    data.iter().find(|key| key["id"] == *key_id).unwrap()["status"].clone()
}

fn pem() -> String {
    PublicKey::Ed25519(vec![7; 32]).to_pem()
}

#[on_both_engines]
async fn a_secret_is_shown_at_the_making_and_in_no_list(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let made = post(&world, &member, &keys(&world), &json!({ "kind": "hs256" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let secret = made.body["secret"].as_str().unwrap();
    assert!(secret.len() >= 43);
    let listed = world.get(&keys(&world), Some(&member.cookie)).await;
    assert_eq!(listed.body["data"][0], made.body["key"]);
    assert!(!listed.body.to_string().contains(secret));
    let directory = world.database.operator().directory().await.unwrap();
    let id = made.body["key"]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(directory.keys[&id].secret(), Some(secret.as_bytes()));
}

#[on_both_engines]
async fn a_public_key_is_taken_and_its_private_half_is_not(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let body = json!({ "kind": "ed25519", "public_key": pem() });
    let made = post(&world, &member, &keys(&world), &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    assert_eq!(made.body["secret"], json!(null));
    assert_eq!(made.body["key"]["public_key"], pem());
    let directory = world.database.operator().directory().await.unwrap();
    let id = made.body["key"]["id"].as_str().unwrap().parse().unwrap();
    assert!(matches!(directory.keys[&id].material, KeyMaterial::Public(_)));

    for body in [
        json!({ "kind": "ed25519" }),
        json!({ "kind": "es256", "public_key": pem() }),
        json!({ "kind": "hs256", "public_key": pem() }),
        json!({ "kind": "hs512" }),
        json!({ "kind": "rs256", "public_key": "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----" }),
        json!({ "kind": "rs256", "public_key": "kunci" }),
    ] {
        let answer = post(&world, &member, &keys(&world), &body).await;
        assert_eq!(answer.code(), "invalid_value", "{body}");
    }
    let listed = world.get(&keys(&world), Some(&member.cookie)).await;
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 1);
}

#[on_both_engines]
async fn a_key_is_rotated_once_and_then_retires(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let old = post(&world, &member, &keys(&world), &json!({ "kind": "hs256" })).await;
    let old = &old.body["key"]["id"];
    let rotate = format!("{}/{}/rotate", keys(&world), old.as_str().unwrap());
    let new = post(&world, &member, &rotate, &json!({ "overlap_s": 3_600 })).await;
    assert_eq!(new.status, StatusCode::CREATED, "{:?}", new.body);
    assert!(new.body["secret"].is_string());
    assert_eq!(status_of(&world, &member, old).await, "retiring");
    assert_eq!(status_of(&world, &member, &new.body["key"]["id"]).await, "active");
    let again = post(&world, &member, &rotate, &json!({ "overlap_s": 0 })).await;
    assert_eq!((again.status, again.code()), (StatusCode::CONFLICT, "key_inactive"));

    let new = new.body["key"]["id"].as_str().unwrap();
    let rotate = format!("{}/{new}/rotate", keys(&world));
    for body in [
        json!({ "overlap_s": 2_592_001 }),
        json!({ "overlap_s": -1 }),
        json!({}),
        json!({ "overlap_s": 60, "public_key": pem() }),
    ] {
        let answer = post(&world, &member, &rotate, &body).await;
        assert_eq!(answer.code(), "invalid_value", "{body}");
    }
    post(&world, &member, &rotate, &json!({ "overlap_s": 0 })).await;
    assert_eq!(status_of(&world, &member, &json!(new)).await, "retired");
}

#[on_both_engines]
async fn a_key_is_revoked_once(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let made = post(&world, &member, &keys(&world), &json!({ "kind": "hs256" })).await;
    let id = &made.body["key"]["id"];
    let revoke = format!("{}/{}/revoke", keys(&world), id.as_str().unwrap());
    assert_eq!(post(&world, &member, &revoke, &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(status_of(&world, &member, id).await, "revoked");
    assert_eq!(post(&world, &member, &revoke, &json!({})).await.status, StatusCode::NOT_FOUND);
    let directory = world.database.operator().directory().await.unwrap();
    assert!(directory.keys.is_empty());
}

#[on_both_engines]
async fn a_secret_is_shown_again_after_a_proof_alone_and_the_audit_knows(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let made = post(&world, &owner, &keys(&world), &json!({ "kind": "hs256" })).await;
    let id = made.body["key"]["id"].as_str().unwrap();
    let path = format!("{}/{id}/secret", keys(&world));

    // A session of this morning: whoever found it open does not see secrets.
    let now = Timestamp::now();
    let morning = Timestamp::from_micros(now.as_micros() - 3_600_000_000);
    let (from, later) = (SessionOrigin::default(), now + Duration::from_secs(60));
    let logins = world.database.logins();
    let session = logins.create_session(owner.id, &from, morning, later).await.unwrap();
    let old = format!("jumpa_session={session}");
    let refused = world.call(Method::POST, &path, &json!({}), &old).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "proof_required"));

    let shown = post(&world, &owner, &path, &json!({})).await;
    assert_eq!(shown.body["secret"], made.body["secret"], "{:?}", shown.body);
    let audit = world.get("/v1/audit?action=key.secret_shown", Some(&owner.cookie)).await;
    let lines = audit.body["data"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[0]["target_id"]), (1, &json!(id)));
    assert!(!audit.body.to_string().contains(made.body["secret"].as_str().unwrap()));
}
