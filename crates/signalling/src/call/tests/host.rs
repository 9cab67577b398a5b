use jumpa_protocol::{
    ErrorCode, ParticipantId, SourceKind,
    directory::{PreparedRoom, Secret},
    live_room::{HOST, HostRequest, LiveParticipant},
    report::Via,
    signal::{ClientRequest, Event, LeaveReason, Role, SourceState, SourceUpdate},
};
use uuid::Uuid;

use super::world::{Person, World, guest, moderator, staff};
use crate::call::Entry;

fn prepared(password: Option<&str>, has_lobby: bool, max_participants: Option<u32>) -> World {
    World::prepared(&PreparedRoom {
        id: Uuid::from_u128(1),
        password: password.map(|text| Secret(text.as_bytes().to_vec())),
        has_lobby,
        max_participants,
        recording: jumpa_protocol::recording::RecordingPolicy::default(),
        expires_at: None,
    })
}

fn with_password(entry: Entry, password: &str) -> Entry {
    Entry { password: Some(password.to_owned()), ..entry }
}

fn who(world: &World, person: Person) -> LiveParticipant {
    let mut all = world.call.live_participants().into_iter();
    all.find(|one| one.id == person.id).expect("is listed")
}

fn written(world: &World, person: Person) -> Vec<(ParticipantId, String, Option<ParticipantId>)> {
    let events = world.events(person.session).into_iter();
    events
        .filter_map(|event| match event {
            Event::ChatReceived { message } => Some((message.from, message.from_name, message.to)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_call_is_shown_from_the_first_who_is_let_in() {
    let mut world = World::new();
    let entry = world.entry(guest("Budi"));
    world.knock(entry);
    assert_eq!(world.call.live_room(), None);
    world.answer_media();
    let room = world.call.live_room().expect("a call");
    assert_eq!((room.participants, room.waiting), (1, 0));
    assert!(!room.is_locked && !room.has_lobby);
}

#[test]
fn the_host_sees_who_is_here_and_who_waits() {
    let (mut world, ayu, _) = World::with_two();
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let live = SourceUpdate { source: SourceKind::Camera, state: SourceState::Live };
    world.ask(ayu.session, ClientRequest::SetSource(live)).expect("may send");
    let entry = world.entry(staff("Dewi"));
    world.knock(entry);

    let doctor = who(&world, ayu);
    assert_eq!((doctor.name.as_str(), doctor.role), ("dr. Ayu", Role::Moderator));
    assert_eq!((doctor.via, doctor.waits_in_lobby), (Via::Signalling, false));
    assert_eq!(doctor.sources.len(), 1);
    let all = world.call.live_participants();
    let waiting = all.last().expect("three people");
    assert_eq!((waiting.name.as_str(), waiting.waits_in_lobby), ("Dewi", true));
    assert_eq!(waiting.subject.as_deref(), Some("staff-Dewi"));
    let room = world.call.live_room().expect("a call");
    assert_eq!((room.participants, room.waiting, room.has_lobby), (2, 1, true));
}

#[test]
fn the_host_mutes_without_being_in_the_call() {
    let (mut world, _, budi) = World::with_two();
    let source = SourceKind::Microphone;
    let live = SourceUpdate { source, state: SourceState::Live };
    world.ask(budi.session, ClientRequest::SetSource(live)).expect("may speak");
    world.host(HostRequest::Mute { participant_id: budi.id, source }).expect("is here");
    assert!(world.events(budi.session).contains(&Event::MutedByModerator { source, by: HOST }));
    assert_eq!(who(&world, budi).sources.first().map(|info| info.state), Some(SourceState::Muted));
}

#[test]
fn whom_the_host_bans_does_not_come_back() {
    let (mut world, _, budi) = World::with_two();
    let dewi = world.join(staff("Dewi"));
    for person in [budi, dewi] {
        let request = HostRequest::Remove { participant_id: person.id, is_banned: true };
        world.host(request).expect("is here");
        let left = Event::Left { reason: LeaveReason::Removed, retry_after_ms: None };
        assert!(world.events(person.session).contains(&left));
    }
    let again = world.entry(staff("Dewi"));
    assert_eq!(world.refused(again), ErrorCode::Banned);
}

#[test]
fn the_host_answers_those_who_wait() {
    let (mut world, _, _) = World::with_two();
    world.host(HostRequest::SetLobby { is_enabled: true }).expect("always");
    let (dewi, agus) = (world.entry(guest("Dewi")), world.entry(staff("Agus")));
    let (dewi_id, agus_id) = (dewi.participant_id, agus.participant_id);
    let (dewi, agus) = (world.knock(dewi), world.knock(agus));
    world.host(HostRequest::Admit { participant_id: dewi_id }).expect("she waits");
    world.answer_media();
    assert!(world.is_joined(dewi));
    let turn_away = HostRequest::Remove { participant_id: agus_id, is_banned: true };
    world.host(turn_away).expect("he waits");
    assert_eq!(world.last_error(agus), Some(ErrorCode::LobbyDenied));
    let again = world.entry(staff("Agus"));
    assert_eq!(world.refused(again), ErrorCode::Banned);
}

#[test]
fn what_the_host_writes_bears_the_name_of_the_app() {
    let (mut world, ayu, budi) = World::with_two();
    let text = "Lima menit lagi".to_owned();
    world.host(HostRequest::Write { text: text.clone(), to: None }).expect("a text");
    world.host(HostRequest::Write { text, to: Some(budi.id) }).expect("he is here");
    let to_all = (HOST, "Klinik Sehat".to_owned(), None);
    let to_budi = (HOST, "Klinik Sehat".to_owned(), Some(budi.id));
    assert_eq!(written(&world, budi), [to_all.clone(), to_budi]);
    assert_eq!(written(&world, ayu), [to_all]);
    let late = world.join(guest("Dewi"));
    assert_eq!(world.joined(late.session).snapshot.chat.len(), 1);
}

#[test]
fn a_host_who_names_nobody_or_writes_nothing_is_refused() {
    let (mut world, _, _) = World::with_two();
    let participant_id = ParticipantId::from_uuid(Uuid::from_u128(0xdead));
    let source = SourceKind::Microphone;
    let unknown = Err(ErrorCode::ParticipantUnknown);
    assert_eq!(world.host(HostRequest::Mute { participant_id, source }), unknown);
    assert_eq!(world.host(HostRequest::Remove { participant_id, is_banned: true }), unknown);
    assert_eq!(world.host(HostRequest::Admit { participant_id }), unknown);
    let to_nobody = HostRequest::Write { text: "halo".to_owned(), to: Some(participant_id) };
    assert_eq!(world.host(to_nobody), unknown);
    let empty = HostRequest::Write { text: " ".to_owned(), to: None };
    assert_eq!(world.host(empty), Err(ErrorCode::InvalidValue));
    let long = HostRequest::SetPassword { password: Some("x".repeat(65)) };
    assert_eq!(world.host(long), Err(ErrorCode::InvalidValue));
}

#[test]
fn the_host_locks_and_ends() {
    let (mut world, ayu, _) = World::with_two();
    let password = Some("rahasia".to_owned());
    world.host(HostRequest::SetPassword { password }).expect("a password");
    let entry = world.entry(guest("Dewi"));
    assert_eq!(world.refused(entry), ErrorCode::PasswordRequired);
    world.host(HostRequest::End).expect("always");
    assert!(world.call.is_over());
    let left = Event::Left { reason: LeaveReason::CallEnded, retry_after_ms: None };
    assert!(world.events(ayu.session).contains(&left));
}

#[test]
fn a_prepared_room_is_locked_and_has_a_lobby_from_the_first_knock() {
    let mut world = prepared(Some("rahasia"), true, None);
    let entry = world.entry(guest("Budi"));
    assert_eq!(world.refused(entry), ErrorCode::PasswordRequired);

    let mut world = prepared(Some("rahasia"), true, None);
    let entry = world.entry(guest("Budi"));
    let budi = world.knock(with_password(entry, "rahasia"));
    assert!(!world.is_joined(budi), "Budi waits");
    world.join(moderator("dr. Ayu"));
}

#[test]
fn a_prepared_room_is_full_earlier_also_after_a_restart() {
    let mut world = prepared(None, false, Some(2));
    world.join(guest("Budi"));
    world.join(guest("Siti"));
    let entry = world.entry(guest("Dewi"));
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
    let mut world = world.restart();
    let entry = world.entry(guest("Dewi"));
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
}
