//! Every call of the node: finds or starts them, and routes what the media plane says.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use jumpa_protocol::{
    AppId, CallId, ErrorCode, ParticipantId, RecordingId, Refusal, RoomKey, TenantId,
    control::{MediaCommand, MediaEvent},
    directory::{AppEntry, Directory, Environment, PreparedRoom},
    live_room::{HostRequest, LiveParticipant, LiveRoom},
    recording::RecordingRequest,
    report::CallReport,
    signal::LeaveReason,
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::info;
use uuid::Uuid;

use crate::{
    Moment,
    admission::{Admission, Credentials, EarlierSession, Identity},
    call::{Call, CallConfig, CallMemory, CallRules, Entry, SessionId},
    call_store::{CallStore, Recorder},
    call_task::{CallInput, CallTask, INPUTS, MEDIA_INPUTS, MediaInput},
    mailbox::Mailbox,
    moment::since_1970,
    reporter::Reporter,
    telemetry,
    token::{RECORDER_TOKEN_LIFETIME, RecorderClaims, SessionTokens},
    trial_capacity::{TrialCapacity, TrialShare},
};

/// How long after the start of the server calls of before it wait for those who were in them.
///
/// Clients of a server that was restarted are back within seconds. Later a resume token must not
/// bring an old call back, with the role that its holder had been given in it, and a new meeting
/// in the room must not find what another has left behind.
const CONTINUES_CALLS_FOR: Duration = Duration::from_secs(5 * 60);

/// How long a finished call is remembered: it is not continued under its id, and who was away when
/// it was ended is told so. At least [`CONTINUES_CALLS_FOR`].
const REMEMBERS_CALLS_FOR: Duration = CONTINUES_CALLS_FOR;

/// Every call of the node.
#[derive(Debug)]
pub struct Hub {
    /// Admits people to apps.
    pub admission: Arc<Admission>,
    /// Is cancelled when the server stops.
    pub closing: CancellationToken,
    /// Every task of signalling.
    pub tasks: TaskTracker,
    tokens: SessionTokens,
    directory: watch::Receiver<Arc<Directory>>,
    media_commands: mpsc::Sender<MediaCommand>,
    calls: Mutex<Calls>,
    next_serial: AtomicU32,
    next_session: AtomicU64,
    started_at: tokio::time::Instant,
    store: Option<CallStore>,
    /// To the control plane; a call keeps what does not fit and hands it over later.
    reports: Option<mpsc::Sender<CallReport>>,
    /// To the control plane, what is to happen now.
    recording_requests: Option<mpsc::Sender<RecordingRequest>>,
    has_recorder: Option<watch::Receiver<bool>>,
    trial_capacity: Arc<TrialCapacity>,
    is_draining: AtomicBool,
}

/// Running calls by everything they are found by.
#[derive(Debug, Default)]
struct Calls {
    by_room: HashMap<RoomKey, CallHandle>,
    rooms_by_id: HashMap<CallId, RoomKey>,
    rooms_by_serial: HashMap<u32, RoomKey>,
    /// Calls that are over, with the reason if they were ended for everybody.
    finished: HashMap<CallId, Option<LeaveReason>>,
    /// The same in the order of their end, to forget them after [`REMEMBERS_CALLS_FOR`].
    finished_at: VecDeque<(Instant, CallId)>,
    /// Running calls per app.
    counts: HashMap<AppId, u32>,
    /// Preparations of rooms that a call has had, until the directory forgets them.
    used_preparations: HashSet<Uuid>,
}

/// The way to a running call.
#[derive(Debug, Clone)]
pub struct CallHandle {
    call_id: CallId,
    serial: u32,
    inputs: mpsc::Sender<CallInput>,
    media_inputs: mpsc::Sender<MediaInput>,
    live_room: watch::Receiver<Option<LiveRoom>>,
}

