use jumpa_protocol::{
    ErrorCode,
    control::MediaCommand,
    signal::{ClientRequest, ConnectionState, Event, Join, ServerMessage},
};
use tokio_tungstenite::tungstenite;

use crate::{
    client::{Client, join},
    media_plane::{ANSWER, BAD_OFFER},
    world::{World, signed, staff_token},
};

async fn refusal(world: &World, join: Join) -> (ErrorCode, u16) {
    let mut client = world.connect().await;
    let answer = client.ask(ClientRequest::Join(join)).await;
    let ServerMessage::Error { code, .. } = answer else { panic!("joined: {answer:?}") };
    (code, client.closed().await)
}

#[tokio::test]
async fn two_people_meet() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    assert_eq!(siti.joined().answer, ANSWER);
    assert_eq!(siti.joined().snapshot.app.name, "Toko Melati");
    let mut budi = world.guest("Budi").await;
    let came = siti.event_where(|event| matches!(event, Event::ParticipantJoined { .. })).await;
    let Event::ParticipantJoined { participant } = came else { unreachable!() };
    assert_eq!(participant.id, budi.joined().participant_id);
    assert_eq!(budi.joined().snapshot.participants.len(), 2);

    let text = "Selamat pagi".to_owned();
    let sent = siti.ask(ClientRequest::SendChat { text, to: None }).await;
    assert!(matches!(sent, ServerMessage::Ok { .. }));
    let chat = budi.event_where(|event| matches!(event, Event::ChatReceived { .. })).await;
    let Event::ChatReceived { message } = chat else { unreachable!() };
    assert_eq!(message.text, "Selamat pagi");
}

#[tokio::test]
async fn media_that_flows_is_told() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let connected = |event: &Event| {
        matches!(event, Event::ConnectionChanged { connection: ConnectionState::Connected, .. })
    };
    siti.event_where(connected).await;
}

#[tokio::test]
async fn rooms_of_the_same_name_in_two_apps_are_two_calls() {
    let world = World::start().await;
    let mut staff = world.connect().await;
    let token = signed(|claims| claims.room = "kasir".to_owned());
    staff.join("klinik-sehat", "kasir", "Ayu", Some(&token)).await;
    let guest = world.guest("Siti").await;
    assert_eq!(guest.joined().snapshot.participants.len(), 1);
    assert_ne!(guest.joined().snapshot.call.id, staff.joined().snapshot.call.id);
}

#[tokio::test]
async fn refusals_say_why_and_close() {
    let world = World::start().await;
    let expired = signed(|claims| claims.exp = 1);
    let other_room = signed(|claims| claims.room = "ruang-2".to_owned());
    let staff = staff_token("Ayu", false);
    for (join, code) in [
        (join("nobody", "r", "Siti", None), ErrorCode::AppUnknown),
        (join("klinik-sehat", "ruang-1", "Siti", None), ErrorCode::TokenRequired),
        (join("klinik-sehat", "ruang-1", "Siti", Some(&expired)), ErrorCode::TokenExpired),
        (join("klinik-sehat", "ruang-1", "Siti", Some(&other_room)), ErrorCode::TokenWrongRoom),
        (join("toko-melati", "ruang-1", "Siti", Some(&staff)), ErrorCode::TokenWrongApp),
        (join("klinik-sehat", "ruang-1", "Siti", Some("x.y.z")), ErrorCode::TokenMalformed),
        (join("toko-melati", "kasir", " ", None), ErrorCode::InvalidValue),
        (
            Join { offer: BAD_OFFER.to_owned(), ..join("toko-melati", "kasir", "Siti", None) },
            ErrorCode::OfferInvalid,
        ),
    ] {
        assert_eq!(refusal(&world, join).await, (code, 4003));
    }
}

#[tokio::test]
async fn a_refused_one_time_token_can_be_used_again() {
    let world = World::start().await;
    world.change_directory(|directory| {
        for app in directory.apps.values_mut() {
            app.one_time_tokens = true;
        }
    });
    let token = signed(|claims| {
        claims.jti = Some("once".to_owned());
        claims.name = Some("Ayu".to_owned());
    });
    let bad = Join {
        offer: BAD_OFFER.to_owned(),
        ..join("klinik-sehat", "ruang-1", "Ayu", Some(&token))
    };
    assert_eq!(refusal(&world, bad).await.0, ErrorCode::OfferInvalid);
    let mut ayu = world.connect().await;
    ayu.join("klinik-sehat", "ruang-1", "Ayu", Some(&token)).await;
    let again = join("klinik-sehat", "ruang-1", "Ayu", Some(&token));
    assert_eq!(refusal(&world, again).await.0, ErrorCode::TokenReplayed);
}

