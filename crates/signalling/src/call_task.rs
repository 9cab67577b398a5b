//! One task per call: it alone owns the call and connects it with sessions, clock and media plane.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jumpa_protocol::{
    ErrorCode, ParticipantId, RecordingId, Refusal,
    control::{MediaCommand, ParticipantMediaEvent},
    directory::Directory,
    live_room::{HostRequest, LiveParticipant, LiveRoom},
    recording::{CallRecording, RecordingFailure, RecordingRequest, RecordingState, RecordingWish},
    signal::{ClientMessage, LeaveReason, ServerMessage},
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::{
    Moment,
    admission::Admission,
    call::{Call, Departure, Entry, Outgoing, Output, SessionId},
    call_store::Recorder,
    mailbox::{Delivery, Mailbox},
    reporter::Reporter,
    session,
    telemetry::{Counted, ParticipantGauge},
    trial_capacity::TrialShare,
};

/// Requests of sessions that wait for their call. When it is full, sessions wait, and their
/// clients with them: a call that is flooded slows down those who flood it.
pub const INPUTS: usize = 256;

/// Events of the media plane that wait for their call. When it is full they are dropped and
/// counted, since the media plane and other calls must not wait for one call. Calls only compute,
/// so this means that the machine is overloaded.
pub const MEDIA_INPUTS: usize = 4_096;

/// How soon clients come back to a server that stops; each adds up to a second of its own.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// What sessions want of a call.
#[derive(Debug)]
pub enum CallInput {
    /// Somebody wants in.
    Join {
        /// Who.
        entry: Box<Entry>,
        /// Where to answer.
        mailbox: Mailbox,
        /// `Err` gives the entry back when the call is over, for a new call in the same room.
        taken: oneshot::Sender<Result<(), Box<Entry>>>,
    },
    /// Somebody continues a session.
    Resume {
        /// The new connection.
        session: SessionId,
        /// Of the request.
        request_id: u32,
        /// Who they say they are; proved by their resume token.
        participant_id: ParticipantId,
        /// The last event they have.
        last_seq: u32,
        /// Where to answer.
        mailbox: Mailbox,
    },
    /// Somebody in the call asks something.
    Request {
        /// Whose connection.
        session: SessionId,
        /// What.
        message: Box<ClientMessage>,
    },
    /// A connection is gone.
    Disconnect {
        /// Which.
        session: SessionId,
        /// How.
        departure: Departure,
    },
    /// The host asks something, from outside.
    Host {
        /// What.
        request: HostRequest,
        /// The answer.
        done: oneshot::Sender<Result<(), Refusal>>,
    },
    /// The host wants to know who is here.
    ListParticipants(oneshot::Sender<Vec<LiveParticipant>>),
}

/// What the media plane tells a call.
#[derive(Debug)]
pub enum MediaInput {
    /// The answer to a command.
    Answered {
        /// Of the command.
        request_id: u64,
        /// The session description, or why there is none.
        result: Result<String, ErrorCode>,
    },
    /// Something happened to a participant.
    Participant(ParticipantId, ParticipantMediaEvent),
    /// Who speaks.
    Speakers(Vec<ParticipantId>),
}

/// A call with everything it is connected to.
#[derive(Debug)]
pub struct CallTask {
    /// The call.
    pub call: Call,
    /// From sessions.
    pub inputs: mpsc::Receiver<CallInput>,
    /// From the media plane.
    pub media_inputs: mpsc::Receiver<MediaInput>,
    /// To the media plane. When it is full the call waits: the media plane is behind, and further
    /// commands would only make it worse. The media plane never waits for a call.
    pub media_commands: mpsc::Sender<MediaCommand>,
    /// Apps and keys.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// Takes one-time tokens back.
    pub admission: Arc<Admission>,
    /// Keeps what outlives the server.
    pub recorder: Recorder,
    /// Asks the control plane.
    pub recording_requests: Option<mpsc::Sender<RecordingRequest>>,
    /// Tells the control plane.
    pub reporter: Reporter,
    /// The server stops.
    pub closing: CancellationToken,
    /// Where participants of trial apps are counted.
    pub trial_share: TrialShare,
    /// The call as lists show it.
    pub live_room: watch::Sender<Option<LiveRoom>>,
    /// Sessions in the call.
    pub mailboxes: HashMap<SessionId, Mailbox>,
}

