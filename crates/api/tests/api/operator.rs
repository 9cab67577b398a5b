//! `GET` and `POST /v1/operator/apps`.

use axum::http::StatusCode;
use jumpa_db::{NewUser, SessionOrigin, Timestamp};
use serde_json::json;

use crate::World;

#[tokio::test]
async fn the_operator_makes_an_app_and_sees_its_secret_once() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let answer =
        world.post("/v1/operator/apps", &json!({ "name": "Toko Melati" }), Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert!(answer.body["app"]["id"].as_str().unwrap().starts_with("toko-melati-"));
    assert_eq!(answer.body["app"]["guests"], "refused");
    let secret = answer.body["key"]["secret"].as_str().unwrap();
    assert!(secret.len() >= 32);

    let list = world.get("/v1/operator/apps", Some(&cookie)).await;
    assert!(!list.body.to_string().contains(secret));
    let directory = world.database.operator().directory().await.unwrap();
    let key_id = answer.body["key"]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(directory.keys[&key_id].secret(), Some(secret.as_bytes()));
}

#[tokio::test]
async fn apps_come_in_pages() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    for name in ["Satu", "Dua"] {
        world.post("/v1/operator/apps", &json!({ "name": name }), Some(&cookie)).await;
    }
    let first = world.get("/v1/operator/apps?limit=2", Some(&cookie)).await;
    assert_eq!(first.body["data"].as_array().unwrap().len(), 2);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let path = format!("/v1/operator/apps?limit=2&cursor={cursor}");
    let second = world.get(&path, Some(&cookie)).await;
    assert_eq!(second.body["data"][0]["name"], "Dua");
    assert_eq!(second.body["next_cursor"], json!(null));
}

#[tokio::test]
async fn a_wrong_page_is_refused() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    for query in ["limit=0", "limit=201", "limit=x", "cursor=x", "halaman=2"] {
        let answer = world.get(&format!("/v1/operator/apps?{query}"), Some(&cookie)).await;
        assert_eq!(answer.code(), "invalid_value", "{query}");
    }
}

#[tokio::test]
async fn without_a_session_apps_are_neither_shown_nor_made() {
    let world = World::new().await;
    assert_eq!(world.get("/v1/operator/apps", None).await.status, StatusCode::UNAUTHORIZED);
    let answer = world.post("/v1/operator/apps", &json!({ "name": "Toko" }), None).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.database.operator().apps().await.unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_who_does_not_run_the_platform_is_refused() {
    let world = World::new().await;
    let logins = world.database.logins();
    let now = Timestamp::now();
    let person = NewUser {
        email: "staf@sehat.example".to_owned(),
        name: "Staf".to_owned(),
        password_hash: String::new(),
        is_operator: false,
    };
    let user = logins.create_user(&person, now).await.unwrap();
    let later = now + std::time::Duration::from_secs(60);
    let token =
        logins.create_session(user.id, &SessionOrigin::default(), now, later).await.unwrap();
    let cookie = format!("jumpa_session={token}");

    let answer = world.get("/v1/operator/apps", Some(&cookie)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "forbidden"));
    let answer = world.post("/v1/operator/apps", &json!({ "name": "Toko" }), Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_wrong_name_is_refused() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    for body in [json!({ "name": " " }), json!({ "name": 7 }), json!({}), json!([])] {
        let answer = world.post("/v1/operator/apps", &body, Some(&cookie)).await;
        assert_eq!(answer.code(), "invalid_value", "{body}");
    }
}
