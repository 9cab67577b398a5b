use std::time::Duration;

use jumpa_protocol::{
    ErrorCode, Layer, MediaKind, SourceKind,
    control::{MediaCommand, ParticipantMediaEvent},
    limits,
    signal::{
        ClientRequest, ConnectionState, Event, LeaveReason, Role, ServerMessage, SlotState,
        SourceState, SourceUpdate,
    },
};

use super::world::{Person, World, guest};
use crate::call::Departure;

fn connected(world: &mut World, person: Person) {
    world.call.media_event(person.id, ParticipantMediaEvent::Connected, world.now);
    world.drain();
    world.forget();
}

fn raise(world: &mut World, person: Person, is_raised: bool) {
    world.ask(person.session, ClientRequest::SetHand { is_raised }).expect("may raise");
}

fn connection_of(person: Person, connection: ConnectionState) -> Event {
    Event::ConnectionChanged { participant_id: person.id, connection }
}

#[test]
fn what_was_missed_is_replayed_in_order_once() {
    let (mut world, ayu, budi) = World::with_two();
    raise(&mut world, ayu, true);
    let seen = world.inbox(budi.session).events[0].0;
    world.disconnect(budi.session);
    raise(&mut world, ayu, false);
    raise(&mut world, ayu, true);
    let session = world.resume(budi.id, seen);
    let inbox = world.inbox(session);
    let resumed = ServerMessage::Resumed { request_id: 1, snapshot: None, seq: seen };
    assert_eq!(inbox.answers, [resumed]);
    let seqs: Vec<_> = inbox.events.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(seqs, [seen + 1, seen + 2]);
    raise(&mut world, ayu, false);
    assert_eq!(world.inbox(session).events.last().map(|(seq, _)| *seq), Some(seen + 3));
}

#[test]
fn events_that_were_sent_but_not_received_are_sent_again() {
    let (mut world, ayu, budi) = World::with_two();
    raise(&mut world, ayu, true);
    world.disconnect(budi.session);
    let session = world.resume(budi.id, 0);
    assert_eq!(world.inbox(session).events.len(), 1);
}

#[test]
fn too_much_missed_gives_a_snapshot_and_what_belongs_to_the_client_alone() {
    let (mut world, ayu, budi) = World::with_two();
    let state = SlotState::Playing { participant_id: ayu.id, source: SourceKind::Camera };
    let slot = ParticipantMediaEvent::SlotChanged { kind: MediaKind::Video, slot: 2, state };
    world.call.media_event(budi.id, slot, world.now);
    let source = SourceKind::Camera;
    let layers = ParticipantMediaEvent::LayersWanted { source, layers: vec![Layer::Q] };
    world.call.media_event(budi.id, layers, world.now);
    world.drain();
    world.disconnect(budi.session);
    for n in 0..limits::MAX_REPLAY_EVENTS {
        raise(&mut world, ayu, n % 2 == 0);
    }
    let session = world.resume(budi.id, 1);
    let inbox = world.inbox(session);
    let [ServerMessage::Resumed { snapshot: Some(snapshot), seq, .. }] = &inbox.answers[..] else {
        panic!("a snapshot: {:?}", inbox.answers);
    };
    assert_eq!(*seq as usize, limits::MAX_REPLAY_EVENTS + 2);
    assert_eq!(snapshot.participants.len(), 2);
    let [(first, Event::SlotChanged { slot: 2, .. }), (second, Event::LayersWanted { .. })] =
        &inbox.events[..]
    else {
        panic!("slots and layers: {:?}", inbox.events);
    };
    assert_eq!((*first, *second), (seq + 1, seq + 2));
}

#[test]
fn a_number_from_the_future_gives_a_snapshot() {
    let (mut world, _, budi) = World::with_two();
    let session = world.resume(budi.id, 99);
    let answers = &world.inbox(session).answers;
    assert!(matches!(&answers[..], [ServerMessage::Resumed { snapshot: Some(_), .. }]));
}

#[test]
fn a_short_loss_of_signalling_is_not_seen_while_media_flows() {
    let (mut world, ayu, budi) = World::with_two();
    connected(&mut world, budi);
    world.disconnect(budi.session);
    world.pass(Duration::from_millis(2_999));
    world.resume(budi.id, 1);
    world.pass(Duration::from_secs(60));
    assert_eq!(world.events(ayu.session), []);
}

