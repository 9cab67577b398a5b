use jumpa_protocol::{
    ErrorCode, ParticipantId, SourceKind,
    control::MediaCommand,
    signal::{
        ClientRequest, Event, LeaveReason, Role, RoomSettings, SourceInfo, SourceState,
        SourceUpdate,
    },
    token::Grants,
};
use uuid::Uuid;

use super::world::{Person, World, guest, moderator, staff};
use crate::admission::Identity;

fn nobody() -> ParticipantId {
    ParticipantId::from_uuid(Uuid::from_u128(0xdead))
}

fn speak(world: &mut World, person: Person) {
    let live = SourceUpdate { source: SourceKind::Microphone, state: SourceState::Live };
    world.ask(person.session, ClientRequest::SetSource(live)).expect("may speak");
}

fn mute(person: Person) -> ClientRequest {
    ClientRequest::MuteParticipant { participant_id: person.id, source: SourceKind::Microphone }
}

fn muted(person: Person) -> Event {
    let source = SourceInfo { source: SourceKind::Microphone, state: SourceState::Muted };
    Event::SourceChanged { participant_id: person.id, source }
}

#[test]
fn a_plain_participant_may_not_moderate() {
    let (mut world, ayu, budi) = World::with_two();
    let participant_id = ayu.id;
    let source = SourceKind::Microphone;
    for request in [
        ClientRequest::MuteParticipant { participant_id, source },
        ClientRequest::MuteAll { source },
        ClientRequest::AskUnmute { participant_id, source },
        ClientRequest::LowerHand { participant_id },
        ClientRequest::RemoveParticipant { participant_id, ban: true },
        ClientRequest::SetRole { participant_id: budi.id, role: Role::Moderator },
        ClientRequest::SetRole { participant_id, role: Role::Participant },
        ClientRequest::SetPassword { password: Some("rahasia".to_owned()) },
        ClientRequest::SetPassword { password: None },
        ClientRequest::SetLobby { is_enabled: true },
        ClientRequest::AnswerLobby { participant_id, admit: true },
        ClientRequest::EndCall,
    ] {
        let what = format!("{request:?}");
        assert_eq!(world.ask(budi.session, request), Err(ErrorCode::NotModerator), "{what}");
    }
    assert_eq!(world.events(ayu.session), [], "nothing happened");
    assert_eq!(world.media, []);
}

#[test]
fn a_moderator_who_names_nobody_is_refused() {
    let (mut world, ayu, _) = World::with_two();
    let participant_id = nobody();
    let source = SourceKind::Microphone;
    for request in [
        ClientRequest::MuteParticipant { participant_id, source },
        ClientRequest::AskUnmute { participant_id, source },
        ClientRequest::LowerHand { participant_id },
        ClientRequest::RemoveParticipant { participant_id, ban: false },
        ClientRequest::SetRole { participant_id, role: Role::Moderator },
        ClientRequest::AnswerLobby { participant_id, admit: true },
    ] {
        let what = format!("{request:?}");
        assert_eq!(world.ask(ayu.session, request), Err(ErrorCode::ParticipantUnknown), "{what}");
    }
}

#[test]
fn a_muted_source_is_not_forwarded_and_its_owner_is_told() {
    let (mut world, ayu, budi) = World::with_two();
    speak(&mut world, budi);
    world.forget();
    world.ask(ayu.session, mute(budi)).expect("a moderator");
    assert!(matches!(
        &world.media[..],
        [MediaCommand::SetSourceOpen { is_open: false, source: SourceKind::Microphone, .. }]
    ));
    let by = Event::MutedByModerator { source: SourceKind::Microphone, by: ayu.id };
    assert_eq!(world.events(budi.session), [muted(budi), by]);
    assert_eq!(world.events(ayu.session), [muted(budi)]);
}

