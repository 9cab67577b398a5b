//! The task behind a client: it owns the WebSocket, the media socket and the connection.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use jumpa_protocol::{
    ErrorCode, Layer, ParticipantId, Refusal, SourceKind,
    fast::FastMessage,
    limits::{MAX_CHAT_HISTORY, VIDEO_SLOT_STEPS, close_code},
    signal::{
        ClientMessage, ClientRequest, Event, Joined, LeaveReason, ServerMessage, SlotView,
        Snapshot, SourceState, SourceUpdate,
    },
};
use jumpa_rtc::CallerEvent;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::{
    Client, ClientEvent, ClientStats, Events, JoinError, JoinOptions, PublishSignal, RemotePacket,
    RequestError,
    backoff::Backoff,
    client::{Command, MAX_COMMANDS, Reply, Shared},
    event,
    media::{self, Media},
    reconnect::{self, Back, FIRST_REQUEST, Ticket},
    roster,
    signal_socket::{Heard, SignalSocket},
};

/// How often the server is asked for a sign of life.
const PING_INTERVAL: Duration = Duration::from_secs(5);
/// How long the WebSocket may be without any sign before it counts as lost.
const SIGNAL_SILENCE: Duration = Duration::from_secs(12);
/// How long a message may take into the WebSocket.
const SEND_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a server is waited for that cannot be reached.
const GIVE_UP_AFTER: Duration = Duration::from_secs(120);
/// How long the answer to a leave is waited for.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the server's reason is waited for after it closed media.
const CLOSED_MEDIA_GRACE: Duration = Duration::from_secs(1);
/// Requests that wait for the WebSocket to come back.
const MAX_QUEUED_REQUESTS: usize = 64;
/// Commands that are handled before others get their turn.
const MAX_BATCH: usize = 256;
/// Publish signals that a slow encoder may be behind.
const MAX_PUBLISH_SIGNALS: usize = 64;
/// Longest sleep when nothing is due.
const IDLE: Duration = Duration::from_secs(1);

/// Joins and starts the task.
pub(crate) async fn join(options: JoinOptions) -> Result<(Client, Events), JoinError> {
    let mut socket = SignalSocket::open(&options.signal_url()).await?;
    let (mut media, offer) = Media::open(&options).await?;
    let joined = reconnect::enter(&mut socket, &options, offer, None).await?;
    let now = Instant::now();
    media.accept_answer(&joined.answer, now)?;
    let Joined { participant_id, resume_token, rating_token, snapshot, .. } = *joined;

    let (commands_in, commands) = mpsc::channel(MAX_COMMANDS);
    let (events, events_out) = mpsc::channel(event::MAX_EVENTS);
    let (packets, packets_out) = mpsc::channel(event::MAX_PACKETS);
    let (publish, _) = broadcast::channel(MAX_PUBLISH_SIGNALS);
    let (participant_id_in, participant_id_out) = watch::channel(participant_id);
    let (snapshot_in, snapshot_out) = watch::channel(snapshot);
    let (has_media_in, has_media_out) = watch::channel(false);
    let shared = Shared {
        participant_id: participant_id_out,
        snapshot: snapshot_out,
        has_media: has_media_out,
        publish: publish.clone(),
        rating_token,
    };
    let session = Session {
        sources: options.sources.iter().map(|update| (update.source, update.state)).collect(),
        backoff: Backoff::new(participant_id.as_uuid().as_u128() as u64),
        options,
        signal: Signal::Online(Box::new(socket)),
        media,
        commands,
        outlets: Outlets {
            events,
            packets,
            publish,
            participant_id: participant_id_in,
            snapshot: snapshot_in,
            has_media: has_media_in,
        },
        stats: ClientStats::default(),
        resume_token,
        last_seq: 0,
        next_request: FIRST_REQUEST + 1,
        awaited: HashMap::new(),
        queued: VecDeque::new(),
        view: Vec::new(),
        waiting_views: Vec::new(),
        is_negotiating: false,
        wants_restart: false,
        silent_at: None,
        media_closed_at: None,
        heard_signal_at: now,
        pinged_at: now,
    };
    tokio::spawn(session.run());
    let client = Client::new(commands_in, shared);
    Ok((client, Events { events: events_out, packets: packets_out }))
}

/// What the handles see.
struct Outlets {
    events: mpsc::Sender<ClientEvent>,
    packets: mpsc::Sender<RemotePacket>,
    publish: broadcast::Sender<PublishSignal>,
    participant_id: watch::Sender<ParticipantId>,
    snapshot: watch::Sender<Snapshot>,
    has_media: watch::Sender<bool>,
}

