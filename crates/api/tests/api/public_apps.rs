//! `GET /v1/public/apps/{app_id}`.

use std::sync::Arc;

use axum::http::StatusCode;
use jumpa_db::{AppSettings, Author, Timestamp};
use serde_json::json;

use crate::World;

#[tokio::test]
async fn an_app_shows_its_name_and_whether_it_takes_guests() {
    let world = World::new().await;
    let answer = world.get(&format!("/v1/public/apps/{}", world.app.id), None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body["id"], world.app.id.as_str());
    assert_eq!(answer.body["name"], "Klinik Sehat");
    assert_eq!(answer.body["allows_guests"], true);
    assert_eq!(answer.body["branding"]["logo_url"], json!(null));
}

#[tokio::test]
async fn an_unknown_app_is_not_found() {
    let world = World::new().await;
    for path in ["/v1/public/apps/toko-melati-aaaaa", "/v1/public/apps/%00", "/v1/public/apps/A"] {
        let answer = world.get(path, None).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "app_unknown"));
    }
}

#[tokio::test]
async fn a_disabled_app_is_refused() {
    let world = World::new().await;
    let scope = world.database.tenant(world.app.tenant_id);
    let (disable, by) = (|app: &mut AppSettings| app.is_disabled = true, Author::system());
    scope.change_app(&world.app.id, disable, &by, Timestamp::now()).await.unwrap();
    let snapshot = world.database.operator().directory().await.unwrap();
    world.directory.send(Arc::new(snapshot)).unwrap();

    let answer = world.get(&format!("/v1/public/apps/{}", world.app.id), None).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "app_disabled"));
}

#[tokio::test]
async fn an_app_is_shown_while_the_database_is_away() {
    let world = World::new().await;
    world.database.close().await;
    let answer = world.get(&format!("/v1/public/apps/{}", world.app.id), None).await;
    assert_eq!(answer.status, StatusCode::OK);
}
