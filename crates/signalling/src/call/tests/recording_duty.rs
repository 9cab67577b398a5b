use std::time::Duration;

use jumpa_protocol::{
    ErrorCode, RecordingId,
    directory::PreparedRoom,
    limits::RECORDING_GRACE,
    live_room::HostRequest,
    recording::{
        AutoRecord, CallRecording, RecordingFailure, RecordingKind, RecordingOptions,
        RecordingPolicy, RecordingState, RecordingWish, StreamPreset, WantedTarget,
    },
    signal::{ClientRequest, Event, LeaveReason, StartRecording},
    token::Grants,
};
use uuid::Uuid;

use super::world::{World, guest, moderator, staff};
use crate::{admission::Identity, call::SessionId};

fn room(recording: RecordingPolicy) -> PreparedRoom {
    PreparedRoom {
        id: Uuid::nil(),
        password: None,
        has_lobby: false,
        max_participants: None,
        recording,
        expires_at: None,
    }
}

fn required() -> World {
    World::prepared(&room(RecordingPolicy { auto_record: None, is_required: true }))
}

fn id(number: u128) -> RecordingId {
    RecordingId::from_uuid(Uuid::from_u128(number))
}

fn show(world: &mut World, number: u128, state: RecordingState) {
    let recording = CallRecording {
        id: id(number),
        kind: RecordingKind::Tracks,
        state,
        started_at_ms: None,
        started_by: None,
        started_by_id: None,
        failure: (state == RecordingState::Failed).then_some(RecordingFailure::RecorderLost),
        queue: None,
        is_sound_only: false,
        streams: Vec::new(),
        is_required: false,
        ends_call_at_ms: None,
    };
    world.host(HostRequest::ShowRecording { recording }).expect("a call takes it");
}

/// When the call says that it ends.
fn told_end(world: &World, session: SessionId) -> Option<u64> {
    let events = world.events(session);
    let told = events.iter().rev().find_map(|event| match event {
        Event::RecordingChanged { recording } => Some(recording.ends_call_at_ms),
        _ => None,
    });
    told.flatten()
}

#[test]
fn a_call_asks_for_its_recording_as_the_first_person_comes_in() {
    let options =
        RecordingOptions { fallback: None, ..RecordingOptions::new(RecordingKind::Composite) };
    let auto_record = Some(AutoRecord { options, target_ids: vec![] });
    let mut world = World::prepared(&room(RecordingPolicy { auto_record, is_required: false }));
    assert_eq!(world.asked, []);
    world.join(guest("Budi"));
    world.join(moderator("dr. Ayu"));
    let [asked] = world.asked.as_slice() else { panic!("{:?}", world.asked) };
    assert_eq!(asked.moderator, None);
    assert_eq!(asked.wish, RecordingWish::Start { options, targets: vec![] });
    // Nothing ends where nothing is required.
    world.pass(RECORDING_GRACE * 2);
    assert_eq!(world.call.participant_count(), 2);
}

#[test]
fn a_call_that_is_not_recorded_in_time_ends() {
    let mut world = required();
    let budi = world.join(guest("Budi"));
    assert_eq!(world.asked.len(), 1);
    show(&mut world, 1, RecordingState::Queued);
    assert_eq!(
        told_end(&world, budi.session),
        Some(world.now.unix_ms + u64::try_from(RECORDING_GRACE.as_millis()).expect("a minute"))
    );
    // Others come in while it waits for its recorder.
    world.join(staff("Dewi"));
    world.pass(RECORDING_GRACE - Duration::from_millis(1));
    assert!(!world.call.is_over());
    world.pass(Duration::from_millis(1));
    assert!(world.call.is_over());
    assert_eq!(world.call.end_reason(), Some(LeaveReason::RecordingLost));
}

#[test]
fn a_lost_recording_is_asked_for_again_and_keeps_newcomers_out() {
    let mut world = required();
    let budi = world.join(guest("Budi"));
    show(&mut world, 1, RecordingState::Active);
    assert_eq!(told_end(&world, budi.session), None);
    world.pass(RECORDING_GRACE * 3);
    assert!(!world.call.is_over());

    show(&mut world, 1, RecordingState::Failed);
    assert_eq!(world.asked.len(), 2);
    assert!(told_end(&world, budi.session).is_some());
    let agus = world.entry(guest("Agus"));
    assert_eq!(world.refused(agus), ErrorCode::RecorderUnavailable);
    world.pass(RECORDING_GRACE / 2);
    show(&mut world, 2, RecordingState::Starting);
    world.join(guest("Agus"));
    world.pass(RECORDING_GRACE * 3);
    assert!(!world.call.is_over());

    // The next one is not made good.
    show(&mut world, 2, RecordingState::Finalising);
    show(&mut world, 3, RecordingState::Failed);
    world.pass(RECORDING_GRACE);
    assert_eq!(world.call.end_reason(), Some(LeaveReason::RecordingLost));
}

#[test]
fn a_required_recording_is_not_stopped_from_inside() {
    let mut world = required();
    let ayu = world.join(moderator("dr. Ayu"));
    show(&mut world, 1, RecordingState::Active);
    let stop = ClientRequest::StopRecording { recording_id: id(1) };
    assert_eq!(world.ask(ayu.session, stop.clone()), Err(ErrorCode::NotAllowedNow));
    // One of two can be.
    show(&mut world, 2, RecordingState::Active);
    world.ask(ayu.session, stop).expect("another one goes on");
}

#[test]
fn who_refuses_a_required_recording_leaves() {
    let mut world = required();
    let budi = world.join(guest("Budi"));
    let siti = world.join(guest("Siti"));
    show(&mut world, 1, RecordingState::Active);
    let answer = |agrees| ClientRequest::ConsentToRecording { recording_id: id(1), agrees };
    world.ask(siti.session, answer(true)).expect("it runs");
    world.ask(budi.session, answer(false)).expect("it runs");
    assert_eq!(world.call.participant_count(), 1);
    assert!(world.inbox(budi.session).closed.is_some());
}

#[test]
fn streams_have_a_right_of_their_own() {
    let mut world = World::new();
    let grants = Grants { stream: false, ..Grants::default() };
    let ayu = world.join(Identity { grants, ..moderator("dr. Ayu") });
    let start = |kind| {
        let target = WantedTarget {
            preset: Some(StreamPreset::Youtube),
            key: Some("abcd-efgh-1234".to_owned()),
            ..WantedTarget::default()
        };
        let targets = if kind == RecordingKind::Stream { vec![target] } else { vec![] };
        let options = RecordingOptions::new(kind);
        ClientRequest::StartRecording(StartRecording { options, targets })
    };
    let refused = world.ask(ayu.session, start(RecordingKind::Stream));
    assert_eq!(refused, Err(ErrorCode::NotGranted));
    world.ask(ayu.session, start(RecordingKind::Composite)).expect("a right to record");
}
