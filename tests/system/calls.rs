//! Media through the whole server.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use jumpa_client::Transport;
use jumpa_protocol::{
    Layer, SourceKind,
    signal::{Event, SourceState},
};
use jumpa_system_tests::{Person, Server, within};
use tokio::net::UdpSocket;

use crate::{program, server};

/// How long nothing may flow after a NAT forgot its mapping, with as much again for reading the
/// ten packets that prove it.
const REBINDING: Duration = Duration::from_secs(2);

/// Two people who speak, send a picture and look at each other.
async fn pair(server: &Server) -> (Person, Person) {
    let mut sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    sari.knows(2).await;
    for person in [&mut sari, &mut budi] {
        person.speak().await;
        person.show_camera().await;
    }
    sari.watch(budi.id()).await;
    budi.watch(sari.id()).await;
    (sari, budi)
}

#[tokio::test]
async fn two_people_see_and_hear_each_other() {
    let server = server().await;
    let (mut sari, mut budi) = pair(&server).await;
    for source in [SourceKind::Microphone, SourceKind::Camera] {
        sari.receives(budi.id(), source).await;
        budi.receives(sari.id(), source).await;
    }
}

#[tokio::test]
async fn whoever_is_muted_is_not_heard_whatever_the_client_sends() {
    let server = server().await;
    let (mut sari, mut budi) = pair(&server).await;
    sari.receives(budi.id(), SourceKind::Microphone).await;
    sari.receives(budi.id(), SourceKind::Camera).await;
    // The publisher of Budi's microphone goes on.
    budi.client.set_source(SourceKind::Microphone, SourceState::Muted).await.unwrap();
    sari.hears("Budi is muted", |event| match event {
        Event::SourceChanged { participant_id, source }
            if participant_id == budi.id() && source.state == SourceState::Muted =>
        {
            Some(())
        }
        _ => None,
    })
    .await;
    sari.receives(budi.id(), SourceKind::Camera).await;
    sari.events.skip_waiting_packets();
    within("thirty more packets of Budi's camera", async {
        let mut pictures = 0;
        while pictures < 30 {
            let packet = sari.events.next_packet().await.unwrap();
            let source = packet.source.unwrap();
            assert_ne!(source.source, SourceKind::Microphone);
            pictures += u32::from(source.source == SourceKind::Camera);
        }
    })
    .await;
    budi.events.skip_waiting_packets();
}

#[tokio::test]
async fn two_screens_are_seen_at_once() {
    let server = server().await;
    let mut sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    let mut dewi = server.guest("ruang-1", "Dewi").await;
    budi.share_screen().await;
    dewi.share_screen().await;
    sari.knows(3).await;
    let screens = [(budi.id(), SourceKind::Screen), (dewi.id(), SourceKind::Screen)];
    sari.look_at(&screens).await;
    for (whom, source) in screens {
        sari.receives(whom, source).await;
    }
}

#[tokio::test]
async fn a_publisher_is_told_which_encodings_somebody_receives() {
    let server = server().await;
    let sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    budi.show_camera().await;
    sari.knows(2).await;
    let mut wanted = async |wanted: &[Layer]| {
        budi.hears(&format!("{wanted:?} is wanted"), |event| match event {
            Event::LayersWanted { source: SourceKind::Camera, layers } => {
                (layers == wanted).then_some(())
            }
            _ => None,
        })
        .await;
        budi.id()
    };
    let whom = wanted(&[Layer::Q]).await;
    sari.look_at(&[(whom, SourceKind::Camera)]).await;
    wanted(&[Layer::Q, Layer::H]).await;
}

#[tokio::test]
async fn media_follows_a_client_whose_address_changes() {
    let server = server().await;
    let (mut sari, mut budi) = pair(&server).await;
    sari.receives(budi.id(), SourceKind::Microphone).await;
    budi.receives(sari.id(), SourceKind::Microphone).await;
    sari.client.change_socket().await;
    let since = Instant::now();
    sari.receives(budi.id(), SourceKind::Microphone).await;
    budi.receives(sari.id(), SourceKind::Microphone).await;
    assert!(since.elapsed() < REBINDING, "{:?}", since.elapsed());
    let stats = sari.client.stats().await.unwrap();
    assert_eq!((stats.rejoins, stats.resumes), (0, 0));
}

