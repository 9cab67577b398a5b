//! Whose datagram is it, and where do answers go? Owns the real address of every path.
//!
//! A participant has one *current* path, where everything goes that the server sends of itself,
//! and up to [`MAX_PATHS`] known ones. Rules (what they defend against stands in
//! `docs/concepts/paths.md`):
//!
//! - A check is routed by our user name fragment and believed when its integrity is right; until
//!   then nothing is learned and nothing answered, so nobody can make the server send to a third.
//! - DTLS is taken only from an address that passed a check.
//! - SRTP from an unknown address is tried by its SSRC, which was learned from authenticated
//!   packets; only when it decrypts is the address known.
//! - The current path moves to another one that is authenticated when the old one has been silent
//!   for [`SILENCE_BEFORE_MOVE`] (NAT rebinding, another network, TCP instead of UDP). A move that
//!   no check confirms within [`CONFIRM_WITHIN`] is undone.
//!
//! Pure: the caller asks the room for proofs between [`Demux::arrival`] and [`Demux::conclude`].

mod budget;

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use jumpa_protocol::{CallId, ParticipantId};

use self::budget::SourceBudget;
use crate::{
    datagram::{Check, Datagram, Malformed, TransactionId, answered_transaction},
    tcp::ConnectionId,
};

/// How long the current path must have been silent before another one takes its place.
///
/// Clients that receive media send feedback at least this often. Shorter would let packets that
/// overtake each other on two networks move the path back and forth; longer would leave a hole in
/// the sound after a NAT rebinding.
pub const SILENCE_BEFORE_MOVE: Duration = Duration::from_millis(50);

/// The same for a check that does not nominate its path: browsers send those on spare paths too.
/// Above the 2.5 s in which they check the path in use.
pub const SILENCE_BEFORE_UNCHOSEN: Duration = Duration::from_secs(3);

/// How long a path may be used on the strength of media alone. Browsers check the path in use
/// every 2.5 s (Chromium) to 6 s (Firefox).
pub const CONFIRM_WITHIN: Duration = Duration::from_secs(10);

/// Addresses that are known for one participant; the longest silent one makes room.
pub const MAX_PATHS: usize = 8;

/// After which a silent address that is not in use is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(30);

/// How long an address stays with its participant against checks of another one. Without it a
/// participant who can forge source addresses could take others' paths.
const KEEP_ADDRESS_FOR: Duration = Duration::from_secs(2);

/// Checks whose answers find their way; browsers have at most a few in flight.
const REMEMBERED_CHECKS: usize = 16;

/// Sources that are learned for one participant: 4 lines, 3 encodings, each with a repair stream.
const MAX_SSRCS: usize = 32;

/// Sources 0 and 1 are what receivers without own media put in their reports: nobody's own.
const FIRST_OWN_SSRC: u32 = 2;

/// Where a client's datagrams come from and go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Path {
    /// Over UDP.
    Udp {
        /// Which of the worker's sockets.
        socket: u16,
        /// The client's address, as we see it.
        remote: SocketAddr,
    },
    /// Over an accepted TCP connection.
    Tcp(ConnectionId),
}

/// A participant's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The call.
    pub call_id: CallId,
    /// Who.
    pub participant_id: ParticipantId,
}

/// Why a datagram was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// Its first bytes make no sense.
    Malformed,
    /// A check for nobody here.
    UnknownUser,
    /// A check with a wrong integrity.
    WrongIntegrity,
    /// DTLS or media from an address that proved nothing.
    UnknownAddress,
    /// Media that did not decrypt, or a replay.
    NotAuthentic,
    /// The address belongs to somebody else who is active.
    AddressTaken,
    /// The source failed too often.
    RateLimited,
}

impl DropReason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Malformed,
        Self::UnknownUser,
        Self::WrongIntegrity,
        Self::UnknownAddress,
        Self::NotAuthentic,
        Self::AddressTaken,
        Self::RateLimited,
    ];

    /// As a label of metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownUser => "unknown_user",
            Self::WrongIntegrity => "wrong_integrity",
            Self::UnknownAddress => "unknown_address",
            Self::NotAuthentic => "not_authentic",
            Self::AddressTaken => "address_taken",
            Self::RateLimited => "rate_limited",
        }
    }
}

