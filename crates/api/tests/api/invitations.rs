//! Links that make somebody a member.

use axum::http::{Method, StatusCode};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, PASSWORD, World};

/// The secret of a link.
pub fn token_of(link: &Value) -> String {
    link.as_str().unwrap().split_once("?token=").unwrap().1.to_owned()
}

async fn invite(world: &World, cookie: &str, email: &str) -> Answer {
    let body = json!({ "email": email, "role": "developer", "language": "id" });
    world.call(Method::POST, "/v1/invitations", &body, cookie).await
}

async fn accept(world: &World, token: &str) -> Answer {
    let body = json!({ "token": token, "name": "Budi", "password": PASSWORD });
    world.post("/v1/invitation_links/accept", &body, None).await
}

#[on_both_engines]
async fn somebody_new_accepts_with_name_and_password(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let sent = invite(&world, &owner.cookie, "Budi@sehat.example").await;
    assert_eq!(sent.status, StatusCode::CREATED, "{:?}", sent.body);
    let token = token_of(&sent.body["link"]);
    let shown = world.post("/v1/invitation_links/show", &json!({ "token": token }), None).await;
    assert_eq!(shown.body["tenant_name"], "My organisation");
    assert_eq!(shown.body["email"], "budi@sehat.example");
    assert_eq!(shown.body["has_login"], false);

    let accepted = accept(&world, &token).await;
    assert_eq!(accepted.body["memberships"][0]["role"], "developer", "{:?}", accepted.body);
    let open = world.get("/v1/invitations", Some(&owner.cookie)).await;
    assert_eq!(open.body["data"], json!([]));
    let login = json!({ "email": "budi@sehat.example", "password": PASSWORD });
    assert_eq!(world.post("/v1/login", &login, None).await.status, StatusCode::OK);
    assert_eq!(accept(&world, &token).await.code(), "one_time_token_invalid");
}

#[on_both_engines]
async fn a_link_sent_again_replaces_the_old_one(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let sent = invite(&world, &owner.cookie, "budi@sehat.example").await;
    let id = sent.body["invitation"]["id"].as_str().unwrap();
    let path = format!("/v1/invitations/{id}/resend");
    let again = world.call(Method::POST, &path, &json!({}), &owner.cookie).await;
    assert_eq!(again.status, StatusCode::OK, "{:?}", again.body);
    let old = accept(&world, &token_of(&sent.body["link"])).await;
    assert_eq!((old.status, old.code()), (StatusCode::GONE, "one_time_token_invalid"));
    let new = accept(&world, &token_of(&again.body["link"])).await;
    assert_eq!(new.status, StatusCode::OK);
}

#[on_both_engines]
async fn a_cancelled_link_is_void(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let sent = invite(&world, &owner.cookie, "budi@sehat.example").await;
    let id = sent.body["invitation"]["id"].as_str().unwrap();
    let path = format!("/v1/invitations/{id}/cancel");
    let cancelled = world.call(Method::POST, &path, &json!({}), &owner.cookie).await;
    assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
    let refused = accept(&world, &token_of(&sent.body["link"])).await;
    assert_eq!(refused.code(), "one_time_token_invalid");
    let again = world.call(Method::POST, &path, &json!({}), &owner.cookie).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[on_both_engines]
async fn another_tenant_reaches_no_invitation(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let sent = invite(&world, &owner.cookie, "budi@sehat.example").await;
    let id = sent.body["invitation"]["id"].as_str().unwrap();
    let (_, stranger) = world.other_tenant().await;
    for verb in ["resend", "cancel"] {
        let path = format!("/v1/invitations/{id}/{verb}");
        let answer = world.call(Method::POST, &path, &json!({}), &stranger.cookie).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verb}");
    }
    let list = world.get("/v1/invitations", Some(&stranger.cookie)).await;
    assert_eq!(list.body["data"], json!([]));
}

#[on_both_engines]
async fn only_the_invited_address_accepts_with_a_login(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let (_, other) = world.other_tenant().await;
    let sent = invite(&world, &owner.cookie, "budi@sehat.example").await;
    let body = json!({ "token": token_of(&sent.body["link"]) });
    let path = "/v1/invitation_links/accept";
    let wrong = world.call(Method::POST, path, &body, &other.cookie).await;
    assert_eq!((wrong.status, wrong.code()), (StatusCode::FORBIDDEN, "wrong_invitee"));
    assert_eq!(world.post(path, &body, None).await.code(), "unauthenticated");

    let known = invite(&world, &owner.cookie, "pemilik@melati.example").await;
    let taken = accept(&world, &token_of(&known.body["link"])).await;
    assert_eq!((taken.status, taken.code()), (StatusCode::CONFLICT, "email_taken"));
    let body = json!({ "token": token_of(&known.body["link"]) });
    let right = world.call(Method::POST, path, &body, &other.cookie).await;
    assert_eq!(right.body["memberships"].as_array().unwrap().len(), 2, "{:?}", right.body);
}

#[on_both_engines]
async fn a_member_is_not_invited_twice(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let answer = invite(&world, &owner.cookie, "RINA@sehat.example").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "already_member"));
}

#[tokio::test]
async fn where_mails_are_sent_the_link_is_not_shown() {
    let world = World::with(|mut config| {
        config.mailer = Some(crate::mails::mailer(25));
        config
    })
    .await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let sent = invite(&world, &owner.cookie, "budi@sehat.example").await;
    assert_eq!(sent.body["link"], json!(null));
}

#[tokio::test]
async fn a_flood_of_invitations_is_slowed() {
    let world = World::new().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let mut last = invite(&world, &owner.cookie, "orang@sehat.example").await;
    for number in 0..52 {
        last = invite(&world, &owner.cookie, &format!("orang{number}@sehat.example")).await;
    }
    assert_eq!((last.status, last.code()), (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"));
}
