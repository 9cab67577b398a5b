use jumpa_db::{MasterKey, NewApp};
use jumpa_protocol::directory::GuestPolicy;
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::at;

#[on_both_engines]
async fn the_directory_holds_every_app_and_active_key(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope
        .create_app(&NewApp { allows_guests: true, ..NewApp::named("Klinik Sehat") }, at(2))
        .await
        .unwrap();
    let active = scope.create_key(&app.id, at(3)).await.unwrap();
    let revoked = scope.create_key(&app.id, at(3)).await.unwrap();
    scope.revoke_key(&app.id, &revoked.id, at(4)).await.unwrap();

    let directory = operator.directory().await.unwrap();
    assert_eq!(directory.apps[&app.id].name, "Klinik Sehat");
    assert_eq!(directory.apps[&app.id].guests, GuestPolicy::Join);
    assert_eq!(directory.keys[&active.id].secret(), Some(active.secret.as_bytes()));
    assert_eq!(directory.keys[&active.id].app_id, app.id);
    assert!(!directory.keys.contains_key(&revoked.id));
}

#[on_both_engines]
async fn the_version_grows_when_another_process_changes_an_app(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let app =
        world.database.tenant(tenant_id).create_app(&NewApp::named("Toko"), at(2)).await.unwrap();
    let before = operator.directory_version().await.unwrap();

    let other = world.open_again(world.master_key.clone()).await;
    other.tenant(tenant_id).set_app_disabled(&app.id, true).await.unwrap();

    assert!(operator.directory_version().await.unwrap() > before);
    assert!(operator.directory().await.unwrap().apps[&app.id].is_disabled);
}

#[on_both_engines]
async fn a_key_of_another_key_file_is_left_out(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), at(2)).await.unwrap();
    scope.create_key(&app.id, at(3)).await.unwrap();

    let other = world.open_again(MasterKey::generate()).await;
    let directory = other.operator().directory().await.unwrap();
    assert!(directory.apps.contains_key(&app.id));
    assert!(directory.keys.is_empty());
}
