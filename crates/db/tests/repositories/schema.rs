//! Both engines have the same tables.

use std::collections::BTreeSet;

use jumpa_test_database::{Engine, TestDatabase};
use sqlx::{Connection, PgConnection, Row, SqliteConnection};

/// One line for each column, unique key and named index.
type Schema = BTreeSet<String>;

async fn sqlite() -> Schema {
    let world = TestDatabase::new(Engine::Sqlite).await;
    let mut connection = SqliteConnection::connect(&world.url).await.unwrap();
    let columns = sqlx::query(
        "SELECT t.name, c.name, c.type, c.\"notnull\" = 1 \
         FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c \
         WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
         AND t.name NOT LIKE 'sqlite%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let keys = sqlx::query(
        "SELECT t.name, i.name, i.\"unique\" = 1, \
         (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) \
          ORDER BY seqno)) \
         FROM sqlite_master AS t JOIN pragma_index_list(t.name) AS i \
         WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let columns = columns
        .iter()
        .map(|row| column_line(row.get(0), row.get(1), sqlite_kind(row.get(2)), row.get(3)));
    columns
        .chain(keys.iter().map(|row| key_line(row.get(0), row.get(1), row.get(2), row.get(3))))
        .collect()
}

async fn postgres() -> Schema {
    let world = TestDatabase::new(Engine::Postgres).await;
    let mut connection = PgConnection::connect(&world.url).await.unwrap();
    let columns = sqlx::query(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'NO' \
         FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let keys = sqlx::query(
        "SELECT t.relname::text, k.relname::text, i.indisunique, \
         (SELECT string_agg(a.attname::text, ',' ORDER BY p.place) \
          FROM unnest(i.indkey) WITH ORDINALITY AS p (attnum, place) \
          JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = p.attnum) \
         FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid \
         JOIN pg_class AS k ON k.oid = i.indexrelid \
         WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let columns = columns
        .iter()
        .map(|row| column_line(row.get(0), row.get(1), postgres_kind(row.get(2)), row.get(3)));
    columns
        .chain(keys.iter().map(|row| key_line(row.get(0), row.get(1), row.get(2), row.get(3))))
        .collect()
}

fn column_line(table: String, column: String, kind: &str, is_required: bool) -> String {
    let null = if is_required { "NOT NULL" } else { "NULL" };
    format!("{table}.{column} {kind} {null}")
}

/// Keys of the engine's own names count by their columns, indexes by their names too.
fn key_line(table: String, index: String, is_unique: bool, columns: Option<String>) -> String {
    let columns = columns.unwrap_or_default();
    if is_unique {
        format!("{table} UNIQUE ({columns})")
    } else {
        format!("{table} INDEX {index} ({columns})")
    }
}

fn sqlite_kind(name: String) -> &'static str {
    match name.as_str() {
        "BIGINT" => "integer",
        "BOOLEAN" => "boolean",
        "TEXT" => "text",
        "BLOB" => "bytes",
        "REAL" => "real",
        other => panic!("the migrations of SQLite use a type of its own: {other}"),
    }
}

fn postgres_kind(name: String) -> &'static str {
    match name.as_str() {
        "bigint" => "integer",
        "boolean" => "boolean",
        "text" | "jsonb" => "text",
        "bytea" | "uuid" => "bytes",
        "double precision" => "real",
        other => panic!("the migrations of PostgreSQL use a type of its own: {other}"),
    }
}

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let (sqlite, postgres) = (sqlite().await, postgres().await);
    assert!(sqlite.contains("apps.tenant_id bytes NOT NULL"), "{sqlite:#?}");
    assert!(sqlite.contains("apps UNIQUE (tenant_id,id)"), "{sqlite:#?}");
    let only_sqlite: Vec<_> = sqlite.difference(&postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(&sqlite).collect();
    assert!(
        only_sqlite.is_empty() && only_postgres.is_empty(),
        "only with SQLite: {only_sqlite:#?}\nonly with PostgreSQL: {only_postgres:#?}"
    );
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = format!("{}/crates/db/migrations/{engine}", env!("JUMPA_CHECKOUT"));
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
