//! The room.

mod allocation;
mod fan_out;
mod keyframes;
mod listening;
mod members;
mod upkeep;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::{Duration, Instant},
};

use jumpa_protocol::{
    ParticipantId, SourceKind,
    control::{ParticipantMediaEvent, Subscription},
    signal::SlotView,
};
use jumpa_rtc::{Kind, Offer, OutPacket, Peer, PeerEvent, RtcError, Transmit, Transport};

use crate::{
    active_speakers::ActiveSpeakers,
    event::{Join, RoomConfig, RoomEvent, RoomStats},
    keys::{MemberIndex, SlotKey, SourceKey},
    level_report::LevelReport,
    member::Member,
    path_watch::PathChange,
    source::Source,
};

/// How often everything that is not driven by packets is looked at: speakers, levels, dead paths,
/// allocation. A tenth of a second is not felt by people.
const TICK: Duration = Duration::from_millis(100);

/// One room: owns the peer connections of its participants and decides what each receives.
///
/// Datagrams, orders and time go in; after each call, poll until nothing is left:
/// [`Self::poll_transmit`] first, then [`Self::poll_event`] and [`Self::poll_timeout`].
#[derive(Debug)]
pub struct Room {
    config: RoomConfig,
    members: Vec<Option<Member>>,
    by_id: HashMap<ParticipantId, MemberIndex>,
    speakers: ActiveSpeakers<ParticipantId>,
    levels: LevelReport,
    /// When connections want to be called.
    timers: BTreeSet<(Instant, MemberIndex)>,
    /// Connections that may have something to give.
    dirty: VecDeque<MemberIndex>,
    /// Last datagrams of participants that left.
    farewells: VecDeque<(ParticipantId, Transmit)>,
    events: VecDeque<RoomEvent>,
    /// Sources with a layer that somebody waits for a keyframe of.
    keyframes_wanted: Vec<SourceKey>,
    keyframes_due: Option<Instant>,
    /// A keyframe is being forwarded: whoever begins to wait may get it without a request.
    keyframe_is_here: bool,
    next_tick: Option<Instant>,
    listened_at: Option<Instant>,
    now: Instant,
    stats: RoomStats,
    /// Kept to spare allocations on the packet path.
    outbox: Vec<OutPacket>,
}

impl Room {
    /// A room without participants.
    #[must_use]
    pub fn new(config: RoomConfig, now: Instant) -> Self {
        Self {
            config,
            members: Vec::new(),
            by_id: HashMap::new(),
            speakers: ActiveSpeakers::default(),
            levels: LevelReport::default(),
            timers: BTreeSet::new(),
            dirty: VecDeque::new(),
            farewells: VecDeque::new(),
            events: VecDeque::new(),
            keyframes_wanted: Vec::new(),
            keyframes_due: None,
            keyframe_is_here: false,
            next_tick: None,
            listened_at: None,
            now,
            stats: RoomStats::default(),
            outbox: Vec::new(),
        }
    }

    /// Lets a participant in and gives the answer to its offer. One with the same id that is still
    /// there is replaced. All its sources begin closed.
    ///
    /// # Errors
    /// As [`Peer::accept`]; the room stays as it was.
    pub fn join(&mut self, join: Join, now: Instant) -> Result<String, RtcError> {
        self.now = now;
        let Join { participant_id, number, offer, subscription } = join;
        let lines = offer.lines().to_vec();
        let mut peer_config = self.config.peer.clone();
        if subscription == Subscription::Recorder {
            peer_config.initial_estimate_bps = None;
        }
        let estimate_bps = peer_config.initial_estimate_bps;
        let (peer, answer) = Peer::accept(&peer_config, offer, now)?;
        self.leave(participant_id, now);
        let member =
            Member::new(participant_id, number, subscription, peer, &lines, estimate_bps, now);
        let index = self.seat(member);
        self.attach_wishes(index);
        self.mark_dirty(index);
        self.next_tick.get_or_insert(now + TICK);
        Ok(answer)
    }

