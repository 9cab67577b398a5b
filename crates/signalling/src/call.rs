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
    control::{MediaCommand, MediaJoin, Subscription},
    directory::Directory,
    limits::{self, close_code},
    signal::{
        AppSummary, CallSummary, Event, Joined, LeaveReason, Role, RoomSettings, ServerMessage,
        Snapshot, SourceUpdate,
    },
};

use crate::{
    Moment,
    admission::Identity,
    replay_guard::OneTimeUse,
    token::{
        RATING_TOKEN_LIFETIME, RESUME_TOKEN_LIFETIME, RatingClaims, ResumeClaims, SessionTokens,
    },
};

mod chat;
mod event_log;
mod lobby;
mod media;
mod member;
mod moderation;
mod password;
mod request;

#[cfg(test)]
mod tests;

use chat::ChatHistory;
use lobby::Waiting;
use member::{Entering, Link, MediaLink, Member, UNSEEN_RESUME};
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
    /// The name of the app that people read.
    pub app_name: String,
    /// Most participants.
    pub max_participants: u32,
    /// When the call began, milliseconds since 1970.
    pub started_at_ms: u64,
    /// Unique among the calls of the node: the upper half of every media request id.
    pub serial: u32,
    /// Random; makes ids of chat messages unguessable.
    pub seed: u64,
    /// Signs resume and rating tokens.
    pub tokens: SessionTokens,
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
    /// Order something from the media plane.
    Media(MediaCommand),
    /// Give a one-time token back: the join it was for was refused.
    Release(OneTimeUse),
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
    media_requests: BTreeMap<u64, MediaRequest>,
    next_media_request: u32,
    password: Option<Password>,
    has_lobby: bool,
    chat: ChatHistory,
    speakers: Vec<ParticipantId>,
    banned_subjects: HashSet<String>,
    banned_ids: HashSet<ParticipantId>,
    departed: HashMap<ParticipantId, Departed>,
    outputs: VecDeque<Output>,
    is_over: bool,
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
            members: BTreeMap::new(),
            numbers: HashMap::new(),
            sessions: HashMap::new(),
            waiting: Vec::new(),
            next_number: 1,
            media_requests: BTreeMap::new(),
            next_media_request: 0,
            password: None,
            has_lobby: false,
            chat: ChatHistory::new(config.seed),
            speakers: Vec::new(),
            banned_subjects: HashSet::new(),
            banned_ids: HashSet::new(),
            departed: HashMap::new(),
            outputs: VecDeque::new(),
            is_over: false,
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

    /// How many are in the call or on their way into it; who waits is not counted.
    #[must_use]
    pub fn participant_count(&self) -> usize {
        self.members.len()
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Lets somebody in, into the lobby, or not at all.
    pub fn join(&mut self, entry: Entry, now: Moment) {
        if let Err(refusal) = self.try_join(entry, now) {
            let (refused, refusal) = *refusal;
            self.refuse_entry(refused.session, refused.request_id, refused.one_time, refusal);
        }
        self.settle();
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

    /// Takes note that a session is gone.
    pub fn disconnect(&mut self, session: SessionId, departure: Departure, now: Moment) {
        match self.sessions.remove(&session) {
            None => {}
            Some(Place::Waiting(participant_id)) => {
                self.remove_waiting(participant_id);
                self.lobby_changed();
            }
            Some(Place::Member(number)) => self.detach(number, departure, now),
        }
        self.settle();
    }

    /// Applies what changed in apps and keys: ends what is no longer allowed.
    pub fn directory_changed(&mut self, directory: &Directory) {
        let app = directory.apps.get(&self.config.room.app_id);
        let keeps_calls = app.is_some_and(|app| app.keeps_running_calls);
        let Some(app) = app.filter(|app| !app.is_disabled || app.keeps_running_calls) else {
            self.end(LeaveReason::AccessRevoked, ErrorCode::AppDisabled, None);
            return;
        };
        self.config.app_name.clone_from(&app.name);
        self.config.max_participants = app.max_participants;

        let is_revoked = |identity: &Identity| {
            identity.key_id.as_ref().is_some_and(|key_id| !directory.keys.contains_key(key_id))
        };
        let waiting: Vec<_> = self
            .waiting
            .iter()
            .filter(|waiting| is_revoked(&waiting.entry.identity))
            .map(|waiting| waiting.entry.participant_id)
            .collect();
        for participant_id in waiting {
            self.refuse_waiting(participant_id, ErrorCode::TokenKeyUnknown.into());
        }
        if !keeps_calls {
            let revoked: Vec<_> = self
                .members
                .values()
                .filter(|member| is_revoked(&member.identity))
                .map(|member| member.number)
                .collect();
            for number in revoked {
                self.eject(number, LeaveReason::AccessRevoked);
            }
        }
        self.settle();
    }

    /// Ends the call because the server stops; clients shall come back after `retry_after`, spread
    /// over a second so that they do not come all at once.
    pub fn close(&mut self, retry_after: Duration) {
        self.end(LeaveReason::ServerClosing, ErrorCode::ServerClosing, Some(retry_after));
    }

    /// When [`Self::handle_timeout`] wants to be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let requests = self.media_requests.values().map(|request| request.deadline);
        let members = self.members.values().filter_map(Member::next_timeout);
        requests.chain(members).min()
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Moment) {
        self.expire_media_requests(now);
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
                self.eject(number, LeaveReason::ConnectionLost);
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

    fn try_join(&mut self, entry: Entry, now: Moment) -> Result<(), Box<(Refused, Refusal)>> {
        let refused = Refused {
            session: entry.session,
            request_id: entry.request_id,
            one_time: entry.identity.one_time.clone(),
        };
        let refuse = |refusal: Refusal| Box::new((refused, refusal));
        if self.is_over {
            return Err(refuse(ErrorCode::CallEnded.into()));
        }
        let earlier = entry.identity.earlier.filter(|earlier| earlier.call_id == self.config.id);
        let is_banned = earlier.is_some_and(|who| self.banned_ids.contains(&who.participant_id))
            || entry.identity.subject.as_ref().is_some_and(|s| self.banned_subjects.contains(s));
        if is_banned {
            return Err(refuse(ErrorCode::Banned.into()));
        }
        let Some(earlier) = earlier else {
            let role = entry.identity.role;
            return self.knock(entry, role, now).map_err(refuse);
        };
        if let Some(number) = self.numbers.get(&earlier.participant_id).copied() {
            self.take_over(number, entry, now);
            return Ok(());
        }
        let entry = Entry { participant_id: earlier.participant_id, ..entry };
        match self.departed.get(&earlier.participant_id).copied() {
            Some(Departed { role, reason: LeaveReason::Removed }) => {
                self.knock(entry, role, now).map_err(refuse)
            }
            Some(Departed { role, .. }) if !self.is_full() => {
                self.enter(entry, role, now);
                Ok(())
            }
            Some(_) => Err(refuse(ErrorCode::RoomFull.into())),
            None => self.knock(entry, earlier.role, now).map_err(refuse),
        }
    }

    /// Somebody who was not in this call before: password, place, lobby.
    fn knock(&mut self, entry: Entry, role: Role, now: Moment) -> Result<(), Refusal> {
        let is_moderator = role == Role::Moderator;
        if let Some(password) = self.password.as_ref().filter(|_| !is_moderator) {
            let guess = entry.password.as_deref().ok_or(ErrorCode::PasswordRequired)?;
            if !password.is(guess) {
                return Err(ErrorCode::PasswordWrong.into());
            }
        }
        if self.is_full() {
            return Err(ErrorCode::RoomFull.into());
        }
        if self.has_lobby && !is_moderator && !entry.identity.grants.bypass_lobby {
            return self.wait(entry, now);
        }
        self.enter(entry, role, now);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.members.len() >= self.config.max_participants as usize
    }

    /// Sends somebody on to the media plane; they are in the call when it has answered.
    fn enter(&mut self, entry: Entry, role: Role, now: Moment) {
        let number = self.next_number;
        // Numbers are multiplied by four in CSRCs; a billion joins of one call are out of reach.
        self.next_number = self.next_number.wrapping_add(1);
        let Entry { session, kind, request_id, participant_id, identity, offer, sources, .. } =
            entry;
        let mut member = Member::new(participant_id, number, identity, role, (session, kind), now);
        member.entering = Some(Entering { request_id });
        self.members.insert(number, member);
        self.numbers.insert(participant_id, number);
        self.sessions.insert(session, Place::Member(number));
        self.order_media_join(number, offer, sources, now);
    }

    /// Replaces the session of somebody who joins again while others still see them, for example
    /// after their page was loaded again.
    fn take_over(&mut self, number: u32, entry: Entry, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        if let Some(replaced) = member.session() {
            self.sessions.remove(&replaced);
            self.outputs.push_back(Output::Close { session: replaced, code: close_code::REPLACED });
        }
        member.start_over((entry.session, entry.kind), now);
        member.entering = Some(Entering { request_id: entry.request_id });
        let new_name = (member.name != entry.identity.name).then(|| entry.identity.name.clone());
        if let Some(name) = &new_name {
            member.name.clone_from(name);
        }
        let (participant_id, is_listed) = (member.id, member.is_listed);
        self.sessions.insert(entry.session, Place::Member(number));
        self.media_requests.retain(|_, request| request.number != number);
        self.order(MediaCommand::Leave { call_id: self.config.id, participant_id });
        self.order_media_join(number, entry.offer, entry.sources, now);
        if let Some(name) = new_name.filter(|_| is_listed) {
            self.broadcast(Event::NameChanged { participant_id, name });
        }
        self.refresh_connection(number, now);
    }

    fn order_media_join(
        &mut self,
        number: u32,
        offer: String,
        sources: Vec<SourceUpdate>,
        now: Moment,
    ) {
        let Some(member) = self.members.get(&number) else { return };
        let participant_id = member.id;
        let subscription = match member.kind {
            SessionKind::Signalled => Subscription::Client,
            SessionKind::MediaOnly(subscription) => subscription,
        };
        let kind = MediaRequestKind::Join { sources };
        let request_id = self.note_media_request(number, kind, now);
        let call_id = self.config.id;
        self.order(MediaCommand::Join(MediaJoin {
            request_id,
            call_id,
            participant_id,
            number,
            offer,
            subscription,
        }));
    }

    fn note_media_request(&mut self, number: u32, kind: MediaRequestKind, now: Moment) -> u64 {
        self.next_media_request = self.next_media_request.wrapping_add(1);
        let request_id = (u64::from(self.config.serial) << 32) | u64::from(self.next_media_request);
        let deadline = now.instant + MEDIA_ANSWER_TIMEOUT;
        self.media_requests.insert(request_id, MediaRequest { number, deadline, kind });
        request_id
    }

    /// The media plane has taken somebody: they are in.
    fn finish_join(
        &mut self,
        number: u32,
        answer: String,
        updates: Vec<SourceUpdate>,
        now: Moment,
    ) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let Some(Entering { request_id }) = member.entering.take() else { return };
        let is_new = !member.is_listed;
        let before = member.to_participant().sources;
        member.is_listed = true;
        member.take_sources(&updates);
        member.told_connection = member.connection(now.instant);
        let participant = member.to_participant();
        let (participant_id, session) = (member.id, member.session());
        let is_moderator = member.is_moderator();

        let (resume_token, rating_token) = self.tokens_for(number, now);
        if let Some(session) = session {
            let snapshot = self.snapshot_for(number);
            let joined =
                Joined { request_id, participant_id, answer, resume_token, rating_token, snapshot };
            self.send(session, ServerMessage::Joined(joined));
        }
        for info in &participant.sources {
            self.order_source_open(number, info.source);
        }
        if is_new {
            self.broadcast_except(number, Event::ParticipantJoined { participant });
        } else {
            self.tell_source_changes(number, &before);
            let connection = participant.connection;
            let event = Event::ConnectionChanged { participant_id, connection };
            self.broadcast_except(number, event);
            self.refresh_quality(number);
        }
        if is_moderator {
            self.moderators_changed();
        }
    }

    /// Somebody whose join the media plane refused.
    fn refuse_entering(&mut self, number: u32, refusal: Refusal) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let Some(Entering { request_id }) = member.entering.take() else { return };
        let one_time = member.identity.one_time.take();
        let (session, was_listed) = (member.session(), member.is_listed);
        if let Some(session) = session {
            self.refuse_entry(session, request_id, one_time, refusal);
        }
        if was_listed {
            self.depart(number, LeaveReason::ConnectionLost);
        } else {
            self.forget(number);
        }
    }

    fn refuse_entry(
        &mut self,
        session: SessionId,
        request_id: u32,
        one_time: Option<OneTimeUse>,
        refusal: Refusal,
    ) {
        self.outputs.extend(one_time.map(Output::Release));
        self.send_error(session, request_id, refusal);
        self.outputs.push_back(Output::Close { session, code: close_code::REFUSED });
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
            _ => self.send_error(session, request_id, ErrorCode::ResumeUnknown.into()),
        }
    }

    fn detach(&mut self, number: u32, departure: Departure, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let is_gone = member.kind != SessionKind::Signalled || member.media == MediaLink::Closed;
        if !member.is_listed {
            let one_time = member.identity.one_time.take();
            self.outputs.extend(one_time.map(Output::Release));
            self.order_leave(number);
            self.forget(number);
            return;
        }
        if is_gone {
            self.depart(number, LeaveReason::Left);
            return;
        }
        let is_away = departure == Departure::Away;
        let window = if is_away { AWAY_WINDOW } else { limits::RESUME_WINDOW };
        member.link = Link::Detached {
            shown_at: Some(now.instant + UNSEEN_RESUME),
            until: now.instant + window,
            is_away,
        };
        self.refresh_connection(number, now);
    }

    /// Takes somebody out of the call, tells them why and closes their session.
    fn eject(&mut self, number: u32, reason: LeaveReason) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let session = member.session();
        if let Some(entering) = member.entering {
            let refusal = match reason {
                LeaveReason::AccessRevoked => ErrorCode::TokenKeyUnknown,
                _ => ErrorCode::CallEnded,
            };
            if let Some(session) = session {
                self.send_error(session, entering.request_id, refusal.into());
            }
        } else {
            self.tell(number, Event::Left { reason, retry_after_ms: None });
        }
        if let Some(session) = session {
            self.outputs.push_back(Output::Close { session, code: close_code::ENDED });
        }
        self.depart(number, reason);
    }

    /// Takes somebody out of the call and tells the others.
    fn depart(&mut self, number: u32, reason: LeaveReason) {
        self.order_leave(number);
        let Some(member) = self.forget(number) else { return };
        if !member.is_listed {
            return;
        }
        if self.departed.len() >= MAX_DEPARTED {
            self.departed.clear();
        }
        self.departed.insert(member.id, Departed { role: member.role, reason });
        self.broadcast(Event::ParticipantLeft { participant_id: member.id, reason });
        self.speakers.retain(|speaker| *speaker != member.id);
        if member.is_moderator() {
            self.moderators_changed();
        }
    }

    /// Removes every trace of a member but what others were told.
    fn forget(&mut self, number: u32) -> Option<Member> {
        let member = self.members.remove(&number)?;
        self.numbers.remove(&member.id);
        if let Some(session) = member.session() {
            self.sessions.remove(&session);
        }
        self.media_requests.retain(|_, request| request.number != number);
        Some(member)
    }

    /// Ends the call for everybody who is in it, on the way into it, or waits.
    fn end(&mut self, reason: LeaveReason, refusal: ErrorCode, retry_after: Option<Duration>) {
        if self.is_over {
            return;
        }
        let code = match reason {
            LeaveReason::ServerClosing => close_code::RESTART,
            _ => close_code::ENDED,
        };
        let numbers: Vec<_> = self.members.keys().copied().collect();
        for number in numbers {
            let Some(member) = self.members.get(&number) else { continue };
            let (session, entering) = (member.session(), member.entering);
            if let (Some(session), Some(entering)) = (session, entering) {
                self.send_error(session, entering.request_id, refusal.into());
            }
            let retry_after_ms = retry_after.map(|base| {
                u32::try_from(base.as_millis())
                    .unwrap_or(u32::MAX)
                    .saturating_add(number.wrapping_mul(37) % 1_000)
            });
            self.tell(number, Event::Left { reason, retry_after_ms });
            self.outputs.extend(session.map(|session| Output::Close { session, code }));
        }
        let waiting = std::mem::take(&mut self.waiting);
        for waiting in waiting {
            let session = waiting.entry.session;
            self.outputs.extend(waiting.entry.identity.one_time.map(Output::Release));
            self.send_error(session, waiting.entry.request_id, refusal.into());
            self.outputs.push_back(Output::Close { session, code });
        }
        self.order(MediaCommand::End { call_id: self.config.id });
        self.members.clear();
        self.numbers.clear();
        self.sessions.clear();
        self.media_requests.clear();
        self.is_over = true;
    }

    /// A call without anybody is over. Who waits keeps it alive: letting them find an open door
    /// because the last moderator lost the connection would make the lobby worthless.
    fn settle(&mut self) {
        if self.members.is_empty() && self.waiting.is_empty() {
            self.is_over = true;
        }
    }

    fn tokens_for(&self, number: u32, now: Moment) -> (String, String) {
        let Some(member) = self.members.get(&number) else { return Default::default() };
        let RoomKey { app_id, room } = self.config.room.clone();
        let seconds = now.unix_ms / 1_000;
        let rating = RatingClaims {
            app_id: app_id.clone(),
            room: room.clone(),
            call_id: self.config.id,
            participant_id: member.id,
            exp: seconds.saturating_add(RATING_TOKEN_LIFETIME.as_secs()),
        };
        let resume = ResumeClaims {
            app_id,
            room,
            call_id: self.config.id,
            call_started_at_ms: self.config.started_at_ms,
            participant_id: member.id,
            key_id: member.identity.key_id.clone(),
            subject: member.identity.subject.clone(),
            name: member.name.clone(),
            avatar: member.identity.avatar.clone(),
            role: member.role,
            own_role: member.identity.role,
            is_verified: member.identity.is_verified,
            grants: member.identity.grants,
            exp: seconds.saturating_add(RESUME_TOKEN_LIFETIME.as_secs()),
        };
        (self.config.tokens.sign_resume(&resume), self.config.tokens.sign_rating(&rating))
    }

    fn snapshot_for(&self, number: u32) -> Snapshot {
        let reader = self.members.get(&number);
        let is_moderator = reader.is_some_and(Member::is_moderator);
        Snapshot {
            app: AppSummary {
                id: self.config.room.app_id.clone(),
                name: self.config.app_name.clone(),
            },
            room: self.config.room.room.clone(),
            call: CallSummary { id: self.config.id, started_at_ms: self.config.started_at_ms },
            settings: self.settings(),
            participants: self
                .members
                .values()
                .filter(|member| member.is_listed)
                .map(Member::to_participant)
                .collect(),
            chat: reader.map(|member| self.chat.readable_by(member.id)).unwrap_or_default(),
            speakers: self.speakers.clone(),
            lobby: if is_moderator { self.lobby_entries() } else { Vec::new() },
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
            hears && member.is_listed && member.entering.is_none() && chosen(member)
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

/// What is needed to refuse somebody.
struct Refused {
    session: SessionId,
    request_id: u32,
    one_time: Option<OneTimeUse>,
}
