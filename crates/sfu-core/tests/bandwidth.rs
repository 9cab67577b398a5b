//! Downlinks that carry less than everything.

mod world;

use std::time::Duration;

use jumpa_netsim::LinkConfig;
use jumpa_protocol::{
    MediaKind, SourceKind,
    signal::{QualityCause, QualityLevel, SlotState},
};
use world::{Camera, Frame, MS, SECOND, World, home};

fn limited(bps: u64) -> LinkConfig {
    LinkConfig { rate_bps: Some(bps), queue: MS * 200, ..home() }
}

/// How a receiver fares whose downlink carries much, then little, then much.
struct Drop {
    /// How long it took until the lower layer was there.
    until_low: Duration,
    /// The longest time without a picture.
    freeze: Duration,
    /// The share of sound that came once the lower layer had to be there, in hundredths.
    heard: usize,
}

fn drop_the_rate() -> Drop {
    let mut world = World::new();
    let publisher = world.join(home());
    world.publish(publisher, Camera::simulcast());
    world.speak(publisher, 30);
    let [poor, rich] = [world.join(home()), world.join(home())];
    world.view(poor, &[(publisher, 720)]);
    world.view(rich, &[(publisher, 720)]);
    world.clients[poor].path.down().configure(limited(2_000_000));
    world.run_until(SECOND * 10, |world| {
        world.clients[1..].iter().all(|client| client.height(0) == Some(720))
    });
    world.run(SECOND * 2);

    let dropped_at = world.time();
    world.clients[poor].path.down().configure(limited(300_000));
    let until_low = world.run_until(SECOND * 5, |world| world.clients[poor].height(0) == Some(180));
    world.run(SECOND * 5);
    let restored_at = world.time();
    world.clients[poor].path.down().configure(limited(2_000_000));
    world.run_until(SECOND * 40, |world| world.clients[poor].height(0) == Some(720));

    let freeze = Frame::longest_gap(&Frame::decodable(world.clients[poor].pictures_on(0)));
    // Until the lower layer is there the full queue of the link drops sound and pictures alike.
    let adapted_at = dropped_at + SECOND * 2;
    let sounds = world.clients[poor].sounds.iter();
    let heard = sounds.filter(|sound| (adapted_at..restored_at).contains(&sound.at)).count();
    let spoken = ((restored_at - adapted_at).as_millis() / 20) as usize;

    let mut others = world.clients[rich].pictures_on(0);
    assert!(others.all(|picture| picture.at < dropped_at || picture.height == 720));
    let gap = Frame::longest_gap(&Frame::decodable(world.clients[rich].pictures_on(0)));
    assert!(gap < MS * 150, "the other receiver saw a gap of {gap:?}");
    assert!(world.qualities(rich).iter().all(|(level, _)| *level == QualityLevel::Good));
    Drop { until_low, freeze, heard: heard * 100 / spoken }
}

/// The estimator of the library probes by chance, so no two runs are alike: what is usual is asked
/// for. The other receiver notices nothing in any of them.
#[test]
fn a_rate_drop_costs_the_receiver_its_layer_and_nobody_else_anything() {
    let drops: [Drop; 5] = std::array::from_fn(|_| drop_the_rate());
    let until_low = usual(drops.each_ref().map(|drop| drop.until_low));
    assert!(until_low < SECOND * 2, "the lower layer came after {until_low:?}");
    let freeze = usual(drops.each_ref().map(|drop| drop.freeze));
    // Where the estimate falls below the lowest layer, the picture is paused for some seconds.
    assert!(freeze < SECOND * 6, "frozen for {freeze:?}");
    let heard = usual(drops.each_ref().map(|drop| drop.heard));
    assert!(heard >= 90, "{heard} of 100 packets of sound");
}

/// The one in the middle.
fn usual<T: Ord + Copy>(mut all: [T; 5]) -> T {
    all.sort();
    all[2]
}