#[test]
fn a_longer_loss_is_seen_after_3_s_and_its_end_at_once() {
    let (mut world, ayu, budi) = World::with_two();
    connected(&mut world, budi);
    world.disconnect(budi.session);
    world.pass(Duration::from_secs(3));
    let lost = connection_of(budi, ConnectionState::Reconnecting);
    assert_eq!(world.events(ayu.session), std::slice::from_ref(&lost));
    world.resume(budi.id, 1);
    let back = connection_of(budi, ConnectionState::Connected);
    assert_eq!(world.events(ayu.session), [lost, back]);
}

#[test]
fn who_does_not_resume_within_30_s_has_lost_the_connection() {
    let (mut world, ayu, budi) = World::with_two();
    connected(&mut world, budi);
    world.disconnect(budi.session);
    world.pass(Duration::from_millis(29_999));
    assert_eq!(world.call.participant_count(), 2);
    world.pass(Duration::from_millis(1));
    let reason = LeaveReason::ConnectionLost;
    let gone = Event::ParticipantLeft { participant_id: budi.id, reason };
    assert_eq!(world.events(ayu.session).last(), Some(&gone));
    assert!(world.media.iter().any(|command| matches!(command, MediaCommand::Leave { .. })));
    let session = world.resume(budi.id, 0);
    assert_eq!(world.last_error(session), Some(ErrorCode::ResumeUnknown));
    assert_eq!(world.inbox(session).closed, None, "a join may follow");
    assert_eq!(world.forgotten, [session], "it may lead into another call");
}

#[test]
fn a_page_that_was_closed_is_gone_after_5_s() {
    let (mut world, ayu, budi) = World::with_two();
    connected(&mut world, budi);
    world.disconnect_as(budi.session, Departure::Away);
    world.pass(Duration::from_secs(5));
    let gone = Event::ParticipantLeft { participant_id: budi.id, reason: LeaveReason::Left };
    assert_eq!(world.events(ayu.session).last(), Some(&gone));
}

#[test]
fn media_and_signalling_closed_both_is_leaving() {
    for media_first in [true, false] {
        let (mut world, ayu, budi) = World::with_two();
        let closed = ParticipantMediaEvent::Closed;
        if media_first {
            world.call.media_event(budi.id, closed, world.now);
            world.disconnect(budi.session);
        } else {
            world.disconnect(budi.session);
            world.call.media_event(budi.id, closed, world.now);
            world.drain();
        }
        let gone = Event::ParticipantLeft { participant_id: budi.id, reason: LeaveReason::Left };
        assert_eq!(world.events(ayu.session).last(), Some(&gone), "media first: {media_first}");
    }
}

#[test]
fn a_resume_replaces_the_connection_that_is_still_open() {
    let (mut world, ayu, budi) = World::with_two();
    let session = world.resume(budi.id, 0);
    assert_eq!(world.inbox(budi.session).closed, Some(4002));
    raise(&mut world, ayu, true);
    assert_eq!(world.events(session).len(), 1);
    world.disconnect(budi.session);
    world.pass(Duration::from_secs(60));
    assert_eq!(world.call.participant_count(), 2, "the late end of the old one means nothing");
}

#[test]
fn who_was_removed_while_away_is_told_when_they_come_back() {
    let (mut world, ayu, budi) = World::with_two();
    world.disconnect(budi.session);
    let remove = ClientRequest::RemoveParticipant { participant_id: budi.id, ban: false };
    world.ask(ayu.session, remove).expect("a moderator");
    let session = world.resume(budi.id, 4);
    let left = Event::Left { reason: LeaveReason::Removed, retry_after_ms: None };
    assert_eq!(world.inbox(session).events, [(5, left)]);
    assert_eq!(world.inbox(session).closed, Some(4000));
}

