use std::time::Duration;

use jumpa_protocol::{
    ErrorCode, SourceKind,
    control::{MediaCommand, Subscription},
    signal::{
        ClientRequest, ConnectionState, Event, LeaveReason, ServerMessage, SourceState,
        SourceUpdate,
    },
    token::Grants,
};

use super::world::{START_MS, World, guest, moderator, staff};
use crate::{
    admission::Identity,
    call::{Entry, SessionKind},
    replay_guard::ReplayGuard,
};

fn live(source: SourceKind) -> SourceUpdate {
    SourceUpdate { source, state: SourceState::Live }
}

#[test]
fn somebody_is_in_when_the_media_plane_has_answered() {
    let mut world = World::new();
    let entry = world.entry(guest("Siti"));
    let session = world.knock(entry);
    assert!(!world.is_joined(session));
    world.answer_media();
    let joined = world.joined(session);
    assert_eq!(joined.answer, "answer");
    assert_eq!(joined.snapshot.participants.len(), 1);
    assert_eq!(joined.snapshot.participants[0].joined_at_ms, START_MS);
}

#[test]
fn the_media_plane_gets_offer_and_number() {
    let mut world = World::new();
    world.join(guest("Siti"));
    world.join(guest("Budi"));
    let joins: Vec<_> = world
        .media
        .iter()
        .filter_map(|command| match command {
            MediaCommand::Join(join) => Some((join.number, join.offer.as_str(), join.subscription)),
            _ => None,
        })
        .collect();
    assert_eq!(joins, [(1, "v=0", Subscription::Client), (2, "v=0", Subscription::Client)]);
}

#[test]
fn others_hear_of_somebody_who_came_and_the_newcomer_does_not_hear_of_itself() {
    let mut world = World::new();
    let siti = world.join(guest("Siti"));
    let budi = world.join(guest("Budi"));
    let came = world.events(siti.session);
    assert!(matches!(&came[..], [Event::ParticipantJoined { participant }]
        if participant.id == budi.id && participant.number == 2));
    assert_eq!(world.events(budi.session), []);
    assert_eq!(world.joined(budi.session).snapshot.participants.len(), 2);
}

#[test]
fn nobody_hears_of_somebody_the_media_plane_refuses() {
    let mut world = World::new();
    let siti = world.join(guest("Siti"));
    let entry = world.entry(guest("Budi"));
    world.media.clear();
    let session = world.knock(entry);
    let request = world.open_media_requests()[0];
    world.call.media_answer(request, Err(ErrorCode::OfferInvalid), world.now);
    world.drain();
    assert_eq!(world.last_error(session), Some(ErrorCode::OfferInvalid));
    assert_eq!(world.inbox(session).closed, Some(4003));
    assert_eq!(world.events(siti.session), []);
    assert_eq!(world.call.participant_count(), 1);
}

#[test]
fn a_media_plane_that_does_not_answer_is_given_up_after_10_s() {
    let mut world = World::new();
    let entry = world.entry(guest("Siti"));
    let session = world.knock(entry);
    world.pass(Duration::from_millis(9_999));
    assert!(!world.call.is_over());
    world.pass(Duration::from_millis(1));
    assert_eq!(world.last_error(session), Some(ErrorCode::MediaUnavailable));
    assert!(world.media.iter().any(|command| matches!(command, MediaCommand::Leave { .. })));
    assert!(world.call.is_over());
}

#[test]
fn an_answer_that_comes_after_the_client_has_gone_is_ignored() {
    let mut world = World::new();
    let siti = world.join(guest("Siti"));
    world.media.clear();
    let entry = world.entry(guest("Budi"));
    let session = world.knock(entry);
    world.disconnect(session);
    world.answer_media();
    assert_eq!(world.call.participant_count(), 1);
    assert_eq!(world.events(siti.session), []);
}

#[test]
fn before_the_answer_only_leaving_is_possible() {
    let mut world = World::new();
    let entry = world.entry(guest("Siti"));
    let session = world.knock(entry);
    let raise = ClientRequest::SetHand { is_raised: true };
    assert_eq!(world.ask(session, raise), Err(ErrorCode::NotAllowedNow));
    assert_eq!(world.ask(session, ClientRequest::Ping), Ok(()));
    assert_eq!(world.ask(session, ClientRequest::Leave), Ok(()));
    assert!(world.call.is_over());
}

