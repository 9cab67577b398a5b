use jumpa_netsim::epoch;

use super::*;
use crate::test_packet::{keyframe, layer_packet, packet};

fn at(ms: u64) -> Instant {
    epoch() + Duration::from_millis(ms)
}

fn camera() -> Source {
    let number = SourceNumber::new(1, SourceKind::Camera);
    let mut camera = Source::new(SourceKind::Camera, Line(1), number, epoch());
    camera.set_open(true);
    camera
}

/// Sends one packet of each named encoding per 100 ms.
fn send(camera: &mut Source, rids: &[&str], from_ms: u64, to_ms: u64) {
    for ms in (from_ms..to_ms).step_by(100) {
        for rid in rids {
            camera.note(&layer_packet(rid, ms, ms), at(ms));
        }
    }
}

fn live(camera: &mut Source, ms: u64) -> Vec<Option<Layer>> {
    let ladder = camera.ladder(at(ms));
    let live = ladder.rungs().iter().filter(|rung| rung.is_live);
    live.map(|rung| camera.layer_of_tag(rung.tag)).collect()
}

#[test]
fn a_source_without_payload_is_not_live() {
    assert!(!camera().is_live());
    assert!(camera().ladder(at(0)).rungs().is_empty());
}

#[test]
fn an_encoding_that_stops_is_not_live_any_more() {
    let mut camera = camera();
    send(&mut camera, &["q", "h", "f"], 0, 2_000);
    send(&mut camera, &["q", "h"], 2_000, 4_000);
    assert_eq!(live(&mut camera, 4_000), [Some(Layer::Q), Some(Layer::H)]);
}

#[test]
fn a_source_that_pauses_as_a_whole_keeps_its_layers() {
    let mut camera = camera();
    send(&mut camera, &["q", "h"], 0, 2_000);
    assert_eq!(live(&mut camera, 9_000).len(), 2);
}

#[test]
fn an_encoding_that_begins_or_comes_back_says_so() {
    let mut camera = camera();
    let begins = |camera: &mut Source, rid: &str, ms: u64| {
        camera.note(&layer_packet(rid, ms, ms), at(ms)).is_some_and(|noted| noted.has_begun)
    };
    assert!(begins(&mut camera, "q", 0));
    assert!(begins(&mut camera, "f", 10));
    assert!(!begins(&mut camera, "f", 20));
    send(&mut camera, &["q"], 100, 3_000);
    assert!(begins(&mut camera, "f", 3_000));
}

#[test]
fn layers_are_ordered_by_the_size_that_was_seen_not_by_their_name() {
    let mut camera = camera();
    camera.note(&keyframe(layer_packet("q", 1, 0), 720), at(0));
    camera.note(&keyframe(layer_packet("f", 1, 0), 180), at(0));
    let ladder = camera.ladder(at(10));
    let seen = ladder.rungs().iter().filter(|rung| rung.was_seen);
    let heights: Vec<_> = seen.map(|rung| (camera.layer_of_tag(rung.tag), rung.height)).collect();
    assert_eq!(heights, [(Some(Layer::F), 180), (Some(Layer::Q), 720)]);
}

#[test]
fn heights_that_were_not_seen_are_guessed_from_the_neighbours() {
    let mut camera = camera();
    camera.note(&keyframe(layer_packet("q", 1, 0), 90), at(0));
    let heights: Vec<u16> = camera.ladder(at(10)).rungs().iter().map(|rung| rung.height).collect();
    assert_eq!(heights, [90, 180, 360]);
}

#[test]
fn a_source_with_one_encoding_has_one_rung() {
    let mut screen = camera();
    screen.note(&packet(9, 1, 0), at(0));
    assert_eq!(screen.ladder(at(10)).rungs().len(), 1);
    assert!(!screen.has_named_layers());
}

#[test]
fn a_fifth_encoding_is_refused() {
    let mut camera = camera();
    for rid in ["a", "b", "c", "d"] {
        assert!(camera.note(&layer_packet(rid, 1, 0), at(0)).is_some());
    }
    assert_eq!(camera.note(&layer_packet("e", 1, 0), at(0)), None);
}

#[test]
fn closing_a_source_ends_its_life_until_new_payload_comes() {
    let mut camera = camera();
    send(&mut camera, &["q"], 0, 1_000);
    camera.set_open(false);
    camera.set_open(true);
    assert!(!camera.is_live());
    let noted = camera.note(&layer_packet("q", 2_000, 2_000), at(2_000));
    assert!(noted.is_some_and(|noted| noted.has_begun));
}

#[test]
fn a_still_picture_is_still_expected_to_move() {
    let mut camera = camera();
    let still = MediaPacket { payload: vec![0; 20].into(), ..layer_packet("f", 0, 0) };
    for seq in 0..50 {
        camera.note(&MediaPacket { seq, ..still.clone() }, at(seq * 100));
    }
    let ladder = camera.ladder(at(5_000));
    let cost = ladder.rungs().iter().find(|rung| rung.was_seen).map(|rung| rung.bitrate_bps);
    assert_eq!(cost, Some(1_500_000 / 4));
}