    /// Applies a further offer of a participant: more slots, or an ICE restart.
    ///
    /// # Errors
    /// As [`Peer::negotiate`]; [`RtcError::Closed`] when there is no such participant.
    pub fn negotiate(
        &mut self,
        participant_id: ParticipantId,
        offer: Offer,
        now: Instant,
    ) -> Result<String, RtcError> {
        self.now = now;
        let index = self.index(participant_id).ok_or(RtcError::Closed)?;
        let member = self.member_mut(index).ok_or(RtcError::Closed)?;
        let answer = member.peer.negotiate(offer, now)?;
        member.add_slots();
        self.listen(now);
        self.show_automatically(index, now);
        self.work_on(index, now);
        Ok(answer)
    }

    /// Sets what a participant wants in its video slots; slots that are not named are empty.
    /// Nothing happens for those who do not choose by themselves.
    pub fn set_view(&mut self, participant_id: ParticipantId, views: &[SlotView], now: Instant) {
        self.now = now;
        let Some(index) = self.index(participant_id) else {
            return;
        };
        if self.member(index).is_some_and(|member| member.chooses()) {
            self.apply_views(index, views);
            self.divide(index, now);
        }
    }

    /// Opens or closes a source. What a closed one sends is dropped.
    pub fn set_source_open(
        &mut self,
        participant_id: ParticipantId,
        kind: SourceKind,
        is_open: bool,
        now: Instant,
    ) {
        self.now = now;
        let Some(member) = self.index(participant_id) else {
            return;
        };
        let key = SourceKey { member, kind };
        let Some(source) = self.source_mut(key).filter(|source| source.is_open != is_open) else {
            return;
        };
        source.set_open(is_open);
        if !is_open {
            self.silence(key);
        }
        self.listen(now);
        self.find_speakers(now);
        self.divide_for_subscribers(key, now);
    }

    /// Removes a participant, and closes its connection politely.
    pub fn leave(&mut self, participant_id: ParticipantId, now: Instant) {
        self.now = now;
        let Some(index) = self.index(participant_id) else {
            return;
        };
        self.remove(index, now);
        self.listen(now);
        self.find_speakers(now);
    }

    /// The ICE user name fragment of our side of a participant's connection; changes with an ICE
    /// restart.
    #[must_use]
    pub fn local_ufrag(&self, participant_id: ParticipantId) -> Option<String> {
        Some(self.member(self.index(participant_id)?)?.peer.local_ufrag())
    }

    /// Whether a datagram is a STUN check of the participant with a correct MESSAGE-INTEGRITY.
    #[must_use]
    pub fn accepts_stun(
        &self,
        participant_id: ParticipantId,
        transport: Transport,
        datagram: &[u8],
    ) -> bool {
        let member = self.index(participant_id).and_then(|index| self.member(index));
        member.is_some_and(|member| member.peer.accepts_stun(transport, datagram))
    }

    /// Takes a datagram of a participant. Returns whether it proved to be from there.
    pub fn handle_datagram(
        &mut self,
        participant_id: ParticipantId,
        transport: Transport,
        datagram: &[u8],
        now: Instant,
    ) -> bool {
        self.now = now;
        let Some(index) = self.index(participant_id) else {
            return false;
        };
        let Some(member) = self.member_mut(index) else {
            return false;
        };
        let is_authentic = member.peer.handle_datagram(transport, datagram, now);
        let change = if is_authentic {
            member.watch.seen(now)
        } else {
            if datagram.first() == Some(&DTLS_APPLICATION_DATA) {
                member.watch.heard(now);
            }
            None
        };
        self.stats.datagrams_unproven += u64::from(!is_authentic);
        if change == Some(PathChange::Returned) {
            self.tell(participant_id, ParticipantMediaEvent::Connected);
        }
        if change.is_some() {
            self.recover_after_hole(index, now);
        }
        self.work_on(index, now);
        is_authentic
    }