#[test]
fn sources_are_right_from_the_first_moment() {
    let mut world = World::new();
    let siti = world.join(guest("Siti"));
    let muted = SourceUpdate { source: SourceKind::Microphone, state: SourceState::Muted };
    let budi = world.join_with_sources(guest("Budi"), vec![muted, live(SourceKind::Camera)]);
    let Some(Event::ParticipantJoined { participant }) = world.events(siti.session).pop() else {
        panic!("Budi came");
    };
    let states: Vec<_> = participant.sources.iter().map(|s| (s.source, s.state)).collect();
    assert_eq!(
        states,
        [(SourceKind::Microphone, SourceState::Muted), (SourceKind::Camera, SourceState::Live)]
    );
    let opened: Vec<_> = world
        .media
        .iter()
        .filter_map(|command| match command {
            MediaCommand::SetSourceOpen { participant_id, source, is_open, .. } => {
                Some((*participant_id, *source, *is_open))
            }
            _ => None,
        })
        .collect();
    assert!(opened.contains(&(budi.id, SourceKind::Camera, true)));
    assert!(
        !opened.iter().any(|(_, source, is_open)| *source == SourceKind::Microphone && *is_open)
    );
}

#[test]
fn sources_that_are_not_granted_stay_off_from_the_start() {
    let mut world = World::new();
    let listener =
        Identity { grants: Grants { publish: false, ..Grants::default() }, ..staff("Ayu") };
    let ayu = world
        .join_with_sources(listener, vec![live(SourceKind::Microphone), live(SourceKind::Screen)]);
    let sources = &world.joined(ayu.session).snapshot.participants[0].sources;
    assert_eq!(sources.iter().map(|s| s.source).collect::<Vec<_>>(), [SourceKind::Screen]);
}

#[test]
fn a_full_room_takes_nobody_moderators_included() {
    let mut world = World::with_place_for(2);
    world.join(guest("Siti"));
    world.join(guest("Budi"));
    let entry = world.entry(guest("Tono"));
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
    let entry = world.entry(moderator("Ayu"));
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
}

#[test]
fn a_place_that_becomes_free_is_taken() {
    let mut world = World::with_place_for(1);
    let siti = world.join(guest("Siti"));
    let entry = world.entry(guest("Budi"));
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
    world.disconnect(siti.session);
    assert!(!world.call.is_over());
    world.pass(Duration::from_secs(30));
    assert!(world.call.is_over());
}

#[test]
fn the_password_keeps_out_who_does_not_know_it() {
    let (mut world, moderator_1, _) = World::with_two();
    let password = Some("rahasia".to_owned());
    world.ask(moderator_1.session, ClientRequest::SetPassword { password }).expect("a moderator");
    let entry = world.entry(guest("Tono"));
    assert_eq!(world.refused(entry), ErrorCode::PasswordRequired);
    let entry = world.entry(guest("Tono"));
    let entry = Entry { password: Some("rahasio".to_owned()), ..entry };
    assert_eq!(world.refused(entry), ErrorCode::PasswordWrong);
    let entry = world.entry(guest("Tono"));
    world.join_as(Entry { password: Some("rahasia".to_owned()), ..entry });
    world.join(moderator("dr. Budi"));
    let clear = ClientRequest::SetPassword { password: None };
    world.ask(moderator_1.session, clear).expect("a moderator");
    world.join(guest("Rini"));
}

#[test]
fn a_refused_join_gives_the_one_time_token_back() {
    let mut world = World::with_place_for(1);
    world.join(guest("Siti"));
    let app_id = "klinik-sehat".parse().expect("an app id");
    let used = ReplayGuard::default().claim(&app_id, "once", 9, 1).expect("unused");
    let entry = world.entry(Identity { one_time: Some(used.clone()), ..staff("Ayu") });
    assert_eq!(world.refused(entry), ErrorCode::RoomFull);
    assert_eq!(world.released, [used]);
}

#[test]
fn a_second_join_on_the_same_session_is_refused() {
    let (mut world, _, budi) = World::with_two();
    let resume = ClientRequest::Resume { resume_token: String::new(), last_seq: 0 };
    assert_eq!(world.ask(budi.session, resume), Err(ErrorCode::NotAllowedNow));
}

