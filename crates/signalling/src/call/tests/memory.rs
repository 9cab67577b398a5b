//! A call whose server was killed, and what is left of it on the next one.

use std::time::Duration;

use jumpa_protocol::{
    AppId, ErrorCode, KeyId, TenantId,
    directory::{AppEntry, Directory, KeyEntry},
    limits,
    signal::{ClientMessage, ClientRequest, Event, LeaveReason, Role, ServerMessage},
};

use super::world::{Person, START_MS, WINDOW, World, guest, moderator, staff};
use crate::{admission::Identity, call::Entry};

fn set_password(world: &mut World, by: Person, password: &str) {
    let password = Some(password.to_owned());
    world.ask(by.session, ClientRequest::SetPassword { password }).expect("a moderator");
}

fn set_lobby(world: &mut World, by: Person) {
    world.ask(by.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
}

fn write(world: &mut World, by: Person, text: &str, to: Option<Person>) {
    let (text, to) = (text.to_owned(), to.map(|person| person.id));
    world.ask(by.session, ClientRequest::SendChat { text, to }).expect("may write");
}

fn come_back(world: &mut World, person: Person, identity: Identity) -> Person {
    let identity = world.returning(person, identity);
    world.join(identity)
}

fn texts(world: &World, person: Person) -> Vec<String> {
    let chat = &world.joined(person.session).snapshot.chat;
    chat.iter().map(|message| message.text.clone()).collect()
}

fn knock_with(world: &mut World, name: &str, password: Option<&str>) -> Entry {
    let entry = world.entry(guest(name));
    Entry { password: password.map(str::to_owned), ..entry }
}

#[test]
fn the_password_holds_before_anybody_is_back() {
    let (mut world, ayu, budi) = World::with_two();
    set_password(&mut world, ayu, "rahasia");
    let mut world = world.restart();
    let stranger = knock_with(&mut world, "Tamu", None);
    assert_eq!(world.refused(stranger), ErrorCode::PasswordRequired);
    let stranger = knock_with(&mut world, "Tamu", Some("1234"));
    assert_eq!(world.refused(stranger), ErrorCode::PasswordWrong);
    assert!(!world.call.is_over(), "the refusal of a stranger ends nothing");
    come_back(&mut world, budi, guest("Budi"));
    let friend = knock_with(&mut world, "Rini", Some("rahasia"));
    world.join_as(friend);
}

#[test]
fn the_lobby_holds_before_anybody_is_back() {
    let (mut world, ayu, _) = World::with_two();
    set_lobby(&mut world, ayu);
    let mut world = world.restart();
    let entry = world.entry(guest("Tamu"));
    let stranger = world.knock(entry);
    assert!(!world.is_joined(stranger));
    let ayu = come_back(&mut world, ayu, moderator("dr. Ayu"));
    let snapshot = &world.joined(ayu.session).snapshot;
    assert!(snapshot.settings.has_lobby);
    assert_eq!(snapshot.lobby.len(), 1);
}

#[test]
fn the_call_is_the_same_for_who_comes_back() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(budi.session, ClientRequest::SetHand { is_raised: true }).expect("may raise");
    let name = "Budi S.".to_owned();
    world.ask(budi.session, ClientRequest::SetName { name }).expect("a guest");
    let before = world.call.id();
    world.pass(Duration::from_secs(60));
    let mut world = world.restart();
    let budi_again = come_back(&mut world, budi, guest("Budi"));
    let joined = world.joined(budi_again.session).clone();
    assert_eq!((joined.participant_id, joined.snapshot.call.id), (budi.id, before));
    assert_eq!(joined.snapshot.call.started_at_ms, START_MS);
    let [me] = &joined.snapshot.participants[..] else { panic!("ayu is not back") };
    assert_eq!((me.name.as_str(), me.joined_at_ms), ("Budi S.", START_MS));
    assert_eq!(me.hand_raised_at_ms, Some(START_MS));
    assert_eq!(
        me.number, 3,
        "a number is of one connection to one media plane, and not given twice"
    );
    let ayu_again = come_back(&mut world, ayu, moderator("dr. Ayu"));
    assert_eq!(ayu_again.id, ayu.id);
}