impl CallTask {
    /// Runs the call until it is over. `unregister` makes sure that nobody finds it any more; it
    /// gets the reason when the call was ended for everybody, and whether anybody was ever in it.
    pub async fn run(mut self, unregister: impl FnOnce(Option<LeaveReason>, bool)) {
        let _counted = Counted::call();
        let mut participants = ParticipantGauge::default();
        let call_id = self.call.id();
        info!(call.id = %call_id, "call {call_id} begins");
        while !self.call.is_over() {
            self.step().await;
            participants.set(self.call.participant_count());
            self.trial_share.set(&self.call);
            self.show();
        }
        let reason = self.call.end_reason();
        unregister(reason, self.live_room.borrow().is_some());
        self.turn_away().await;
        self.recorder.finish(call_id, reason);
        self.reporter.finish().await;
        info!(call.id = %call_id, "call {call_id} is over");
    }

    /// Shows lists what has changed.
    fn show(&self) {
        let now = self.call.live_room();
        self.live_room.send_if_modified(|shown| {
            let is_other = *shown != now;
            *shown = now;
            is_other
        });
    }

    /// Waits for one input and does everything that follows from it.
    async fn step(&mut self) {
        let timeouts = self.call.poll_timeout().into_iter().chain(self.recorder.poll_timeout());
        let wake_at = timeouts.min().map(Instant::from_std);
        let sleep = async {
            match wake_at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            input = self.inputs.recv() => match input {
                Some(input) => self.handle(input),
                // The hub holds a sender as long as the call is registered.
                None => self.call.close(RETRY_AFTER),
            },
            Some(input) = self.media_inputs.recv() => self.handle_media(input),
            () = sleep => self.call.handle_timeout(Moment::now()),
            Ok(()) = self.directory.changed() => {
                let directory = Arc::clone(&self.directory.borrow_and_update());
                self.call.directory_changed(&directory, Moment::now());
            }
            () = self.closing.cancelled() => self.call.close(RETRY_AFTER),
        }
        self.deliver().await;
    }

    fn handle(&mut self, input: CallInput) {
        let now = Moment::now();
        match input {
            CallInput::Join { entry, mailbox, taken } => {
                // Whoever gave up waiting for this has no session to join with.
                if taken.send(Ok(())).is_ok() {
                    self.mailboxes.insert(entry.session, mailbox);
                    self.call.join(*entry, now);
                    // A key may have been revoked since the token was verified.
                    let directory = Arc::clone(&self.directory.borrow());
                    self.call.directory_changed(&directory, now);
                }
            }
            CallInput::Resume { session, request_id, participant_id, last_seq, mailbox } => {
                self.mailboxes.insert(session, mailbox);
                self.call.resume(session, request_id, participant_id, last_seq, now);
            }
            CallInput::Request { session, message } => self.call.request(session, *message, now),
            CallInput::Disconnect { session, departure } => {
                self.mailboxes.remove(&session);
                self.call.disconnect(session, departure, now);
            }
            CallInput::Host { request, done } => {
                // Who asked may have stopped waiting; it is done all the same.
                let _ = done.send(self.call.host_request(request, now));
            }
            CallInput::ListParticipants(reply) => {
                let _ = reply.send(self.call.live_participants());
            }
        }
    }

