//! One call as a pure state machine: who is in it, what they may do, what everybody is told.
//!
//! Requests, media events and time go in; messages per session, orders to the media plane and a
//! next timeout come out. No clock, no socket, no random source: a call runs in virtual time. All
//! rights are checked here and nowhere else.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use jumpa_protocol::{
    CallId, ErrorCode, ParticipantId, Refusal, RoomKey,
    control::{MediaCommand, Subscription},
    directory::{AppEntry, Environment, Features, GuestPolicy},
    limits::close_code,
    recording::{CallRecording, RecordingPolicy, RecordingRequest, StreamTargetName},
    report::CallFact,
    signal::{
        AppSummary, CallSummary, ClientInfo, Event, LeaveReason, Role, RoomSettings, ServerMessage,
        Snapshot, SourceUpdate,
    },
};

use crate::{Moment, admission::Identity, replay_guard::OneTimeUse, token::SessionTokens};

mod chat;
mod entering;
mod event_log;
mod host;
mod leaving;
mod lobby;
mod media;
mod member;
mod memory;
mod moderation;
mod password;
mod recording_duty;
mod recordings;
mod reports;
mod request;
mod revocation;

#[cfg(test)]
mod tests;

pub use memory::{CallMemory, Change, Inside, Remembered};
use recording_duty::RecordingDuty;

use chat::ChatHistory;
use lobby::Waiting;
use member::{Link, Member};
use memory::Hold;
use password::Password;

/// How long the media plane may take to answer an offer. It takes milliseconds; longer than this
/// means that it hangs, and a client that is told so can try again.
const MEDIA_ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long somebody whose page was closed or reloaded stays: time to load the page again.
const AWAY_WINDOW: Duration = Duration::from_secs(5);

/// How long a participant without signalling (WHIP, WHEP) may be without media.
const MEDIA_ONLY_PATIENCE: Duration = Duration::from_secs(30);

/// People who left that a call remembers, to know them when they come back. Beyond this a call has
/// seen so many that it may forget them all: they come back as they would for the first time.
const MAX_DEPARTED: usize = 10_000;

/// Names one WebSocket, or one WHIP or WHEP resource, on this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// What stands behind a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A client on a WebSocket.
    Signalled,
    /// A WHIP or WHEP client: it hears of nothing but its end, and cannot wait in a lobby.
    MediaOnly(Subscription),
}

/// How a session was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// The connection broke.
    Lost,
    /// The client said that its page goes away (WebSocket close code 1001).
    Away,
}

/// What a call needs to know from the beginning.
#[derive(Debug, Clone)]
pub struct CallConfig {
    /// The call.
    pub id: CallId,
    /// Where it takes place.
    pub room: RoomKey,
    /// What its app says about it.
    pub rules: CallRules,
    /// When the call began, milliseconds since 1970.
    pub started_at_ms: u64,
    /// Unique among the calls of the node: the upper half of every media request id.
    pub serial: u32,
    /// Random; makes ids of chat messages unguessable. Another one after each start of the server.
    pub seed: u64,
    /// Signs resume and rating tokens.
    pub tokens: SessionTokens,
}

/// What an app says about its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRules {
    /// The name of the app that people read.
    pub app_name: String,
    /// Whether the app is tried out or in earnest.
    pub environment: Environment,
    /// Most participants.
    pub max_participants: u32,
    /// Whether people without a token wait in every room.
    pub guests_wait: bool,
    /// What calls offer.
    pub features: Features,
    /// What is recorded without anybody asking for it, of calls that begin.
    pub recording: RecordingPolicy,
    /// Where streams can be sent without an address or a key.
    pub stream_targets: Arc<Vec<StreamTargetName>>,
}

impl From<&AppEntry> for CallRules {
    fn from(app: &AppEntry) -> Self {
        Self {
            app_name: app.name.clone(),
            environment: app.environment,
            max_participants: app.max_participants,
            guests_wait: app.guests == GuestPolicy::Wait,
            features: app.features,
            recording: app.recording.clone(),
            stream_targets: Arc::clone(&app.stream_targets),
        }
    }
}

