//! The one that owns recordings: gives them to recorders, stores what those say, tells the call.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jumpa_db::{
    Database, DbError, NewRecording, Recording, RecordingProgress, Requester, StoredProgress,
    Timestamp,
};
use jumpa_protocol::{
    RecordingId, RoomKey, TenantId,
    directory::Directory,
    live_room::HostRequest,
    recording::{
        CallRecording, JobReport, RecordingFailure, RecordingJob, RecordingKind, RecordingRequest,
        RecordingState, RecordingWish, ToRecorder,
    },
};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};
use uuid::Uuid;

use super::{
    library::{Library, LibraryError},
    progress,
    recorders::{self, Recorder},
    reference::FileReferences,
};
use crate::Node;

/// How often everything is looked at, though nothing was heard: the ends of calls and of patience.
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

/// How often the library is rid of what is too old or was deleted.
const PURGE_INTERVAL: Duration = Duration::from_secs(60);

/// Height of the largest picture that a recording holds when nothing else is asked, pixels.
pub(super) const DEFAULT_MAX_HEIGHT: u16 = 720;

/// What recorders make of a call. Anything else is refused, since it would become tracks unasked.
const RECORDED_KINDS: [RecordingKind; 1] = [RecordingKind::Tracks];

/// Whether recorders make this of a call.
pub(super) fn is_recorded(kind: RecordingKind) -> bool {
    RECORDED_KINDS.contains(&kind)
}

/// Where links for people without a login lead.
pub(super) const SHARE_PATH: &str = "/v1/recording_links/";

/// What recordings are made of.
#[derive(Clone)]
pub struct RecordingsConfig {
    /// Stored data.
    pub database: Database,
    /// The server that runs the calls.
    pub node: Arc<dyn Node>,
    /// Apps as admission sees them.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// The folder of the library. It is made when it is missing.
    pub library: PathBuf,
    /// What recorders show. A secret.
    pub recorder_key: String,
    /// Signs links to files. A secret.
    pub signing_key: [u8; 32],
    /// What links begin with, without a slash at the end.
    pub link_base: String,
}

/// The recordings of all tenants.
#[derive(Clone)]
pub struct Recordings(Arc<Inner>);

struct Inner {
    database: Database,
    node: Arc<dyn Node>,
    directory: watch::Receiver<Arc<Directory>>,
    library: Library,
    recorder_key: String,
    references: FileReferences,
    link_base: String,
    /// Recorders with a link. Never held over an await.
    recorders: Mutex<HashMap<String, Recorder>>,
    /// Held while a call is told something, so that it hears the last word last.
    telling: tokio::sync::Mutex<()>,
    /// Something may be due.
    changed: Notify,
}

impl Recordings {
    /// Opens the library.
    ///
    /// # Errors
    /// [`LibraryError`] when the folder cannot be made or read.
    pub fn open(config: RecordingsConfig) -> Result<Self, LibraryError> {
        Ok(Self(Arc::new(Inner {
            library: Library::open(&config.library)?,
            database: config.database,
            node: config.node,
            directory: config.directory,
            recorder_key: config.recorder_key,
            references: FileReferences::new(&config.signing_key),
            link_base: config.link_base,
            recorders: Mutex::default(),
            telling: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        })))
    }

