//! The outbox and the mail server.

use std::{sync::Arc, time::Duration};

use axum::http::{Method, StatusCode};
use jumpa_api::{Mailer, SmtpConfig, SmtpEncryption};
use jumpa_protocol::Role;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_util::sync::CancellationToken;

use crate::World;

/// Takes one mail as a mail server does and gives its text; `refuses` says no to the recipient.
pub async fn take_mail(listener: &TcpListener, refuses: bool) -> String {
    let (stream, _) = listener.accept().await.unwrap();
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 mail.example\r\n").await.unwrap();
    let mut text = String::new();
    let mut is_data = false;
    while let Some(line) = lines.next_line().await.unwrap() {
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if is_data => {
                is_data = false;
                "250 taken"
            }
            _ if is_data => {
                text.push_str(&line);
                text.push('\n');
                continue;
            }
            "RCPT" if refuses => "451 later",
            "DATA" => {
                is_data = true;
                "354 go on"
            }
            "QUIT" => return text,
            _ => "250 ok",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
    }
    text
}

/// Sends mails to a server on this machine.
pub fn mailer(port: u16) -> Arc<Mailer> {
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: SmtpEncryption::None,
        credentials: None,
        from: "Jumpa <call@sehat.example>".to_owned(),
    };
    Arc::new(Mailer::new(&config).unwrap())
}

async fn invite(world: &World) -> String {
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    let body = json!({ "email": "budi@sehat.example", "role": "agent", "language": "id" });
    let sent = world.call(Method::POST, "/v1/invitations", &body, &owner.cookie).await;
    sent.body["link"].as_str().unwrap().to_owned()
}

#[on_both_engines]
async fn the_outbox_shows_the_link_of_a_mail_that_was_not_sent(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let link = invite(&world).await;
    let list = world.get("/v1/operator/mails?status=pending&limit=1", Some(&operator)).await;
    let mail = &list.body["data"][0];
    assert_eq!(mail["recipient"], "budi@sehat.example");
    assert_eq!(mail["subject"], "Anda diundang ke My organisation");
    assert!(mail["body"].as_str().unwrap().contains(&link));
    let sent = world.get("/v1/operator/mails?status=sent", Some(&operator)).await;
    assert_eq!(sent.body["data"], json!([]));
}

#[on_both_engines]
async fn a_mail_reaches_the_mail_server_and_its_link_is_forgotten(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    let link = invite(&world).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stop = CancellationToken::new();
    let mailer = mailer(listener.local_addr().unwrap().port());
    let (database, until) = (world.database.clone(), stop.clone());
    let task = tokio::spawn(async move { mailer.keep_sending(database, until).await });
    // The first one is that of the owner, whom the test invited itself.
    let texts = [take_mail(&listener, false).await, take_mail(&listener, false).await];
    stop.cancel();
    task.await.unwrap();
    let token = link.split_once("?token=").unwrap().1;
    // Long lines are folded with `=` (quoted-printable, RFC 2045 section 6.7).
    let unfolded = texts.concat().replace("=\n", "").replace("=3D", "=");
    assert!(unfolded.contains(token), "{unfolded}");
    let list = world.get("/v1/operator/mails?status=sent", Some(&operator)).await;
    let mail = &list.body["data"][0];
    assert_eq!(mail["body"], json!(null), "{:?}", list.body);
    assert_eq!(mail["attempts"], 1);
    let id = mail["id"].as_str().unwrap();
    let retry = format!("/v1/operator/mails/{id}/retry");
    let answer = world.call(Method::POST, &retry, &json!({}), &operator).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[on_both_engines]
async fn a_mail_that_is_refused_waits_and_is_sent_when_asked(engine: Engine) {
    let world = World::on(engine).await;
    let operator = world.operator_cookie().await;
    invite(&world).await;
    let now = jumpa_db::Timestamp::now();
    let scope = world.database.operator();
    let first = scope.claim_mail(now).await.unwrap().unwrap();
    let later = now + Duration::from_secs(60);
    scope.note_mail_failed(first.id, "451 later", Some(later)).await.unwrap();
    let second = scope.claim_mail(now).await.unwrap().unwrap();
    scope.note_mail_failed(second.id, "550 no such user", None).await.unwrap();
    assert!(scope.claim_mail(now).await.unwrap().is_none());

    let failed = world.get("/v1/operator/mails?status=failed", Some(&operator)).await;
    assert_eq!(failed.body["data"][0]["last_error"], "550 no such user");
    let retry = format!("/v1/operator/mails/{}/retry", second.id);
    let answer = world.call(Method::POST, &retry, &json!({}), &operator).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let again = scope.claim_mail(jumpa_db::Timestamp::now()).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (second.id, 2));
    assert_eq!(scope.claim_mail(later).await.unwrap().unwrap().id, first.id);
}
