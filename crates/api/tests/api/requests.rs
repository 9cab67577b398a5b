//! What holds for every operation.

use std::num::NonZeroU32;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use jumpa_api::{ApiConfig, RateLimits};
use jumpa_db::API_KEY_START;
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
async fn a_path_that_is_no_text_is_refused_as_a_problem() {
    let world = World::new().await;
    let document = world.get("/openapi.json", None).await.body;
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some((start, _)) = path.split_once('{') else { continue };
        let end = path.rsplit_once('}').map_or("", |(_, end)| end);
        for method in ["get", "post", "put", "patch", "delete"] {
            if item.get(method).is_none() {
                continue;
            }
            world.move_on();
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let path = format!("{start}%FF{end}");
            let bare = request(method, &path, None).body(Body::empty()).unwrap();
            let answer = world.send(bare).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"));
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
        }
    }
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
    // The only place where a router tells its routes. Those with `*` are the fallbacks; the link of
    // recorders is a WebSocket of the server's own programs.
    let routes = format!("{:?}", world.router);
    let routes: Vec<&str> = routes
        .split('"')
        .filter(|text| text.starts_with("/v1/") || *text == "/openapi.json")
        .filter(|text| !text.contains('*') && *text != "/v1/recorders/link")
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
async fn an_answer_tells_how_many_more_requests_are_possible() {
    let world = World::new().await;
    let answer = world.post("/v1/logout", &json!({}), None).await;
    assert_eq!(answer.headers["ratelimit"], "\"changes\";r=199;t=0");
    assert_eq!(answer.headers["ratelimit-policy"], "\"changes\";q=600;w=60");
    let read = world.get("/openapi.json", None).await;
    assert_eq!(read.headers["ratelimit"], "\"reads\";r=1999;t=0");
    assert_eq!(read.headers["ratelimit-policy"], "\"reads\";q=6000;w=60");
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

/// A world in which a caller may ask three times at once, and then once in a while.
async fn patient_world() -> World {
    let nine = const { NonZeroU32::new(9).unwrap() };
    let rate_limits = RateLimits {
        key_reads_per_minute: nine,
        key_changes_per_minute: nine,
        address_reads_per_minute: nine,
        address_changes_per_minute: nine,
    };
    World::with(|config| ApiConfig { rate_limits, ..config }).await
}

#[tokio::test]
async fn an_api_key_that_asks_too_often_slows_no_other_caller_of_its_address() {
    let world = patient_world().await;
    let (hasty, calm) = (world.api_key(&world.app).await, world.api_key(&world.app).await);
    let path = format!("/v1/apps/{}", world.app.id);
    let read = async |key: &str| world.call_with_key(Method::GET, &path, &json!({}), key).await;
    for left in (0..3).rev() {
        let answer = read(&hasty).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["ratelimit"], format!("\"reads\";r={left};t=0").as_str());
    }
    let refused = read(&hasty).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.code(), "too_many_requests");
    assert_eq!(refused.body["title"], "too many requests in a short time");
    assert_eq!(refused.headers["ratelimit-policy"], "\"reads\";q=9;w=60");
    let seconds = refused.headers[header::RETRY_AFTER].to_str().unwrap();
    assert!((1..=7).contains(&seconds.parse::<u32>().unwrap()), "{seconds}");

    assert_eq!(read(&calm).await.status, StatusCode::OK);
    assert_eq!(world.get("/openapi.json", None).await.status, StatusCode::OK);
    let bans = format!("{path}/bans");
    let change = json!({ "subject": "budi" });
    let changed = world.call_with_key(Method::POST, &bans, &change, &hasty).await;
    assert_eq!(changed.status, StatusCode::CREATED, "{:?}", changed.body);
}

#[tokio::test]
async fn an_api_key_is_counted_wherever_its_requests_come_from() {
    let world = patient_world().await;
    let key = world.api_key(&world.app).await;
    let mut last = StatusCode::OK;
    for _ in 0..4 {
        world.move_on();
        last = world.call_with_key(Method::GET, "/v1/apps", &json!({}), &key).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn api_keys_that_are_made_up_count_for_their_address() {
    let world = patient_world().await;
    let mut codes = vec![];
    for number in 0..4 {
        let key = format!("{API_KEY_START}{number}");
        let answer = world.call_with_key(Method::GET, "/v1/apps", &json!({}), &key).await;
        codes.push(answer.code().to_owned());
    }
    assert_eq!(codes.last().unwrap(), "too_many_requests");
    assert_eq!(codes[..3], ["api_key_invalid"; 3]);
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
