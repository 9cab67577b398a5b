//! A recorder against a server that only speaks the link.
#![allow(dead_code, reason = "each test file uses its own part of the world")]
#![allow(clippy::unwrap_used, reason = "the world of tests panics like tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use jumpa_protocol::{
    CallId, ParticipantId, RecordingId, TenantId,
    recording::{
        FromRecorder, JobReport, RecordingJob, RecordingKind, RecordingState, RecordingStorage,
        StoragePlace, ToRecorder,
    },
};
use jumpa_recorded::{
    VideoCodec, VideoFormat,
    files::EVENTS_FILE,
    webm::{TrackFormat, Writer},
};
use jumpa_recorder::{
    Settings, StartError, run,
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
pub const WAIT: Duration = Duration::from_secs(20);

const BEGAN_AT_MS: u64 = 1_790_000_000_000;

/// A recorder in this process and the server that it is linked to.
pub struct World {
    pub data: tempfile::TempDir,
    server: TcpListener,
    shutdown: CancellationToken,
    pub is_orphan: CancellationToken,
    pub recorder: Option<JoinHandle<Result<(), StartError>>>,
    /// The program that composes.
    pub composer: Option<PathBuf>,
}

impl World {
    pub async fn new() -> Self {
        Self {
            data: tempfile::tempdir().unwrap(),
            server: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            shutdown: CancellationToken::new(),
            is_orphan: CancellationToken::new(),
            recorder: None,
            composer: None,
        }
    }

    /// The same with what another recorder left.
    pub async fn in_folder(data: tempfile::TempDir) -> Self {
        Self { data, ..Self::new().await }
    }

    pub fn start(&mut self) {
        let settings = Settings {
            server_url: format!("http://{}", self.server.local_addr().unwrap()),
            data: self.data.path().to_owned(),
            name: Some("recorder-1".to_owned()),
            key: "key".to_owned(),
            keep_free: 0,
            composer: self.composer.clone(),
            is_orphan: self.is_orphan.clone(),
        };
        self.recorder = Some(tokio::spawn(run(settings, self.shutdown.clone())));
    }

    pub async fn stop(self) -> tempfile::TempDir {
        self.shutdown.cancel();
        timeout(WAIT, self.recorder.unwrap()).await.unwrap().unwrap().unwrap();
        self.data
    }

    /// The next connection of the recorder, and the jobs of its hello.
    pub async fn linked(&self) -> (Peer, Vec<JobReport>) {
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

pub struct Peer(WebSocketStream<TcpStream>);

impl Peer {
    pub async fn hear(&mut self) -> FromRecorder {
        loop {
            let message = timeout(WAIT, self.0.next()).await.unwrap().unwrap().unwrap();
            if let Message::Text(text) = message {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    pub async fn say(&mut self, order: &ToRecorder) {
        let text = serde_json::to_string(order).unwrap();
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Waits for a report in a state; files go into the folder.
    pub async fn reports(&mut self, state: RecordingState) -> JobReport {
        let folder = RecordingStorage { place: StoragePlace::Folder, data_key: None };
        self.reports_with(&folder, |report| report.state == state).await
    }

    /// Waits for a report; says where files go whenever it is asked.
    pub async fn reports_with(
        &mut self,
        storage: &RecordingStorage,
        is_awaited: impl Fn(&JobReport) -> bool,
    ) -> JobReport {
        loop {
            match self.hear().await {
                FromRecorder::Report { report } if is_awaited(&report) => return report,
                FromRecorder::AskStorage { id } => {
                    let storage = Box::new(storage.clone());
                    self.say(&ToRecorder::Storage { id, storage }).await;
                }
                _ => {}
            }
        }
    }
}

pub fn job() -> RecordingJob {
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
pub fn killed(data: &Path, job: &RecordingJob) -> (JobRecord, String) {
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
