//! How the files of a job get into the storage.

use std::{path::PathBuf, sync::Arc, time::Duration};

use jumpa_protocol::recording::{RecordingFailure, RecordingKind, RecordingState};
use jumpa_recorded::files::{media_files, number_of};
use jumpa_storage::StorageError;
use tokio::{sync::mpsc, task::JoinHandle, time::sleep};

use super::{Job, Next, Workshop, blocking};
use crate::{
    backoff::Backoff,
    clock::wall_ms,
    completion,
    library::{UPLOADS_FOLDER, name_of, upload},
    spool::JobRecord,
};

/// How long the storage is tried, milliseconds.
const UPLOAD_PATIENCE_MS: u64 = 72 * 3_600 * 1_000;

/// How long to wait for a storage that refuses: somebody has to mend it. The server says so when
/// they have.
const REFUSAL_PAUSE: Duration = Duration::from_secs(120);

/// How often a file is tried that is uploaded during the call; afterwards it is tried for days.
const EARLY_ATTEMPTS: u32 = 3;

impl Job {
    /// Puts every file into the storage.
    pub(super) async fn upload(&mut self) -> Next {
        self.forgive_storage();
        let id = self.record.id();
        let since_ms = *self.record.uploading_since_ms.get_or_insert_with(wall_ms);
        self.set_state(RecordingState::Uploading);
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(300));
        while let Err(error) = self.upload_files().await {
            tracing::warn!(recording.id = %id, %error, "storing files failed");
            let failure = match error {
                StorageError::Refused(_) => RecordingFailure::StorageRefused,
                _ => RecordingFailure::StorageUnreachable,
            };
            self.forgive_storage();
            self.record.blame(failure, error.reason());
            if since_ms.saturating_add(UPLOAD_PATIENCE_MS) <= wall_ms() {
                self.record.report.files.clear();
                self.set_state(RecordingState::Failed);
                return Next::Continue;
            }
            self.tell();
            let pause = match error {
                StorageError::Refused(_) => REFUSAL_PAUSE,
                _ => backoff.jittered_pause(),
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = self.workshop.library.until_news(id) => {}
            }
        }
        self.forgive_storage();
        self.set_state(match self.record.report.failure {
            Some(_) => RecordingState::Failed,
            None => RecordingState::Ready,
        });
        Next::Continue
    }

    async fn upload_files(&self) -> Result<(), StorageError> {
        let storage = self.workshop.library.storage_of(self.record.id()).await?;
        let folder = self.workshop.spool.job_folder(self.record.id());
        for file in &self.record.report.files {
            upload(&storage, &folder, &folder.join(name_of(file)), file).await?;
        }
        Ok(())
    }

    /// What the storage did wrong so far is over, or told anew.
    fn forgive_storage(&mut self) {
        let report = &mut self.record.report;
        let is_of_storage = matches!(
            report.failure,
            Some(RecordingFailure::StorageRefused | RecordingFailure::StorageUnreachable)
        );
        if is_of_storage {
            report.failure = None;
            report.detail = None;
        }
    }
}

/// Uploads files of a job that are complete while the call goes on, so that little is left to do at
/// its end. What fails is done then.
pub(super) struct EarlyUploads {
    numbers: mpsc::UnboundedSender<u32>,
    seen: usize,
    task: JoinHandle<()>,
}

impl EarlyUploads {
    /// Begins for a job of which every track goes into the library; none for others.
    pub(super) fn start(workshop: &Arc<Workshop>, record: &JobRecord) -> Option<Self> {
        if record.kind != RecordingKind::Tracks {
            return None;
        }
        // As many as there are files in a call, each once.
        let (numbers, waiting) = mpsc::unbounded_channel();
        let uploads = Uploads {
            workshop: Arc::clone(workshop),
            folder: workshop.spool.job_folder(record.id()),
            record: record.clone(),
        };
        let task = tokio::spawn(uploads.run(waiting));
        Some(Self { numbers, seen: 0, task })
    }

    /// These files are complete; each is told once.
    pub(super) fn note_ended(&mut self, ended: &[u32]) {
        for number in ended.iter().skip(self.seen) {
            // It has ended with a panic, and the files are uploaded afterwards.
            let _ = self.numbers.send(*number);
        }
        self.seen = self.seen.max(ended.len());
    }

