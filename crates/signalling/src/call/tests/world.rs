//! A small world around one call: people that join, what they are told, what media is ordered.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use jumpa_protocol::{
    CallId, ErrorCode, KeyId, ParticipantId, RoomKey, TenantId,
    control::MediaCommand,
    directory::{AppEntry, Directory, PreparedRoom},
    live_room::HostRequest,
    recording::RecordingRequest,
    report::CallFact,
    signal::{
        ClientInfo, ClientMessage, ClientRequest, Event, Joined, Role, ServerMessage, SourceUpdate,
    },
    token::Grants,
};
use uuid::Uuid;

use crate::{
    Moment,
    admission::{EarlierSession, Identity},
    call::{
        Call, CallConfig, CallMemory, CallRules, Departure, Entry, Outgoing, Output, SessionId,
        SessionKind,
    },
    replay_guard::OneTimeUse,
    token::SessionTokens,
};

pub const START_MS: u64 = 1_767_225_600_000;

/// How long a restored call waits for those who were in it.
pub const WINDOW: Duration = Duration::from_secs(300);

/// What one session was told, in order.
#[derive(Debug, Default)]
pub struct Inbox {
    pub answers: Vec<ServerMessage>,
    pub events: Vec<(u32, Event)>,
    pub closed: Option<u16>,
}

pub struct World {
    pub call: Call,
    pub now: Moment,
    pub media: Vec<MediaCommand>,
    pub released: Vec<OneTimeUse>,
    pub forgotten: Vec<SessionId>,
    /// What the call has asked to be remembered.
    pub memory: CallMemory,
    /// What the control plane has heard.
    pub facts: Vec<CallFact>,
    /// What moderators have asked of it.
    pub asked: Vec<RecordingRequest>,
    inboxes: HashMap<SessionId, Inbox>,
    next_session: u64,
    next_request: u32,
    next_participant: u128,
}

/// Somebody who has joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub session: SessionId,
    pub id: ParticipantId,
}

impl World {
    pub fn new() -> Self {
        Self::with_place_for(100)
    }

    pub fn with_place_for(max_participants: u32) -> Self {
        Self::around(Call::new(Self::config(max_participants)))
    }

    /// A room that was prepared before anybody came.
    pub fn prepared(room: &PreparedRoom) -> Self {
        let call = Call::new(Self::config(100)).prepared(room);
        Self::around(call.expect("a usable password"))
    }

    pub fn room() -> RoomKey {
        RoomKey {
            app_id: "klinik-sehat".parse().expect("an app id"),
            room: "ruang-1".parse().expect("a room name"),
        }
    }

    fn config(max_participants: u32) -> CallConfig {
        CallConfig {
            id: CallId::from_uuid(Uuid::from_u128(0xca11)),
            room: Self::room(),
            rules: CallRules {
                max_participants,
                ..CallRules::from(&AppEntry::new(TenantId::from_uuid(Uuid::nil()), "Klinik Sehat"))
            },
            started_at_ms: START_MS,
            serial: 7,
            seed: 9,
            tokens: SessionTokens::new(&[7; 32]),
        }
    }

    fn around(call: Call) -> Self {
        Self {
            memory: call.memory(),
            call,
            now: Moment { instant: Instant::now(), unix_ms: START_MS },
            media: Vec::new(),
            released: Vec::new(),
            forgotten: Vec::new(),
            facts: Vec::new(),
            asked: Vec::new(),
            inboxes: HashMap::new(),
            next_session: 1,
            next_request: 1,
            next_participant: 1,
        }
    }

    /// The server is killed and started again: nothing is left but what was remembered, as it was
    /// written and read.
    pub fn restart(self) -> Self {
        self.restart_with_place_for(100)
    }

    pub fn restart_with_place_for(self, max_participants: u32) -> Self {
        let written = as_json(&self.memory);
        let memory = serde_json::from_value(written).expect("what was written");
        let now = self.now;
        let call = Call::restored(Self::config(max_participants), memory, now.instant, WINDOW);
        let next = Self { now, ..Self::around(call) };
        let (next_session, next_participant) = (self.next_session, self.next_participant);
        Self { next_session, next_participant, next_request: self.next_request, ..next }
    }

    /// Apps and keys are as in this directory from now on.
    pub fn change(&mut self, directory: &Directory) {
        self.call.directory_changed(directory, self.now);
    }

    /// A call with a moderator and a plain participant.
    pub fn with_two() -> (Self, Person, Person) {
        let mut world = Self::new();
        let moderator = world.join(moderator("dr. Ayu"));
        let guest = world.join(guest("Budi"));
        world.forget();
        (world, moderator, guest)
    }