#[test]
fn who_chooses_another_name_when_they_come_back_has_it() {
    let (mut world, _, budi) = World::with_two();
    let name = "Budi S.".to_owned();
    world.ask(budi.session, ClientRequest::SetName { name }).expect("a guest");
    let mut world = world.restart();
    let budi = come_back(&mut world, budi, guest("Pak Budi"));
    assert_eq!(world.joined(budi.session).snapshot.participants[0].name, "Pak Budi");
}

#[test]
fn a_role_that_was_given_stays_and_one_that_was_taken_is_gone() {
    let (mut world, ayu, budi) = World::with_two();
    let set = |who: Person, role| ClientRequest::SetRole { participant_id: who.id, role };
    world.ask(ayu.session, set(budi, Role::Moderator)).expect("a moderator");
    world.ask(budi.session, set(ayu, Role::Participant)).expect("a moderator now");
    let mut world = world.restart();
    // Their tokens are of the moment they joined, and say the contrary.
    let budi = come_back(&mut world, budi, guest("Budi"));
    let ayu = come_back(&mut world, ayu, moderator("dr. Ayu"));
    world.ask(budi.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let refused = world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: false });
    assert_eq!(refused, Err(ErrorCode::NotModerator));
}

#[test]
fn bans_hold_by_the_tenants_id_and_by_the_resume_token() {
    let (mut world, ayu, budi) = World::with_two();
    let tono = world.join(staff("Tono"));
    for person in [budi, tono] {
        let ban = ClientRequest::RemoveParticipant { participant_id: person.id, ban: true };
        world.ask(ayu.session, ban).expect("a moderator");
    }
    let mut world = world.restart();
    let identity = world.returning(budi, guest("Budi"));
    let entry = world.entry(identity);
    assert_eq!(world.refused(entry), ErrorCode::Banned);
    let entry = world.entry(staff("Tono"));
    assert_eq!(world.refused(entry), ErrorCode::Banned);
}

#[test]
fn who_was_removed_is_told_and_who_was_inside_may_join() {
    let (mut world, ayu, budi) = World::with_two();
    let remove = ClientRequest::RemoveParticipant { participant_id: budi.id, ban: false };
    world.ask(ayu.session, remove).expect("a moderator");
    set_password(&mut world, ayu, "rahasia");
    let mut world = world.restart();
    let session = world.resume(budi.id, 4);
    let left = Event::Left { reason: LeaveReason::Removed, retry_after_ms: None };
    assert_eq!(world.inbox(session).events, [(5, left)]);
    let identity = world.returning(budi, guest("Budi"));
    let entry = world.entry(identity);
    assert_eq!(world.refused(entry), ErrorCode::PasswordRequired, "as anybody from outside");
    let session = world.resume(ayu.id, 4);
    assert_eq!(world.last_error(session), Some(ErrorCode::ResumeUnknown));
    assert_eq!(world.inbox(session).closed, None, "a join may follow");
}

#[test]
fn the_chat_is_complete_and_private_messages_stay_private() {
    let (mut world, ayu, budi) = World::with_two();
    let rini = world.join(guest("Rini"));
    write(&mut world, ayu, "untuk semua", None);
    write(&mut world, ayu, "untuk Budi", Some(budi));
    write(&mut world, budi, "untuk Ayu", Some(ayu));
    let mut world = world.restart();
    let ayu = come_back(&mut world, ayu, moderator("dr. Ayu"));
    let budi = come_back(&mut world, budi, guest("Budi"));
    let rini = come_back(&mut world, rini, guest("Rini"));
    let late = world.join(guest("Tono"));
    let all = ["untuk semua", "untuk Budi", "untuk Ayu"];
    assert_eq!(texts(&world, ayu), all);
    assert_eq!(texts(&world, budi), all);
    assert_eq!(texts(&world, rini), ["untuk semua"]);
    assert_eq!(texts(&world, late), ["untuk semua"]);
}

