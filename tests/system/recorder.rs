//! The job of a recorder in this process, and what its files hold.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use jumpa_client::JoinOptions;
use jumpa_protocol::{
    AppId, CallId, RecordingId, RoomName, SourceKind, TenantId,
    recording::{
        JobReport, RecordedFile, RecordedFileRole, RecordingJob, RecordingKind, RecordingStorage,
        StoragePlace,
    },
};
use jumpa_recorded::events::Line;
use jumpa_recorder::{
    composing::{Composers, Meter, Queue},
    job::{JobCommand, Workshop, spawn},
    library::Library,
    spool::Spool,
};
use jumpa_system_tests::{EncodedMedia, Person, Sending, Server, within};
use tokio::{
    sync::{mpsc, watch},
    task::{self, JoinHandle},
};
use tokio_util::sync::CancellationToken;

pub const ROOM: &str = "ruang-1";

/// How long something may take on the clock of the recording, milliseconds.
const PATIENCE_MS: u64 = 60_000;

/// What GnuTLS trusts, which speaks TLS for GStreamer. No variable names another file.
const TRUSTED_FILE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The job of one recording in this process, without a server that gives it.
pub struct Recorder {
    data: PathBuf,
    job: RecordingJob,
    commands: mpsc::Sender<JobCommand>,
    task: JoinHandle<()>,
    answering: JoinHandle<()>,
    reports: watch::Receiver<BTreeMap<RecordingId, JobReport>>,
}

impl Recorder {
    pub fn start(server: &Server, data: &Path, job: RecordingJob) -> Self {
        Self::start_with(server, data, job, 0, composer())
    }

    pub fn start_keeping_free(
        server: &Server,
        data: &Path,
        job: RecordingJob,
        keep_free: u64,
    ) -> Self {
        Self::start_with(server, data, job, keep_free, composer())
    }

    /// With a composer that trusts the certificates in a file, and no others.
    pub fn start_trusting(
        server: &Server,
        data: &Path,
        job: RecordingJob,
        certificates: &Path,
    ) -> Self {
        let program = data.join("composer.sh");
        let text = format!(
            "#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c \
             'mount --bind \"$0\" {TRUSTED_FILE} && exec \"$@\"' '{}' '{}' \"$@\"\n",
            certificates.display(),
            composer().display(),
        );
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        Self::start_with(server, data, job, 0, program)
    }

    fn start_with(
        server: &Server,
        data: &Path,
        job: RecordingJob,
        keep_free: u64,
        composer: PathBuf,
    ) -> Self {
        let spool = Spool::open(data).unwrap();
        let known = spool.scan().unwrap().into_iter().find(|record| record.id() == job.id);
        let given = known.is_none().then(|| Box::new(job.clone()));
        let record = known.unwrap_or_else(|| spool.begin(&job).unwrap());
        let (reports_in, reports) = watch::channel(BTreeMap::new());
        let workshop = Workshop {
            server_url: server.ready().address.clone(),
            spool,
            library: Library::new(data.join("library")).unwrap(),
            keep_free,
            composers: Composers {
                program: Some(composer),
                meter: Meter::default(),
                queue: Queue::new(1_000),
            },
            reports: reports_in,
            shutdown: CancellationToken::new(),
        };
        let workshop = Arc::new(workshop);
        let answering = tokio::spawn(answer(Arc::clone(&workshop)));
        let (commands, task) = spawn(workshop, record, given);
        Self { data: data.to_owned(), job, commands, task, answering, reports }
    }

    pub async fn reports(
        &mut self,
        what: &str,
        is_wanted: impl Fn(&JobReport) -> bool,
    ) -> JobReport {
        let id = self.job.id;
        let wanted = self.reports.wait_for(|reports| reports.get(&id).is_some_and(&is_wanted));
        within(what, wanted).await.unwrap().get(&id).unwrap().clone()
    }

    /// Waits for as long as composing comes further, but not longer than [`PATIENCE_MS`] of the
    /// recording: on a machine that is too busy everything is late, and nothing stands still.
    pub async fn reports_at_last(
        &mut self,
        what: &str,
        is_wanted: impl Fn(&JobReport) -> bool,
    ) -> JobReport {
        let until = self.composed_ms() + PATIENCE_MS;
        loop {
            let before = self.composed_ms();
            assert!(before < until, "this did not happen within {PATIENCE_MS} ms: {what}");
            let report = self
                .reports(what, |report| is_wanted(report) || report.composed_ms > Some(before))
                .await;
            if is_wanted(&report) {
                return report;
            }
        }
    }

