//! `POST /v1/ratings`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::World;

fn rating() -> Value {
    json!({
        "rating_token": "rating-token",
        "stars": 2,
        "reasons": ["echo", "frozen_video"],
        "comment": " putus-putus ",
    })
}

#[tokio::test]
async fn a_rating_is_stored_with_the_tenant_of_its_call() {
    let world = World::new().await;
    let answer = world.post("/v1/ratings", &rating(), None).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let stored = world.database.tenant(world.app.tenant_id).ratings(10).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].stars, 2);
    assert_eq!(stored[0].reasons, ["echo", "frozen_video"]);
    assert_eq!(stored[0].comment.as_deref(), Some("putus-putus"));
}

#[tokio::test]
async fn a_rating_without_a_valid_token_is_refused() {
    let world = World::new().await;
    let mut body = rating();
    body["rating_token"] = json!("made-up");
    let answer = world.post("/v1/ratings", &body, None).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "rating_token_invalid"));
    assert!(world.database.tenant(world.app.tenant_id).ratings(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn values_outside_their_range_are_refused() {
    let world = World::new().await;
    let wrong = [
        ("stars", json!(0)),
        ("stars", json!(6)),
        ("stars", json!("5")),
        ("reasons", json!(["Echo!"])),
        ("reasons", json!(vec!["echo"; 11])),
        ("comment", json!("x".repeat(1_001))),
    ];
    for (field, value) in wrong {
        let mut body = rating();
        body[field] = value;
        let answer = world.post("/v1/ratings", &body, None).await;
        assert_eq!(answer.code(), "invalid_value", "{field}");
    }
}

#[tokio::test]
async fn a_flood_of_ratings_is_slowed() {
    let world = World::new().await;
    for _ in 0..61 {
        world.post("/v1/ratings", &rating(), None).await;
    }
    let answer = world.post("/v1/ratings", &rating(), None).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}
