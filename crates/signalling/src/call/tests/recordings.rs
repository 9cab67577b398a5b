use std::sync::Arc;

use jumpa_protocol::{
    AppId, ErrorCode, ParticipantId, RecordingId, StreamTargetId, TenantId,
    control::{MediaCommand, Subscription},
    directory::{AppEntry, Directory, Features, KeyEntry},
    live_room::HostRequest,
    recording::{
        CallRecording, ChosenTarget, Moderator, RecordingFailure, RecordingKind, RecordingOptions,
        RecordingRequest, RecordingState, RecordingWish, StreamPreset, StreamTargetName,
        WantedTarget,
    },
    report::CallFact,
    signal::{
        ClientRequest, Event, LeaveReason, ServerMessage, SourceState, SourceUpdate, StartRecording,
    },
    token::Grants,
};
use uuid::Uuid;

use super::world::{Person, World, guest, moderator, staff};
use crate::admission::Identity;

fn recording_id() -> RecordingId {
    RecordingId::from_uuid(Uuid::from_u128(0x4ec))
}

fn recorder() -> Identity {
    Identity { recording_id: Some(recording_id()), ..guest("") }
}

fn recording(state: RecordingState) -> CallRecording {
    CallRecording {
        id: recording_id(),
        kind: RecordingKind::Tracks,
        state,
        started_at_ms: None,
        started_by: Some("dr. Ayu".to_owned()),
        started_by_id: None,
        failure: None,
        queue: None,
        is_sound_only: false,
        streams: Vec::new(),
        is_required: false,
        ends_call_at_ms: None,
    }
}

fn show(world: &mut World, state: RecordingState) {
    let recording = recording(state);
    world.host(HostRequest::ShowRecording { recording }).expect("a call takes it");
}

fn seen(world: &World, person: Person) -> Vec<RecordingState> {
    let events = world.events(person.session).into_iter();
    events
        .filter_map(|event| match event {
            Event::RecordingChanged { recording } => Some(recording.state),
            _ => None,
        })
        .collect()
}

#[test]
fn nobody_sees_a_recorder_and_it_sees_everybody() {
    let (mut world, ayu, budi) = World::with_two();
    let before = (world.call.participant_count(), world.facts.len());
    let recorder = world.join(recorder());
    assert_eq!(world.events(ayu.session), []);
    assert_eq!(world.events(budi.session), []);
    assert_eq!((world.call.participant_count(), world.facts.len()), before);
    assert_eq!(world.call.live_participants().len(), 2);
    assert_eq!(world.call.live_room().expect("a call").participants, 2);
    let snapshot = &world.joined(recorder.session).snapshot;
    let ids: Vec<_> = snapshot.participants.iter().map(|person| person.id).collect();
    assert_eq!(ids, [ayu.id, budi.id]);

    let live =
        SourceUpdate { source: jumpa_protocol::SourceKind::Camera, state: SourceState::Live };
    world.ask(budi.session, ClientRequest::SetSource(live)).expect("may send");
    let dewi = world.join(staff("Dewi"));
    let heard = world.events(recorder.session);
    assert!(heard.iter().any(|event| matches!(event, Event::SourceChanged { .. })));
    let came = |event: &Event| matches!(event, Event::ParticipantJoined { participant } if participant.id == dewi.id);
    assert!(heard.iter().any(came));
    let others = &world.joined(dewi.session).snapshot.participants;
    assert_eq!(others.len(), 3, "the recorder is in no snapshot");
}

#[test]
fn a_recorder_gets_everything_and_may_do_nothing() {
    let (mut world, ayu, _) = World::with_two();
    let recorder = world.join(Identity {
        grants: Grants { chat: false, publish: false, ..Grants::default() },
        is_verified: true,
        ..recorder()
    });
    let asked = world.media.iter().find_map(|command| match command {
        MediaCommand::Join(join) => Some(join.subscription),
        _ => None,
    });
    assert_eq!(asked, Some(Subscription::Recorder));
    let chat = ClientRequest::SendChat { text: "halo".to_owned(), to: None };
    assert_eq!(world.ask(recorder.session, chat), Err(ErrorCode::NotGranted));
    assert_eq!(world.ask(recorder.session, ClientRequest::EndCall), Err(ErrorCode::NotModerator));
    let mute = ClientRequest::RemoveParticipant { participant_id: recorder.id, ban: false };
    assert_eq!(world.ask(ayu.session, mute), Err(ErrorCode::ParticipantUnknown));
}

