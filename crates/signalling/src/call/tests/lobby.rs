use jumpa_protocol::{
    ErrorCode, ParticipantId,
    control::Subscription,
    signal::{ClientRequest, Event, Role, RoomSettings},
    token::Grants,
};
use uuid::Uuid;

use super::world::{Person, World, guest, moderator, staff};
use crate::{
    admission::Identity,
    call::{Entry, SessionId, SessionKind},
};

/// A call with a lobby, its moderator and somebody inside.
fn with_lobby() -> (World, Person, Person) {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    world.forget();
    (world, ayu, budi)
}

fn knock(world: &mut World, name: &str) -> (SessionId, ParticipantId) {
    let entry = world.entry(guest(name));
    let id = entry.participant_id;
    (world.knock(entry), id)
}

/// Names in the last `lobby_changed` that somebody got.
fn seen_waiting(world: &World, person: Person) -> Option<Vec<String>> {
    world.events(person.session).into_iter().rev().find_map(|event| match event {
        Event::LobbyChanged { waiting } => {
            Some(waiting.into_iter().map(|entry| entry.name).collect())
        }
        _ => None,
    })
}

fn answer(participant_id: ParticipantId, admit: bool) -> ClientRequest {
    ClientRequest::AnswerLobby { participant_id, admit }
}

#[test]
fn everybody_hears_that_there_is_a_lobby() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let settings = RoomSettings { has_password: false, has_lobby: true };
    assert_eq!(world.events(budi.session), [Event::RoomChanged { settings }]);
}

#[test]
fn who_waits_is_told_where_and_moderators_see_them() {
    let (mut world, ayu, budi) = with_lobby();
    let (session, _) = knock(&mut world, "Rini");
    let app_name = "Klinik Sehat".to_owned();
    let waiting = Event::LobbyWaiting { app_name, has_moderator: true };
    assert_eq!(world.inbox(session).events, [(0, waiting)]);
    assert_eq!(seen_waiting(&world, ayu), Some(vec!["Rini".to_owned()]));
    assert_eq!(seen_waiting(&world, budi), None);
    assert!(world.media.is_empty(), "the media plane does not know of them");
}

#[test]
fn who_is_admitted_joins_with_the_id_they_waited_with() {
    let (mut world, ayu, _) = with_lobby();
    let (session, id) = knock(&mut world, "Rini");
    world.ask(ayu.session, answer(id, true)).expect("a moderator");
    world.answer_media();
    assert_eq!(world.joined(session).participant_id, id);
    assert_eq!(seen_waiting(&world, ayu), Some(vec![]));
}

#[test]
fn who_is_refused_is_told_and_closed() {
    let (mut world, ayu, _) = with_lobby();
    let (session, id) = knock(&mut world, "Rini");
    world.ask(ayu.session, answer(id, false)).expect("a moderator");
    assert_eq!(world.last_error(session), Some(ErrorCode::LobbyDenied));
    assert_eq!(world.inbox(session).closed, Some(4003));
    assert_eq!(seen_waiting(&world, ayu), Some(vec![]));
    assert_eq!(world.ask(ayu.session, answer(id, true)), Err(ErrorCode::ParticipantUnknown));
}

#[test]
fn who_waits_hears_nothing_of_the_call() {
    let (mut world, _, budi) = with_lobby();
    let (session, _) = knock(&mut world, "Rini");
    let text = "rahasia".to_owned();
    world.ask(budi.session, ClientRequest::SendChat { text, to: None }).expect("may write");
    assert_eq!(world.events(session).len(), 1, "nothing but the notice to wait");
}

#[test]
fn who_waits_can_only_leave() {
    let (mut world, ayu, _) = with_lobby();
    let (session, id) = knock(&mut world, "Rini");
    for request in [
        ClientRequest::SetHand { is_raised: true },
        ClientRequest::EndCall,
        ClientRequest::SendChat { text: "halo".to_owned(), to: None },
        answer(id, true),
    ] {
        assert_eq!(world.ask(session, request), Err(ErrorCode::NotAllowedNow));
    }
    assert_eq!(world.ask(session, ClientRequest::Ping), Ok(()));
    assert_eq!(world.ask(session, ClientRequest::Leave), Ok(()));
    assert_eq!(world.inbox(session).closed, Some(4000));
    assert_eq!(seen_waiting(&world, ayu), Some(vec![]));
}