    /// Gives what is queued to recorders, ends what nobody can record, does what moderators ask and
    /// keeps the library tidy, until `stop`.
    pub async fn keep_running(
        self,
        mut requests: mpsc::Receiver<RecordingRequest>,
        stop: CancellationToken,
    ) {
        // After a restart no recorder is there until it says so.
        let noted = self.0.database.operator().note_recorder_away(None, Timestamp::now()).await;
        if let Err(error) = noted {
            warn!(%error, "what recorders are doing is not known after the start");
        }
        let mut looks = tokio::time::interval(LOOK_INTERVAL);
        let mut purges = tokio::time::interval(PURGE_INTERVAL);
        let mut is_away = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                Some(request) = requests.recv() => self.serve(request).await,
                _ = purges.tick() => self.purge().await,
                _ = looks.tick() => {}
                () = self.0.changed.notified() => {}
            }
            match self.look(Timestamp::now()).await {
                Ok(()) => is_away = false,
                Err(error) if !is_away => {
                    warn!(%error, "recordings cannot be looked after");
                    is_away = true;
                }
                Err(_) => {}
            }
        }
    }

    /// Puts a recording into the queue.
    pub(crate) async fn start(
        &self,
        tenant_id: TenantId,
        new: &NewRecording,
    ) -> Result<Recording, DbError> {
        let scope = self.0.database.tenant(tenant_id);
        let recording = scope.start_recording(new, Timestamp::now()).await?;
        info!(
            tenant.id = %tenant_id, recording.id = %recording.id, call.id = %recording.call_id,
            "a recording was asked for"
        );
        self.tell_call(recording.id, |_| true).await;
        self.0.changed.notify_one();
        Ok(recording)
    }

    /// Ends a recording: its recorder leaves the call and completes the files.
    pub(crate) async fn stop(&self, id: RecordingId) -> Result<Recording, DbError> {
        let stored = self.change(id, progress::stopped).await?;
        if stored.recording.is_stopping {
            self.say(&stored.recording, ToRecorder::Stop { id });
        }
        Ok(stored.recording)
    }

    pub(super) fn database(&self) -> &Database {
        &self.0.database
    }

    pub(super) fn library(&self) -> &Library {
        &self.0.library
    }

    pub(super) fn references(&self) -> &FileReferences {
        &self.0.references
    }

    pub(super) fn recorder_key(&self) -> &str {
        &self.0.recorder_key
    }

    pub(super) fn link_base(&self) -> &str {
        &self.0.link_base
    }

    /// Changes a recording and tells the call when people there see something else.
    async fn change(
        &self,
        id: RecordingId,
        next: impl FnOnce(&Recording) -> Option<RecordingProgress> + Send,
    ) -> Result<StoredProgress, DbError> {
        let operator = self.0.database.operator();
        let link_start = format!("{}{SHARE_PATH}", self.0.link_base);
        let stored = operator.change_recording(id, next, &link_start, Timestamp::now()).await?;
        if stored.is_news {
            let recording = &stored.recording;
            info!(
                recording.id = %id, call.id = %recording.call_id,
                state = recording.state.as_str(), "a recording is {}", recording.state.as_str()
            );
            self.tell_call(id, |_| true).await;
        }
        Ok(stored)
    }

    /// Looks at everything that is not over.
    async fn look(&self, now: Timestamp) -> Result<(), DbError> {
        let unfinished = self.0.database.operator().unfinished_recordings().await?;
        let mut promised: HashMap<String, u32> = HashMap::new();
        for recording in &unfinished {
            if let Some(recorder_id) = recording.recorder_id.clone()
                && recording.state.is_running()
            {
                *promised.entry(recorder_id).or_default() += self.cost(recording);
            }
        }
        for recording in unfinished {
            let is_live = self.is_live(&recording);
            if progress::aged(&recording, is_live, now).is_some() {
                self.change(recording.id, |before| progress::aged(before, is_live, now)).await?;
            } else if recording.state == RecordingState::Queued {
                self.assign(&recording, &mut promised).await?;
            } else if recording.state.is_running() {
                // A call that goes on after a restart of the server does not know it any more.
                self.tell_call(recording.id, |now| now.state.is_running()).await;
            }
        }
        Ok(())
    }

    /// Gives a queued recording to a recorder, if one is free.
    async fn assign(
        &self,
        recording: &Recording,
        promised: &mut HashMap<String, u32>,
    ) -> Result<(), DbError> {
        let cost = self.cost(recording);
        let chosen = recorders::choose(&self.recorders(), promised, cost);
        let Some(recorder_id) = chosen else { return Ok(()) };
        let stored =
            self.change(recording.id, |before| progress::assigned(before, &recorder_id)).await?;
        if stored.is_news {
            if let Some(job) = self.begin(&stored.recording, &recorder_id) {
                self.say(&stored.recording, job);
            }
            *promised.entry(recorder_id).or_default() += cost;
        }
        Ok(())
    }

    fn cost(&self, recording: &Recording) -> u32 {
        let live = self.0.node.live_room(&room_of(recording));
        recorders::cost(recording.kind, live.map_or(1, |live| live.participants))
    }

    /// Whether its call goes on.
    fn is_live(&self, recording: &Recording) -> bool {
        let live = self.0.node.live_room(&room_of(recording));
        live.is_some_and(|live| live.call_id == recording.call_id)
    }

    /// The job of a recording, unless it was begun over the link that its recorder has.
    fn begin(&self, recording: &Recording, recorder_id: &str) -> Option<ToRecorder> {
        let is_new = self.recorders().get_mut(recorder_id)?.begun.insert(recording.id);
        is_new.then(|| self.job(recording))
    }

    /// What its recorder has to do.
    fn job(&self, recording: &Recording) -> ToRecorder {
        let room = room_of(recording);
        let join_token = self.0.node.recorder_token(&room, recording.call_id, recording.id);
        ToRecorder::Start {
            job: RecordingJob {
                id: recording.id,
                tenant_id: recording.tenant_id,
                app_id: recording.app_id.clone(),
                room: recording.room.clone(),
                call_id: recording.call_id,
                kind: recording.kind,
                max_height: recording.max_height,
                composition: None,
                targets: Vec::new(),
                weight: 1,
                join_token,
            },
        }
    }

    /// Says something to the recorder of a recording, if it is there. One that is not, or does not
    /// read, hears it with its next link.
    fn say(&self, recording: &Recording, message: ToRecorder) {
        let Some(recorder_id) = &recording.recorder_id else { return };
        let mut recorders = self.recorders();
        let Some(recorder) = recorders.get(recorder_id) else { return };
        if recorder.sender.try_send(message).is_err() {
            recorders.remove(recorder_id);
        }
    }

    /// Shows people in the call how a recording is now, if that is worth telling. A call that is
    /// over shows nothing.
    async fn tell_call(&self, id: RecordingId, is_news: impl Fn(&Recording) -> bool + Send) {
        let _turn = self.0.telling.lock().await;
        let recording = match self.0.database.operator().recording(id).await {
            Ok(Some(recording)) => recording,
            Ok(None) => return,
            Err(error) => {
                // The next look tells it.
                warn!(recording.id = %id, %error, "a call is not told of its recording");
                return;
            }
        };
        if !self.is_live(&recording) || !is_news(&recording) {
            return;
        }
        let started_at_ms = recording.started_at.map(|at| at.as_micros() / 1_000);
        let by_participant = recording.requested_by_kind == "participant";
        let shown = CallRecording {
            id: recording.id,
            kind: recording.kind,
            state: recording.state,
            started_at_ms: started_at_ms.and_then(|ms| u64::try_from(ms).ok()),
            started_by: by_participant.then(|| recording.requested_by.clone()),
            failure: recording.failure(),
            queue: None,
            streams: Vec::new(),
        };
        self.show(&room_of(&recording), shown).await;
    }

    async fn show(&self, room: &RoomKey, recording: CallRecording) {
        let id = recording.id;
        let shown = self.0.node.request(room, HostRequest::ShowRecording { recording }).await;
        if let Err(refusal) = shown {
            warn!(recording.id = %id, error = %refusal, "a call does not show its recording");
        }
    }

    fn recorders(&self) -> MutexGuard<'_, HashMap<String, Recorder>> {
        self.0.recorders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What moderators ask.