#[test]
fn leaving_is_answered_and_told_to_the_others() {
    let (mut world, ayu, budi) = World::with_two();
    assert_eq!(world.ask(budi.session, ClientRequest::Leave), Ok(()));
    assert_eq!(world.inbox(budi.session).closed, Some(4000));
    let left = Event::ParticipantLeft { participant_id: budi.id, reason: LeaveReason::Left };
    assert_eq!(world.events(ayu.session), [left]);
    assert!(matches!(&world.media[..], [MediaCommand::Leave { participant_id, .. }]
        if *participant_id == budi.id));
}

#[test]
fn a_call_is_over_when_the_last_has_left() {
    let (mut world, ayu, budi) = World::with_two();
    world.ask(budi.session, ClientRequest::Leave).expect("may leave");
    assert!(!world.call.is_over());
    world.ask(ayu.session, ClientRequest::Leave).expect("may leave");
    assert!(world.call.is_over());
}

#[test]
fn numbers_are_not_given_twice() {
    let (mut world, _, budi) = World::with_two();
    world.ask(budi.session, ClientRequest::Leave).expect("may leave");
    let rini = world.join(guest("Rini"));
    let snapshot = &world.joined(rini.session).snapshot;
    assert_eq!(snapshot.participants.last().map(|who| who.number), Some(3));
}

#[test]
fn a_whip_client_hears_nothing_but_its_answer_and_its_end() {
    let mut world = World::new();
    let entry = world.entry(guest("Encoder"));
    let kind = SessionKind::MediaOnly(Subscription::None);
    let encoder = world.join_as(Entry { kind, ..entry });
    let siti = world.join(guest("Siti"));
    world.ask(siti.session, ClientRequest::SetHand { is_raised: true }).expect("may raise");
    assert_eq!(world.events(encoder.session), []);
    assert_eq!(world.events(siti.session).len(), 1);
}

#[test]
fn a_whip_client_without_media_for_30_s_is_out() {
    let mut world = World::new();
    let siti = world.join(guest("Siti"));
    let entry = world.entry(guest("Encoder"));
    let kind = SessionKind::MediaOnly(Subscription::None);
    let encoder = world.join_as(Entry { kind, ..entry });
    world.pass(Duration::from_secs(30));
    let left = Event::Left { reason: LeaveReason::ConnectionLost, retry_after_ms: None };
    assert_eq!(world.events(encoder.session), [left]);
    assert_eq!(world.inbox(encoder.session).closed, Some(4000));
    let reason = LeaveReason::ConnectionLost;
    let gone = Event::ParticipantLeft { participant_id: encoder.id, reason };
    assert_eq!(world.events(siti.session).last(), Some(&gone));
}

#[test]
fn somebody_new_is_connecting_until_media_flows() {
    let (mut world, ayu, budi) = World::with_two();
    use jumpa_protocol::control::ParticipantMediaEvent::Connected;
    world.call.media_event(budi.id, Connected, world.now);
    world.drain();
    let connection = ConnectionState::Connected;
    let changed = Event::ConnectionChanged { participant_id: budi.id, connection };
    assert_eq!(world.events(ayu.session), std::slice::from_ref(&changed));
    assert_eq!(world.events(budi.session), [changed]);
}

#[test]
fn a_new_offer_is_answered_by_the_media_plane() {
    let (mut world, _, budi) = World::with_two();
    let request = ClientRequest::Negotiate { offer: "more".to_owned() };
    let message = jumpa_protocol::signal::ClientMessage { request_id: 77, request };
    world.call.request(budi.session, message, world.now);
    world.drain();
    world.answer_media();
    let answer = ServerMessage::Negotiated { request_id: 77, answer: "answer".to_owned() };
    assert_eq!(world.inbox(budi.session).answers, [answer]);
}

#[test]
fn too_many_open_offers_are_refused() {
    let (mut world, _, budi) = World::with_two();
    for _ in 0..2 {
        let request = ClientRequest::Negotiate { offer: "more".to_owned() };
        let message = jumpa_protocol::signal::ClientMessage { request_id: 77, request };
        world.call.request(budi.session, message, world.now);
    }
    let third = ClientRequest::Negotiate { offer: "more".to_owned() };
    assert_eq!(world.ask(budi.session, third), Err(ErrorCode::NotAllowedNow));
}