#[test]
fn ids_of_messages_differ_from_those_of_before_within_the_same_millisecond() {
    let (mut world, ayu, budi) = World::with_two();
    write(&mut world, ayu, "satu", None);
    let mut world = world.restart();
    let ayu = come_back(&mut world, ayu, moderator("dr. Ayu"));
    write(&mut world, ayu, "dua", None);
    let budi = come_back(&mut world, budi, guest("Budi"));
    let chat = world.joined(budi.session).snapshot.chat.clone();
    assert!(chat[0].id < chat[1].id, "{chat:?}");
}

#[test]
fn a_message_whose_answer_was_lost_is_taken_once() {
    let (mut world, _, budi) = World::with_two();
    let text = "sekali saja".to_owned();
    let request = ClientRequest::SendChat { text, to: None };
    let message = ClientMessage { request_id: 77, request };
    world.call.request(budi.session, message.clone(), world.now);
    world.drain();
    let mut world = world.restart();
    let budi = come_back(&mut world, budi, guest("Budi"));
    world.call.request(budi.session, message, world.now);
    world.drain();
    let answer = world.inbox(budi.session).answers.last();
    assert_eq!(answer, Some(&ServerMessage::Ok { request_id: 77 }));
    let late = world.join(guest("Rini"));
    assert_eq!(texts(&world, late), ["sekali saja"]);
}

#[test]
fn a_long_chat_keeps_its_end() {
    let (mut world, ayu, _) = World::with_two();
    for n in 0..=limits::MAX_CHAT_HISTORY {
        write(&mut world, ayu, &n.to_string(), None);
    }
    let mut world = world.restart();
    let late = world.join(guest("Rini"));
    let texts = texts(&world, late);
    assert_eq!((texts.len(), texts[0].as_str()), (limits::MAX_CHAT_HISTORY, "1"));
}

#[test]
fn a_call_to_which_nobody_comes_back_is_over_after_the_window() {
    let (mut world, ayu, _) = World::with_two();
    set_password(&mut world, ayu, "rahasia");
    let mut world = world.restart();
    world.pass(WINDOW - Duration::from_millis(1));
    let stranger = knock_with(&mut world, "Tamu", None);
    assert_eq!(world.refused(stranger), ErrorCode::PasswordRequired);
    assert!(!world.call.is_over());
    world.pass(Duration::from_millis(1));
    assert!(world.call.is_over());
}

#[test]
fn a_call_with_somebody_in_it_outlives_the_window() {
    let (world, ayu, budi) = World::with_two();
    let mut world = world.restart();
    let ayu = come_back(&mut world, ayu, moderator("dr. Ayu"));
    world.pass(WINDOW);
    assert!(!world.call.is_over());
    set_password(&mut world, ayu, "rahasia");
    // As after any lost connection: who was in the call needs no password.
    come_back(&mut world, budi, guest("Budi"));
}

#[test]
fn the_first_who_leaves_does_not_end_the_call_of_those_on_their_way_back() {
    let (world, ayu, budi) = World::with_two();
    let mut world = world.restart();
    let ayu = come_back(&mut world, ayu, moderator("dr. Ayu"));
    world.ask(ayu.session, ClientRequest::Leave).expect("may leave");
    assert!(!world.call.is_over(), "budi is on the way");
    let budi = come_back(&mut world, budi, guest("Budi"));
    world.ask(budi.session, ClientRequest::Leave).expect("may leave");
    assert!(world.call.is_over(), "everybody was back");
}

