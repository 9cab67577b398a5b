use jumpa_db::{AppLimits, AppSettings, MasterKey, NewApp};
use jumpa_protocol::{
    AppId, Branding,
    directory::{Environment, Features, GuestPolicy},
    recording::StreamAddress,
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

#[on_both_engines]
async fn the_directory_names_what_each_app_has_stored_for_streams(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let clinic = scope.create_app(&NewApp::named("Klinik Sehat"), &by(), at(2)).await.unwrap();
    let shop = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    let address = |name: &str| StreamAddress {
        name: name.to_owned(),
        url: "rtmps://live.klinik.example/app".to_owned(),
        key: "abcd-efgh-1234".to_owned(),
        viewer_url: None,
    };
    let names = async |app_id: &AppId| {
        let app = operator.directory().await.unwrap().apps.remove(app_id).unwrap();
        let names = app.stream_targets.iter().map(|target| target.name.clone());
        (operator.directory_version().await.unwrap(), names.collect::<Vec<_>>())
    };
    let store = async |name: &str, at| {
        scope.create_stream_target(&clinic.id, &address(name), &by(), at).await.unwrap().id
    };
    let (empty, none) = names(&clinic.id).await;
    assert_eq!(none, [""; 0]);
    let first = store("Kanal klinik", at(3)).await;
    let second = store("YouTube", at(4)).await;
    let (stored, both) = names(&clinic.id).await;
    assert_eq!(both, ["Kanal klinik", "YouTube"]);
    assert!(stored > empty);
    assert_eq!(names(&shop.id).await.1, [""; 0]);

    let rename = |before| StreamAddress { name: "Kanal baru".to_owned(), ..before };
    scope.change_stream_target((&clinic.id, first), rename, &by(), at(5)).await.unwrap();
    let (renamed, both) = names(&clinic.id).await;
    assert_eq!(both, ["Kanal baru", "YouTube"]);
    assert!(renamed > stored);
    scope.delete_stream_target((&clinic.id, second), &by(), at(6)).await.unwrap();
    let (deleted, one) = names(&clinic.id).await;
    assert_eq!(one, ["Kanal baru"]);
    assert!(deleted > renamed);
}
