//! The recorder as a whole: its jobs and its link.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jumpa_protocol::{
    NodeId, RecordingId,
    recording::{JobReport, RecordingJob, ToRecorder},
};
use jumpa_storage::StorageError;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    composing::{Composers, Load, Meter, Queue},
    job::{self, JobCommand, Workshop},
    library::Library,
    link::{Heard, Link},
    spool::{JobRecord, Spool, replace},
};

/// What of each processor core recordings may take, thousandths. The rest is for the system, and for
/// the server that is beside most recorders; more of it makes calls stutter before recordings do.
const CORE_MILLICORES: u32 = 800;

/// How long after the link is up the server may take to want an interrupted job again.
const CLAIM_TIME: Duration = Duration::from_secs(15);

/// How long jobs may take to end with the program. The rest is done at the next start.
const SHUTDOWN_TIME: Duration = Duration::from_secs(10);

/// How often the load is looked at. Shorter sees peaks that mean nothing.
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

/// Orders that wait at most; they are handed on at once.
const MAX_ORDERS: usize = 64;

/// What a recorder is told at its start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address of the server: `http://` or `https://`, host and port.
    pub server_url: String,
    /// Folder of spool and library.
    pub data: PathBuf,
    /// Names the recorder; one that has no name gets one for ever.
    pub name: Option<String>,
    /// The recorder key. A secret.
    pub key: String,
    /// What is kept free of the disk, bytes.
    pub keep_free: u64,
    /// The program that composes, when it is there.
    pub composer: Option<PathBuf>,
    /// Cancelled when the server that started this recorder is gone. It ends then, as soon as it
    /// has nothing to do: the next server starts its own.
    pub is_orphan: CancellationToken,
}

/// Why a recorder did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The spool, or the mark of the library.
    #[error("opening the data folder")]
    Spool(#[from] io::Error),
    /// The folder of the library.
    #[error("opening the library")]
    Library(#[from] StorageError),
}

/// Runs a recorder until `shutdown` is cancelled.
///
/// # Errors
/// [`StartError`].
pub async fn run(settings: Settings, shutdown: CancellationToken) -> Result<(), StartError> {
    let data = &settings.data;
    let spool = Spool::open(data)?;
    let _lock = Spool::lock(data)?;
    let library = Library::new(data.join("library"))?;
    let recorder_id = settings.name.clone().map_or_else(|| own_name(data), Ok)?;
    let records = spool.scan()?;
    let known = records.iter().map(|record| (record.id(), record.report.clone())).collect();
    let (reports, reports_out) = watch::channel::<BTreeMap<_, _>>(known);
    let orphan_reports = reports_out.clone();
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    let capacity_millicores = cores.saturating_mul(CORE_MILLICORES);
    let composers = Composers {
        program: settings.composer,
        meter: Meter::default(),
        queue: Queue::new(capacity_millicores),
    };
    let (load_in, load) = watch::channel(Load::default());
    let measuring = tokio::spawn(measure(composers.clone(), capacity_millicores, load_in));
    let questions = library.questions();
    let library_mark = library.mark()?;
    let workshop = Arc::new(Workshop {
        server_url: settings.server_url.clone(),
        spool,
        library,
        keep_free: settings.keep_free,
        composers,
        reports,
        shutdown: shutdown.clone(),
    });
    let mut recorder = Recorder { workshop, jobs: HashMap::new(), claimed: HashSet::new() };
    for record in records {
        tracing::info!(recording.id = %record.id(), "taking up recording {}", record.id());
        recorder.add(record, None);
    }
    let (heard_in, heard) = mpsc::channel(MAX_ORDERS);
    let link = Link {
        server_url: settings.server_url,
        key: settings.key,
        recorder_id,
        capacity_millicores,
        library_mark,
        load,
        spool: settings.data,
        reports: reports_out,
        questions,
        heard: heard_in,
    };
    let link = tokio::spawn(link.run());
    tokio::select! {
        () = recorder.serve(heard, &shutdown) => {}
        () = until_idle(orphan_reports, settings.is_orphan) => {}
    }
    recorder.end().await;
    link.abort();
    measuring.abort();
    Ok(())
}

/// Looks what everything takes, and leaves the rest to what is composed after calls.
async fn measure(composers: Composers, capacity_millicores: u32, load: watch::Sender<Load>) {
    let mut reading = composers.meter.start();
    let mut look = interval(LOOK_INTERVAL);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    look.tick().await;
    loop {
        look.tick().await;
        let now = reading.look();
        composers.queue.set_free(capacity_millicores.saturating_sub(now.live_millicores));
        load.send_replace(now);
    }
}

/// Waits until nobody needs this recorder: its server is gone, and everything it had is complete.
async fn until_idle(
    mut reports: watch::Receiver<BTreeMap<RecordingId, JobReport>>,
    is_orphan: CancellationToken,
) {
    is_orphan.cancelled().await;
    let is_idle = |reports: &BTreeMap<RecordingId, JobReport>| {
        reports.values().all(|report| report.state.is_final())
    };
    if reports.wait_for(is_idle).await.is_ok() {
        tracing::info!("the server is gone and nothing is left to do");
    }
}

/// The name that this spool got at the first start.
fn own_name(data: &Path) -> io::Result<String> {
    let path = data.join("recorder_id");
    match fs::read_to_string(&path) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = NodeId::generate().to_string();
            replace(&path, name.as_bytes())?;
            Ok(name)
        }
        Err(error) => Err(error),
    }
}

