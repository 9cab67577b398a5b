use jumpa_db::{APP_DELETION_GRACE, AppSettings, AuditFilter, DbError, NewApp};
use jumpa_protocol::directory::GuestPolicy;
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::{at, by, disable};

#[on_both_engines]
async fn an_app_reads_back_as_it_was_made(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Klinik Sehat"), &by(), at(2)).await.unwrap();
    assert_eq!(scope.app(&app.id).await.unwrap(), Some(app));
}

#[on_both_engines]
async fn the_first_tenant_is_made_once(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let first = world.database.operator().first_tenant(at(1)).await.unwrap();
    let second = world.database.operator().first_tenant(at(2)).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(world.database.operator().tenants().await.unwrap().len(), 1);
}

#[on_both_engines]
async fn several_first_starts_at_once_make_one_tenant(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let ids = tokio::join!(
        operator.first_tenant(at(1)),
        operator.first_tenant(at(2)),
        operator.first_tenant(at(3)),
    );
    let first = ids.0.unwrap();
    assert_eq!((ids.1.unwrap(), ids.2.unwrap()), (first, first));
}

#[on_both_engines]
async fn another_tenant_sees_and_changes_nothing_of_an_app(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let owner = operator.create_tenant("Klinik Sehat", at(1)).await.unwrap();
    let stranger = operator.create_tenant("Toko Melati", at(2)).await.unwrap();
    let app = world
        .database
        .tenant(owner)
        .create_app(&NewApp::named("Klinik"), &by(), at(3))
        .await
        .unwrap();
    let key = world.database.tenant(owner).create_key(&app.id, &by(), at(4)).await.unwrap();

    let scope = world.database.tenant(stranger);
    assert_eq!(scope.apps().await.unwrap(), vec![]);
    assert_eq!(scope.app(&app.id).await.unwrap(), None);
    assert_eq!(scope.keys(&app.id).await.unwrap(), vec![]);
    assert_eq!(scope.key_secret(&app.id, &key.id, at(4)).await.unwrap(), None);
    assert!(!scope.revoke_key(&app.id, &key.id, &by(), at(5)).await.unwrap());
    assert!(matches!(scope.create_key(&app.id, &by(), at(5)).await, Err(DbError::AppUnknown)));
    let changed = scope.change_app(&app.id, disable, &by(), at(6)).await;
    assert!(matches!(changed, Err(DbError::AppUnknown)));
    assert!(matches!(scope.delete_app(&app.id, &by(), at(6)).await, Err(DbError::AppUnknown)));
}

#[on_both_engines]
async fn settings_are_changed_and_the_audit_tells_which(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Klinik Sehat"), &by(), at(2)).await.unwrap();
    let edit = |settings: &mut AppSettings| {
        settings.guests = GuestPolicy::Wait;
        settings.origins = vec!["https://*.sehat.example".parse().unwrap()];
        settings.features.chat = false;
        settings.branding.accent_color = Some("#0b7a75".to_owned());
        settings.limits.minutes_per_month = Some(10_000);
    };
    let changed = scope.change_app(&app.id, edit, &by(), at(3)).await.unwrap();
    assert_eq!(scope.app(&app.id).await.unwrap().unwrap(), changed);
    assert!(!changed.settings.features.chat && changed.settings.features.reactions);

    let version = world.database.operator().directory_version().await.unwrap();
    scope.change_app(&app.id, edit, &by(), at(4)).await.unwrap();
    assert_eq!(world.database.operator().directory_version().await.unwrap(), version);
    let filter = AuditFilter { action: Some("app.changed".to_owned()), ..AuditFilter::default() };
    let lines = scope.audit(&filter, None, 10).await.unwrap();
    assert_eq!(lines.len(), 1, "a change of nothing is no act");
    let names: Vec<_> = lines[0].after().unwrap().as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["branding", "features", "guests", "limits", "origins"]);
    assert_eq!(lines[0].before().unwrap()["guests"], "refused");
}

