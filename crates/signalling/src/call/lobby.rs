//! Who waits to be let in.

use std::sync::Arc;

use jumpa_protocol::{
    ErrorCode, ParticipantId, Refusal,
    limits::{self, close_code},
    report::CallFact,
    signal::{Event, LobbyEntry, Role},
};

use super::{Call, Change, Entry, Outgoing, Output, Place, SessionKind, member::Member};
use crate::Moment;

/// Somebody in the lobby.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) entry: Entry,
    pub(super) since_ms: u64,
}

impl Call {
    /// Puts somebody into the lobby, with the offer they made.
    pub(super) fn wait(&mut self, entry: Entry, now: Moment) -> Result<(), Refusal> {
        if entry.kind != SessionKind::Signalled {
            return Err(Refusal::new(
                ErrorCode::LobbyDenied,
                "the room has a lobby, and this kind of client cannot wait",
            ));
        }
        if self.waiting.len() >= limits::MAX_LOBBY {
            return Err(ErrorCode::LobbyFull.into());
        }
        let session = entry.session;
        self.sessions.insert(session, Place::Waiting(entry.participant_id));
        let name = entry.identity.name.clone();
        self.report(CallFact::LobbyEntered { participant_id: entry.participant_id, name });
        self.waiting.push(Waiting { entry, since_ms: now.unix_ms });
        self.tell_waiting();
        self.lobby_changed();
        Ok(())
    }

    pub(super) fn lobby_entries(&self) -> Vec<LobbyEntry> {
        let entry = |waiting: &Waiting| LobbyEntry {
            participant_id: waiting.entry.participant_id,
            name: waiting.entry.identity.name.clone(),
            is_verified: waiting.entry.identity.is_verified,
            since_ms: waiting.since_ms,
        };
        self.waiting.iter().map(entry).collect()
    }

    /// Tells moderators who waits.
    pub(super) fn lobby_changed(&mut self) {
        let waiting = self.lobby_entries();
        self.tell_if(Member::is_moderator, Event::LobbyChanged { waiting });
    }

    /// Tells those who wait, and new moderators, after somebody began or stopped to moderate.
    pub(super) fn moderators_changed(&mut self) {
        if !self.waiting.is_empty() {
            self.tell_waiting();
        }
    }

    /// Tells everybody who waits where they wait.
    fn tell_waiting(&mut self) {
        let has_moderator =
            self.members.values().any(|member| member.is_listed() && member.is_moderator());
        let app_name = self.config.rules.app_name.clone();
        let event = Arc::new(Event::LobbyWaiting { app_name, has_moderator });
        for waiting in &self.waiting {
            let message = Outgoing::Event { seq: 0, event: Arc::clone(&event) };
            self.outputs.push_back(Output::Send { session: waiting.entry.session, message });
        }
    }

    pub(super) fn remove_waiting(
        &mut self,
        participant_id: ParticipantId,
        is_admitted: bool,
    ) -> Option<Entry> {
        let index = self
            .waiting
            .iter()
            .position(|waiting| waiting.entry.participant_id == participant_id)?;
        let entry = self.waiting.remove(index).entry;
        self.sessions.remove(&entry.session);
        self.report_lobby_left(participant_id, is_admitted);
        Some(entry)
    }

    pub(super) fn refuse_waiting(&mut self, participant_id: ParticipantId, refusal: Refusal) {
        if let Some(entry) = self.remove_waiting(participant_id, false) {
            let one_time = entry.identity.one_time;
            self.refuse_entry(entry.session, entry.request_id, one_time, refusal);
            self.lobby_changed();
        }
    }

    /// A moderator lets one waiting person in, or not.
    pub(super) fn answer_lobby(
        &mut self,
        participant_id: ParticipantId,
        admit: bool,
        now: Moment,
    ) -> Result<(), Refusal> {
        let is_waiting = |waiting: &Waiting| waiting.entry.participant_id == participant_id;
        if !self.waiting.iter().any(is_waiting) {
            return Err(ErrorCode::ParticipantUnknown.into());
        }
        if !admit {
            self.refuse_waiting(participant_id, ErrorCode::LobbyDenied.into());
            return Ok(());
        }
        if self.is_full() {
            return Err(ErrorCode::RoomFull.into());
        }
        self.admit_waiting(participant_id, now);
        self.lobby_changed();
        Ok(())
    }

    /// Switches the lobby on or off. Off lets everybody in who waits, as far as there is place.
    pub(super) fn set_lobby(&mut self, is_enabled: bool, now: Moment) {
        if self.has_lobby == is_enabled {
            return;
        }
        self.has_lobby = is_enabled;
        self.remember(Change::Lobby { is_enabled });
        self.broadcast(Event::RoomChanged { settings: self.settings() });
        if is_enabled || self.waiting.is_empty() {
            return;
        }
        let waiting: Vec<_> =
            self.waiting.iter().map(|waiting| waiting.entry.participant_id).collect();
        for participant_id in waiting {
            if self.is_full() {
                self.refuse_waiting(participant_id, ErrorCode::RoomFull.into());
            } else {
                self.admit_waiting(participant_id, now);
            }
        }
        self.lobby_changed();
    }

    fn admit_waiting(&mut self, participant_id: ParticipantId, now: Moment) {
        let is_banned = self.waiting.iter().any(|Waiting { entry, .. }| {
            let subject = entry.identity.subject.as_ref();
            entry.participant_id == participant_id
                && subject.is_some_and(|subject| self.banned_subjects.contains(subject))
        });
        let Some(entry) = self.remove_waiting(participant_id, !is_banned) else { return };
        if is_banned {
            let one_time = entry.identity.one_time;
            self.refuse_entry(entry.session, entry.request_id, one_time, ErrorCode::Banned.into());
        } else {
            self.enter(entry, Role::Participant, now);
        }
    }

    /// Somebody who waits gives up.
    pub(super) fn leave_lobby(&mut self, participant_id: ParticipantId) {
        if let Some(entry) = self.remove_waiting(participant_id, false) {
            self.outputs.extend(entry.identity.one_time.map(Output::Release));
            self.outputs
                .push_back(Output::Close { session: entry.session, code: close_code::ENDED });
            self.lobby_changed();
        }
    }
}
