//! The own login: password, sessions, second factor.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::{Method, StatusCode};
use jumpa_db::{Author, SessionOrigin, Timestamp};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::{Answer, PASSWORD, World};

const EMAIL: &str = "ops@sehat.example";
const NEW_PASSWORD: &str = "kata-sandi-yang-baru";

async fn login(world: &World, body: &Value) -> Answer {
    world.post("/v1/login", body, None).await
}

async fn login_with(world: &World, password: &str) -> Answer {
    login(world, &json!({ "email": EMAIL, "password": password })).await
}

/// What an authenticator app shows, `steps` of 30 s from now.
fn code(secret: &str, steps: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let generator = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name(EMAIL)
        .build()
        .unwrap();
    generator.generate(now.saturating_add_signed(30 * steps)).to_string()
}

/// Enrols and confirms; gives the secret and the recovery codes.
async fn enable_second_factor(world: &World, cookie: &str) -> (String, Vec<String>) {
    let enrolled = world.call(Method::POST, "/v1/me/second_factor", &json!({}), cookie).await;
    assert_eq!(enrolled.status, StatusCode::CREATED, "{:?}", enrolled.body);
    let secret = enrolled.body["secret"].as_str().unwrap().to_owned();
    let body = json!({ "code": code(&secret, -1) });
    let path = "/v1/me/second_factor/confirm";
    let confirmed = world.call(Method::POST, path, &body, cookie).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{:?}", confirmed.body);
    let codes = confirmed.body["recovery_codes"].as_array().unwrap();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

#[on_both_engines]
async fn a_changed_password_ends_the_other_sessions(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let other = login_with(&world, PASSWORD).await.cookie();
    let path = "/v1/me/password";
    let wrong = json!({ "current_password": "salah-sekali", "new_password": NEW_PASSWORD });
    let refused = world.call(Method::POST, path, &wrong, &cookie).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "password_wrong"));
    let right = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    let changed = world.call(Method::POST, path, &right, &cookie).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);

    assert_eq!(world.get("/v1/me", Some(&cookie)).await.status, StatusCode::OK);
    assert_eq!(world.get("/v1/me", Some(&other)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(login_with(&world, PASSWORD).await.code(), "login_failed");
    assert_eq!(login_with(&world, NEW_PASSWORD).await.status, StatusCode::OK);
}

#[on_both_engines]
async fn somebody_sees_and_ends_their_sessions(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let other = login_with(&world, PASSWORD).await.cookie();
    let list = world.get("/v1/me/sessions", Some(&cookie)).await;
    let sessions = list.body["data"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0]["address"], "127.0.0.1");
    assert_eq!(
        (&sessions[0]["is_current"], &sessions[1]["is_current"]),
        (&json!(false), &json!(true))
    );
    let path = format!("/v1/me/sessions/{}", sessions[0]["id"].as_str().unwrap());
    let ended = world.call(Method::DELETE, &path, &json!({}), &cookie).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get("/v1/me", Some(&other)).await.status, StatusCode::UNAUTHORIZED);

    let third = login_with(&world, PASSWORD).await.cookie();
    world.call(Method::DELETE, "/v1/me/sessions", &json!({}), &cookie).await;
    assert_eq!(world.get("/v1/me", Some(&third)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.get("/v1/me", Some(&cookie)).await.status, StatusCode::OK);
}

#[on_both_engines]
async fn the_session_of_somebody_else_is_not_found(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let (_, stranger) = world.other_tenant().await;
    let list = world.get("/v1/me/sessions", Some(&cookie)).await;
    let path = format!("/v1/me/sessions/{}", list.body["data"][0]["id"].as_str().unwrap());
    let answer = world.call(Method::DELETE, &path, &json!({}), &stranger.cookie).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/v1/me", Some(&cookie)).await.status, StatusCode::OK);
}

#[on_both_engines]
async fn with_a_second_factor_the_password_is_not_enough(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let (secret, recovery_codes) = enable_second_factor(&world, &cookie).await;
    assert_eq!(recovery_codes.len(), 10);
    assert_eq!(world.get("/v1/me", Some(&cookie)).await.body["has_totp"], true);

    let asked = login_with(&world, PASSWORD).await;
    assert_eq!((asked.status, asked.code()), (StatusCode::UNAUTHORIZED, "second_factor_required"));
    assert_eq!(login_with(&world, "salah-sekali").await.code(), "login_failed");
    let with = |code: &str| json!({ "email": EMAIL, "password": PASSWORD, "code": code });
    assert_eq!(login(&world, &with("abcdef")).await.code(), "second_factor_wrong");
    let now = code(&secret, 0);
    assert_eq!(login(&world, &with(&now)).await.status, StatusCode::OK);
    let replayed = login(&world, &with(&now)).await;
    assert_eq!(replayed.code(), "second_factor_wrong");
}

#[on_both_engines]
async fn a_recovery_code_works_once(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let (_, recovery_codes) = enable_second_factor(&world, &cookie).await;
    let typed = recovery_codes[0].to_uppercase().replace('-', " ");
    let body = json!({ "email": EMAIL, "password": PASSWORD, "code": typed });
    assert_eq!(login(&world, &body).await.status, StatusCode::OK);
    assert_eq!(login(&world, &body).await.code(), "second_factor_wrong");

    let path = "/v1/me/second_factor/recovery_codes";
    let rotated = world.call(Method::POST, path, &json!({}), &cookie).await;
    assert_eq!(rotated.body["recovery_codes"].as_array().unwrap().len(), 10);
    let old = json!({ "email": EMAIL, "password": PASSWORD, "code": recovery_codes[1] });
    assert_eq!(login(&world, &old).await.code(), "second_factor_wrong");
}

