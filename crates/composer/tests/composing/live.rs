//! Composing while the files grow, and whether sound and picture fit.

use std::time::Duration;

use jumpa_composer::picture::Picture;
use jumpa_protocol::{SourceKind, recording::RecordingLayout};
use jumpa_recorded::{
    VideoCodec,
    composing::{ComposedKind, Composition, FromComposer, ToComposer},
};

use crate::{
    decoded::Decoded,
    recording::{GREEN, RED, Recording, begin},
};

const WAIT: Duration = Duration::from_secs(60);

#[test]
fn a_composite_that_follows_the_files_is_the_same_as_one_that_is_made_later() {
    let make = |mut recording: Recording| {
        let siti = recording.joins(0, "Siti");
        recording.camera(siti, (0, 3_000), RED);
        recording.microphone(siti, (0, 3_000), 440.0);
        let budi = recording.joins(1_500, "Budi");
        recording.camera(budi, (1_500, 3_000), GREEN);
        recording
    };
    let mut growing = make(Recording::live());
    let order = growing.order(ComposedKind::Composite, RecordingLayout::Grid);
    let order = Composition { is_live: true, ..order };
    let (say, heard, composing) = begin(order);
    for to_ms in [700, 1_600, 2_400] {
        growing.grow(to_ms);
        say.send(Some(ToComposer::Horizon { at_ms: to_ms })).unwrap();
        let is_there = |word: &FromComposer| matches!(word, FromComposer::Progress { composed_ms, .. } if composed_ms + 40 > to_ms);
        while !is_there(&heard.recv_timeout(WAIT).unwrap()) {}
    }
    growing.grow(u64::MAX);
    say.send(Some(ToComposer::End { at_ms: 3_000 })).unwrap();
    composing.join().unwrap().unwrap();

    let live = Decoded::read(&growing.folder().join("composite.mp4"));
    let later = make(Recording::new()).composite(RecordingLayout::Grid, 3_000);
    assert_eq!(live.picture_count(), later.picture_count());
    for picture in 0..live.picture_count() {
        for at in [(160, 180), (320, 180), (480, 180)] {
            assert_eq!(
                live.color_of(picture, at),
                later.color_of(picture, at),
                "picture {picture}"
            );
        }
    }
    assert_eq!(live.loudness(2_000, 440.0), later.loudness(2_000, 440.0));
}

#[test]
fn a_flash_and_its_beep_stay_together() {
    const DARK: [u8; 3] = [20, 128, 128];
    const LIGHT: [u8; 3] = [220, 128, 128];
    let is_flash = |at_ms: u64| (500..600).contains(&(at_ms % 1_000));
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.pictures((siti, SourceKind::Camera), (0, 6_000), VideoCodec::Vp8, |at_ms| {
        Picture::new(320, 180, if is_flash(at_ms) { LIGHT } else { DARK })
    });
    // The microphone begins elsewhere, as microphones do.
    recording.sound((siti, SourceKind::Microphone), (230, 6_230), |sample| {
        let wave = (sample as f32 * 1_000.0 * std::f32::consts::TAU / 48_000.0).sin();
        if is_flash(230 + sample / 48) { wave * 0.5 } else { 0.0 }
    });
    let composite = recording.composite(RecordingLayout::Single, 6_000);
    for second in 0..6_u64 {
        let begin_ms = second * 1_000;
        let lit = (begin_ms * 30 / 1_000..(begin_ms + 1_000) * 30 / 1_000)
            .find(|picture| composite.color_of(*picture as usize, (320, 180))[0] > 120)
            .unwrap();
        let heard = composite.onset(begin_ms, 0.15).unwrap();
        let offset_ms = heard - lit as f64 * 1_000.0 / 30.0;
        assert!(offset_ms.abs() <= 45.0, "in second {second}: sound is {offset_ms} ms late");
    }
}
