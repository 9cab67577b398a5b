//! Who belongs to a tenant.

use axum::http::{Method, StatusCode};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::json;

use crate::World;

#[on_both_engines]
async fn members_are_listed_with_their_roles(engine: Engine) {
    let world = World::on(engine).await;
    let id = world.app.tenant_id;
    let owner = world.member(id, "rina@sehat.example", Role::Owner).await;
    world.member(id, "budi@sehat.example", Role::Agent).await;
    world.other_tenant().await;
    let first = world.get("/v1/members?limit=1", Some(&owner.cookie)).await;
    assert_eq!(first.body["data"][0]["email"], "rina@sehat.example");
    assert!(first.body["data"][0]["last_seen_at"].is_string());
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("/v1/members?cursor={cursor}"), Some(&owner.cookie)).await;
    assert_eq!(second.body["data"].as_array().unwrap().len(), 1);
    assert_eq!(second.body["data"][0]["role"], "agent");
}

#[on_both_engines]
async fn the_last_owner_stays(engine: Engine) {
    let world = World::on(engine).await;
    let id = world.app.tenant_id;
    let owner = world.member(id, "rina@sehat.example", Role::Owner).await;
    let path = format!("/v1/members/{}", owner.id);
    let removed = world.call(Method::DELETE, &path, &json!({}), &owner.cookie).await;
    assert_eq!((removed.status, removed.code()), (StatusCode::CONFLICT, "last_owner"));
    let changed =
        world.call(Method::PATCH, &path, &json!({ "role": "admin" }), &owner.cookie).await;
    assert_eq!(changed.code(), "last_owner");

    let second = world.member(id, "budi@sehat.example", Role::Admin).await;
    let promote = format!("/v1/members/{}", second.id);
    let body = json!({ "role": "owner" });
    let promoted = world.call(Method::PATCH, &promote, &body, &owner.cookie).await;
    assert_eq!(promoted.body["role"], "owner", "{:?}", promoted.body);
    let removed = world.call(Method::DELETE, &path, &json!({}), &owner.cookie).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get("/v1/tenant", Some(&owner.cookie)).await.code(), "forbidden");
}

#[on_both_engines]
async fn an_admin_makes_and_unmakes_no_owners(engine: Engine) {
    let world = World::on(engine).await;
    let id = world.app.tenant_id;
    let owner = world.member(id, "rina@sehat.example", Role::Owner).await;
    let admin = world.member(id, "budi@sehat.example", Role::Admin).await;
    let itself = format!("/v1/members/{}", admin.id);
    let body = json!({ "role": "owner" });
    let promoted = world.call(Method::PATCH, &itself, &body, &admin.cookie).await;
    assert_eq!((promoted.status, promoted.code()), (StatusCode::FORBIDDEN, "owners_only"));
    let path = format!("/v1/members/{}", owner.id);
    let removed = world.call(Method::DELETE, &path, &json!({}), &admin.cookie).await;
    assert_eq!(removed.code(), "owners_only");
    let invited = json!({ "email": "siti@sehat.example", "role": "owner" });
    let answer = world.call(Method::POST, "/v1/invitations", &invited, &admin.cookie).await;
    assert_eq!(answer.code(), "owners_only");
}

#[on_both_engines]
async fn a_member_of_another_tenant_is_not_found(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let (_, stranger) = world.other_tenant().await;
    for id in [stranger.id.to_string(), "usr_1".to_owned()] {
        let path = format!("/v1/members/{id}");
        let body = json!({ "role": "viewer" });
        let changed = world.call(Method::PATCH, &path, &body, &owner.cookie).await;
        assert_eq!(changed.status, StatusCode::NOT_FOUND);
        let removed = world.call(Method::DELETE, &path, &json!({}), &owner.cookie).await;
        assert_eq!(removed.status, StatusCode::NOT_FOUND);
    }
}
