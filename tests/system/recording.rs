//! A recorder in a real call: what it writes plays, and shows whom it should.

use std::fs;

use jumpa_protocol::{
    SourceKind,
    recording::{RecordedFileRole, RecordingFailure, RecordingState},
};
use jumpa_recorder::completion::{MANIFEST_FILE, Manifest};

use crate::{
    recorder::{ROOM, Recorder, copied, job, person},
    server,
};

/// What is written before a recording is looked at: both people for several seconds.
const ENOUGH_BYTES: u64 = 300_000;

#[tokio::test]
async fn every_person_is_in_files_that_play_even_after_a_kill() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let (budi, _budi_sends) = person(&server, &app, "Budi", "blue", 880).await;
    let folders = tempfile::tempdir().unwrap();
    let job = job(&server, &app, &siti);
    let mut recorder = Recorder::start(&server, &folders.path().join("data"), job.clone());
    recorder.reports("some seconds are on the disk", |report| report.bytes > ENOUGH_BYTES).await;
    let killed = folders.path().join("killed");
    copied(&folders.path().join("data/spool"), &killed.join("spool"));

    let ready = recorder.finish().await;
    assert_eq!((ready.state, &ready.failure), (RecordingState::Ready, &None));
    let mut lengths = Vec::new();
    for person in [&siti, &budi] {
        for source in [SourceKind::Microphone, SourceKind::Camera] {
            let track = recorder.track(&ready, person, source);
            let seconds = track.plays();
            lengths.push(track.file.start_ms.unwrap() as f64 / 1_000.0 + seconds);
        }
    }
    let (first, last) =
        (lengths.iter().copied().reduce(f64::min), lengths.iter().copied().reduce(f64::max));
    assert!(last.unwrap() - first.unwrap() < 0.5, "tracks end together: {lengths:?}");
    let [red, _, blue] = recorder.track(&ready, &siti, SourceKind::Camera).colour_at("2");
    assert!(red > 180 && blue < 80, "Siti is red: {red} {blue}");
    let [red, _, blue] = recorder.track(&ready, &budi, SourceKind::Camera).colour_at("2");
    assert!(blue > 180 && red < 80, "Budi is blue: {red} {blue}");

    let manifest = ready.files.iter().find(|file| file.role == RecordedFileRole::Manifest).unwrap();
    assert!(manifest.key.ends_with(MANIFEST_FILE));
    let manifest: Manifest =
        serde_json::from_slice(&fs::read(recorder.path(manifest)).unwrap()).unwrap();
    let mut names: Vec<&str> = manifest.people.iter().map(|person| person.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Budi", "Siti"]);

    let mut recovered = Recorder::start(&server, &killed, job);
    let ready = recovered.finish().await;
    assert_eq!((ready.state, &ready.failure), (RecordingState::Ready, &None));
    for person in [&siti, &budi] {
        for source in [SourceKind::Microphone, SourceKind::Camera] {
            assert!(recovered.track(&ready, person, source).plays() > 2.0);
        }
    }
}

#[tokio::test]
async fn a_publisher_that_returns_is_recorded_again() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    // A call in which nobody is left is over.
    let _budi = server.member(&app, ROOM, "Budi").await;
    let job = job(&server, &app, &siti);
    let mut recorder = Recorder::start(&server, folders.path(), job);
    recorder.reports("a picture is on the disk", |report| report.bytes > 50_000).await;
    siti.client.leave().await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let before = recorder.reports("more is on the disk", |report| report.bytes > 0).await.bytes;
    recorder.reports("both stays are on the disk", |report| report.bytes > before + 50_000).await;
    let ready = recorder.finish().await;
    assert_eq!((ready.state, &ready.failure), (RecordingState::Ready, &None));
    let cameras = ready.files.iter().filter(|file| file.source == Some(SourceKind::Camera));
    assert_eq!(cameras.count(), 2);
    recorder.track(&ready, &siti, SourceKind::Camera).plays();
}

#[tokio::test]
async fn a_disk_that_is_full_ends_a_recording_that_plays() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    let job = job(&server, &app, &siti);
    let mut recorder = Recorder::start_keeping_free(&server, folders.path(), job, u64::MAX);
    let failed = recorder.reports("the recording ends", |report| report.state.is_final()).await;
    assert_eq!(failed.state, RecordingState::Failed);
    assert_eq!(failed.failure, Some(RecordingFailure::DiskFull));
    recorder.track(&failed, &siti, SourceKind::Microphone).plays();
    recorder.track(&failed, &siti, SourceKind::Camera).plays();
}