#[on_both_engines]
async fn a_deleted_app_can_be_restored_until_it_is_purged(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Klinik Sehat"), &by(), at(2)).await.unwrap();
    let key = scope.create_key(&app.id, &by(), at(3)).await.unwrap();
    scope.delete_app(&app.id, &by(), at(4)).await.unwrap();
    assert_eq!(scope.apps().await.unwrap(), []);
    assert_eq!(scope.apps_after(true, None, 10).await.unwrap().len(), 1);
    assert!(operator.directory().await.unwrap().apps[&app.id].is_disabled);
    assert!(matches!(scope.create_key(&app.id, &by(), at(5)).await, Err(DbError::AppUnknown)));
    scope.restore_app(&app.id, &by(), at(6)).await.unwrap();
    assert_eq!(scope.apps().await.unwrap().len(), 1);

    scope.delete_app(&app.id, &by(), at(7)).await.unwrap();
    let end = at(7) + APP_DELETION_GRACE;
    assert_eq!(operator.purge_apps(at(8)).await.unwrap(), 0);
    assert_eq!(operator.purge_apps(end).await.unwrap(), 1);
    assert_eq!(operator.purge_apps(end).await.unwrap(), 0);
    assert!(matches!(scope.restore_app(&app.id, &by(), end).await, Err(DbError::AppUnknown)));
    assert_eq!(scope.app(&app.id).await.unwrap(), None);
    assert!(matches!(scope.key(&app.id, &key.id).await, Err(DbError::KeyUnknown)));
    assert!(!operator.directory().await.unwrap().apps.contains_key(&app.id));
}

#[on_both_engines]
async fn the_operator_looks_at_the_apps_of_one_tenant(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let mut ids = vec![];
    for (name, made) in [("Klinik Sehat", 1), ("Toko Melati", 2)] {
        let id = operator.create_tenant(name, at(made)).await.unwrap();
        world.database.tenant(id).create_app(&NewApp::named(name), &by(), at(3)).await.unwrap();
        ids.push(id);
    }
    let found = operator.apps_after(Some(ids[1]), None, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].settings.name, "Toko Melati");
    assert_eq!(operator.apps_after(None, None, 10).await.unwrap().len(), 2);
}

#[on_both_engines]
async fn an_own_domain_stays_with_its_app_until_that_is_erased(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let melati = operator.create_tenant("Toko Melati", at(1)).await.unwrap();
    let sehat = operator.create_tenant("Klinik Sehat", at(2)).await.unwrap();
    let (melati, sehat) = (world.database.tenant(melati), world.database.tenant(sehat));
    let first = melati.create_app(&NewApp::named("Toko"), &by(), at(3)).await.unwrap();
    let second = sehat.create_app(&NewApp::named("Klinik"), &by(), at(4)).await.unwrap();
    let take = |settings: &mut AppSettings| {
        settings.branding.own_domain = Some("call.melati.example".to_owned());
    };
    melati.change_app(&first.id, take, &by(), at(5)).await.unwrap();
    melati.delete_app(&first.id, &by(), at(6)).await.unwrap();
    let taken = sehat.change_app(&second.id, take, &by(), at(7)).await;
    assert!(matches!(taken, Err(DbError::OwnDomainTaken)), "{taken:?}");
    let directory = operator.directory().await.unwrap();
    assert_eq!(directory.own_domains.get("call.melati.example"), Some(&first.id));

    operator.purge_apps(at(8) + APP_DELETION_GRACE).await.unwrap();
    sehat.change_app(&second.id, take, &by(), at(9)).await.unwrap();
}

#[on_both_engines]
async fn of_apps_that_named_one_domain_before_the_first_keeps_it(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    run(&world, engine, "DROP INDEX apps_by_own_domain").await;
    let operator = world.database.operator();
    let take = |settings: &mut AppSettings| {
        settings.branding.own_domain = Some("call.melati.example".to_owned());
        settings.branding.welcome_text = Some("Selamat datang".to_owned());
    };
    let mut apps = vec![];
    for (name, seconds) in [("Toko Melati", 1), ("Klinik Sehat", 2), ("Toko Kenanga", 3)] {
        let scope = world.database.tenant(operator.create_tenant(name, at(1)).await.unwrap());
        let app = scope.create_app(&NewApp::named(name), &by(), at(seconds)).await.unwrap();
        apps.push(scope.change_app(&app.id, take, &by(), at(4)).await.unwrap());
    }
    run(
        &world,
        engine,
        match engine {
            Engine::Sqlite => include_str!("../../migrations/sqlite/0018_own_domains.sql"),
            Engine::Postgres => include_str!("../../migrations/postgres/0018_own_domains.sql"),
        },
    )
    .await;
    for (place, app) in apps.iter().enumerate() {
        let branding = operator.app(&app.id).await.unwrap().unwrap().settings.branding;
        let own = (place == 0).then_some("call.melati.example");
        assert_eq!(branding.own_domain.as_deref(), own, "{}", app.id);
        assert_eq!(branding.welcome_text.as_deref(), Some("Selamat datang"));
    }
}

/// Runs statements as a migration does.
async fn run(world: &TestDatabase, engine: Engine, statements: &'static str) {
    match engine {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(&world.url).await.unwrap();
            sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(&world.url).await.unwrap();
            sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
        }
    }
}
