//! A client against a server that can be told to misbehave.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod fake;

use std::time::Instant;

use fake::{Fake, Order, Seen, participant, soon};
use jumpa_client::{
    Client, ClientEvent, Events, JoinOptions, RequestError, Transport,
    synthetic::{AudioSource, CameraLayer, VideoSource, publish_camera},
};
use jumpa_protocol::{
    ErrorCode, Layer, ParticipantId, SourceKind, SourceNumber,
    signal::{ClientRequest, Event, LeaveReason, SlotView, SourceState},
};
use jumpa_rtc::{Kind, Line, OutPacket, Rid, Slot};

fn options(fake: &Fake) -> JoinOptions {
    JoinOptions::new(&fake.url, "toko-melati".parse().unwrap(), "kasir".parse().unwrap())
        .named("Sari")
}

/// A client whose media is up.
async fn connected(fake: &mut Fake) -> (Client, Events) {
    connected_over(fake, Transport::Udp).await
}

async fn connected_over(fake: &mut Fake, transport: Transport) -> (Client, Events) {
    let (client, events) = soon(Client::join(options(fake).over(transport))).await.unwrap();
    client.wait_for_media().await.unwrap();
    fake.find(|seen| matches!(seen, Seen::MediaConnected).then_some(())).await;
    (client, events)
}

fn view(slot: u16, participant_id: ParticipantId) -> SlotView {
    SlotView { slot, participant_id, source: SourceKind::Camera, max_height: 180, priority: 1 }
}

#[tokio::test]
async fn a_joined_client_knows_the_room_and_itself() {
    let mut fake = Fake::start().await;
    let (client, _events) = connected(&mut fake).await;
    assert_eq!(client.participant_id(), fake.me);
    assert_eq!(client.snapshot().app.name, "Toko Melati");
    assert_eq!(client.rating_token(), "rating-token");
}

#[tokio::test]
async fn a_refused_join_tells_the_code() {
    let fake = Fake::start().await;
    fake.order(Order::Refuse(ErrorCode::PasswordRequired));
    let error = soon(Client::join(options(&fake))).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::PasswordRequired));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let fake = Fake::start().await;
    let nowhere = JoinOptions { server_url: "http://127.0.0.1:1".to_owned(), ..options(&fake) };
    assert_eq!(soon(Client::join(nowhere)).await.unwrap_err().code(), None);
}

#[tokio::test]
async fn written_media_arrives_on_the_line_of_its_source() {
    let mut fake = Fake::start().await;
    let (client, _events) = connected(&mut fake).await;
    let format = CameraLayer::usual()[1].format;
    let packet = VideoSource::new(format, 1).frame(Instant::now()).remove(0);
    assert!(client.write(SourceKind::Camera, Some(Layer::H), packet));
    let packet = fake.media().await;
    assert_eq!((packet.line, packet.rid), (Line(1), Rid::new("h")));
    assert_eq!(packet.video.size, Some((640, 360)));
    client.write(SourceKind::Microphone, None, AudioSource::new(32_000, 1).packet(Instant::now()));
    assert_eq!(fake.media().await.line, Line(0));
    assert_eq!(client.stats().await.unwrap().packets_sent, 2);
}

#[tokio::test]
async fn media_flows_over_tcp() {
    let mut fake = Fake::start().await;
    let (client, mut events) = connected_over(&mut fake, Transport::Tcp).await;
    client.write(SourceKind::Microphone, None, AudioSource::new(32_000, 1).packet(Instant::now()));
    assert_eq!(fake.media().await.line, Line(0));
    let packet = AudioSource::new(32_000, 2).packet(Instant::now());
    let slot = Slot { kind: Kind::Audio, index: 0 };
    fake.order(Order::Write(slot, Box::new(packet)));
    assert_eq!(soon(events.next_packet()).await.unwrap().packet.slot, slot);
}

