//! The composite on its way to a streaming service.

use std::{
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use jumpa_composer::picture::Picture;
use jumpa_protocol::{
    AllowedNetworks, SourceKind, StreamTargetId,
    recording::{RecordingLayout, StreamFailure, StreamState, StreamTarget, TargetReport},
};
use jumpa_recorded::{
    VideoCodec,
    composing::{ComposedKind, Composition, FromComposer, ToComposer},
};

use crate::{
    decoded::{Decoded, keyframes, probe},
    recording::{RED, Recording, begin},
    rtmp_server::{KEY, RtmpServer},
};

/// How often the recording grows.
const TICK: Duration = Duration::from_millis(100);

/// How long anything may take on a busy machine.
const WAIT: Duration = Duration::from_secs(30);

/// A composer in real time.
struct Live {
    began: Instant,
    say: std::sync::mpsc::Sender<Option<ToComposer>>,
    heard: Receiver<FromComposer>,
    latest: Vec<TargetReport>,
}

impl Live {
    fn now_ms(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    /// Lets time pass until the targets are as wanted; gives how long that took.
    fn wait_for(&mut self, is_it: impl Fn(&[TargetReport]) -> bool) -> Duration {
        let since = Instant::now();
        while !is_it(&self.latest) {
            assert!(since.elapsed() < WAIT, "{:?}", self.latest);
            let at_ms = self.now_ms();
            self.say.send(Some(ToComposer::Horizon { at_ms })).unwrap();
            if let Ok(FromComposer::Progress { targets, .. }) = self.heard.recv_timeout(TICK) {
                self.latest = targets;
            }
        }
        since.elapsed()
    }
}

fn target(url: String) -> StreamTarget {
    StreamTarget { id: StreamTargetId::generate(), url, networks: AllowedNetworks::default() }
}

#[test]
fn a_stream_survives_its_server_and_disturbs_neither_file_nor_other_targets() {
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.camera(siti, (0, 60_000), RED);
    recording.microphone(siti, (0, 60_000), 440.0);
    let mut server = RtmpServer::start();
    let nobody = "rtmp://127.0.0.1:1/live/x".to_owned();
    let targets = vec![target(server.url(KEY)), target(server.url("kunci-salah")), target(nobody)];
    let order = Composition {
        is_live: true,
        targets,
        ..recording.order(ComposedKind::Composite, RecordingLayout::Grid)
    };
    let (say, heard, composing) = begin(order);
    let mut live = Live { began: Instant::now(), say, heard, latest: Vec::new() };
    let state = |targets: &[TargetReport], at: usize| {
        targets.get(at).map(|target| (target.state, target.failure))
    };

    let refused = |failure| Some((StreamState::Refused, Some(failure)));
    let took = live.wait_for(|targets| {
        state(targets, 0) == Some((StreamState::Live, None))
            && state(targets, 1) == refused(StreamFailure::KeyRefused)
            && state(targets, 2) == refused(StreamFailure::Unreachable)
    });
    assert!(took <= Duration::from_secs(5), "told after {took:?}");
    // Two seconds at least are there when a bitrate is told.
    let measured =
        |targets: &[TargetReport]| targets[0].bitrate_bps.is_some_and(|bps| bps > 50_000);
    live.wait_for(measured);

    server.stop();
    live.wait_for(|targets| targets[0].state == StreamState::Reconnecting);
    server.start_again();
    let took = live.wait_for(|targets| targets[0].state == StreamState::Live);
    assert!(took <= Duration::from_secs(3), "live again after {took:?}");
    live.wait_for(measured);

    // Another server instead of all three, while it runs.
    let other = RtmpServer::start();
    let targets = vec![target(other.url(KEY))];
    live.say.send(Some(ToComposer::Targets { targets: targets.clone() })).unwrap();
    live.wait_for(|reports| {
        reports.len() == 1
            && reports[0].id == targets[0].id
            && reports[0].state == StreamState::Live
    });
    live.wait_for(measured);
    let end_ms = live.now_ms();
    live.say.send(Some(ToComposer::End { at_ms: end_ms })).unwrap();
    composing.join().unwrap().unwrap();

    let composite = Decoded::watch(&recording.folder().join("composite.mp4"));
    assert_eq!(composite.picture_count() as u64, (end_ms * 30).div_ceil(1_000));
    for at_ms in (100..end_ms - 100).step_by(50) {
        composite.assert_color(at_ms, (320, 180), RED);
        assert!(composite.hears(at_ms, 440.0), "at {at_ms} ms");
    }
    assert_eq!(server.recorded().len(), 2, "before and after the stop");
    for path in server.recorded().into_iter().chain(other.recorded()) {
        assert_eq!(probe(&path, "stream=codec_name"), "h264\naac");
        let stream = Decoded::read(&path);
        assert!(stream.picture_count() > 20, "{}", stream.picture_count());
        assert!(crate::decoded::is_near(stream.color_of(10, (320, 180)), RED));
        assert!(stream.hears(300, 440.0));
    }
}

/// How many pictures of each second differ from the one before, of a composite that is suddenly six
/// seconds behind at its third; and how many pictures it has.
fn pictures_when_late(targets: Vec<StreamTarget>) -> (Vec<usize>, usize) {
    const SECONDS: usize = 9;
    const END_MS: u64 = SECONDS as u64 * 1_000;
    let mut recording = Recording::new();
    let siti = recording.joins(0, "Siti");
    recording.pictures((siti, SourceKind::Camera), (0, END_MS), VideoCodec::Vp8, |at_ms| {
        let is_dark = (at_ms * 30).div_ceil(1_000).is_multiple_of(2);
        Picture::new(320, 180, if is_dark { [40, 128, 128] } else { [200, 128, 128] })
    });
    let order = Composition {
        is_live: true,
        targets,
        ..recording.order(ComposedKind::Composite, RecordingLayout::Single)
    };
    let (say, heard, composing) = begin(order);
    for to_ms in [3_000, END_MS] {
        say.send(Some(ToComposer::Horizon { at_ms: to_ms })).unwrap();
        let is_there = |word: &FromComposer| matches!(word, FromComposer::Progress { composed_ms, .. } if composed_ms + 40 > to_ms);
        while !is_there(&heard.recv_timeout(WAIT).unwrap()) {}
    }
    say.send(Some(ToComposer::End { at_ms: END_MS })).unwrap();
    composing.join().unwrap().unwrap();

    let path = recording.folder().join("composite.mp4");
    let composite = Decoded::watch(&path);
    assert_eq!(composite.picture_count(), SECONDS * 30);
    // Where a player may begin does not depend on how many pictures there are.
    assert_eq!(keyframes(&path), [0.0, 2.0, 4.0, 6.0, 8.0]);
    let light = |picture: usize| composite.color_of(picture, (320, 180))[0];
    let differs = |picture: &usize| light(*picture).abs_diff(light(picture - 1)) > 80;
    let differ = (0..SECONDS)
        .map(|second| (second * 30 + 1..(second + 1) * 30).filter(differs).count())
        .collect();
    (differ, Decoded::read(&path).picture_count())
}

#[test]
fn a_stream_that_is_late_leaves_out_pictures_and_a_file_that_is_late_does_not() {
    let nobody = target("rtmp://127.0.0.1:1/live/x".to_owned());
    let (streamed, made) = pictures_when_late(vec![nobody]);
    assert!(streamed[..3].iter().all(|differ| *differ > 25), "in time: {streamed:?}");
    assert!(streamed[3..8].iter().all(|differ| *differ == 0), "late: {streamed:?}");
    assert!(made < 200, "{made} pictures, which takes as long as all of them");
    let (kept, made) = pictures_when_late(Vec::new());
    assert!(kept.iter().all(|differ| *differ > 25), "{kept:?}");
    assert_eq!(made, 270);
}
