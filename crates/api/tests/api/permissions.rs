//! A walk over every operation of a tenant and of the operator: without a login, as somebody of
//! another tenant, as each role.

use axum::http::{Method, StatusCode};
use jumpa_api::{Holder, Permission};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Member, World};

struct Operation {
    method: Method,
    path: String,
    description: String,
}

/// The operations whose description a test picks, with made-up ids in their paths.
async fn operations(world: &World, picks: impl Fn(&str, &Value) -> bool) -> Vec<Operation> {
    let document = world.get("/openapi.json", None).await.body;
    let mut found = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            if picks(path, operation) {
                found.push(Operation {
                    method: Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(),
                    path: path.replace(APP_ID, world.app.id.as_str()).replace(['{', '}'], ""),
                    description: operation["description"].as_str().unwrap_or_default().to_owned(),
                });
            }
        }
    }
    assert!(!found.is_empty());
    found
}

fn is_of_a_tenant(_: &str, operation: &Value) -> bool {
    let parameters = operation["parameters"].as_array();
    parameters.is_some_and(|list| list.iter().any(|one| one["name"] == "X-Jumpa-Tenant"))
}

/// Paths of an app name it as this, in the document and in these tests.
const APP_ID: &str = "{app_id}";

/// The permission that the description names: "Needs `members:read`".
fn permission(operation: &Operation) -> Permission {
    let description = operation.description.replace('\n', " ");
    let named = description.split("Needs `").nth(1);
    let name = named.and_then(|rest| rest.split('`').next()).unwrap_or_default();
    let found = Permission::ALL.iter().find(|permission| permission.as_str() == name);
    *found.unwrap_or_else(|| panic!("{} names no permission", operation.path))
}

#[on_both_engines]
async fn without_a_login_nothing_is_shown_or_changed(engine: Engine) {
    let world = World::on(engine).await;
    let tenant_id = world.app.tenant_id;
    let needs_login = |path: &str, operation: &Value| {
        is_of_a_tenant(path, operation) || path.starts_with("/v1/operator")
    };
    for Operation { method, path, .. } in operations(&world, needs_login).await {
        world.move_on();
        let answer = world.call_for(method, &path, &json!({}), None, Some(tenant_id)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[on_both_engines]
async fn another_tenant_does_not_exist_for_its_owner(engine: Engine) {
    let world = World::on(engine).await;
    let (_, stranger) = world.other_tenant().await;
    for Operation { method, path, .. } in operations(&world, is_of_a_tenant).await {
        let tenant_id = Some(world.app.tenant_id);
        let cookie = Some(stranger.cookie.as_str());
        world.move_on();
        let answer = world.call_for(method, &path, &json!({}), cookie, tenant_id).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
    }
}

#[on_both_engines]
async fn an_app_of_another_tenant_does_not_exist_for_an_owner(engine: Engine) {
    let world = World::on(engine).await;
    let (_, stranger) = world.other_tenant().await;
    let is_of_an_app =
        |path: &str, operation: &Value| path.contains(APP_ID) && is_of_a_tenant(path, operation);
    for Operation { method, path, .. } in operations(&world, is_of_an_app).await {
        // Bodies are read after the app was looked for; so none tells that it exists.
        let answer = world.call(method, &path, &json!({}), &stranger.cookie).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "app_unknown"),
            "{path}"
        );
    }
}

/// Whether an API key reaches the operation at all.
fn takes_api_keys(operation: &Value) -> bool {
    operation["security"].as_array().unwrap().iter().any(|one| one.get("api_key").is_some())
}

#[on_both_engines]
async fn an_api_key_reaches_its_own_app_alone(engine: Engine) {
    let world = World::on(engine).await;
    let (other_tenant, _) = world.other_tenant().await;
    // The paths name the first app; the keys are of another one, of the same tenant and not.
    for tenant_id in [world.app.tenant_id, other_tenant] {
        let app = world.another_app(tenant_id).await;
        let key = world.api_key(&app).await;
        let picks = |path: &str, operation: &Value| {
            path.contains(APP_ID) && is_of_a_tenant(path, operation) && takes_api_keys(operation)
        };
        for Operation { method, path, .. } in operations(&world, picks).await {
            let answer = world.call_with_key(method, &path, &json!({}), &key).await;
            let found = (answer.status, answer.code());
            assert_eq!(found, (StatusCode::NOT_FOUND, "app_unknown"), "{path}");
        }
    }
}

#[on_both_engines]
async fn an_api_key_may_do_what_its_permissions_say(engine: Engine) {
    let world = World::on(engine).await;
    let key = world.api_key(&world.app).await;
    let needs_login = |path: &str, operation: &Value| {
        is_of_a_tenant(path, operation) || path.starts_with("/v1/operator")
    };
    let with_key =
        |path: &str, operation: &Value| needs_login(path, operation) && takes_api_keys(operation);
    for operation in operations(&world, with_key).await {
        assert!(permission(&operation).is_held_by(Holder::ApiKey), "{}", operation.path);
        let Operation { method, path, .. } = operation;
        let body = json!({ "tidak_ada": true });
        let answer = world.call_with_key(method, &path, &body, &key).await;
        let is_refused = ["forbidden", "api_key_invalid", "unauthenticated", "app_unknown"];
        assert!(!is_refused.contains(&answer.code()), "{path} {:?}", answer.body);
    }
    let without_key =
        |path: &str, operation: &Value| needs_login(path, operation) && !takes_api_keys(operation);
    for Operation { method, path, .. } in operations(&world, without_key).await {
        let answer = world.call_with_key(method, &path, &json!({}), &key).await;
        assert!(["forbidden", "unauthenticated"].contains(&answer.code()), "{path}");
    }
}

#[on_both_engines]
async fn each_role_may_do_what_its_permissions_say(engine: Engine) {
    let world = World::on(engine).await;
    let tenant_id = world.app.tenant_id;
    for role in Role::ALL {
        let email = format!("{}@sehat.example", role.as_str());
        let Member { cookie, .. } = world.member(tenant_id, &email, *role).await;
        for operation in operations(&world, is_of_a_tenant).await {
            let is_held = permission(&operation).is_held_by(Holder::Member(*role));
            let Operation { method, path, .. } = operation;
            // A body that no operation takes: what is allowed is refused for another reason.
            let body = json!({ "tidak_ada": true });
            world.move_on();
            let answer = world.call_for(method, &path, &body, Some(&cookie), None).await;
            let is_refused = answer.code() == "forbidden";
            assert_eq!(is_refused, !is_held, "{role:?} {path} {:?}", answer.body);
        }
    }
}

#[on_both_engines]
async fn an_owner_of_a_tenant_is_no_operator(engine: Engine) {
    let world = World::on(engine).await;
    let (_, owner) = world.other_tenant().await;
    let is_of_operator = |path: &str, _: &Value| path.starts_with("/v1/operator");
    for Operation { method, path, .. } in operations(&world, is_of_operator).await {
        world.move_on();
        let answer = world.call(method, &path, &json!({}), &owner.cookie).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "forbidden"), "{path}");
    }
}

