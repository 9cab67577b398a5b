//! WHIP and WHEP: encoders and players without signalling.

use jumpa_protocol::{SourceKind, SourceNumber};
use jumpa_rtc::Kind;
use jumpa_system_tests::{MediaOnly, Purpose, Request};

use crate::server;

const ROOM: &str = "panggung";

#[tokio::test]
async fn an_encoder_is_seen_and_heard_by_people() {
    let server = server().await;
    let app = server.ready().demo_app.clone();
    let mut sari = server.guest(ROOM, "Sari").await;
    let _encoder = MediaOnly::join(&server, Purpose::Publish, &app, ROOM, None).await.unwrap();
    sari.knows(2).await;
    let others = sari.client.snapshot().participants;
    let encoder = others.iter().find(|other| other.id != sari.id()).unwrap().id;
    sari.watch(encoder).await;
    sari.receives(encoder, SourceKind::Microphone).await;
    sari.receives(encoder, SourceKind::Camera).await;
}

#[tokio::test]
async fn a_player_gets_whoever_speaks() {
    let server = server().await;
    let app = server.ready().demo_app.clone();
    let mut sari = server.guest(ROOM, "Sari").await;
    sari.speak().await;
    sari.show_camera().await;
    let mut player = MediaOnly::join(&server, Purpose::Play, &app, ROOM, None).await.unwrap();
    let number = sari.client.snapshot().participants[0].number;
    let sound = player.receives(Kind::Audio).await;
    assert_eq!(sound.csrc, Some(SourceNumber::new(number, SourceKind::Microphone).0));
    let picture = player.receives(Kind::Video).await;
    assert_eq!(picture.csrc, Some(SourceNumber::new(number, SourceKind::Camera).0));
}

#[tokio::test]
async fn an_encoder_needs_a_token_where_guests_are_not_allowed() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let refused = MediaOnly::join(&server, Purpose::Publish, &app, ROOM, None).await;
    let answer = refused.expect_err("the server refuses");
    assert_eq!((answer.status, answer.code().as_str()), (401, "token_required"));
    let token = server.token(&app, ROOM, "Kamera", &[]).await;
    assert!(MediaOnly::join(&server, Purpose::Publish, &app, ROOM, Some(&token)).await.is_ok());
}

#[tokio::test]
async fn an_encoder_that_takes_its_leave_is_gone() {
    let server = server().await;
    let app = server.ready().demo_app.clone();
    let sari = server.guest(ROOM, "Sari").await;
    let encoder = MediaOnly::join(&server, Purpose::Publish, &app, ROOM, None).await.unwrap();
    sari.knows(2).await;
    let answer = server.send(Request::new("DELETE", encoder.location.clone())).await;
    assert!((200..300).contains(&answer.status), "{}", answer.text());
    sari.knows(1).await;
}

#[tokio::test]
async fn what_is_no_offer_is_refused() {
    let server = server().await;
    let path = format!("/whip/{}/{ROOM}", server.ready().demo_app);
    let post = |media_type: &str, body: &str| {
        Request::new("POST", path.clone()).body(media_type, body.as_bytes())
    };
    let answer = server.send(post("application/sdp", "bukan sdp")).await;
    assert_eq!(answer.code(), "offer_invalid", "{}", answer.text());
    let answer = server.send(post("application/json", "{}")).await;
    assert_eq!(answer.status, 415, "{}", answer.text());
    let answer = server.send(post("application/sdp", &"x".repeat(600_000))).await;
    assert_eq!(answer.status, 413, "{}", answer.text());
}