impl Recordings {
    async fn serve(&self, request: RecordingRequest) {
        let room = request.room.clone();
        let done = match request.wish {
            RecordingWish::Start { kind } => self.start_for(&request, kind).await,
            RecordingWish::Stop { id } => self.stop_for(&request, id).await,
        };
        if let Err(error) = done {
            error!(%error, app.id = %room.app_id, "what a moderator asked of a recording failed");
        }
    }

    async fn start_for(
        &self,
        request: &RecordingRequest,
        kind: RecordingKind,
    ) -> Result<(), DbError> {
        let tenant_id = {
            let directory = self.0.directory.borrow();
            directory.apps.get(&request.room.app_id).map(|app| app.tenant_id)
        };
        let tenant_id = tenant_id.ok_or(DbError::AppUnknown)?;
        if !is_recorded(kind) {
            self.refuse(request, kind, RecordingFailure::NoCapacity).await;
            return Ok(());
        }
        let new = NewRecording {
            app_id: request.room.app_id.clone(),
            room: request.room.room.clone(),
            call_id: request.call_id,
            kind,
            max_height: DEFAULT_MAX_HEIGHT,
            requester: Requester::Participant {
                id: request.participant_id,
                name: request.name.clone(),
            },
        };
        let failure = match self.start(tenant_id, &new).await {
            // A second press of the button: the call shows the one that is running.
            Ok(_) | Err(DbError::RecordingRunning) => return Ok(()),
            Err(DbError::TooManyRecordings) => RecordingFailure::NoCapacity,
            Err(DbError::RecordingStorageFull) => RecordingFailure::StorageRefused,
            Err(error) => return Err(error),
        };
        self.refuse(request, kind, failure).await;
        Ok(())
    }