struct Recorder {
    workshop: Arc<Workshop>,
    jobs: HashMap<RecordingId, (mpsc::Sender<JobCommand>, JoinHandle<()>)>,
    /// What the server wanted to go on since the link came up.
    claimed: HashSet<RecordingId>,
}

impl Recorder {
    async fn serve(&mut self, mut heard: mpsc::Receiver<Heard>, shutdown: &CancellationToken) {
        let mut claimed_by: Option<Instant> = None;
        loop {
            let claim_ends = claimed_by.unwrap_or_else(Instant::now);
            tokio::select! {
                Some(heard) = heard.recv() => match heard {
                    Heard::Linked => {
                        self.claimed.clear();
                        claimed_by = Some(Instant::now() + CLAIM_TIME);
                    }
                    Heard::Order(order) => self.obey(order),
                },
                () = sleep_until(claim_ends), if claimed_by.is_some() => {
                    claimed_by = None;
                    let jobs = self.jobs.iter().filter(|(id, _)| !self.claimed.contains(*id));
                    for (_, (commands, _)) in jobs {
                        // A job that is too busy to hear it has a call, which will end.
                        let _ = commands.try_send(JobCommand::Unclaimed);
                    }
                }
                () = shutdown.cancelled() => return,
            }
        }
    }

    fn obey(&mut self, order: ToRecorder) {
        self.jobs.retain(|_, (commands, _)| !commands.is_closed());
        if let ToRecorder::Start { job } = &order {
            self.claimed.insert(job.id);
        }
        let (id, command) = match order {
            ToRecorder::Start { job } if !self.jobs.contains_key(&job.id) => {
                return self.begin(Box::new(job));
            }
            ToRecorder::Start { job } => (job.id, JobCommand::Start(Box::new(job))),
            ToRecorder::Stop { id } => (id, JobCommand::Stop),
            ToRecorder::SetTargets { id, targets } => (id, JobCommand::SetTargets(targets)),
            ToRecorder::Storage { id, storage } => {
                if self.jobs.contains_key(&id) {
                    self.workshop.library.answer(id, *storage);
                }
                return;
            }
            ToRecorder::Settled { id } => (id, JobCommand::Settled),
        };
        if let Some((commands, _)) = self.jobs.get(&id)
            && commands.try_send(command).is_err()
        {
            // It is said again at the next connection.
            tracing::warn!(recording.id = %id, "a job is too busy to obey");
        }
    }

    fn begin(&mut self, job: Box<RecordingJob>) {
        match self.workshop.spool.begin(&job) {
            Ok(record) => self.add(record, Some(job)),
            // The server gives it to another recorder when it hears nothing of it.
            Err(error) => {
                tracing::error!(%error, recording.id = %job.id, "a job cannot be begun");
            }
        }
    }

    fn add(&mut self, record: JobRecord, given: Option<Box<RecordingJob>>) {
        let id = record.id();
        self.jobs.insert(id, job::spawn(Arc::clone(&self.workshop), record, given));
    }

    /// Lets every job come to a point from which it goes on at the next start.
    async fn end(self) {
        let ending = async {
            for (commands, task) in self.jobs.into_values() {
                drop(commands);
                if let Err(error) = task.await {
                    tracing::error!(%error, "a job has panicked");
                }
            }
        };
        if timeout(SHUTDOWN_TIME, ending).await.is_err() {
            tracing::warn!("some files are made whole at the next start");
        }
    }
}
