//! A recorder in a real call: what it writes plays, and shows whom it should.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use jumpa_client::JoinOptions;
use jumpa_protocol::{
    AppId, CallId, RecordingId, SourceKind, TenantId,
    recording::{
        JobReport, RecordedFile, RecordedFileRole, RecordingFailure, RecordingJob, RecordingKind,
        RecordingState,
    },
};
use jumpa_recorder::{
    completion::{MANIFEST_FILE, Manifest},
    composing::{Composers, Meter, Queue},
    job::{JobCommand, Workshop, spawn},
    library::Library,
    spool::{JobRecord, Spool},
};
use jumpa_system_tests::{EncodedMedia, Person, Sending, Server, within};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::server;

const ROOM: &str = "ruang-1";

/// What is written before a recording is looked at: both people for several seconds.
const ENOUGH_BYTES: u64 = 300_000;

/// The job of one recording in this process, without a server that gives it.
struct Recorder {
    data: PathBuf,
    job: RecordingJob,
    commands: mpsc::Sender<JobCommand>,
    reports: watch::Receiver<BTreeMap<RecordingId, JobReport>>,
}

impl Recorder {
    fn start(server: &Server, data: &Path, job: RecordingJob) -> Self {
        Self::start_keeping_free(server, data, job, 0)
    }

    fn start_keeping_free(server: &Server, data: &Path, job: RecordingJob, keep_free: u64) -> Self {
        let spool = Spool::open(data).unwrap();
        let known = spool.scan().unwrap().into_iter().find(|record| record.id() == job.id);
        let given = known.is_none().then(|| Box::new(job.clone()));
        let record = known.unwrap_or_else(|| JobRecord::new(&job));
        spool.save(&record).unwrap();
        let (reports_in, reports) = watch::channel(BTreeMap::new());
        let workshop = Workshop {
            server_url: server.ready().address.clone(),
            spool,
            library: Library::in_folder(&data.join("library")).unwrap(),
            keep_free,
            composers: Composers {
                program: None,
                meter: Meter::default(),
                queue: Queue::new(1_000),
            },
            reports: reports_in,
            shutdown: CancellationToken::new(),
        };
        let (commands, _) = spawn(Arc::new(workshop), record, given);
        Self { data: data.to_owned(), job, commands, reports }
    }

    async fn reports(&mut self, what: &str, is_wanted: impl Fn(&JobReport) -> bool) -> JobReport {
        let id = self.job.id;
        let wanted = self.reports.wait_for(|reports| reports.get(&id).is_some_and(&is_wanted));
        within(what, wanted).await.unwrap().get(&id).unwrap().clone()
    }

    /// Ends the recording and waits until it is in the library.
    async fn finish(&mut self) -> JobReport {
        self.commands.send(JobCommand::Stop).await.unwrap();
        self.reports("the recording is over", |report| report.state.is_final()).await
    }

    fn path(&self, file: &RecordedFile) -> PathBuf {
        self.data.join("library").join(&file.key)
    }

    fn track(&self, report: &JobReport, person: &Person, source: SourceKind) -> Track {
        let is_wanted = |file: &&RecordedFile| {
            file.participant_id == Some(person.id()) && file.source == Some(source)
        };
        let file = report.files.iter().find(is_wanted).cloned().expect("a file of the source");
        Track { path: self.path(&file), file }
    }
}

/// A file of the library.
struct Track {
    path: PathBuf,
    file: RecordedFile,
}

impl Track {
    /// Every frame decodes, and ffprobe finds the length that was reported; gives it, seconds.
    fn plays(&self) -> f64 {
        let decoded = Command::new("ffprobe")
            .args(["-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames"])
            .args(["-of", "csv=p=0"])
            .arg(&self.path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&decoded.stderr);
        assert!(decoded.status.success() && said.is_empty(), "{}: {said}", self.path.display());
        let probed = Command::new("ffprobe")
            .args(["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"])
            .arg(&self.path)
            .output()
            .unwrap();
        let seconds: f64 = String::from_utf8_lossy(&probed.stdout).trim().parse().unwrap();
        let reported = self.file.duration_ms.unwrap() as f64 / 1_000.0;
        assert!((seconds - reported).abs() < 0.1, "{seconds} s, but {reported} s were reported");
        seconds
    }

    /// The colour of the picture at a second that is sought: red, green and blue.
    fn colour_at(&self, second: &str) -> [u8; 3] {
        let decoded = Command::new("ffmpeg")
            .args(["-v", "error", "-ss", second, "-i"])
            .arg(&self.path)
            .args([
                "-frames:v",
                "1",
                "-vf",
                "scale=1:1",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "-",
            ])
            .output()
            .unwrap();
        decoded.stdout.try_into().expect("one pixel")
    }
}

/// Somebody who sends a colour and a tone.
async fn person(
    server: &Server,
    app: &AppId,
    name: &str,
    colour: &str,
    tone_hz: u32,
) -> (Person, Sending) {
    let token = server.token(app, ROOM, name, &[]).await;
    let mut options = JoinOptions::new(&server.ready().address, app.clone(), ROOM.parse().unwrap())
        .with_token(token);
    options.camera_layers = Vec::new();
    let person = Person::join(options).await;
    let sending = EncodedMedia::new(colour, tone_hz).send(&person.client).await;
    (person, sending)
}

async fn job(server: &Server, app: &AppId) -> RecordingJob {
    RecordingJob {
        id: RecordingId::generate(),
        tenant_id: TenantId::generate(),
        app_id: app.clone(),
        room: ROOM.parse().unwrap(),
        call_id: CallId::generate(),
        kind: RecordingKind::Tracks,
        max_height: 720,
        composition: None,
        targets: Vec::new(),
        weight: 1,
        join_token: server.token(app, ROOM, "Perekam", &[]).await,
    }
}

/// A copy of a folder as it is now, which is what a `kill -9` leaves of it.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn every_person_is_in_files_that_play_even_after_a_kill() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let (siti, _siti_sends) = person(&server, &app, "Siti", "red", 440).await;
    let (budi, _budi_sends) = person(&server, &app, "Budi", "blue", 880).await;
    let folders = tempfile::tempdir().unwrap();
    let job = job(&server, &app).await;
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
    let job = job(&server, &app).await;
    let mut recorder = Recorder::start(&server, folders.path(), job);
    recorder.reports("something is on the disk", |report| report.bytes > 0).await;
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
    let job = job(&server, &app).await;
    let mut recorder = Recorder::start_keeping_free(&server, folders.path(), job, u64::MAX);
    let failed = recorder.reports("the recording ends", |report| report.state.is_final()).await;
    assert_eq!(failed.state, RecordingState::Failed);
    assert_eq!(failed.failure, Some(RecordingFailure::DiskFull));
    recorder.track(&failed, &siti, SourceKind::Microphone).plays();
    recorder.track(&failed, &siti, SourceKind::Camera).plays();
}
