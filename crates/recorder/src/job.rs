//! One recording from the word of the server to the library.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use jumpa_protocol::{
    RecordingId,
    recording::{
        JobReport, RecordedFile, RecordedFileRole, RecordingFailure, RecordingJob, RecordingState,
        StreamTarget,
    },
};
use jumpa_recorded::files::{media_files, number_of};
use tokio::{
    sync::{mpsc, watch},
    task,
    time::{Instant, sleep, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    backoff::Backoff,
    clock::wall_ms,
    completion::{self, Product},
    composing::{Composers, Live},
    disk::is_full,
    library::Library,
    recording::{self, Outcome, Progress, Stay},
    spool::{JobRecord, Spool},
};

/// How long an interrupted job waits for the server to want it again. A server that is away for
/// longer has lost the call, and the files are worth more when they are complete.
const UNCLAIMED: Duration = Duration::from_secs(600);

/// How often completing the files is tried. A full disk does not count: people make room on it, and
/// until then the files are where they are.
const COMPLETION_ATTEMPTS: u32 = 20;

mod composition;
mod upload;

use upload::EarlyUploads;
pub use upload::upload_early;

/// What all jobs share.
#[derive(Debug)]
pub struct Workshop {
    /// Address of the server.
    pub server_url: String,
    /// Where files lie meanwhile.
    pub spool: Spool,
    /// Where they go.
    pub library: Library,
    /// What is kept free of the disk of the spool, bytes.
    pub keep_free: u64,
    /// What makes composites.
    pub composers: Composers,
    /// How every job is; what is not in it is forgotten.
    pub reports: watch::Sender<BTreeMap<RecordingId, JobReport>>,
    /// Ends every job where it stands; it goes on at the next start.
    pub shutdown: CancellationToken,
}

/// What the server wants of a job.
#[derive(Debug)]
pub enum JobCommand {
    /// Record, with this token.
    Start(Box<RecordingJob>),
    /// Leave the call and complete the files.
    Stop,
    /// Send the stream to these from now on.
    SetTargets(Vec<StreamTarget>),
    /// The server was asked and did not want it to go on. Nothing while it records.
    Unclaimed,
    /// The end is stored: forget everything.
    Settled,
}

/// Commands that wait at most. The server repeats what it wants at every connection.
const MAX_COMMANDS: usize = 16;

/// Whether the job's task goes on.
enum Next {
    Continue,
    End,
}

/// Starts the task of a job.
pub fn spawn(
    workshop: Arc<Workshop>,
    record: JobRecord,
    given: Option<Box<RecordingJob>>,
) -> (mpsc::Sender<JobCommand>, task::JoinHandle<()>) {
    let (commands_in, commands) = mpsc::channel(MAX_COMMANDS);
    let job = Job { workshop, record, commands, given, live: None };
    (commands_in, tokio::spawn(job.run()))
}

struct Job {
    workshop: Arc<Workshop>,
    record: JobRecord,
    commands: mpsc::Receiver<JobCommand>,
    /// Lets the recorder in once.
    given: Option<Box<RecordingJob>>,
    /// What is composed while it is recorded.
    live: Option<Live>,
}

impl Job {
    async fn run(mut self) {
        self.tell();
        let shutdown = self.workshop.shutdown.clone();
        loop {
            let next = match self.record.report.state {
                RecordingState::Queued | RecordingState::Starting | RecordingState::Active => {
                    self.be_in_call().await
                }
                RecordingState::Finalising => tokio::select! {
                    next = self.complete() => next,
                    () = shutdown.cancelled() => Next::End,
                },
                RecordingState::Uploading => tokio::select! {
                    next = self.upload() => next,
                    () = shutdown.cancelled() => Next::End,
                },
                RecordingState::Ready | RecordingState::Failed => tokio::select! {
                    next = self.await_settlement() => next,
                    () = shutdown.cancelled() => Next::End,
                },
            };
            if matches!(next, Next::End) {
                return;
            }
        }
    }

    /// The call, from getting in to leaving, as often as the server wants it.
    async fn be_in_call(&mut self) -> Next {
        let shutdown = self.workshop.shutdown.clone();
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(10));
        loop {
            let Some(given) = self.given.take() else {
                tokio::select! {
                    () = self.await_start() => {}
                    () = shutdown.cancelled() => return Next::End,
                }
                if self.given.is_none() {
                    return Next::Continue;
                }
                continue;
            };
            let (outcome, is_stopped) = self.stay(given.clone()).await;
            if shutdown.is_cancelled() && !is_stopped {
                self.make_whole_for_now().await;
                return Next::End;
            }
            match outcome {
                Outcome::Stopped => self.leave_call(RecordingFailure::NothingRecorded, "stopped"),
                Outcome::Ended => self.leave_call(RecordingFailure::CallEnded, "the call is over"),
                Outcome::Refused(refusal) => {
                    self.leave_call(RecordingFailure::CallRefused, &refusal.to_string());
                }
                Outcome::Disk(failure) => {
                    let why = if failure.is_full {
                        RecordingFailure::DiskFull
                    } else {
                        RecordingFailure::Internal
                    };
                    tracing::error!(recording.id = %self.record.id(), error = failure.detail, "the disk takes no more");
                    self.record.blame(why, failure.detail);
                    self.set_state(RecordingState::Finalising);
                }
                Outcome::Lost => continue,
                Outcome::Unreachable(error) => {
                    tracing::warn!(recording.id = %self.record.id(), error, "the call cannot be reached");
                    tokio::select! {
                        () = sleep(backoff.pause()) => self.given = self.given.take().or(Some(given)),
                        () = self.await_start() => {}
                        () = shutdown.cancelled() => return Next::End,
                    }
                    if !self.record.report.state.is_running() {
                        return Next::Continue;
                    }
                    continue;
                }
            }
            return Next::Continue;
        }
    }

    /// Waits until the server wants an interrupted job to go on, or to end.
    async fn await_start(&mut self) {
        let deadline = Instant::now() + UNCLAIMED;
        loop {
            match timeout_at(deadline, self.commands.recv()).await {
                Ok(Some(JobCommand::Start(job))) => {
                    self.given = Some(job);
                    return;
                }
                Ok(Some(JobCommand::SetTargets(targets))) => self.set_targets(targets),
                Ok(Some(JobCommand::Settled)) => {}
                Ok(Some(JobCommand::Stop | JobCommand::Unclaimed) | None) | Err(_) => {
                    self.leave_call(RecordingFailure::Cancelled, "ended before it began");
                    return;
                }
            }
        }
    }

    /// One stay in the call; also tells whether the server ended it.
    async fn stay(&mut self, given: Box<RecordingJob>) -> (Outcome, bool) {
        let folder = self.workshop.spool.job_folder(self.record.id());
        let names = media_files(&folder).unwrap_or_default();
        let stay = Stay {
            server_url: self.workshop.server_url.clone(),
            job: *given,
            folder,
            first_number: names.last().and_then(|name| number_of(name)).map_or(1, |last| last + 1),
            began_at_ms: self.record.report.started_at_ms,
            keep_free: self.workshop.keep_free,
            is_composed: self.record.is_composed_live(),
        };
        let mut targets = stay.job.targets.clone();
        if self.live.is_some() {
            self.set_targets(std::mem::take(&mut targets));
        }
        let bytes_before = self.record.report.bytes;
        let stop = self.workshop.shutdown.child_token();
        let (progress_in, mut progress) = watch::channel(Progress::default());
        let mut early = EarlyUploads::start(&self.workshop, &self.record);
        let recording = recording::record(stay, &progress_in, &stop);
        tokio::pin!(recording);
        let mut is_stopped = false;
        let outcome = loop {
            tokio::select! {
                outcome = &mut recording => break outcome,
                Some(command) = self.commands.recv() => match command {
                    JobCommand::Stop => {
                        is_stopped = true;
                        stop.cancel();
                    }
                    // For the next time, when the server was lost.
                    JobCommand::Start(job) => {
                        targets.clone_from(&job.targets);
                        self.set_targets(job.targets.clone());
                        self.given = Some(job);
                    }
                    JobCommand::SetTargets(now) => {
                        targets.clone_from(&now);
                        self.set_targets(now);
                    }
                    JobCommand::Unclaimed | JobCommand::Settled => {}
                },
                Ok(()) = progress.changed() => {
                    let now = progress.borrow_and_update().clone();
                    self.note(&now, bytes_before);
                    if let Some(early) = &mut early {
                        early.note_ended(&now.ended);
                    }
                    self.compose_up_to(now.horizon_ms, &targets);
                }
                () = Self::composes(&mut self.live) => self.tell_composed(),
            }
        };
        let last = progress.borrow().clone();
        self.note(&last, bytes_before);
        if let Some(early) = early {
            early.stop().await;
        }
        (outcome, is_stopped)
    }

    fn note(&mut self, progress: &Progress, bytes_before: u64) {
        self.record.report.bytes = bytes_before + progress.bytes;
        if let Some(began_at_ms) = progress.began_at_ms
            && self.record.report.state != RecordingState::Active
        {
            self.record.report.started_at_ms = Some(began_at_ms);
            // Waits for the disk once in a stay; the packets of that moment wait in the client.
            return self.set_state(RecordingState::Active);
        }
        self.tell();
    }

    /// The recorder is out of the call. `failure` is the reason when there is nothing.
    fn leave_call(&mut self, failure: RecordingFailure, detail: &str) {
        self.record.report.ended_at_ms = Some(wall_ms());
        if self.record.report.started_at_ms.is_none() {
            self.record.blame(failure, detail);
            return self.set_state(RecordingState::Failed);
        }
        self.set_state(RecordingState::Finalising);
    }

    /// The program ends amidst a call: files are made whole as far as there is time. The job goes on
    /// at the next start, or is completed then.
    async fn make_whole_for_now(&self) {
        let folder = self.workshop.spool.job_folder(self.record.id());
        if let Err(error) = blocking(move || completion::make_whole(&folder)).await {
            tracing::warn!(%error, "files were not made whole");
        }
    }

    /// Makes files whole, composes what is wanted, and describes them.
    async fn complete(&mut self) -> Next {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        let of_call = (self.record.report.failure, self.record.report.detail.clone());
        let mut attempts = 0;
        while attempts < COMPLETION_ATTEMPTS {
            // What was told of the attempt before is over, or told anew.
            let report = &mut self.record.report;
            (report.failure, report.detail) = of_call.clone();
            match self.completed_files().await {
                Ok(files) if files.iter().any(is_media) => {
                    self.record.report.bytes = files.iter().map(|file| file.bytes).sum();
                    self.record.report.files = files;
                    self.set_state(RecordingState::Uploading);
                    return Next::Continue;
                }
                Ok(_) => {
                    self.record.blame(RecordingFailure::NothingRecorded, "there is no frame");
                    self.set_state(RecordingState::Failed);
                    return Next::Continue;
                }
                Err(error) => {
                    tracing::error!(%error, recording.id = %self.record.id(), "completing files failed");
                    if is_full(&error) {
                        self.record.blame(RecordingFailure::DiskFull, error.to_string());
                    } else {
                        attempts += 1;
                        self.record.report.detail = Some(error.to_string());
                    }
                    self.tell();
                    sleep(backoff.pause()).await;
                }
            }
        }
        self.record.blame(RecordingFailure::Internal, "the files could not be completed");
        self.set_state(RecordingState::Failed);
        Next::Continue
    }

    async fn completed_files(&mut self) -> io::Result<Vec<RecordedFile>> {
        let folder = self.workshop.spool.job_folder(self.record.id());
        let end = blocking({
            let folder = folder.clone();
            move || completion::make_whole(&folder)
        });
        let product = match end.await? {
            Some(end) => self.product(end).await,
            None => Product::Tracks,
        };
        let record = self.record.clone();
        blocking(move || completion::describe(&folder, &record, &product)).await
    }

    /// Waits until the server has stored the end, and forgets the job.
    async fn await_settlement(&mut self) -> Next {
        while let Some(command) = self.commands.recv().await {
            if !matches!(command, JobCommand::Settled) {
                continue;
            }
            if let Err(error) = self.workshop.spool.settle(&self.record) {
                tracing::error!(%error, recording.id = %self.record.id(), "the spool of a job cannot be removed");
            }
            let id = self.record.id();
            self.workshop.library.forget(id);
            self.workshop.reports.send_modify(|reports| {
                reports.remove(&id);
            });
            return Next::End;
        }
        Next::End
    }

    /// Goes on to another state, which is on the disk before the server hears of it. A disk that
    /// does not take it is no reason to stop: at the next start the step is done once more.
    fn set_state(&mut self, state: RecordingState) {
        tracing::info!(recording.id = %self.record.id(), state = state.as_str(), "recording {} is {}", self.record.id(), state.as_str());
        self.record.report.state = state;
        if let Err(error) = self.workshop.spool.save(&self.record) {
            tracing::error!(%error, recording.id = %self.record.id(), "the state of a job cannot be written");
        }
        self.tell();
    }

    fn tell(&self) {
        let report = self.record.report.clone();
        self.workshop.reports.send_if_modified(|reports| {
            let before = reports.insert(report.id, report.clone());
            before.as_ref() != Some(&report)
        });
    }
}

/// Whether a file is what somebody wanted to have recorded.
fn is_media(file: &RecordedFile) -> bool {
    matches!(file.role, RecordedFileRole::Track | RecordedFileRole::Composite)
}

/// Does what waits for the disk.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