#[tokio::test]
async fn a_packet_on_a_slot_tells_whose_it_is() {
    let mut fake = Fake::start().await;
    let (client, mut events) = connected(&mut fake).await;
    let budi = participant(ParticipantId::generate(), 7, "Budi");
    let id = budi.id;
    fake.event(Event::ParticipantJoined { participant: budi });
    soon(client.wait_for_room(|room| room.participants.len() == 2)).await.unwrap();
    let slot = Slot { kind: Kind::Video, index: 3 };
    let format = CameraLayer::usual()[0].format;
    let csrc = Some(SourceNumber::new(7, SourceKind::Screen).0);
    let packet = VideoSource::new(format, 1).frame(Instant::now()).remove(0);
    fake.order(Order::Write(slot, Box::new(OutPacket { csrc, ..packet })));
    let arrived = soon(events.next_packet()).await.unwrap();
    assert_eq!(arrived.packet.slot, slot);
    let source = arrived.source.unwrap();
    assert_eq!((source.participant_id, source.source), (id, SourceKind::Screen));
    let stats = client.stats().await.unwrap();
    assert_eq!(stats.slots.get(&slot).unwrap().size, Some((320, 180)));
}

#[tokio::test]
async fn a_keyframe_request_reaches_the_synthetic_camera() {
    let mut fake = Fake::start().await;
    let (client, _events) = connected(&mut fake).await;
    let _camera = publish_camera(&client, &CameraLayer::usual()[..1], 1);
    assert!(fake.media().await.video.starts_keyframe);
    fake.order(Order::RequestKeyframe);
    let again = fake
        .find(|seen| match seen {
            Seen::Media(packet) => packet.video.starts_keyframe.then_some(packet),
            _ => None,
        })
        .await;
    assert_eq!(again.video.size, Some((320, 180)));
}

#[tokio::test]
async fn a_lost_websocket_is_resumed_and_missed_events_arrive_once() {
    let mut fake = Fake::start().await;
    let (client, mut events) = connected(&mut fake).await;
    let who = |number| participant(ParticipantId::generate(), number, "Budi");
    fake.event(Event::ParticipantJoined { participant: who(2) });
    soon(client.wait_for_room(|room| room.participants.len() == 2)).await.unwrap();
    fake.order(Order::Cut);
    fake.event(Event::ParticipantJoined { participant: who(3) });
    let last_seq = fake
        .request(|request| match request {
            ClientRequest::Resume { last_seq, resume_token } => {
                assert_eq!(resume_token, "resume-token");
                Some(last_seq)
            }
            _ => None,
        })
        .await;
    assert_eq!(last_seq, 1);
    soon(client.wait_for_room(|room| room.participants.len() == 3)).await.unwrap();
    let joins = async {
        let mut joins = 0;
        loop {
            match events.next().await {
                Some(ClientEvent::Room(Event::ParticipantJoined { .. })) => joins += 1,
                Some(ClientEvent::Room(Event::RoomChanged { .. })) => return joins,
                _ => {}
            }
        }
    };
    let settings = client.snapshot().settings;
    fake.event(Event::RoomChanged { settings });
    assert_eq!(soon(joins).await, 2);
    assert_eq!(client.stats().await.unwrap().resumes, 1);
}

#[tokio::test]
async fn media_goes_on_while_the_websocket_is_away() {
    let mut fake = Fake::start().await;
    let (client, _events) = connected(&mut fake).await;
    client.cut_signalling().await;
    client.write(SourceKind::Microphone, None, AudioSource::new(32_000, 1).packet(Instant::now()));
    assert_eq!(fake.media().await.line, Line(0));
}

#[tokio::test]
async fn a_forgotten_session_is_joined_again_with_its_sources_and_view() {
    let mut fake = Fake::start().await;
    let (client, mut events) = connected(&mut fake).await;
    let somebody = ParticipantId::generate();
    client.set_source(SourceKind::Camera, SourceState::Live).await.unwrap();
    client.set_view(vec![view(0, somebody)]).await.unwrap();
    fake.request(|request| matches!(request, ClientRequest::View { .. }).then_some(())).await;
    fake.order(Order::Forget);
    let join = fake
        .request(|request| match request {
            ClientRequest::Join(join) => Some(join),
            _ => None,
        })
        .await;
    assert_eq!(join.resume_token.as_deref(), Some("resume-token"));
    assert_eq!(join.sources.len(), 1);
    let slots = fake
        .request(|request| match request {
            ClientRequest::View { slots } => Some(slots),
            _ => None,
        })
        .await;
    assert_eq!(slots, [view(0, somebody)]);
    let rejoined = events.find(|event| matches!(event, ClientEvent::Rejoined { .. }).then_some(()));
    soon(rejoined).await.unwrap();
    client.wait_for_media().await.unwrap();
    client.write(SourceKind::Microphone, None, AudioSource::new(32_000, 1).packet(Instant::now()));
    assert_eq!(fake.media().await.line, Line(0));
}

