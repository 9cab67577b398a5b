//! What stands in which slot.

mod world;

use jumpa_netsim::LinkConfig;
use jumpa_protocol::{
    MediaKind, SourceKind,
    control::{ParticipantMediaEvent, Subscription},
    signal::{SlotState, SlotView},
};
use jumpa_rtc::{Codec, Line};
use world::{Camera, Frame, MS, SECOND, Settings, World, home};

/// Slots of the pictures that are seen, with owner and sequence number.
fn owners(world: &World, viewer: usize, slot: u16) -> Vec<u32> {
    let mut pictures: Vec<_> = world.clients[viewer].pictures_on(slot).collect();
    pictures.sort_by_key(|picture| picture.seq);
    let mut owners: Vec<u32> = pictures.iter().map(|picture| picture.owner).collect();
    owners.dedup();
    owners
}

#[test]
fn a_reassigned_slot_never_shows_the_old_source_after_the_new_one() {
    let mut world = World::new();
    let [viewer, x, y] = world.join_many(home(), &Camera::small());
    world.view(viewer, &[(x, 180)]);
    world.settle();
    world.run(SECOND);
    world.view(viewer, &[(y, 180)]);
    let until_y = world.run_until(SECOND, |world| {
        world.clients[viewer].pictures_on(0).any(|picture| picture.owner == y as u32)
    });
    world.run(SECOND);
    assert!(until_y < MS * 200, "{until_y:?}");
    assert_eq!(owners(&world, viewer, 0), [x as u32, y as u32]);
    let frames = Frame::decodable(world.clients[viewer].pictures_on(0));
    assert!(Frame::longest_gap(&frames) < MS * 100, "the old one goes on until the new one comes");
}

#[test]
fn one_slot_is_one_continuous_stream_whatever_it_shows() {
    let mut world = World::with_estimate(5_000_000);
    let [viewer, x, y] = world.join_many(home(), &Camera::simulcast());
    world.settle();
    for round in 0..8 {
        let height = [180, 720, 360][round % 3];
        world.view(viewer, &[([x, y][round / 2 % 2], height)]);
        world.run(MS * 600);
    }
    let mut pictures: Vec<_> = world.clients[viewer].pictures_on(0).collect();
    pictures.sort_by_key(|picture| picture.seq);
    assert!(pictures.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1));
    let frames = Frame::decodable(pictures.into_iter());
    assert!(frames.len() > 100, "{} frames", frames.len());
    for pair in frames.windows(2) {
        let ids = pair.iter().filter_map(|frame| frame.picture_id).collect::<Vec<_>>();
        // A frame that was cut off by the switch has an id as well.
        let distance = ids[1].wrapping_sub(ids[0]) & 0x7fff;
        assert!((1..=2).contains(&distance), "picture ids {ids:?}");
        let ticks = u128::from(pair[1].timestamp.wrapping_sub(pair[0].timestamp));
        let passed = (pair[1].at - pair[0].at).as_micros() * 90 / 1_000;
        assert!(ticks.abs_diff(passed) < 90 * 80, "{ticks} ticks in {passed}");
    }
}

#[test]
fn a_source_that_is_closed_is_neither_seen_nor_heard() {
    let mut world = World::new();
    let [viewer, other] = world.join_many(home(), &Camera::small());
    world.speak(other, 20);
    world.view(viewer, &[(other, 180)]);
    world.settle();
    world.run(SECOND);
    assert_eq!(world.speakers(), [world.id(other)]);
    world.open(other, SourceKind::Camera, false);
    world.open(other, SourceKind::Microphone, false);
    world.run(MS * 100);
    assert_eq!(world.speakers(), []);
    world.forget();
    world.run(SECOND * 2);
    assert!(world.clients[viewer].pictures.is_empty());
    assert!(world.clients[viewer].sounds.is_empty());
    assert!(world.stats().packets_dropped_closed > 100, "its client goes on sending");

    world.open(other, SourceKind::Camera, true);
    let took = world.run_until(SECOND, |world| {
        !Frame::decodable(world.clients[viewer].pictures_on(0)).is_empty()
    });
    assert!(took < MS * 200, "{took:?}");
}

#[test]
fn a_camera_that_starts_is_not_asked_for_the_keyframe_it_begins_with() {
    let mut world = World::new();
    let [viewer, publisher] = [world.join(home()), world.join(home())];
    world.view(viewer, &[(publisher, 180)]);
    world.settle();
    world.publish(publisher, Camera::small());
    world.run(SECOND);
    assert!(Frame::decodable(world.clients[viewer].pictures_on(0)).len() > 20);
    assert!(world.clients[publisher].keyframe_requests.is_empty());
}

