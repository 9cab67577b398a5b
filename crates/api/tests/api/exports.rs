//! Lists as files, and that they hold what the lists show.

use axum::http::StatusCode;
use jumpa_db::Author;
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, World, calls::Call};

async fn owner(world: &World) -> String {
    world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await.cookie
}

/// Calls of which one has a room that a spreadsheet would calculate, and one goes on.
async fn calls(world: &World) {
    let app_id = &world.app.id;
    Call::begin(app_id, "ruang-1", 0)
        .join(0, 1, "Budi", Some("pasien-7"))
        .join(0, 2, "Siti", None)
        .measure(20, 1, 0.0)
        .end(60)
        .store(world)
        .await;
    Call::begin(app_id, "-1", 100).join(100, 3, "Dewi", None).end(115).store(world).await;
    Call::begin(app_id, "ruang-2", 200).join(200, 4, "Agus", None).end(290).store(world).await;
}

/// The rows of a list as a CSV file shows them: names first, nothing for null, a formula as text.
fn csv_of(rows: &[Value], names: &[&str]) -> String {
    let field = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with('-') => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = |row: &Value| names.iter().map(|name| field(&row[*name])).collect::<Vec<_>>();
    let lines = rows.iter().map(|row| line(row).join(",") + "\n");
    names.join(",") + "\n" + &lines.collect::<String>()
}

fn ndjson(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const CALL: [&str; 12] = [
    "id",
    "app_id",
    "room",
    "started_at",
    "ended_at",
    "end_reason",
    "duration_s",
    "participants",
    "participant_minutes",
    "peak_participants",
    "quality",
    "is_live",
];

#[on_both_engines]
async fn files_of_calls_hold_what_the_list_shows(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    calls(&world).await;
    for filter in ["", "min_duration_s=30", "room=-1"] {
        let list = world.get(&format!("/v1/calls?{filter}"), Some(&cookie)).await;
        let rows = list.body["data"].as_array().unwrap();
        assert!(!rows.is_empty());
        let file = world.get(&format!("/v1/calls/export?{filter}"), Some(&cookie)).await;
        assert_eq!(file.text, csv_of(rows, &CALL), "{filter}");
        let path = format!("/v1/calls/export?format=ndjson&{filter}");
        assert_eq!(ndjson(&world.get(&path, Some(&cookie)).await), *rows);
    }
    let file = world.get("/v1/calls/export?format=csv", Some(&cookie)).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"calls.csv\"");
    assert!(file.text.contains(",'-1,"), "{}", file.text);
}

#[on_both_engines]
async fn a_file_without_rows_holds_the_line_of_names(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    let empty = world.get("/v1/calls/export", Some(&cookie)).await.text;
    Call::begin(&world.app.id, "ruang-1", 1).end(2).store(&world).await;
    let one = world.get("/v1/calls/export", Some(&cookie)).await.text;
    assert_eq!(one.lines().next(), Some(empty.trim_end()));
    let usage = "/v1/usage/export?from=2020-01-01&until=2020-01-02";
    let usage = world.get(usage, Some(&cookie)).await.text;
    assert!(usage.starts_with("period,app_id,app_name,calls,"), "{usage}");
    let nothing = world.get("/v1/calls/export?format=ndjson&room=kosong", Some(&cookie)).await;
    assert_eq!(nothing.text, "");
}

#[on_both_engines]
async fn a_file_holds_more_than_one_page(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    for number in 0..501 {
        Call::begin(&world.app.id, "ruang-1", number).end(number + 1).store(&world).await;
    }
    let file = world.get("/v1/calls/export", Some(&cookie)).await;
    assert_eq!(file.text.lines().count(), 1 + 501);
    assert_eq!(file.text.matches("started_at").count(), 1);
}

