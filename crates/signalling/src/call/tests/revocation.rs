use std::time::Duration;

use jumpa_protocol::{
    ErrorCode, TenantId,
    control::MediaCommand,
    directory::{AppEntry, Directory, KeyEntry},
    signal::{ClientRequest, Event, LeaveReason},
};

use super::world::{World, guest, staff};

fn directory(change: impl FnOnce(&mut Directory, &mut AppEntry)) -> Directory {
    let mut directory = Directory::default();
    let app_id: jumpa_protocol::AppId = "klinik-sehat".parse().expect("an app id");
    let key = KeyEntry { app_id: app_id.clone(), secret: vec![1; 32] };
    directory.keys.insert("key_klinik".parse().expect("a key id"), key);
    let mut app = AppEntry::new(TenantId::generate(), "Klinik Sehat");
    change(&mut directory, &mut app);
    directory.apps.insert(app_id, app);
    directory
}

fn revoked() -> Event {
    Event::Left { reason: LeaveReason::AccessRevoked, retry_after_ms: None }
}

#[test]
fn a_change_that_concerns_nobody_changes_nothing() {
    let (mut world, ayu, budi) = World::with_two();
    world.call.directory_changed(&directory(|_, _| {}));
    world.drain();
    assert_eq!(world.events(ayu.session), []);
    assert_eq!(world.events(budi.session), []);
}

#[test]
fn a_change_before_the_first_join_does_not_end_the_call() {
    let mut world = World::new();
    world.call.directory_changed(&directory(|_, _| {}));
    assert!(!world.call.is_over());
    world.join(guest("Siti"));
}

#[test]
fn a_disabled_app_ends_its_calls() {
    let (mut world, ayu, budi) = World::with_two();
    world.call.directory_changed(&directory(|_, app| app.is_disabled = true));
    world.drain();
    for person in [ayu, budi] {
        assert_eq!(world.events(person.session), [revoked()]);
        assert_eq!(world.inbox(person.session).closed, Some(4000));
    }
    assert!(matches!(&world.media[..], [MediaCommand::End { .. }]));
    assert!(world.call.is_over());
}

#[test]
fn an_app_that_is_gone_ends_its_calls_and_refuses_who_waits() {
    let (mut world, ayu, _) = World::with_two();
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let entry = world.entry(guest("Rini"));
    let waiting = world.knock(entry);
    world.call.directory_changed(&Directory::default());
    world.drain();
    assert_eq!(world.last_error(waiting), Some(ErrorCode::AppDisabled));
    assert!(world.call.is_over());
}

#[test]
fn a_revoked_key_ends_the_access_of_its_people_alone() {
    let (mut world, ayu, budi) = World::with_two();
    world.call.directory_changed(&directory(|directory, _| directory.keys.clear()));
    world.drain();
    assert_eq!(world.events(ayu.session), [revoked()]);
    let reason = LeaveReason::AccessRevoked;
    let gone = Event::ParticipantLeft { participant_id: ayu.id, reason };
    assert_eq!(world.events(budi.session), [gone]);
    assert!(!world.call.is_over());
}

#[test]
fn who_waits_with_a_revoked_key_is_refused() {
    let (mut world, ayu, _) = World::with_two();
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let entry = world.entry(staff("Rini"));
    let waiting = world.knock(entry);
    world.call.directory_changed(&directory(|directory, _| directory.keys.clear()));
    world.drain();
    assert_eq!(world.last_error(waiting), Some(ErrorCode::TokenKeyUnknown));
}

#[test]
fn an_app_may_let_running_calls_go_on() {
    let (mut world, ayu, _) = World::with_two();
    world.call.directory_changed(&directory(|directory, app| {
        directory.keys.clear();
        app.is_disabled = true;
        app.keeps_running_calls = true;
    }));
    world.drain();
    assert_eq!(world.events(ayu.session), []);
}

#[test]
fn a_new_limit_holds_for_the_next_who_comes() {
    let (mut world, _, _) = World::with_two();
    world.call.directory_changed(&directory(|_, app| app.max_participants = 2));
    let entry = world.entry(guest("Rini"));
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
}

#[test]
fn a_server_that_stops_says_when_to_come_back_not_all_at_once() {
    let (mut world, ayu, budi) = World::with_two();
    world.call.close(Duration::from_millis(500));
    world.drain();
    let mut retries = Vec::new();
    for person in [ayu, budi] {
        let [Event::Left { reason: LeaveReason::ServerClosing, retry_after_ms: Some(retry) }] =
            &world.events(person.session)[..]
        else {
            panic!("told to come back");
        };
        assert!((500..1_500).contains(retry));
        retries.push(*retry);
        assert_eq!(world.inbox(person.session).closed, Some(1012));
    }
    assert_ne!(retries[0], retries[1]);
    assert!(world.call.is_over());
}