    fn handle_media(&mut self, input: MediaInput) {
        let now = Moment::now();
        match input {
            MediaInput::Answered { request_id, result } => {
                self.call.media_answer(request_id, result, now);
            }
            MediaInput::Participant(participant_id, event) => {
                self.call.media_event(participant_id, event, now);
            }
            MediaInput::Speakers(participant_ids) => self.call.speakers_changed(participant_ids),
        }
    }

    async fn deliver(&mut self) {
        let mut changes = Vec::new();
        while let Some(output) = self.call.poll_output() {
            match output {
                Output::Send { session, message } => self.send(session, message),
                Output::Close { session, code } => {
                    if let Some(mailbox) = self.mailboxes.remove(&session) {
                        // A full mailbox closes its session anyway.
                        let _ = mailbox.put(Delivery::Close(code));
                    }
                }
                Output::Forget { session } => drop(self.mailboxes.remove(&session)),
                Output::Media(command) => self.order(command).await,
                Output::Release(one_time) => self.admission.release(&one_time),
                Output::Remember(change) => changes.push(change),
                Output::Report(fact) => self.reporter.report(fact),
                Output::Ask(request) => self.ask(request),
            }
        }
        self.recorder.record(&self.call, changes, Moment::now().instant);
        self.reporter.flush();
    }

    /// Hands a wish to the control plane. Whoever asked hears when there is nobody to take it.
    fn ask(&mut self, request: RecordingRequest) {
        let is_taken = self
            .recording_requests
            .as_ref()
            .is_some_and(|requests| requests.try_send(request.clone()).is_ok());
        if let (false, RecordingWish::Start { options, .. }) = (is_taken, request.wish) {
            let (started_by_id, started_by) =
                request.moderator.map(|moderator| (moderator.id, moderator.name)).unzip();
            self.call.show_recording(
                CallRecording {
                    id: RecordingId::generate(),
                    kind: options.kind,
                    state: RecordingState::Failed,
                    started_at_ms: None,
                    started_by,
                    started_by_id,
                    failure: Some(RecordingFailure::NoCapacity),
                    queue: None,
                    is_sound_only: false,
                    streams: Vec::new(),
                    is_required: false,
                    ends_call_at_ms: None,
                },
                Moment::now(),
            );
        }
    }

    fn send(&mut self, session: SessionId, message: Outgoing) {
        let Some(mailbox) = self.mailboxes.get(&session) else { return };
        if !mailbox.put(Delivery::Message(message)) {
            self.mailboxes.remove(&session);
            self.call.disconnect(session, Departure::Lost, Moment::now());
        }
    }

    async fn order(&mut self, command: MediaCommand) {
        let request_id = match &command {
            MediaCommand::Join(join) => Some(join.request_id),
            MediaCommand::Negotiate { request_id, .. } => Some(*request_id),
            _ => None,
        };
        let is_gone = self.media_commands.send(command).await.is_err();
        if let Some(request_id) = request_id.filter(|_| is_gone) {
            let result = Err(ErrorCode::MediaUnavailable);
            self.call.media_answer(request_id, result, Moment::now());
        }
    }

    /// Answers what came after the end.
    async fn turn_away(&mut self) {
        self.inputs.close();
        while let Some(input) = self.inputs.recv().await {
            match input {
                CallInput::Join { entry, taken, .. } => {
                    // Nobody waits for the answer any more: then nobody needs the entry.
                    let _ = taken.send(Err(entry));
                }
                CallInput::Resume { request_id, mailbox, .. } => {
                    let error = session::error(Some(request_id), ErrorCode::ResumeUnknown);
                    let _ = mailbox.put(Delivery::Message(answer(error)));
                }
                CallInput::Host { done, .. } => {
                    let _ = done.send(Err(ErrorCode::CallEnded.into()));
                }
                CallInput::Request { .. }
                | CallInput::Disconnect { .. }
                | CallInput::ListParticipants(_) => {}
            }
        }
    }
}

/// An answer as sessions take it.
pub fn answer(message: ServerMessage) -> Outgoing {
    Outgoing::Message(Box::new(message))
}
