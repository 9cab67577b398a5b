//! What a recorder makes of composers that work, die, hang and fail.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod world;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use jumpa_protocol::{
    AllowedNetworks, StreamTargetId,
    recording::{
        ComposeTime, RecordedFileRole, RecordingFailure, RecordingJob, RecordingKind,
        RecordingLayout, RecordingState, StreamTarget, ToRecorder,
    },
};
use jumpa_recorded::composing::{ComposedKind, Composition};
use jumpa_recorder::composing::{
    ComposeError, Composed, Composers, Live, Meter, Queue, Wanted, compose,
};
use tokio::sync::watch;
use world::{World, job, killed};

/// Reads its first word, and takes the folder out of it.
const BEGIN: &str = r#"#!/bin/sh
read -r begin
folder=$(printf '%s' "$begin" | sed 's/.*"folder":"\([^"]*\)".*/\1/')
progress() { printf '{"type":"progress","composed_ms":%s,"bytes":1}\n' "$1"; }
finish() {
    printf composite > "$folder/composite.mp4"
    printf poster > "$folder/poster.jpg"
    printf '{"type":"done","files":["composite.mp4","poster.jpg"]}\n'
    exit 0
}
"#;

/// Waits for the end.
const WORKS: &str = r#"
while read -r word; do
    case $word in *'"end"'*) progress 1700; finish ;; esac
done
"#;

/// Comes a second further each time and dies, twice.
const DIES_TWICE: &str = r#"
printf x >> "$folder/starts"
starts=$(wc -c < "$folder/starts")
progress "${starts}000"
if [ "$starts" -lt 3 ]; then kill -9 $$; fi
finish
"#;

const FAILS: &str = r#"
printf x >> "$folder/starts"
echo 'no such element' >&2
exit 3
"#;

const HANGS: &str = r#"
printf x >> "$folder/starts"
while read -r word; do :; done
"#;

fn program(folder: &Path, script: &str) -> PathBuf {
    let path = folder.join("composer");
    fs::write(&path, format!("{BEGIN}{script}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn composers(folder: &Path, script: &str) -> Composers {
    let (meter, queue) = (Meter::default(), Queue::new(2_000));
    Composers { program: Some(program(folder, script)), meter, queue }
}

fn composition(folder: &Path) -> Composition {
    Composition {
        folder: folder.to_owned(),
        kind: ComposedKind::Composite,
        layout: RecordingLayout::Grid,
        width: 1_280,
        height: 720,
        has_names: true,
        logo: None,
        is_live: false,
        targets: Vec::new(),
    }
}

/// What becomes of a whole recording, and how far the composer came.
async fn composed(folder: &Path, script: &str) -> (Result<Vec<String>, ComposeError>, u64) {
    let wanted = Wanted { horizon_ms: 5_000, end_ms: Some(5_000), targets: Vec::new() };
    let (_wanted, wanted) = watch::channel(wanted);
    let (composed, progress) = watch::channel(Composed::default());
    let composers = composers(folder, script);
    let done = compose(&composers, composition(folder), wanted, &composed, true).await;
    (done, progress.borrow().composed_ms)
}

fn starts(folder: &Path) -> usize {
    fs::read(folder.join("starts")).unwrap().len()
}

#[tokio::test]
async fn a_composer_that_dies_is_started_again_and_finishes() {
    let folder = tempfile::tempdir().unwrap();
    let (done, composed_ms) = composed(folder.path(), DIES_TWICE).await;
    assert_eq!(done.unwrap(), ["composite.mp4", "poster.jpg"]);
    assert_eq!((starts(folder.path()), composed_ms), (3, 3_000));
}

#[tokio::test]
async fn a_composer_that_comes_no_further_is_given_up_with_its_last_words() {
    let folder = tempfile::tempdir().unwrap();
    let (done, _) = composed(folder.path(), FAILS).await;
    let error = done.unwrap_err().to_string();
    assert!(error.contains("no such element") && error.contains("exit status: 3"), "{error}");
    assert_eq!(starts(folder.path()), 5);
}

// Time that stands still goes on by itself when there is nothing else to wait for.
#[tokio::test(start_paused = true)]
async fn a_composer_that_says_nothing_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (done, _) = composed(folder.path(), HANGS).await;
    assert!(done.unwrap_err().to_string().contains("hangs"));
}

#[tokio::test]
async fn a_live_composer_hears_what_changes() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
while read -r word; do
    printf '%s\n' "$word" >> "$folder/words"
    case $word in *'"horizon"'*) progress 900 ;; *'"end"'*) finish ;; esac
