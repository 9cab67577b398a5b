use jumpa_protocol::{
    ErrorCode, Layer, MediaKind, ParticipantId, SourceKind,
    control::{MediaCommand, ParticipantMediaEvent},
    signal::{
        ClientRequest, ConnectionState, Event, QualityCause, QualityLevel, SlotState, SlotView,
    },
};
use uuid::Uuid;

use super::world::{Person, World};

fn media_event(world: &mut World, person: Person, event: ParticipantMediaEvent) {
    world.call.media_event(person.id, event, world.now);
    world.drain();
}

fn slot(slot: u16, person: Person, source: SourceKind) -> SlotView {
    SlotView { slot, participant_id: person.id, source, max_height: 360, priority: 0 }
}

#[test]
fn a_lost_path_is_seen_at_once_and_so_is_its_return() {
    let (mut world, ayu, budi) = World::with_two();
    for event in [
        ParticipantMediaEvent::Connected,
        ParticipantMediaEvent::PathLost,
        ParticipantMediaEvent::PathLost,
        ParticipantMediaEvent::Connected,
    ] {
        media_event(&mut world, budi, event);
    }
    let changed = |connection| Event::ConnectionChanged { participant_id: budi.id, connection };
    assert_eq!(
        world.events(ayu.session),
        [
            changed(ConnectionState::Connected),
            changed(ConnectionState::Reconnecting),
            changed(ConnectionState::Connected)
        ]
    );
}

#[test]
fn slots_and_wanted_layers_are_told_to_their_owner_alone() {
    let (mut world, ayu, budi) = World::with_two();
    let state = SlotState::Waiting { participant_id: ayu.id, source: SourceKind::Camera };
    let kind = MediaKind::Video;
    let changed = ParticipantMediaEvent::SlotChanged { kind, slot: 3, state: state.clone() };
    media_event(&mut world, budi, changed);
    let layers = vec![Layer::Q, Layer::H];
    let source = SourceKind::Camera;
    let wanted = ParticipantMediaEvent::LayersWanted { source, layers: layers.clone() };
    media_event(&mut world, budi, wanted);
    assert_eq!(
        world.events(budi.session),
        [Event::SlotChanged { kind, slot: 3, state }, Event::LayersWanted { source, layers }]
    );
    assert_eq!(world.events(ayu.session), []);
}

#[test]
fn who_speaks_is_told_to_everybody_when_it_changes() {
    let (mut world, ayu, budi) = World::with_two();
    let stranger = ParticipantId::from_uuid(Uuid::from_u128(0xdead));
    world.call.speakers_changed(vec![budi.id, stranger, ayu.id]);
    world.call.speakers_changed(vec![budi.id, ayu.id]);
    world.drain();
    let changed = Event::SpeakersChanged { participant_ids: vec![budi.id, ayu.id] };
    assert_eq!(world.events(ayu.session), [changed]);
}

#[test]
fn the_worse_of_two_opinions_on_quality_is_told() {
    let (mut world, ayu, budi) = World::with_two();
    let cause = Some(QualityCause::UplinkLoss);
    let level = QualityLevel::Fair;
    media_event(&mut world, budi, ParticipantMediaEvent::Quality { level, cause });
    let report = |level| ClientRequest::ReportQuality { level };
    world.ask(budi.session, report(QualityLevel::Poor)).expect("may report");
    world.pass(std::time::Duration::from_secs(2));
    world.ask(budi.session, report(QualityLevel::Good)).expect("may report");
    let changed = |level, cause| Event::QualityChanged { participant_id: budi.id, level, cause };
    assert_eq!(
        world.events(ayu.session),
        [
            changed(QualityLevel::Fair, cause),
            changed(QualityLevel::Poor, None),
            changed(QualityLevel::Fair, cause)
        ]
    );
}

#[test]
fn quality_reports_that_come_too_often_are_not_looked_at() {
    let (mut world, ayu, budi) = World::with_two();
    for level in [QualityLevel::Good, QualityLevel::Poor, QualityLevel::Fair] {
        world.ask(budi.session, ClientRequest::ReportQuality { level }).expect("answered");
    }
    assert_eq!(world.events(ayu.session).len(), 1);
}

#[test]
fn a_view_goes_to_the_media_plane_without_those_who_left() {
    let (mut world, ayu, budi) = World::with_two();
    let gone = Person { id: ParticipantId::from_uuid(Uuid::from_u128(0xdead)), ..ayu };
    let slots = vec![slot(0, ayu, SourceKind::Camera), slot(1, gone, SourceKind::Screen)];
    world.ask(budi.session, ClientRequest::View { slots }).expect("well formed");
    let [MediaCommand::View { participant_id, slots, .. }] = &world.media[..] else {
        panic!("one view: {:?}", world.media);
    };
    assert_eq!((*participant_id, slots.len()), (budi.id, 1));
}

#[test]
fn an_impossible_view_is_refused() {
    let (mut world, ayu, budi) = World::with_two();
    for slots in [
        vec![slot(49, ayu, SourceKind::Camera)],
        vec![slot(0, ayu, SourceKind::Camera), slot(0, ayu, SourceKind::Screen)],
        vec![slot(0, ayu, SourceKind::Microphone)],
    ] {
        let refused = world.ask(budi.session, ClientRequest::View { slots });
        assert_eq!(refused, Err(ErrorCode::InvalidValue));
    }
    let last = vec![slot(48, ayu, SourceKind::Camera)];
    assert_eq!(world.ask(budi.session, ClientRequest::View { slots: last }), Ok(()));
}

#[test]
fn an_unknown_request_is_answered_as_a_bad_message() {
    let (mut world, _, budi) = World::with_two();
    assert_eq!(world.ask(budi.session, ClientRequest::Unknown), Err(ErrorCode::BadMessage));
}

#[test]
fn events_of_strangers_are_ignored() {
    let (mut world, ayu, _) = World::with_two();
    let stranger = ParticipantId::from_uuid(Uuid::from_u128(0xdead));
    world.call.media_event(stranger, ParticipantMediaEvent::Closed, world.now);
    world.call.media_answer(1, Ok(String::new()), world.now);
    world.drain();
    assert_eq!(world.events(ayu.session), []);
}
