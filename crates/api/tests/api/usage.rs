//! Numbers of usage and quality.

use axum::http::{Method, StatusCode};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{World, calls::Call};

const DAY: &str = "from=2026-11-22&until=2026-11-22";

/// A call of two for a minute, one of one for ten seconds.
async fn two_calls(world: &World) {
    Call::begin(&world.app.id, "ruang-1", 0)
        .join(0, 1, "Budi", Some("pasien-7"))
        .join(0, 2, "Siti", None)
        .measure(20, 1, 0.0)
        .measure(30, 1, 0.2)
        .end(60)
        .store(world)
        .await;
    Call::begin(&world.app.id, "ruang-2", 100)
        .join(100, 3, "Budi", Some("pasien-7"))
        .end(110)
        .store(world)
        .await;
}

async fn owner(world: &World) -> String {
    world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await.cookie
}

#[on_both_engines]
async fn an_overview_tells_what_was_used(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    let zone = json!({ "time_zone": "Asia/Jakarta" });
    world.call(Method::PATCH, "/v1/tenant", &zone, &cookie).await;
    two_calls(&world).await;
    let answer = world.get(&format!("/v1/overview?{DAY}"), Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    let overview = &answer.body;
    assert_eq!(overview["time_zone"], "Asia/Jakarta");
    assert_eq!(overview["live"], json!({ "calls": 0, "participants": 0 }));
    assert_eq!(
        overview["totals"],
        json!({
            "calls": 2,
            "participant_minutes": 2.17,
            "participants": 3,
            "peak_participants": 2,
            "monthly_active_users": 2,
            "one_on_one_share": 0.5,
            "good_quality_share": 0.5,
            "median_duration_s": 35,
        })
    );
    assert_eq!(overview["previous"]["calls"], 0);
    assert_eq!(overview["previous"]["one_on_one_share"], Value::Null);
    assert_eq!(
        overview["days"],
        json!([{
            "date": "2026-11-22",
            "calls": 2,
            "participant_minutes": 2.17,
            "participants": 3,
            "peak_participants": 2,
            "good_quality_share": 0.5,
        }])
    );
    // Noon of UTC is 19 o'clock in Jakarta.
    assert_eq!(overview["hours"][6][19], 2);
    assert_eq!(
        overview["top_rooms"][0],
        json!({
            "app_id": world.app.id,
            "room": "ruang-1",
            "calls": 1,
            "participant_minutes": 2.0,
        })
    );
    let clients = json!([{ "browser": "Chrome", "os": "Android", "participants": 3 }]);
    assert_eq!(overview["clients"], clients);
}

#[tokio::test]
async fn without_dates_an_overview_shows_thirty_days() {
    let world = World::new().await;
    let cookie = owner(&world).await;
    let answer = world.get("/v1/overview", Some(&cookie)).await;
    assert_eq!(answer.body["days"].as_array().unwrap().len(), 30);
}

#[on_both_engines]
async fn an_overview_of_another_tenant_is_empty(engine: Engine) {
    let world = World::on(engine).await;
    two_calls(&world).await;
    let (_, stranger) = world.other_tenant().await;
    for app in [String::new(), format!("&app_id={}", world.app.id)] {
        let path = format!("/v1/overview?{DAY}{app}");
        let answer = world.get(&path, Some(&stranger.cookie)).await;
        assert_eq!(answer.body["totals"]["calls"], 0, "{:?}", answer.body);
        assert_eq!(answer.body["top_rooms"], json!([]));
    }
}

#[tokio::test]
async fn dates_that_cannot_be_are_refused() {
    let world = World::new().await;
    let cookie = owner(&world).await;
    for query in
        ["from=2026-11-23&until=2026-11-22", "from=kemarin", "until=2026-11-22T00:00:00Z", "x=1"]
    {
        let answer = world.get(&format!("/v1/overview?{query}"), Some(&cookie)).await;
        assert_eq!(answer.code(), "invalid_value", "{query}");
    }
}
