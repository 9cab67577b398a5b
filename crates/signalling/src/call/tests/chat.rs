use jumpa_protocol::{
    ErrorCode, ParticipantId, SourceKind,
    signal::{ChatMessage, ClientRequest, Event, Reaction, SourceInfo, SourceState, SourceUpdate},
    token::Grants,
};
use uuid::Uuid;

use super::world::{Person, World, guest, staff};
use crate::admission::Identity;

fn write(text: &str, to: Option<Person>) -> ClientRequest {
    ClientRequest::SendChat { text: text.to_owned(), to: to.map(|person| person.id) }
}

fn texts(world: &World, person: Person) -> Vec<String> {
    let text = |event| match event {
        Event::ChatReceived { message } => Some(message.text),
        _ => None,
    };
    world.events(person.session).into_iter().filter_map(text).collect()
}

fn history(world: &World, person: Person) -> Vec<String> {
    let chat: &[ChatMessage] = &world.joined(person.session).snapshot.chat;
    chat.iter().map(|message| message.text.clone()).collect()
}

#[test]
fn everybody_reads_a_message_the_sender_too() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(budi.session, write("Selamat pagi", None)).expect("may write");
    assert_eq!(texts(&world, ayu), ["Selamat pagi"]);
    assert_eq!(texts(&world, budi), ["Selamat pagi"]);
}

#[test]
fn a_private_message_is_read_by_two() {
    let (mut world, ayu, budi) = World::with_two();
    let rini = world.join(guest("Rini"));
    world.ask(budi.session, write("rahasia", Some(ayu))).expect("may write");
    assert_eq!(texts(&world, ayu), ["rahasia"]);
    assert_eq!(texts(&world, budi), ["rahasia"]);
    assert_eq!(texts(&world, rini), Vec::<String>::new());
}

#[test]
fn who_joins_later_gets_the_history_without_private_messages() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(budi.session, write("satu", None)).expect("may write");
    world.ask(budi.session, write("rahasia", Some(ayu))).expect("may write");
    world.ask(ayu.session, write("dua", None)).expect("may write");
    let rini = world.join(guest("Rini"));
    assert_eq!(history(&world, rini), ["satu", "dua"]);
}

#[test]
fn who_comes_back_gets_their_own_private_messages() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(budi.session, write("rahasia", Some(ayu))).expect("may write");
    let identity = world.returning(budi, guest("Budi"));
    let back = world.join(identity);
    assert_eq!(history(&world, back), ["rahasia"]);
}

#[test]
fn the_history_keeps_the_last_500() {
    let (mut world, ayu, _) = World::with_two();
    for n in 0..501 {
        world.ask(ayu.session, write(&n.to_string(), None)).expect("may write");
    }
    let rini = world.join(guest("Rini"));
    let history = history(&world, rini);
    assert_eq!((history.len(), history[0].as_str()), (500, "1"));
}

#[test]
fn chat_needs_its_grant() {
    let mut world = World::new();
    let grants = Grants { chat: false, ..Grants::default() };
    let silent = world.join(Identity { grants, ..staff("Ayu") });
    assert_eq!(world.ask(silent.session, write("halo", None)), Err(ErrorCode::NotGranted));
}

#[test]
fn chat_to_nobody_to_oneself_or_of_nothing_is_refused() {
    let (mut world, _, budi) = World::with_two();
    let nobody = Person { id: ParticipantId::from_uuid(Uuid::from_u128(99)), ..budi };
    let nobody = write("halo", Some(nobody));
    assert_eq!(world.ask(budi.session, nobody), Err(ErrorCode::ParticipantUnknown));
    let oneself = write("halo", Some(budi));
    assert_eq!(world.ask(budi.session, oneself), Err(ErrorCode::InvalidValue));
    assert_eq!(world.ask(budi.session, write(" ", None)), Err(ErrorCode::InvalidValue));
}

#[test]
fn a_message_keeps_the_name_of_its_time() {
    let (mut world, _, budi) = World::with_two();
    world.ask(budi.session, write("halo", None)).expect("may write");
    let rename = ClientRequest::SetName { name: "Pak Budi".to_owned() };
    world.ask(budi.session, rename).expect("a guest may");
    let rini = world.join(guest("Rini"));
    assert_eq!(world.joined(rini.session).snapshot.chat[0].from_name, "Budi");
}