impl From<Malformed> for DropReason {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// A datagram that may be somebody's; the room has the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Whose it would be.
    pub member: Member,
    /// What must hold for it.
    pub proof: Proof,
    path: Path,
    source: IpAddr,
    is_known_path: bool,
}

/// What the room is asked about a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// `Room::accepts_stun` first, and `Room::handle_datagram` only if it holds.
    Integrity {
        /// Whether the client chose this path.
        is_nominated: bool,
        /// Names the check.
        transaction_id: TransactionId,
    },
    /// `Room::handle_datagram`: DTLS proves nothing about an address.
    Nothing,
    /// `Room::handle_datagram` tells whether it decrypted.
    Decryption {
        /// The sender's synchronisation source.
        ssrc: u32,
    },
}

/// What a datagram led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing changed.
    Unchanged,
    /// The participant's current path is another one now.
    Moved,
    /// It was worth nothing.
    Dropped(DropReason),
}

/// Every participant of a worker with its addresses.
#[derive(Debug)]
pub struct Demux {
    members: HashMap<ParticipantId, Routes>,
    by_ufrag: HashMap<String, ParticipantId>,
    by_path: HashMap<Path, ParticipantId>,
    by_ssrc: HashMap<u32, ParticipantId>,
    budget: SourceBudget,
}

/// The addresses of one participant.
#[derive(Debug)]
struct Routes {
    call_id: CallId,
    ufrag: String,
    paths: Vec<KnownPath>,
    current: Option<Path>,
    /// When the current path is given up unless a check confirms it.
    confirm_by: Option<Instant>,
    ssrcs: Vec<u32>,
    /// The latest checks with where their answers go, oldest first.
    checks: Vec<(TransactionId, Path)>,
}

#[derive(Debug, Clone, Copy)]
struct KnownPath {
    path: Path,
    last_heard: Instant,
    /// Whether a check with a right integrity came on it.
    is_checked: bool,
    /// Whether the client chose it, at any time.
    is_nominated: bool,
}

