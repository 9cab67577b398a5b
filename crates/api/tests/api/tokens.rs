//! Join tokens that the server signs and checks. Signing itself is signalling's; here stands in for
//! it a token that shows its claims.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jumpa_api::{JoinTokens, TokenReport};
use jumpa_db::{AppSettings, Author, Timestamp};
use jumpa_protocol::{ErrorCode, Role, verification_key::PublicKey};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, World};

/// Tokens are `{key id} {secret's length} {claims}`; the check finds fault with `expired`.
pub fn fakes() -> JoinTokens {
    JoinTokens {
        sign: Arc::new(|key_id, secret, claims| {
            Ok(format!("{key_id} {} {}", secret.len(), serde_json::to_string(claims)?))
        }),
        check: Arc::new(|directory, app_id, room, token| TokenReport {
            refusal: (token == "expired").then(|| ErrorCode::TokenExpired.into()),
            header: Some(json!({ "known": directory.apps.contains_key(app_id) })),
            claims: Some(json!({ "room": room.map(ToString::to_string) })),
        }),
    }
}

async fn create(world: &World, body: &Value) -> Answer {
    let key = world.api_key(&world.app).await;
    let path = format!("/v1/apps/{}/tokens", world.app.id);
    world.call_with_key(Method::POST, &path, body, &key).await
}

fn claims(answer: &Answer) -> Value {
    let token = answer.body["token"].as_str().unwrap_or_else(|| panic!("{:?}", answer.body));
    serde_json::from_str(token.splitn(3, ' ').nth(2).unwrap()).unwrap()
}

#[on_both_engines]
async fn a_token_is_signed_by_the_newest_active_key(engine: Engine) {
    let world = World::on(engine).await;
    let (scope, by) = (world.database.tenant(world.app.tenant_id), Author::system());
    let now = Timestamp::now();
    let old = scope.create_key(&world.app.id, &by, now).await.unwrap();
    let day = std::time::Duration::from_secs(86_400);
    let new = scope.rotate_key(&world.app.id, &old.id, day, &by, now).await.unwrap();
    let public = PublicKey::Ed25519(vec![7; 32]);
    scope.add_public_key(&world.app.id, &public, &by, now + day).await.unwrap();

    let body = json!({
        "room": "Ruang-1", "name": "Siti", "subject": "kasir-7", "is_moderator": true,
        "ttl_s": 60, "grants": { "chat": false },
    });
    let made = create(&world, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let token = made.body["token"].as_str().unwrap();
    assert!(token.starts_with(&format!("{} {} ", new.id, new.secret.len())), "{token}");
    let claims = claims(&made);
    assert_eq!((&claims["room"], &claims["name"]), (&json!("ruang-1"), &json!("Siti")));
    assert_eq!((&claims["sub"], &claims["moderator"]), (&json!("kasir-7"), &json!(true)));
    assert_eq!(claims["grants"]["chat"], false);
    assert_eq!(claims["grants"]["publish"], true);
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 60);
    let url = made.body["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/{}/ruang-1?jwt=", crate::ORIGIN, world.app.id)), "{url}");

    let named = json!({ "room": "r", "name": "Siti", "key_id": old.id.as_str() });
    let made = create(&world, &named).await;
    assert!(made.body["token"].as_str().unwrap().starts_with(old.id.as_str()));
}

#[on_both_engines]
async fn links_lead_to_the_domain_of_the_app(engine: Engine) {
    let world = World::named(engine).await;
    let (scope, by) = (world.database.tenant(world.app.tenant_id), Author::system());
    scope.create_key(&world.app.id, &by, Timestamp::now()).await.unwrap();
    let edit = |settings: &mut AppSettings| {
        settings.branding.own_domain = Some("call.sehat.example".to_owned());
        settings.allows_any_room = true;
    };
    scope.change_app(&world.app.id, edit, &by, Timestamp::now()).await.unwrap();
    let made = create(&world, &json!({ "room": "ruang-1", "name": "Siti" })).await;
    let start = "https://call.sehat.example/ruang-1?jwt=";
    assert!(made.body["url"].as_str().unwrap().starts_with(start), "{:?}", made.body);
    // A short address that is something else of the server.
    let made = create(&world, &json!({ "room": "dashboard", "name": "Siti" })).await;
    let start = format!("https://call.sehat.example/{}/dashboard?jwt=", world.app.id);
    assert!(made.body["url"].as_str().unwrap().starts_with(&start), "{:?}", made.body);
    let made = create(&world, &json!({ "room": "*", "name": "Siti" })).await;
    assert_eq!((&claims(&made)["room"], &made.body["url"]), (&json!("*"), &json!(null)));
}

#[on_both_engines]
async fn what_cannot_be_signed_is_refused(engine: Engine) {
    let world = World::on(engine).await;
    let good = json!({ "room": "ruang-1", "name": "Siti" });
    let without_key = create(&world, &good).await;
    assert_eq!(without_key.code(), "signing_key_missing");
    let (scope, by) = (world.database.tenant(world.app.tenant_id), Author::system());
    let now = Timestamp::now();
    scope.create_key(&world.app.id, &by, now).await.unwrap();
    let other = world.another_app(world.app.tenant_id).await;
    let foreign = scope.create_key(&other.id, &by, now).await.unwrap();
    let body = json!({ "room": "ruang-1", "name": "Siti", "key_id": foreign.id.as_str() });
    assert_eq!(create(&world, &body).await.code(), "signing_key_missing");
    for (field, value) in [
        ("room", json!("*")),
        ("room", json!("a/b")),
        ("name", json!("")),
        ("subject", json!("")),
        ("ttl_s", json!(0)),
        ("ttl_s", json!(86_401)),
        ("grants", json!({ "fly": true })),
        ("key_id", json!("kunci")),
    ] {
        let mut body = good.clone();
        body[field] = value;
        assert_eq!(create(&world, &body).await.code(), "invalid_value", "{body}");
    }
}

#[on_both_engines]
async fn a_token_is_checked_as_at_a_join(engine: Engine) {
    let world = World::on(engine).await;
    let agent = world.member(world.app.tenant_id, "agus@sehat.example", Role::Agent).await;
    let path = format!("/v1/apps/{}/tokens/check", world.app.id);
    let body = json!({ "token": "good", "room": "Ruang-1" });
    let good = world.call(Method::POST, &path, &body, &agent.cookie).await;
    let expected = json!({
        "is_valid": true, "problem": null, "header": { "known": true },
        "claims": { "room": "ruang-1" },
    });
    assert_eq!(good.body, expected);
    let bad = world.call(Method::POST, &path, &json!({ "token": "expired" }), &agent.cookie).await;
    assert_eq!(bad.body["is_valid"], false);
    assert_eq!(bad.body["problem"]["code"], "token_expired");
    let long = json!({ "token": "x".repeat(8_193) });
    let refused = world.call(Method::POST, &path, &long, &agent.cookie).await;
    assert_eq!(refused.code(), "invalid_value");
}