/// Somebody at the door.
#[derive(Debug)]
pub struct Entry {
    /// Their connection.
    pub session: SessionId,
    /// What stands behind it.
    pub kind: SessionKind,
    /// The id of their `join`.
    pub request_id: u32,
    /// A fresh id, used unless they are known from an earlier session of this call.
    pub participant_id: ParticipantId,
    /// Who they are.
    pub identity: Identity,
    /// The password they gave.
    pub password: Option<String>,
    /// Their offer.
    pub offer: String,
    /// What they send from the start.
    pub sources: Vec<SourceUpdate>,
    /// Their client, as it says itself.
    pub client: ClientInfo,
}

/// What a call wants done.
#[derive(Debug)]
pub enum Output {
    /// Tell a session something.
    Send {
        /// Which.
        session: SessionId,
        /// What.
        message: Outgoing,
    },
    /// Close a session after everything that was sent to it.
    Close {
        /// Which.
        session: SessionId,
        /// WebSocket close code.
        code: u16,
    },
    /// Forget a session that is not of this call; it stays open.
    Forget {
        /// Which.
        session: SessionId,
    },
    /// Order something from the media plane.
    Media(MediaCommand),
    /// Give a one-time token back: the join it was for was refused.
    Release(OneTimeUse),
    /// Keep something where it outlives the server.
    Remember(Change),
    /// Tell the control plane.
    Report(CallFact),
    /// Ask something of the control plane that is to happen now.
    Ask(RecordingRequest),
}

/// Something that is told to a session. Events are shared by everybody who is told.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// An answer.
    Message(Box<ServerMessage>),
    /// An event with its number in the session.
    Event {
        /// From 1; 0 in the lobby.
        seq: u32,
        /// What happened.
        event: Arc<Event>,
    },
}

/// One call.
#[derive(Debug)]
pub struct Call {
    config: CallConfig,
    /// By number, which is the order of joining.
    members: BTreeMap<u32, Member>,
    numbers: HashMap<ParticipantId, u32>,
    sessions: HashMap<SessionId, Place>,
    /// The longest first.
    waiting: Vec<Waiting>,
    next_number: u32,
    /// The highest number that others have heard of.
    listed_numbers: u32,
    media_requests: BTreeMap<u64, MediaRequest>,
    next_media_request: u32,
    password: Option<Password>,
    has_lobby: bool,
    /// What the room was prepared for, where that is less than the app allows.
    max_participants: Option<u32>,
    chat: ChatHistory,
    /// Those that are running, the oldest first.
    recordings: Vec<CallRecording>,
    duty: RecordingDuty,
    speakers: Vec<ParticipantId>,
    banned_subjects: HashSet<String>,
    banned_ids: HashSet<ParticipantId>,
    departed: HashMap<ParticipantId, Departed>,
    /// Set while a restored call waits for those who were in it.
    hold: Option<Hold>,
    outputs: VecDeque<Output>,
    /// Whether anybody has knocked.
    has_begun: bool,
    /// Whether the control plane has heard of the call.
    is_reported: bool,
    is_over: bool,
    end_reason: Option<LeaveReason>,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// In the call, or on the way into it.
    Member(u32),
    /// In the lobby.
    Waiting(ParticipantId),
}

/// A command that the media plane has not answered.
#[derive(Debug)]
struct MediaRequest {
    number: u32,
    deadline: Instant,
    kind: MediaRequestKind,
}

#[derive(Debug)]
enum MediaRequestKind {
    Join { sources: Vec<SourceUpdate> },
    Negotiate { request_id: u32 },
}

/// Somebody who was in the call.
#[derive(Debug, Clone, Copy)]
struct Departed {
    role: Role,
    reason: LeaveReason,
}

impl Call {
    /// A call that nobody has entered yet.
    #[must_use]
    pub fn new(config: CallConfig) -> Self {
        Self {
            duty: RecordingDuty::new(config.rules.recording.clone(), config.rules.features),
            members: BTreeMap::new(),
            numbers: HashMap::new(),
            sessions: HashMap::new(),
            waiting: Vec::new(),
            next_number: 1,
            listed_numbers: 0,
            media_requests: BTreeMap::new(),
            next_media_request: 0,
            password: None,
            has_lobby: false,
            max_participants: None,
            chat: ChatHistory::new(config.seed),
            recordings: Vec::new(),
            speakers: Vec::new(),
            banned_subjects: HashSet::new(),
            banned_ids: HashSet::new(),
            departed: HashMap::new(),
            hold: None,
            outputs: VecDeque::new(),
            has_begun: false,
            is_reported: false,
            is_over: false,
            end_reason: None,
            config,
        }
    }