impl Demux {
    /// Nobody yet.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            members: HashMap::new(),
            by_ufrag: HashMap::new(),
            by_path: HashMap::new(),
            by_ssrc: HashMap::new(),
            budget: SourceBudget::new(now),
        }
    }

    /// Makes a participant reachable under our user name fragment of its connection, at first and
    /// after each negotiation: an ICE restart changes the fragment and keeps the paths.
    pub fn register(&mut self, member: Member, ufrag: String) {
        let Member { call_id, participant_id } = member;
        let routes = self.members.entry(participant_id).or_insert_with(|| Routes::new(call_id));
        routes.call_id = call_id;
        if routes.ufrag != ufrag {
            self.by_ufrag.remove(&routes.ufrag);
            routes.ufrag.clone_from(&ufrag);
            self.by_ufrag.insert(ufrag, participant_id);
        }
    }

    /// Forgets a participant with everything learned about it.
    pub fn remove(&mut self, participant_id: ParticipantId) {
        let Some(routes) = self.members.remove(&participant_id) else { return };
        self.by_ufrag.remove(&routes.ufrag);
        for known in &routes.paths {
            self.by_path.remove(&known.path);
        }
        for ssrc in &routes.ssrcs {
            self.by_ssrc.remove(ssrc);
        }
    }

    /// Whose datagram this would be, and what proves it.
    ///
    /// # Errors
    /// Why it is dropped without asking anybody.
    pub fn arrival(
        &mut self,
        path: Path,
        source: IpAddr,
        datagram: &[u8],
        now: Instant,
    ) -> Result<Arrival, DropReason> {
        match Datagram::parse(datagram)? {
            Datagram::Check(check) => self.check_arrival(path, source, &check, now),
            Datagram::Keepalive => Err(DropReason::UnknownUser),
            Datagram::Dtls => {
                let owner = self.by_path.get(&path).ok_or(DropReason::UnknownAddress)?;
                let routes = self.members.get(owner).ok_or(DropReason::UnknownAddress)?;
                if !routes.known(path).is_some_and(|known| known.is_checked) {
                    return Err(DropReason::UnknownAddress);
                }
                let member = Member { call_id: routes.call_id, participant_id: *owner };
                Ok(Arrival { member, proof: Proof::Nothing, path, source, is_known_path: true })
            }
            Datagram::Media { ssrc } => self.media_arrival(path, source, ssrc, now),
        }
    }

    fn check_arrival(
        &mut self,
        path: Path,
        source: IpAddr,
        check: &Check<'_>,
        now: Instant,
    ) -> Result<Arrival, DropReason> {
        let participant_id =
            *self.by_ufrag.get(check.local_ufrag).ok_or(DropReason::UnknownUser)?;
        let owner = self.by_path.get(&path).copied();
        let is_known_path = owner == Some(participant_id);
        if !is_known_path {
            if !self.budget.allows(source, now) {
                return Err(DropReason::RateLimited);
            }
            let is_taken = owner
                .and_then(|owner| self.members.get(&owner)?.known(path))
                .is_some_and(|known| now < known.last_heard + KEEP_ADDRESS_FOR);
            if is_taken {
                return Err(DropReason::AddressTaken);
            }
        }
        let member = self.member(participant_id).ok_or(DropReason::UnknownUser)?;
        let proof = Proof::Integrity {
            is_nominated: check.is_nominated,
            transaction_id: check.transaction_id,
        };
        Ok(Arrival { member, proof, path, source, is_known_path })
    }

    fn media_arrival(
        &mut self,
        path: Path,
        source: IpAddr,
        ssrc: u32,
        now: Instant,
    ) -> Result<Arrival, DropReason> {
        let proof = Proof::Decryption { ssrc };
        if let Some(member) = self.by_path.get(&path).and_then(|owner| self.member(*owner)) {
            return Ok(Arrival { member, proof, path, source, is_known_path: true });
        }
        let member = self
            .by_ssrc
            .get(&ssrc)
            .and_then(|owner| self.member(*owner))
            .ok_or(DropReason::UnknownAddress)?;
        if !self.budget.allows(source, now) {
            return Err(DropReason::RateLimited);
        }
        Ok(Arrival { member, proof, path, source, is_known_path: false })
    }

    /// Learns from what the room said about an arrival: whether it was authentic.
    pub fn conclude(&mut self, arrival: &Arrival, is_authentic: bool, now: Instant) -> Outcome {
        if !is_authentic {
            return self.conclude_failure(arrival, now);
        }
        let Arrival { member, path, proof, .. } = *arrival;
        if self.is_replayed_check(arrival) {
            return Outcome::Unchanged;
        }
        if !arrival.is_known_path {
            self.take_over(path, member.participant_id);
        }
        if let Proof::Decryption { ssrc } = proof {
            self.learn_ssrc(ssrc, member.participant_id);
        }
        let Some(routes) = self.members.get_mut(&member.participant_id) else {
            return Outcome::Unchanged;
        };
        let may_move = routes.may_move_to(path, proof, now);
        if let Some(evicted) = routes.heard(path, proof, now) {
            self.by_path.remove(&evicted);
        }
        if !may_move {
            return Outcome::Unchanged;
        }
        let is_first = routes.current.is_none();
        let is_checked = routes.known(path).is_some_and(|known| known.is_checked);
        routes.current = Some(path);
        routes.confirm_by = (!is_checked).then(|| now + CONFIRM_WITHIN);
        if is_first { Outcome::Unchanged } else { Outcome::Moved }
    }

    fn conclude_failure(&mut self, arrival: &Arrival, now: Instant) -> Outcome {
        let reason = match arrival.proof {
            Proof::Nothing => return Outcome::Unchanged,
            Proof::Integrity { .. } => DropReason::WrongIntegrity,
            Proof::Decryption { .. } => DropReason::NotAuthentic,
        };
        if !arrival.is_known_path {
            self.budget.charge(arrival.source, now);
        }
        Outcome::Dropped(reason)
    }

    /// Whether the same check came on another path: somebody on the way repeated it, so it says
    /// nothing about where the client is.
    fn is_replayed_check(&self, arrival: &Arrival) -> bool {
        let Proof::Integrity { transaction_id, .. } = arrival.proof else { return false };
        self.members.get(&arrival.member.participant_id).is_some_and(|routes| {
            routes.checks.iter().any(|(id, at)| *id == transaction_id && *at != arrival.path)
        })
    }

    /// Notes where the answer to a check goes; called once its integrity is known to be right and
    /// before the room handles it.
    pub fn expect_answer(&mut self, arrival: &Arrival) {
        if let Proof::Integrity { transaction_id, .. } = arrival.proof
            && let Some(routes) = self.members.get_mut(&arrival.member.participant_id)
        {
            routes.answer_to(transaction_id, arrival.path);
        }
    }

    /// Where a datagram of a room goes: the answer to a check back to where the check came from,
    /// everything else to the current path. `None` while no address is known.
    #[must_use]
    pub fn destination(&self, participant_id: ParticipantId, datagram: &[u8]) -> Option<Path> {
        let routes = self.members.get(&participant_id)?;
        answered_transaction(datagram)
            .and_then(|transaction_id| routes.path_of_check(transaction_id))
            .or(routes.current)
    }

    /// Forgets a path that can carry nothing any more: a TCP connection that closed. Returns who
    /// lost its current path by it and has another one now.
    pub fn forget_path(&mut self, path: Path) -> Option<Member> {
        let participant_id = self.by_path.remove(&path)?;
        let routes = self.members.get_mut(&participant_id)?;
        let has_moved = routes.drop_path(path) && routes.current.is_some();
        let call_id = routes.call_id;
        has_moved.then_some(Member { call_id, participant_id })
    }

    /// Forgets silent addresses and undoes moves that were not confirmed. Returns who moved by it.
    /// Called about once a second.
    pub fn expire(&mut self, now: Instant) -> Vec<Member> {
        let mut moved = Vec::new();
        for (participant_id, routes) in &mut self.members {
            for path in routes.expired_paths(now) {
                self.by_path.remove(&path);
                if routes.drop_path(path) && routes.current.is_some() {
                    moved.push(Member { call_id: routes.call_id, participant_id: *participant_id });
                }
            }
        }
        moved
    }

    /// Participants that are registered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether nobody is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The place of a participant.
    #[must_use]
    pub fn member(&self, participant_id: ParticipantId) -> Option<Member> {
        let call_id = self.members.get(&participant_id)?.call_id;
        Some(Member { call_id, participant_id })
    }

    /// The participant's current path.
    #[must_use]
    pub fn current_path(&self, participant_id: ParticipantId) -> Option<Path> {
        self.members.get(&participant_id)?.current
    }

    fn take_over(&mut self, path: Path, participant_id: ParticipantId) {
        let previous = self.by_path.insert(path, participant_id);
        if let Some(previous) = previous.filter(|previous| *previous != participant_id)
            && let Some(routes) = self.members.get_mut(&previous)
        {
            routes.drop_path(path);
        }
    }

    fn learn_ssrc(&mut self, ssrc: u32, participant_id: ParticipantId) {
        let Some(routes) = self.members.get_mut(&participant_id) else { return };
        if ssrc < FIRST_OWN_SSRC || routes.ssrcs.contains(&ssrc) {
            return;
        }
        // The first who proved to use a source keeps it: nobody can unlearn another one's.
        if *self.by_ssrc.entry(ssrc).or_insert(participant_id) != participant_id {
            return;
        }
        if routes.ssrcs.len() >= MAX_SSRCS {
            let oldest = routes.ssrcs.remove(0);
            self.by_ssrc.remove(&oldest);
        }
        routes.ssrcs.push(ssrc);
    }
}

