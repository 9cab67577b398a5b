//! A media thread: one poll over its sockets, its mailbox and its rooms' timers.

mod rooms;
mod wire;

use std::{
    mem,
    net::IpAddr,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use jumpa_protocol::{
    CallId, ErrorCode, ParticipantId,
    control::{MediaEvent, ParticipantMediaEvent},
};
use jumpa_rtc::{Offer, PeerConfig, RtcError, Transport};
use jumpa_sfu_core::{Join, Room, RoomConfig, RoomEvent};
use mio::{Events, Poll};
use tokio::sync::mpsc;
use tracing::{debug, error};

pub use self::wire::WAKE;
use self::{
    rooms::{FailedRoom, RoomError, Rooms},
    wire::Wire,
};
use crate::{
    datagram::MAX_DATAGRAM_BYTES,
    demux::{Arrival, Demux, Member, Outcome, Path, Proof},
    mailbox::{Inbox, JoinOrder, Notice, Order},
    outbox::{Outbox, RETRY_AFTER},
    sockets::WorkerSockets,
    stats,
    tcp::ConnectionId,
};

/// Datagrams read from one socket before its rooms are drained and everything else gets its turn.
/// More would save wake-ups under load and let packets wait for each other.
const READ_BATCH: usize = 32;

/// Orders taken in one turn: a join costs up to some milliseconds.
const ORDER_BATCH: usize = 8;

/// How often figures are published and silent addresses forgotten.
const TICK: Duration = Duration::from_secs(1);

/// A room is not woken again sooner than this. The poll counts in milliseconds.
const MIN_REST: Duration = Duration::from_millis(1);

/// What a worker is made of.
#[derive(Debug)]
pub struct WorkerParts {
    /// From 0.
    pub index: usize,
    /// The poll, with the waker of the mailbox registered.
    pub poll: Poll,
    /// Bound sockets.
    pub sockets: WorkerSockets,
    /// The worker's end of its mailbox.
    pub inbox: Inbox,
    /// Where reports go.
    pub events: mpsc::Sender<MediaEvent>,
    /// Where the router listens. Unbounded: at most two notices per join.
    pub notices: mpsc::UnboundedSender<Notice>,
    /// Settings of the connections it makes.
    pub peer: PeerConfig,
}

/// A media thread's state.
#[derive(Debug)]
pub struct Worker {
    index: usize,
    poll: Poll,
    wire: Wire,
    demux: Demux,
    rooms: Rooms,
    inbox: Inbox,
    has_orders: bool,
    outbox: Outbox,
    is_outbox_empty: bool,
    notices: mpsc::UnboundedSender<Notice>,
    peer: PeerConfig,
    buffer: Vec<u8>,
    room_events: Vec<RoomEvent>,
    ticked_at: Instant,
    busy: Duration,
}

impl Worker {
    /// Makes a worker; [`Self::run`] is its thread.
    ///
    /// # Errors
    /// When the sockets cannot be watched.
    pub fn new(parts: WorkerParts) -> std::io::Result<Self> {
        let now = Instant::now();
        let WorkerParts { index, poll, sockets, inbox, events, notices, peer } = parts;
        let wire = Wire::new(poll.registry().try_clone()?, sockets)?;
        Ok(Self {
            index,
            poll,
            wire,
            demux: Demux::new(now),
            rooms: Rooms::default(),
            inbox,
            has_orders: true,
            outbox: Outbox::new(events),
            is_outbox_empty: true,
            notices,
            peer,
            // One byte more than allowed tells a datagram that is too long.
            buffer: vec![0; MAX_DATAGRAM_BYTES + 1],
            room_events: Vec::new(),
            ticked_at: now,
            busy: Duration::ZERO,
        })
    }

    /// Works until it is told to stop; then says goodbye to everybody.
    pub fn run(mut self) {
        let mut events = Events::with_capacity(256);
        while !self.inbox.is_stopping.load(Ordering::Acquire) {
            let timeout = self.time_to_wait(Instant::now());
            match self.poll.poll(&mut events, Some(timeout)) {
                Err(error) if error.kind() != std::io::ErrorKind::Interrupted => {
                    error!(%error, "a media thread cannot wait for its sockets and stops");
                    break;
                }
                _ => {}
            }
            let began = Instant::now();
            self.turn(&events);
            self.busy += began.elapsed();
        }
        self.stop();
    }

    fn time_to_wait(&self, now: Instant) -> Duration {
        if self.has_orders || self.wire.has_more() {
            return Duration::ZERO;
        }
        let mut wake_at = self.ticked_at + TICK;
        if let Some(timeout) = self.rooms.next_timeout() {
            wake_at = wake_at.min(timeout);
        }
        if !self.is_outbox_empty {
            wake_at = wake_at.min(now + RETRY_AFTER);
        }
        wake_at.saturating_duration_since(now)
    }

    /// One round over everything, each part bounded.
    fn turn(&mut self, events: &Events) {
        for broken in self.wire.note(events) {
            self.close_connection(broken);
        }
        self.has_orders |= events.iter().any(|event| event.token() == WAKE);
        self.take_orders();
        let now = Instant::now();
        self.wire.accept(now);
        self.read_udp();
        self.read_tcp(now);
        self.wake_rooms();
        self.drain_touched();
        self.is_outbox_empty = self.outbox.flush();
        let now = Instant::now();
        if now >= self.ticked_at + TICK {
            self.tick(now);
        }
    }

    fn read_udp(&mut self) {
        let mut buffer = mem::take(&mut self.buffer);
        for index in 0..self.wire.udp_len() {
            for _ in 0..READ_BATCH {
                let Some(received) = self.wire.receive_udp(index, &mut buffer) else { break };
                let datagram = buffer.get(..received.len).unwrap_or_default();
                self.take_datagram(received.path, received.source, datagram, Instant::now());
            }
        }
        self.buffer = buffer;
    }

    fn read_tcp(&mut self, now: Instant) {
        for _ in 0..self.wire.readable_len().min(READ_BATCH) {
            let mut datagrams: Vec<Vec<u8>> = Vec::new();
            let read = self.wire.receive_tcp(now, |datagram| datagrams.push(datagram.to_vec()));
            let Some((id, source, is_over)) = read else { break };
            for datagram in &datagrams {
                self.take_datagram(Path::Tcp(id), source.ip(), datagram, now);
            }
            if is_over {
                self.close_connection(id);
            }
        }
    }

    fn take_datagram(&mut self, path: Path, source: IpAddr, datagram: &[u8], now: Instant) {
        let arrival = match self.demux.arrival(path, source, datagram, now) {
            Ok(arrival) => arrival,
            Err(reason) => return self.wire.stats.drop_datagram(reason),
        };
        let Member { call_id, participant_id } = arrival.member;
        let proven = self.prove(&arrival, path.transport(), datagram, now);
        let Some(is_authentic) = self.unless_failed(call_id, proven) else { return };
        match self.demux.conclude(&arrival, is_authentic, now) {
            Outcome::Unchanged => {}
            Outcome::Moved => self.path_moved(Member { call_id, participant_id }, now),
            Outcome::Dropped(reason) => return self.wire.stats.drop_datagram(reason),
        }
        if let (Path::Tcp(id), Proof::Integrity { .. }) = (path, arrival.proof) {
            self.wire.identify(id);
        }
    }

    /// Gives a datagram to its room, a check only when its integrity is right. Whether it proved
    /// to be the participant's.
    fn prove(
        &mut self,
        arrival: &Arrival,
        transport: Transport,
        datagram: &[u8],
        now: Instant,
    ) -> Result<bool, RoomError> {
        let Member { call_id, participant_id } = arrival.member;
        if let Proof::Integrity { .. } = arrival.proof {
            let accepts = |room: &mut Room| room.accepts_stun(participant_id, transport, datagram);
            if !self.rooms.ask(call_id, accepts)? {
                return Ok(false);
            }
            self.demux.expect_answer(arrival);
        }
        self.rooms
            .with(call_id, |room| room.handle_datagram(participant_id, transport, datagram, now))
    }

    fn path_moved(&mut self, member: Member, now: Instant) {
        self.wire.stats.path_moves += 1;
        let Member { call_id, participant_id } = member;
        debug!(participant.id = %participant_id, "the path of {participant_id} moved");
        let told = self.rooms.with(call_id, |room| room.handle_path_moved(participant_id, now));
        self.unless_failed(call_id, told);
    }

    fn close_connection(&mut self, id: ConnectionId) {
        self.wire.close(id);
        if let Some(moved) = self.demux.forget_path(Path::Tcp(id)) {
            self.path_moved(moved, Instant::now());
        }
    }

    fn wake_rooms(&mut self) {
        let now = Instant::now();
        while let Some(call_id) = self.rooms.pop_due(now) {
            let woken = self.rooms.with(call_id, |room| room.handle_timeout(now));
            self.unless_failed(call_id, woken);
        }
    }

    fn drain_touched(&mut self) {
        while let Some(call_id) = self.rooms.next_touched() {
            self.drain(call_id);
        }
    }

    /// Sends what a room wants to send and passes on what it reports.
    fn drain(&mut self, call_id: CallId) {
        let Self { rooms, wire, demux, room_events, .. } = self;
        let drained = rooms.ask(call_id, |room| {
            while let Some((participant_id, transmit)) = room.poll_transmit() {
                wire.send(demux.destination(participant_id, &transmit.bytes), &transmit.bytes);
            }
            while let Some(event) = room.poll_event() {
                room_events.push(event);
            }
            (room.poll_timeout(), room.is_empty())
        });
        for event in mem::take(&mut self.room_events) {
            self.report(call_id, event);
        }
        let Some((timeout, is_empty)) = self.unless_failed(call_id, drained) else { return };
        if is_empty {
            self.close_room(call_id);
        } else {
            let rest_until = Instant::now() + MIN_REST;
            self.rooms.set_timeout(call_id, timeout.map(|at| at.max(rest_until)));
        }
    }

    fn report(&mut self, call_id: CallId, event: RoomEvent) {
        match event {
            RoomEvent::Participant { participant_id, event } => {
                if event == ParticipantMediaEvent::Closed {
                    self.forget(call_id, participant_id);
                }
                self.outbox.push(MediaEvent::Participant { call_id, participant_id, event });
            }
            RoomEvent::Speakers { participant_ids } => {
                self.outbox.push(MediaEvent::Speakers { call_id, participant_ids });
            }
        }
    }

    fn take_orders(&mut self) {
        for _ in 0..ORDER_BATCH {
            match self.inbox.orders.try_recv() {
                Ok(order) => self.obey(order),
                Err(_) => {
                    self.has_orders = false;
                    break;
                }
            }
        }
    }

    fn obey(&mut self, order: Order) {
        let now = Instant::now();
        match order {
            Order::Join(order) => self.join(*order, now),
            Order::Negotiate { request_id, call_id, participant_id, offer } => {
                let result = self.negotiate(call_id, participant_id, *offer, now);
                self.outbox.answer(request_id, result);
            }
            Order::View { call_id, participant_id, slots } => {
                let done = self.rooms.with(call_id, |room| {
                    room.set_view(participant_id, &slots, now);
                });
                self.unless_failed(call_id, done);
            }
            Order::SetSourceOpen { call_id, participant_id, source, is_open } => {
                let done = self.rooms.with(call_id, |room| {
                    room.set_source_open(participant_id, source, is_open, now);
                });
                self.unless_failed(call_id, done);
            }
            Order::Leave { call_id, participant_id } => self.leave(call_id, participant_id, now),
            Order::End { call_id } => self.end(call_id, now),
        }
    }

    fn join(&mut self, order: JoinOrder, now: Instant) {
        let JoinOrder { request_id, call_id, stay, participant_id, number, offer, subscription } =
            order;
        // A client that lost everything comes back under its old id: the old connection is dead.
        if self.rooms.has_participant(call_id, participant_id) {
            self.leave(call_id, participant_id, now);
        }
        if !self.rooms.contains(call_id) {
            let config = RoomConfig { peer: self.peer.clone() };
            self.rooms.insert(call_id, stay, Room::new(config, now));
        }
        let join = Join { participant_id, number, offer, subscription };
        let joined = self.rooms.with(call_id, |room| {
            let answer = room.join(join, now)?;
            Ok((answer, room.local_ufrag(participant_id)))
        });
        let result = match self.unless_failed(call_id, joined) {
            Some(Ok((answer, Some(ufrag)))) => {
                self.rooms.add_participant(call_id, participant_id);
                self.demux.register(Member { call_id, participant_id }, ufrag);
                Ok(answer)
            }
            Some(Err(error)) => Err(refusal(&error)),
            Some(Ok((_, None))) | None => Err(ErrorCode::Internal),
        };
        self.inbox.board.set_participants(self.demux.len());
        stats::record_join(now.elapsed());
        self.outbox.answer(request_id, result);
        let has_room = self.rooms.contains(call_id);
        self.tell(Notice::JoinSettled { call_id, stay, has_room });
    }

    fn negotiate(
        &mut self,
        call_id: CallId,
        participant_id: ParticipantId,
        offer: Offer,
        now: Instant,
    ) -> Result<String, ErrorCode> {
        if !self.rooms.contains(call_id) {
            return Err(ErrorCode::CallEnded);
        }
        if !self.rooms.has_participant(call_id, participant_id) {
            return Err(ErrorCode::ParticipantUnknown);
        }
        let negotiated = self.rooms.with(call_id, |room| {
            let answer = room.negotiate(participant_id, offer, now)?;
            Ok((answer, room.local_ufrag(participant_id)))
        });
        let (answer, ufrag) = self
            .unless_failed(call_id, negotiated)
            .ok_or(ErrorCode::Internal)?
            .map_err(|error: RtcError| refusal(&error))?;
        if let Some(ufrag) = ufrag {
            self.demux.register(Member { call_id, participant_id }, ufrag);
        }
        Ok(answer)
    }

    /// Closes a connection; its last datagrams are sent before its addresses are forgotten.
    fn leave(&mut self, call_id: CallId, participant_id: ParticipantId, now: Instant) {
        let left = self.rooms.with(call_id, |room| room.leave(participant_id, now));
        if self.unless_failed(call_id, left).is_some() {
            self.drain(call_id);
            self.forget(call_id, participant_id);
        }
    }

    fn end(&mut self, call_id: CallId, now: Instant) {
        for participant_id in self.rooms.participant_ids(call_id).to_vec() {
            self.leave(call_id, participant_id, now);
        }
        self.close_room(call_id);
    }

    fn close_room(&mut self, call_id: CallId) {
        for participant_id in self.rooms.participant_ids(call_id).to_vec() {
            self.forget(call_id, participant_id);
        }
        if let Some(stay) = self.rooms.remove(call_id) {
            self.tell(Notice::RoomClosed { call_id, stay });
        }
    }

    fn forget(&mut self, call_id: CallId, participant_id: ParticipantId) {
        self.rooms.remove_participant(call_id, participant_id);
        self.demux.remove(participant_id);
        self.inbox.board.set_participants(self.demux.len());
    }

    /// The result of a room. When the room failed, everybody in it is told that it is over.
    fn unless_failed<R>(&mut self, call_id: CallId, result: Result<R, RoomError>) -> Option<R> {
        match result {
            Ok(result) => Some(result),
            Err(RoomError::Unknown) => None,
            Err(RoomError::Failed(FailedRoom { stay, participant_ids })) => {
                self.wire.stats.calls_failed += 1;
                for participant_id in participant_ids {
                    self.forget(call_id, participant_id);
                    self.outbox.closed(call_id, participant_id);
                }
                self.tell(Notice::RoomClosed { call_id, stay });
                None
            }
        }
    }

    fn tell(&self, notice: Notice) {
        // The router is gone only when the node stops, and then nobody needs to know.
        let _ = self.notices.send(notice);
    }

    fn tick(&mut self, now: Instant) {
        for moved in self.demux.expire(now) {
            self.path_moved(moved, now);
        }
        for id in self.wire.overdue(now) {
            self.wire.stats.tcp_refused += 1;
            self.close_connection(id);
        }
        self.drain_touched();
        self.wire.retry_accept();
        let mut stats = self.wire.stats;
        stats.calls = self.rooms.len() as u64;
        stats.participants = self.demux.len() as u64;
        stats.events_dropped = self.outbox.dropped();
        stats.rooms = self.rooms.stats();
        let busy = mem::take(&mut self.busy);
        self.inbox.board.publish(self.index, stats, busy, now - self.ticked_at);
        self.ticked_at = now;
    }

    /// Closes every connection and answers what still waits.
    fn stop(mut self) {
        let now = Instant::now();
        self.inbox.orders.close();
        for call_id in self.rooms.call_ids() {
            self.end(call_id, now);
        }
        while let Some(order) = self.inbox.orders.blocking_recv() {
            match order {
                Order::Join(order) => {
                    self.outbox.answer(order.request_id, Err(ErrorCode::ServerClosing));
                }
                Order::Negotiate { request_id, .. } => {
                    self.outbox.answer(request_id, Err(ErrorCode::ServerClosing));
                }
                Order::View { .. }
                | Order::SetSourceOpen { .. }
                | Order::Leave { .. }
                | Order::End { .. } => {}
            }
        }
        self.tick(now);
        self.outbox.flush_last();
    }
}

impl Path {
    fn transport(self) -> Transport {
        match self {
            Self::Udp { .. } => Transport::Udp,
            Self::Tcp(_) => Transport::Tcp,
        }
    }
}

/// What a client is told about an offer that was refused.
fn refusal(error: &RtcError) -> ErrorCode {
    match error {
        RtcError::Sdp(_) | RtcError::Contract(_) | RtcError::Negotiation(_) => {
            ErrorCode::OfferInvalid
        }
        RtcError::Closed => ErrorCode::ParticipantUnknown,
        _ => ErrorCode::Internal,
    }
}

#[cfg(test)]
mod tests;