#[test]
fn a_recorder_needs_no_place_no_password_and_no_lobby() {
    let mut world = World::with_place_for(1);
    let ayu = world.join(moderator("dr. Ayu"));
    let password = Some("rahasia".to_owned());
    world.ask(ayu.session, ClientRequest::SetPassword { password }).expect("a moderator");
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    let recorder = world.join(recorder());
    assert!(world.is_joined(recorder.session));
    let entry = world.entry(moderator("Dewi"));
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
}

#[test]
fn a_call_with_nobody_but_recorders_is_over() {
    let (mut world, ayu, budi) = World::with_two();
    let recorder = world.join(recorder());
    world.ask(ayu.session, ClientRequest::Leave).expect("may leave");
    assert!(!world.call.is_over());
    world.ask(budi.session, ClientRequest::Leave).expect("may leave");
    assert!(world.call.is_over());
    let left = Event::Left { reason: LeaveReason::CallEnded, retry_after_ms: None };
    assert_eq!(world.events(recorder.session).last(), Some(&left));
    assert!(!world.is_open(recorder.session));
    let ends = world.facts.iter().filter(|fact| matches!(fact, CallFact::CallEnded { .. }));
    assert_eq!(ends.count(), 1);
}

#[test]
fn a_recorder_that_comes_again_takes_over_from_itself() {
    let (mut world, ayu, _) = World::with_two();
    let first = world.join(recorder());
    let second = world.join(recorder());
    assert_eq!(first.id, second.id);
    assert_eq!(first.id, ParticipantId::from_uuid(recording_id().as_uuid()));
    assert!(!world.is_open(first.session) && world.is_open(second.session));
    assert_eq!(world.events(ayu.session), []);
}

#[test]
fn a_recorder_that_lost_its_socket_resumes() {
    let (mut world, ayu, _) = World::with_two();
    let recorder = world.join(recorder());
    world.disconnect(recorder.session);
    world.ask(ayu.session, ClientRequest::SetHand { is_raised: true }).expect("may");
    let session = world.resume(recorder.id, 0);
    assert!(world.events(session).iter().any(|event| matches!(event, Event::HandChanged { .. })));
    assert_eq!(seen(&world, ayu), []);
}

#[test]
fn a_recorder_is_not_remembered_over_a_restart_and_comes_back_with_its_token() {
    let (mut world, ayu, _) = World::with_two();
    world.join(recorder());
    let mut world = world.restart();
    let identity = world.returning(ayu, moderator("dr. Ayu"));
    world.join(identity);
    let again = world.join(recorder());
    assert!(world.is_joined(again.session));
    assert_eq!(world.call.participant_count(), 1);
}

#[test]
fn moderators_ask_the_control_plane_for_a_recording() {
    let (mut world, ayu, budi) = World::with_two();
    let options = RecordingOptions::new(RecordingKind::Tracks);
    let start = ClientRequest::StartRecording(StartRecording { options, targets: vec![] });
    assert_eq!(world.ask(budi.session, start.clone()), Err(ErrorCode::NotModerator));
    assert_eq!(world.asked, []);
    world.ask(ayu.session, start.clone()).expect("a moderator");
    let request = RecordingRequest {
        room: World::room(),
        call_id: world.call.id(),
        moderator: Some(Moderator { id: ayu.id, name: "dr. Ayu".to_owned() }),
        wish: RecordingWish::Start { options, targets: vec![] },
    };
    assert_eq!(world.asked, std::slice::from_ref(&request));
    let grants = Grants { record: false, ..Grants::default() };
    let rini = world.join(Identity { grants, ..moderator("Rini") });
    assert_eq!(world.ask(rini.session, start), Err(ErrorCode::NotGranted));

    let stop = ClientRequest::StopRecording { recording_id: recording_id() };
    assert_eq!(world.ask(ayu.session, stop.clone()), Err(ErrorCode::RecordingUnknown));
    show(&mut world, RecordingState::Active);
    world.ask(ayu.session, stop).expect("a moderator");
    let wish = RecordingWish::Stop { id: recording_id() };
    assert_eq!(world.asked.last(), Some(&RecordingRequest { wish, ..request }));
}

