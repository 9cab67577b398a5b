use jumpa_protocol::{
    ErrorCode, MediaKind,
    control::{MediaEvent, ParticipantMediaEvent},
    signal::{ClientRequest, ConnectionState, Event, Join, LeaveReason, ServerMessage, SlotState},
};
use tokio::net::TcpSocket;

use crate::{
    client::{Client, join},
    world::{World, key, staff_token},
};

async fn write(client: &mut Client, text: &str) {
    let text = text.to_owned();
    let answer = client.ask(ClientRequest::SendChat { text, to: None }).await;
    assert!(matches!(answer, ServerMessage::Ok { .. }), "{answer:?}");
}

async fn next_chat(client: &mut Client) -> String {
    match client.event_where(|event| matches!(event, Event::ChatReceived { .. })).await {
        Event::ChatReceived { message } => message.text,
        _ => unreachable!(),
    }
}

#[tokio::test]
async fn a_lost_connection_is_continued_without_a_gap() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let mut budi = world.guest("Budi").await;
    write(&mut siti, "satu").await;
    assert_eq!(next_chat(&mut budi).await, "satu");
    let (token, last_seq) = (budi.joined().resume_token.clone(), budi.last_seq);
    drop(budi);
    write(&mut siti, "dua").await;
    write(&mut siti, "tiga").await;

    let mut budi = world.connect().await;
    let resumed = budi.resume(&token, last_seq).await;
    assert!(matches!(resumed, ServerMessage::Resumed { snapshot: None, .. }), "{resumed:?}");
    assert_eq!(next_chat(&mut budi).await, "dua");
    assert_eq!(next_chat(&mut budi).await, "tiga");
    write(&mut siti, "empat").await;
    assert_eq!(next_chat(&mut budi).await, "empat");
}

#[tokio::test]
async fn resuming_closes_the_connection_that_is_still_open() {
    let world = World::start().await;
    let mut old = world.guest("Siti").await;
    let token = old.joined().resume_token.clone();
    let mut new = world.connect().await;
    assert!(matches!(new.resume(&token, 0).await, ServerMessage::Resumed { .. }));
    assert_eq!(old.closed().await, 4002);
    write(&mut new, "masih di sini").await;
}

#[tokio::test]
async fn after_a_refused_resume_the_same_connection_may_join() {
    let world = World::start().await;
    let mut client = world.connect().await;
    for token in ["", "x", "eyJ9.x"] {
        let refused = client.resume(token, 0).await;
        let code = ErrorCode::ResumeUnknown;
        assert!(matches!(refused, ServerMessage::Error { code: c, .. } if c == code));
    }
    client.join("toko-melati", "kasir", "Siti", None).await;
}

#[tokio::test]
async fn the_session_of_a_call_that_ended_cannot_be_resumed() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let token = siti.joined().resume_token.clone();
    siti.ask(ClientRequest::Leave).await;
    siti.closed().await;
    let mut client = world.connect().await;
    assert!(matches!(client.resume(&token, 0).await, ServerMessage::Error { .. }));
}

#[tokio::test]
async fn who_was_away_when_the_call_was_ended_is_told() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    let budi = world.staff("Budi", false).await;
    let token = budi.joined().resume_token.clone();
    drop(budi);
    ayu.ask(ClientRequest::EndCall).await;
    ayu.closed().await;
    let mut back = world.connect().await;
    let resume_token = token.clone();
    back.last_seq = 7;
    back.send(ClientRequest::Resume { resume_token, last_seq: 7 }).await;
    let left = back.event().await.expect("told");
    assert!(matches!(left, Event::Left { reason: LeaveReason::CallEnded, .. }));
    assert_eq!(back.closed().await, 4000);
}

#[tokio::test]
async fn a_call_that_has_ended_is_not_continued_under_its_id() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    let joined = ayu.joined().clone();
    ayu.ask(ClientRequest::Leave).await;
    ayu.closed().await;
    let mut join = join("klinik-sehat", "ruang-1", "Ayu", None);
    join.resume_token = Some(joined.resume_token);
    let mut back = world.connect().await;
    let ServerMessage::Joined(again) = back.ask(ClientRequest::Join(join)).await else {
        panic!("not joined")
    };
    assert_ne!(again.snapshot.call.id, joined.snapshot.call.id);
    assert_eq!(again.snapshot.participants[0].role, jumpa_protocol::signal::Role::Moderator);
}