impl Routes {
    fn new(call_id: CallId) -> Self {
        Self {
            call_id,
            ufrag: String::new(),
            paths: Vec::new(),
            current: None,
            confirm_by: None,
            ssrcs: Vec::new(),
            checks: Vec::new(),
        }
    }

    fn known(&self, path: Path) -> Option<&KnownPath> {
        self.paths.iter().find(|known| known.path == path)
    }

    /// Whether an authentic datagram on `path` makes it the current one.
    fn may_move_to(&self, path: Path, proof: Proof, now: Instant) -> bool {
        let Some(current) = self.current.and_then(|current| self.known(current)) else {
            return true;
        };
        if current.path == path {
            return false;
        }
        let silence = now.saturating_duration_since(current.last_heard);
        match proof {
            Proof::Integrity { is_nominated: true, .. } => {
                !current.is_nominated || silence >= SILENCE_BEFORE_MOVE
            }
            Proof::Integrity { is_nominated: false, .. } => silence >= SILENCE_BEFORE_UNCHOSEN,
            Proof::Decryption { .. } => silence >= SILENCE_BEFORE_MOVE,
            Proof::Nothing => false,
        }
    }

    /// Notes an authentic datagram on a path. Returns a path that had to make room for it.
    fn heard(&mut self, path: Path, proof: Proof, now: Instant) -> Option<Path> {
        let (is_checked, is_nominated) = match proof {
            Proof::Integrity { is_nominated, .. } => (true, is_nominated),
            _ => (false, false),
        };
        if is_checked && self.current == Some(path) {
            self.confirm_by = None;
        }
        if let Some(known) = self.paths.iter_mut().find(|known| known.path == path) {
            known.last_heard = now;
            known.is_checked |= is_checked;
            known.is_nominated |= is_nominated;
            return None;
        }
        let evicted = if self.paths.len() >= MAX_PATHS { self.longest_silent() } else { None };
        if let Some(evicted) = evicted {
            self.drop_path(evicted);
        }
        self.paths.push(KnownPath { path, last_heard: now, is_checked, is_nominated });
        evicted
    }