type Attempt = Pin<Box<dyn Future<Output = Result<Back, JoinError>> + Send>>;

enum Signal {
    Online(Box<SignalSocket>),
    Away { since: Instant, retry_at: Instant, must_join: bool, attempt: Option<Attempt> },
}

enum Step {
    Heard(Heard),
    Attempted(Box<Result<Back, JoinError>>),
}

impl Signal {
    /// What happens next on the way to the server. May be dropped and called again.
    async fn step(&mut self) -> Step {
        match self {
            Self::Online(socket) => Step::Heard(socket.hear().await),
            Self::Away { attempt: Some(running), .. } => Step::Attempted(Box::new(running.await)),
            Self::Away { attempt: None, .. } => std::future::pending().await,
        }
    }
}

/// Who waits for the answer to a request.
enum Awaited {
    Caller(Reply),
    Negotiation,
    Nobody,
}

/// The client is out, and why.
struct Out(LeaveReason);

struct Session {
    options: JoinOptions,
    signal: Signal,
    media: Media,
    commands: mpsc::Receiver<Command>,
    outlets: Outlets,
    stats: ClientStats,
    backoff: Backoff,
    resume_token: String,
    last_seq: u32,
    next_request: u32,
    awaited: HashMap<u32, Awaited>,
    queued: VecDeque<(ClientRequest, Reply)>,
    sources: BTreeMap<SourceKind, SourceState>,
    view: Vec<SlotView>,
    /// Views that wait for slots.
    waiting_views: Vec<(Vec<SlotView>, Reply)>,
    is_negotiating: bool,
    wants_restart: bool,
    /// Datagrams that had come when media fell silent.
    silent_at: Option<u64>,
    media_closed_at: Option<Instant>,
    heard_signal_at: Instant,
    pinged_at: Instant,
}

impl Session {
    async fn run(mut self) {
        let Out(reason) = loop {
            let now = Instant::now();
            if let Err(out) = self.tick(now).await {
                break out;
            }
            let wake = self.wake_at(now);
            let done = tokio::select! {
                command = self.commands.recv() => self.handle_commands(command).await,
                step = self.signal.step() => self.handle_step(step).await,
                () = self.media.ready() => {
                    self.media.read(Instant::now());
                    Ok(())
                }
                () = tokio::time::sleep_until(wake.into()) => Ok(()),
            };
            if let Err(out) = done {
                break out;
            }
        };
        let _ = self.outlets.has_media.send(false);
        // The last event is worth waiting for, but not for a reader that is gone or stuck.
        let left = self.outlets.events.send(ClientEvent::Left { reason });
        let _ = tokio::time::timeout(LEAVE_TIMEOUT, left).await;
    }

    fn wake_at(&self, now: Instant) -> Instant {
        let mut wake = now + IDLE;
        wake = self.media.timeout().map_or(wake, |at| at.min(wake));
        if let Signal::Away { retry_at, attempt: None, .. } = &self.signal {
            wake = wake.min(*retry_at);
        }
        wake
    }

    /// Does everything that is due.
    async fn tick(&mut self, now: Instant) -> Result<(), Out> {
        self.media.drive(now);
        self.take_media_events(now);
        self.media.drive(now);
        self.watch_media(now);
        self.watch_signal(now)?;
        if matches!(self.signal, Signal::Online(_)) {
            if !self.is_negotiating {
                self.negotiate(now).await;
            }
            self.send_views().await;
            if self.pinged_at + PING_INTERVAL <= now {
                self.pinged_at = now;
                self.send(ClientRequest::Ping, Awaited::Nobody).await;
            }
        }
        Ok(())
    }

    /// Notices that media fell silent, came back, or was closed.
    fn watch_media(&mut self, now: Instant) {
        if let Some(before) = self.silent_at
            && self.media.received > before
        {
            self.silent_at = None;
            self.emit(ClientEvent::MediaConnected);
            let _ = self.outlets.has_media.send(true);
        }
        if self.media.is_silent(now) {
            self.wants_restart = true;
            self.media.excuse_silence(now);
            if self.silent_at.is_none() {
                self.silent_at = Some(self.media.received);
                self.emit(ClientEvent::MediaSilent);
                let _ = self.outlets.has_media.send(false);
            }
        }
        if !self.media.is_alive() {
            let closed_at = *self.media_closed_at.get_or_insert(now);
            if closed_at + CLOSED_MEDIA_GRACE <= now && matches!(self.signal, Signal::Online(_)) {
                self.lose_signal(now, Duration::ZERO, true);
            }
        }
    }

