//! First login, login, logout, me.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::{Answer, PASSWORD, World};

fn first_login(token: &str) -> Value {
    json!({ "token": token, "email": "ops@sehat.example", "name": "Ops", "password": PASSWORD })
}

async fn login(world: &World, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    world.post("/v1/login", &body, None).await
}

#[tokio::test]
async fn the_first_login_makes_an_operator_with_a_session() {
    let world = World::new().await;
    let token = world.first_login_token().await;
    let answer = world.post("/v1/first_login", &first_login(&token), None).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let me = world.get("/v1/me", Some(&answer.cookie())).await;
    assert!(me.body["id"].as_str().unwrap().starts_with("usr_"), "{:?}", me.body);
    assert_eq!(me.body["email"], "ops@sehat.example");
    assert_eq!(me.body["is_operator"], true);
    assert_eq!(me.body["has_totp"], false);
    assert_eq!(me.body["memberships"], json!([]));
}

#[tokio::test]
async fn a_first_login_link_works_once() {
    let world = World::new().await;
    let token = world.first_login_token().await;
    world.post("/v1/first_login", &first_login(&token), None).await;
    let again = world.post("/v1/first_login", &first_login(&token), None).await;
    assert_eq!((again.status, again.code()), (StatusCode::GONE, "one_time_token_invalid"));
}

#[tokio::test]
async fn a_made_up_first_login_token_is_refused() {
    let world = World::new().await;
    world.first_login_token().await;
    let answer = world.post("/v1/first_login", &first_login("0123456789abcdef"), None).await;
    assert_eq!(answer.code(), "one_time_token_invalid");
}

#[tokio::test]
async fn a_short_password_is_refused_and_leaves_the_link_valid() {
    let world = World::new().await;
    let token = world.first_login_token().await;
    let mut body = first_login(&token);
    body["password"] = json!("sembilan9");
    let answer = world.post("/v1/first_login", &body, None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.body["field"], "password");
    let answer = world.post("/v1/first_login", &first_login(&token), None).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_wrong_type_is_refused() {
    let world = World::new().await;
    for path in ["/v1/first_login", "/v1/login"] {
        let answer = world.post(path, &json!({ "email": 1, "password": [] }), None).await;
        assert_eq!(answer.code(), "invalid_value", "{path}");
    }
}

#[tokio::test]
async fn a_login_gives_a_cookie_that_scripts_cannot_read() {
    let world = World::new().await;
    world.operator_cookie().await;
    let answer = login(&world, "OPS@sehat.example", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK);
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("jumpa_session="), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let me = world.get("/v1/me", Some(&answer.cookie())).await;
    assert_eq!(me.status, StatusCode::OK);
}

#[tokio::test]
async fn over_https_the_cookie_is_kept_to_the_host() {
    let world = World::with(|mut config| {
        config.public_url = Some("https://127.0.0.1:8080".to_owned());
        config
    })
    .await;
    let body = first_login(&world.first_login_token().await);
    let request = crate::request(axum::http::Method::POST, "/v1/first_login", None)
        .header(header::ORIGIN, "https://127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_string().into())
        .unwrap();
    let answer = world.send(request).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-jumpa="), "{cookie}");
    assert!(cookie.contains("Secure") && cookie.contains("Path=/"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let world = World::new().await;
    world.operator_cookie().await;
    let wrong = login(&world, "ops@sehat.example", "kata-sandi-lain").await;
    let unknown = login(&world, "tidak@sehat.example", PASSWORD).await;
    for answer in [&wrong, &unknown] {
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "login_failed"));
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
    assert_eq!(wrong.body["title"], unknown.body["title"]);
}

#[tokio::test]
async fn somebody_who_guesses_passwords_must_wait() {
    let world = World::new().await;
    world.operator_cookie().await;
    let mut statuses = vec![];
    // Pauses double, so that a machine that hashes slowly runs into one as well.
    for _ in 0..12 {
        let answer = login(&world, "ops@sehat.example", "kata-sandi-lain").await;
        statuses.push(answer.status);
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answer.code(), "too_many_attempts");
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
            break;
        }
    }
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
}

#[tokio::test]
async fn a_running_session_goes_on_while_somebody_guesses_its_password() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    for _ in 0..8 {
        login(&world, "ops@sehat.example", "kata-sandi-lain").await;
    }
    assert_eq!(world.get("/v1/me", Some(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn after_a_logout_the_session_is_over() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let answer = world.post("/v1/logout", &json!({}), Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    let me = world.get("/v1/me", Some(&cookie)).await;
    assert_eq!((me.status, me.code()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
}

#[tokio::test]
async fn nobody_is_logged_in_without_a_session() {
    let world = World::new().await;
    for cookie in [None, Some("jumpa_session=made-up"), Some("other=1")] {
        let answer = world.get("/v1/me", cookie).await;
        assert_eq!(answer.code(), "unauthenticated", "{cookie:?}");
    }
    assert_eq!(world.post("/v1/logout", &json!({}), None).await.code(), "unauthenticated");
}
