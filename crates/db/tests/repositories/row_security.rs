//! PostgreSQL's second wall between tenants, looked at with bare SQL as the role of the server.

use jumpa_db::{MasterKey, NewApp};
use jumpa_protocol::{TenantId, TenantStatus};
use jumpa_test_database::{Engine, TestDatabase};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::{at, by};

async fn connect(world: &TestDatabase) -> PgConnection {
    PgConnection::connect(&world.url).await.unwrap()
}

/// Two tenants, each with an app and a key.
async fn two_tenants(world: &TestDatabase) -> (TenantId, TenantId) {
    let operator = world.database.operator();
    let mut ids = vec![];
    for name in ["Klinik Sehat", "Toko Melati"] {
        let id = operator.create_tenant(name, at(1)).await.unwrap();
        let scope = world.database.tenant(id);
        let app = scope.create_app(&NewApp::named(name), &by(), at(2)).await.unwrap();
        scope.create_key(&app.id, &by(), at(3)).await.unwrap();
        ids.push(id);
    }
    (ids[0], ids[1])
}

/// `tenants`, and every table with a column `tenant_id`.
async fn tenant_tables(connection: &mut PgConnection) -> Vec<String> {
    let rows = sqlx::query(
        "SELECT table_name::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND column_name = 'tenant_id' \
         UNION SELECT 'tenants' ORDER BY 1",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(names.len() >= 4, "{names:?}");
    names
}

#[tokio::test]
async fn every_table_of_tenants_is_secured_even_from_its_owner() {
    let world = TestDatabase::new(Engine::Postgres).await;
    let mut connection = connect(&world).await;
    for table in tenant_tables(&mut connection).await {
        let facts = sqlx::query(
            "SELECT relrowsecurity AND relforcerowsecurity AS is_secured, \
             (SELECT COUNT(*) FROM pg_policy WHERE polrelid = pg_class.oid) AS policies \
             FROM pg_class WHERE oid = $1::regclass",
        )
        .bind(&table)
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert!(facts.get::<bool, _>("is_secured"), "{table}");
        assert_eq!(facts.get::<i64, _>("policies"), 1, "{table}");
    }
}

#[tokio::test]
async fn without_a_tenant_there_is_an_error() {
    let world = TestDatabase::new(Engine::Postgres).await;
    let (owner, _) = two_tenants(&world).await;
    let mut connection = connect(&world).await;
    for table in ["tenants", "apps", "app_keys"] {
        let select = AssertSqlSafe(format!("SELECT * FROM {table}"));
        assert!(sqlx::query(select).fetch_all(&mut connection).await.is_err(), "{table}");
    }

    // Nor after a transaction that named one, on the same connection.
    let mut transaction = connection.begin().await.unwrap();
    sqlx::query("SELECT set_config('app.tenant_id', $1, true)")
        .bind(owner.as_uuid().to_string())
        .execute(&mut *transaction)
        .await
        .unwrap();
    let apps = sqlx::query("SELECT * FROM apps").fetch_all(&mut *transaction).await.unwrap();
    assert_eq!(apps.len(), 1);
    transaction.commit().await.unwrap();
    assert!(sqlx::query("SELECT * FROM apps").fetch_all(&mut connection).await.is_err());
}

#[tokio::test]
async fn a_tenant_reads_and_writes_its_own_rows_alone() {
    let world = TestDatabase::new(Engine::Postgres).await;
    let (owner, stranger) = two_tenants(&world).await;
    let mut connection = connect(&world).await;
    sqlx::query("SELECT set_config('app.tenant_id', $1, false)")
        .bind(stranger.as_uuid().to_string())
        .execute(&mut connection)
        .await
        .unwrap();
    for (table, column) in [("tenants", "id"), ("apps", "tenant_id"), ("app_keys", "tenant_id")] {
        let select = AssertSqlSafe(format!("SELECT {column} FROM {table}"));
        let rows = sqlx::query(select).fetch_all(&mut connection).await.unwrap();
        let seen: Vec<uuid::Uuid> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(seen, [stranger.as_uuid()], "{table}");
    }
    let gifts = sqlx::query("UPDATE apps SET tenant_id = $1").bind(owner.as_uuid());
    assert!(gifts.execute(&mut connection).await.is_err());
    let deleted = sqlx::query("DELETE FROM app_keys WHERE tenant_id = $1").bind(owner.as_uuid());
    assert_eq!(deleted.execute(&mut connection).await.unwrap().rows_affected(), 0);
}

#[tokio::test]
async fn the_operator_changes_a_row_that_another_transaction_is_changing() {
    let world = TestDatabase::new(Engine::Postgres).await;
    let (owner, _) = two_tenants(&world).await;
    let mut connection = connect(&world).await;
    let mut first = connection.begin().await.unwrap();
    sqlx::query("SELECT set_config('app.scope', 'operator', true)")
        .execute(&mut *first)
        .await
        .unwrap();
    let changed = sqlx::query("UPDATE tenants SET name = 'Klinik Baru' WHERE id = $1")
        .bind(owner.as_uuid())
        .execute(&mut *first)
        .await
        .unwrap();
    assert_eq!(changed.rows_affected(), 1);

    let database = world.database.clone();
    let second = tokio::spawn(async move {
        let operator = database.operator();
        operator.set_tenant_status(owner, TenantStatus::Suspended, &by(), at(5)).await
    });
    let mut observer = connect(&world).await;
    loop {
        let waiting: i64 = sqlx::query("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
            .fetch_one(&mut observer)
            .await
            .unwrap()
            .get(0);
        if waiting > 0 {
            break;
        }
        assert!(!second.is_finished(), "it did not wait for the first transaction");
    }
    first.commit().await.unwrap();
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_role_that_row_security_does_not_hold_is_told() {
    let world = TestDatabase::new(Engine::Postgres).await;
    assert!(!world.database.bypasses_row_security().await.unwrap());
    let location = world.superuser_url().unwrap().parse().unwrap();
    let database = jumpa_db::Database::connect(&location, MasterKey::generate()).await.unwrap();
    assert!(database.bypasses_row_security().await.unwrap());
}
