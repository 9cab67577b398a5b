//! A recorder that was killed, against a server that only speaks the link.

mod world;

use std::fs;

use jumpa_protocol::recording::{RecordedFileRole, RecordingFailure, RecordingState, ToRecorder};
use jumpa_recorded::webm::Reader;
use jumpa_recorder::{StartError, completion::checksum, spool::Spool};
use tokio::time::timeout;
use world::{WAIT, World, job, killed};

#[tokio::test]
async fn what_a_killed_recorder_left_ends_in_the_library() {
    let mut world = World::new().await;
    let job = job();
    let (record, name) = killed(world.data.path(), &job);
    world.start();

    let (mut server, jobs) = world.linked().await;
    assert_eq!(jobs, [record.report]);
    server.say(&ToRecorder::Stop { id: job.id }).await;
    let ready = server.reports(RecordingState::Ready).await;

    assert_eq!(ready.failure, None);
    let roles: Vec<_> = ready.files.iter().map(|file| file.role).collect();
    let expected = [RecordedFileRole::Track, RecordedFileRole::Events, RecordedFileRole::Manifest];
    assert_eq!(roles, expected);
    let track = &ready.files[0];
    assert_eq!(track.key, format!("{}/klinik-sehat/{}/{name}", job.tenant_id, job.id));
    assert_eq!(track.participant_name.as_deref(), Some("Siti"));
    assert_eq!((track.start_ms, track.duration_ms), (Some(1_500), Some(200)));
    let library = world.data.path().join("library");
    for file in &ready.files {
        let stored = fs::read(library.join(&file.key)).unwrap();
        let content = checksum(&stored[..]).unwrap();
        assert_eq!((content.sha256, content.bytes), (file.sha256.clone(), file.bytes));
    }
    let stored = fs::read(library.join(&track.key)).unwrap();
    let mut reader = Reader::open(&stored[..]).unwrap();
    assert_eq!(std::iter::from_fn(|| reader.next_block().unwrap()).count(), 5);

    // The server restarts before it has stored the end: it hears of it once more.
    drop(server);
    let (mut server, jobs) = world.linked().await;
    assert_eq!(jobs, [ready]);
    let folder = Spool::open(world.data.path()).unwrap().job_folder(job.id);
    assert!(folder.exists());
    server.say(&ToRecorder::Settled { id: job.id }).await;
    drop(server);
    while !world.linked().await.1.is_empty() {}
    assert!(!folder.exists());
    world.stop().await;
}

#[tokio::test]
async fn a_call_that_cannot_be_joined_fails_when_it_is_stopped() {
    let mut world = World::new().await;
    world.start();
    let (mut server, jobs) = world.linked().await;
    assert_eq!(jobs, []);
    let job = job();
    server.say(&ToRecorder::Start { job: job.clone() }).await;
    server.reports(RecordingState::Starting).await;
    server.say(&ToRecorder::Stop { id: job.id }).await;
    let failed = server.reports(RecordingState::Failed).await;
    assert!(failed.failure.is_some_and(|failure| matches!(
        failure,
        RecordingFailure::NothingRecorded | RecordingFailure::Cancelled
    )));
    assert_eq!(failed.files, []);
    world.stop().await;
}

#[tokio::test]
async fn a_job_that_was_given_outlives_the_end_of_the_program() {
    let mut world = World::new().await;
    let job = job();
    killed(world.data.path(), &job);
    world.start();
    world.linked().await;
    let data = world.stop().await;

    let again = Spool::open(data.path()).unwrap().scan().unwrap();
    assert_eq!(again[0].report.state, RecordingState::Active);
}

#[tokio::test]
async fn two_recorders_never_share_a_folder() {
    let mut world = World::new().await;
    world.start();
    let (_peer, _) = world.linked().await;
    let first = world.recorder.take();
    world.start();
    let refused = timeout(WAIT, world.recorder.take().unwrap()).await.unwrap().unwrap();
    assert!(
        matches!(refused, Err(StartError::Spool(error)) if error.to_string().contains("another"))
    );
    world.recorder = first;
    world.stop().await;
}

#[tokio::test]
async fn a_recorder_whose_server_is_gone_completes_its_files_and_ends() {
    let mut world = World::new().await;
    let job = job();
    killed(world.data.path(), &job);
    world.is_orphan.cancel();
    world.start();
    let (mut peer, _) = world.linked().await;
    let ended = world.recorder.take().unwrap();
    assert!(!ended.is_finished(), "a job is not complete");
    peer.say(&ToRecorder::Stop { id: job.id }).await;
    peer.reports(RecordingState::Ready).await;
    timeout(WAIT, ended).await.unwrap().unwrap().unwrap();
}
