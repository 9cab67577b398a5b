//! Rights, checked by the server.

use jumpa_client::ClientEvent;
use jumpa_protocol::{
    ErrorCode, SourceKind,
    signal::{ClientRequest, Event, LeaveReason, Role},
};
use jumpa_system_tests::{Person, Server};

use crate::server;

const ROOM: &str = "ruang-1";

async fn with_moderator(server: &Server) -> (Person, Person) {
    let app = server.create_app("Klinik Sehat", &[]).await;
    let moderator = server.moderator(&app, ROOM, "Sari").await;
    let member = server.member(&app, ROOM, "Budi").await;
    moderator.knows(2).await;
    (moderator, member)
}

async fn left(person: &mut Person) -> LeaveReason {
    person
        .notices("they are out", |event| match event {
            ClientEvent::Left { reason } => Some(reason),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn only_moderators_moderate() {
    let server = server().await;
    let (moderator, member) = with_moderator(&server).await;
    let whom = moderator.id();
    let forbidden = [
        ClientRequest::MuteParticipant { participant_id: whom, source: SourceKind::Microphone },
        ClientRequest::MuteAll { source: SourceKind::Camera },
        ClientRequest::RemoveParticipant { participant_id: whom, ban: true },
        ClientRequest::SetRole { participant_id: member.id(), role: Role::Moderator },
        ClientRequest::SetPassword { password: Some("rahasia".to_owned()) },
        ClientRequest::SetLobby { is_enabled: true },
        ClientRequest::EndCall,
    ];
    for request in forbidden {
        let refused = member.ask(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Some(ErrorCode::NotModerator), "{request:?}");
    }
    assert_eq!(moderator.client.snapshot().participants.len(), 2);
}

#[tokio::test]
async fn a_moderator_mutes_somebody_who_is_told_and_no_longer_heard() {
    let server = server().await;
    let (mut moderator, mut member) = with_moderator(&server).await;
    member.speak().await;
    member.show_camera().await;
    moderator.watch(member.id()).await;
    moderator.receives(member.id(), SourceKind::Microphone).await;
    let mute = ClientRequest::MuteParticipant {
        participant_id: member.id(),
        source: SourceKind::Microphone,
    };
    moderator.ask(mute).await.unwrap();
    let by = member
        .hears("the member is told", |event| match event {
            Event::MutedByModerator { source: SourceKind::Microphone, by } => Some(by),
            _ => None,
        })
        .await;
    assert_eq!(by, moderator.id());
    moderator.receives(member.id(), SourceKind::Camera).await;
    moderator.events.skip_waiting_packets();
    for _ in 0..20 {
        let packet = moderator.events.next_packet().await.unwrap();
        assert_ne!(packet.source.unwrap().source, SourceKind::Microphone);
    }
}

#[tokio::test]
async fn somebody_who_is_banned_does_not_come_back() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let moderator = server.moderator(&app, ROOM, "Sari").await;
    let token = server.token(&app, ROOM, "Budi", &["--user", "staf-7"]).await;
    let budi = || server.options(&app, ROOM, "Budi").with_token(token.clone());
    let mut removed = Person::join(budi()).await;
    let remove = ClientRequest::RemoveParticipant { participant_id: removed.id(), ban: true };
    moderator.ask(remove).await.unwrap();
    assert_eq!(left(&mut removed).await, LeaveReason::Removed);
    moderator.knows(1).await;
    let refused = Person::knock(budi()).await.expect_err("the server refuses");
    assert_eq!(refused.code(), Some(ErrorCode::Banned));
}

#[tokio::test]
async fn a_moderator_ends_the_call_for_everybody() {
    let server = server().await;
    let (mut moderator, mut member) = with_moderator(&server).await;
    moderator.ask(ClientRequest::EndCall).await.unwrap();
    assert_eq!(left(&mut member).await, LeaveReason::CallEnded);
    assert_eq!(left(&mut moderator).await, LeaveReason::CallEnded);
}

#[tokio::test]
async fn a_new_moderator_has_the_rights_at_once() {
    let server = server().await;
    let (moderator, member) = with_moderator(&server).await;
    let promote = ClientRequest::SetRole { participant_id: member.id(), role: Role::Moderator };
    moderator.ask(promote).await.unwrap();
    member.ask(ClientRequest::SetLobby { is_enabled: true }).await.unwrap();
}