impl Hub {
    /// A hub without calls. Without a store calls end with the server.
    #[must_use]
    pub fn new(
        directory: watch::Receiver<Arc<Directory>>,
        media_commands: mpsc::Sender<MediaCommand>,
        tokens: SessionTokens,
        store: Option<CallStore>,
        reports: Option<mpsc::Sender<CallReport>>,
        (recording_requests, has_recorder): (
            Option<mpsc::Sender<RecordingRequest>>,
            Option<watch::Receiver<bool>>,
        ),
        max_trial_participants: usize,
    ) -> Self {
        Self {
            admission: Arc::new(Admission::new(tokens.clone())),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            tokens,
            directory,
            media_commands,
            calls: Mutex::default(),
            // Answers to a server that was restarted within the process must not find new calls.
            next_serial: AtomicU32::new(rand::random::<u32>() >> 1),
            next_session: AtomicU64::new(1),
            started_at: tokio::time::Instant::now(),
            store,
            reports,
            recording_requests,
            has_recorder,
            trial_capacity: Arc::new(TrialCapacity::new(max_trial_participants)),
            is_draining: AtomicBool::new(false),
        }
    }

    /// A name for a new session.
    #[must_use]
    pub fn new_session(&self) -> SessionId {
        SessionId(self.next_session.fetch_add(1, Ordering::Relaxed))
    }

    /// Admits somebody to an app.
    ///
    /// # Errors
    /// See [`Admission::admit`]; [`ErrorCode::ServerClosing`] when the server stops.
    pub fn admit(&self, credentials: Credentials<'_>) -> Result<Identity, Refusal> {
        if self.closing.is_cancelled() {
            return Err(ErrorCode::ServerClosing.into());
        }
        let directory = Arc::clone(&self.directory.borrow());
        self.admission.admit(&directory, credentials, since_1970())
    }

    /// Sends somebody into the call of a room; the first one starts it.
    ///
    /// # Errors
    /// [`ErrorCode::AppUnknown`] when the app has gone meanwhile, [`ErrorCode::ServerClosing`],
    /// [`ErrorCode::ServerDraining`] for the first one of a room;
    /// [`ErrorCode::MinutesUsedUp`], [`ErrorCode::TooManyCalls`] and [`ErrorCode::TrialFull`] for
    /// those who were not in this call before.
    pub async fn join(
        self: &Arc<Self>,
        room: &RoomKey,
        entry: Entry,
        mailbox: &Mailbox,
    ) -> Result<CallHandle, Refusal> {
        let mut entry = Box::new(entry);
        loop {
            if self.closing.is_cancelled() {
                return Err(ErrorCode::ServerClosing.into());
            }
            let app = self.app(&room.app_id).ok_or(ErrorCode::AppUnknown)?;
            let is_recorder = entry.identity.recording_id.is_some();
            let call = match self.find_or_start(room, &app, entry.identity.earlier, is_recorder) {
                Ok(call) => call,
                Err(code) => {
                    entry.identity.one_time.iter().for_each(|used| self.admission.release(used));
                    return Err(code.into());
                }
            };
            let (taken, answer) = oneshot::channel();
            let input = CallInput::Join { entry, mailbox: mailbox.clone(), taken };
            // A call that ends at this moment has left the register before it gives back what it
            // did not take, so each round looks at another call.
            entry = match call.inputs.send(input).await {
                Err(mpsc::error::SendError(CallInput::Join { entry, .. })) => entry,
                Err(_) => return Err(ErrorCode::Internal.into()),
                Ok(()) => match answer.await {
                    Ok(Ok(())) => return Ok(call),
                    Ok(Err(entry)) => entry,
                    Err(_) => return Err(ErrorCode::CallEnded.into()),
                },
            };
        }
    }

    /// Lets a recorder into one call; see [`crate::LiveRooms::recorder_token`].
    pub fn recorder_token(
        &self,
        room: &RoomKey,
        call_id: CallId,
        recording_id: RecordingId,
    ) -> String {
        self.tokens.sign_recorder(&RecorderClaims {
            app_id: room.app_id.clone(),
            room: room.room.clone(),
            call_id,
            recording_id,
            exp: (since_1970() + RECORDER_TOKEN_LIFETIME).as_secs(),
        })
    }

    /// Waits until everything that outlives the server is written.
    pub async fn flush(&self) {
        if let Some(store) = &self.store {
            store.flush().await;
        }
    }

    /// Where a session is that somebody wants to resume.
    #[must_use]
    pub fn find_session(&self, resume_token: &str) -> FoundSession {
        let Ok(claims) = self.tokens.verify_resume(resume_token, since_1970()) else {
            return FoundSession::Unknown;
        };
        let calls = self.calls();
        let room = calls.rooms_by_id.get(&claims.call_id);
        let call = room.and_then(|room| calls.by_room.get(room));
        if let Some(call) = call.filter(|call| call.call_id == claims.call_id) {
            return FoundSession::InCall(call.clone(), claims.participant_id);
        }
        match calls.finished.get(&claims.call_id) {
            Some(Some(reason)) => FoundSession::Ended(*reason),
            Some(None) | None => FoundSession::Unknown,
        }
    }