#[tokio::test]
async fn after_a_restart_of_the_server_people_meet_in_the_same_call() {
    let before = World::start().await;
    let ayu = before.staff("dr. Ayu", true).await;
    let budi = before.staff("Budi", false).await;
    let (ayu, budi) = (ayu.joined().clone(), budi.joined().clone());
    drop(before);

    let after = World::start().await;
    let mut people = Vec::new();
    for joined in [&budi, &ayu] {
        let mut client = after.connect().await;
        let mut join = join("klinik-sehat", "ruang-1", "Siapa", None);
        join.resume_token = Some(joined.resume_token.clone());
        match client.ask(ClientRequest::Join(join)).await {
            ServerMessage::Joined(joined) => people.push((client, joined)),
            other => panic!("not joined: {other:?}"),
        }
    }
    let (_, back) = &people[1];
    assert_eq!(back.participant_id, ayu.participant_id);
    assert_eq!(back.snapshot.call, ayu.snapshot.call);
    let names: Vec<_> = back.snapshot.participants.iter().map(|who| who.name.as_str()).collect();
    assert_eq!(names, ["Budi", "dr. Ayu"]);
    assert_eq!(people[0].1.participant_id, budi.participant_id);
}

#[tokio::test]
async fn a_resume_token_joins_after_its_join_token_has_expired_but_not_after_revocation() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    let returning = Join {
        resume_token: Some(ayu.joined().resume_token.clone()),
        ..join("klinik-sehat", "ruang-1", "Ayu", Some("expired.or.gone"))
    };
    let mut back = world.connect().await;
    let answer = back.ask(ClientRequest::Join(returning.clone())).await;
    assert!(matches!(answer, ServerMessage::Joined(_)), "{answer:?}");
    assert_eq!(ayu.closed().await, 4002);
    world.change_directory(|directory| {
        directory.keys.remove(&key());
    });
    assert_eq!(back.closed().await, 4000);
    let mut again = world.connect().await;
    let answer = again.ask(ClientRequest::Join(returning)).await;
    assert!(matches!(answer, ServerMessage::Error { code: ErrorCode::TokenMalformed, .. }));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off_and_resumes() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;

    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let stream = socket.connect(world.address).await.expect("the server listens");
    let mut slow = Client::over(stream, world.address, Some("jumpa.v1")).await.expect("opens");
    slow.join("toko-melati", "kasir", "Budi", None).await;
    let token = slow.joined().resume_token.clone();
    let call_id = slow.joined().snapshot.call.id;
    let id = slow.joined().participant_id;
    let events = world.media.events.clone();
    let noise = tokio::spawn(async move {
        for n in 0_u32.. {
            let (kind, state) = (MediaKind::Video, SlotState::Empty);
            let event = ParticipantMediaEvent::SlotChanged { kind, slot: (n % 49) as u16, state };
            let event = MediaEvent::Participant { call_id, participant_id: id, event };
            if events.send(event).await.is_err() {
                return;
            }
        }
    });
    let away = |event: &Event| {
        matches!(event, Event::ConnectionChanged { participant_id, connection }
            if *participant_id == id && *connection == ConnectionState::Reconnecting)
    };
    siti.event_where(away).await;
    noise.abort();

    let mut back = world.connect().await;
    let resumed = back.resume(&token, 1).await;
    assert!(matches!(resumed, ServerMessage::Resumed { snapshot: Some(_), .. }));
}

#[tokio::test]
async fn a_page_that_is_closed_leaves_soon() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let budi = world.guest("Budi").await;
    let id = budi.joined().participant_id;
    budi.close(1001).await;
    let left = |event: &Event| matches!(event, Event::ParticipantLeft { participant_id, .. } if *participant_id == id);
    let left = siti.event_where(left).await;
    assert!(matches!(left, Event::ParticipantLeft { reason: LeaveReason::Left, .. }));
}

#[tokio::test]
async fn a_moderator_keeps_the_role_over_a_reload() {
    let world = World::start().await;
    let ayu = world.staff("dr. Ayu", true).await;
    let _budi = world.staff("Budi", false).await;
    let resume_token = Some(ayu.joined().resume_token.clone());
    let id = ayu.joined().participant_id;
    ayu.close(1001).await;
    let mut back = world.connect().await;
    let token = staff_token("dr. Ayu", true);
    let join = Join { resume_token, ..join("klinik-sehat", "ruang-1", "Ayu", Some(&token)) };
    let ServerMessage::Joined(joined) = back.ask(ClientRequest::Join(join)).await else {
        panic!("not joined")
    };
    assert_eq!(joined.participant_id, id);
    assert_eq!(joined.snapshot.participants.len(), 2, "no ghost");
    let answer = back.ask(ClientRequest::SetLobby { is_enabled: true }).await;
    assert!(matches!(answer, ServerMessage::Ok { .. }));
}