#[test]
fn the_owner_of_a_muted_source_may_open_it_again() {
    let (mut world, ayu, budi) = World::with_two();
    speak(&mut world, budi);
    world.ask(ayu.session, mute(budi)).expect("a moderator");
    world.forget();
    speak(&mut world, budi);
    assert!(matches!(
        &world.media[..],
        [MediaCommand::SetSourceOpen { is_open: true, source: SourceKind::Microphone, .. }]
    ));
}

#[test]
fn muting_what_is_silent_changes_nothing() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(ayu.session, mute(budi)).expect("a moderator");
    assert_eq!(world.events(budi.session), []);
}

#[test]
fn mute_all_spares_moderators() {
    let (mut world, ayu, budi) = World::with_two();
    let rini = world.join(guest("Rini"));
    let tono = world.join(moderator("Tono"));
    for person in [ayu, budi, rini, tono] {
        speak(&mut world, person);
    }
    world.forget();
    let all = ClientRequest::MuteAll { source: SourceKind::Microphone };
    world.ask(ayu.session, all).expect("a moderator");
    assert_eq!(world.events(tono.session), [muted(budi), muted(rini)]);
}

#[test]
fn somebody_is_asked_to_unmute_and_decides_alone() {
    let (mut world, ayu, budi) = World::with_two();
    let source = SourceKind::Microphone;
    let ask = ClientRequest::AskUnmute { participant_id: budi.id, source };
    world.ask(ayu.session, ask).expect("a moderator");
    assert_eq!(world.events(budi.session), [Event::UnmuteAsked { source, by: ayu.id }]);
    assert_eq!(world.media, []);
}

#[test]
fn somebody_who_may_not_send_is_not_asked() {
    let (mut world, ayu, _) = World::with_two();
    let grants = Grants { publish: false, ..Grants::default() };
    let listener = world.join(Identity { grants, ..staff("Rini") });
    let source = SourceKind::Microphone;
    let ask = ClientRequest::AskUnmute { participant_id: listener.id, source };
    assert_eq!(world.ask(ayu.session, ask), Err(ErrorCode::NotGranted));
}

#[test]
fn a_moderator_lowers_a_hand() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(budi.session, ClientRequest::SetHand { is_raised: true }).expect("may raise");
    world.forget();
    let lower = ClientRequest::LowerHand { participant_id: budi.id };
    world.ask(ayu.session, lower).expect("a moderator");
    let down = Event::HandChanged { participant_id: budi.id, raised_at_ms: None };
    assert_eq!(world.events(budi.session), [down]);
}

#[test]
fn somebody_removed_is_told_closed_and_gone() {
    let (mut world, ayu, budi) = World::with_two();
    let remove = ClientRequest::RemoveParticipant { participant_id: budi.id, ban: false };
    world.ask(ayu.session, remove).expect("a moderator");
    let left = Event::Left { reason: LeaveReason::Removed, retry_after_ms: None };
    assert_eq!(world.events(budi.session), [left]);
    assert_eq!(world.inbox(budi.session).closed, Some(4000));
    let reason = LeaveReason::Removed;
    let gone = Event::ParticipantLeft { participant_id: budi.id, reason };
    assert_eq!(world.events(ayu.session), [gone]);
    assert!(matches!(&world.media[..], [MediaCommand::Leave { .. }]));
}

#[test]
fn somebody_removed_may_knock_again_and_a_banned_one_may_not() {
    let (mut world, ayu, _) = World::with_two();
    for ban in [false, true] {
        let rini = world.join(staff("Rini"));
        let remove = ClientRequest::RemoveParticipant { participant_id: rini.id, ban };
        world.ask(ayu.session, remove).expect("a moderator");
    }
    let entry = world.entry(staff("Rini"));
    assert_eq!(world.refused(entry), ErrorCode::Banned);
    world.join(staff("Tono"));
}