    pub fn new_session(&mut self) -> SessionId {
        let session = SessionId(self.next_session);
        self.next_session += 1;
        session
    }

    pub fn entry(&mut self, identity: Identity) -> Entry {
        self.next_participant += 1;
        Entry {
            session: self.new_session(),
            kind: SessionKind::Signalled,
            request_id: 1_000,
            participant_id: ParticipantId::from_uuid(Uuid::from_u128(self.next_participant)),
            identity,
            password: None,
            offer: "v=0".to_owned(),
            sources: Vec::new(),
            client: ClientInfo::default(),
        }
    }

    /// Joins and lets the media plane answer at once.
    pub fn join(&mut self, identity: Identity) -> Person {
        let entry = self.entry(identity);
        self.join_as(entry)
    }

    pub fn join_with_sources(&mut self, identity: Identity, sources: Vec<SourceUpdate>) -> Person {
        let entry = self.entry(identity);
        self.join_as(Entry { sources, ..entry })
    }

    pub fn join_as(&mut self, entry: Entry) -> Person {
        let session = entry.session;
        self.knock(entry);
        self.answer_media();
        Person { session, id: self.joined(session).participant_id }
    }

    /// Joins without an answer of the media plane.
    pub fn knock(&mut self, entry: Entry) -> SessionId {
        let session = entry.session;
        self.call.join(entry, self.now);
        self.drain();
        session
    }

    /// Joins somebody who must be refused.
    pub fn refused(&mut self, entry: Entry) -> ErrorCode {
        let session = self.knock(entry);
        assert_eq!(self.inbox(session).closed, Some(4003), "a refused join is closed");
        self.last_error(session).expect("a refusal")
    }

    /// Answers every join and negotiation that the media plane was asked for.
    pub fn answer_media(&mut self) {
        for request_id in self.open_media_requests() {
            self.call.media_answer(request_id, Ok("answer".to_owned()), self.now);
        }
        self.drain();
    }

    /// Media requests in the order of asking; each is answered once.
    pub fn open_media_requests(&mut self) -> Vec<u64> {
        let request_id = |command: &MediaCommand| match command {
            MediaCommand::Join(join) => Some(join.request_id),
            MediaCommand::Negotiate { request_id, .. } => Some(*request_id),
            _ => None,
        };
        self.media.iter().filter_map(request_id).collect()
    }

    pub fn drain(&mut self) {
        while let Some(output) = self.call.poll_output() {
            match output {
                Output::Send { session, message } => {
                    let inbox = self.inboxes.entry(session).or_default();
                    assert_eq!(inbox.closed, None, "nothing follows a close");
                    match message {
                        Outgoing::Message(message) => inbox.answers.push(*message),
                        Outgoing::Event { seq, event } => {
                            inbox.events.push((seq, (*event).clone()));
                        }
                    }
                }
                Output::Close { session, code } => {
                    let closed = &mut self.inboxes.entry(session).or_default().closed;
                    assert_eq!(closed.replace(code), None, "a session is closed once");
                }
                Output::Forget { session } => self.forgotten.push(session),
                Output::Media(command) => self.media.push(command),
                Output::Release(one_time) => self.released.push(one_time),
                Output::Remember(change) => self.memory.apply(change),
                Output::Report(fact) => self.facts.push(fact),
                Output::Ask(request) => self.asked.push(request),
            }
        }
        // Whatever a call would remember was put out, so that the changes alone make it.
        if !self.call.is_over() {
            assert_eq!(as_json(&self.memory), as_json(&self.call.memory()));
        }
    }

    /// Sends a request and gives `Ok`, or the code of the refusal.
    pub fn ask(&mut self, session: SessionId, request: ClientRequest) -> Result<(), ErrorCode> {
        match self.answer(session, request) {
            Some(ServerMessage::Ok { .. }) => Ok(()),
            Some(ServerMessage::Error { code, .. }) => Err(*code),
            other => panic!("no plain answer: {other:?}"),
        }
    }

    /// Sends a request and gives its answer, if there is one already.
    pub fn answer(&mut self, session: SessionId, request: ClientRequest) -> Option<&ServerMessage> {
        self.next_request += 1;
        let request_id = self.next_request;
        self.call.request(session, ClientMessage { request_id, request }, self.now);
        self.drain();
        self.answer_to(session, request_id)
    }

    /// What the host asks.
    pub fn host(&mut self, request: HostRequest) -> Result<(), ErrorCode> {
        let result = self.call.host_request(request, self.now);
        self.drain();
        result.map_err(|refusal| refusal.code)
    }