    /// Notices a dead WebSocket and starts attempts to come back.
    fn watch_signal(&mut self, now: Instant) -> Result<(), Out> {
        if matches!(self.signal, Signal::Online(_)) && self.heard_signal_at + SIGNAL_SILENCE <= now
        {
            self.lose_signal(now, Duration::ZERO, false);
        }
        let ticket = Ticket {
            resume_token: self.resume_token.clone(),
            last_seq: self.last_seq,
            sources: self.current_sources(),
            must_join: false,
        };
        if let Signal::Away { since, retry_at, must_join, attempt } = &mut self.signal {
            if *since + GIVE_UP_AFTER <= now {
                return Err(Out(LeaveReason::ConnectionLost));
            }
            if attempt.is_none() && *retry_at <= now {
                let ticket = Ticket { must_join: *must_join, ..ticket };
                let options = self.options.clone();
                *attempt = Some(Box::pin(reconnect::come_back(options, ticket)));
            }
        }
        Ok(())
    }

    fn current_sources(&self) -> Vec<SourceUpdate> {
        self.sources
            .iter()
            .filter(|(_, state)| **state != SourceState::Off)
            .map(|(source, state)| SourceUpdate { source: *source, state: *state })
            .collect()
    }

    /// The WebSocket is gone; whoever waits for an answer is told.
    fn lose_signal(&mut self, now: Instant, pause: Duration, must_join: bool) {
        if let Signal::Away { must_join: must, .. } = &mut self.signal {
            *must |= must_join;
            return;
        }
        let pause = pause.max(self.backoff.next());
        self.signal = Signal::Away { since: now, retry_at: now + pause, must_join, attempt: None };
        self.fail_requests(RequestError::Lost);
        self.stop_negotiating();
        self.emit(ClientEvent::SignallingLost);
    }

    fn fail_requests(&mut self, error: RequestError) {
        for (_, awaited) in self.awaited.drain() {
            if let Awaited::Caller(reply) = awaited {
                let _ = reply.send(Err(error.clone()));
            }
        }
    }

    fn stop_negotiating(&mut self) {
        if self.is_negotiating {
            self.is_negotiating = false;
            self.media.drop_offer();
        }
    }

    async fn handle_step(&mut self, step: Step) -> Result<(), Out> {
        let now = Instant::now();
        match step {
            Step::Heard(Heard::Message(message)) => {
                self.heard_signal_at = now;
                self.handle_message(*message, now)
            }
            Step::Heard(Heard::Sign) => {
                self.heard_signal_at = now;
                Ok(())
            }
            Step::Heard(Heard::Closed(Some(close_code::ENDED | close_code::REPLACED))) => {
                Err(Out(LeaveReason::ConnectionLost))
            }
            Step::Heard(Heard::Closed(_)) => {
                self.lose_signal(now, Duration::ZERO, false);
                Ok(())
            }
            Step::Heard(Heard::Broken(error)) => {
                tracing::debug!(%error, "the signalling connection broke");
                self.lose_signal(now, Duration::ZERO, false);
                Ok(())
            }
            Step::Attempted(attempted) => match *attempted {
                Ok(back) => {
                    self.come_back(back, now).await;
                    Ok(())
                }
                Err(error) => {
                    reconnect::verdict(&error).map_err(Out)?;
                    tracing::debug!(%error, "coming back failed");
                    let pause = self.backoff.next();
                    if let Signal::Away { retry_at, attempt, .. } = &mut self.signal {
                        *attempt = None;
                        *retry_at = now + pause;
                    }
                    Ok(())
                }
            },
        }
    }

    async fn come_back(&mut self, back: Back, now: Instant) {
        self.backoff.reset();
        self.heard_signal_at = now;
        self.pinged_at = now;
        self.next_request = FIRST_REQUEST + 1;
        match back {
            Back::Resumed { socket, snapshot } => {
                self.signal = Signal::Online(Box::new(socket));
                self.stats.resumes += 1;
                if let Some((snapshot, seq)) = snapshot.map(|both| *both) {
                    self.last_seq = seq;
                    let _ = self.outlets.snapshot.send(snapshot);
                }
                self.emit(ClientEvent::SignallingResumed);
            }
            Back::Joined { socket, media, joined } => {
                self.signal = Signal::Online(Box::new(socket));
                self.stats.rejoins += 1;
                self.media.close(now);
                self.count_datagrams();
                self.media = *media;
                self.media_closed_at = None;
                self.silent_at = None;
                self.wants_restart = false;
                self.resume_token = joined.resume_token;
                self.last_seq = 0;
                let participant_id = joined.participant_id;
                let _ = self.outlets.participant_id.send(participant_id);
                let _ = self.outlets.snapshot.send(joined.snapshot);
                let _ = self.outlets.has_media.send(false);
                self.emit(ClientEvent::Rejoined { participant_id });
            }
        }
        // Whether a view that was under way arrived is unknown; asking twice changes nothing.
        self.view_again();
        while let Some((request, reply)) = self.queued.pop_front() {
            if !reply.is_closed() {
                self.send(request, Awaited::Caller(reply)).await;
            }
        }
    }

