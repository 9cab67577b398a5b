use jumpa_db::{AppLimits, AppSettings, MasterKey, NewApp};
use jumpa_protocol::{
    Branding,
    directory::{Environment, Features, GuestPolicy},
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by, disable};

#[on_both_engines]
async fn the_directory_holds_every_app_and_active_key(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let settings = AppSettings { guests: GuestPolicy::Join, ..AppSettings::named("Klinik Sehat") };
    let app = scope.create_app(&settings.into(), &by(), at(2)).await.unwrap();
    let active = scope.create_key(&app.id, &by(), at(3)).await.unwrap();
    let revoked = scope.create_key(&app.id, &by(), at(3)).await.unwrap();
    scope.revoke_key(&app.id, &revoked.id, &by(), at(4)).await.unwrap();

    let directory = operator.directory().await.unwrap();
    assert_eq!(directory.apps[&app.id].name, "Klinik Sehat");
    assert_eq!(directory.apps[&app.id].guests, GuestPolicy::Join);
    assert_eq!(directory.keys[&active.id].secret(), Some(active.secret.as_bytes()));
    assert_eq!(directory.keys[&active.id].app_id, app.id);
    assert!(!directory.keys.contains_key(&revoked.id));
}

#[on_both_engines]
async fn the_directory_tells_every_setting_that_admission_looks_at(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let settings = AppSettings {
        environment: Environment::Trial,
        guests: GuestPolicy::Wait,
        allows_any_room: true,
        one_time_tokens: true,
        keeps_running_calls: true,
        origins: vec!["https://sehat.example".parse().unwrap()],
        features: Features { chat: false, ..Features::default() },
        branding: Branding { display_name: Some("Sehat".to_owned()), ..Branding::default() },
        limits: AppLimits { max_participants: 7, max_calls: Some(3), ..AppLimits::default() },
        ..AppSettings::named("Klinik Sehat")
    };
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&settings.clone().into(), &by(), at(2)).await.unwrap();
    let entry = operator.directory().await.unwrap().apps.remove(&app.id).unwrap();
    assert_eq!((entry.environment, entry.guests), (Environment::Trial, GuestPolicy::Wait));
    assert!(entry.allows_any_room && entry.one_time_tokens && entry.keeps_running_calls);
    assert_eq!((entry.max_participants, entry.max_calls), (7, Some(3)));
    assert_eq!(entry.origins, settings.origins);
    assert_eq!(entry.features, settings.features);
    assert_eq!(*entry.branding, settings.branding);
}

#[on_both_engines]
async fn the_version_grows_when_another_process_changes_an_app(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let app = world
        .database
        .tenant(tenant_id)
        .create_app(&NewApp::named("Toko"), &by(), at(2))
        .await
        .unwrap();
    let before = operator.directory_version().await.unwrap();

    let other = world.open_again(world.master_key.clone()).await;
    other.tenant(tenant_id).change_app(&app.id, disable, &by(), at(6)).await.unwrap();

    assert!(operator.directory_version().await.unwrap() > before);
    assert!(operator.directory().await.unwrap().apps[&app.id].is_disabled);
}

#[on_both_engines]
async fn a_key_of_another_key_file_is_left_out(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    scope.create_key(&app.id, &by(), at(3)).await.unwrap();

    let other = world.open_again(MasterKey::generate()).await;
    let directory = other.operator().directory().await.unwrap();
    assert!(directory.apps.contains_key(&app.id));
    assert!(directory.keys.is_empty());
}
