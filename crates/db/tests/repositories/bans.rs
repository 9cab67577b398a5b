//! People who may not join.

use jumpa_db::{DbError, NewApp, NewBan};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

fn ban_of(subject: &str, seconds: Option<i64>) -> NewBan {
    NewBan { subject: subject.to_owned(), reason: None, ends_at: seconds.map(at) }
}

#[on_both_engines]
async fn a_ban_reaches_admission_and_ends(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let tenant_id = operator.first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    scope.ban(&app.id, &ban_of("budi", None), &by(), at(3)).await.unwrap();
    scope.ban(&app.id, &ban_of("siti", Some(100)), &by(), at(4)).await.unwrap();
    let entry = operator.directory().await.unwrap().apps.remove(&app.id).unwrap();
    assert!(entry.is_banned(Some("budi"), 1_000));
    assert!(entry.is_banned(Some("siti"), 99) && !entry.is_banned(Some("siti"), 100));

    let subjects = |now| async move {
        let bans = scope.bans(&app.id, now, None, 10).await.unwrap();
        bans.into_iter().map(|ban| ban.subject).collect::<Vec<_>>()
    };
    assert_eq!(operator.forget_ended_bans(at(99)).await.unwrap(), 0);
    assert_eq!(operator.forget_ended_bans(at(100)).await.unwrap(), 1);
    assert_eq!(subjects(at(99)).await, ["budi"]);
}

#[on_both_engines]
async fn a_second_ban_of_somebody_replaces_the_first(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Toko Melati"), &by(), at(2)).await.unwrap();
    let first = scope.ban(&app.id, &ban_of("budi", Some(50)), &by(), at(3)).await.unwrap();
    let second = scope.ban(&app.id, &ban_of("budi", None), &by(), at(4)).await.unwrap();
    assert_eq!((second.id, second.ends_at), (first.id, None));
    assert_eq!(second.created_by, "rina@sehat.example");

    scope.lift_ban(&app.id, first.id, &by(), at(5)).await.unwrap();
    let again = scope.lift_ban(&app.id, first.id, &by(), at(6)).await;
    assert!(matches!(again, Err(DbError::BanUnknown)));
    let directory = world.database.operator().directory().await.unwrap();
    assert!(directory.apps[&app.id].bans.is_empty());
}

#[on_both_engines]
async fn bans_of_another_tenant_are_out_of_reach(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let owner = operator.create_tenant("Klinik Sehat", at(1)).await.unwrap();
    let stranger = operator.create_tenant("Toko Melati", at(1)).await.unwrap();
    let scope = world.database.tenant(owner);
    let app = scope.create_app(&NewApp::named("Klinik"), &by(), at(2)).await.unwrap();
    let ban = scope.ban(&app.id, &ban_of("budi", None), &by(), at(3)).await.unwrap();

    let scope = world.database.tenant(stranger);
    assert_eq!(scope.bans(&app.id, at(4), None, 10).await.unwrap(), []);
    let made = scope.ban(&app.id, &ban_of("siti", None), &by(), at(4)).await;
    assert!(matches!(made, Err(DbError::AppUnknown)));
    let lifted = scope.lift_ban(&app.id, ban.id, &by(), at(4)).await;
    assert!(matches!(lifted, Err(DbError::BanUnknown)));
}
