//! Keys that sign tokens.

use std::{collections::HashMap, time::Duration};

use jumpa_db::{AppSettings, DbError, MAX_KEYS, NewApp, TenantScope};
use jumpa_protocol::{
    AppId,
    directory::{KeyKind, KeyMaterial},
    verification_key::PublicKey,
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn app(world: &TestDatabase) -> (TenantScope<'_>, AppId) {
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    (scope, app.id)
}

fn public_key(byte: u8) -> PublicKey {
    PublicKey::Ed25519(vec![byte; 32])
}

#[on_both_engines]
async fn a_revoked_key_gives_its_secret_no_more(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (scope, app_id) = app(&world).await;
    let key = scope.create_key(&app_id, &by(), at(3)).await.unwrap();
    let secret = scope.key_secret(&app_id, &key.id, at(4)).await.unwrap();
    assert_eq!(secret.as_deref(), Some(key.secret.as_bytes()));

    assert!(scope.revoke_key(&app_id, &key.id, &by(), at(4)).await.unwrap());
    assert!(!scope.revoke_key(&app_id, &key.id, &by(), at(5)).await.unwrap());
    assert_eq!(scope.key_secret(&app_id, &key.id, at(4)).await.unwrap(), None);
    let revealed = scope.reveal_key_secret(&app_id, &key.id, &by(), at(5)).await;
    assert!(matches!(revealed, Err(DbError::KeyUnknown)));
    assert_eq!(scope.key(&app_id, &key.id).await.unwrap().revoked_at, Some(at(4)));
}

#[on_both_engines]
async fn a_public_key_verifies_and_has_no_secret(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (scope, app_id) = app(&world).await;
    let id = scope.add_public_key(&app_id, &public_key(7), &by(), at(3)).await.unwrap();
    let key = scope.key(&app_id, &id).await.unwrap();
    assert_eq!(key.kind, KeyKind::Ed25519);
    assert_eq!(key.public_key, Some(public_key(7).to_pem()));
    assert_eq!(scope.key_secret(&app_id, &id, at(4)).await.unwrap(), None);

    let directory = world.database.operator().directory().await.unwrap();
    let KeyMaterial::Public(found) = &directory.keys[&id].material else { panic!("no public key") };
    assert_eq!(found, &public_key(7));
}

#[on_both_engines]
async fn two_keys_are_good_while_a_new_one_takes_over(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (scope, app_id) = app(&world).await;
    let old = scope.create_key(&app_id, &by(), at(3)).await.unwrap();
    let new = scope.rotate_key(&app_id, &old.id, DAY, &by(), at(10)).await.unwrap();

    let end = at(10) + DAY;
    let retiring = scope.key(&app_id, &old.id).await.unwrap();
    assert_eq!(retiring.not_after, Some(end));
    assert!(retiring.signs_at(at(11)) && !retiring.signs_at(end));
    let directory = world.database.operator().directory().await.unwrap();
    let in_time = 10 + DAY.as_secs();
    assert!(directory.keys[&old.id].signs_at(in_time - 1));
    assert!(!directory.keys[&old.id].signs_at(in_time), "it stays, and signs no more");
    assert!(directory.keys[&new.id].signs_at(in_time));
    assert_eq!(scope.key_secret(&app_id, &old.id, end).await.unwrap(), None);

    let again = scope.rotate_key(&app_id, &old.id, DAY, &by(), at(12)).await;
    assert!(matches!(again, Err(DbError::KeyInactive)));
}

#[on_both_engines]
async fn a_key_is_replaced_by_one_of_its_kind(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (scope, app_id) = app(&world).await;
    let secret = scope.create_key(&app_id, &by(), at(3)).await.unwrap().id;
    let public = scope.add_public_key(&app_id, &public_key(7), &by(), at(3)).await.unwrap();
    let by = by();
    let other = scope.rotate_key(&app_id, &public, DAY, &by, at(4)).await;
    assert!(matches!(other, Err(DbError::KeyKind)));
    let other = scope.rotate_public_key(&app_id, &secret, &public_key(8), DAY, &by, at(4)).await;
    assert!(matches!(other, Err(DbError::KeyKind)));
    let unknown = "key_tidakada".parse().unwrap();
    let other = scope.rotate_key(&app_id, &unknown, DAY, &by, at(4)).await;
    assert!(matches!(other, Err(DbError::KeyUnknown)));

    let new =
        scope.rotate_public_key(&app_id, &public, &public_key(8), DAY, &by, at(4)).await.unwrap();
    assert_eq!(scope.key(&app_id, &new).await.unwrap().kind, KeyKind::Ed25519);
}

#[on_both_engines]
async fn an_app_has_so_many_keys_and_no_more(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (scope, app_id) = app(&world).await;
    let mut last = None;
    for _ in 0..MAX_KEYS {
        last = Some(scope.create_key(&app_id, &by(), at(3)).await.unwrap());
    }
    let beyond = scope.create_key(&app_id, &by(), at(4)).await;
    assert!(matches!(beyond, Err(DbError::TooMany("keys"))));
    scope.revoke_key(&app_id, &last.unwrap().id, &by(), at(5)).await.unwrap();
    assert!(scope.create_key(&app_id, &by(), at(6)).await.is_ok());
}

#[on_both_engines]
async fn the_newest_secrets_are_tried_for_tokens_without_a_key_id(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (scope, app_id) = app(&world).await;
    let old = scope.create_key(&app_id, &by(), at(3)).await.unwrap();
    let newer = scope.create_key(&app_id, &by(), at(4)).await.unwrap();
    scope.add_public_key(&app_id, &public_key(7), &by(), at(5)).await.unwrap();
    let newest = scope.rotate_key(&app_id, &newer.id, DAY, &by(), at(6)).await.unwrap();
    let operator = world.database.operator();
    assert!(operator.directory().await.unwrap().apps[&app_id].keys_without_id.is_empty());

    let allow = |settings: &mut AppSettings| settings.takes_tokens_without_key_id = true;
    scope.change_app(&app_id, allow, &by(), at(7)).await.unwrap();
    let tried = &operator.directory().await.unwrap().apps[&app_id].keys_without_id;
    assert_eq!(*tried, [newest.id, old.id, newer.id]);
}

#[on_both_engines]
async fn the_last_use_of_a_key_only_grows(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (scope, app_id) = app(&world).await;
    let key = scope.create_key(&app_id, &by(), at(3)).await.unwrap();
    let operator = world.database.operator();
    let version = operator.directory_version().await.unwrap();
    for seconds in [20, 10] {
        operator.note_key_uses(&HashMap::from([(key.id.clone(), seconds)])).await.unwrap();
    }
    assert_eq!(scope.key(&app_id, &key.id).await.unwrap().last_used_at, Some(at(20)));
    assert_eq!(operator.directory_version().await.unwrap(), version);
}

#[tokio::test]
async fn a_secret_does_not_stand_in_the_file() {
    let world = TestDatabase::new(Engine::Sqlite).await;
    let (scope, app_id) = app(&world).await;
    let key = scope.create_key(&app_id, &by(), at(3)).await.unwrap();
    world.database.close().await;
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(key.secret.len()).any(|part| part == key.secret.as_bytes()));
    }
}