#[tokio::test]
async fn media_goes_on_after_an_ice_restart_from_another_address() {
    let server = server().await;
    let (mut sari, mut budi) = pair(&server).await;
    sari.receives(budi.id(), SourceKind::Camera).await;
    sari.client.restart_ice().await;
    sari.receives(budi.id(), SourceKind::Camera).await;
    budi.receives(sari.id(), SourceKind::Camera).await;
    let stats = sari.client.stats().await.unwrap();
    assert_eq!((stats.ice_restarts, stats.rejoins), (1, 0));
}

#[tokio::test]
async fn a_call_works_where_only_tcp_is_possible() {
    let server = program().environment("JUMPA__MEDIA__UDP", "false").start().await;
    let app = &server.ready().demo_app;
    let over_tcp = |name| server.options(app, "ruang-1", name).over(Transport::Tcp);
    let mut sari = Person::join(over_tcp("Sari")).await;
    let mut budi = Person::join(over_tcp("Budi")).await;
    budi.speak().await;
    budi.show_camera().await;
    sari.knows(2).await;
    sari.watch(budi.id()).await;
    sari.receives(budi.id(), SourceKind::Microphone).await;
    sari.receives(budi.id(), SourceKind::Camera).await;
}

#[tokio::test]
async fn calls_in_different_rooms_do_not_hear_each_other() {
    let server = server().await;
    let mut sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    let mut dewi = server.guest("ruang-2", "Dewi").await;
    budi.speak().await;
    dewi.speak().await;
    sari.receives(budi.id(), SourceKind::Microphone).await;
    sari.events.skip_waiting_packets();
    for _ in 0..50 {
        let packet = within("packets arrive", sari.events.next_packet()).await.unwrap();
        assert_eq!(packet.source.map(|source| source.participant_id), Some(budi.id()));
    }
    sari.knows(2).await;
}

#[tokio::test]
async fn malformed_packets_do_not_disturb_a_call() {
    let server = server().await;
    let (mut sari, mut budi) = pair(&server).await;
    sari.receives(budi.id(), SourceKind::Camera).await;
    budi.receives(sari.id(), SourceKind::Microphone).await;

    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let mut state = 1_u32;
    for round in 0..3_000_u32 {
        for port in &server.ready().media_ports {
            let target = SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
            // A full socket buffer only makes the flood smaller.
            let _ = socket.try_send_to(&malformed(round, &mut state), target);
        }
        if round % 100 == 0 {
            tokio::task::yield_now().await;
        }
    }

    sari.receives(budi.id(), SourceKind::Camera).await;
    budi.receives(sari.id(), SourceKind::Microphone).await;
    for person in [&sari, &budi] {
        let stats = person.client.stats().await.unwrap();
        assert_eq!((stats.ice_restarts, stats.rejoins, stats.resumes), (0, 0, 0));
    }
    assert_eq!(server.get("/readyz").await.status, 200);
    let mut answer = [0; 2_048];
    assert!(socket.try_recv(&mut answer).is_err(), "the flood was answered");
}

/// Something that starts like STUN, DTLS, RTP, RTCP or nothing at all, and goes on at random.
fn malformed(round: u32, state: &mut u32) -> Vec<u8> {
    const STARTS: [&[u8]; 6] = [
        &[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42],
        &[22, 0xfe, 0xfd, 0, 0, 0, 0],
        &[0x80, 96, 0, 1],
        &[0x81, 201, 0, 7],
        &[0xbe, 0xde, 0xff, 0xff],
        &[],
    ];
    let index = round as usize % STARTS.len();
    let mut bytes = STARTS.get(index).copied().unwrap_or_default().to_vec();
    for _ in 0..round % 200 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push((*state >> 24) as u8);
    }
    bytes
}