    /// Routes what the media plane says until it has nothing more to say. Never waits for a call.
    pub async fn route(self: Arc<Self>, mut media_events: mpsc::Receiver<MediaEvent>) {
        loop {
            let event = tokio::select! {
                event = media_events.recv() => event,
                // Calls that end may still wait for the media plane to take their last commands;
                // it is free to do so as long as its events are taken.
                () = self.tasks.wait() => None,
            };
            let Some(event) = event else { return };
            let (call, input) = match event {
                MediaEvent::Answered { request_id, result } => {
                    let serial = u32::try_from(request_id >> 32).unwrap_or_default();
                    (self.call_by_serial(serial), MediaInput::Answered { request_id, result })
                }
                MediaEvent::Participant { call_id, participant_id, event } => {
                    (self.call_by_id(call_id), MediaInput::Participant(participant_id, event))
                }
                MediaEvent::Speakers { call_id, participant_ids } => {
                    (self.call_by_id(call_id), MediaInput::Speakers(participant_ids))
                }
            };
            let is_full = |call: CallHandle| {
                matches!(call.media_inputs.try_send(input), Err(mpsc::error::TrySendError::Full(_)))
            };
            if call.is_some_and(is_full) {
                telemetry::media_event_dropped();
            }
        }
    }

    /// From now on no call is started, or calls are started again.
    pub fn set_draining(&self, is_draining: bool) {
        self.is_draining.store(is_draining, Ordering::Relaxed);
    }

    /// Whether no call is started.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }

    /// Every call that somebody was let into.
    pub fn live_rooms(&self) -> Vec<LiveRoom> {
        let calls = self.calls();
        calls.by_room.values().filter_map(|call| call.live_room.borrow().clone()).collect()
    }

    /// The call of one room.
    pub fn live_room(&self, room: &RoomKey) -> Option<LiveRoom> {
        self.calls().by_room.get(room)?.live_room.borrow().clone()
    }

    /// Who is in the call of a room and in its lobby; none when there is no call.
    pub async fn live_participants(&self, room: &RoomKey) -> Option<Vec<LiveParticipant>> {
        let call = self.calls().by_room.get(room).cloned()?;
        let (reply, answer) = oneshot::channel();
        call.send(CallInput::ListParticipants(reply)).await;
        answer.await.ok()
    }

    /// Has the host ask something of the call of a room.
    ///
    /// # Errors
    /// See [`Call::host_request`]; [`ErrorCode::CallEnded`] when there is no call.
    pub async fn host_request(&self, room: &RoomKey, request: HostRequest) -> Result<(), Refusal> {
        let call = self.calls().by_room.get(room).cloned().ok_or(ErrorCode::CallEnded)?;
        let (done, answer) = oneshot::channel();
        call.send(CallInput::Host { request, done }).await;
        answer.await.unwrap_or_else(|_| Err(ErrorCode::CallEnded.into()))
    }

    fn app(&self, app_id: &AppId) -> Option<AppEntry> {
        self.directory.borrow().apps.get(app_id).cloned()
    }