    /// Shows the call that a moderator asked in vain.
    async fn refuse(
        &self,
        request: &RecordingRequest,
        kind: RecordingKind,
        failure: RecordingFailure,
    ) {
        let refused = CallRecording {
            id: RecordingId::generate(),
            kind,
            state: RecordingState::Failed,
            started_at_ms: None,
            started_by: Some(request.name.clone()),
            failure: Some(failure),
            queue: None,
            streams: Vec::new(),
        };
        self.show(&request.room, refused).await;
    }

    /// A moderator stops recordings of their own call alone.
    async fn stop_for(&self, request: &RecordingRequest, id: RecordingId) -> Result<(), DbError> {
        let recording = self.0.database.operator().recording(id).await?;
        if recording.is_some_and(|recording| recording.call_id == request.call_id) {
            self.stop(id).await?;
        }
        Ok(())
    }
}

/// What recorders say.
impl Recordings {
    /// A recorder is there. Gives what is to be said to it: everything that it may have missed.
    pub(super) async fn greet(
        &self,
        (recorder_id, recorder): (&str, Recorder),
        jobs: &[JobReport],
    ) -> Result<Vec<ToRecorder>, DbError> {
        self.recorders().insert(recorder_id.to_owned(), recorder);
        let mut answers = Vec::new();
        for report in jobs {
            answers.extend(self.store(recorder_id, report, true).await?);
        }
        for recording in self.0.database.operator().unfinished_recordings().await? {
            let is_theirs = recording.recorder_id.as_deref() == Some(recorder_id);
            if is_theirs && jobs.iter().all(|report| report.id != recording.id) {
                let is_live = self.is_live(&recording);
                let change = self.change(recording.id, |before| progress::missing(before, is_live));
                let recording = change.await?.recording;
                if !recording.state.is_final() {
                    answers.extend(self.begin(&recording, recorder_id));
                }
            }
        }
        self.0.changed.notify_one();
        Ok(answers)
    }

    /// Stores a report. Gives what is to be said: that the end is stored, that the job is to end,
    /// and after a break (`is_greeting`) that it goes on.
    pub(super) async fn store(
        &self,
        recorder_id: &str,
        report: &JobReport,
        is_greeting: bool,
    ) -> Result<Option<ToRecorder>, DbError> {
        let id = report.id;
        let change = self.change(id, |before| progress::reported(before, recorder_id, report));
        let recording = match change.await {
            Ok(stored) => stored.recording,
            // Removed with its tenant: nobody will ever ask for it.
            Err(DbError::RecordingUnknown) => return Ok(Some(ToRecorder::Settled { id })),
            Err(error) => return Err(error),
        };
        if recording.recorder_id.as_deref() != Some(recorder_id) {
            return Ok(Some(ToRecorder::Stop { id }));
        }
        if progress::is_over(&recording) {
            return Ok(Some(ToRecorder::Settled { id }));
        }
        if !is_greeting || !recording.state.is_running() {
            return Ok(None);
        }
        let goes_on = !recording.is_stopping && self.is_live(&recording);
        Ok(Some(if goes_on { self.job(&recording) } else { ToRecorder::Stop { id } }))
    }

    /// Notes how a recorder is.
    pub(super) fn note_load(&self, recorder_id: &str, used_millicores: u32, free_bytes: u64) {
        if let Some(recorder) = self.recorders().get_mut(recorder_id) {
            recorder.used_millicores = used_millicores;
            recorder.spool_free_bytes = Some(free_bytes);
        }
        self.0.changed.notify_one();
    }

    /// A link is gone. A recorder that has a new one by then is there all the same.
    pub(super) async fn part(&self, recorder_id: &str, link: Uuid) {
        {
            let mut recorders = self.recorders();
            if recorders.get(recorder_id).is_some_and(|recorder| recorder.link != link) {
                return;
            }
            recorders.remove(recorder_id);
        }
        let operator = self.0.database.operator();
        if let Err(error) = operator.note_recorder_away(Some(recorder_id), Timestamp::now()).await {
            warn!(%error, "a recorder is away and that could not be stored");
        }
    }
}

fn room_of(recording: &Recording) -> RoomKey {
    RoomKey { app_id: recording.app_id.clone(), room: recording.room.clone() }
}