#[test]
fn a_codec_that_the_receiver_does_not_take_is_not_told_to_play() {
    let mut world = World::new();
    let publisher =
        world.join_with(home(), Settings { codecs: vec![Codec::H264], ..Settings::default() });
    world.publish(publisher, Camera::small().h264());
    let viewer = world.join(home());
    world.view(viewer, &[(publisher, 180)]);
    world.settle();
    world.run(SECOND);
    let waiting =
        SlotState::Waiting { participant_id: world.id(publisher), source: SourceKind::Camera };
    assert_eq!(world.slot_state(viewer, MediaKind::Video, 0), waiting);
}

#[test]
fn every_source_begins_closed() {
    let mut world = World::new();
    let [viewer, other] = [world.join(home()), world.join(home())];
    let now = world.now;
    world.clients[other].set_camera(Camera::small(), now);
    world.clients[other].set_level(20, now);
    world.view(viewer, &[(other, 180)]);
    world.settle();
    world.run(SECOND);
    assert!(world.clients[viewer].pictures.is_empty());
    assert!(world.clients[viewer].sounds.is_empty());
    let waiting =
        SlotState::Waiting { participant_id: world.id(other), source: SourceKind::Camera };
    assert_eq!(world.slot_state(viewer, MediaKind::Video, 0), waiting);
}

#[test]
fn slots_can_be_added_while_media_runs() {
    let mut world = World::new();
    let others: [usize; 6] = world.join_many(home(), &Camera::small());
    let viewer = world.join(home());
    let tiles = others.map(|other| (other, 180));
    world.view(viewer, &tiles);
    world.settle();
    world.run(SECOND);
    assert_eq!(world.clients[viewer].pictures_on(5).count(), 0);
    world.grow(viewer, 9);
    world.view(viewer, &tiles);
    world.run(SECOND);
    for slot in 0..6 {
        let frames = Frame::decodable(world.clients[viewer].pictures_on(slot));
        assert_eq!(frames.first().map(|frame| frame.owner), Some(u32::from(slot)));
        assert!(Frame::longest_gap(&frames) < MS * 60, "growing costs the others nothing");
    }
}

#[test]
fn a_view_may_name_somebody_who_comes_later() {
    let mut world = World::new();
    let viewer = world.join(home());
    let views = [SlotView {
        slot: 2,
        participant_id: format!("par_{:032x}", 2).parse().expect("an id"),
        source: SourceKind::Camera,
        max_height: 180,
        priority: 0,
    }];
    let (id, now) = (world.id(viewer), world.now);
    world.room.set_view(id, &views, now);
    let late = world.join(home());
    world.publish(late, Camera::small());
    world.settle();
    world.run(SECOND);
    assert!(world.clients[viewer].pictures_on(2).count() > 20);
}

#[test]
fn ten_receivers_that_join_together_cost_the_publisher_one_keyframe() {
    let mut world = World::new();
    let publisher = world.join(home());
    world.publish(publisher, Camera::small());
    world.settle();
    world.run(SECOND);
    world.forget();
    let viewers: Vec<usize> = (0..10).map(|_| world.join(home())).collect();
    for viewer in &viewers {
        world.view(*viewer, &[(publisher, 180)]);
    }
    world.run_until(SECOND * 2, |world| {
        viewers
            .iter()
            .all(|viewer| !Frame::decodable(world.clients[*viewer].pictures_on(0)).is_empty())
    });
    world.run(SECOND);
    let requests = world.clients[publisher].keyframe_requests.len();
    assert!((1..=2).contains(&requests), "{requests} requests");
}

#[test]
fn receivers_that_ask_all_the_time_get_two_keyframes_a_second() {
    let mut world = World::new();
    let [publisher, nuisance] = world.join_many(home(), &Camera::small());
    world.view(nuisance, &[(publisher, 180)]);
    world.settle();
    world.run(SECOND);
    world.forget();
    for _ in 0..250 {
        let slot = jumpa_rtc::Slot { kind: jumpa_rtc::Kind::Video, index: 0 };
        let now = world.now;
        world.clients[nuisance].caller.request_keyframe(slot, now);
        world.run(MS * 20);
    }
    let asked = world.stats().keyframe_requests_received;
    assert!(asked > 50, "{asked} requests came");
    let requests = world.clients[publisher].keyframe_requests.len();
    assert!((5..=12).contains(&requests), "{requests} requests in five seconds");
}