#[tokio::test]
async fn without_media_plane_joining_is_refused_at_once() {
    let world = World::start_with(|config| {
        config.media_commands = tokio::sync::mpsc::channel(1).0;
    })
    .await;
    let join = join("toko-melati", "kasir", "Siti", None);
    assert_eq!(refusal(&world, join).await, (ErrorCode::MediaUnavailable, 4003));
}

#[tokio::test]
async fn a_room_whose_call_has_ended_takes_the_next_call() {
    let world = World::start().await;
    let mut last = None;
    for _ in 0..20 {
        let mut siti = world.guest("Siti").await;
        let call_id = siti.joined().snapshot.call.id;
        assert_ne!(last.replace(call_id), Some(call_id));
        siti.ask(ClientRequest::Leave).await;
        assert_eq!(siti.closed().await, 4000);
    }
}

#[tokio::test]
async fn a_moderator_lets_somebody_in_from_the_lobby() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    ayu.ask(ClientRequest::SetLobby { is_enabled: true }).await;
    let mut budi = world.connect().await;
    let token = staff_token("Budi", false);
    budi.send(ClientRequest::Join(join("klinik-sehat", "ruang-1", "Budi", Some(&token)))).await;
    let waiting = budi.event().await.expect("told to wait");
    assert!(matches!(waiting, Event::LobbyWaiting { has_moderator: true, .. }));
    let lobby = ayu.event_where(|event| matches!(event, Event::LobbyChanged { .. })).await;
    let Event::LobbyChanged { waiting } = lobby else { unreachable!() };
    let participant_id = waiting[0].participant_id;
    ayu.ask(ClientRequest::AnswerLobby { participant_id, admit: true }).await;
    let answer = budi.answer().await;
    assert!(
        matches!(answer, Ok(ServerMessage::Joined(joined)) if joined.participant_id == participant_id)
    );
}

#[tokio::test]
async fn another_subprotocol_or_none_is_refused() {
    let world = World::start().await;
    for subprotocol in [None, Some("jumpa.v0"), Some("graphql-ws")] {
        let refused = Client::connect_as(world.address, subprotocol).await.err();
        let Some(tungstenite::Error::Http(response)) = refused else { panic!("{refused:?}") };
        assert_eq!(response.status(), 400);
        let body = response.body().as_deref().unwrap_or_default();
        assert!(String::from_utf8_lossy(body).contains("\"subprotocol_required\""));
    }
}

#[tokio::test]
async fn an_address_has_as_many_sockets_as_allowed() {
    let world = World::start_with(|config| config.max_sockets_per_address = 2).await;
    let first = world.connect().await;
    let _second = world.connect().await;
    let refused = Client::connect(world.address).await.err();
    assert!(
        matches!(refused, Some(tungstenite::Error::Http(response)) if response.status() == 429)
    );
    first.close(1000).await;
    // The place is free as soon as the server has let go of the socket.
    while Client::connect(world.address).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn who_guesses_passwords_is_slowed_down() {
    let world = World::start().await;
    let mut codes = Vec::new();
    for _ in 0..25 {
        let guess = join("klinik-sehat", "ruang-1", "Siti", Some("x.y.z"));
        codes.push(refusal(&world, guess).await.0);
    }
    assert_eq!(codes[0], ErrorCode::TokenMalformed);
    assert_eq!(codes.last(), Some(&ErrorCode::TooManyMessages));
    let honest = join("toko-melati", "kasir", "Siti", None);
    assert_eq!(refusal(&world, honest).await.0, ErrorCode::TooManyMessages);
}

#[tokio::test]
async fn the_media_plane_is_told_what_happens() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    siti.ask(ClientRequest::View { slots: Vec::new() }).await;
    let answer = siti.ask(ClientRequest::Negotiate { offer: "more".to_owned() }).await;
    assert!(matches!(answer, ServerMessage::Negotiated { .. }));
    siti.ask(ClientRequest::Leave).await;
    siti.closed().await;
    let commands = world.media.commands();
    assert!(matches!(
        &commands[..],
        [
            MediaCommand::Join(_),
            MediaCommand::View { .. },
            MediaCommand::Negotiate { .. },
            MediaCommand::Leave { .. },
        ]
    ));
}