    pub async fn tell(&self, command: JobCommand) {
        self.commands.send(command).await.unwrap();
    }

    /// How far composing was reported to be last.
    pub fn composed_ms(&self) -> u64 {
        let reports = self.reports.borrow();
        reports.get(&self.job.id).and_then(|report| report.composed_ms).unwrap_or_default()
    }

    /// How many bytes were reported to be written last.
    pub fn bytes(&self) -> u64 {
        let reports = self.reports.borrow();
        reports.get(&self.job.id).map(|report| report.bytes).unwrap_or_default()
    }

    /// What happened, as the library has it.
    pub fn log(&self, report: &JobReport) -> Vec<Line> {
        let events = self.file(report, RecordedFileRole::Events);
        let text = fs::read_to_string(events.path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Ends it where it stands, as the end of the program would, with its composer.
    pub async fn kill(self) -> PathBuf {
        self.answering.abort();
        self.task.abort();
        let _ = self.task.await;
        self.data
    }

    /// A file in the library, by its role.
    pub fn file(&self, report: &JobReport, role: RecordedFileRole) -> Track {
        let file = report.files.iter().find(|file| file.role == role).cloned();
        let file = file.unwrap_or_else(|| panic!("no {role:?}: {report:?}"));
        Track { path: self.path(&file), file }
    }

    /// Ends the recording and waits until it is in the library.
    pub async fn finish(&mut self) -> JobReport {
        self.commands.send(JobCommand::Stop).await.unwrap();
        self.reports_at_last("the recording is over", |report| report.state.is_final()).await
    }

    pub fn path(&self, file: &RecordedFile) -> PathBuf {
        self.data.join("library").join(&file.key)
    }

    pub fn track(&self, report: &JobReport, person: &Person, source: SourceKind) -> Track {
        let is_wanted = |file: &&RecordedFile| {
            file.participant_id == Some(person.id()) && file.source == Some(source)
        };
        let file = report.files.iter().find(is_wanted).cloned().expect("a file of the source");
        Track { path: self.path(&file), file }
    }
}

/// Says in place of the server that every recording goes into the folder.
async fn answer(workshop: Arc<Workshop>) {
    let mut questions = workshop.library.questions();
    loop {
        let asked: Vec<RecordingId> = questions.borrow_and_update().keys().copied().collect();
        for id in asked {
            let storage = RecordingStorage { place: StoragePlace::Folder, data_key: None };
            workshop.library.answer(id, storage);
        }
        if questions.changed().await.is_err() {
            return;
        }
    }
}

/// The program that composes, where cargo puts it beside these tests.
fn composer() -> PathBuf {
    let beside = Path::new(env!("CARGO_BIN_EXE_jumpa-under-test")).with_file_name("jumpa-composer");
    assert!(beside.is_file(), "cargo build -p jumpa-composer makes what these tests run");
    beside
}

/// A file of the library.
pub struct Track {
    pub path: PathBuf,
    pub file: RecordedFile,
}

impl Track {
    /// Every frame decodes, and ffprobe finds the length that was reported; gives it, seconds.
    pub fn plays(&self) -> f64 {
        decodes(&self.path);
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
    pub fn colour_at(&self, second: &str) -> [u8; 3] {
        self.colour_of(second, "null")
    }

    /// The same of a part of the picture, which a filter of ffmpeg cuts out.
    pub fn colour_of(&self, second: &str, cut: &str) -> [u8; 3] {
        colour_of(&self.path, second, cut)
    }

    /// How loud tones are in a stretch of sound, in order, against the loudest.
    pub fn tones(&self, from_second: f64, seconds: f64, tones_hz: &[f64]) -> Vec<f64> {
        tones(&self.path, from_second, seconds, tones_hz)
    }

    /// The longest time between two pictures, seconds.
    pub fn longest_pause(&self) -> f64 {
        picture_times(&self.path).windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max)
    }
}

/// What [`Track::colour_of`] finds, in any file.
pub fn colour_of(path: &Path, second: &str, cut: &str) -> [u8; 3] {
    let scale = format!("{cut},scale=1:1");
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-ss", second, "-i"])
        .arg(path)
        .args(["-frames:v", "1", "-vf", &scale, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .output()
        .unwrap();
    decoded.stdout.try_into().expect("one pixel")
}

/// What [`Track::tones`] finds, in any file.
pub fn tones(path: &Path, from_second: f64, seconds: f64, tones_hz: &[f64]) -> Vec<f64> {
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-ss", &from_second.to_string(), "-t", &seconds.to_string()])
        .args(["-vn", "-ac", "1", "-ar", "48000", "-f", "f32le", "-"])
        .output()
        .unwrap();
    let samples: Vec<f64> = decoded
        .stdout
        .as_chunks::<4>()
        .0
        .iter()
        .map(|bytes| f64::from(f32::from_le_bytes(*bytes)))
        .collect();
    tones_hz.iter().map(|hz| amplitude(&samples, *hz)).collect()
}

/// Every frame of a file decodes without a complaint.
pub fn decodes(path: &Path) {
    let decoded = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames"])
        .args(["-of", "csv=p=0"])
        .arg(path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&decoded.stderr);
    assert!(decoded.status.success() && said.is_empty(), "{}: {said}", path.display());
}

/// When each picture of a file is shown, seconds from its zero, in order.
pub fn picture_times(file: &Path) -> Vec<f64> {
    let probed = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time"])
        .args(["-of", "csv=p=0"])
        .arg(file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&probed.stdout);
    let mut times: Vec<f64> =
        text.lines().filter_map(|line| line.trim_end_matches(',').parse().ok()).collect();
    times.sort_by(f64::total_cmp);
    times
}

/// A tone is looked for in pieces of 50 ms. While the clock of somebody is set right their tone is a
/// few hertz off, which over a longer time cancels it out.
const PIECE_SAMPLES: usize = 2_400;

/// How strong a frequency is in sound of 48 kHz, on average.
fn amplitude(samples: &[f64], hz: f64) -> f64 {
    let pieces = samples.chunks_exact(PIECE_SAMPLES);
    let count = pieces.len().max(1) as f64;
    pieces.map(|piece| amplitude_of_piece(piece, hz)).sum::<f64>() / count
}

/// One term of a Fourier transform.
fn amplitude_of_piece(samples: &[f64], hz: f64) -> f64 {
    let step = std::f64::consts::TAU * hz / 48_000.0;
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (number, sample) in samples.iter().enumerate() {
        real += sample * (step * number as f64).cos();
        imaginary += sample * (step * number as f64).sin();
    }
    real.hypot(imaginary) * 2.0 / samples.len().max(1) as f64
}

/// Somebody who sends a colour and a tone. Encoding takes its time, in which everybody else of this
/// process goes on.
pub async fn person(
    server: &Server,
    app: &AppId,
    name: &str,
    colour: &str,
    tone_hz: u32,
) -> (Person, Sending) {
    person_in(ROOM, server, app, name, colour, tone_hz).await
}

/// The same in another room.
pub async fn person_in(
    room: &str,
    server: &Server,
    app: &AppId,
    name: &str,
    colour: &str,
    tone_hz: u32,
) -> (Person, Sending) {
    let colour = colour.to_owned();
    let encoded = task::spawn_blocking(move || EncodedMedia::new(&colour, tone_hz)).await.unwrap();
    let token = server.token(app, room, name, &[]).await;
    let mut options = JoinOptions::new(&server.ready().address, app.clone(), room.parse().unwrap())
        .with_token(token)
        .sending(SourceKind::Microphone)
        .sending(SourceKind::Camera);
    options.camera_layers = Vec::new();
    let person = Person::join(options).await;
    let sending = encoded.send(&person.client);
    (person, sending)
}

/// The job to record the call that somebody is in.
pub fn job(server: &Server, app: &AppId, person: &Person) -> RecordingJob {
    job_of(server, app, person.client.snapshot().call.id)
}

/// The job to record a call.
pub fn job_of(server: &Server, app: &AppId, call_id: CallId) -> RecordingJob {
    let id = RecordingId::generate();
    let room: RoomName = ROOM.parse().unwrap();
    let join_token = server.recorder_token(app, &room, call_id, id);
    RecordingJob {
        id,
        tenant_id: TenantId::generate(),
        app_id: app.clone(),
        room,
        call_id,
        kind: RecordingKind::Tracks,
        max_height: 720,
        composition: None,
        targets: Vec::new(),
        weight: 1,
        join_token,
    }
}

/// A copy of a folder as it is now, which is what a `kill -9` leaves of it.
pub fn copied(from: &Path, to: &Path) {
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