done
"#;
    let mut live = Live::start(
        composers(folder.path(), script),
        composition(folder.path()),
        Wanted::default(),
    );
    live.wanted.send_modify(|wanted| wanted.horizon_ms = 1_000);
    live.composed.wait_for(|composed| composed.composed_ms == 900).await.unwrap();
    let url = "rtmp://a.example/live/key".to_owned();
    let networks = AllowedNetworks::default();
    let target = StreamTarget { id: StreamTargetId::generate(), url, networks };
    live.wanted.send_modify(|wanted| wanted.targets = vec![target.clone()]);
    live.wanted.send_modify(|wanted| wanted.end_ms = Some(1_500));
    assert_eq!((&mut live.result).await.unwrap().unwrap().len(), 2);
    let words = fs::read_to_string(folder.path().join("words")).unwrap();
    let end = words.lines().last().unwrap();
    assert_eq!(end, r#"{"type":"end","at_ms":1500}"#);
    assert!(words.contains("key") && words.contains(r#"{"type":"horizon","at_ms":1000}"#));
}

fn composite_job() -> RecordingJob {
    let composition = jumpa_protocol::recording::Composition {
        layout: RecordingLayout::Grid,
        height: 720,
        time: ComposeTime::AfterCall,
        has_names: true,
        logo: None,
    };
    RecordingJob { kind: RecordingKind::Composite, composition: Some(composition), ..job() }
}

#[tokio::test]
async fn a_composite_goes_into_the_library_without_the_tracks() {
    let mut world = World::new().await;
    let job = composite_job();
    killed(world.data.path(), &job);
    world.composer = Some(program(world.data.path(), WORKS));
    world.start();
    let (mut server, _) = world.linked().await;
    server.say(&ToRecorder::Stop { id: job.id }).await;
    let ready = server.reports(RecordingState::Ready).await;
    let roles: Vec<_> = ready.files.iter().map(|file| file.role).collect();
    let expected = [
        RecordedFileRole::Composite,
        RecordedFileRole::Poster,
        RecordedFileRole::Events,
        RecordedFileRole::Manifest,
    ];
    assert_eq!(roles, expected);
    // The last picture begins at 1.66 s and is as long as those before it.
    assert_eq!((ready.files[0].start_ms, ready.files[0].duration_ms), (Some(0), Some(1_700)));
    assert_eq!(ready.composed_ms, Some(1_700));
    let stored = world.data.path().join("library").join(&ready.files[0].key);
    assert_eq!(fs::read(stored).unwrap(), b"composite");
    world.stop().await;
}

#[tokio::test]
async fn the_tracks_are_kept_when_composing_fails() {
    let mut world = World::new().await;
    let job = composite_job();
    let (_, name) = killed(world.data.path(), &job);
    world.composer = Some(program(world.data.path(), FAILS));
    world.start();
    let (mut server, _) = world.linked().await;
    server.say(&ToRecorder::Stop { id: job.id }).await;
    let failed = server.reports(RecordingState::Failed).await;
    assert_eq!(failed.failure, Some(RecordingFailure::Internal));
    assert!(failed.detail.unwrap().contains("no such element"));
    assert_eq!(failed.files[0].role, RecordedFileRole::Track);
    let stored = world.data.path().join("library").join(&failed.files[0].key);
    assert!(stored.ends_with(name) && stored.exists());
    world.stop().await;
}

#[tokio::test]
async fn a_recorder_without_a_composer_keeps_the_tracks_of_a_composite() {
    let mut world = World::new().await;
    let job = composite_job();
    killed(world.data.path(), &job);
    world.start();
    let (mut server, _) = world.linked().await;
    server.say(&ToRecorder::Stop { id: job.id }).await;
    let failed = server.reports(RecordingState::Failed).await;
    assert!(failed.detail.unwrap().contains("not installed"));
    assert_eq!(failed.files[0].role, RecordedFileRole::Track);
    world.stop().await;
}
