//! Who changed what.

use axum::http::{Method, StatusCode};
use jumpa_db::{Author, Timestamp};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::World;

async fn actions(world: &World, path: &str, cookie: &str) -> Vec<String> {
    let answer = world.get(path, Some(cookie)).await;
    let lines = answer.body["data"].as_array().unwrap();
    lines.iter().map(|line| line["action"].as_str().unwrap().to_owned()).collect()
}

#[on_both_engines]
async fn a_change_tells_who_what_from_where_and_how_it_was(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let renamed =
        world.call(Method::PATCH, "/v1/tenant", &json!({ "name": "Baru" }), &owner.cookie).await;
    let answer = world.get("/v1/audit?action=tenant.changed", Some(&owner.cookie)).await;
    let line = &answer.body["data"][0];
    assert_eq!(line["actor_kind"], "user");
    assert_eq!(line["actor_id"], owner.id.to_string());
    assert_eq!(line["actor_name"], "rina@sehat.example");
    assert_eq!(line["target_id"], world.app.tenant_id.to_string());
    assert_eq!(line["before"]["name"], "My organisation");
    assert_eq!(line["after"]["name"], "Baru");
    assert_eq!(line["address"], "127.0.0.1");
    assert_eq!(line["request_id"], renamed.headers["x-request-id"].to_str().unwrap());
}

#[on_both_engines]
async fn a_tenant_sees_its_own_lines_and_the_operator_all(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let (other, stranger) = world.other_tenant().await;
    let suspend = format!("/v1/operator/tenants/{other}/suspend");
    world.call(Method::POST, &suspend, &json!({}), &operator).await;

    let own = actions(&world, "/v1/audit", &stranger.cookie).await;
    assert_eq!(own, ["tenant.suspended", "member.joined", "invitation.created"]);
    let others = actions(&world, "/v1/audit", &owner.cookie).await;
    assert!(!others.contains(&"tenant.suspended".to_owned()), "{others:?}");
    let all = actions(&world, "/v1/operator/audit", &operator).await;
    assert_eq!(all.len(), own.len() + others.len() + 1);
    assert!(all.contains(&"operator.created".to_owned()), "{all:?}");
    let of_one = format!("/v1/operator/audit?tenant_id={other}&limit=2");
    assert_eq!(actions(&world, &of_one, &operator).await, own[..2]);
}

#[on_both_engines]
async fn lines_come_in_pages_by_filter(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    for name in ["Satu", "Dua", "Tiga"] {
        let body = json!({ "name": name });
        world.call(Method::PATCH, "/v1/tenant", &body, &owner.cookie).await;
    }
    let path = format!("/v1/audit?action=tenant.changed&actor_id={}&limit=2", owner.id);
    let first = world.get(&path, Some(&owner.cookie)).await;
    let names = |body: &Value| -> Vec<Value> {
        body["data"].as_array().unwrap().iter().map(|line| line["after"]["name"].clone()).collect()
    };
    assert_eq!(names(&first.body), ["Tiga", "Dua"]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("{path}&cursor={cursor}"), Some(&owner.cookie)).await;
    assert_eq!(names(&second.body), ["Satu"]);
    let none = world.get("/v1/audit?until=2020-01-01T00:00:00Z", Some(&owner.cookie)).await;
    assert_eq!(none.body["data"], json!([]));
    for query in ["from=kemarin", "tenant_id=ten_1", "cursor=x", "pelaku=rina"] {
        let answer = world.get(&format!("/v1/audit?{query}"), Some(&owner.cookie)).await;
        assert_eq!(answer.code(), "invalid_value", "{query}");
    }
}

#[on_both_engines]
async fn the_first_login_and_a_new_app_leave_a_line(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let made = world.post("/v1/operator/apps", &json!({ "name": "Toko" }), Some(&operator)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let lines = world.get("/v1/operator/audit", Some(&operator)).await.body["data"].clone();
    let line = |action: &str| {
        let mut lines = lines.as_array().unwrap().iter();
        lines.find(|line| line["action"] == action && line["actor_kind"] == "operator").cloned()
    };
    assert_eq!(line("app.created").unwrap()["actor_name"], "ops@sehat.example");
    let first = line("operator.created").unwrap();
    assert_eq!(first["actor_name"], "ops@sehat.example");
    assert_eq!((&first["address"], &first["target_kind"]), (&json!("127.0.0.1"), &json!("user")));
}

#[on_both_engines]
async fn a_token_leaves_a_line_when_a_person_makes_it(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let scope = world.database.tenant(world.app.tenant_id);
    scope.create_key(&world.app.id, &Author::system(), Timestamp::now()).await.unwrap();
    let path = format!("/v1/apps/{}/tokens", world.app.id);
    let body = json!({ "room": "ruang-1", "name": "Siti", "is_moderator": true });
    let key = world.api_key(&world.app).await;
    world.call_with_key(Method::POST, &path, &body, &key).await;
    let made = world.call(Method::POST, &path, &body, &owner.cookie).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let audit = world.get("/v1/audit?action=token.created", Some(&owner.cookie)).await;
    let lines = audit.body["data"].as_array().unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["actor_name"], "rina@sehat.example");
    assert_eq!(lines[0]["after"]["room"], "ruang-1");
    assert_eq!(lines[0]["after"]["is_moderator"], true);
    assert!(!audit.text.contains(made.body["token"].as_str().unwrap()));
}
