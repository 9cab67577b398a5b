//! A recorder whose recordings go into a bucket of a real S3 server.
#![expect(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod world;

use std::fs;

use jumpa_protocol::recording::{
    DataKey, JobReport, RecordingFailure, RecordingState, RecordingStorage, StoragePlace,
    ToRecorder,
};
use jumpa_storage::{Storage, StoredFile};
use jumpa_test_storage::S3Server;
use world::{World, job, killed};

fn in_bucket(server: &S3Server) -> RecordingStorage {
    RecordingStorage { place: StoragePlace::S3(server.bucket()), data_key: None }
}

/// Every file of a recording is in its storage as it was described.
async fn is_stored(storage: &RecordingStorage, report: &JobReport) {
    let storage = Storage::open(storage, &std::env::temp_dir()).unwrap();
    assert_eq!(report.files.len(), 3, "a track, the log, the manifest");
    for file in &report.files {
        let stored = StoredFile { key: &file.key, bytes: file.bytes, sha256: &file.sha256 };
        assert_eq!(storage.sha256(&stored).await.unwrap().as_ref(), Some(&file.sha256));
    }
}

#[tokio::test]
async fn files_reach_the_bucket_and_no_secret_the_disk() {
    let server = S3Server::start().await;
    // 32 times the byte 1.
    let key = DataKey("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=".to_owned());
    for data_key in [None, Some(key)] {
        let mut world = World::new().await;
        let job = job();
        killed(world.data.path(), &job);
        let storage = RecordingStorage { data_key, ..in_bucket(&server) };
        world.start();
        let (mut peer, _) = world.linked().await;
        peer.say(&ToRecorder::Stop { id: job.id }).await;
        let ready =
            peer.reports_with(&storage, |report| report.state == RecordingState::Ready).await;
        is_stored(&storage, &ready).await;
        let spool = world.data.path().join("spool").join(job.id.to_string());
        let secret = server.bucket().secret_access_key;
        for name in ["job.json", "uploads/manifest.json.json"] {
            assert!(!fs::read_to_string(spool.join(name)).unwrap().contains(&secret), "{name}");
        }
        peer.say(&ToRecorder::Settled { id: job.id }).await;
        world.stop().await;
    }
}

#[tokio::test]
async fn a_storage_that_is_away_is_told_and_waited_for() {
    let server = S3Server::start().await;
    server.stop();
    server.until_down().await;
    let mut world = World::new().await;
    let job = job();
    killed(world.data.path(), &job);
    world.start();
    let (mut peer, _) = world.linked().await;
    peer.say(&ToRecorder::Stop { id: job.id }).await;
    let storage = in_bucket(&server);
    let away = peer.reports_with(&storage, |report| report.failure.is_some()).await;
    assert_eq!(away.state, RecordingState::Uploading);
    assert_eq!(away.failure, Some(RecordingFailure::StorageUnreachable));
    server.resume();
    let ready = peer.reports_with(&storage, |report| report.state.is_final()).await;
    assert_eq!(
        (ready.state, ready.failure, ready.detail.clone()),
        (RecordingState::Ready, None, None)
    );
    is_stored(&storage, &ready).await;
    world.stop().await;
}

#[tokio::test]
async fn a_key_that_is_refused_is_told_at_once_and_may_be_mended() {
    let server = S3Server::start().await;
    server.refuse_key();
    let mut world = World::new().await;
    let job = job();
    killed(world.data.path(), &job);
    world.start();
    let (mut peer, _) = world.linked().await;
    peer.say(&ToRecorder::Stop { id: job.id }).await;
    let storage = in_bucket(&server);
    let refused = peer.reports_with(&storage, |report| report.failure.is_some()).await;
    assert_eq!(refused.failure, Some(RecordingFailure::StorageRefused));
    let detail = refused.detail.unwrap();
    assert!(detail.contains("SignatureDoesNotMatch"), "{detail}");
    // Somebody mends the key, and the server says so.
    server.take_key();
    let mended = Box::new(storage.clone());
    peer.say(&ToRecorder::Storage { id: job.id, storage: mended }).await;
    let ready = peer.reports_with(&storage, |report| report.state.is_final()).await;
    assert_eq!((ready.state, ready.failure), (RecordingState::Ready, None));
    is_stored(&storage, &ready).await;
    world.stop().await;
}

#[tokio::test]
async fn a_recorder_that_is_started_again_goes_on_uploading() {
    let server = S3Server::start().await;
    let mut world = World::new().await;
    let job = job();
    killed(world.data.path(), &job);
    world.start();
    let (mut peer, _) = world.linked().await;
    peer.say(&ToRecorder::Stop { id: job.id }).await;
    let storage = in_bucket(&server);
    // The first file is there when the server goes away.
    server.stop_at("PUT", 2);
    peer.reports_with(&storage, |report| report.failure.is_some()).await;
    let folder = world.stop().await;
    server.resume();
    server.take_requests();

    let mut world = World::in_folder(folder).await;
    world.start();
    let (mut peer, jobs) = world.linked().await;
    assert_eq!(jobs[0].state, RecordingState::Uploading);
    let ready = peer.reports_with(&storage, |report| report.state.is_final()).await;
    is_stored(&storage, &ready).await;
    let requests = server.take_requests();
    let track = ready.files[0].key.as_str();
    let sent = requests.iter().filter(|request| request.starts_with("PUT")).count();
    assert_eq!(sent, 2, "the log and the manifest: {requests:?}");
    assert!(!requests.iter().any(|request| request.starts_with("PUT") && request.contains(track)));
    world.stop().await;
}
