//! Apps of a tenant and their settings.

use axum::http::{Method, StatusCode};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, Member, World};

async fn developer(world: &World) -> Member {
    world.member(world.app.tenant_id, "dewi@sehat.example", Role::Developer).await
}

async fn change(world: &World, cookie: &str, body: &Value) -> Answer {
    world.call(Method::PATCH, &format!("/v1/apps/{}", world.app.id), body, cookie).await
}

fn names(answer: &Answer) -> Vec<&str> {
    let data = answer.body["data"].as_array().unwrap();
    data.iter().map(|app| app["name"].as_str().unwrap()).collect()
}

#[on_both_engines]
async fn a_new_app_is_on_trial_and_is_listed(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let body = json!({ "name": "Toko Melati", "guests": "wait" });
    let made = world.call(Method::POST, "/v1/apps", &body, &member.cookie).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    assert_eq!(made.body["environment"], "trial");
    assert_eq!(made.body["status"], "active");
    assert_eq!(made.body["guests"], "wait");
    assert_eq!(made.body["limits"]["max_calls"], json!(null));

    let first = world.get("/v1/apps?limit=1", Some(&member.cookie)).await;
    assert_eq!(names(&first), ["Klinik Sehat"]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("/v1/apps?cursor={cursor}"), Some(&member.cookie)).await;
    assert_eq!(names(&second), ["Toko Melati"]);
    let path = format!("/v1/apps/{}", made.body["id"].as_str().unwrap());
    assert_eq!(world.get(&path, Some(&member.cookie)).await.body, made.body);
}