    /// Stops where it is; what is done is in the journals.
    pub(super) async fn stop(self) {
        self.task.abort();
        // Nobody writes into the journals when it is gone.
        let _ = self.task.await;
    }
}

struct Uploads {
    workshop: Arc<Workshop>,
    folder: PathBuf,
    record: JobRecord,
}

impl Uploads {
    async fn run(self, mut waiting: mpsc::UnboundedReceiver<u32>) {
        let Self { workshop, folder, record } = self;
        while let Some(number) = waiting.recv().await {
            let names = media_files(&folder).unwrap_or_default();
            let name = names.into_iter().find(|name| number_of(name) == Some(number));
            let Some(name) = name else { continue };
            let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(10));
            for attempt in 1..=EARLY_ATTEMPTS {
                match upload_early(&workshop, &record, &name).await {
                    Ok(()) => break,
                    Err(error) => {
                        tracing::warn!(recording.id = %record.id(), %error, "a file is uploaded later");
                        if attempt < EARLY_ATTEMPTS {
                            sleep(backoff.jittered_pause()).await;
                        }
                    }
                }
            }
        }
    }
}

/// Uploads a track that is complete while the call goes on. Nobody reads the tracks of such a
/// recording along, so the copy that is whole takes their place.
///
/// # Errors
/// [`StorageError`]; what is missing is done at the end of the recording.
pub async fn upload_early(
    workshop: &Workshop,
    record: &JobRecord,
    name: &str,
) -> Result<(), StorageError> {
    let folder = workshop.spool.job_folder(record.id());
    let copy = folder.join(UPLOADS_FOLDER).join(name);
    let made = blocking({
        let (folder, name, copy) = (folder.clone(), name.to_owned(), copy.clone());
        move || completion::whole_copy(&folder, &name, &copy)
    });
    let Some(facts) = made.await? else { return Ok(()) };
    let storage = workshop.library.storage_of(record.id()).await?;
    upload(&storage, &folder, &copy, &facts.file(name, record, &[])).await?;
    let name = name.to_owned();
    blocking(move || facts.keep(&copy, &folder, &name)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use jumpa_protocol::{
        CallId, ParticipantId, RecordingId, TenantId,
        recording::{JobReport, RecordedFileRole, RecordingJob, RecordingStorage, StoragePlace},
    };
    use jumpa_recorded::{
        VideoCodec, VideoFormat,
        webm::{TrackFormat, Writer},
    };
    use jumpa_test_storage::S3Server;
    use tokio::{sync::watch, time::Instant};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{
        completion::Product,
        composing::{Composers, Meter, Queue},
        job,
        library::Library,
        spool::Spool,
    };

    const HOUR: Duration = Duration::from_secs(3_600);

    fn workshop(data: &std::path::Path) -> Arc<Workshop> {
        Arc::new(Workshop {
            server_url: String::new(),
            spool: Spool::open(data).unwrap(),
            library: Library::new(data.join("library")).unwrap(),
            keep_free: 0,
            composers: Composers {
                program: None,
                meter: Meter::default(),
                queue: Queue::new(1_000),
            },
            reports: watch::Sender::new(BTreeMap::new()),
            shutdown: CancellationToken::new(),
        })
    }

    /// A job with a camera file that is complete, as the disk thread leaves it.
    fn recorded(workshop: &Workshop) -> JobRecord {
        let mut record = JobRecord::new(&RecordingJob {
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
        });
        record.report.started_at_ms = Some(1_790_000_000_000);
        workshop.spool.save(&record).unwrap();
        let format =
            VideoFormat { codec: VideoCodec::Vp8, size: (640, 360), configuration: Vec::new() };
        let (mut writer, mut file) = Writer::begin(&TrackFormat::video(format, 1_790_000_000_000));
        for picture in 0..50 {
            file.extend(writer.frame(picture * 40, picture == 0, &[picture as u8; 100]));
        }
        let name = format!("001-{}-camera.webm", ParticipantId::generate());
        fs::write(workshop.spool.job_folder(record.id()).join(name), file).unwrap();
        record
    }

    #[tokio::test]
    async fn a_complete_track_is_uploaded_during_the_call_and_not_again_at_its_end() {
        let (data, server) = (tempfile::tempdir().unwrap(), S3Server::start().await);
        let workshop = workshop(data.path());
        let record = recorded(&workshop);
        let (id, folder) = (record.id(), workshop.spool.job_folder(record.id()));
        let place = StoragePlace::S3(server.bucket());
        let storage = RecordingStorage { place, data_key: None };

        let mut early = EarlyUploads::start(&workshop, &record).unwrap();
        early.note_ended(&[1]);
        let mut questions = workshop.library.questions();
        questions.wait_for(|questions| questions.contains_key(&id)).await.unwrap();
        workshop.library.answer(id, storage.clone());
        // It ends by itself when nothing more is told.
        let EarlyUploads { numbers, task, .. } = early;
        drop(numbers);
        task.await.unwrap();
        assert_eq!(server.keys().len(), 1);
        let left: Vec<_> = fs::read_dir(folder.join(UPLOADS_FOLDER)).unwrap().collect();
        assert_eq!(left.len(), 2, "the journal and the facts, and no copy");
        let [name] = &media_files(&folder).unwrap()[..] else { panic!("one track") };
        let whole = fs::read(folder.join(name)).unwrap();
        // At the end of a long call nothing of it is read again.
        fs::write(folder.join(name), vec![0; whole.len()]).unwrap();
        let end = completion::make_whole(&folder).unwrap();
        assert_eq!(end, Some(1_790_000_000_000 + 2_000));
        let files = completion::describe(&folder, &record, &Product::Tracks).unwrap();
        let track = files.iter().find(|file| file.role == RecordedFileRole::Track).unwrap();
        assert_eq!(track.sha256, completion::checksum(&whole[..]).unwrap().sha256);
        assert_eq!((track.start_ms, track.duration_ms), (Some(0), Some(2_000)));
        fs::write(folder.join(name), whole).unwrap();
        server.take_requests();
        let opened = jumpa_storage::Storage::open(&storage, data.path()).unwrap();
        for file in &files {
            upload(&opened, &folder, &folder.join(name_of(file)), file).await.unwrap();
        }
        let requests = server.take_requests();
        let is_sent = |request: &&String| request.starts_with("PUT");
        assert_eq!(requests.iter().filter(is_sent).count(), files.len() - 1, "{requests:?}");
        assert_eq!(server.keys().len(), files.len());
    }
    /// Time passes as fast as nothing happens while the bucket is away.
    #[tokio::test(start_paused = true)]
    async fn a_bucket_that_is_away_for_an_hour_is_told_and_gets_everything_when_it_is_back() {
        let (data, server) = (tempfile::tempdir().unwrap(), S3Server::start().await);
        let workshop = workshop(data.path());
        let mut record = recorded(&workshop);
        record.report.state = RecordingState::Finalising;
        let (id, folder) = (record.id(), workshop.spool.job_folder(record.id()));
        let place = StoragePlace::S3(server.bucket());
        let storage = RecordingStorage { place, data_key: None };
        server.stop();
        server.until_down().await;
        let (mut questions, mut reports) =
            (workshop.library.questions(), workshop.reports.subscribe());
        let away_since = Instant::now();
        let (commands, task) = job::spawn(Arc::clone(&workshop), record, None);
        let mut attempts = 0;
        loop {
            // It asks before each attempt where its files go.
            questions.wait_for(|questions| questions.contains_key(&id)).await.unwrap();
            if away_since.elapsed() >= HOUR {
                break;
            }
            attempts += 1;
            workshop.library.answer(id, storage.clone());
        }
        assert!((12..60).contains(&attempts), "often enough, and ever more rarely: {attempts}");
        let told = reports.borrow_and_update()[&id].clone();
        let why = Some(RecordingFailure::StorageUnreachable);
        assert_eq!((told.state, told.failure), (RecordingState::Uploading, why));
        assert!(folder.exists() && !told.files.is_empty());

        tokio::time::resume();
        server.resume();
        server.until_up().await;
        workshop.library.answer(id, storage);
        let is_over = |reports: &BTreeMap<_, JobReport>| reports[&id].state.is_final();
        let ready = reports.wait_for(is_over).await.unwrap()[&id].clone();
        assert_eq!((ready.state, ready.failure), (RecordingState::Ready, None));
        assert_eq!(server.keys().len(), ready.files.len());
        commands.send(job::JobCommand::Settled).await.unwrap();
        task.await.unwrap();
        assert!(!folder.exists(), "the spool is empty when the server knows");
    }
}
