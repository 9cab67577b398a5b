//! Who is where, and that pictures are the right way up.

use std::process::Command;

use jumpa_composer::picture::{Area, Picture};
use jumpa_protocol::{SourceKind, recording::RecordingLayout};
use jumpa_recorded::{
    VideoCodec,
    composing::{ComposedKind, Composition},
    events::LogEvent,
};

use crate::{
    decoded::{Decoded, loudness, probe, samples},
    recording::{BLUE, GREEN, RED, Recording},
};

#[test]
fn who_speaks_takes_the_stage_and_a_shared_screen_takes_it_from_them() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    let budi = recording.joins(0, "Budi");
    recording.camera(siti, (0, 3_000), RED);
    recording.camera(budi, (0, 3_000), GREEN);
    recording.log(0, LogEvent::SpeakersChanged { participant_ids: vec![siti] });
    recording.log(1_000, LogEvent::SpeakersChanged { participant_ids: vec![budi, siti] });
    let screen = (siti, SourceKind::Screen);
    recording.pictures(screen, (2_000, 3_000), VideoCodec::Vp8, |_| Picture::new(640, 360, BLUE));
    let composite = recording.composite(RecordingLayout::Speaker, 3_000);
    let (stage, below) = ((320, 135), (320, 320));
    composite.assert_color(500, stage, RED);
    composite.assert_color(500, below, GREEN);
    composite.assert_color(1_500, stage, GREEN);
    composite.assert_color(1_500, below, RED);
    composite.assert_color(2_500, stage, BLUE);
    composite.assert_color(2_500, (260, 320), RED);
    composite.assert_color(2_500, (380, 320), GREEN);
}

#[test]
fn h264_stands_beside_vp8() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    let budi = recording.joins(0, "Budi");
    recording.camera(siti, (0, 2_000), RED);
    let camera = (budi, SourceKind::Camera);
    recording.pictures(camera, (0, 2_000), VideoCodec::H264, |at_ms| {
        Picture::new(320, 180, if at_ms < 1_000 { GREEN } else { BLUE })
    });
    let composite = recording.composite(RecordingLayout::SideBySide, 2_000);
    composite.assert_color(500, (160, 180), RED);
    composite.assert_color(500, (480, 180), GREEN);
    composite.assert_color(1_500, (480, 180), BLUE);
}

#[test]
fn a_telephone_that_is_turned_stays_upright() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    let camera = (siti, SourceKind::Camera);
    // The left half of what is sent is above when it is turned clockwise.
    recording.pictures(camera, (0, 2_000), VideoCodec::Vp8, |_| {
        let mut picture = Picture::new(320, 180, GREEN);
        picture.fill(Area { x: 0, y: 0, width: 160, height: 180 }, RED);
        picture
    });
    let turned = LogEvent::PictureTurned {
        participant_id: siti,
        source: SourceKind::Camera,
        from_ms: 1_000,
        degrees: 90,
    };
    recording.log(1_400, turned);
    let composite = recording.composite(RecordingLayout::Single, 2_000);
    composite.assert_color(500, (100, 180), RED);
    composite.assert_color(500, (540, 180), GREEN);
    composite.assert_color(1_500, (320, 90), RED);
    composite.assert_color(1_500, (320, 270), GREEN);
}

#[test]
fn names_and_the_logo_lie_on_the_pictures() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti Rahayu");
    recording.camera(siti, (0, 1_000), RED);
    let logo = recording.folder().join("logo.png");
    let drawn = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "color=c=0x0000ff:size=200x100", "-frames:v"])
        .arg("1")
        .arg(&logo)
        .status();
    assert!(drawn.unwrap().success());
    let order = Composition {
        has_names: true,
        logo: Some(logo),
        ..recording.order(ComposedKind::Composite, RecordingLayout::Grid)
    };
    recording.compose(&order, 1_000).unwrap();
    let composite = Decoded::read(&recording.folder().join("composite.mp4"));
    // A tenth of the height and twice as wide, in the corner at the top right.
    composite.assert_color(500, (588, 34), BLUE);
    composite.assert_color(500, (540, 34), RED);
    composite.assert_color(500, (588, 60), RED);
    let label: Vec<[u8; 3]> = (10..100)
        .flat_map(|x| (330..352).map(move |y| (x, y)))
        .map(|at| composite.color(500, at))
        .collect();
    assert!(label.iter().filter(|color| color[0] > 180).count() > 50, "letters are light");
    assert!(label.iter().filter(|color| color[0] < 60).count() > 200, "behind them it is dark");
}

#[test]
fn a_logo_that_is_no_image_is_left_out() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (0, 1_000), RED);
    let logo = recording.folder().join("logo.png");
    std::fs::write(&logo, "no image").unwrap();
    let order = Composition {
        logo: Some(logo),
        ..recording.order(ComposedKind::Composite, RecordingLayout::Grid)
    };
    recording.compose(&order, 1_000).unwrap();
    let composite = Decoded::read(&recording.folder().join("composite.mp4"));
    composite.assert_color(500, (588, 34), RED);
}

#[test]
fn a_picture_that_grows_goes_on() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    let camera = (siti, SourceKind::Camera);
    recording.pictures(camera, (0, 1_000), VideoCodec::Vp8, |_| Picture::new(320, 180, RED));
    recording
        .pictures(camera, (1_000, 2_000), VideoCodec::Vp8, |_| Picture::new(1_280, 720, GREEN));
    let composite = recording.composite(RecordingLayout::Grid, 2_000);
    composite.assert_color(900, (320, 180), RED);
    composite.assert_color(1_200, (320, 180), GREEN);
}

#[test]
fn sound_alone_is_a_file_without_pictures_and_with_a_poster() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (500, 2_000), RED);
    recording.microphone(siti, (1_000, 3_000), 440.0);
    let order = recording.order(ComposedKind::AudioOnly, RecordingLayout::Grid);
    let files = recording.compose(&order, 4_000).unwrap();
    assert_eq!(files, ["audio.m4a", "poster.jpg"]);
    let path = recording.folder().join("audio.m4a");
    assert_eq!(probe(&path, "stream=codec_name"), "aac");
    let samples = samples(&path);
    assert!(samples.len().abs_diff(4 * 48_000) <= 2_048);
    let hears = |at_ms| loudness(&samples, at_ms, 440.0) > 0.5;
    assert_eq!([500, 1_500, 2_500, 3_500].map(hears), [false, true, true, false]);
}

#[test]
fn a_poster_alone_is_of_a_camera() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (0, 1_000), RED);
    let order = recording.order(ComposedKind::Poster, RecordingLayout::Grid);
    assert_eq!(recording.compose(&order, 1_000).unwrap(), ["poster.jpg"]);
    assert_eq!(probe(&recording.folder().join("poster.jpg"), "stream=width,height"), "640\n360");
}
