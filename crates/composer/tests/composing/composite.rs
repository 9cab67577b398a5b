//! Everybody in one picture, with all voices.

use std::fs;

use jumpa_protocol::{SourceKind, recording::RecordingLayout, signal::SourceState};
use jumpa_recorded::composing::ComposedKind;

use crate::{
    decoded::{Decoded, probe},
    recording::{BLUE, GREEN, RED, Recording},
};

/// Behind everything, where nobody is.
const EMPTY: [u8; 3] = [29, 130, 125];

#[test]
fn everybody_is_seen_and_heard_where_and_when_they_are_there() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (0, 6_000), RED);
    recording.microphone(siti, (0, 6_000), 440.0);
    let budi = recording.joins(2_000, "Budi");
    recording.camera(budi, (2_000, 3_000), GREEN);
    recording.microphone(budi, (2_000, 5_000), 880.0);
    recording.camera(budi, (4_000, 5_000), GREEN);
    recording.leaves(5_000, budi);
    recording.leaves(6_000, siti);
    let dewi = recording.joins(7_000, "Dewi");
    recording.camera(dewi, (7_000, 8_000), BLUE);
    let files = recording
        .compose(&recording.order(ComposedKind::Composite, RecordingLayout::Grid), 8_000)
        .unwrap();
    assert_eq!(files, ["composite.mp4", "poster.jpg"]);
    let path = recording.folder().join("composite.mp4");
    let composite = Decoded::read(&path);

    assert_eq!(composite.picture_count(), 240);
    assert!(composite.sample_count().abs_diff(8 * 48_000) <= 2_048);
    let (middle, left, right) = ((320, 180), (160, 180), (480, 180));
    composite.assert_color(1_000, middle, RED);
    composite.assert_color(2_500, left, RED);
    composite.assert_color(2_500, right, GREEN);
    // Muted: an avatar on a dark tile.
    assert_ne!(composite.color(3_500, right)[1], GREEN[1]);
    composite.assert_color(3_500, (350, 100), [45, 132, 124]);
    composite.assert_color(4_500, right, GREEN);
    composite.assert_color(5_500, middle, RED);
    composite.assert_color(6_500, middle, EMPTY);
    composite.assert_color(7_500, middle, BLUE);
    for (at_ms, siti, budi) in [
        (1_000, true, false),
        (2_500, true, true),
        (3_500, true, true),
        (5_500, true, false),
        (6_500, false, false),
        (7_500, false, false),
    ] {
        assert_eq!(composite.hears(at_ms, 440.0), siti, "Siti at {at_ms}");
        assert_eq!(composite.hears(at_ms, 880.0), budi, "Budi at {at_ms}");
    }

    assert_eq!(probe(&path, "stream=codec_name"), "h264\naac");
    assert_eq!(probe(&path, "stream=width,height"), "640\n360");
    assert!(probe(&path, "format=duration").starts_with("8.0"));
    let head = fs::read(&path).unwrap();
    let at = |name: &[u8]| head.windows(4).position(|bytes| bytes == name).unwrap();
    assert!(at(b"moov") < at(b"mdat"), "the index stands in front");
    assert_eq!(probe(&recording.folder().join("poster.jpg"), "stream=width"), "640");
    let parts = fs::read_dir(recording.folder()).unwrap();
    let names = parts.map(|part| part.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with("composite")).count(), 1);
}

#[test]
fn a_camera_whose_state_nobody_told_is_not_shown() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (0, 1_000), RED);
    recording.source(0, (siti, SourceKind::Camera), SourceState::Off);
    let composite = recording.composite(RecordingLayout::Single, 1_000);
    assert_ne!(composite.color(500, (320, 40))[2], RED[2]);
}
