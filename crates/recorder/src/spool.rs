//! The folder in which recordings lie until they are in the storage.
//!
//! `spool/{recording_id}/` holds the files of a job and `job.json`, which says how far it is. That
//! file is replaced as a whole and reaches the disk before anybody hears of the state in it, so a
//! recorder that starts again knows every job of the one before.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use jumpa_protocol::{
    AppId, CallId, RecordingId, RoomName, TenantId,
    recording::{
        ComposeTime, Composition, JobReport, RecordingFailure, RecordingJob, RecordingKind,
        RecordingState,
    },
};
use jumpa_recorded::files::media_files;
use serde::{Deserialize, Serialize};

const JOB_FILE: &str = "job.json";
const LOCK_FILE: &str = "recorder.lock";

/// The app's logo in the folder of a job.
const LOGO_FILE: &str = "logo.image";

/// A job with everything that must outlive the program. The join token is not kept: the server gives
/// another one when the job shall go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRecord {
    /// Whose.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// The call.
    pub call_id: CallId,
    /// What becomes of it.
    pub kind: RecordingKind,
    /// Height of the largest picture that is recorded, pixels.
    pub max_height: u16,
    /// Of everything but tracks: how it is made. The logo is a file of its own, [`LOGO_FILE`].
    #[serde(default)]
    pub composition: Option<Composition>,
    /// The app's share of the time for composing after calls.
    #[serde(default = "least_weight")]
    pub weight: u32,
    /// Since when its files are on their way to the storage, milliseconds since 1970.
    #[serde(default)]
    pub uploading_since_ms: Option<u64>,
    /// How it is, as the server is told.
    pub report: JobReport,
}

impl JobRecord {
    /// A job that was just given.
    #[must_use]
    pub fn new(job: &RecordingJob) -> Self {
        let report = JobReport {
            id: job.id,
            state: RecordingState::Starting,
            failure: None,
            detail: None,
            started_at_ms: None,
            ended_at_ms: None,
            bytes: 0,
            composed_ms: None,
            targets: Vec::new(),
            files: Vec::new(),
        };
        Self {
            tenant_id: job.tenant_id,
            app_id: job.app_id.clone(),
            room: job.room.clone(),
            call_id: job.call_id,
            kind: job.kind,
            max_height: job.max_height,
            composition: job.composition.clone().map(|how| Composition { logo: None, ..how }),
            weight: job.weight,
            uploading_since_ms: None,
            report,
        }
    }

    /// Which recording.
    #[must_use]
    pub const fn id(&self) -> RecordingId {
        self.report.id
    }

    /// Whether it is composed while it is recorded.
    #[must_use]
    pub fn is_composed_live(&self) -> bool {
        let is_live = |how: &Composition| how.time == ComposeTime::Live;
        self.kind == RecordingKind::Stream
            || self.kind != RecordingKind::Tracks && self.composition.as_ref().is_some_and(is_live)
    }

    /// Notes why it is not, or not wholly, a success. The first reason stays.
    pub fn blame(&mut self, failure: RecordingFailure, detail: impl Into<String>) {
        if self.report.failure.is_none() {
            self.report.failure = Some(failure);
            self.report.detail = Some(detail.into());
        }
    }
}

const fn least_weight() -> u32 {
    1
}

/// The spool of a recorder.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
    unsaved: PathBuf,
}