#[tokio::test]
async fn silent_media_is_restarted_and_comes_back() {
    let mut fake = Fake::start().await;
    let (client, mut events) = connected(&mut fake).await;
    fake.order(Order::MuteMedia(true));
    let silent = events.find(|event| matches!(event, ClientEvent::MediaSilent).then_some(()));
    soon(silent).await.unwrap();
    fake.request(|request| matches!(request, ClientRequest::Negotiate { .. }).then_some(())).await;
    fake.order(Order::MuteMedia(false));
    let back = events.find(|event| matches!(event, ClientEvent::MediaConnected).then_some(()));
    soon(back).await.unwrap();
    client.write(SourceKind::Microphone, None, AudioSource::new(32_000, 1).packet(Instant::now()));
    assert_eq!(fake.media().await.line, Line(0));
    assert!(client.stats().await.unwrap().ice_restarts >= 1);
}

#[tokio::test]
async fn another_socket_goes_unnoticed() {
    let mut fake = Fake::start().await;
    let (client, _events) = connected(&mut fake).await;
    client.change_socket().await;
    client.write(SourceKind::Microphone, None, AudioSource::new(32_000, 1).packet(Instant::now()));
    assert_eq!(fake.media().await.line, Line(0));
}

#[tokio::test]
async fn a_view_with_more_slots_makes_them_grow_first() {
    let mut fake = Fake::start().await;
    let (client, _events) = connected(&mut fake).await;
    let wanted = vec![view(10, ParticipantId::generate())];
    let asked = client.set_view(wanted.clone());
    let (done, order) = tokio::join!(asked, async {
        let mut order = Vec::new();
        while order.last() != Some(&"view") {
            order.push(
                fake.request(|request| match request {
                    ClientRequest::Negotiate { .. } => Some("negotiate"),
                    ClientRequest::View { .. } => Some("view"),
                    _ => None,
                })
                .await,
            );
        }
        order
    });
    done.unwrap();
    assert_eq!(order, ["negotiate", "view"]);
}

#[tokio::test]
async fn a_refused_request_tells_the_code() {
    let mut fake = Fake::start().await;
    let (client, _events) = connected(&mut fake).await;
    fake.order(Order::Refuse(ErrorCode::NotModerator));
    let error = client.request(ClientRequest::EndCall).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NotModerator));
}

#[tokio::test]
async fn a_leaving_client_says_so_and_closes_media() {
    let mut fake = Fake::start().await;
    let (client, mut events) = connected(&mut fake).await;
    soon(client.leave()).await;
    fake.request(|request| matches!(request, ClientRequest::Leave).then_some(())).await;
    let left = events.find(|event| match event {
        ClientEvent::Left { reason } => Some(reason),
        _ => None,
    });
    assert_eq!(soon(left).await, Some(LeaveReason::Left));
    assert_eq!(client.request(ClientRequest::Ping).await, Err(RequestError::Left));
}

#[tokio::test]
async fn a_removed_client_does_not_come_back() {
    let mut fake = Fake::start().await;
    let (_client, mut events) = connected(&mut fake).await;
    fake.event(Event::Left { reason: LeaveReason::Removed, retry_after_ms: None });
    let left = events.find(|event| match event {
        ClientEvent::Left { reason } => Some(reason),
        _ => None,
    });
    assert_eq!(soon(left).await, Some(LeaveReason::Removed));
    assert_eq!(soon(events.next()).await, None);
}
