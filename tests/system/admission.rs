//! Who may join: tokens, lobby, password, size, disabled apps.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jumpa_client::{ClientEvent, JoinOptions};
use jumpa_protocol::{
    AppId, ErrorCode, KeyId,
    signal::{ClientRequest, Event, LeaveReason},
    token::JoinClaims,
};
use jumpa_signalling::token::sign;
use jumpa_system_tests::{Person, Server, within};
use tokio::sync::mpsc;

use crate::server;

const ROOM: &str = "ruang-1";

/// How long a revoked right may hold.
const REVOCATION: Duration = Duration::from_secs(10);

/// An app whose key the test holds, as a customer's server does.
struct Signer {
    app: AppId,
    key_id: KeyId,
    secret: String,
}

impl Signer {
    async fn new(server: &Server, options: &[&str]) -> Self {
        let arguments = [&["app", "create", "--name", "Klinik Sehat"], options].concat();
        let printed = server.command(&arguments).await;
        let field = |name: &str| {
            let line = printed.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().to_owned()
        };
        let app = field("app id").parse().unwrap();
        server.knows(&app).await;
        Self { app, key_id: field("key id").parse().unwrap(), secret: field("secret") }
    }

    fn sign(&self, claims: &JoinClaims) -> String {
        sign(&self.key_id, self.secret.as_bytes(), claims).unwrap()
    }

    fn options(&self, server: &Server, token: String) -> JoinOptions {
        server.options(&self.app, ROOM, "Sari").with_token(token)
    }
}

fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn claims() -> JoinClaims {
    JoinClaims {
        room: ROOM.to_owned(),
        exp: unix_now() + 600,
        nbf: None,
        iat: None,
        app: None,
        sub: None,
        name: Some("Sari".to_owned()),
        avatar: None,
        moderator: false,
        jti: None,
        grants: None,
    }
}

async fn refusal(options: JoinOptions) -> Option<ErrorCode> {
    Person::knock(options).await.expect_err("the server refuses").code()
}

#[tokio::test]
async fn each_wrong_token_has_its_own_code() {
    let server = server().await;
    let signer = Signer::new(&server, &[]).await;
    let other = Signer::new(&server, &[]).await;
    let now = unix_now();
    let good = signer.sign(&claims());
    let (signed, _) = good.rsplit_once('.').unwrap();
    let forged = Signer { secret: "x".repeat(43), key_id: signer.key_id.clone(), ..other };
    let unknown_key =
        Signer { key_id: "key_tidakada".parse().unwrap(), app: signer.app.clone(), ..forged };
    let wrong = [
        (ErrorCode::TokenMalformed, "bukan-token".to_owned()),
        (ErrorCode::TokenKeyUnknown, unknown_key.sign(&claims())),
        (ErrorCode::TokenSignature, format!("{signed}.AAAA")),
        (ErrorCode::TokenExpired, signer.sign(&JoinClaims { exp: now - 60, ..claims() })),
        (
            ErrorCode::TokenNotYetValid,
            signer.sign(&JoinClaims { nbf: Some(now + 120), ..claims() }),
        ),
        (ErrorCode::TokenLifetime, signer.sign(&JoinClaims { exp: now + 90_000, ..claims() })),
        (
            ErrorCode::TokenWrongRoom,
            signer.sign(&JoinClaims { room: "ruang-2".to_owned(), ..claims() }),
        ),
    ];
    for (code, token) in wrong {
        assert_eq!(refusal(signer.options(&server, token)).await, Some(code));
    }
    let elsewhere = server.options(&unknown_key.app, ROOM, "Sari").with_token(good.clone());
    assert!(Person::knock(elsewhere).await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_app_is_refused() {
    let server = server().await;
    let signer = Signer::new(&server, &[]).await;
    let other = Signer::new(&server, &[]).await;
    let token = signer.sign(&claims());
    let options = server.options(&other.app, ROOM, "Sari").with_token(token);
    assert_eq!(refusal(options).await, Some(ErrorCode::TokenWrongApp));
}

#[tokio::test]
async fn a_token_that_names_another_algorithm_is_refused() {
    let server = server().await;
    let signer = Signer::new(&server, &[]).await;
    let good = signer.sign(&claims());
    let (_, rest) = good.split_once('.').unwrap();
    for algorithm in ["none", "HS512", "RS256"] {
        let header = format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"{}"}}"#, signer.key_id);
        let token = format!("{}.{rest}", base64url(header.as_bytes()));
        let code = refusal(signer.options(&server, token)).await;
        assert_eq!(code, Some(ErrorCode::TokenAlgorithm), "{algorithm}");
    }
}

#[tokio::test]
async fn a_one_time_token_joins_once() {
    let server = server().await;
    let signer = Signer::new(&server, &["--one-time-tokens"]).await;
    let token = signer.sign(&JoinClaims { jti: Some("kunjungan-7".to_owned()), ..claims() });
    let person = Person::join(signer.options(&server, token.clone())).await;
    person.client.leave().await;
    let code = refusal(signer.options(&server, token)).await;
    assert_eq!(code, Some(ErrorCode::TokenReplayed));
}

#[tokio::test]
async fn without_a_token_only_apps_with_guests_let_in() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let code = refusal(server.options(&app, ROOM, "Sari")).await;
    assert_eq!(code, Some(ErrorCode::TokenRequired));
    let nowhere = "tidak-ada".parse().unwrap();
    let code = refusal(server.options(&nowhere, ROOM, "Sari")).await;
    assert_eq!(code, Some(ErrorCode::AppUnknown));
    server.guest(ROOM, "Sari").await;
}

