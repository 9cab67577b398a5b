//! Host names that apps have for themselves.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, World, request};

const DOMAIN: &str = "call.sehat.example";
const FIELD: &str = "branding.own_domain";

fn branding(domain: Option<&str>) -> Value {
    json!({ "branding": { "own_domain": domain } })
}

async fn set(world: &World, cookie: &str, app: &str, domain: Option<&str>) -> Answer {
    let path = format!("/v1/apps/{app}");
    world.call(Method::PATCH, &path, &branding(domain), cookie).await
}

#[on_both_engines]
async fn a_domain_belongs_to_one_app_of_all_tenants(engine: Engine) {
    let world = World::named(engine).await;
    let own = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let set_by_owner = set(&world, &own.cookie, world.app.id.as_str(), Some("Call.Sehat.example"));
    assert_eq!(set_by_owner.await.body["branding"]["own_domain"], DOMAIN);

    let (other_tenant, stranger) = world.other_tenant().await;
    let other = world.another_app(other_tenant).await;
    let refused = set(&world, &stranger.cookie, other.id.as_str(), Some(DOMAIN)).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "own_domain_taken"));
    assert!(!refused.text.contains(world.app.id.as_str()));

    // Nothing was changed, and what its owner gives up is free.
    let shown = world.get(&format!("/v1/apps/{}", other.id), Some(&stranger.cookie)).await;
    assert_eq!(shown.body["branding"]["own_domain"], json!(null));
    set(&world, &own.cookie, world.app.id.as_str(), None).await;
    let taken = set(&world, &stranger.cookie, other.id.as_str(), Some(DOMAIN)).await;
    assert_eq!(taken.status, StatusCode::OK, "{:?}", taken.body);
}

#[on_both_engines]
async fn the_operator_sees_a_domain_and_takes_it_away(engine: Engine) {
    let world = World::named(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    set(&world, &owner.cookie, world.app.id.as_str(), Some(DOMAIN)).await;
    let operator = world.operator_cookie().await;
    let listed = world.get("/v1/operator/apps", Some(&operator)).await;
    assert_eq!(listed.body["data"][0]["branding"]["own_domain"], DOMAIN);

    let path = format!("/v1/operator/apps/{}", world.app.id);
    let (method, body) = (Method::PATCH, json!({ "own_domain": null }));
    let cleared = world.call(method.clone(), &path, &body, &operator).await;
    assert_eq!(cleared.body["branding"]["own_domain"], json!(null), "{:?}", cleared.body);
    let audit = world.get("/v1/audit?action=app.changed", Some(&owner.cookie)).await;
    assert_eq!(audit.body["data"][0]["actor_kind"], "operator");
    assert_eq!(audit.body["data"][0]["before"]["branding"]["own_domain"], DOMAIN);

    let given = json!({ "own_domain": "192.0.2.1" });
    let refused = world.call(method, &path, &given, &operator).await;
    assert_eq!((refused.code(), &refused.body["field"]), ("invalid_value", &json!(FIELD)));
}

#[tokio::test]
async fn a_server_without_a_name_gives_no_domains() {
    let world = World::new().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let refused = set(&world, &owner.cookie, world.app.id.as_str(), Some(DOMAIN)).await;
    let expected = (StatusCode::CONFLICT, "own_domain_unavailable");
    assert_eq!((refused.status, refused.code()), expected);
}

#[on_both_engines]
async fn a_proxy_is_told_which_names_are_domains_of_apps(engine: Engine) {
    let world = World::named(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    set(&world, &owner.cookie, world.app.id.as_str(), Some(DOMAIN)).await;
    world.refresh_directory().await;
    let ask = async |query: &str| world.get(&format!("/v1/public/domains{query}"), None).await;
    let known = ask("?domain=CALL.sehat.example").await;
    assert_eq!((known.status, &known.body["app_id"]), (StatusCode::OK, &json!(world.app.id)));
    for unknown in ["sehat.example", "127.0.0.1", "", "%00"] {
        let answer = ask(&format!("?domain={unknown}")).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"));
    }
    assert_eq!(ask("").await.code(), "invalid_value");
}

#[tokio::test]
async fn the_page_after_a_call_rates_it_from_an_own_domain() {
    let world = World::named(Engine::Sqlite).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    set(&world, &owner.cookie, world.app.id.as_str(), Some(DOMAIN)).await;
    let rate = async |host: &str| {
        let rating = json!({ "token": "rating-token", "stars": 5 }).to_string();
        let mut request = request(Method::POST, "/v1/ratings", None)
            .header(header::ORIGIN, format!("https://{host}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(rating))
            .unwrap();
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        world.send(request).await
    };
    assert_eq!(rate(DOMAIN).await.code(), "origin_mismatch");
    world.refresh_directory().await;
    assert_ne!(rate(DOMAIN).await.code(), "origin_mismatch");
    assert_eq!(rate("jahat.example").await.code(), "origin_mismatch");
}