    fn find_or_start(
        self: &Arc<Self>,
        room: &RoomKey,
        app: &AppEntry,
        earlier: Option<EarlierSession>,
        is_recorder: bool,
    ) -> Result<CallHandle, ErrorCode> {
        let mut calls = self.calls();
        if is_recorder {
            // Nobody records a call that is over, or begins one.
            let call = calls.by_room.get(room).cloned().filter(|call| !call.inputs.is_closed());
            let call = call.filter(|call| earlier.is_some_and(|who| who.call_id == call.call_id));
            return call.ok_or(ErrorCode::CallEnded);
        }
        if let Some(call) = calls.by_room.get(room).cloned() {
            if !call.inputs.is_closed() {
                let was_in_it = earlier.is_some_and(|earlier| earlier.call_id == call.call_id);
                if !was_in_it {
                    self.check_capacity(app)?;
                }
                return Ok(call);
            }
            // Only a call whose task has panicked is closed and registered.
            calls.remove(room, call.call_id, call.serial);
        }
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(ErrorCode::ServerDraining);
        }
        self.check_capacity(app)?;
        let count = calls.counts.get(&room.app_id).copied().unwrap_or_default();
        if app.max_calls.is_some_and(|most| count >= most) {
            return Err(ErrorCode::TooManyCalls);
        }
        // With a store every call of before is here already, and what is not here was over.
        let continued = earlier.filter(|earlier| {
            self.store.is_none()
                && self.started_at.elapsed() < CONTINUES_CALLS_FOR
                && !calls.finished.contains_key(&earlier.call_id)
        });
        let serial = self.next_serial.fetch_add(1, Ordering::Relaxed);
        let config = CallConfig {
            id: continued.map_or_else(CallId::generate, |earlier| earlier.call_id),
            room: room.clone(),
            rules: CallRules::from(app),
            started_at_ms: continued.map_or_else(
                || u64::try_from(since_1970().as_millis()).unwrap_or_default(),
                |earlier| earlier.call_started_at_ms,
            ),
            serial,
            seed: rand::random(),
            tokens: self.tokens.clone(),
        };
        let call = Call::new(config);
        let prepared = calls.preparation(room, app);
        let is_recorded = app.recording.is_required
            || prepared.as_ref().is_some_and(|prepared| prepared.recording.is_required);
        if is_recorded && self.has_recorder.as_ref().is_some_and(|there| !*there.borrow()) {
            return Err(ErrorCode::RecorderUnavailable);
        }
        let Some(prepared) = prepared else {
            return Ok(self.run(&mut calls, call, room, serial, None));
        };
        // A room whose password cannot be used stays shut rather than open.
        let call = call.prepared(&prepared).map_err(|_| ErrorCode::Internal)?;
        Ok(self.run(&mut calls, call, room, serial, Some(prepared.id)))
    }

    /// What an app has left for somebody who was not in the call before.
    fn check_capacity(&self, app: &AppEntry) -> Result<(), ErrorCode> {
        if app.has_used_up_minutes {
            return Err(ErrorCode::MinutesUsedUp);
        }
        if app.environment == Environment::Trial && self.trial_capacity.is_full() {
            return Err(ErrorCode::TrialFull);
        }
        Ok(())
    }

    /// Goes on with calls of before the server was started, and says which.
    pub fn restore(self: &Arc<Self>, memories: Vec<CallMemory>) -> Vec<CallId> {
        let call_ids: Vec<_> = memories.iter().map(|memory| memory.id).collect();
        let count = memories.len();
        let directory = Arc::clone(&self.directory.borrow());
        let mut calls = self.calls();
        for memory in memories {
            let app = directory.apps.get(&memory.room.app_id).cloned();
            // Of an app that was deleted: its calls end right below.
            let app = app.unwrap_or_else(|| AppEntry::new(TenantId::generate(), String::new()));
            let serial = self.next_serial.fetch_add(1, Ordering::Relaxed);
            let (call_id, room) = (memory.id, memory.room.clone());
            let config = CallConfig {
                id: call_id,
                room: room.clone(),
                rules: CallRules::from(&app),
                started_at_ms: memory.started_at_ms,
                serial,
                seed: rand::random(),
                tokens: self.tokens.clone(),
            };
            let now = self.started_at.into_std();
            let mut call = Call::restored(config, memory, now, CONTINUES_CALLS_FOR);
            // Ends it when the app was deleted or stopped meanwhile.
            call.directory_changed(&directory, Moment::now());
            self.run(&mut calls, call, &room, serial, None);
        }
        if count > 0 {
            telemetry::calls_restored(count);
            info!(count, "{count} calls of before the start go on");
        }
        call_ids
    }

    /// Gives a call its task. With somebody in it, it uses up its preparation.
    fn run(
        self: &Arc<Self>,
        calls: &mut Calls,
        call: Call,
        room: &RoomKey,
        serial: u32,
        preparation: Option<Uuid>,
    ) -> CallHandle {
        let (inputs, input_receiver) = mpsc::channel(INPUTS);
        let (media_inputs, media_receiver) = mpsc::channel(MEDIA_INPUTS);
        let (shows, live_room) = watch::channel(call.live_room());
        let handle = CallHandle { call_id: call.id(), serial, inputs, media_inputs, live_room };
        calls.rooms_by_id.insert(handle.call_id, room.clone());
        calls.rooms_by_serial.insert(serial, room.clone());
        calls.by_room.insert(room.clone(), handle.clone());
        *calls.counts.entry(room.app_id.clone()).or_default() += 1;
        let task = CallTask {
            call,
            inputs: input_receiver,
            media_inputs: media_receiver,
            media_commands: self.media_commands.clone(),
            directory: self.directory.clone(),
            admission: Arc::clone(&self.admission),
            recorder: Recorder::new(self.store.clone()),
            recording_requests: self.recording_requests.clone(),
            reporter: Reporter::new(room.clone(), handle.call_id, self.reports.clone()),
            closing: self.closing.clone(),
            trial_share: TrialShare::new(Arc::clone(&self.trial_capacity)),
            live_room: shows,
            mailboxes: HashMap::new(),
        };
        let (hub, room, call_id) = (Arc::clone(self), room.clone(), handle.call_id);
        self.tasks.spawn(task.run(move |reason, had_people| {
            let used = preparation.filter(|_| had_people);
            hub.unregister(&room, call_id, serial, (reason, used));
        }));
        handle
    }

    fn unregister(
        &self,
        room: &RoomKey,
        call_id: CallId,
        serial: u32,
        (reason, used): (Option<LeaveReason>, Option<Uuid>),
    ) {
        let mut calls = self.calls();
        if let Some(used) = used {
            calls.note_used(used, &self.directory.borrow());
        }
        calls.remove(room, call_id, serial);
        calls.finished.insert(call_id, reason);
        calls.finished_at.push_back((Instant::now(), call_id));
        while let Some((at, call_id)) = calls.finished_at.front().copied() {
            if at.elapsed() < REMEMBERS_CALLS_FOR {
                break;
            }
            calls.finished_at.pop_front();
            calls.finished.remove(&call_id);
        }
    }

    fn call_by_id(&self, call_id: CallId) -> Option<CallHandle> {
        let calls = self.calls();
        calls.by_room.get(calls.rooms_by_id.get(&call_id)?).cloned()
    }

    fn call_by_serial(&self, serial: u32) -> Option<CallHandle> {
        let calls = self.calls();
        let call = calls.by_room.get(calls.rooms_by_serial.get(&serial)?)?;
        (call.serial == serial).then(|| call.clone())
    }

    /// The maps are changed in one go each, so they are right also after a panic elsewhere.
    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Calls {
    /// How the next call of a room is to begin, if it was prepared and no call was since then.
    fn preparation(&self, room: &RoomKey, app: &AppEntry) -> Option<PreparedRoom> {
        let prepared = app.prepared_rooms.get(&room.room)?;
        let is_open = prepared.holds_at(since_1970().as_secs())
            && !self.used_preparations.contains(&prepared.id);
        is_open.then(|| prepared.clone())
    }

    /// Notes that a call has had a preparation. The control plane takes it out of the directory;
    /// until then this says so, and afterwards nothing is kept.
    fn note_used(&mut self, used: Uuid, directory: &Directory) {
        if !self.used_preparations.is_empty() {
            let known: HashSet<Uuid> = directory
                .apps
                .values()
                .flat_map(|app| app.prepared_rooms.values())
                .map(|prepared| prepared.id)
                .collect();
            self.used_preparations.retain(|id| known.contains(id));
        }
        self.used_preparations.insert(used);
    }

    /// Takes a call out of the register.
    fn remove(&mut self, room: &RoomKey, call_id: CallId, serial: u32) {
        let removed = self.by_room.remove(room);
        self.rooms_by_id.remove(&call_id);
        self.rooms_by_serial.remove(&serial);
        let count = removed.and_then(|_| self.counts.get_mut(&room.app_id));
        let Some(count) = count else { return };
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.counts.remove(&room.app_id);
        }
    }
}

/// The outcome of looking for a session.
#[derive(Debug)]
pub enum FoundSession {
    /// In a running call, of this participant.
    InCall(CallHandle, ParticipantId),
    /// Its call was ended for everybody.
    Ended(LeaveReason),
    /// Nowhere.
    Unknown,
}

impl CallHandle {
    /// Sends something to the call. `false` when it is over.
    pub async fn send(&self, input: CallInput) -> bool {
        self.inputs.send(input).await.is_ok()
    }
}

#[cfg(test)]
mod tests;