#[tokio::test]
async fn a_full_room_takes_nobody_until_somebody_leaves() {
    let server = server().await;
    let app = server.create_app("Toko Melati", &["--guests", "--max-participants", "2"]).await;
    let sari = Person::join(server.options(&app, ROOM, "Sari")).await;
    let budi = Person::join(server.options(&app, ROOM, "Budi")).await;
    let code = refusal(server.options(&app, ROOM, "Dewi")).await;
    assert_eq!(code, Some(ErrorCode::RoomFull));
    budi.client.leave().await;
    sari.knows(1).await;
    Person::join(server.options(&app, ROOM, "Dewi")).await;
}

#[tokio::test]
async fn a_room_with_a_password_asks_for_it() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &["--guests"]).await;
    let moderator = server.moderator(&app, ROOM, "Sari").await;
    let lock = ClientRequest::SetPassword { password: Some("rahasia".to_owned()) };
    moderator.ask(lock).await.unwrap();
    let guest = || server.options(&app, ROOM, "Budi");
    assert_eq!(refusal(guest()).await, Some(ErrorCode::PasswordRequired));
    let wrong = guest().with_password("salah");
    assert_eq!(refusal(wrong).await, Some(ErrorCode::PasswordWrong));
    Person::join(guest().with_password("rahasia")).await;
}

#[tokio::test]
async fn a_moderator_decides_who_comes_out_of_the_lobby() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &["--guests"]).await;
    let mut moderator = server.moderator(&app, ROOM, "Sari").await;
    moderator.ask(ClientRequest::SetLobby { is_enabled: true }).await.unwrap();
    for (name, admit) in [("Budi", true), ("Dewi", false)] {
        let (sender, mut notices) = mpsc::channel(8);
        let mut options = server.options(&app, ROOM, name);
        options.lobby = Some(sender);
        let knocking = tokio::spawn(Person::knock(options));
        let notice = within("the guest waits", notices.recv()).await.unwrap();
        assert!(notice.has_moderator);
        let participant_id = moderator
            .hears("the moderator is told", |event| match event {
                Event::LobbyChanged { waiting } => waiting
                    .iter()
                    .find(|entry| entry.name == name)
                    .map(|entry| entry.participant_id),
                _ => None,
            })
            .await;
        moderator.ask(ClientRequest::AnswerLobby { participant_id, admit }).await.unwrap();
        let joined = within("the guest is answered", knocking).await.unwrap();
        match joined {
            Ok(guest) => assert!(admit && guest.id() == participant_id),
            Err(error) => {
                assert!(!admit);
                assert_eq!(error.code(), Some(ErrorCode::LobbyDenied));
            }
        }
    }
}

#[tokio::test]
async fn a_disabled_app_takes_no_joins_and_ends_its_calls_within_ten_seconds() {
    let server = server().await;
    let app = server.create_app("Toko Melati", &["--guests"]).await;
    let mut sari = Person::join(server.options(&app, ROOM, "Sari")).await;
    server.command(&["app", "disable", app.as_str()]).await;
    let since = Instant::now();
    let reason = sari
        .notices("the call ends", |event| match event {
            ClientEvent::Left { reason } => Some(reason),
            _ => None,
        })
        .await;
    assert_eq!(reason, LeaveReason::AccessRevoked);
    assert!(since.elapsed() <= REVOCATION, "{:?}", since.elapsed());
    let code = refusal(server.options(&app, ROOM, "Sari")).await;
    assert_eq!(code, Some(ErrorCode::AppDisabled));

    server.command(&["app", "enable", app.as_str()]).await;
    server.knows(&app).await;
    Person::join(server.options(&app, ROOM, "Sari")).await;
}

#[tokio::test]
async fn calls_of_an_app_that_keeps_them_go_on() {
    let server = server().await;
    let app = server.create_app("Toko Melati", &["--guests", "--keep-running-calls"]).await;
    let mut sari = Person::join(server.options(&app, ROOM, "Sari")).await;
    server.command(&["app", "disable", app.as_str()]).await;
    within("no more joins", async {
        while server.get(&format!("/v1/public/apps/{app}")).await.status == 200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    sari.write("masih di sini", None).await;
    assert_eq!(sari.reads().await.text, "masih di sini");
}

#[tokio::test]
async fn a_revoked_key_signs_no_more() {
    let server = server().await;
    let signer = Signer::new(&server, &[]).await;
    let token = signer.sign(&claims());
    let mut sari = Person::join(signer.options(&server, token.clone())).await;
    let revoke = ["key", "revoke", "--app", signer.app.as_str(), signer.key_id.as_str()];
    server.command(&revoke).await;
    let reason = sari
        .notices("the session ends", |event| match event {
            ClientEvent::Left { reason } => Some(reason),
            _ => None,
        })
        .await;
    assert_eq!(reason, LeaveReason::AccessRevoked);
    let code = refusal(signer.options(&server, token)).await;
    assert_eq!(code, Some(ErrorCode::TokenKeyUnknown));
}

/// RFC 4648 section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let value = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for index in 0..=chunk.len() {
            let letter = (value >> (18 - 6 * index)) & 63;
            text.push(char::from(LETTERS[letter as usize]));
        }
    }
    text
}
