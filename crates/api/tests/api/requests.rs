//! What holds for every operation.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::json;

use crate::{ORIGIN, World, request};

#[tokio::test]
async fn a_refusal_is_a_problem_with_code_and_request_id() {
    let world = World::new().await;
    let answer = world.get("/v1/tidak-ada", None).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(answer.code(), "not_found");
    assert_eq!(answer.body["status"], 404);
    let request_id = answer.body["request_id"].as_str().unwrap();
    assert_eq!(answer.headers["x-request-id"], request_id);
}

#[tokio::test]
async fn a_success_carries_a_request_id_and_is_not_cached() {
    let world = World::new().await;
    let answer = world.get(&format!("/v1/public/apps/{}", world.app.id), None).await;
    assert!(answer.headers.contains_key("x-request-id"));
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn a_wrong_method_is_refused() {
    let world = World::new().await;
    let answer = world.get("/v1/login", None).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.code(), "method_not_allowed");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let world = World::new().await;
    let body = json!({ "email": "a@sehat.example", "password": "x".repeat(70_000) });
    let answer = world.post("/v1/login", &body, None).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.code(), "message_too_big");
}

#[tokio::test]
async fn an_unknown_field_is_refused() {
    let world = World::new().await;
    let body = json!({ "email": "a@sehat.example", "pasword": "kata-sandi-panjang" });
    let answer = world.post("/v1/login", &body, None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.code(), "invalid_value");
    assert!(answer.body["detail"].as_str().unwrap().contains("pasword"));
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let world = World::new().await;
    let broken = request(Method::POST, "/v1/login", None)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{"))
        .unwrap();
    let answer = world.send(broken).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "bad_message"));

    let form = request(Method::POST, "/v1/login", None)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("email=a"))
        .unwrap();
    let answer = world.send(form).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.code(), "wrong_content_type");
}

#[tokio::test]
async fn a_list_in_place_of_an_object_is_refused() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let list = request(Method::PATCH, "/v1/me", Some(&cookie))
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("[null, null]"))
        .unwrap();
    let answer = world.send(list).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.code(), "invalid_value");
}

#[tokio::test]
async fn a_nul_character_is_refused_wherever_it_stands() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let answer = world.get("/v1/operator/tenants?search=%00", Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.code(), "invalid_value");
}

#[tokio::test]
async fn a_change_from_another_web_site_is_refused() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let foreign = request(Method::POST, "/v1/operator/apps", Some(&cookie))
        .header(header::ORIGIN, "https://jahat.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "name": "Toko" }).to_string()))
        .unwrap();
    let answer = world.send(foreign).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.code(), "origin_mismatch");
    assert_eq!(world.database.operator().apps().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_without_an_origin_changes_nothing() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let bare = request(Method::POST, "/v1/logout", Some(&cookie)).body(Body::empty()).unwrap();
    assert_eq!(world.send(bare).await.code(), "origin_mismatch");
    assert_eq!(world.get("/v1/me", Some(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn our_own_page_may_change_things() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let own = request(Method::POST, "/v1/logout", Some(&cookie))
        .header(header::ORIGIN, ORIGIN)
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(own).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_document_describes_every_route() {
    let world = World::new().await;
    let answer = world.get("/openapi.json", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    // The only place where a router tells its routes. Those with `*` are the fallbacks.
    let routes = format!("{:?}", world.router);
    let routes: Vec<&str> = routes
        .split('"')
        .filter(|text| text.starts_with("/v1/") || *text == "/openapi.json")
        .filter(|text| !text.contains('*'))
        .collect();
    assert!(!routes.is_empty());
    for route in routes {
        assert!(answer.body["paths"].get(route).is_some(), "{route}");
    }
}

#[tokio::test]
async fn every_operation_of_the_document_exists() {
    let world = World::new().await;
    let document = world.get("/openapi.json", None).await.body;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let path = path.replace(['{', '}'], "");
            let bare = request(method.clone(), &path, None).body(Body::empty()).unwrap();
            world.move_on();
            let refusal = world.send(bare).await;
            let is_described = item.get(method.as_str().to_lowercase()).is_some();
            let exists = !matches!(refusal.code(), "method_not_allowed" | "not_found");
            assert_eq!(exists, is_described, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_change_tells_how_many_more_are_possible() {
    let world = World::new().await;
    let answer = world.post("/v1/logout", &json!({}), None).await;
    assert_eq!(answer.headers["ratelimit"], "\"changes\";r=199;t=0");
    assert_eq!(answer.headers["ratelimit-policy"], "\"changes\";q=600;w=60");
    let read = world.get("/openapi.json", None).await;
    assert!(!read.headers.contains_key("ratelimit"));
}

#[tokio::test]
async fn a_flood_of_changes_is_refused_and_reads_go_on() {
    let world = World::new().await;
    for _ in 0..210 {
        world.post("/v1/logout", &json!({}), None).await;
    }
    let answer = world.post("/v1/logout", &json!({}), None).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.code(), "too_many_requests");
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(world.get("/openapi.json", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn while_the_database_is_away_a_request_is_told_to_come_back() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    world.database.close().await;
    let answer = world.get("/v1/me", Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.code(), "database_unavailable");
    assert_eq!(answer.headers[header::RETRY_AFTER], "5");
}