#[test]
fn who_disconnects_while_waiting_is_gone() {
    let (mut world, ayu, _) = with_lobby();
    let (session, id) = knock(&mut world, "Rini");
    world.disconnect(session);
    assert_eq!(seen_waiting(&world, ayu), Some(vec![]));
    assert_eq!(world.ask(ayu.session, answer(id, true)), Err(ErrorCode::ParticipantUnknown));
}

#[test]
fn switching_the_lobby_off_lets_everybody_in() {
    let (mut world, ayu, _) = with_lobby();
    let sessions = ["Rini", "Tono"].map(|name| knock(&mut world, name).0);
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: false }).expect("a moderator");
    world.answer_media();
    for session in sessions {
        assert!(world.is_joined(session));
    }
    assert_eq!(seen_waiting(&world, ayu), Some(vec![]));
}

#[test]
fn switching_the_lobby_off_lets_in_as_many_as_there_is_place_for() {
    let mut world = World::with_place_for(2);
    let ayu = world.join(moderator("dr. Ayu"));
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let (first, _) = knock(&mut world, "Rini");
    let (second, _) = knock(&mut world, "Tono");
    world.media.clear();
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: false }).expect("a moderator");
    world.answer_media();
    assert!(world.is_joined(first));
    assert_eq!(world.last_error(second), Some(ErrorCode::RoomFull));
}

#[test]
fn nobody_is_admitted_into_a_full_room() {
    let mut world = World::with_place_for(2);
    let ayu = world.join(moderator("dr. Ayu"));
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let (first, first_id) = knock(&mut world, "Rini");
    let (_, second_id) = knock(&mut world, "Tono");
    world.media.clear();
    world.ask(ayu.session, answer(first_id, true)).expect("a place is free");
    world.answer_media();
    assert!(world.is_joined(first));
    assert_eq!(world.ask(ayu.session, answer(second_id, true)), Err(ErrorCode::RoomFull));
    assert_eq!(seen_waiting(&world, ayu), Some(vec!["Tono".to_owned()]), "still waiting");
}

#[test]
fn a_lobby_holds_100() {
    let (mut world, _, _) = with_lobby();
    for n in 0..100 {
        knock(&mut world, &format!("Tamu {n}"));
    }
    let entry = world.entry(guest("Rini"));
    assert_eq!(world.refused(entry), ErrorCode::LobbyFull);
}

#[test]
fn moderators_and_those_with_the_grant_do_not_wait() {
    let (mut world, _, _) = with_lobby();
    world.join(moderator("dr. Tono"));
    let grants = Grants { bypass_lobby: true, ..Grants::default() };
    world.join(Identity { grants, ..staff("Rini") });
    let entry = world.entry(staff("Sari"));
    let session = world.knock(entry);
    assert!(!world.is_joined(session));
}

#[test]
fn who_was_in_before_does_not_wait_again() {
    let (mut world, _, budi) = with_lobby();
    world.ask(budi.session, ClientRequest::Leave).expect("may leave");
    let identity = world.returning(budi, guest("Budi"));
    let back = world.join(identity);
    assert_eq!(back.id, budi.id);
}

#[test]
fn who_was_removed_waits_again() {
    let (mut world, ayu, budi) = with_lobby();
    let remove = ClientRequest::RemoveParticipant { participant_id: budi.id, ban: false };
    world.ask(ayu.session, remove).expect("a moderator");
    let identity = world.returning(budi, guest("Budi"));
    let entry = world.entry(identity);
    world.knock(entry);
    assert_eq!(seen_waiting(&world, ayu), Some(vec!["Budi".to_owned()]));
}

