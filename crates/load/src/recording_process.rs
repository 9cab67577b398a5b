//! A recorder in a process of its own, so that its share of the processor can be told from that of
//! those who are recorded.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, io,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, ensure};
use jumpa_protocol::{
    AppId, CallId, RecordingId, RoomName, TenantId,
    recording::{
        Composition, JobReport, RecordingJob, RecordingKind, RecordingStorage, StoragePlace,
    },
};
use jumpa_recorder::{
    composing::{Composers, Meter, Queue},
    job::{JobCommand, Workshop, spawn},
    library::Library,
    spool::Spool,
};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

/// First argument of a process that records.
const RECORD: &str = "record-for-a-scenario";

/// Height of the largest picture, pixels.
const MAX_HEIGHT: u16 = 720;

/// What composing after a call may take of the processor, thousandths of a core.
const FREE_MILLICORES: u32 = 1_000;

/// What a recorder has to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Task {
    /// Address of the server.
    pub server_url: String,
    /// Where it keeps its files.
    pub data: PathBuf,
    /// The app of the rooms.
    pub app_id: AppId,
    /// What composes, where something is to be composed.
    pub composer: Option<PathBuf>,
    /// Every recording.
    pub recordings: Vec<Wanted>,
}

/// A recording that is wanted.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// Of which room.
    pub room: RoomName,
    /// Lets the recorder in.
    pub token: String,
    /// What becomes of it.
    pub kind: RecordingKind,
    /// How it is composed, when it is.
    pub composition: Option<Composition>,
}

/// A recording that is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct Finished {
    /// Its place in [`Task::recordings`].
    pub place: usize,
    /// How it ended.
    pub report: JobReport,
    /// How long that took after the end of the call, seconds.
    pub took_seconds: f64,
}

/// A process that records.
#[derive(Debug)]
pub struct Recording(Child);

impl Task {
    /// What this process was started for, when it was.
    pub fn of_arguments() -> Option<Self> {
        let mut arguments = env::args().skip(1);
        let is_for_recording = arguments.next()? == RECORD;
        let task = arguments.next().filter(|_| is_for_recording)?;
        serde_json::from_str(&task).ok()
    }

    /// Starts a process that does it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self) -> anyhow::Result<Recording> {
        let task = serde_json::to_string(self).context("describing the task")?;
        let program = env::current_exe().context("finding this program")?;
        let child = Command::new(program)
            .args([RECORD, &task])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting a recorder")?;
        Ok(Recording(child))
    }
}

impl Recording {
    /// Process id.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Ends every recording, and looks at each when its files are complete.
    ///
    /// # Errors
    /// When the recorder fails, or `look` does.
    pub fn stop(
        mut self,
        mut look: impl FnMut(Finished) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        drop(self.0.stdin.take());
        let output = self.0.stdout.take().context("its output is piped")?;
        for line in BufReader::new(output).lines() {
            let line = line.context("reading from the recorder")?;
            look(serde_json::from_str(&line).context("understanding the recorder")?)?;
        }
        let status = self.0.wait().context("waiting for the recorder")?;
        ensure!(status.success(), "the recorder ended with {status}");
        Ok(())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // Fails when it has ended, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Records every room until standard input is closed, completes the files, and tells of each
/// recording in a line of standard output.
///
/// # Errors
/// When spool or library cannot be opened.
pub async fn run(task: Task) -> anyhow::Result<()> {
    let spool = Spool::open(&task.data).context("opening the spool")?;
    let (reports, mut known) = watch::channel(BTreeMap::<RecordingId, JobReport>::new());
    let workshop = Arc::new(Workshop {
        server_url: task.server_url,
        spool,
        library: Library::new(task.data.join("library")).context("opening the library")?,
        keep_free: 0,
        composers: Composers {
            program: task.composer,
            meter: Meter::default(),
            queue: Queue::new(FREE_MILLICORES),
        },
        reports,
        shutdown: CancellationToken::new(),
    });
    tokio::spawn(answer(Arc::clone(&workshop)));
    let (mut ids, mut jobs) = (Vec::new(), Vec::new());
    for Wanted { room, token, kind, composition } in task.recordings {
        let job = RecordingJob {
            id: RecordingId::generate(),
            tenant_id: TenantId::generate(),
            app_id: task.app_id.clone(),
            room,
            call_id: CallId::generate(),
            kind,
            max_height: MAX_HEIGHT,
            composition,
            targets: Vec::new(),
            weight: 1,
            join_token: token,
        };
        let record = workshop.spool.begin(&job).context("beginning a job")?;
        ids.push(job.id);
        jobs.push(spawn(Arc::clone(&workshop), record, Some(Box::new(job))));
    }
    // Nobody writes: what comes is the end.
    let until_end = || io::copy(&mut io::stdin(), &mut io::sink());
    spawn_blocking(until_end).await.context("waiting for the end")?.context("reading input")?;
    let stopped = Instant::now();
    for (commands, _) in &jobs {
        commands.send(JobCommand::Stop).await.context("stopping a job")?;
    }
    let mut told = BTreeSet::new();
    loop {
        let over: Vec<JobReport> = known
            .borrow_and_update()
            .values()
            .filter(|report| report.state.is_final() && told.insert(report.id))
            .cloned()
            .collect();
        for report in over {
            let place = ids.iter().position(|id| *id == report.id).unwrap_or_default();
            let took_seconds = stopped.elapsed().as_secs_f64();
            let line = serde_json::to_string(&Finished { place, report, took_seconds })
                .context("telling of a recording")?;
            writeln!(io::stdout(), "{line}").context("telling of a recording")?;
        }
        if told.len() == ids.len() {
            return Ok(());
        }
        known.changed().await.context("waiting for the files")?;
    }
}

/// Says in place of the server that every recording goes into the folder.
pub async fn answer(workshop: Arc<Workshop>) {
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