    /// Notes that a participant's real address moved: what was sent to the old one is lost.
    pub fn handle_path_moved(&mut self, participant_id: ParticipantId, now: Instant) {
        self.now = now;
        if let Some(index) = self.index(participant_id) {
            self.recover_after_hole(index, now);
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        while let Some((at, index)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, index));
            if let Some(member) = self.member_mut(index) {
                member.timer = None;
                member.peer.handle_timeout(now);
            }
            self.work_on(index, now);
        }
        if self.keyframes_due.is_some_and(|at| at <= now) {
            self.ask_for_keyframes(now);
        }
        if self.next_tick.is_some_and(|at| at <= now) {
            self.next_tick = (!self.is_empty()).then_some(now + TICK);
            self.upkeep(now);
        }
    }

    /// When [`Self::handle_timeout`] wants to be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let connections = self.timers.first().map(|(at, _)| *at);
        let unpolled = (!self.dirty.is_empty()).then_some(self.now);
        [connections, unpolled, self.keyframes_due, self.next_tick].into_iter().flatten().min()
    }

    /// The next datagram to send, and to whom. A participant that just left may still get some.
    pub fn poll_transmit(&mut self) -> Option<(ParticipantId, Transmit)> {
        if let Some(farewell) = self.farewells.pop_front() {
            return Some(farewell);
        }
        while let Some(index) = self.dirty.front().copied() {
            if let Some(member) = self.member_mut(index) {
                if let Some(transmit) = member.peer.poll_transmit() {
                    return Some((member.id, transmit));
                }
                // Whatever its events cause marks it again.
                member.is_dirty = false;
            }
            self.dirty.pop_front();
            self.drain(index, self.now);
            self.set_timer(index);
        }
        self.farewells.pop_front()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<RoomEvent> {
        self.events.pop_front()
    }

    /// Whether nobody is in the room.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Counters since the room began.
    #[must_use]
    pub const fn stats(&self) -> RoomStats {
        self.stats
    }

    /// Handles the events of a connection after something was given to it.
    fn work_on(&mut self, index: MemberIndex, now: Instant) {
        self.drain(index, now);
        self.mark_dirty(index);
    }

    fn drain(&mut self, index: MemberIndex, now: Instant) {
        while let Some(event) = self.member_mut(index).and_then(|member| member.peer.poll_event()) {
            self.handle_peer_event(index, event, now);
        }
    }

    fn handle_peer_event(&mut self, index: MemberIndex, event: PeerEvent, now: Instant) {
        match event {
            PeerEvent::Connected => self.connected(index, now),
            PeerEvent::Closed => self.close(index, now),
            PeerEvent::Media(packet) => self.fan_out(index, packet, now),
            PeerEvent::KeyframeRequested(slot) if slot.kind == Kind::Video => {
                self.stats.keyframe_requests_received += 1;
                self.recover_slot(SlotKey { member: index, index: slot.index }, now);
            }
            PeerEvent::NackUnanswered(slot) if slot.kind == Kind::Video => {
                self.stats.nacks_unanswered += 1;
                self.recover_slot(SlotKey { member: index, index: slot.index }, now);
            }
            PeerEvent::Estimate(bps) => self.estimated(index, bps, now),
            PeerEvent::KeyframeRequested(_)
            | PeerEvent::NackUnanswered(_)
            | PeerEvent::FastOpen
            | PeerEvent::Fast(_) => {}
        }
    }

    fn tell(&mut self, participant_id: ParticipantId, event: ParticipantMediaEvent) {
        self.events.push_back(RoomEvent::Participant { participant_id, event });
    }

    fn index(&self, participant_id: ParticipantId) -> Option<MemberIndex> {
        self.by_id.get(&participant_id).copied()
    }

    fn member(&self, index: MemberIndex) -> Option<&Member> {
        self.members.get(index)?.as_ref()
    }

    fn member_mut(&mut self, index: MemberIndex) -> Option<&mut Member> {
        self.members.get_mut(index)?.as_mut()
    }

    fn source(&self, key: SourceKey) -> Option<&Source> {
        self.member(key.member)?.source(key.kind)
    }

    fn source_mut(&mut self, key: SourceKey) -> Option<&mut Source> {
        self.member_mut(key.member)?.source_mut(key.kind)
    }

    fn mark_dirty(&mut self, index: MemberIndex) {
        if let Some(member) = self.member_mut(index)
            && !member.is_dirty
        {
            member.is_dirty = true;
            self.dirty.push_back(index);
        }
    }

    fn set_timer(&mut self, index: MemberIndex) {
        let Some(member) = self.members.get_mut(index).and_then(Option::as_mut) else {
            return;
        };
        let timer = member.peer.poll_timeout();
        if timer != member.timer {
            let before = std::mem::replace(&mut member.timer, timer);
            before.map(|at| self.timers.remove(&(at, index)));
            timer.map(|at| self.timers.insert((at, index)));
        }
    }
}

/// The first byte of a DTLS record with application data (RFC 6347 section 4.1).
const DTLS_APPLICATION_DATA: u8 = 23;
