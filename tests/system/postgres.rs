//! The server on PostgreSQL.

use std::time::{Duration, Instant};

use jumpa_system_tests::{Console, Person, Request, within};
use jumpa_test_database::{PostgresServer, ROLE};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::program;

/// The pool waits for a second; a busy machine is given some more.
const PROMPTLY: Duration = Duration::from_secs(5);

#[tokio::test]
async fn while_postgres_is_away_calls_and_joins_go_on() {
    let postgres = PostgresServer::start();
    let url = postgres.url(ROLE, &postgres.create_database());
    let server = program().environment("JUMPA__DATABASE_URL", &url).start().await;
    assert!(!server.data().join("jumpa.db").exists());
    let app = server.create_app("Toko Melati", &["--guests"]).await;
    assert!(server.command(&["app", "list"]).await.contains(app.as_str()));
    let doctor = server.run(&["doctor"]).await;
    let doctor = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.contains("PostgreSQL"), "{doctor}");
    assert!(!doctor.contains("BYPASSRLS"), "{doctor}");
    let sari = server.guest("ruang-1", "Sari").await;

    postgres.refuse();
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status, &ready.json()["database"]), (503, &false.into()));
    let begin = Instant::now();
    let me = Request::new("GET", "/v1/me").header("cookie", "jumpa_session=tidak-ada");
    let refused = server.send(me).await;
    assert_eq!((refused.status, refused.code()), (503, "database_unavailable".to_owned()));
    assert!(refused.header("retry-after").is_some());
    assert!(begin.elapsed() < PROMPTLY, "{:?}", begin.elapsed());
    let _budi = server.guest("ruang-1", "Budi").await;
    sari.knows(2).await;

    postgres.accept();
    within("the server is ready again", async {
        while server.get("/readyz").await.status != 200 {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_happens_while_postgres_is_away_is_counted_once() {
    let postgres = PostgresServer::start();
    let url = postgres.url(ROLE, &postgres.create_database());
    let server = program().environment("JUMPA__DATABASE_URL", &url).start().await;
    let operator = Console::operator(&server).await;
    let (_, owner, app) = operator.found_tenant(&server).await;
    let app = app.parse().unwrap();
    server.knows(&app).await;
    let sari = server.member(&app, "ruang-1", "Sari").await;
    let token = server.token(&app, "ruang-1", "Budi", &[]).await;
    let mut budis = server.options(&app, "ruang-1", "Budi");
    budis.token = Some(token);

    postgres.refuse();
    assert_eq!(owner.call(&server, "GET", "/v1/calls", &json!({})).await.status, 503);
    let budi = Person::join(budis).await;
    sari.knows(2).await;
    budi.client.leave().await;
    sari.knows(1).await;
    sari.client.leave().await;

    postgres.accept();
    let read = async |path: String| owner.call(&server, "GET", &path, &json!({})).await.json();
    let mut ended: Vec<Value> = Vec::new();
    within("the call stands in the database as ended", async {
        while ended.is_empty() {
            sleep(Duration::from_millis(50)).await;
            let page = read("/v1/calls?state=ended".to_owned()).await;
            ended = page["data"].as_array().cloned().unwrap_or_default();
        }
    })
    .await;
    assert_eq!(ended.len(), 1, "{ended:?}");
    let id = ended[0]["id"].as_str().unwrap();
    let people = read(format!("/v1/calls/{id}/participants")).await;
    let people = people["data"].as_array().unwrap();
    let mut names: Vec<&str> = people.iter().map(|one| one["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Budi", "Sari"]);
    for person in people {
        let stays = person["stays"].as_array().unwrap();
        assert_eq!(stays.len(), 1, "{person}");
        assert_eq!(stays[0]["leave_reason"], "left", "{person}");
    }
}

#[tokio::test]
async fn an_address_that_is_no_database_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let program = program().environment("JUMPA__DATABASE_URL", "mysql://localhost/jumpa");
    let output = program.run(folder.path(), &["app", "list"]).await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("database_url is wrong"), "{error}");
    assert!(error.contains("postgres://"), "{error}");
}