#[test]
fn the_cause_of_a_low_layer_is_told() {
    let mut world = World::new();
    let publisher = world.join(home());
    world.publish(publisher, Camera::simulcast());
    let poor = world.join(limited(400_000));
    world.publish(poor, Camera::small());
    world.view(poor, &[(publisher, 720)]);
    world.run(SECOND * 15);
    let fair = (QualityLevel::Fair, Some(QualityCause::DownlinkBandwidth));
    assert_eq!(world.qualities(poor).last(), Some(&fair));
}

#[test]
fn a_picture_that_does_not_fit_is_paused_with_a_notice_and_comes_back() {
    let mut world = World::new();
    let publisher = world.join(home());
    world.publish(publisher, Camera::with(&[("q", 180, 150_000)]));
    world.speak(publisher, 30);
    let poor = world.join(home());
    world.view(poor, &[(publisher, 180)]);
    world.settle();
    world.run(SECOND * 2);
    let (participant_id, source) = (world.id(publisher), SourceKind::Camera);
    let playing = SlotState::Playing { participant_id, source };
    assert_eq!(world.slot_state(poor, MediaKind::Video, 0), playing);

    world.clients[poor].path.down().configure(limited(110_000));
    let paused = SlotState::Paused { participant_id, source };
    world.run_until(SECOND * 10, |world| world.slot_state(poor, MediaKind::Video, 0) == paused);
    world.run(SECOND * 2);
    world.forget();
    world.run(SECOND * 2);
    let sounds = world.clients[poor].sounds.len();
    assert!(sounds >= 80, "{sounds} of 100 packets of sound");

    world.clients[poor].path.down().configure(home());
    world.run_until(SECOND * 30, |world| world.slot_state(poor, MediaKind::Video, 0) == playing);
}

#[test]
fn everybody_is_seen_small_before_anybody_is_seen_large() {
    let mut world = World::with_estimate(800_000);
    let [a, b, c] = world.join_many(home(), &Camera::simulcast());
    let poor = world.join(limited(900_000));
    world.view(poor, &[(a, 720), (b, 720), (c, 720)]);
    world.settle();
    world.run(SECOND * 15);
    let heights: Vec<_> = (0..3).map(|slot| world.clients[poor].height(slot)).collect();
    assert!(heights.iter().all(Option::is_some), "{heights:?}");
    let frames: Vec<_> =
        (0..3).map(|slot| Frame::decodable(world.clients[poor].pictures_on(slot)).len()).collect();
    assert!(frames.iter().all(|frames| *frames > 100), "{frames:?}");
}

#[test]
fn layers_that_nobody_needs_are_switched_off_and_come_back_on_demand() {
    let mut world = World::with_estimate(5_000_000);
    let publisher = world.join(home());
    world.publish(publisher, Camera::simulcast());
    let viewer = world.join(home());
    world.view(viewer, &[(publisher, 180)]);
    world.settle();
    world.run(SECOND * 9);
    assert_eq!(world.layers_wanted(publisher), None);
    world.run(SECOND * 3);
    assert_eq!(world.clients[publisher].camera(SourceKind::Camera).active(), ["q"]);

    world.view(viewer, &[(publisher, 720)]);
    let took = world.run_until(SECOND * 5, |world| world.clients[viewer].height(0) == Some(720));
    assert!(took < SECOND * 2, "{took:?}");
    let gap = Frame::longest_gap(&Frame::decodable(world.clients[viewer].pictures_on(0)));
    assert!(gap < MS * 150, "{gap:?}");
}

#[test]
fn layers_are_chosen_by_the_size_that_was_seen() {
    let mut world = World::with_estimate(5_000_000);
    let publisher = world.join(home());
    // As Chromium sends a small camera: the top encoding is missing, the others are one size up.
    world.publish(publisher, Camera::with(&[("q", 360, 200_000), ("h", 720, 500_000)]));
    let viewer = world.join(home());
    world.view(viewer, &[(publisher, 360)]);
    world.settle();
    world.run(SECOND * 2);
    assert_eq!(world.clients[viewer].height(0), Some(360));
    world.view(viewer, &[(publisher, 720)]);
    world.run(SECOND * 2);
    assert_eq!(world.clients[viewer].height(0), Some(720));
}