#[test]
fn a_stream_is_asked_for_with_targets_that_are_possible() {
    let (mut world, ayu, _) = World::with_two();
    let options = RecordingOptions::new(RecordingKind::Stream);
    let start = |targets| ClientRequest::StartRecording(StartRecording { options, targets });
    let target = WantedTarget {
        preset: Some(StreamPreset::Youtube),
        key: Some("abcd-efgh-1234".to_owned()),
        ..WantedTarget::default()
    };
    let keyless = WantedTarget { key: None, ..target.clone() };
    for targets in [vec![], vec![keyless.clone()]] {
        assert_eq!(world.ask(ayu.session, start(targets)), Err(ErrorCode::InvalidValue));
    }
    assert_eq!(world.asked, []);
    world.ask(ayu.session, start(vec![target.clone()])).expect("a target with its key");
    let targets = vec![target.chosen().expect("a target with its key")];
    let wish = RecordingWish::Start { options, targets: targets.clone() };
    assert_eq!(world.asked.last().expect("it was asked").wish, wish);

    let id = recording_id();
    let change =
        |targets| ClientRequest::SetStreamTargets { recording_id: recording_id(), targets };
    let unknown = world.ask(ayu.session, change(vec![target.clone()]));
    assert_eq!(unknown, Err(ErrorCode::RecordingUnknown));
    show(&mut world, RecordingState::Active);
    for targets in [vec![], vec![keyless]] {
        assert_eq!(world.ask(ayu.session, change(targets)), Err(ErrorCode::InvalidValue));
    }
    world.ask(ayu.session, change(vec![target])).expect("it runs");
    let wish = RecordingWish::SetTargets { id, targets };
    assert_eq!(world.asked.last().expect("it was asked").wish, wish);
}

/// An app of one tenant with this target, beside one of another tenant with another.
fn apps_with(stored: &StreamTargetName, features: Features) -> Directory {
    let other = StreamTargetName { id: StreamTargetId::generate(), name: "Toko live".to_owned() };
    let app = |name: &str, target: &StreamTargetName| AppEntry {
        stream_targets: Arc::new(vec![target.clone()]),
        features,
        ..AppEntry::new(TenantId::generate(), name)
    };
    let mut directory = Directory::default();
    let key = KeyEntry::hs256(World::room().app_id, vec![1; 32]);
    directory.keys.insert("key_klinik".parse().expect("a key id"), key);
    directory.apps.insert(World::room().app_id, app("Klinik Sehat", stored));
    directory.apps.insert("toko-melati".parse().expect("an app id"), app("Toko Melati", &other));
    directory
}

fn stored_target() -> StreamTargetName {
    StreamTargetName { id: StreamTargetId::generate(), name: "Kanal klinik".to_owned() }
}

#[test]
fn moderators_who_may_stream_are_told_what_their_app_has_stored() {
    let (mut world, ayu, budi) = World::with_two();
    let told = |world: &mut World, person: Person| match world
        .answer(person.session, ClientRequest::ListStreamTargets)
    {
        Some(ServerMessage::StreamTargets { targets, .. }) => Ok(targets.clone()),
        Some(ServerMessage::Error { code, .. }) => Err(*code),
        other => panic!("another answer: {other:?}"),
    };
    assert_eq!(told(&mut world, ayu), Ok(vec![]));
    let stored = stored_target();
    world.change(&apps_with(&stored, Features::default()));
    assert_eq!(told(&mut world, ayu), Ok(vec![stored.clone()]));
    assert_eq!(told(&mut world, budi), Err(ErrorCode::NotModerator));
    let grants = Grants { stream: false, ..Grants::default() };
    let rini = world.join(Identity { grants, ..moderator("Rini") });
    assert_eq!(told(&mut world, rini), Err(ErrorCode::NotGranted));
    world.change(&apps_with(&stored, Features { streaming: false, ..Features::default() }));
    assert_eq!(told(&mut world, ayu), Err(ErrorCode::NotGranted));
}