    fn answer_to(&self, session: SessionId, wanted: u32) -> Option<&ServerMessage> {
        self.inbox(session).answers.iter().rev().find(|message| match message {
            ServerMessage::Ok { request_id }
            | ServerMessage::Resumed { request_id, .. }
            | ServerMessage::Negotiated { request_id, .. }
            | ServerMessage::StreamTargets { request_id, .. } => *request_id == wanted,
            ServerMessage::Error { request_id, .. } => *request_id == Some(wanted),
            ServerMessage::Joined(joined) => joined.request_id == wanted,
            _ => false,
        })
    }

    pub fn inbox(&self, session: SessionId) -> &Inbox {
        self.inboxes.get(&session).expect("the session was told something")
    }

    pub fn is_open(&self, session: SessionId) -> bool {
        self.inboxes.get(&session).is_none_or(|inbox| inbox.closed.is_none())
    }

    pub fn joined(&self, session: SessionId) -> &Joined {
        let joined = self.inbox(session).answers.iter().find_map(|message| match message {
            ServerMessage::Joined(joined) => Some(joined),
            _ => None,
        });
        joined.unwrap_or_else(|| panic!("not joined: {:?}", self.inbox(session)))
    }

    pub fn is_joined(&self, session: SessionId) -> bool {
        self.inboxes.get(&session).is_some_and(|inbox| {
            inbox.answers.iter().any(|message| matches!(message, ServerMessage::Joined(_)))
        })
    }

    pub fn last_error(&self, session: SessionId) -> Option<ErrorCode> {
        self.inboxes.get(&session)?.answers.iter().rev().find_map(|message| match message {
            ServerMessage::Error { code, .. } => Some(*code),
            _ => None,
        })
    }

    /// Events that a session got, without numbers.
    pub fn events(&self, session: SessionId) -> Vec<Event> {
        let inbox = self.inboxes.get(&session);
        inbox
            .map(|inbox| inbox.events.iter().map(|(_, event)| event.clone()).collect())
            .unwrap_or_default()
    }

    /// Forgets what was told and ordered so far, so that a test sees only what comes next.
    pub fn forget(&mut self) {
        for inbox in self.inboxes.values_mut() {
            inbox.answers.clear();
            inbox.events.clear();
        }
        self.media.clear();
    }

    /// Lets time pass, with every timeout at its moment.
    pub fn pass(&mut self, time: Duration) {
        let until = self.now.instant + time;
        while let Some(at) = self.call.poll_timeout().filter(|at| *at <= until) {
            self.set_clock(at.max(self.now.instant));
            self.call.handle_timeout(self.now);
            self.drain();
        }
        self.set_clock(until);
    }

    fn set_clock(&mut self, instant: Instant) {
        let passed = instant.saturating_duration_since(self.now.instant);
        self.now.instant = instant;
        self.now.unix_ms += passed.as_millis() as u64;
    }

    /// The server stops, and says so.
    pub fn stop_server(&mut self) {
        self.call.close(Duration::from_millis(500));
        self.drain();
    }

    pub fn disconnect(&mut self, session: SessionId) {
        self.disconnect_as(session, Departure::Lost);
    }

    pub fn disconnect_as(&mut self, session: SessionId, departure: Departure) {
        self.call.disconnect(session, departure, self.now);
        self.drain();
    }

    /// Resumes on a new session.
    pub fn resume(&mut self, id: ParticipantId, last_seq: u32) -> SessionId {
        let session = self.new_session();
        self.call.resume(session, 1, id, last_seq, self.now);
        self.drain();
        session
    }

    /// The identity of somebody who joins again with their resume token.
    pub fn returning(&self, person: Person, identity: Identity) -> Identity {
        let earlier = EarlierSession {
            call_id: self.call.id(),
            call_started_at_ms: START_MS,
            participant_id: person.id,
            role: identity.role,
        };
        Identity { earlier: Some(earlier), ..identity }
    }
}

fn as_json(memory: &CallMemory) -> serde_json::Value {
    serde_json::to_value(memory).expect("plain texts and numbers")
}

pub fn guest(name: &str) -> Identity {
    Identity {
        key_id: None,
        subject: None,
        name: name.to_owned(),
        is_verified: false,
        avatar: None,
        role: Role::Participant,
        grants: Grants::default(),
        earlier: None,
        one_time: None,
        recording_id: None,
    }
}

pub fn moderator(name: &str) -> Identity {
    Identity { role: Role::Moderator, ..staff(name) }
}

/// Somebody with a token whose name it proves, without moderation.
pub fn staff(name: &str) -> Identity {
    let key: KeyId = "key_klinik".parse().expect("a key id");
    Identity {
        key_id: Some(key),
        subject: Some(format!("staff-{name}")),
        is_verified: true,
        ..guest(name)
    }
}
