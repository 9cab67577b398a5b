//! Lost connections, killed servers and polite ends.

use std::time::{Duration, Instant};

use jumpa_client::ClientEvent;
use jumpa_protocol::{
    SourceKind,
    signal::{Event, LeaveReason},
};

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
    let room = jumpa_system_tests::within("the last message", room).await.unwrap();
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
        person
            .notices("they are in again", |event| {
                matches!(event, ClientEvent::Rejoined { .. }).then_some(())
            })
            .await;
    }
    sari.client.wait_for_media().await.unwrap();
    budi.client.wait_for_media().await.unwrap();
    assert!(since.elapsed() <= RETURN, "{:?}", since.elapsed());
    sari.knows(2).await;
    sari.receives(budi.id(), SourceKind::Microphone).await;
    sari.receives(budi.id(), SourceKind::Camera).await;
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
    let _second = first.terminate().await.restart().await;
    sari.notices("they are in again", |event| {
        matches!(event, ClientEvent::Rejoined { .. }).then_some(())
    })
    .await;
    sari.client.wait_for_media().await.unwrap();
}