    /// Sends a request; losing the WebSocket over it is noticed by everything else.
    async fn send(&mut self, request: ClientRequest, awaited: Awaited) {
        let Signal::Online(socket) = &mut self.signal else {
            if let Awaited::Caller(reply) = awaited {
                let _ = reply.send(Err(RequestError::Lost));
            }
            return;
        };
        let request_id = self.next_request;
        self.next_request = self.next_request.wrapping_add(1);
        self.awaited.retain(|_, old| !matches!(old, Awaited::Caller(reply) if reply.is_closed()));
        self.awaited.insert(request_id, awaited);
        let message = ClientMessage { request_id, request };
        let sent = tokio::time::timeout(SEND_TIMEOUT, socket.send(&message)).await;
        if !matches!(sent, Ok(Ok(()))) {
            self.lose_signal(Instant::now(), Duration::ZERO, false);
        }
    }

    /// Makes the next offer when one is wanted.
    async fn negotiate(&mut self, now: Instant) {
        let wanted = self.waiting_views.iter().map(|(view, _)| slots_for(view)).max().unwrap_or(0);
        let offer = if self.wants_restart {
            self.wants_restart = false;
            self.stats.ice_restarts += 1;
            self.count_datagrams();
            let offer = self.media.restart().await;
            self.media.excuse_silence(now);
            offer
        } else if wanted > self.media.video_slots() {
            self.media.grow(wanted).map_err(JoinError::from)
        } else {
            return;
        };
        match offer {
            Ok(offer) => {
                self.is_negotiating = true;
                self.send(ClientRequest::Negotiate { offer }, Awaited::Negotiation).await;
            }
            Err(error) => {
                tracing::debug!(%error, "making an offer failed");
                let refusal = Refusal::new(ErrorCode::OfferInvalid, error.to_string());
                self.refuse_waiting_views(&refusal);
            }
        }
    }

    fn handle_negotiated(&mut self, answer: Result<String, Refusal>, now: Instant) {
        self.is_negotiating = false;
        let applied = answer.and_then(|answer| {
            self.media
                .accept_answer(&answer, now)
                .map_err(|error| Refusal::new(ErrorCode::OfferInvalid, error.to_string()))
        });
        if let Err(refusal) = applied {
            tracing::debug!(%refusal, "a negotiation failed");
            self.media.drop_offer();
            self.refuse_waiting_views(&refusal);
            // The two sides may disagree on the m-lines now: only new media is safe.
            self.lose_signal(now, Duration::ZERO, true);
        }
    }

    fn refuse_waiting_views(&mut self, refusal: &Refusal) {
        let slots = self.media.video_slots();
        let (fits, waits): (Vec<_>, Vec<_>) =
            self.waiting_views.drain(..).partition(|(view, _)| slots_for(view) <= slots);
        self.waiting_views = fits;
        for (_, reply) in waits {
            let _ = reply.send(Err(RequestError::Refused(refusal.clone())));
        }
    }

    /// Asks once more for what shall stand in the slots.
    fn view_again(&mut self) {
        if !self.view.is_empty() {
            let (reply, _) = oneshot::channel();
            self.waiting_views.insert(0, (self.view.clone(), reply));
        }
    }

    /// Sends the views that have enough slots.
    async fn send_views(&mut self) {
        while let Some((view, _)) = self.waiting_views.first() {
            if slots_for(view) > self.media.video_slots() {
                return;
            }
            let (slots, reply) = self.waiting_views.remove(0);
            self.send(ClientRequest::View { slots }, Awaited::Caller(reply)).await;
        }
    }