#[test]
fn a_role_given_in_the_call_does_not_outlive_removal() {
    let (mut world, ayu, budi) = with_lobby();
    let up = ClientRequest::SetRole { participant_id: budi.id, role: Role::Moderator };
    world.ask(ayu.session, up).expect("a moderator");
    let remove = ClientRequest::RemoveParticipant { participant_id: budi.id, ban: false };
    world.ask(ayu.session, remove).expect("a moderator");
    let mut identity = world.returning(budi, guest("Budi"));
    identity.earlier.as_mut().expect("an earlier session").role = Role::Moderator;
    let entry = world.entry(identity);
    let session = world.knock(entry);
    assert!(!world.is_joined(session));
    assert_eq!(seen_waiting(&world, ayu), Some(vec!["Budi".to_owned()]));
}

#[test]
fn the_password_comes_before_the_lobby() {
    let (mut world, ayu, _) = with_lobby();
    let password = Some("rahasia".to_owned());
    world.ask(ayu.session, ClientRequest::SetPassword { password }).expect("a moderator");
    let entry = world.entry(guest("Rini"));
    assert_eq!(world.refused(entry), ErrorCode::PasswordRequired);
}

#[test]
fn a_whip_client_cannot_wait() {
    let (mut world, _, _) = with_lobby();
    let entry = world.entry(guest("Encoder"));
    let kind = SessionKind::MediaOnly(Subscription::None);
    assert_eq!(world.refused(Entry { kind, ..entry }), ErrorCode::LobbyDenied);
}

#[test]
fn who_waits_hears_when_the_last_moderator_goes_and_one_comes() {
    let (mut world, ayu, _) = with_lobby();
    let (session, _) = knock(&mut world, "Rini");
    world.ask(ayu.session, ClientRequest::Leave).expect("may leave");
    world.join(moderator("dr. Tono"));
    let has_moderator = |event| match event {
        Event::LobbyWaiting { has_moderator, .. } => Some(has_moderator),
        _ => None,
    };
    let told: Vec<_> = world.events(session).into_iter().filter_map(has_moderator).collect();
    assert_eq!(told, [true, false, true]);
}

#[test]
fn a_new_moderator_sees_who_waits_and_a_former_one_no_longer() {
    let (mut world, ayu, budi) = with_lobby();
    knock(&mut world, "Rini");
    let set = |role| ClientRequest::SetRole { participant_id: budi.id, role };
    world.ask(ayu.session, set(Role::Moderator)).expect("a moderator");
    assert_eq!(seen_waiting(&world, budi), Some(vec!["Rini".to_owned()]));
    world.ask(ayu.session, set(Role::Participant)).expect("a moderator");
    assert_eq!(seen_waiting(&world, budi), Some(vec![]));
}

#[test]
fn a_moderator_who_joins_sees_who_waits_in_the_snapshot_and_others_do_not() {
    let (mut world, _, budi) = with_lobby();
    knock(&mut world, "Rini");
    let tono = world.join(moderator("dr. Tono"));
    assert_eq!(world.joined(tono.session).snapshot.lobby.len(), 1);
    let identity = world.returning(budi, guest("Budi"));
    let back = world.join(identity);
    assert_eq!(world.joined(back.session).snapshot.lobby, []);
}

#[test]
fn who_waits_keeps_the_call_and_its_lobby_alive() {
    let (mut world, ayu, budi) = with_lobby();
    let (session, _) = knock(&mut world, "Rini");
    world.ask(budi.session, ClientRequest::Leave).expect("may leave");
    world.ask(ayu.session, ClientRequest::Leave).expect("may leave");
    assert!(!world.call.is_over());
    assert!(!world.is_joined(session));
    world.disconnect(session);
    assert!(world.call.is_over());
}

#[test]
fn nobody_else_can_be_answered_through_the_lobby() {
    let (mut world, ayu, budi) = with_lobby();
    let unknown = ParticipantId::from_uuid(Uuid::from_u128(0xdead));
    for id in [unknown, budi.id] {
        assert_eq!(world.ask(ayu.session, answer(id, true)), Err(ErrorCode::ParticipantUnknown));
    }
}
