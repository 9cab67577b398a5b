//! Whole calls over links that are good or bad.

mod world;

use std::time::{Duration, SystemTime};

use jumpa_netsim::{LinkConfig, Loss};
use jumpa_protocol::{MediaKind, SourceKind, signal::SlotState};
use world::{Camera, Frame, MS, SECOND, Settings, World, home, lossy};

/// Runs a call of two over such links for ten seconds, and gives the frames that the second saw
/// after the first second.
fn frames_over(link: LinkConfig, camera: Camera) -> Vec<Frame> {
    let mut world = World::new();
    let codecs = vec![camera.codec];
    let [a, b] = std::array::from_fn(|_| {
        world.join_with(link, Settings { codecs: codecs.clone(), ..Settings::default() })
    });
    world.publish(a, camera);
    world.view(b, &[(a, 180)]);
    world.settle();
    world.run(SECOND);
    let start = world.time();
    world.run(SECOND * 10);
    let (up, down) = (world.clients[a].path.stats().0, world.clients[b].path.stats().1);
    assert_eq!(link.loss != Loss::None, up.packets_lost > 5 && down.packets_lost > 5);
    let mut frames = Frame::decodable(world.clients[b].pictures_on(0));
    frames.retain(|frame| frame.at >= start);
    frames
}

#[test]
fn two_people_see_and_hear_each_other() {
    let mut world = World::new();
    let [a, b] = world.join_many(home(), &Camera::small());
    world.view(a, &[(b, 180)]);
    world.view(b, &[(a, 180)]);
    world.settle();
    world.run(SECOND * 3);
    for (viewer, other) in [(a, b), (b, a)] {
        let client = &world.clients[viewer];
        assert!(
            client
                .pictures
                .iter()
                .all(|picture| { picture.is_named_rightly() && picture.owner == other as u32 })
        );
        let frames = Frame::decodable(client.pictures_on(0));
        assert!((70..=76).contains(&frames.len()), "{} frames", frames.len());
        assert!(Frame::longest_gap(&frames) < MS * 60);
        let sounds = client.sounds.iter().filter(|sound| sound.is_of(other)).count();
        assert!((140..=151).contains(&sounds), "{sounds} sounds");
        let playing =
            SlotState::Playing { participant_id: world.id(other), source: SourceKind::Camera };
        assert_eq!(world.slot_state(viewer, MediaKind::Video, 0), playing);
    }
}

#[test]
fn a_call_with_h264_is_forwarded_like_any_other() {
    let frames = frames_over(home(), Camera::small().h264());
    assert!(frames.len() >= 248, "{} of 250 frames", frames.len());
}

#[test]
fn ten_percent_loss_on_both_links_is_repaired() {
    let frames = frames_over(lossy(0.1), Camera::small());
    assert!(frames.len() >= 235, "{} of 250 frames", frames.len());
    let freeze = Frame::longest_gap(&frames);
    assert!(freeze < MS * 800, "frozen for {freeze:?}");
}

#[test]
fn bursts_of_loss_with_jitter_are_repaired() {
    let link = LinkConfig {
        loss: Loss::bursts(0.05, 4.0),
        jitter: MS * 30,
        reorder: 0.01,
        duplicate: 0.01,
        ..home()
    };
    let frames = frames_over(link, Camera::small());
    assert!(frames.len() >= 225, "{} of 250 frames", frames.len());
}

#[test]
fn reordering_and_duplicates_alone_have_no_effect() {
    let link = LinkConfig { reorder: 0.05, duplicate: 0.05, ..home() };
    let frames = frames_over(link, Camera::small());
    assert!(frames.len() >= 248, "{} of 250 frames", frames.len());
    assert!(Frame::longest_gap(&frames) < MS * 150);
}

#[test]
fn a_long_way_delays_and_costs_nothing() {
    let frames = frames_over(LinkConfig::delay(MS * 150), Camera::small());
    assert!(frames.len() >= 248, "{} of 250 frames", frames.len());
    assert!(Frame::longest_gap(&frames) < MS * 80);
}