    fn handle_message(&mut self, message: ServerMessage, now: Instant) -> Result<(), Out> {
        match message {
            ServerMessage::Event { seq, event } => return self.handle_event(seq, event, now),
            ServerMessage::Error { request_id, code, message } => {
                let refusal = Refusal { code, message };
                match request_id.and_then(|id| self.awaited.remove(&id)) {
                    Some(Awaited::Caller(reply)) => {
                        let _ = reply.send(Err(RequestError::Refused(refusal)));
                    }
                    Some(Awaited::Negotiation) => self.handle_negotiated(Err(refusal), now),
                    Some(Awaited::Nobody) | None => {
                        tracing::debug!(%refusal, "the server refused a message");
                    }
                }
            }
            ServerMessage::Negotiated { request_id, answer } => {
                if let Some(Awaited::Negotiation) = self.awaited.remove(&request_id) {
                    self.handle_negotiated(Ok(answer), now);
                }
            }
            ServerMessage::Ok { request_id }
            | ServerMessage::Resumed { request_id, .. }
            | ServerMessage::StreamTargets { request_id, .. } => {
                if let Some(Awaited::Caller(reply)) = self.awaited.remove(&request_id) {
                    let _ = reply.send(Ok(message));
                }
            }
            ServerMessage::Joined(_) | ServerMessage::Unknown => {}
        }
        Ok(())
    }

    fn handle_event(&mut self, seq: u32, event: Event, now: Instant) -> Result<(), Out> {
        if seq != 0 && seq <= self.last_seq {
            return Ok(());
        }
        if let Event::ParticipantJoined { participant } = &event
            && self.view.iter().any(|view| view.participant_id == participant.id)
        {
            // After a restart of the server somebody may be back later than we are, and it leaves
            // out of a view whom it does not know.
            self.view_again();
        }
        self.last_seq = self.last_seq.max(seq);
        self.outlets.snapshot.send_modify(|snapshot| {
            roster::apply(snapshot, &event);
            let surplus = snapshot.chat.len().saturating_sub(MAX_CHAT_HISTORY);
            snapshot.chat.drain(..surplus);
        });
        match &event {
            Event::LayersWanted { source, layers } => {
                let _ = self
                    .outlets
                    .publish
                    .send(PublishSignal::LayersWanted { source: *source, layers: layers.clone() });
            }
            Event::MutedByModerator { source, .. } => {
                self.sources.insert(*source, SourceState::Muted);
            }
            _ => {}
        }
        let left = match &event {
            Event::Left { reason, retry_after_ms } => Some((*reason, *retry_after_ms)),
            _ => None,
        };
        self.emit(ClientEvent::Room(event));
        match left {
            Some((_, Some(retry_after_ms))) => {
                self.lose_signal(now, Duration::from_millis(retry_after_ms.into()), false);
                Ok(())
            }
            Some((reason, None)) => {
                self.media.close(now);
                Err(Out(reason))
            }
            None => Ok(()),
        }
    }

    async fn handle_commands(&mut self, first: Option<Command>) -> Result<(), Out> {
        // Without a handle nobody can tell the client anything any more.
        let Some(first) = first else {
            self.media.close(Instant::now());
            return Err(Out(LeaveReason::Left));
        };
        self.handle_command(first).await?;
        for _ in 1..MAX_BATCH {
            let Ok(command) = self.commands.try_recv() else {
                break;
            };
            self.handle_command(command).await?;
        }
        Ok(())
    }

    async fn handle_command(&mut self, command: Command) -> Result<(), Out> {
        let now = Instant::now();
        match command {
            Command::Write { to, packet } => {
                self.stats.packets_sent += 1;
                self.stats.bytes_sent += packet.payload.len() as u64;
                self.media.write(to, packet, now);
            }
            Command::Request { request, reply } => self.handle_request(request, reply).await,
            Command::View { slots, reply } => {
                self.view.clone_from(&slots);
                self.waiting_views.push((slots, reply));
            }
            Command::RequestKeyframe(slot) => self.media.request_keyframe(slot, now),
            Command::Stats(reply) => {
                self.count_datagrams();
                let _ = reply.send(self.stats.clone());
            }
            Command::ChangeSocket => {
                if let Err(error) = self.media.change_socket().await {
                    tracing::warn!(%error, "opening another media socket");
                }
            }
            Command::RestartIce => self.wants_restart = true,
            Command::CutSignalling => self.lose_signal(now, Duration::ZERO, false),
            Command::Leave(reply) => {
                self.leave().await;
                let _ = reply.send(());
                return Err(Out(LeaveReason::Left));
            }
            Command::Vanish => return Err(Out(LeaveReason::Left)),
        }
        Ok(())
    }