#[test]
fn a_banned_guest_is_known_by_the_resume_token() {
    let (mut world, ayu, budi) = World::with_two();
    let remove = ClientRequest::RemoveParticipant { participant_id: budi.id, ban: true };
    world.ask(ayu.session, remove).expect("a moderator");
    let identity = world.returning(budi, guest("Budi"));
    let entry = world.entry(identity);
    assert_eq!(world.refused(entry), ErrorCode::Banned);
}

#[test]
fn a_moderator_does_not_remove_themselves() {
    let (mut world, ayu, _) = World::with_two();
    let remove = ClientRequest::RemoveParticipant { participant_id: ayu.id, ban: false };
    assert_eq!(world.ask(ayu.session, remove), Err(ErrorCode::InvalidValue));
}

#[test]
fn moderation_is_given_and_taken() {
    let (mut world, ayu, budi) = World::with_two();
    let set = |role| ClientRequest::SetRole { participant_id: budi.id, role };
    world.ask(ayu.session, set(Role::Moderator)).expect("a moderator");
    let role = Role::Moderator;
    let changed = Event::RoleChanged { participant_id: budi.id, role };
    assert_eq!(world.events(budi.session), [changed]);
    world.ask(budi.session, ClientRequest::SetLobby { is_enabled: true }).expect("now allowed");
    world.ask(ayu.session, set(Role::Participant)).expect("a moderator");
    let lobby = ClientRequest::SetLobby { is_enabled: false };
    assert_eq!(world.ask(budi.session, lobby), Err(ErrorCode::NotModerator));
}

#[test]
fn the_last_moderator_cannot_step_down() {
    let (mut world, ayu, budi) = World::with_two();
    let down = ClientRequest::SetRole { participant_id: ayu.id, role: Role::Participant };
    assert_eq!(world.ask(ayu.session, down.clone()), Err(ErrorCode::NotAllowedNow));
    let up = ClientRequest::SetRole { participant_id: budi.id, role: Role::Moderator };
    world.ask(ayu.session, up).expect("a moderator");
    assert_eq!(world.ask(ayu.session, down), Ok(()));
}

#[test]
fn everybody_hears_that_a_password_was_set_and_nobody_hears_which() {
    let (mut world, ayu, budi) = World::with_two();
    let set = |password: Option<&str>| ClientRequest::SetPassword {
        password: password.map(str::to_owned),
    };
    world.ask(ayu.session, set(Some("rahasia"))).expect("a moderator");
    world.ask(ayu.session, set(Some("lebih rahasia"))).expect("a moderator");
    let settings = RoomSettings { has_password: true, has_lobby: false };
    assert_eq!(world.events(budi.session), [Event::RoomChanged { settings }]);
}

#[test]
fn a_password_of_a_wrong_length_is_refused_and_the_old_one_stays() {
    let (mut world, ayu, _) = World::with_two();
    let set = |password: String| ClientRequest::SetPassword { password: Some(password) };
    world.ask(ayu.session, set("rahasia".to_owned())).expect("a moderator");
    for text in [String::new(), "p".repeat(65)] {
        assert_eq!(world.ask(ayu.session, set(text)), Err(ErrorCode::InvalidValue));
    }
    let entry = world.entry(guest("Rini"));
    assert_eq!(world.refused(entry), ErrorCode::PasswordRequired);
}

#[test]
fn a_call_that_is_ended_ends_for_everybody() {
    let (mut world, ayu, budi) = World::with_two();
    let entering = world.entry(guest("Rini"));
    let entering = world.knock(entering);
    world.forget();
    assert_eq!(world.ask(ayu.session, ClientRequest::EndCall), Ok(()));
    let left = Event::Left { reason: LeaveReason::CallEnded, retry_after_ms: None };
    for person in [ayu, budi] {
        assert_eq!(world.events(person.session), std::slice::from_ref(&left));
        assert_eq!(world.inbox(person.session).closed, Some(4000));
    }
    assert_eq!(world.last_error(entering), Some(ErrorCode::CallEnded));
    assert!(matches!(&world.media[..], [MediaCommand::End { .. }]));
    assert!(world.call.is_over());
}