#[test]
fn a_keyframe_that_does_not_come_is_asked_for_again() {
    let mut world = World::new();
    let [viewer, x, y] = world.join_many(home(), &Camera::small());
    world.view(viewer, &[(x, 180)]);
    world.settle();
    world.run(SECOND);
    world.forget();
    // The way to the publisher is cut, the way from it is not: the request gets lost.
    world.clients[y].path.down().set_cut(true);
    world.view(viewer, &[(y, 180)]);
    world.run(MS * 150);
    world.clients[y].path.down().set_cut(false);
    world.run(MS * 250);
    assert!(world.clients[viewer].pictures.iter().any(|picture| picture.owner == y as u32));
}

#[test]
fn an_encoder_that_only_publishes_receives_nothing() {
    let mut world = World::new();
    let viewer = world.join(home());
    let settings = Settings {
        audio_slots: 0,
        video_slots: 0,
        subscription: Subscription::None,
        ..Settings::default()
    };
    let encoder = world.join_with(home(), settings);
    world.publish(encoder, Camera::small());
    world.speak(encoder, 30);
    world.speak(viewer, 30);
    world.view(viewer, &[(encoder, 180)]);
    world.settle();
    world.run(SECOND);
    assert!(world.clients[viewer].pictures_on(0).count() > 20);
    assert!(world.clients[viewer].sounds.iter().any(|sound| sound.is_of(encoder)));
    assert!(world.clients[encoder].sounds.is_empty());
}

#[test]
fn a_player_sees_the_active_speaker_and_then_the_shared_screen() {
    let mut world = World::with_estimate(5_000_000);
    let [a, b] = world.join_many(home(), &Camera::small());
    let settings = Settings {
        audio_slots: 1,
        video_slots: 1,
        subscription: Subscription::Automatic,
        ..Settings::default()
    };
    let player = world.join_with(home(), settings);
    world.settle();
    for speaker in [a, b] {
        world.speak(speaker, 25);
        world.run(SECOND * 3);
        world.speak(speaker, 127);
        let last = world.clients[player].pictures_on(0).last().expect("somebody is seen");
        assert_eq!(last.owner, speaker as u32);
        assert!(world.clients[player].sounds.last().is_some_and(|sound| sound.is_of(speaker)));
    }
    world.publish(a, Camera::screen());
    world.run(SECOND);
    assert_eq!(world.clients[player].height(0), Some(1_080));
    world.open(a, SourceKind::Screen, false);
    world.run(SECOND);
    let last = world.clients[player].pictures_on(0).last().expect("somebody is seen");
    assert_eq!((last.owner, last.height), (b as u32, 180));
    assert_eq!(world.clients[a].camera(SourceKind::Screen).line, Line(2));
}

#[test]
fn a_recorder_gets_what_it_asks_for_whatever_an_estimate_would_say() {
    let mut world = World::with_estimate(100_000);
    let [a, b] = world.join_many(home(), &Camera::simulcast());
    let settings = Settings { subscription: Subscription::Recorder, ..Settings::default() };
    let recorder = world.join_with(home(), settings);
    world.view(recorder, &[(a, 720), (b, 720)]);
    world.run(SECOND * 2);
    assert_eq!(world.clients[recorder].height(0), Some(720));
    assert_eq!(world.clients[recorder].height(1), Some(720));
}

#[test]
fn a_recorder_whose_downlink_was_thin_for_seconds_is_sent_everything_at_once_again() {
    let mut world = World::new();
    let [a, b] = world.join_many(home(), &Camera::simulcast());
    let settings = Settings { subscription: Subscription::Recorder, ..Settings::default() };
    let recorder = world.join_with(home(), settings);
    world.view(recorder, &[(a, 360), (b, 360)]);
    world.settle();
    world.run(SECOND * 3);
    world.forget();
    // Of the same, people would be sent what is estimated to fit, and some pictures not at all.
    let thin = LinkConfig { rate_bps: Some(150_000), ..home() };
    world.clients[recorder].path.down().configure(thin);
    world.run(SECOND * 4);
    world.clients[recorder].path.down().configure(home());
    let returned_at = world.time();
    world.run(SECOND * 2);
    let paused = world.told(recorder).into_iter().filter(|(_, event)| {
        matches!(event, ParticipantMediaEvent::SlotChanged { state: SlotState::Paused { .. }, .. })
    });
    assert_eq!(paused.count(), 0);
    for slot in 0..2 {
        let pictures = Frame::decodable(world.clients[recorder].pictures_on(slot));
        let back = pictures.iter().filter(|frame| frame.at > returned_at + SECOND);
        assert!(back.count() > 10, "slot {slot}");
    }
}