    async fn handle_request(&mut self, request: ClientRequest, reply: Reply) {
        match &request {
            ClientRequest::SetSource(update) => {
                self.sources.insert(update.source, update.state);
            }
            ClientRequest::View { slots } => self.view.clone_from(slots),
            _ => {}
        }
        if matches!(self.signal, Signal::Online(_)) {
            self.send(request, Awaited::Caller(reply)).await;
        } else if self.queued.len() < MAX_QUEUED_REQUESTS {
            self.queued.push_back((request, reply));
        } else {
            let _ = reply.send(Err(RequestError::Lost));
        }
    }

    async fn leave(&mut self) {
        self.media.close(Instant::now());
        self.fail_requests(RequestError::Left);
        let request_id = self.next_request;
        let Signal::Online(socket) = &mut self.signal else {
            return;
        };
        let message = ClientMessage { request_id, request: ClientRequest::Leave };
        let goodbye = async {
            if socket.send(&message).await.is_err() {
                return;
            }
            loop {
                match socket.hear().await {
                    Heard::Message(answer) => {
                        if matches!(*answer, ServerMessage::Ok { request_id: id } if id == request_id)
                        {
                            return;
                        }
                    }
                    Heard::Sign => {}
                    Heard::Closed(_) | Heard::Broken(_) => return,
                }
            }
        };
        let _ = tokio::time::timeout(LEAVE_TIMEOUT, goodbye).await;
        socket.close().await;
    }

    fn take_media_events(&mut self, now: Instant) {
        while let Some(event) = self.media.poll_event() {
            match event {
                CallerEvent::Connected => {
                    self.emit(ClientEvent::MediaConnected);
                    let _ = self.outlets.has_media.send(true);
                }
                CallerEvent::Disconnected => self.wants_restart = true,
                CallerEvent::Closed => {
                    self.media_closed_at.get_or_insert(now);
                    let _ = self.outlets.has_media.send(false);
                }
                CallerEvent::Media(packet) => {
                    self.stats.received(&packet);
                    let source = packet
                        .csrc
                        .and_then(|csrc| roster::source_of(&self.outlets.snapshot.borrow(), csrc));
                    if self.outlets.packets.try_send(RemotePacket { packet, source }).is_err() {
                        self.stats.packets_unread += 1;
                    }
                }
                CallerEvent::KeyframeRequested(line, rid) => {
                    let Some(source) = media::source_of(line) else {
                        continue;
                    };
                    let layer = rid.and_then(|rid| Layer::from_rid(rid.as_str()));
                    self.emit(ClientEvent::KeyframeRequested { source, layer });
                    let signal = PublishSignal::KeyframeRequested { source, layer };
                    let _ = self.outlets.publish.send(signal);
                }
                CallerEvent::Estimate(bps) => self.stats.uplink_estimate_bps = Some(bps),
                CallerEvent::FastOpen => {}
                CallerEvent::Fast(text) => {
                    if let Ok(message) = serde_json::from_str::<FastMessage>(&text) {
                        self.emit(ClientEvent::Fast(message));
                    }
                }
            }
        }
    }

    fn emit(&mut self, event: ClientEvent) {
        if self.outlets.events.try_send(event).is_err() {
            self.stats.events_unread += 1;
        }
    }

    fn count_datagrams(&mut self) {
        self.stats.datagrams_received += std::mem::take(&mut self.media.received);
        self.stats.datagrams_dropped += std::mem::take(&mut self.media.dropped);
        if self.silent_at.is_some() {
            self.silent_at = Some(0);
        }
    }
}

/// How many video slots a view needs: the next step of the protocol.
fn slots_for(view: &[SlotView]) -> u16 {
    let needed = view.iter().map(|of| of.slot.saturating_add(1)).max().unwrap_or(0);
    VIDEO_SLOT_STEPS.into_iter().find(|step| *step >= needed).unwrap_or(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(slot: u16) -> Vec<SlotView> {
        vec![SlotView {
            slot,
            participant_id: ParticipantId::generate(),
            source: SourceKind::Camera,
            max_height: 180,
            priority: 0,
        }]
    }

    #[test]
    fn slots_grow_in_the_steps_of_the_protocol() {
        assert_eq!(slots_for(&[]), 4);
        assert_eq!(slots_for(&view(3)), 4);
        assert_eq!(slots_for(&view(4)), 9);
        assert_eq!(slots_for(&view(24)), 25);
        assert_eq!(slots_for(&view(48)), 49);
    }
}