impl Spool {
    /// Opens the spool in a data folder, and makes it when there is none.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(data: &Path) -> io::Result<Self> {
        let spool = Self { folder: data.join("spool"), unsaved: data.join("unsaved") };
        fs::create_dir_all(&spool.folder)?;
        Ok(spool)
    }

    /// Keeps other recorders away from a data folder until the file is dropped or the process ends.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] while another recorder has it.
    pub fn lock(data: &Path) -> io::Result<File> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(data.join(LOCK_FILE))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(io::Error::new(
                io::ErrorKind::WouldBlock,
                format!("another recorder uses `{}`", data.display()),
            )),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Every job, the oldest first. What is no job is left where it is.
    ///
    /// # Errors
    /// When the spool cannot be read.
    pub fn scan(&self) -> io::Result<Vec<JobRecord>> {
        let mut jobs = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path().join(JOB_FILE);
            match fs::read(&path).map(|bytes| serde_json::from_slice::<JobRecord>(&bytes)) {
                Ok(Ok(job)) => jobs.push(job),
                Ok(Err(error)) => {
                    tracing::error!(%error, path = %path.display(), "a job cannot be read");
                }
                // A job that was given a moment before the end of the program: never heard of.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        jobs.sort_by_key(JobRecord::id);
        Ok(jobs)
    }

    /// The folder of a job.
    #[must_use]
    pub fn job_folder(&self, id: RecordingId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// Writes down a job that was just given, and its logo.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn begin(&self, job: &RecordingJob) -> io::Result<JobRecord> {
        let record = JobRecord::new(job);
        let logo = job.composition.as_ref().and_then(|how| how.logo.as_ref());
        if let Some(logo) = logo {
            let image = BASE64_STANDARD.decode(logo).map_err(io::Error::other)?;
            fs::create_dir_all(self.job_folder(job.id))?;
            replace(&self.job_folder(job.id).join(LOGO_FILE), &image)?;
        }
        self.save(&record)?;
        Ok(record)
    }

    /// The app's logo for a job, when it has one.
    #[must_use]
    pub fn logo(&self, id: RecordingId) -> Option<PathBuf> {
        Some(self.job_folder(id).join(LOGO_FILE)).filter(|logo| logo.exists())
    }

    /// Writes down how a job is; it is on the disk when this returns.
    ///
    /// # Errors
    /// When the disk does not take it; the state before stays.
    pub fn save(&self, job: &JobRecord) -> io::Result<()> {
        let folder = self.job_folder(job.id());
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            sync_folder(&self.folder)?;
        }
        replace(&folder.join(JOB_FILE), &serde_json::to_vec_pretty(job)?)
    }

    /// Forgets a job whose end is stored. Files that did not reach the storage are kept aside, in
    /// the folder `unsaved`.
    ///
    /// # Errors
    /// When the folder cannot be removed or moved.
    pub fn settle(&self, job: &JobRecord) -> io::Result<()> {
        let folder = self.job_folder(job.id());
        let is_lost = job.report.state == RecordingState::Failed && job.report.files.is_empty();
        if is_lost && !media_files(&folder)?.is_empty() {
            fs::create_dir_all(&self.unsaved)?;
            return fs::rename(&folder, self.unsaved.join(job.id().to_string()));
        }
        fs::remove_dir_all(&folder)
    }
}

/// Replaces a file as a whole, on the disk when this returns.
///
/// # Errors
/// When the disk does not take it; the file is then as it was.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Names in a folder reach the disk.
///
/// # Errors
/// When the disk refuses.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::recording::RecordingLayout;

    use super::*;

    fn job() -> JobRecord {
        JobRecord::new(&given())
    }

    fn given() -> RecordingJob {
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
            join_token: "secret".to_owned(),
        }
    }

    #[test]
    fn a_spool_that_is_opened_again_knows_its_jobs_but_no_secret() {
        let data = tempfile::tempdir().unwrap();
        let spool = Spool::open(data.path()).unwrap();
        let mut first = job();
        spool.save(&first).unwrap();
        first.report.state = RecordingState::Finalising;
        spool.save(&first).unwrap();
        let second = job();
        spool.save(&second).unwrap();
        fs::create_dir(data.path().join("spool/other")).unwrap();
        assert_eq!(Spool::open(data.path()).unwrap().scan().unwrap(), [first.clone(), second]);
        let text = fs::read_to_string(spool.job_folder(first.id()).join(JOB_FILE)).unwrap();
        assert!(!text.contains("secret"));
    }

    #[test]
    fn the_logo_of_a_job_is_a_file_beside_it() {
        let data = tempfile::tempdir().unwrap();
        let spool = Spool::open(data.path()).unwrap();
        let composition = Composition {
            layout: RecordingLayout::Grid,
            height: 720,
            time: ComposeTime::Live,
            has_names: true,
            logo: Some("aW1hZ2U=".to_owned()),
        };
        let job = RecordingJob {
            kind: RecordingKind::Composite,
            composition: Some(composition),
            ..given()
        };
        let record = spool.begin(&job).unwrap();
        assert!(record.is_composed_live());
        assert_eq!(spool.scan().unwrap(), [record]);
        assert_eq!(fs::read(spool.logo(job.id).unwrap()).unwrap(), b"image");
    }

    #[test]
    fn files_that_are_stored_nowhere_else_are_kept_aside() {
        let data = tempfile::tempdir().unwrap();
        let spool = Spool::open(data.path()).unwrap();
        let mut failed = job();
        failed.report.state = RecordingState::Failed;
        spool.save(&failed).unwrap();
        fs::write(spool.job_folder(failed.id()).join("001-a-camera.webm"), "x").unwrap();
        spool.settle(&failed).unwrap();
        assert_eq!(spool.scan().unwrap(), []);
        let kept = data.path().join("unsaved").join(failed.id().to_string());
        assert_eq!(media_files(&kept).unwrap(), ["001-a-camera.webm"]);
    }
}