#[test]
fn somebody_who_joins_sees_the_others_at_once() {
    let mut world = World::new();
    let [a, b] = world.join_many(home(), &Camera::small());
    world.view(a, &[(b, 180)]);
    world.settle();
    world.run(SECOND * 2);
    let late = world.join(home());
    world.view(late, &[(a, 180), (b, 180)]);
    let took = world.run_until(SECOND, |world| {
        let client = &world.clients[late];
        (0..2).all(|slot| !Frame::decodable(client.pictures_on(slot)).is_empty())
    });
    assert!(took < MS * 300, "{took:?}");
}

#[test]
fn somebody_who_leaves_is_gone_and_the_others_stay() {
    let mut world = World::new();
    let [a, b, c] = world.join_many(home(), &Camera::small());
    world.view(a, &[(b, 180), (c, 180)]);
    world.settle();
    world.run(SECOND);
    world.leave(b);
    world.run(MS * 100);
    world.forget();
    world.run(SECOND * 2);
    let client = &world.clients[a];
    assert_eq!(client.pictures_on(0).count(), 0);
    assert!(client.pictures_on(1).count() > 45);
    assert!(client.sounds.iter().all(|sound| sound.is_of(c)));
    assert!(world.clients[b].is_gone, "it was told goodbye");
}

#[test]
fn a_participant_that_comes_back_is_seen_in_the_same_slot() {
    let mut world = World::new();
    let [a, b] = world.join_many(home(), &Camera::small());
    world.view(a, &[(b, 180)]);
    world.settle();
    world.leave(b);
    world.run(MS * 100);
    world.clients[b].is_gone = true;
    world.rejoin(b, home());
    world.publish(b, Camera::small());
    world.settle();
    world.forget();
    world.run(SECOND);
    assert!(world.clients[a].pictures_on(0).count() > 20);
}

#[test]
fn no_slot_names_somebody_whose_connection_has_closed() {
    let mut world = World::new();
    let [a, b] = world.join_many(LinkConfig::default(), &Camera::small());
    world.settle();
    world.run(SECOND);
    let playing =
        SlotState::Playing { participant_id: world.id(b), source: SourceKind::Microphone };
    assert_eq!(world.slot_state(a, MediaKind::Audio, 0), playing);
    // The goodbye comes just after the room looked who is heard, which it does every 100 ms.
    let since_look = world.time().as_micros() as u64 % 100_000;
    world.run(MS * 105 - Duration::from_micros(since_look));
    let now = world.now;
    world.clients[b].caller.close(now);
    world.run_until(MS * 20, |world| world.room.local_ufrag(world.id(b)).is_none());
    world.run(MS);
    assert_eq!(world.slot_state(a, MediaKind::Audio, 0), SlotState::Empty);
}

#[test]
fn a_call_costs_nothing_when_everybody_left() {
    let mut world = World::new();
    let [a, b] = world.join_many(home(), &Camera::small());
    world.settle();
    world.leave(a);
    world.leave(b);
    world.run(SECOND);
    assert!(world.room.is_empty());
    assert_eq!(world.room.poll_timeout(), None);
}

#[test]
fn receivers_learn_when_sound_and_pictures_were_captured() {
    let mut world = World::new();
    let [a, b] = [world.join(home()), world.join(home())];
    let lag = MS * 150;
    world.publish(a, Camera { lag, ..Camera::small() });
    world.speak(a, 20);
    world.view(b, &[(a, 180)]);
    world.settle();
    world.run(SECOND * 4);
    world.forget();
    world.run(SECOND * 2);
    let camera = world.clients[a].camera(SourceKind::Camera);
    let (next, interval, frames) = (camera.next_frame, camera.frame_interval, camera.frames(180));
    let next = next - jumpa_netsim::epoch();
    // What each packet's report says, less when it was captured.
    let shown = world.clients[b].pictures.iter().map(|picture| {
        picture.captured.unwrap() - (next - interval * (frames - picture.frame) - lag)
    });
    let mut differences: Vec<SystemTime> = shown.collect();
    let both_links = MS * 30;
    let heard = world.clients[b].sounds.iter();
    differences.extend(heard.map(|sound| sound.captured.unwrap() - (sound.at - both_links)));
    differences.sort_unstable();
    let apart = differences.last().unwrap().duration_since(differences[0]).unwrap();
    assert!(differences.len() >= 140 && apart < MS * 15, "{apart:?} of {}", differences.len());
}
