use std::{sync::Arc, time::Duration};

use jumpa_protocol::{
    ErrorCode, SourceKind, TenantId,
    control::MediaCommand,
    directory::{AppEntry, Directory, Environment, Features, GuestPolicy, KeyEntry},
    signal::{ClientRequest, Event, LeaveReason, Reaction, SourceInfo, SourceState, SourceUpdate},
};

use super::world::{World, guest, staff};

fn directory(change: impl FnOnce(&mut Directory, &mut AppEntry)) -> Directory {
    let mut directory = Directory::default();
    let app_id: jumpa_protocol::AppId = "klinik-sehat".parse().expect("an app id");
    let key = KeyEntry::hs256(app_id.clone(), vec![1; 32]);
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
    world.change(&directory(|_, _| {}));
    world.drain();
    assert_eq!(world.events(ayu.session), []);
    assert_eq!(world.events(budi.session), []);
}

#[test]
fn a_change_before_the_first_join_does_not_end_the_call() {
    let mut world = World::new();
    world.change(&directory(|_, _| {}));
    assert!(!world.call.is_over());
    world.join(guest("Siti"));
}

#[test]
fn a_disabled_app_ends_its_calls() {
    let (mut world, ayu, budi) = World::with_two();
    world.change(&directory(|_, app| app.is_disabled = true));
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
    world.change(&Directory::default());
    world.drain();
    assert_eq!(world.last_error(waiting), Some(ErrorCode::AppDisabled));
    assert!(world.call.is_over());
}

#[test]
fn a_revoked_key_ends_the_access_of_its_people_alone() {
    let (mut world, ayu, budi) = World::with_two();
    world.change(&directory(|directory, _| directory.keys.clear()));
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
    world.change(&directory(|directory, _| directory.keys.clear()));
    world.drain();
    assert_eq!(world.last_error(waiting), Some(ErrorCode::TokenKeyUnknown));
}

#[test]
fn an_app_may_let_running_calls_go_on() {
    let (mut world, ayu, _) = World::with_two();
    world.change(&directory(|directory, app| {
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
    world.change(&directory(|_, app| app.max_participants = 2));
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

fn banned(subject: &str) -> Directory {
    directory(|_, app| {
        app.keeps_running_calls = true;
        app.bans = Arc::new([(subject.to_owned(), None)].into());
    })
}

#[test]
fn a_banned_person_is_out_whatever_the_app_keeps() {
    let mut world = World::new();
    let named = |subject: &str| {
        let mut identity = staff(subject);
        identity.subject = Some(subject.to_owned());
        identity
    };
    let rini = world.join(named("rini"));
    let dewi = world.join(named("dewi"));
    world.forget();
    world.change(&banned("rini"));
    world.drain();
    assert_eq!(world.events(rini.session), [revoked()]);
    let reason = LeaveReason::AccessRevoked;
    assert_eq!(
        world.events(dewi.session),
        [Event::ParticipantLeft { participant_id: rini.id, reason }]
    );
}

#[test]
fn a_suspended_tenant_ends_its_calls_unless_the_app_keeps_them() {
    let (mut world, ayu, _) = World::with_two();
    world.change(&directory(|_, app| {
        app.is_tenant_suspended = true;
        app.keeps_running_calls = true;
    }));
    world.drain();
    assert_eq!(world.events(ayu.session), []);
    world.change(&directory(|_, app| app.is_tenant_suspended = true));
    world.drain();
    assert_eq!(world.events(ayu.session), [revoked()]);
    assert!(world.call.is_over());
}

#[test]
fn a_replaced_key_sends_nobody_out() {
    let (mut world, ayu, _) = World::with_two();
    world.change(&directory(|directory, _| {
        directory.keys.values_mut().for_each(|key| key.not_after = Some(1));
    }));
    world.drain();
    assert_eq!(world.events(ayu.session), []);
}

fn without_features(app: &mut AppEntry) {
    app.features = Features {
        chat: false,
        screen_sharing: false,
        reactions: false,
        raised_hands: false,
        recording: false,
        streaming: false,
    };
}

#[test]
fn what_an_app_does_not_offer_nobody_may() {
    let (mut world, ayu, _) = World::with_two();
    let screen = |state| SourceUpdate { source: SourceKind::Screen, state };
    let requests = || {
        [
            ClientRequest::SendChat { text: "halo".to_owned(), to: None },
            ClientRequest::React { reaction: Reaction::Heart },
            ClientRequest::SetHand { is_raised: true },
            ClientRequest::SetSource(screen(SourceState::Live)),
        ]
    };
    for request in requests() {
        world.ask(ayu.session, request).expect("offered");
    }
    world.forget();
    world.change(&directory(|_, app| without_features(app)));
    world.drain();
    let source = SourceInfo { source: SourceKind::Screen, state: SourceState::Off };
    assert_eq!(
        world.events(ayu.session),
        [
            Event::SourceChanged { participant_id: ayu.id, source },
            Event::HandChanged { participant_id: ayu.id, raised_at_ms: None },
        ]
    );
    for request in requests() {
        assert_eq!(world.ask(ayu.session, request), Err(ErrorCode::NotGranted));
    }
    world.ask(ayu.session, ClientRequest::SetHand { is_raised: false }).expect("always possible");
}

#[test]
fn an_app_may_let_running_calls_keep_what_they_offer() {
    let (mut world, ayu, _) = World::with_two();
    world.change(&directory(|_, app| {
        without_features(app);
        app.keeps_running_calls = true;
    }));
    let chat = ClientRequest::SendChat { text: "halo".to_owned(), to: None };
    world.ask(ayu.session, chat).expect("still offered");
}

#[test]
fn guests_wait_where_the_app_says_so() {
    let (mut world, ayu, budi) = World::with_two();
    world.change(&directory(|_, app| app.guests = GuestPolicy::Wait));
    let entry = world.entry(guest("Rini"));
    let waiting = world.knock(entry);
    assert!(matches!(
        world.inbox(waiting).events[..],
        [(0, Event::LobbyWaiting { has_moderator: true, .. })]
    ));
    assert!(world.events(budi.session).is_empty());
    let entry = world.entry(staff("Dewi"));
    world.join_as(entry);
    assert!(!world.events(ayu.session).is_empty());
}

#[test]
fn a_call_of_an_app_on_trial_says_so() {
    let mut world = World::new();
    world.change(&directory(|_, app| app.environment = Environment::Trial));
    assert!(world.call.is_trial());
    let ayu = world.join(staff("Ayu"));
    assert!(world.joined(ayu.session).snapshot.app.is_trial);
}