    /// The call's id.
    #[must_use]
    pub fn id(&self) -> CallId {
        self.config.id
    }

    /// Whether nobody is in the call any more. Such a call takes no further input.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Why the call was ended for everybody; `None` when the last one has left by themselves.
    #[must_use]
    pub fn end_reason(&self) -> Option<LeaveReason> {
        self.end_reason
    }

    /// How many are in the call or on their way into it; who waits is not counted.
    #[must_use]
    pub fn participant_count(&self) -> usize {
        self.members.values().filter(|member| !member.is_recorder()).count()
    }

    /// Whether the app is on trial.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        self.config.rules.environment == Environment::Trial
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Continues a session of `participant_id` on another connection.
    pub fn resume(
        &mut self,
        session: SessionId,
        request_id: u32,
        participant_id: ParticipantId,
        last_seq: u32,
        now: Moment,
    ) {
        let number = self.numbers.get(&participant_id).copied();
        let member = number.and_then(|number| self.members.get_mut(&number));
        let Some(member) = member.filter(|member| member.entering.is_none()) else {
            self.refuse_resume(session, request_id, participant_id, last_seq);
            return;
        };
        let number = member.number;
        if let Some(replaced) = member.session() {
            self.sessions.remove(&replaced);
            self.outputs.push_back(Output::Close { session: replaced, code: close_code::REPLACED });
        }
        member.link = Link::Attached(session);
        self.sessions.insert(session, Place::Member(number));

        let missed = member.log.after(last_seq);
        let latest = member.log.last_seq();
        let slots = member.slots.clone();
        let layers = member.layers.clone();
        match missed {
            Some(events) => {
                let resumed = ServerMessage::Resumed { request_id, snapshot: None, seq: last_seq };
                self.send(session, resumed);
                for (seq, event) in events {
                    self.outputs.push_back(Output::Send {
                        session,
                        message: Outgoing::Event { seq, event },
                    });
                }
            }
            None => {
                let snapshot = Some(self.snapshot_for(number));
                self.send(session, ServerMessage::Resumed { request_id, snapshot, seq: latest });
                // What a snapshot does not hold because it belongs to this client alone.
                for ((kind, slot), state) in slots {
                    self.tell(number, Event::SlotChanged { kind, slot, state });
                }
                for (source, layers) in layers {
                    self.tell(number, Event::LayersWanted { source, layers });
                }
            }
        }
        self.refresh_connection(number, now);
    }

