use std::{collections::HashMap, sync::Arc};

use jumpa_protocol::{
    ErrorCode, RoomKey,
    directory::{PreparedRoom, Secret},
    live_room::HostRequest,
    signal::{ClientRequest, Event, LeaveReason, ServerMessage},
};
use uuid::Uuid;

use crate::{
    client::{Client, join},
    world::{World, app},
};

fn till() -> RoomKey {
    RoomKey { app_id: app("toko-melati"), room: "kasir".parse().expect("a room name") }
}

/// The code of a refused join.
async fn refusal(world: &World, room: &str) -> ErrorCode {
    let mut client = world.connect().await;
    match client.ask(ClientRequest::Join(join("toko-melati", room, "Dewi", None))).await {
        ServerMessage::Error { code, .. } => code,
        other => panic!("joined: {other:?}"),
    }
}

async fn ended(client: &mut Client) {
    let is_end =
        |event: &Event| matches!(event, Event::Left { reason: LeaveReason::CallEnded, .. });
    client.event_where(is_end).await;
    client.closed().await;
}

#[tokio::test]
async fn a_running_call_is_listed_until_it_ends() {
    let world = World::start().await;
    let rooms = world.signalling.live_rooms();
    assert_eq!(rooms.list(), []);
    let mut siti = world.guest("Siti").await;
    let listed = rooms.find(&till()).expect("a call");
    assert_eq!(listed.call_id, siti.joined().snapshot.call.id);
    assert_eq!(rooms.list(), [listed]);
    let people = rooms.participants(&till()).await.expect("a call");
    assert_eq!(people.len(), 1);

    rooms.request(&till(), HostRequest::End).await.expect("a call");
    ended(&mut siti).await;
    let gone = rooms.request(&till(), HostRequest::End).await.expect_err("no call");
    assert_eq!(gone.code, ErrorCode::CallEnded);
    assert_eq!((rooms.list(), rooms.participants(&till()).await), (vec![], None));
}

#[tokio::test]
async fn a_draining_server_starts_no_calls_and_running_ones_go_on() {
    let world = World::start().await;
    let rooms = world.signalling.live_rooms();
    let _siti = world.guest("Siti").await;
    rooms.set_draining(true);
    assert_eq!(refusal(&world, "gudang").await, ErrorCode::ServerDraining);
    let budi = world.guest("Budi").await;
    assert_eq!(budi.joined().snapshot.participants.len(), 2);
    rooms.set_draining(false);
    world.connect().await.join("toko-melati", "gudang", "Dewi", None).await;
}

#[tokio::test]
async fn a_room_is_prepared_for_one_call() {
    let world = World::start().await;
    let prepared = PreparedRoom {
        id: Uuid::from_u128(1),
        password: Some(Secret(b"rahasia".to_vec())),
        has_lobby: false,
        max_participants: None,
        recording: jumpa_protocol::recording::RecordingPolicy::default(),
        expires_at: None,
    };
    world.change_directory(|directory| {
        let shop = directory.apps.get_mut(&app("toko-melati")).expect("the shop");
        shop.prepared_rooms = Arc::new(HashMap::from([(till().room, prepared)]));
    });
    // Knocking in vain does not use it up.
    assert_eq!(refusal(&world, "kasir").await, ErrorCode::PasswordRequired);
    assert_eq!(refusal(&world, "kasir").await, ErrorCode::PasswordRequired);
    let mut siti = world.connect().await;
    let mut with_password = join("toko-melati", "kasir", "Siti", None);
    with_password.password = Some("rahasia".to_owned());
    let joined = siti.ask(ClientRequest::Join(with_password)).await;
    assert!(matches!(joined, ServerMessage::Joined(_)), "{joined:?}");

    world.signalling.live_rooms().request(&till(), HostRequest::End).await.expect("a call");
    ended(&mut siti).await;
    world.guest("Budi").await;
}

#[tokio::test]
async fn a_preparation_that_is_over_is_forgotten() {
    let world = World::start().await;
    let prepared = PreparedRoom {
        id: Uuid::from_u128(1),
        password: Some(Secret(b"rahasia".to_vec())),
        has_lobby: false,
        max_participants: None,
        recording: jumpa_protocol::recording::RecordingPolicy::default(),
        expires_at: Some(1),
    };
    world.change_directory(|directory| {
        let shop = directory.apps.get_mut(&app("toko-melati")).expect("the shop");
        shop.prepared_rooms = Arc::new(HashMap::from([(till().room, prepared)]));
    });
    world.guest("Budi").await;
}
