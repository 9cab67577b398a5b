//! Lost connections, killed servers and polite ends.

use std::time::{Duration, Instant};

use jumpa_client::{ClientEvent, JoinOptions};
use jumpa_protocol::{
    ErrorCode, SourceKind,
    signal::{ClientRequest, Event, LeaveReason, Role},
};
use jumpa_system_tests::{Person, within};
use tokio::sync::mpsc;

use crate::server;

/// How long after the return of a server people may take to be in their call again.
const RETURN: Duration = Duration::from_millis(2_500);

#[tokio::test]
async fn a_lost_websocket_leaves_media_alone_and_misses_no_event() {
    let server = server().await;
    let mut sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    budi.speak().await;
    sari.receives(budi.id(), SourceKind::Microphone).await;
    let before = sari.client.stats().await.unwrap();

    sari.client.cut_signalling().await;
    let texts: Vec<String> = (1..=20).map(|number| format!("pesan {number}")).collect();
    for text in &texts {
        budi.write(text, None).await;
    }
    sari.notices("signalling is back", |event| {
        (event == ClientEvent::SignallingResumed).then_some(())
    })
    .await;
    budi.write("selesai", None).await;
    let room = sari
        .client
        .wait_for_room(|room| room.chat.last().is_some_and(|message| message.text == "selesai"));
    let room = within("the last message", room).await.unwrap();
    let read: Vec<String> = room.chat.into_iter().map(|message| message.text).collect();
    assert_eq!(read.len(), 21, "{read:?}");
    assert_eq!(read[..20], texts);

    sari.receives(budi.id(), SourceKind::Microphone).await;
    let after = sari.client.stats().await.unwrap();
    assert_eq!(after.resumes, before.resumes + 1);
    assert_eq!((after.rejoins, after.ice_restarts), (0, 0));
    budi.knows(2).await;
}

#[tokio::test]
async fn people_come_back_by_themselves_after_a_killed_server_returns() {
    let first = server().await;
    let mut sari = first.guest("ruang-1", "Sari").await;
    let mut budi = first.guest("ruang-1", "Budi").await;
    budi.speak().await;
    budi.show_camera().await;
    sari.watch(budi.id()).await;
    sari.receives(budi.id(), SourceKind::Camera).await;

    let _second = first.kill().await.restart().await;
    let since = Instant::now();
    for person in [&mut sari, &mut budi] {
        is_in_again(person).await;
    }
    sari.client.wait_for_media().await.unwrap();
    budi.client.wait_for_media().await.unwrap();
    assert!(since.elapsed() <= RETURN, "{:?}", since.elapsed());
    sari.knows(2).await;
    sari.receives(budi.id(), SourceKind::Microphone).await;
    sari.receives(budi.id(), SourceKind::Camera).await;
}

async fn refusal(options: JoinOptions) -> Option<ErrorCode> {
    Person::knock(options).await.expect_err("the server refuses").code()
}

async fn is_in_again(person: &mut Person) {
    person
        .notices("they are in again", |event| {
            matches!(event, ClientEvent::Rejoined { .. }).then_some(())
        })
        .await;
}

fn texts(person: &Person) -> Vec<String> {
    person.client.snapshot().chat.into_iter().map(|message| message.text).collect()
}

#[tokio::test]
async fn a_killed_server_comes_back_with_the_call_as_it_was() {
    const ROOM: &str = "ruang-1";
    let first = server().await;
    let app = first.create_app("Klinik Sehat", &["--guests"]).await;
    let mut sari = first.moderator(&app, ROOM, "Sari").await;
    let mut budi = Person::join(first.options(&app, ROOM, "Budi")).await;
    let banned = first.token(&app, ROOM, "Tono", &["--user", "pasien-7"]).await;
    let banned = first.options(&app, ROOM, "Tono").with_token(banned);
    let tono = Person::join(banned.clone()).await;
    for request in [
        ClientRequest::SetRole { participant_id: budi.id(), role: Role::Moderator },
        ClientRequest::RemoveParticipant { participant_id: tono.id(), ban: true },
        ClientRequest::SetPassword { password: Some("rahasia".to_owned()) },
        ClientRequest::SetLobby { is_enabled: true },
    ] {
        sari.ask(request).await.unwrap();
    }
    sari.write("untuk semua", None).await;
    budi.write("untuk Sari", Some(sari.id())).await;
    sari.write("terakhir", None).await;
    let before = budi.client.snapshot().call;
    first.keeps("terakhir").await;

    let second = first.kill().await.restart().await;
    let guest = |name| second.options(&app, ROOM, name);
    assert_eq!(refusal(guest("Tamu")).await, Some(ErrorCode::PasswordRequired));
    let wrong = guest("Tamu").with_password("1234");
    assert_eq!(refusal(wrong).await, Some(ErrorCode::PasswordWrong));
    assert_eq!(refusal(banned).await, Some(ErrorCode::Banned));
    is_in_again(&mut sari).await;
    is_in_again(&mut budi).await;
    sari.knows(2).await;
    budi.knows(2).await;
    assert_eq!(budi.client.snapshot().call, before);
    for person in [&sari, &budi] {
        assert_eq!(texts(person), ["untuk semua", "untuk Sari", "terakhir"]);
    }

    let (sender, mut notices) = mpsc::channel(8);
    let mut late = guest("Dewi").with_password("rahasia");
    late.lobby = Some(sender);
    let knocking = tokio::spawn(Person::knock(late));
    within("the guest waits", notices.recv()).await.unwrap();
    let participant_id = budi
        .hears("who was made a moderator is one", |event| match event {
            Event::LobbyChanged { waiting } => waiting.first().map(|entry| entry.participant_id),
            _ => None,
        })
        .await;
    budi.ask(ClientRequest::AnswerLobby { participant_id, admit: true }).await.unwrap();
    let dewi = within("the guest is answered", knocking).await.unwrap().unwrap();
    assert_eq!(texts(&dewi), ["untuk semua", "terakhir"]);
}

#[tokio::test]
async fn a_server_that_stops_tells_everybody_when_to_come_back() {
    let server = server().await;
    let mut sari = server.guest("ruang-1", "Sari").await;
    server.signal(rustix::process::Signal::TERM);
    let retry_after_ms = sari
        .hears("the server says goodbye", |event| match event {
            Event::Left { reason: LeaveReason::ServerClosing, retry_after_ms } => {
                Some(retry_after_ms)
            }
            _ => None,
        })
        .await;
    assert!(retry_after_ms.is_some());
    assert_eq!(server.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn people_come_back_by_themselves_after_a_polite_restart() {
    let first = server().await;
    let mut sari = first.guest("ruang-1", "Sari").await;
    sari.write("sebelum pembaruan", None).await;
    let _second = first.terminate().await.restart().await;
    is_in_again(&mut sari).await;
    sari.client.wait_for_media().await.unwrap();
    assert_eq!(texts(&sari), ["sebelum pembaruan"]);
}
