//! Composites of real calls: who is seen and heard, where and when.

use std::{fs, path::Path};

use jumpa_protocol::{
    ParticipantId,
    recording::{
        ComposeTime, Composition, RecordedFileRole, RecordingJob, RecordingKind, RecordingLayout,
        RecordingState,
    },
};
use jumpa_recorded::{
    events::{Line, LogEvent},
    files::AUDIO_FILE,
};
use jumpa_recorder::job::JobCommand;
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    recorder::{Recorder, Track, job, person},
    server,
};

/// The tones of Siti and Budi.
const TONES_HZ: [f64; 2] = [440.0, 880.0];

/// A tone that is heard; one that is not is far below.
const HEARD: f64 = 0.02;

/// Halves of a picture of two people, away from names and edges.
const LEFT: &str = "crop=200:120:200:280";
const RIGHT: &str = "crop=200:120:880:280";
const MIDDLE: &str = "crop=200:120:540:280";

fn composite(job: RecordingJob, kind: RecordingKind, time: ComposeTime) -> RecordingJob {
    let layout = RecordingLayout::Grid;
    let composition = Composition { layout, height: 720, time, has_names: true, logo: None };
    RecordingJob { kind, composition: Some(composition), ..job }
}

/// When somebody was there, seconds on the clock of the recording.
struct Stay {
    joined: f64,
    /// When their first picture was.
    seen: f64,
    left: f64,
}

impl Stay {
    fn of(who: ParticipantId, log: &[Line]) -> Self {
        let camera = format!("{who}-camera");
        let first = |moment_of: &dyn Fn(&Line) -> Option<u64>| {
            log.iter().find_map(moment_of).expect("it was logged") as f64 / 1_000.0
        };
        let joined = |line: &Line| match &line.event {
            LogEvent::ParticipantJoined { participant_id, .. } if *participant_id == who => {
                Some(line.at_ms)
            }
            _ => None,
        };
        let seen = |line: &Line| match &line.event {
            LogEvent::FileBegan { file, start_ms } if file.contains(&camera) => Some(*start_ms),
            _ => None,
        };
        let left = |line: &Line| match &line.event {
            LogEvent::ParticipantLeft { participant_id } if *participant_id == who => {
                Some(line.at_ms)
            }
            _ => None,
        };
        Self { joined: first(&joined), seen: first(&seen), left: first(&left) }
    }
}

fn is_red([red, _, blue]: [u8; 3]) -> bool {
    red > 150 && blue < 100
}

fn is_blue([red, _, blue]: [u8; 3]) -> bool {
    blue > 150 && red < 100
}

fn at(second: f64) -> String {
    format!("{second:.3}")
}

#[tokio::test]
async fn a_composite_after_the_call_shows_and_voices_everybody_while_they_are_there() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    let job =
        composite(job(&server, &app, &siti), RecordingKind::Composite, ComposeTime::AfterCall);
    let mut recorder = Recorder::start(&server, folders.path(), job);
    recorder.reports("Siti is on the disk", |report| report.bytes > 100_000).await;
    let (budi, budi_sends) = person(&server, &app, "Budi", "blue", 880).await;
    let before = recorder.bytes();
    recorder.reports("both are on the disk", |report| report.bytes > before + 300_000).await;
    budi.client.leave().await;
    drop(budi_sends);
    let before = recorder.bytes();
    recorder.reports("Siti goes on", |report| report.bytes > before + 80_000).await;
    let ready = recorder.finish().await;
    assert_eq!((ready.state, &ready.detail), (RecordingState::Ready, &None));
    assert!(ready.files.iter().all(|file| file.role != RecordedFileRole::Track));

    let composite = recorder.file(&ready, RecordedFileRole::Composite);
    let seconds = composite.plays();
    assert!(composite.longest_pause() < 0.05, "{} s", composite.longest_pause());
    let Stay { joined, seen, left } = Stay::of(budi.id(), &recorder.log(&ready));
    assert!(
        joined > 1.0 && left - seen > 1.5 && seconds - left > 0.8,
        "{joined} {seen} {left} {seconds}"
    );
    assert!(is_red(composite.colour_of(&at(joined - 0.5), MIDDLE)), "Siti is alone at first");
    let both = (seen + left) / 2.0;
    assert!(is_red(composite.colour_of(&at(both), LEFT)), "Siti is at the left");
    assert!(is_blue(composite.colour_of(&at(both), RIGHT)), "Budi is at the right");
    assert!(is_red(composite.colour_of(&at(seconds - 0.3), MIDDLE)), "Siti is alone in the end");
    for (from, heard) in [(joined - 0.7, [true, false]), (both, [true, true])] {
        let tones = composite.tones(from, 0.5, &TONES_HZ);
        let is_heard: Vec<bool> = tones.iter().map(|tone| *tone > HEARD).collect();
        assert_eq!(is_heard, heard, "at {from} s: {tones:?}");
    }
    let poster = recorder.file(&ready, RecordedFileRole::Poster);
    assert!(fs::read(poster.path).unwrap().starts_with(&[0xff, 0xd8]), "a JPEG");
}

