//! The rooms of a worker with their timers. A defect in one room closes that room alone.

use std::{
    collections::{BTreeSet, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use jumpa_protocol::{CallId, ParticipantId};
use jumpa_sfu_core::{Room, RoomStats};
use tracing::error;

use crate::{mailbox::StayId, stats::add_room};

/// Why a room did not do what it was asked.
#[derive(Debug)]
pub enum RoomError {
    /// There is no such call here.
    Unknown,
    /// A defect: the room is gone, and these were in it.
    Failed(FailedRoom),
}

/// What is left of a room that failed.
#[derive(Debug)]
pub struct FailedRoom {
    /// Of the room.
    pub stay: StayId,
    /// Who was in it.
    pub participant_ids: Vec<ParticipantId>,
}

/// The rooms of one worker.
#[derive(Debug, Default)]
pub struct Rooms {
    entries: HashMap<CallId, Entry>,
    /// When each room wants to be woken; at most one entry per room.
    timeouts: BTreeSet<(Instant, CallId)>,
    /// Rooms that took input since they were last drained.
    touched: Vec<CallId>,
    /// Figures of rooms that are gone.
    past: RoomStats,
}

#[derive(Debug)]
struct Entry {
    room: Room,
    stay: StayId,
    participant_ids: Vec<ParticipantId>,
    timeout: Option<Instant>,
    is_touched: bool,
}

impl Rooms {
    /// Whether a call lives here.
    pub fn contains(&self, call_id: CallId) -> bool {
        self.entries.contains_key(&call_id)
    }

    /// Calls that live here.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Every call.
    pub fn call_ids(&self) -> Vec<CallId> {
        self.entries.keys().copied().collect()
    }

    /// What all rooms did, those that are gone included.
    pub fn stats(&self) -> RoomStats {
        let mut sum = self.past;
        for entry in self.entries.values() {
            add_room(&mut sum, &entry.room.stats());
        }
        sum
    }

    /// Who is in a call.
    pub fn participant_ids(&self, call_id: CallId) -> &[ParticipantId] {
        self.entries.get(&call_id).map_or(&[], |entry| &entry.participant_ids)
    }

    /// Whether somebody is in a call.
    pub fn has_participant(&self, call_id: CallId, participant_id: ParticipantId) -> bool {
        self.participant_ids(call_id).contains(&participant_id)
    }

    /// Puts a new room in.
    pub fn insert(&mut self, call_id: CallId, stay: StayId, room: Room) {
        let entry =
            Entry { room, stay, participant_ids: Vec::new(), timeout: None, is_touched: false };
        self.entries.insert(call_id, entry);
    }

    /// Notes that somebody came into a call.
    pub fn add_participant(&mut self, call_id: CallId, participant_id: ParticipantId) {
        if let Some(entry) = self.entries.get_mut(&call_id)
            && !entry.participant_ids.contains(&participant_id)
        {
            entry.participant_ids.push(participant_id);
        }
    }

    /// Notes that somebody left a call.
    pub fn remove_participant(&mut self, call_id: CallId, participant_id: ParticipantId) {
        if let Some(entry) = self.entries.get_mut(&call_id) {
            entry.participant_ids.retain(|id| *id != participant_id);
        }
    }

    /// Takes a room out.
    pub fn remove(&mut self, call_id: CallId) -> Option<StayId> {
        let entry = self.entries.remove(&call_id)?;
        if let Some(at) = entry.timeout {
            self.timeouts.remove(&(at, call_id));
        }
        let stay = entry.stay;
        add_room(&mut self.past, &entry.room.stats());
        // What a defective room does while it is dropped is of no interest any more.
        let _ = survive(|| drop(entry));
        Some(stay)
    }

    /// Gives a room an input; it is drained afterwards.
    pub fn with<R>(
        &mut self,
        call_id: CallId,
        input: impl FnOnce(&mut Room) -> R,
    ) -> Result<R, RoomError> {
        let entry = self.entries.get_mut(&call_id).ok_or(RoomError::Unknown)?;
        if !entry.is_touched {
            entry.is_touched = true;
            self.touched.push(call_id);
        }
        match survive(|| input(&mut entry.room)) {
            Some(result) => Ok(result),
            None => Err(RoomError::Failed(self.bury(call_id))),
        }
    }

    /// The next room that took input and was not drained since.
    pub fn next_touched(&mut self) -> Option<CallId> {
        loop {
            let call_id = self.touched.pop()?;
            if let Some(entry) = self.entries.get_mut(&call_id) {
                entry.is_touched = false;
                return Some(call_id);
            }
        }
    }

    /// Asks a room something that does not count as input.
    pub fn ask<R>(
        &mut self,
        call_id: CallId,
        take: impl FnOnce(&mut Room) -> R,
    ) -> Result<R, RoomError> {
        let entry = self.entries.get_mut(&call_id).ok_or(RoomError::Unknown)?;
        match survive(|| take(&mut entry.room)) {
            Some(result) => Ok(result),
            None => Err(RoomError::Failed(self.bury(call_id))),
        }
    }

    /// Sets when a room wants to be woken.
    pub fn set_timeout(&mut self, call_id: CallId, timeout: Option<Instant>) {
        let Some(entry) = self.entries.get_mut(&call_id) else { return };
        if entry.timeout == timeout {
            return;
        }
        if let Some(at) = entry.timeout {
            self.timeouts.remove(&(at, call_id));
        }
        if let Some(at) = timeout {
            self.timeouts.insert((at, call_id));
        }
        entry.timeout = timeout;
    }

    /// When the first room wants to be woken.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.timeouts.first().map(|(at, _)| *at)
    }

    /// A room whose time has come; its timer is cleared.
    pub fn pop_due(&mut self, now: Instant) -> Option<CallId> {
        let (at, call_id) = *self.timeouts.first()?;
        if at > now {
            return None;
        }
        self.timeouts.pop_first();
        if let Some(entry) = self.entries.get_mut(&call_id) {
            entry.timeout = None;
        }
        Some(call_id)
    }

    fn bury(&mut self, call_id: CallId) -> FailedRoom {
        let participant_ids = self.participant_ids(call_id).to_vec();
        let stay = self.remove(call_id).unwrap_or(StayId(0));
        error!(call.id = %call_id, "call {call_id} was closed because of a defect in its room");
        FailedRoom { stay, participant_ids }
    }
}

/// Runs something that may have a defect; `None` when it panicked.
fn survive<R>(run: impl FnOnce() -> R) -> Option<R> {
    // The state behind it is thrown away after a panic, so nobody sees it half changed.
    catch_unwind(AssertUnwindSafe(run)).ok()
}
