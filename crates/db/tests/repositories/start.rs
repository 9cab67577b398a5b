use jumpa_db::{Database, DatabaseLocation, DbError, MasterKey};
use jumpa_test_database::{PostgresServer, ROLE};

use crate::at;

fn location(database: &str) -> DatabaseLocation {
    PostgresServer::shared().url(ROLE, database).parse().unwrap()
}

#[tokio::test]
async fn several_servers_can_start_at_once_on_a_fresh_database() {
    let location = location(&PostgresServer::shared().create_database());
    let starts = tokio::join!(
        Database::connect(&location, MasterKey::generate()),
        Database::connect(&location, MasterKey::generate()),
        Database::connect(&location, MasterKey::generate()),
    );
    for database in [starts.0, starts.1, starts.2] {
        database.unwrap().operator().first_tenant(at(1)).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_named() {
    let missing = Database::connect(&location("missing"), MasterKey::generate()).await;
    let Err(DbError::Open { place, source }) = missing else { panic!("{missing:?}") };
    assert!(place.contains("missing"), "{place}");
    assert!(source.to_string().contains("does not exist"), "{source}");
}

#[tokio::test]
async fn a_server_that_comes_back_is_used_again() {
    let server = PostgresServer::start();
    let location = server.url(ROLE, &server.create_database()).parse().unwrap();
    let database = Database::connect(&location, MasterKey::generate()).await.unwrap();
    database.ping().await.unwrap();
    server.refuse();
    let away = database.ping().await;
    assert!(matches!(away, Err(DbError::Unavailable(_))), "{away:?}");
    let start = Database::connect(&location, MasterKey::generate()).await;
    assert!(start.unwrap_err().is_temporary());
    server.accept();
    database.ping().await.unwrap();
}

/// The pool gives up after its own timeout, so that a request is answered and does not hang.
#[tokio::test]
async fn a_server_that_goes_away_is_unavailable() {
    let server = PostgresServer::start();
    let location = server.url(ROLE, &server.create_database()).parse().unwrap();
    let database = Database::connect(&location, MasterKey::generate()).await.unwrap();
    database.ping().await.unwrap();
    server.stop();
    let begin = std::time::Instant::now();
    let first = database.ping().await;
    let second = database.ping().await;
    assert!(matches!(first, Err(DbError::Unavailable(_))), "{first:?}");
    assert!(matches!(second, Err(DbError::Unavailable(_))), "{second:?}");
    assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
}