/// The composers that this process has started.
fn composers() -> Vec<Pid> {
    let mut found = Vec::new();
    for task in fs::read_dir("/proc/self/task").unwrap() {
        let children = task.unwrap().path().join("children");
        let text = fs::read_to_string(children).unwrap_or_default();
        let pids = text.split_whitespace().filter_map(|pid| pid.parse::<i32>().ok());
        found.extend(pids.filter(|pid| {
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            name.starts_with("jumpa-composer")
        }));
    }
    found.into_iter().filter_map(Pid::from_raw).collect()
}

#[tokio::test]
async fn a_live_composite_survives_the_end_of_composer_and_recorder() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let (_budi, _budi_sends) = person(&server, &app, "Budi", "blue", 880).await;
    let folders = tempfile::tempdir().unwrap();
    let job = composite(job(&server, &app, &siti), RecordingKind::Composite, ComposeTime::Live);
    let mut recorder = Recorder::start(&server, folders.path(), job.clone());
    recorder.reports("some seconds are composed", |report| report.composed_ms > Some(3_000)).await;
    // Other tests have composers of their own, which are started again as well.
    for composer in composers() {
        let _ = kill_process(composer, Signal::KILL);
    }
    recorder.reports("it goes on", |report| report.composed_ms > Some(5_000)).await;
    let data = recorder.kill().await;

    let mut recorder = Recorder::start(&server, &data, job.clone());
    recorder.tell(JobCommand::Start(Box::new(job))).await;
    recorder.reports("it goes on again", |report| report.composed_ms > Some(7_000)).await;
    let ready = recorder.finish().await;
    assert_eq!((ready.state, &ready.detail), (RecordingState::Ready, &None));
    let composite = recorder.file(&ready, RecordedFileRole::Composite);
    let seconds = composite.plays();
    assert!(seconds > 7.0 && composite.longest_pause() < 0.05, "{}", composite.longest_pause());
    for second in [2.5, seconds - 0.5] {
        assert!(is_red(composite.colour_of(&at(second), LEFT)), "Siti at {second} s");
        assert!(is_blue(composite.colour_of(&at(second), RIGHT)), "Budi at {second} s");
        let tones = composite.tones(second, 0.4, &TONES_HZ);
        assert!(tones.iter().all(|tone| *tone > HEARD), "at {second} s: {tones:?}");
    }
}

#[tokio::test]
async fn voices_alone_are_one_file_without_a_picture() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let (_budi, _budi_sends) = person(&server, &app, "Budi", "blue", 880).await;
    let folders = tempfile::tempdir().unwrap();
    let job =
        composite(job(&server, &app, &siti), RecordingKind::AudioOnly, ComposeTime::AfterCall);
    let mut recorder = Recorder::start(&server, folders.path(), job.clone());
    recorder.reports("some seconds are on the disk", |report| report.bytes > 30_000).await;
    let spool = folders.path().join("spool").join(job.id.to_string());
    assert!(cameras(&spool).is_empty(), "no picture was asked for");
    let ready = recorder.finish().await;
    assert_eq!((ready.state, &ready.detail), (RecordingState::Ready, &None));
    let sound: Track = recorder.file(&ready, RecordedFileRole::Composite);
    assert!(sound.file.key.ends_with(AUDIO_FILE) && sound.plays() > 2.0);
    let tones = sound.tones(1.0, 1.0, &TONES_HZ);
    assert!(tones.iter().all(|tone| *tone > HEARD), "{tones:?}");
}

fn cameras(folder: &Path) -> Vec<String> {
    let names = jumpa_recorded::files::media_files(folder).unwrap();
    names.into_iter().filter(|name| name.contains("camera")).collect()
}