#[test]
fn a_request_that_is_sent_again_is_answered_again_and_done_once() {
    let (mut world, _, budi) = World::with_two();
    let message =
        jumpa_protocol::signal::ClientMessage { request_id: 70, request: write("sekali", None) };
    world.call.request(budi.session, message.clone(), world.now);
    world.drain();
    world.disconnect(budi.session);
    let session = world.resume(budi.id, 0);
    world.call.request(session, message, world.now);
    world.drain();
    let rini = world.join(guest("Rini"));
    assert_eq!(history(&world, rini), ["sekali"]);
    let ok = jumpa_protocol::signal::ServerMessage::Ok { request_id: 70 };
    assert!(world.inbox(session).answers.contains(&ok));
}

#[test]
fn a_hand_goes_up_and_down_with_its_time() {
    let (mut world, ayu, budi) = World::with_two();
    let at = world.now.unix_ms;
    for is_raised in [true, true, false, false] {
        world.ask(budi.session, ClientRequest::SetHand { is_raised }).expect("may raise");
    }
    let changed = |raised_at_ms| Event::HandChanged { participant_id: budi.id, raised_at_ms };
    assert_eq!(world.events(ayu.session), [changed(Some(at)), changed(None)]);
}

#[test]
fn a_reaction_is_seen_by_everybody() {
    let (mut world, ayu, budi) = World::with_two();
    let reaction = Reaction::Clap;
    world.ask(budi.session, ClientRequest::React { reaction }).expect("may react");
    let reacted = Event::Reacted { participant_id: budi.id, reaction };
    assert_eq!(world.events(ayu.session), [reacted]);
}

#[test]
fn a_guest_changes_the_name_and_a_verified_one_is_fixed() {
    let (mut world, ayu, budi) = World::with_two();
    let rename = |name: &str| ClientRequest::SetName { name: name.to_owned() };
    assert_eq!(world.ask(budi.session, rename("  Pak  Budi ")), Ok(()));
    let changed = Event::NameChanged { participant_id: budi.id, name: "Pak Budi".to_owned() };
    assert_eq!(world.events(ayu.session), [changed]);
    assert_eq!(world.ask(ayu.session, rename("Prof. Ayu")), Err(ErrorCode::NotGranted));
    assert_eq!(world.ask(budi.session, rename("")), Err(ErrorCode::InvalidValue));
}

#[test]
fn a_source_that_changes_is_forwarded_or_not_and_told() {
    use jumpa_protocol::control::MediaCommand::SetSourceOpen;
    let (mut world, ayu, budi) = World::with_two();
    let set = |state| ClientRequest::SetSource(SourceUpdate { source: SourceKind::Camera, state });
    for state in [SourceState::Live, SourceState::Muted, SourceState::Off] {
        world.ask(budi.session, set(state)).expect("may send");
    }
    let told: Vec<_> = world
        .events(ayu.session)
        .into_iter()
        .filter_map(|event| match event {
            Event::SourceChanged { source: SourceInfo { state, .. }, .. } => Some(state),
            _ => None,
        })
        .collect();
    assert_eq!(told, [SourceState::Live, SourceState::Muted, SourceState::Off]);
    let is_open = |command: &jumpa_protocol::control::MediaCommand| match command {
        SetSourceOpen { is_open, .. } => Some(*is_open),
        _ => None,
    };
    let ordered: Vec<_> = world.media.iter().filter_map(is_open).collect();
    assert_eq!(ordered, [true, false, false]);
}

#[test]
fn sending_needs_its_grant() {
    let mut world = World::new();
    let grants = Grants { publish: false, share_screen: false, ..Grants::default() };
    let listener = world.join(Identity { grants, ..staff("Ayu") });
    for source in SourceKind::ALL {
        let live = SourceUpdate { source, state: SourceState::Live };
        let refused = world.ask(listener.session, ClientRequest::SetSource(live));
        assert_eq!(refused, Err(ErrorCode::NotGranted), "{source:?}");
    }
}