    fn longest_silent(&self) -> Option<Path> {
        self.paths
            .iter()
            .filter(|known| self.current != Some(known.path))
            .min_by_key(|known| known.last_heard)
            .map(|known| known.path)
    }

    /// Remembers where the answer to a check goes.
    fn answer_to(&mut self, transaction_id: TransactionId, path: Path) {
        self.checks.retain(|check| *check != (transaction_id, path));
        if self.checks.len() >= REMEMBERED_CHECKS {
            self.checks.remove(0);
        }
        self.checks.push((transaction_id, path));
    }

    /// Where the latest copy of a check came from.
    fn path_of_check(&self, transaction_id: TransactionId) -> Option<Path> {
        self.checks.iter().rev().find(|(id, _)| *id == transaction_id).map(|(_, path)| *path)
    }

    /// Drops a path; returns whether it was the current one, which is then the last heard other.
    fn drop_path(&mut self, path: Path) -> bool {
        self.paths.retain(|known| known.path != path);
        self.checks.retain(|(_, at)| *at != path);
        let was_current = self.current == Some(path);
        if was_current {
            self.confirm_by = None;
            self.current = self
                .paths
                .iter()
                .filter(|known| known.is_checked)
                .max_by_key(|known| known.last_heard)
                .map(|known| known.path);
        }
        was_current
    }

    fn expired_paths(&self, now: Instant) -> Vec<Path> {
        let is_unconfirmed = self.confirm_by.is_some_and(|by| now >= by);
        self.paths
            .iter()
            .filter(|known| {
                if self.current == Some(known.path) {
                    is_unconfirmed
                } else {
                    now >= known.last_heard + FORGET_AFTER
                }
            })
            .map(|known| known.path)
            .collect()
    }
}

#[cfg(test)]
mod tests;
