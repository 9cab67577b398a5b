//! What the control plane hears of a call.

use std::time::Duration;

use jumpa_protocol::{
    MediaKind, SourceKind,
    report::{CallFact, JoinedParticipant, Via},
    signal::{
        ClientInfo, ClientRequest, LeaveReason, MediaSummary, Role, SourceInfo, SourceState,
        SourceUpdate, TrackDirection, TrackQuality,
    },
};

use super::world::{Person, START_MS, WINDOW, World, guest, moderator};
use crate::call::Entry;

fn joined(world: &World) -> Vec<&JoinedParticipant> {
    fn joined(fact: &CallFact) -> Option<&JoinedParticipant> {
        match fact {
            CallFact::ParticipantJoined(joined) => Some(joined),
            _ => None,
        }
    }
    world.facts.iter().filter_map(joined).collect()
}

fn left(person: Person, reason: LeaveReason) -> CallFact {
    CallFact::ParticipantLeft { participant_id: person.id, reason }
}

fn count(world: &World, wanted: &CallFact) -> usize {
    world.facts.iter().filter(|fact| *fact == wanted).count()
}

#[test]
fn a_call_begins_with_the_first_and_ends_with_the_last() {
    let mut world = World::new();
    let ayu = world.join(moderator("dr. Ayu"));
    let budi = world.join(guest("Budi"));
    for person in [ayu, budi] {
        world.ask(person.session, ClientRequest::Leave).expect("anybody may leave");
    }
    let began = CallFact::CallBegan { started_at_ms: START_MS };
    assert_eq!(world.facts.first(), Some(&began));
    assert_eq!(count(&world, &began), 1);
    assert_eq!(
        joined(&world).iter().map(|who| who.participant_id).collect::<Vec<_>>(),
        [ayu.id, budi.id]
    );
    let end = [
        left(ayu, LeaveReason::Left),
        left(budi, LeaveReason::Left),
        CallFact::CallEnded { reason: None },
    ];
    let ends: Vec<_> = world
        .facts
        .iter()
        .filter(|fact| {
            matches!(fact, CallFact::ParticipantLeft { .. } | CallFact::CallEnded { .. })
        })
        .cloned()
        .collect();
    assert_eq!(ends, end);
}

#[test]
fn who_comes_in_is_described() {
    let mut world = World::new();
    let client = ClientInfo {
        sdk: "jumpa-js 0.1.0".to_owned(),
        browser: "x".repeat(10_000),
        os: "Android".to_owned(),
    };
    let entry = world.entry(moderator("dr. Ayu"));
    let sources = vec![SourceUpdate { source: SourceKind::Camera, state: SourceState::Live }];
    world.join_as(Entry { client, sources, ..entry });
    let who = joined(&world)[0];
    assert_eq!(who.subject.as_deref(), Some("staff-dr. Ayu"));
    assert!(who.key_id.is_some());
    assert_eq!((who.role, who.via, who.joined_at_ms), (Role::Moderator, Via::Signalling, START_MS));
    assert_eq!(who.sources, [SourceInfo { source: SourceKind::Camera, state: SourceState::Live }]);
    assert!(who.client.browser.len() < 1_000, "a client cannot fill the log");
}

#[test]
fn who_was_refused_is_not_heard_of() {
    let (mut world, ayu, _) = World::with_two();
    let password = Some("rahasia".to_owned());
    world.ask(ayu.session, ClientRequest::SetPassword { password }).expect("a moderator");
    world.facts.clear();
    let stranger = world.entry(guest("Tamu"));
    world.refused(stranger);
    assert_eq!(world.facts, []);
}

#[test]
fn what_people_switch_is_heard_once() {
    let (mut world, _, budi) = World::with_two();
    world.facts.clear();
    let update = SourceUpdate { source: SourceKind::Microphone, state: SourceState::Live };
    for _ in 0..2 {
        world.ask(budi.session, ClientRequest::SetSource(update.clone())).expect("granted");
    }
    let source = SourceInfo { source: SourceKind::Microphone, state: SourceState::Live };
    assert_eq!(world.facts, [CallFact::SourceChanged { participant_id: budi.id, source }]);
}

#[test]
fn an_end_for_everybody_is_one_leave_each() {
    let (mut world, ayu, budi) = World::with_two();
    world.facts.clear();
    world.ask(ayu.session, ClientRequest::EndCall).expect("a moderator");
    assert_eq!(
        world.facts,
        [
            left(ayu, LeaveReason::CallEnded),
            left(budi, LeaveReason::CallEnded),
            CallFact::CallEnded { reason: Some(LeaveReason::CallEnded) },
        ]
    );
}

#[test]
fn a_server_that_stops_ends_nobodys_presence() {
    let (mut world, _, _) = World::with_two();
    world.facts.clear();
    world.stop_server();
    assert_eq!(world.facts, []);
}

#[test]
fn after_a_restart_who_is_back_was_never_away_and_who_is_not_has_left() {
    let (world, ayu, budi) = World::with_two();
    let mut world = world.restart();
    world.pass(Duration::from_secs(2));
    let identity = world.returning(ayu, moderator("dr. Ayu"));
    world.join(identity);
    let back: Vec<_> =
        joined(&world).iter().map(|who| (who.participant_id, who.joined_at_ms)).collect();
    assert_eq!(back, [(ayu.id, START_MS)]);
    assert_eq!(count(&world, &left(budi, LeaveReason::ConnectionLost)), 0);
    world.pass(WINDOW);
    assert_eq!(count(&world, &left(budi, LeaveReason::ConnectionLost)), 1);
}

#[test]
fn the_lobby_is_heard_of() {
    let (mut world, ayu, _) = World::with_two();
    world.ask(ayu.session, ClientRequest::SetLobby { is_enabled: true }).expect("a moderator");
    world.facts.clear();
    for (name, admit) in [("Rini", true), ("Tamu", false)] {
        let entry = world.entry(guest(name));
        let participant_id = entry.participant_id;
        world.knock(entry);
        let request = ClientRequest::AnswerLobby { participant_id, admit };
        world.ask(ayu.session, request).expect("a moderator");
        let name = name.to_owned();
        assert_eq!(count(&world, &CallFact::LobbyEntered { participant_id, name }), 1);
        let is_admitted = admit;
        assert_eq!(count(&world, &CallFact::LobbyLeft { participant_id, is_admitted }), 1);
    }
}

#[test]
fn measurements_are_taken_every_ten_seconds_and_only_what_can_be() {
    let (mut world, _, budi) = World::with_two();
    world.facts.clear();
    let track = TrackQuality {
        direction: TrackDirection::Received,
        kind: MediaKind::Audio,
        source: None,
        participant_id: None,
        codec: None,
        bitrate_bps: None,
        packet_loss_ratio: Some(7.0),
        jitter_ms: None,
        frame_height: None,
        frames_per_second: None,
        freeze_count: None,
        concealed_ratio: None,
    };
    let summary = MediaSummary { tracks: vec![track], ..MediaSummary::default() };
    for seconds in [0, 1, 10] {
        world.pass(Duration::from_secs(seconds));
        let summary = summary.clone();
        world.ask(budi.session, ClientRequest::ReportMedia { summary }).expect("answered");
    }
    let losses: Vec<_> = world
        .facts
        .iter()
        .map(|fact| match fact {
            CallFact::MediaMeasured { summary, .. } => summary.tracks[0].packet_loss_ratio,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(losses, [None, None]);
}