#[test]
fn a_stream_starts_by_the_id_of_what_its_app_has_stored_and_of_nothing_else() {
    let (mut world, ayu, budi) = World::with_two();
    let stored = stored_target();
    let directory = apps_with(&stored, Features::default());
    let toko: AppId = "toko-melati".parse().expect("an app id");
    let of_another_tenant = directory.apps[&toko].stream_targets[0].id;
    world.change(&directory);
    let options = RecordingOptions::new(RecordingKind::Stream);
    let start = |id| {
        let targets = vec![WantedTarget { id: Some(id), ..WantedTarget::default() }];
        ClientRequest::StartRecording(StartRecording { options, targets })
    };
    for id in [of_another_tenant, StreamTargetId::generate()] {
        let refused = world.ask(ayu.session, start(id));
        assert_eq!(refused, Err(ErrorCode::StreamTargetUnknown));
    }
    // Who may not stream does not find out which ids there are.
    let grants = Grants { stream: false, ..Grants::default() };
    let rini = world.join(Identity { grants, ..moderator("Rini") });
    for id in [stored.id, of_another_tenant] {
        assert_eq!(world.ask(rini.session, start(id)), Err(ErrorCode::NotGranted));
        assert_eq!(world.ask(budi.session, start(id)), Err(ErrorCode::NotModerator));
    }
    assert_eq!(world.asked, []);
    world.ask(ayu.session, start(stored.id)).expect("the app has stored it");
    let wish = RecordingWish::Start { options, targets: vec![ChosenTarget::Known(stored.id)] };
    assert_eq!(world.asked.last().expect("it was asked").wish, wish);
}

#[test]
fn everybody_sees_how_a_recording_is_until_it_is_over() {
    let (mut world, ayu, budi) = World::with_two();
    for state in [RecordingState::Queued, RecordingState::Active, RecordingState::Active] {
        show(&mut world, state);
    }
    let dewi = world.join(staff("Dewi"));
    let running = [recording(RecordingState::Active)];
    assert_eq!(world.joined(dewi.session).snapshot.recordings, running);
    show(&mut world, RecordingState::Finalising);
    show(&mut world, RecordingState::Ready);
    let told = [RecordingState::Queued, RecordingState::Active, RecordingState::Finalising];
    assert_eq!(seen(&world, ayu), told);
    assert_eq!(seen(&world, budi), told);
    let agus = world.join(staff("Agus"));
    assert_eq!(world.joined(agus.session).snapshot.recordings, []);
}

#[test]
fn a_recording_that_failed_before_it_began_is_told() {
    let (mut world, ayu, _) = World::with_two();
    let failure = Some(RecordingFailure::NoCapacity);
    let recording = CallRecording { failure, ..recording(RecordingState::Failed) };
    world.host(HostRequest::ShowRecording { recording: recording.clone() }).expect("a call");
    assert_eq!(world.events(ayu.session), [Event::RecordingChanged { recording }]);
}

#[test]
fn consent_is_reported_of_a_recording_that_runs() {
    let (mut world, _, budi) = World::with_two();
    let (recording_id, participant_id) = (recording_id(), budi.id);
    let answer = |agrees| ClientRequest::ConsentToRecording { recording_id, agrees };
    assert_eq!(world.ask(budi.session, answer(true)), Err(ErrorCode::RecordingUnknown));
    show(&mut world, RecordingState::Active);
    for agrees in [false, true] {
        world.ask(budi.session, answer(agrees)).expect("it runs");
        let fact = CallFact::RecordingConsented { participant_id, recording_id, agrees };
        assert_eq!(world.facts.last(), Some(&fact));
    }
    assert_eq!(world.call.participant_count(), 2);
}