#[on_both_engines]
async fn settings_are_changed_one_by_one(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let body = json!({
        "origins": ["HTTPS://Sehat.example", "https://sehat.example", "https://*.sehat.example"],
        "features": { "chat": false },
        "branding": { "accent_color": "#0B7A75", "display_name": " Sehat " },
        "takes_tokens_without_key_id": true,
    });
    let answer = change(&world, &member.cookie, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    assert_eq!(answer.body["name"], "Klinik Sehat");
    assert_eq!(answer.body["origins"], json!(["https://sehat.example", "https://*.sehat.example"]));
    assert_eq!(answer.body["features"]["chat"], false);
    assert_eq!(answer.body["features"]["reactions"], true);
    assert_eq!(answer.body["branding"]["accent_color"], "#0b7a75");
    assert_eq!(answer.body["branding"]["display_name"], "Sehat");
    let directory = world.database.operator().directory().await.unwrap();
    assert!(!directory.apps[&world.app.id].features.chat);

    let disabled = change(&world, &member.cookie, &json!({ "is_disabled": true })).await;
    assert_eq!(disabled.body["status"], "disabled");
    assert_eq!(disabled.body["features"]["chat"], false);
    let plain = change(&world, &member.cookie, &json!({ "branding": {} })).await;
    assert_eq!(plain.body["branding"]["accent_color"], json!(null));
}

#[on_both_engines]
async fn wrong_settings_change_nothing(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let before = world.database.tenant(world.app.tenant_id).app(&world.app.id).await.unwrap();
    let many: Vec<String> = (0..51).map(|number| format!("https://a{number}.example")).collect();
    for body in [
        json!({ "name": "" }),
        json!({ "environment": "production" }),
        json!({ "limits": { "max_participants": 1_000 } }),
        json!({ "guests": "all" }),
        json!({ "origins": ["https://sehat.example/path"] }),
        json!({ "origins": many }),
        json!({ "features": { "video": true } }),
        json!({ "features": [false, false, false, false] }),
        json!({ "branding": { "logo_url": "javascript:alert(1)" } }),
        json!({ "branding": { "accent_color": "red" } }),
        json!({ "branding": { "own_domain": "https://sehat.example" } }),
        json!({ "branding": { "welcome_text": "x".repeat(501) } }),
    ] {
        let answer = change(&world, &member.cookie, &body).await;
        assert_eq!(answer.code(), "invalid_value", "{body}");
    }
    let after = world.database.tenant(world.app.tenant_id).app(&world.app.id).await.unwrap();
    assert_eq!(before, after);
}

#[on_both_engines]
async fn a_deleted_app_waits_to_be_restored(engine: Engine) {
    let world = World::on(engine).await;
    let member = developer(&world).await;
    let path = format!("/v1/apps/{}", world.app.id);
    let deleted = world.call(Method::DELETE, &path, &json!({}), &member.cookie).await;
    assert_eq!(deleted.body["status"], "deleted", "{:?}", deleted.body);
    assert!(deleted.body["purge_at"].as_str() > deleted.body["deleted_at"].as_str());
    assert_eq!(world.get(&path, Some(&member.cookie)).await.code(), "app_unknown");
    assert!(names(&world.get("/v1/apps", Some(&member.cookie)).await).is_empty());
    let listed = world.get("/v1/apps?status=deleted", Some(&member.cookie)).await;
    assert_eq!(names(&listed), ["Klinik Sehat"]);

    let restore = format!("{path}/restore");
    let restored = world.call(Method::POST, &restore, &json!({}), &member.cookie).await;
    assert_eq!(restored.body["status"], "active", "{:?}", restored.body);
    let again = world.call(Method::POST, &restore, &json!({}), &member.cookie).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[on_both_engines]
async fn the_operator_takes_an_app_into_production_and_limits_it(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let body = json!({ "name": "Toko Melati", "tenant_id": world.app.tenant_id.to_string() });
    let made = world.call(Method::POST, "/v1/operator/apps", &body, &operator).await;
    assert_eq!(made.body["app"]["environment"], "trial", "{:?}", made.body);
    let path = format!("/v1/operator/apps/{}", made.body["app"]["id"].as_str().unwrap());
    let body = json!({
        "environment": "production",
        "limits": { "max_participants": 25, "max_calls": 4, "minutes_per_month": 90_000 },
    });
    let changed = world.call(Method::PATCH, &path, &body, &operator).await;
    assert_eq!(changed.body["environment"], "production", "{:?}", changed.body);
    let lifted = json!({ "limits": { "max_calls": null } });
    let changed = world.call(Method::PATCH, &path, &lifted, &operator).await;
    assert_eq!(changed.body["limits"]["max_participants"], 25);
    assert_eq!(changed.body["limits"]["max_calls"], json!(null));
    assert_eq!(changed.body["limits"]["minutes_per_month"], 90_000);

    for limits in [
        json!({ "max_participants": 0 }),
        json!({ "max_calls": -1 }),
        json!({ "retention_days": 0 }),
        json!({ "storage_bytes": 9_007_199_254_740_992_i64 }),
        json!({ "minutes": 1 }),
    ] {
        let answer =
            world.call(Method::PATCH, &path, &json!({ "limits": limits }), &operator).await;
        assert_eq!(answer.code(), "invalid_value", "{limits}");
    }
    let unknown = "/v1/operator/apps/toko-melati-aaaaa";
    let answer = world.call(Method::PATCH, unknown, &json!({}), &operator).await;
    assert_eq!(answer.code(), "app_unknown");
}

#[on_both_engines]
async fn the_operator_sees_the_apps_of_one_tenant(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let (other, owner) = world.other_tenant().await;
    let body = json!({ "name": "Toko Melati" });
    world.call(Method::POST, "/v1/apps", &body, &owner.cookie).await;
    let path = format!("/v1/operator/apps?tenant_id={other}");
    let listed = world.get(&path, Some(&operator)).await;
    assert_eq!(names(&listed), ["Toko Melati"]);
    assert_eq!(listed.body["data"][0]["tenant_id"], other.to_string());
}

#[on_both_engines]
async fn every_act_on_an_app_stands_in_the_audit(engine: Engine) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let made =
        world.call(Method::POST, "/v1/apps", &json!({ "name": "Toko" }), &owner.cookie).await;
    let id = made.body["id"].as_str().unwrap();
    let path = format!("/v1/apps/{id}");
    world.call(Method::PATCH, &path, &json!({ "guests": "join" }), &owner.cookie).await;
    world.call(Method::DELETE, &path, &json!({}), &owner.cookie).await;
    world.call(Method::POST, &format!("{path}/restore"), &json!({}), &owner.cookie).await;
    let audit = world.get(&format!("/v1/audit?target_id={id}"), Some(&owner.cookie)).await;
    let lines = audit.body["data"].as_array().unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["app.restored", "app.deleted", "app.changed", "app.created"]);
    assert_eq!(lines[2]["before"], json!({ "guests": "refused" }));
    assert_eq!(lines[2]["after"], json!({ "guests": "join" }));
    assert_eq!(lines[2]["actor_name"], "rina@sehat.example");
}
