//! The operator's customers, and the own tenant.

use axum::http::{Method, StatusCode};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::World;

const TENANTS: &str = "/v1/operator/tenants";

async fn create(world: &World, cookie: &str) -> Value {
    let body = json!({
        "name": "Toko Melati",
        "time_zone": "Asia/Jakarta",
        "owner": { "email": "Rina@melati.example", "language": "id" },
        "app": { "name": "Toko Melati" },
    });
    let answer = world.call(Method::POST, TENANTS, &body, cookie).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
    answer.body
}

#[on_both_engines]
async fn a_customer_begins_with_an_owner_and_an_app_in_one_request(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let made = create(&world, &cookie).await;
    assert_eq!(made["tenant"]["name"], "Toko Melati");
    assert_eq!(made["tenant"]["time_zone"], "Asia/Jakarta");
    assert_eq!(made["tenant"]["apps"], 1);
    assert_eq!(made["app"]["tenant_id"], made["tenant"]["id"]);
    assert!(made["key"]["secret"].as_str().unwrap().len() >= 32);
    assert_eq!(made["invitation"]["invitation"]["role"], "owner");

    let token = crate::invitations::token_of(&made["invitation"]["link"]);
    let body = json!({ "token": token, "name": "Rina", "password": crate::PASSWORD });
    let owner = world.post("/v1/invitation_links/accept", &body, None).await;
    assert_eq!(owner.body["memberships"][0]["role"], "owner", "{:?}", owner.body);
    assert_eq!(owner.body["language"], "id");
    let tenant = world.get("/v1/tenant", Some(&owner.cookie())).await;
    assert_eq!(tenant.body["id"], made["tenant"]["id"]);
}

#[on_both_engines]
async fn customers_are_found_by_a_part_of_their_name(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    create(&world, &cookie).await;
    let found = world.get(&format!("{TENANTS}?search=MELA"), Some(&cookie)).await;
    assert_eq!(found.body["data"].as_array().unwrap().len(), 1);
    let none = world.get(&format!("{TENANTS}?search=%25"), Some(&cookie)).await;
    assert_eq!(none.body["data"], json!([]));
    let first = world.get(&format!("{TENANTS}?limit=1"), Some(&cookie)).await;
    assert_eq!(first.body["data"][0]["name"], "Toko Melati");
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("{TENANTS}?limit=1&cursor={cursor}"), Some(&cookie)).await;
    assert_eq!(second.body["data"][0]["name"], "My organisation");
    assert_eq!(second.body["next_cursor"], json!(null));
}

#[on_both_engines]
async fn a_suspended_customer_takes_no_joins_and_may_only_look(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let id = world.app.tenant_id;
    let owner = world.member(id, "rina@sehat.example", Role::Owner).await;
    let suspend = format!("{TENANTS}/{id}/suspend");
    let before = world.database.operator().directory_version().await.unwrap();
    let suspended = world.call(Method::POST, &suspend, &json!({}), &cookie).await;
    assert_eq!(suspended.body["status"], "suspended");
    assert!(world.database.operator().directory_version().await.unwrap() > before);
    let directory = world.database.operator().directory().await.unwrap();
    assert!(directory.apps[&world.app.id].is_stopped());

    assert_eq!(world.get("/v1/tenant", Some(&owner.cookie)).await.status, StatusCode::OK);
    let rename = json!({ "name": "Klinik Baru" });
    let refused = world.call(Method::PATCH, "/v1/tenant", &rename, &owner.cookie).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "tenant_suspended"));

    let resume = format!("{TENANTS}/{id}/resume");
    let resumed = world.call(Method::POST, &resume, &json!({}), &cookie).await;
    assert_eq!(resumed.body["status"], "active");
    let directory = world.database.operator().directory().await.unwrap();
    assert!(!directory.apps[&world.app.id].is_stopped());
}

#[on_both_engines]
async fn a_deleted_customer_is_gone_and_can_be_restored(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let id = world.app.tenant_id;
    let owner = world.member(id, "rina@sehat.example", Role::Owner).await;
    let path = format!("{TENANTS}/{id}");
    let deleted = world.call(Method::DELETE, &path, &json!({}), &cookie).await;
    assert!(deleted.body["restorable_until"].is_string(), "{:?}", deleted.body);
    assert_eq!(world.get(TENANTS, Some(&cookie)).await.body["data"], json!([]));
    let hidden = world.get(&format!("{TENANTS}?status=deleted"), Some(&cookie)).await;
    assert_eq!(hidden.body["data"][0]["id"], id.to_string());
    assert_eq!(world.get("/v1/tenant", Some(&owner.cookie)).await.code(), "forbidden");
    let directory = world.database.operator().directory().await.unwrap();
    assert!(directory.apps[&world.app.id].is_stopped());

    let restored = world.call(Method::POST, &format!("{path}/restore"), &json!({}), &cookie).await;
    assert_eq!(restored.body["deleted_at"], json!(null));
    assert_eq!(world.get("/v1/tenant", Some(&owner.cookie)).await.status, StatusCode::OK);
    let again = world.call(Method::POST, &format!("{path}/restore"), &json!({}), &cookie).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[on_both_engines]
async fn wrong_values_make_no_customer(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let wrong = [
        json!({ "name": "" }),
        json!({ "name": "Toko", "time_zone": "Asia/Konoha" }),
        json!({ "name": "Toko", "owner": { "email": "rina" } }),
        json!({ "name": "Toko", "app": { "name": " " } }),
        json!({ "name": "Toko", "owner": { "email": "a@b.example", "language": "fr" } }),
    ];
    for body in wrong {
        let answer = world.call(Method::POST, TENANTS, &body, &cookie).await;
        assert_eq!(answer.code(), "invalid_value", "{body}");
    }
    assert_eq!(world.database.operator().tenants().await.unwrap().len(), 1);
}

#[on_both_engines]
async fn an_admin_renames_the_tenant(engine: Engine) {
    let world = World::on(engine).await;
    let admin = world.member(world.app.tenant_id, "a@sehat.example", Role::Admin).await;
    let body = json!({ "name": "Klinik Baru", "time_zone": "Asia/Makassar" });
    let answer = world.call(Method::PATCH, "/v1/tenant", &body, &admin.cookie).await;
    assert_eq!(answer.body["name"], "Klinik Baru");
    assert_eq!(answer.body["time_zone"], "Asia/Makassar");
}
