//! A composer that is killed.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
};

use jumpa_composer::parts::{PartKind, past};
use jumpa_protocol::recording::RecordingLayout;
use jumpa_recorded::composing::{ComposedKind, Composition, FromComposer, ToComposer};

use crate::{
    decoded::{Decoded, is_near},
    recording::{RED, Recording},
};

struct Composer {
    child: Child,
}

impl Composer {
    fn start(order: &Composition, words: &[ToComposer]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_jumpa-composer"))
            .args(["--preset", "ultrafast"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut composer = Self { child };
        composer.say(&ToComposer::Begin { composition: order.clone() });
        words.iter().for_each(|word| composer.say(word));
        composer
    }

    fn say(&mut self, word: &ToComposer) {
        let mut line = serde_json::to_vec(word).unwrap();
        line.push(b'\n');
        self.child.stdin.as_mut().unwrap().write_all(&line).unwrap();
    }

    /// What it says, up to something.
    fn wait_for(&mut self, is_it: impl Fn(&FromComposer) -> bool) {
        let lines = BufReader::new(self.child.stdout.as_mut().unwrap()).lines();
        let mut words = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        assert!(words.any(|word| is_it(&word)), "it ended before");
    }
}

#[test]
fn a_composer_that_was_killed_goes_on_without_a_gap() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (0, 8_000), RED);
    recording.microphone(siti, (0, 8_000), 440.0);
    let order = Composition {
        is_live: true,
        ..recording.order(ComposedKind::Composite, RecordingLayout::Grid)
    };
    let mut composer = Composer::start(&order, &[ToComposer::Horizon { at_ms: 5_500 }]);
    composer.wait_for(
        |word| matches!(word, FromComposer::Progress { composed_ms, .. } if *composed_ms >= 5_400),
    );
    composer.child.kill().unwrap();
    composer.child.wait().unwrap();
    let left = past(recording.folder(), PartKind::Composite).unwrap();
    assert_eq!(left.resume.picture, 120, "four seconds are kept");

    let mut composer = Composer::start(&order, &[ToComposer::End { at_ms: 8_000 }]);
    composer.wait_for(|word| matches!(word, FromComposer::Done { .. }));
    assert!(composer.child.wait().unwrap().success());
    let composite = Decoded::read(&recording.folder().join("composite.mp4"));
    assert_eq!(composite.picture_count(), 240);
    assert!(composite.sample_count().abs_diff(8 * 48_000) <= 2_048);
    for picture in 0..240 {
        assert!(is_near(composite.color_of(picture, (320, 180)), RED), "picture {picture}");
    }
    // Compared with a moment far from the cut at four seconds.
    let usual = composite.loudness(2_000, 440.0);
    for at_ms in (500..7_900).step_by(50) {
        let loudness = composite.loudness(at_ms, 440.0) / usual;
        assert!((0.95..1.05).contains(&loudness), "{loudness} at {at_ms} ms");
    }
}

#[test]
fn a_composer_whose_recorder_is_gone_ends_with_an_error() {
    let recording = Recording::new();
    let order = recording.order(ComposedKind::Composite, RecordingLayout::Grid);
    let mut composer = Composer::start(&order, &[]);
    drop(composer.child.stdin.take());
    assert!(!composer.child.wait().unwrap().success());
}
