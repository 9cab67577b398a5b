//! Files that nobody should have made.

use std::fs;

use jumpa_composer::ComposeError;
use jumpa_protocol::{ParticipantId, SourceKind, recording::RecordingLayout};
use jumpa_recorded::{
    VideoCodec, VideoFormat,
    composing::ComposedKind,
    files::TrackName,
    webm::{TrackFormat, Writer},
};

use crate::recording::{RED, Recording, ZERO_MS};

/// Bytes without any sense, always the same.
fn dirt(length: usize, seed: u32) -> Vec<u8> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(next).collect()
}

fn spoiled(recording: &Recording, number: u32, source: SourceKind, format: &TrackFormat) {
    let participant_id = ParticipantId::generate();
    let name = TrackName { number, participant_id, source, extension: "webm" };
    let (mut writer, mut file) = Writer::begin(format);
    for index in 0..60_u64 {
        let data = dirt(200, number * 1_000 + index as u32);
        file.extend(writer.frame(index * 33, index % 10 == 0, &data));
    }
    fs::write(recording.folder().join(name.to_string()), file).unwrap();
}

#[test]
fn one_who_sends_dirt_does_not_spoil_the_composite_of_the_others() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (0, 2_000), RED);
    recording.microphone(siti, (0, 2_000), 440.0);
    let vp8 = VideoFormat { codec: VideoCodec::Vp8, size: (320, 180), configuration: Vec::new() };
    let h264 =
        VideoFormat { codec: VideoCodec::H264, size: (320, 180), configuration: dirt(30, 1) };
    spoiled(&recording, 11, SourceKind::Camera, &TrackFormat::video(vp8, ZERO_MS));
    spoiled(&recording, 12, SourceKind::Camera, &TrackFormat::video(h264, ZERO_MS));
    spoiled(&recording, 13, SourceKind::Microphone, &TrackFormat::opus(ZERO_MS));
    let composite = recording.composite(RecordingLayout::Grid, 2_000);
    composite.assert_color(1_000, (320, 180), RED);
}

#[test]
fn a_folder_of_dirt_is_an_error() {
    let recording = Recording::new();
    let participant_id = ParticipantId::generate();
    let name = format!("001-{participant_id}-camera.webm");
    fs::write(recording.folder().join(name), dirt(100_000, 7)).unwrap();
    let order = recording.order(ComposedKind::Composite, RecordingLayout::Grid);
    assert!(matches!(recording.compose(&order, 1_000), Err(ComposeError::Nothing)));
}

#[test]
fn a_canvas_that_cannot_be_is_an_error() {
    let recording = Recording::new();
    for (width, height) in [(0, 0), (641, 360), (640, 361), (60_000, 40_000)] {
        let mut order = recording.order(ComposedKind::Composite, RecordingLayout::Grid);
        (order.width, order.height) = (width, height);
        assert!(matches!(recording.compose(&order, 1_000), Err(ComposeError::Canvas(..))));
    }
}