#[test]
fn a_page_that_is_loaded_again_is_the_same_participant_for_the_others() {
    let (mut world, ayu, budi) = World::with_two();
    connected(&mut world, budi);
    let live = SourceUpdate { source: SourceKind::Camera, state: SourceState::Live };
    world.ask(budi.session, ClientRequest::SetSource(live)).expect("may send");
    raise(&mut world, budi, true);
    world.forget();
    world.disconnect_as(budi.session, Departure::Away);
    let identity = world.returning(budi, guest("Budi"));
    let back = world.join(identity);
    assert_eq!(back.id, budi.id);
    let me = world.joined(back.session).snapshot.participants[1].clone();
    assert_eq!(me.number, 2);
    assert!(me.hand_raised_at_ms.is_some());
    let told = world.events(ayu.session);
    assert!(
        !told.iter().any(|event| matches!(
            event,
            Event::ParticipantLeft { .. } | Event::ParticipantJoined { .. }
        )),
        "{told:?}"
    );
    assert!(told.iter().any(|event| matches!(event, Event::SourceChanged { source, .. }
        if source.state == SourceState::Off)));
    assert!(matches!(&world.media[..], [MediaCommand::Leave { .. }, MediaCommand::Join(_)]));
}

#[test]
fn the_late_end_of_replaced_media_means_nothing() {
    let (mut world, ayu, budi) = World::with_two();
    connected(&mut world, budi);
    let identity = world.returning(budi, guest("Budi"));
    let entry = world.entry(identity);
    let session = world.knock(entry);
    world.call.media_event(budi.id, ParticipantMediaEvent::Closed, world.now);
    world.answer_media();
    world.call.media_event(budi.id, ParticipantMediaEvent::Connected, world.now);
    world.drain();
    world.disconnect(session);
    world.pass(Duration::from_secs(1));
    let told = world.events(ayu.session);
    assert_eq!(told.last(), Some(&connection_of(budi, ConnectionState::Connected)));
    assert_eq!(world.call.participant_count(), 2);
}

#[test]
fn who_loads_the_page_again_before_the_old_connection_broke_replaces_it() {
    let (mut world, _, budi) = World::with_two();
    let identity = world.returning(budi, guest("Budi"));
    let back = world.join(identity);
    assert_eq!(world.inbox(budi.session).closed, Some(4002));
    assert_eq!(world.call.participant_count(), 2);
    world.disconnect(budi.session);
    raise(&mut world, back, true);
    assert_eq!(world.inbox(back.session).events.len(), 1);
}

#[test]
fn a_returning_participant_that_the_media_plane_refuses_is_gone_for_the_others() {
    let (mut world, ayu, budi) = World::with_two();
    let identity = world.returning(budi, guest("Budi"));
    let entry = world.entry(identity);
    world.knock(entry);
    let request = world.open_media_requests()[0];
    world.call.media_answer(request, Err(ErrorCode::OfferInvalid), world.now);
    world.drain();
    let reason = LeaveReason::ConnectionLost;
    let gone = Event::ParticipantLeft { participant_id: budi.id, reason };
    assert_eq!(world.events(ayu.session).last(), Some(&gone));
}

#[test]
fn a_role_given_in_the_call_is_kept_over_leaving_and_coming_back() {
    let (mut world, ayu, budi) = World::with_two();
    let set = ClientRequest::SetRole { participant_id: budi.id, role: Role::Moderator };
    world.ask(ayu.session, set).expect("a moderator");
    world.ask(budi.session, ClientRequest::Leave).expect("may leave");
    let identity = world.returning(budi, guest("Budi"));
    let back = world.join(identity);
    let me = world.joined(back.session).snapshot.participants[1].clone();
    assert_eq!(me.role, Role::Moderator);
}

#[test]
fn the_resume_token_of_another_call_gives_no_role_of_that_call() {
    let mut world = World::new();
    let earlier = crate::admission::EarlierSession {
        call_id: jumpa_protocol::CallId::generate(),
        call_started_at_ms: 1,
        participant_id: jumpa_protocol::ParticipantId::generate(),
        role: Role::Moderator,
    };
    let identity = crate::admission::Identity { earlier: Some(earlier), ..guest("Budi") };
    let budi = world.join(identity);
    assert_ne!(budi.id, earlier.participant_id);
    assert_eq!(world.joined(budi.session).snapshot.participants[0].role, Role::Participant);
}
