//! A recorder that was killed, against a server that only speaks the link.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::{fs, path::Path, time::Duration};

use futures_util::{SinkExt, StreamExt};
use jumpa_protocol::{
    CallId, ParticipantId, RecordingId, TenantId,
    recording::{
        FromRecorder, JobReport, RecordedFileRole, RecordingFailure, RecordingJob, RecordingKind,
        RecordingState, ToRecorder,
    },
};
use jumpa_recorded::{
    VideoCodec, VideoFormat,
    files::EVENTS_FILE,
    webm::{Reader, TrackFormat, Writer},
};
use jumpa_recorder::{
    Settings, StartError,
    completion::checksum,
    run,
    spool::{JobRecord, Spool},
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};
use tokio_util::sync::CancellationToken;

/// How long anything may take on a busy machine.
const WAIT: Duration = Duration::from_secs(20);

const BEGAN_AT_MS: u64 = 1_790_000_000_000;

/// A recorder in this process and the server that it is linked to.
struct World {
    data: tempfile::TempDir,
    server: TcpListener,
    shutdown: CancellationToken,
    is_orphan: CancellationToken,
    recorder: Option<JoinHandle<Result<(), StartError>>>,
}

impl World {
    async fn new() -> Self {
        Self {
            data: tempfile::tempdir().unwrap(),
            server: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            shutdown: CancellationToken::new(),
            is_orphan: CancellationToken::new(),
            recorder: None,
        }
    }

    fn start(&mut self) {
        let settings = Settings {
            server_url: format!("http://{}", self.server.local_addr().unwrap()),
            data: self.data.path().to_owned(),
            name: Some("recorder-1".to_owned()),
            key: "key".to_owned(),
            keep_free: 0,
            is_orphan: self.is_orphan.clone(),
        };
        self.recorder = Some(tokio::spawn(run(settings, self.shutdown.clone())));
    }

    async fn stop(self) -> tempfile::TempDir {
        self.shutdown.cancel();
        timeout(WAIT, self.recorder.unwrap()).await.unwrap().unwrap().unwrap();
        self.data
    }

    /// The next connection of the recorder, and the jobs of its hello.
    async fn linked(&self) -> (Peer, Vec<JobReport>) {
        let (stream, _) = timeout(WAIT, self.server.accept()).await.unwrap().unwrap();
        let mut peer = Peer(accept_async(stream).await.unwrap());
        match peer.hear().await {
            FromRecorder::Hello { recorder_id, jobs, .. } => {
                assert_eq!(recorder_id, "recorder-1");
                (peer, jobs)
            }
            other => panic!("no hello: {other:?}"),
        }
    }
}

struct Peer(WebSocketStream<TcpStream>);

impl Peer {
    async fn hear(&mut self) -> FromRecorder {
        loop {
            let message = timeout(WAIT, self.0.next()).await.unwrap().unwrap().unwrap();
            if let Message::Text(text) = message {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    async fn say(&mut self, order: &ToRecorder) {
        let text = serde_json::to_string(order).unwrap();
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Waits for a report in a state.
    async fn reports(&mut self, state: RecordingState) -> JobReport {
        loop {
            if let FromRecorder::Report { report } = self.hear().await
                && report.state == state
            {
                return report;
            }
        }
    }
}

fn job() -> RecordingJob {
    RecordingJob {
        id: RecordingId::generate(),
        tenant_id: TenantId::generate(),
        app_id: "klinik-sehat".parse().unwrap(),
        room: "ruang-1".parse().unwrap(),
        call_id: CallId::generate(),
        kind: RecordingKind::Tracks,
        max_height: 720,
        composition: None,
        targets: Vec::new(),
        weight: 1,
        join_token: "token".to_owned(),
    }
}

/// What a recorder leaves in its spool that was killed while it wrote the sixth picture.
fn killed(data: &Path, job: &RecordingJob) -> (JobRecord, String) {
    let spool = Spool::open(data).unwrap();
    let mut record = JobRecord::new(job);
    record.report.state = RecordingState::Active;
    record.report.started_at_ms = Some(BEGAN_AT_MS);
    spool.save(&record).unwrap();
    let siti = ParticipantId::generate();
    let format =
        VideoFormat { codec: VideoCodec::Vp8, size: (640, 360), configuration: Vec::new() };
    let (mut writer, mut file) = Writer::begin(&TrackFormat::video(format, BEGAN_AT_MS + 1_500));
    for picture in 0..6 {
        file.extend(writer.frame(picture * 40, picture == 0, &[picture as u8; 100]));
    }
    file.truncate(file.len() - 3);
    let name = format!("001-{siti}-camera.webm");
    let folder = spool.job_folder(job.id);
    fs::write(folder.join(&name), file).unwrap();
    let log = format!(
        r#"{{"at_ms":0,"type":"participant_joined","participant_id":"{siti}","name":"Siti"}}
{{"at_ms":1500,"type":"file_be"#
    );
    fs::write(folder.join(EVENTS_FILE), log).unwrap();
    (record, name)
}

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
        assert_eq!(checksum(&stored[..]).unwrap(), (file.sha256.clone(), file.bytes));
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