#[on_both_engines]
async fn files_of_usage_hold_what_is_shown(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    calls(&world).await;
    let names = [
        "period",
        "app_id",
        "app_name",
        "calls",
        "participant_minutes",
        "participants",
        "peak_participants",
        "monthly_active_users",
    ];
    for group in ["day", "month"] {
        let query = format!("from=2026-11-01&until=2026-11-30&group={group}");
        let shown = world.get(&format!("/v1/usage?{query}"), Some(&cookie)).await;
        let rows = shown.body["data"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{:?}", shown.body);
        let file = world.get(&format!("/v1/usage/export?{query}"), Some(&cookie)).await;
        assert_eq!(file.text, csv_of(rows, &names));
    }
    let path = "/v1/usage?from=2026-11-22&until=2026-11-22";
    let row = world.get(path, Some(&cookie)).await.body["data"][0].clone();
    assert_eq!(
        row,
        json!({
            "period": "2026-11-22",
            "app_id": world.app.id,
            "app_name": "Klinik Sehat",
            "calls": 3,
            "participant_minutes": 3.75,
            "participants": 4,
            "peak_participants": 2,
            "monthly_active_users": null,
        })
    );
}

#[on_both_engines]
async fn the_operator_ranks_tenants_by_month(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    calls(&world).await;
    let answer = world.get("/v1/operator/usage?month=2026-11", Some(&cookie)).await;
    let rows = answer.body["data"].as_array().unwrap();
    assert_eq!(
        rows,
        &[json!({
            "tenant_id": world.app.tenant_id,
            "tenant_name": "My organisation",
            "apps": 1,
            "calls": 3,
            "participant_minutes": 3.75,
            "participants": 4,
            "peak_participants": 2,
            "monthly_active_users": 4,
        })]
    );
    let path = "/v1/operator/usage/export?month=2026-11&format=ndjson";
    assert_eq!(ndjson(&world.get(path, Some(&cookie)).await), *rows);
    let empty = world.get("/v1/operator/usage?month=2026-10", Some(&cookie)).await;
    assert_eq!(empty.body["data"], json!([]));
    for month in ["2026-13", "2026-11-22", "bulan"] {
        let path = format!("/v1/operator/usage?month={month}");
        assert_eq!(world.get(&path, Some(&cookie)).await.code(), "invalid_value", "{month}");
    }
}

#[on_both_engines]
async fn limits_tell_what_is_used_of_them(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    let scope = world.database.tenant(world.app.tenant_id);
    let edit = |settings: &mut jumpa_db::AppSettings| {
        settings.limits.max_calls = Some(5);
        settings.limits.max_participants = 20;
    };
    let now = jumpa_db::Timestamp::now();
    scope.change_app(&world.app.id, edit, &Author::system(), now).await.unwrap();
    for number in 0..4 {
        let call = Call::begin(&world.app.id, &format!("ruang-{number}"), 0);
        call.join(0, number, "Budi", None).store(&world).await;
    }
    let answer = world.get("/v1/usage/limits", Some(&cookie)).await;
    let app = &answer.body["data"][0];
    assert_eq!((&app["app_id"], &app["app_name"]), (&json!(world.app.id), &json!("Klinik Sehat")));
    assert_eq!(app["limits"][0]["name"], "minutes_per_month");
    assert_eq!(app["limits"][0]["limit"], Value::Null);
    assert_eq!(app["limits"][0]["alert"], "none");
    let calls =
        json!({ "name": "max_calls", "used": 4.0, "limit": 5, "ratio": 0.8, "alert": "warning" });
    assert_eq!(app["limits"][1], calls);
    let people = json!({
        "name": "max_participants", "used": 1.0, "limit": 20, "ratio": 0.05, "alert": "none",
    });
    assert_eq!(app["limits"][2], people);
}

#[on_both_engines]
async fn files_of_another_tenant_are_empty(engine: Engine) {
    let world = World::on(engine).await;
    calls(&world).await;
    let (_, stranger) = world.other_tenant().await;
    let app = format!("app_id={}", world.app.id);
    for path in ["/v1/calls/export", "/v1/usage/export"] {
        for query in [String::new(), app.clone()] {
            let file = world.get(&format!("{path}?{query}"), Some(&stranger.cookie)).await;
            assert_eq!(file.status, StatusCode::OK, "{path}?{query}");
            assert_eq!(file.text.lines().count(), 1, "{path}?{query}: {}", file.text);
        }
    }
    let limits = world.get(&format!("/v1/usage/limits?{app}"), Some(&stranger.cookie)).await;
    assert_eq!(limits.body["data"], json!([]));
}

#[tokio::test]
async fn an_unknown_format_is_refused() {
    let world = World::new().await;
    let cookie = owner(&world).await;
    for path in ["/v1/calls/export?format=xlsx", "/v1/usage/export?format=", "/v1/usage?group=week"]
    {
        assert_eq!(world.get(path, Some(&cookie)).await.code(), "invalid_value", "{path}");
    }
}