#[on_both_engines]
async fn an_old_session_proves_itself_before_the_login_is_changed(engine: Engine) {
    let world = World::on(engine).await;
    let first = world.operator_cookie().await;
    let (user, _) = world.database.logins().user_by_email(EMAIL).await.unwrap().unwrap();
    let long_ago = Timestamp::from_micros(Timestamp::now().as_micros() - 11 * 60 * 1_000_000);
    let later = Timestamp::now() + std::time::Duration::from_secs(600);
    let logins = world.database.logins();
    let from = SessionOrigin::default();
    let old = logins.create_session(user.id, &from, long_ago, later).await.unwrap();
    let old = format!("jumpa_session={old}");
    let (secret, _) = enable_second_factor(&world, &first).await;

    for (method, path) in [
        (Method::DELETE, "/v1/me/second_factor"),
        (Method::POST, "/v1/me/second_factor"),
        (Method::POST, "/v1/me/second_factor/recovery_codes"),
    ] {
        let refused = world.call(method, path, &json!({}), &old).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "proof_required"));
    }
    let wrong = json!({ "password": "salah-sekali" });
    let refused = world.call(Method::POST, "/v1/me/proof", &wrong, &old).await;
    assert_eq!(refused.code(), "password_wrong");
    let body = json!({ "code": code(&secret, 0) });
    let proved = world.call(Method::POST, "/v1/me/proof", &body, &old).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT, "{:?}", proved.body);
    let disabled = world.call(Method::DELETE, "/v1/me/second_factor", &json!({}), &old).await;
    assert_eq!(disabled.status, StatusCode::NO_CONTENT);
    assert_eq!(login_with(&world, PASSWORD).await.status, StatusCode::OK);
}

#[on_both_engines]
async fn the_operator_resets_the_second_factor_of_somebody(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let (_, owner) = world.other_tenant().await;
    enable_second_factor(&world, &owner.cookie).await;
    let found = world.get("/v1/operator/users?search=MELATI", Some(&operator)).await;
    assert_eq!(found.body["data"][0]["id"], owner.id.to_string());
    assert_eq!(found.body["data"][0]["has_totp"], true);
    let path = format!("/v1/operator/users/{}/reset_second_factor", owner.id);
    let reset = world.call(Method::POST, &path, &json!({}), &operator).await;
    assert_eq!(reset.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get("/v1/me", Some(&owner.cookie)).await.body["has_totp"], false);
}

#[on_both_engines]
async fn a_password_is_reset_by_the_link_of_a_mail(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    for email in [EMAIL, "tidak@sehat.example"] {
        let answer = world.post("/v1/password_resets", &json!({ "email": email }), None).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
    let mail = loop {
        // The mail is written after the answer.
        match world.database.operator().claim_mail(Timestamp::now()).await.unwrap() {
            Some(mail) => break mail,
            None => tokio::task::yield_now().await,
        }
    };
    assert_eq!(mail.recipient, EMAIL);
    let token = mail.body.split("?token=").nth(1).unwrap().split_whitespace().next().unwrap();
    let path = "/v1/password_resets/use";
    let short = json!({ "token": token, "password": "pendek" });
    assert_eq!(world.post(path, &short, None).await.code(), "invalid_value");
    let body = json!({ "token": token, "password": NEW_PASSWORD });
    let done = world.post(path, &body, None).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{:?}", done.body);
    assert_eq!(world.get("/v1/me", Some(&cookie)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(login_with(&world, NEW_PASSWORD).await.status, StatusCode::OK);
    assert_eq!(world.post(path, &body, None).await.code(), "one_time_token_invalid");
}

#[on_both_engines]
async fn somebody_changes_their_name_and_language(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    let body = json!({ "name": "Siti", "language": "id" });
    world.call(Method::PATCH, "/v1/me", &body, &cookie).await;
    let me = world.get("/v1/me", Some(&cookie)).await;
    assert_eq!((&me.body["name"], &me.body["language"]), (&json!("Siti"), &json!("id")));
}

#[on_both_engines]
async fn a_second_factor_is_enrolled_once(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    enable_second_factor(&world, &cookie).await;
    let again = world.call(Method::POST, "/v1/me/second_factor", &json!({}), &cookie).await;
    assert_eq!((again.status, again.code()), (StatusCode::CONFLICT, "second_factor_active"));
    let author = Author::system();
    let (user, _) = world.database.logins().user_by_email(EMAIL).await.unwrap().unwrap();
    let logins = world.database.logins();
    assert!(logins.disable_second_factor(user.id, &author, Timestamp::now()).await.unwrap());
    let confirm = "/v1/me/second_factor/confirm";
    let none = world.call(Method::POST, confirm, &json!({ "code": "123456" }), &cookie).await;
    assert_eq!((none.status, none.code()), (StatusCode::CONFLICT, "second_factor_missing"));
}
