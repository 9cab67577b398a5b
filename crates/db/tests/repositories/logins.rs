use jumpa_db::{DbError, FirstLogin, NewUser, SessionOrigin};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

fn operator(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: "Operator".to_owned(),
        password_hash: "$argon2id$".to_owned(),
        is_operator: true,
    }
}

async fn open_token(world: &TestDatabase, seconds: i64) -> String {
    match world.database.logins().first_login(at(seconds)).await.unwrap() {
        FirstLogin::Open { token } => token,
        FirstLogin::Done => panic!("there is no operator yet"),
    }
}

#[on_both_engines]
async fn the_first_login_token_is_the_same_at_every_start(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let first = open_token(&world, 1).await;
    let again = world.open_again(world.master_key.clone()).await;
    let second = again.logins().first_login(at(2)).await.unwrap();
    assert!(second == FirstLogin::Open { token: first });
}

#[on_both_engines]
async fn a_text_with_a_nul_character_is_refused(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let found = logins.user_by_email("ops\0@sehat.example").await;
    assert!(matches!(found, Err(DbError::NulInText)), "{found:?}");
    let new = NewUser { name: "Ops\0".to_owned(), ..operator("ops@sehat.example") };
    let made = logins.create_user(&new, at(1)).await;
    assert!(matches!(made, Err(DbError::NulInText)), "{made:?}");
}

#[on_both_engines]
async fn the_first_login_token_works_once(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let token = open_token(&world, 1).await;
    assert!(logins.is_first_login_open(&token).await.unwrap());
    let user =
        logins.use_first_login(&token, &operator("Ops@Sehat.Example"), &by(), at(2)).await.unwrap();
    assert_eq!(user.email, "ops@sehat.example");

    let again = logins.use_first_login(&token, &operator("b@sehat.example"), &by(), at(3)).await;
    assert!(matches!(again, Err(DbError::OneTimeToken)));
    assert!(!logins.is_first_login_open(&token).await.unwrap());
    assert!(logins.first_login(at(4)).await.unwrap() == FirstLogin::Done);
}

#[on_both_engines]
async fn a_first_login_that_fails_leaves_the_token_open(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let token = open_token(&world, 1).await;
    let taken = NewUser { is_operator: false, ..operator("a@sehat.example") };
    logins.create_user(&taken, at(2)).await.unwrap();

    let failed = logins.use_first_login(&token, &operator("a@sehat.example"), &by(), at(3)).await;
    assert!(matches!(failed, Err(DbError::EmailTaken)));
    assert!(logins.is_first_login_open(&token).await.unwrap());
}

#[on_both_engines]
async fn a_session_names_its_user_until_it_expires(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let user = logins.create_user(&operator("a@sehat.example"), at(1)).await.unwrap();
    let token =
        logins.create_session(user.id, &SessionOrigin::default(), at(2), at(100)).await.unwrap();
    assert_eq!(logins.session(&token, at(99)).await.unwrap().map(|live| live.user), Some(user));
    assert_eq!(logins.session(&token, at(100)).await.unwrap(), None);
    assert_eq!(logins.session("another", at(3)).await.unwrap(), None);
}

#[on_both_engines]
async fn an_ended_session_names_nobody(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let user = logins.create_user(&operator("a@sehat.example"), at(1)).await.unwrap();
    let token =
        logins.create_session(user.id, &SessionOrigin::default(), at(2), at(100)).await.unwrap();
    logins.end_session(&token).await.unwrap();
    assert_eq!(logins.session(&token, at(3)).await.unwrap(), None);
}

#[on_both_engines]
async fn an_email_address_is_found_without_regard_to_case(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let user = logins.create_user(&operator("ops@sehat.example"), at(1)).await.unwrap();
    let (found, hash) = logins.user_by_email("OPS@sehat.example").await.unwrap().unwrap();
    assert_eq!(found, user);
    assert_eq!(hash, "$argon2id$");
}
