//! Keys with which back ends call the API.

use jumpa_db::{API_KEY_START, DbError, MAX_API_KEYS, NewApp};
use jumpa_protocol::TenantStatus;
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

#[on_both_engines]
async fn an_api_key_is_found_by_its_secret_until_it_is_deleted(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    let (key, secret) = scope.create_api_key(&app.id, "Kasir", &by(), at(3)).await.unwrap();
    assert!(secret.starts_with(&key.prefix) && key.prefix.starts_with(API_KEY_START));
    assert!(secret.len() > key.prefix.len() + 32);

    let logins = world.database.logins();
    let found = logins.api_key(&secret).await.unwrap().unwrap();
    assert_eq!((found.tenant_id, &found.app_id, &found.key), (tenant_id, &app.id, &key));
    assert_eq!(found.tenant_status, TenantStatus::Active);
    assert_eq!(logins.api_key(&key.prefix).await.unwrap(), None);
    logins.note_api_key_used(key.id, at(4)).await.unwrap();
    assert_eq!(scope.api_keys(&app.id).await.unwrap()[0].last_used_at, Some(at(4)));

    scope.delete_api_key(&app.id, key.id, &by(), at(5)).await.unwrap();
    assert_eq!(logins.api_key(&secret).await.unwrap(), None);
    let again = scope.delete_api_key(&app.id, key.id, &by(), at(6)).await;
    assert!(matches!(again, Err(DbError::KeyUnknown)));
}

#[on_both_engines]
async fn an_api_key_of_a_deleted_tenant_is_void(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.create_tenant("Toko Melati", at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    let (_, secret) = scope.create_api_key(&app.id, "Kasir", &by(), at(3)).await.unwrap();
    operator.delete_tenant(tenant_id, &by(), at(4)).await.unwrap();
    assert_eq!(world.database.logins().api_key(&secret).await.unwrap(), None);
}

#[on_both_engines]
async fn another_tenant_neither_sees_nor_deletes_an_api_key(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let owner = operator.create_tenant("Klinik Sehat", at(1)).await.unwrap();
    let stranger = operator.create_tenant("Toko Melati", at(1)).await.unwrap();
    let scope = world.database.tenant(owner);
    let app = scope.create_app(&NewApp::named("Klinik"), &by(), at(2)).await.unwrap();
    let (key, _) = scope.create_api_key(&app.id, "Kasir", &by(), at(3)).await.unwrap();

    let scope = world.database.tenant(stranger);
    assert_eq!(scope.api_keys(&app.id).await.unwrap(), []);
    let made = scope.create_api_key(&app.id, "Kasir", &by(), at(4)).await;
    assert!(matches!(made, Err(DbError::AppUnknown)));
    let deleted = scope.delete_api_key(&app.id, key.id, &by(), at(4)).await;
    assert!(matches!(deleted, Err(DbError::KeyUnknown)));
}

#[on_both_engines]
async fn an_app_has_so_many_api_keys_and_no_more(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    for _ in 0..MAX_API_KEYS {
        scope.create_api_key(&app.id, "Kasir", &by(), at(3)).await.unwrap();
    }
    let beyond = scope.create_api_key(&app.id, "Kasir", &by(), at(4)).await;
    assert!(matches!(beyond, Err(DbError::TooMany("API keys"))));
}