    /// When [`Self::handle_timeout`] wants to be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let requests = self.media_requests.values().map(|request| request.deadline);
        let members = self.members.values().filter_map(Member::next_timeout);
        requests.chain(members).chain(self.hold_timeout()).chain(self.duty.ends_at()).min()
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Moment) {
        self.expire_media_requests(now);
        self.handle_hold_timeout(now);
        self.handle_duty_timeout(now);
        let due: Vec<_> = self
            .members
            .values()
            .filter(|member| member.next_timeout().is_some_and(|at| at <= now.instant))
            .map(|member| member.number)
            .collect();
        for number in due {
            self.handle_member_timeout(number, now);
        }
        self.settle();
    }

    fn handle_member_timeout(&mut self, number: u32, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        if member.kind != SessionKind::Signalled {
            if member.media_patience_ends().is_some_and(|at| at <= now.instant) {
                self.eject(number, LeaveReason::ConnectionLost, ErrorCode::CallEnded);
            }
            return;
        }
        match member.link {
            Link::Detached { until, is_away, .. } if until <= now.instant => {
                let reason = if is_away { LeaveReason::Left } else { LeaveReason::ConnectionLost };
                self.depart(number, reason);
            }
            Link::Detached { until, is_away, .. } => {
                member.link = Link::Detached { shown_at: None, until, is_away };
                self.refresh_connection(number, now);
            }
            Link::Attached(_) => {}
        }
    }

    fn note_media_request(&mut self, number: u32, kind: MediaRequestKind, now: Moment) -> u64 {
        self.next_media_request = self.next_media_request.wrapping_add(1);
        let request_id = (u64::from(self.config.serial) << 32) | u64::from(self.next_media_request);
        let deadline = now.instant + MEDIA_ANSWER_TIMEOUT;
        self.media_requests.insert(request_id, MediaRequest { number, deadline, kind });
        request_id
    }

    /// Somebody who resumes and is not in the call: the reason if it is final, else an error that
    /// leaves the connection open for a `join`.
    fn refuse_resume(
        &mut self,
        session: SessionId,
        request_id: u32,
        participant_id: ParticipantId,
        last_seq: u32,
    ) {
        let reason = self.departed.get(&participant_id).map(|departed| departed.reason);
        match reason {
            Some(reason @ (LeaveReason::Removed | LeaveReason::AccessRevoked)) => {
                let event = Arc::new(Event::Left { reason, retry_after_ms: None });
                let message = Outgoing::Event { seq: last_seq.wrapping_add(1), event };
                self.outputs.push_back(Output::Send { session, message });
                self.outputs.push_back(Output::Close { session, code: close_code::ENDED });
            }
            _ => {
                self.send_error(session, request_id, ErrorCode::ResumeUnknown.into());
                self.outputs.push_back(Output::Forget { session });
            }
        }
    }

    fn snapshot_for(&self, number: u32) -> Snapshot {
        let reader = self.members.get(&number);
        let is_moderator = reader.is_some_and(Member::is_moderator);
        Snapshot {
            app: AppSummary {
                id: self.config.room.app_id.clone(),
                name: self.config.rules.app_name.clone(),
                is_trial: self.is_trial(),
            },
            room: self.config.room.room.clone(),
            call: CallSummary { id: self.config.id, started_at_ms: self.config.started_at_ms },
            settings: self.settings(),
            participants: self
                .members
                .values()
                .filter(|member| member.is_listed())
                .map(Member::to_participant)
                .collect(),
            chat: reader.map(|member| self.chat.readable_by(member.id)).unwrap_or_default(),
            speakers: self.speakers.clone(),
            lobby: if is_moderator { self.lobby_entries() } else { Vec::new() },
            recordings: self.recordings.clone(),
        }
    }

    fn settings(&self) -> RoomSettings {
        RoomSettings { has_password: self.password.is_some(), has_lobby: self.has_lobby }
    }

    fn order(&mut self, command: MediaCommand) {
        self.outputs.push_back(Output::Media(command));
    }

    fn order_leave(&mut self, number: u32) {
        if let Some(member) = self.members.get(&number) {
            let (call_id, participant_id) = (self.config.id, member.id);
            self.order(MediaCommand::Leave { call_id, participant_id });
        }
    }

    fn send(&mut self, session: SessionId, message: ServerMessage) {
        let message = Outgoing::Message(Box::new(message));
        self.outputs.push_back(Output::Send { session, message });
    }

    fn send_error(&mut self, session: SessionId, request_id: u32, refusal: Refusal) {
        let Refusal { code, message } = refusal;
        self.send(session, ServerMessage::Error { request_id: Some(request_id), code, message });
    }

    /// Tells one member. The event is kept for a resume, whether they are attached or not.
    fn tell(&mut self, number: u32, event: Event) {
        self.tell_if(|member| member.number == number, event);
    }

    fn broadcast(&mut self, event: Event) {
        self.tell_if(|_| true, event);
    }

    fn broadcast_except(&mut self, number: u32, event: Event) {
        self.tell_if(|member| member.number != number, event);
    }

    fn tell_if(&mut self, chosen: impl Fn(&Member) -> bool, event: Event) {
        let event = Arc::new(event);
        let is_end = matches!(*event, Event::Left { .. });
        let listening = self.members.values_mut().filter(|member| {
            let hears = is_end || member.kind == SessionKind::Signalled;
            hears && member.is_inside && member.entering.is_none() && chosen(member)
        });
        for member in listening {
            let event = Arc::clone(&event);
            let seq = member.log.push(Arc::clone(&event));
            if let Some(session) = member.session() {
                let message = Outgoing::Event { seq, event };
                self.outputs.push_back(Output::Send { session, message });
            }
        }
    }
}