#[test]
fn places_are_kept_as_long_as_for_a_lost_connection() {
    for (waited, may_enter) in [(Duration::ZERO, false), (limits::RESUME_WINDOW, true)] {
        let (world, ayu, budi) = World::with_two();
        let mut world = world.restart_with_place_for(2);
        come_back(&mut world, ayu, moderator("dr. Ayu"));
        world.pass(waited);
        let entry = world.entry(guest("Tamu"));
        let session = world.knock(entry);
        world.answer_media();
        assert_eq!(world.is_joined(session), may_enter, "{waited:?}");
        if !may_enter {
            assert_eq!(world.last_error(session), Some(ErrorCode::RoomFull));
            come_back(&mut world, budi, guest("Budi"));
        }
    }
}

#[test]
fn a_refusal_by_the_media_plane_costs_nobody_their_place_in_the_call() {
    let (mut world, _, budi) = World::with_two();
    set_hand(&mut world, budi);
    let mut world = world.restart();
    let identity = world.returning(budi, guest("Budi"));
    let entry = world.entry(identity);
    world.knock(entry);
    let request = world.open_media_requests()[0];
    world.call.media_answer(request, Err(ErrorCode::OfferInvalid), world.now);
    world.drain();
    world.forget();
    let again = come_back(&mut world, budi, guest("Budi"));
    assert!(world.joined(again.session).snapshot.participants[0].hand_raised_at_ms.is_some());
}

fn set_hand(world: &mut World, person: Person) {
    world.ask(person.session, ClientRequest::SetHand { is_raised: true }).expect("may raise");
}

#[test]
fn a_second_restart_finds_what_the_first_did() {
    let (mut world, ayu, budi) = World::with_two();
    set_password(&mut world, ayu, "rahasia");
    write(&mut world, budi, "masih ada?", None);
    let mut world = world.restart();
    come_back(&mut world, ayu, moderator("dr. Ayu"));
    let mut world = world.restart();
    let stranger = knock_with(&mut world, "Tamu", None);
    assert_eq!(world.refused(stranger), ErrorCode::PasswordRequired);
    let budi = come_back(&mut world, budi, guest("Budi"));
    assert_eq!(texts(&world, budi), ["masih ada?"]);
}

#[test]
fn what_an_app_or_key_lost_meanwhile_is_lost_in_a_restored_call_too() {
    let directory = |is_disabled, has_key| {
        let mut directory = Directory::default();
        let app_id: AppId = "klinik-sehat".parse().expect("an app id");
        let mut app = AppEntry::new(TenantId::generate(), "Klinik Sehat");
        app.is_disabled = is_disabled;
        directory.apps.insert(app_id.clone(), app);
        if has_key {
            let key: KeyId = "key_klinik".parse().expect("a key id");
            directory.keys.insert(key, KeyEntry::hs256(app_id, vec![]));
        }
        directory
    };
    for gone in [Directory::default(), directory(true, true)] {
        let mut world = World::with_two().0.restart();
        world.change(&gone);
        assert!(world.call.is_over());
        assert_eq!(world.call.end_reason(), Some(LeaveReason::AccessRevoked));
    }
    let (world, ayu, _) = World::with_two();
    let mut world = world.restart();
    world.change(&directory(false, false));
    assert!(!world.call.is_over(), "guests may still come back");
    // Admission refuses such a key; whoever slips through is sent out as in any call.
    let ayu = come_back(&mut world, ayu, moderator("dr. Ayu"));
    world.change(&directory(false, false));
    world.drain();
    let left = Event::Left { reason: LeaveReason::AccessRevoked, retry_after_ms: None };
    assert!(world.events(ayu.session).contains(&left));
}

#[test]
fn a_password_is_not_remembered_as_text() {
    let (mut world, ayu, _) = World::with_two();
    set_password(&mut world, ayu, "rahasia");
    let written = serde_json::to_string(&world.memory).expect("JSON");
    assert!(!written.contains("rahasia"), "{written}");
}