#[on_both_engines]
async fn somebody_of_two_tenants_names_one(engine: Engine) {
    let world = World::on(engine).await;
    let (other, owner) = world.other_tenant().await;
    let invited = json!({ "email": "pemilik@melati.example", "role": "viewer" });
    let admin = world.member(world.app.tenant_id, "admin@sehat.example", Role::Admin).await;
    let sent = world.call(Method::POST, "/v1/invitations", &invited, &admin.cookie).await;
    let token = crate::invitations::token_of(&sent.body["link"]);
    let path = "/v1/invitation_links/accept";
    let accepted = world.call(Method::POST, path, &json!({ "token": token }), &owner.cookie).await;
    assert_eq!(accepted.status, StatusCode::OK, "{:?}", accepted.body);
    assert_eq!(accepted.body["memberships"].as_array().unwrap().len(), 2);

    let unnamed = world.get("/v1/tenant", Some(&owner.cookie)).await;
    assert_eq!((unnamed.status, unnamed.code()), (StatusCode::BAD_REQUEST, "tenant_required"));
    let cookie = Some(owner.cookie.as_str());
    let named = world.call_for(Method::GET, "/v1/tenant", &json!({}), cookie, Some(other)).await;
    assert_eq!(named.body["name"], "Toko Melati");
}

#[on_both_engines]
async fn an_operator_who_looks_at_a_client_reads_everything_and_changes_nothing(engine: Engine) {
    let world = World::on(engine).await;
    let (tenant_id, owner) = world.other_tenant().await;
    let operator = world.operator_cookie().await;
    let look = format!("/v1/operator/tenants/{tenant_id}/view");
    let read = async || {
        world
            .call_for(Method::GET, "/v1/tenant", &json!({}), Some(&operator), Some(tenant_id))
            .await
    };
    assert_eq!(read().await.status, StatusCode::NOT_FOUND);

    let started = world.call(Method::POST, &look, &json!({}), &operator).await;
    assert_eq!(started.status, StatusCode::OK, "{:?}", started.body);
    assert_eq!(read().await.body["name"], "Toko Melati");
    for operation in operations(&world, is_of_a_tenant).await {
        let needed = permission(&operation);
        let Operation { method, path, .. } = operation;
        let body = json!({ "tidak_ada": true });
        let answer = world.call_for(method, &path, &body, Some(&operator), Some(tenant_id)).await;
        assert_eq!(answer.code() == "view_only", !needed.is_read(), "{path} {:?}", answer.body);
        assert_ne!(answer.code(), "forbidden", "{path}");
    }
    // Another client stays shut.
    let elsewhere = Some(world.app.tenant_id);
    let body = json!({});
    let other = world.call_for(Method::GET, "/v1/tenant", &body, Some(&operator), elsewhere).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    // The client knows that somebody looked.
    let audit = world.get("/v1/audit", Some(&owner.cookie)).await;
    assert_eq!(audit.body["data"][0]["action"], "tenant.viewed");
    assert_eq!(audit.body["data"][0]["actor_kind"], "operator");

    let ended = world.call(Method::DELETE, &look, &json!({}), &operator).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(read().await.status, StatusCode::NOT_FOUND);
}
