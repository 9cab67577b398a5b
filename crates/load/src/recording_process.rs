//! A recorder in a process of its own, so that its share of the processor can be told from that of
//! those who are recorded.

use std::{
    collections::BTreeMap,
    env, io,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use anyhow::Context;
use jumpa_protocol::{
    AppId, CallId, RecordingId, RoomName, TenantId,
    recording::{JobReport, RecordingJob, RecordingKind, RecordingStorage, StoragePlace},
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

/// What a recorder has to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Task {
    /// Address of the server.
    pub server_url: String,
    /// Where it keeps its files.
    pub data: PathBuf,
    /// The app of the rooms.
    pub app_id: AppId,
    /// Rooms with tokens that let it in.
    pub rooms: Vec<(RoomName, String)>,
}

impl Task {
    /// What this process was started for, when it was.
    pub fn of_arguments() -> Option<Self> {
        let mut arguments = env::args().skip(1);
        let is_for_recording = arguments.next()? == RECORD;
        let task = arguments.next().filter(|_| is_for_recording)?;
        serde_json::from_str(&task).ok()
    }

    /// Starts a process that does it until its standard input is closed.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self) -> anyhow::Result<Child> {
        let task = serde_json::to_string(self).context("describing the task")?;
        let program = env::current_exe().context("finding this program")?;
        Command::new(program)
            .args([RECORD, &task])
            .stdin(Stdio::piped())
            .spawn()
            .context("starting a recorder")
    }
}

/// Records every room until standard input is closed, and completes the files.
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
        composers: Composers { program: None, meter: Meter::default(), queue: Queue::new(0) },
        reports,
        shutdown: CancellationToken::new(),
    });
    tokio::spawn(answer(Arc::clone(&workshop)));
    let mut jobs = Vec::new();
    for (room, join_token) in task.rooms {
        let job = RecordingJob {
            id: RecordingId::generate(),
            tenant_id: TenantId::generate(),
            app_id: task.app_id.clone(),
            room,
            call_id: CallId::generate(),
            kind: RecordingKind::Tracks,
            max_height: MAX_HEIGHT,
            composition: None,
            targets: Vec::new(),
            weight: 1,
            join_token,
        };
        let record = workshop.spool.begin(&job).context("beginning a job")?;
        jobs.push(spawn(Arc::clone(&workshop), record, Some(Box::new(job))));
    }
    // Nobody writes: what comes is the end.
    let until_end = || io::copy(&mut io::stdin(), &mut io::sink());
    spawn_blocking(until_end).await.context("waiting for the end")?.context("reading input")?;
    for (commands, _) in &jobs {
        commands.send(JobCommand::Stop).await.context("stopping a job")?;
    }
    let all = jobs.len();
    known
        .wait_for(|reports| {
            reports.len() == all && reports.values().all(|report| report.state.is_final())
        })
        .await
        .context("waiting for the files")?;
    Ok(())
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
