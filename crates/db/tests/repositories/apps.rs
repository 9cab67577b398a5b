use jumpa_db::{DbError, NewApp};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::at;

#[on_both_engines]
async fn an_app_reads_back_as_it_was_made(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Klinik Sehat"), at(2)).await.unwrap();
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
    let app =
        world.database.tenant(owner).create_app(&NewApp::named("Klinik"), at(3)).await.unwrap();
    let key = world.database.tenant(owner).create_key(&app.id, at(4)).await.unwrap();

    let scope = world.database.tenant(stranger);
    assert_eq!(scope.apps().await.unwrap(), vec![]);
    assert_eq!(scope.app(&app.id).await.unwrap(), None);
    assert_eq!(scope.keys(&app.id).await.unwrap(), vec![]);
    assert_eq!(scope.key_secret(&app.id, &key.id).await.unwrap(), None);
    assert!(!scope.revoke_key(&app.id, &key.id, at(5)).await.unwrap());
    assert!(matches!(scope.create_key(&app.id, at(5)).await, Err(DbError::AppUnknown)));
    assert!(matches!(scope.set_app_disabled(&app.id, true).await, Err(DbError::AppUnknown)));
}

#[on_both_engines]
async fn a_revoked_key_gives_its_secret_no_more(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), at(2)).await.unwrap();
    let key = scope.create_key(&app.id, at(3)).await.unwrap();
    let secret = scope.key_secret(&app.id, &key.id).await.unwrap();
    assert_eq!(secret.as_deref(), Some(key.secret.as_bytes()));

    assert!(scope.revoke_key(&app.id, &key.id, at(4)).await.unwrap());
    assert_eq!(scope.key_secret(&app.id, &key.id).await.unwrap(), None);
    assert_eq!(scope.keys(&app.id).await.unwrap()[0].revoked_at, Some(at(4)));
}

#[tokio::test]
async fn a_secret_does_not_stand_in_the_file() {
    let world = TestDatabase::new(Engine::Sqlite).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), at(2)).await.unwrap();
    let key = scope.create_key(&app.id, at(3)).await.unwrap();
    world.database.close().await;
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(key.secret.len()).any(|part| part == key.secret.as_bytes()));
    }
}
