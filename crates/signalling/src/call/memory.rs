//! What a call must not lose when the server ends without a word.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::{Duration, Instant},
};

use jumpa_protocol::{
    CallId, ParticipantId, RoomKey, limits,
    recording::RecordingPolicy,
    signal::{ChatMessage, LeaveReason, Role},
};
use serde::{Deserialize, Serialize};

use super::{
    Call, CallConfig, Departed, Output, Password, SessionKind, chat::ChatHistory, member::Member,
    recording_duty::RecordingDuty,
};
use crate::Moment;

/// Everything of a call that outlives the server: what a newcomer meets at the door, and what
/// somebody who comes back expects to find.
///
/// Connections, media and who waits in the lobby are not in it: clients bring those themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallMemory {
    /// The call.
    pub id: CallId,
    /// Where it takes place.
    pub room: RoomKey,
    /// When it began, milliseconds since 1970.
    pub started_at_ms: u64,
    next_number: u32,
    password: Option<Password>,
    has_lobby: bool,
    #[serde(default)]
    max_participants: Option<u32>,
    #[serde(default)]
    recording: RecordingPolicy,
    banned_subjects: BTreeSet<String>,
    banned_ids: BTreeSet<ParticipantId>,
    people: BTreeMap<ParticipantId, Remembered>,
    chat: ChatHistory,
}

/// One change of what a call remembers. Applied to the memory of before it gives that of now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The password was set, or taken away.
    Password {
        /// The new one.
        password: Option<Password>,
    },
    /// The lobby was switched.
    Lobby {
        /// Whether there is one.
        is_enabled: bool,
    },
    /// Somebody was banned.
    Banned {
        /// Who they were in the call.
        participant_id: ParticipantId,
        /// Their id in the tenant's own system.
        subject: Option<String>,
    },
    /// Somebody came in, or is not as they were.
    Person {
        /// Who.
        participant_id: ParticipantId,
        /// How they are.
        person: Remembered,
    },
    /// Everybody who has left is forgotten: there were too many.
    DepartedForgotten,
    /// Somebody wrote in the chat.
    Chat {
        /// What.
        message: ChatMessage,
        /// The id of the request, to know it when it is sent again.
        request_id: u32,
    },
}

/// Somebody whom a call remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Remembered {
    /// In the call, connected or not.
    Inside(Inside),
    /// Not any more.
    Left {
        /// What they may do when they come back.
        role: Role,
        /// Why they left.
        reason: LeaveReason,
    },
}

/// Somebody in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    number: u32,
    /// The name that is shown.
    name: String,
    /// The name they came with. Their client may not know that they have changed it since.
    came_as: String,
    role: Role,
    joined_at_ms: u64,
    hand_raised_at_ms: Option<u64>,
}

/// A restored call that waits for those who were in it.
#[derive(Debug)]
pub(super) struct Hold {
    /// Until when the call stays though nobody may be in it.
    until: Instant,
    /// Until when the places of those who are awaited are not given to others; as long as a place
    /// is kept for somebody who lost the connection to a server that runs.
    places_until: Option<Instant>,
    awaited: HashMap<ParticipantId, Inside>,
}

impl CallMemory {
    /// Takes in a change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Password { password } => self.password = password,
            Change::Lobby { is_enabled } => self.has_lobby = is_enabled,
            Change::Banned { participant_id, subject } => {
                self.banned_ids.insert(participant_id);
                self.banned_subjects.extend(subject);
            }
            Change::Person { participant_id, person } => {
                if let Remembered::Inside(inside) = &person {
                    self.next_number = self.next_number.max(inside.number.wrapping_add(1));
                }
                self.people.insert(participant_id, person);
            }
            Change::DepartedForgotten => {
                self.people.retain(|_, person| matches!(person, Remembered::Inside(_)));
            }
            Change::Chat { message, request_id } => self.chat.push(message, request_id),
        }
    }
}

impl Inside {
    fn of(member: &Member) -> Self {
        Self {
            number: member.number,
            name: member.name.clone(),
            came_as: member.identity.name.clone(),
            role: member.role,
            joined_at_ms: member.joined_at_ms,
            hand_raised_at_ms: member.hand_raised_at_ms,
        }
    }
}

impl Hold {
    fn next_timeout(&self) -> Instant {
        self.places_until.unwrap_or(self.until).min(self.until)
    }
}

impl Call {
    /// A call of before the server was started again. It stays for `window`, though nobody is in
    /// it, unless everybody who was in it has come back earlier; whoever knocks meanwhile meets
    /// its password, its lobby and its bans.
    ///
    /// `config` names the call that `memory` is of.
    #[must_use]
    pub fn restored(
        config: CallConfig,
        memory: CallMemory,
        now: Instant,
        window: Duration,
    ) -> Self {
        let CallMemory {
            next_number,
            password,
            has_lobby,
            max_participants,
            recording,
            banned_subjects,
            banned_ids,
            people,
            chat,
            ..
        } = memory;
        let mut call = Self::new(config);
        call.next_number = next_number;
        call.listed_numbers = next_number.saturating_sub(1);
        call.password = password;
        call.has_lobby = has_lobby;
        call.max_participants = max_participants;
        call.duty = RecordingDuty::continued(recording, now);
        call.banned_subjects.extend(banned_subjects);
        call.banned_ids.extend(banned_ids);
        call.chat = chat.continued(call.config.seed);
        let mut awaited = HashMap::new();
        for (participant_id, person) in people {
            match person {
                Remembered::Inside(inside) => drop(awaited.insert(participant_id, inside)),
                Remembered::Left { role, reason } => {
                    call.departed.insert(participant_id, Departed { role, reason });
                }
            }
        }
        let places_until = Some(now + limits::RESUME_WINDOW.min(window));
        call.hold = Some(Hold { until: now + window, places_until, awaited });
        call.has_begun = true;
        call.is_reported = true;
        call
    }

    /// Everything that the call remembers at the moment.
    #[must_use]
    pub fn memory(&self) -> CallMemory {
        let inside = self
            .members
            .values()
            .filter(|member| is_remembered(member))
            .map(|member| (member.id, Remembered::Inside(Inside::of(member))));
        let awaited = self.hold.iter().flat_map(|hold| &hold.awaited);
        let awaited = awaited.map(|(id, inside)| (*id, Remembered::Inside(inside.clone())));
        let left = self.departed.iter().map(|(id, departed)| {
            let Departed { role, reason } = *departed;
            (*id, Remembered::Left { role, reason })
        });
        CallMemory {
            id: self.config.id,
            room: self.config.room.clone(),
            started_at_ms: self.config.started_at_ms,
            next_number: self.listed_numbers.wrapping_add(1),
            password: self.password.clone(),
            has_lobby: self.has_lobby,
            max_participants: self.max_participants,
            recording: self.duty.policy().clone(),
            banned_subjects: self.banned_subjects.iter().cloned().collect(),
            banned_ids: self.banned_ids.iter().copied().collect(),
            // Of somebody who left earlier and is in again, the last counts.
            people: left.chain(awaited).chain(inside).collect(),
            chat: self.chat.clone(),
        }
    }

    pub(super) fn remember(&mut self, change: Change) {
        self.outputs.push_back(Output::Remember(change));
    }

    /// Remembers how somebody is now, if others know of them and they can come back at all.
    pub(super) fn remember_person(&mut self, number: u32) {
        let member = self.members.get(&number).filter(|member| is_remembered(member));
        let Some(member) = member else { return };
        let person = Remembered::Inside(Inside::of(member));
        let participant_id = member.id;
        self.listed_numbers = self.listed_numbers.max(number);
        self.remember(Change::Person { participant_id, person });
    }

    /// Whether somebody was in the call when the server ended, and has not come back yet; with the
    /// role they had then.
    pub(super) fn awaited_role(&self, participant_id: ParticipantId) -> Option<Role> {
        Some(self.hold.as_ref()?.awaited.get(&participant_id)?.role)
    }

    /// Who was in the call when the server ended, and has not come back yet.
    pub(super) fn awaited(&self) -> Vec<ParticipantId> {
        self.hold.iter().flat_map(|hold| hold.awaited.keys().copied()).collect()
    }

    /// Places that are kept for those who are awaited and not on their way in.
    pub(super) fn kept_places(&self) -> usize {
        let Some(hold) = self.hold.as_ref().filter(|hold| hold.places_until.is_some()) else {
            return 0;
        };
        hold.awaited.keys().filter(|id| !self.numbers.contains_key(id)).count()
    }

    /// Makes somebody who comes back who they were.
    pub(super) fn recall(&self, member: &mut Member) {
        let awaited = self.hold.as_ref().and_then(|hold| hold.awaited.get(&member.id));
        let Some(inside) = awaited else { return };
        if member.identity.name == inside.came_as {
            member.name.clone_from(&inside.name);
        }
        member.joined_at_ms = inside.joined_at_ms;
        member.hand_raised_at_ms = inside.hand_raised_at_ms;
    }

    /// Takes note that somebody is in. With the last one who was awaited the call is as any other.
    pub(super) fn no_longer_awaited(&mut self, participant_id: ParticipantId) {
        let Some(hold) = &mut self.hold else { return };
        if hold.awaited.remove(&participant_id).is_some() && hold.awaited.is_empty() {
            self.hold = None;
        }
    }

    pub(super) fn hold_timeout(&self) -> Option<Instant> {
        self.hold.as_ref().map(Hold::next_timeout)
    }

    /// Gives up those who have not come back in time: first their places, then themselves.
    pub(super) fn handle_hold_timeout(&mut self, now: Moment) {
        let Some(hold) = &mut self.hold else { return };
        hold.places_until = hold.places_until.filter(|until| *until > now.instant);
        if hold.until > now.instant {
            return;
        }
        let awaited = std::mem::take(&mut hold.awaited);
        self.hold = None;
        for (participant_id, Inside { role, .. }) in awaited {
            self.report_left(participant_id, LeaveReason::ConnectionLost);
            self.remember_departed(participant_id, role, LeaveReason::ConnectionLost);
        }
    }
}

/// Whether a member can come back after the server has gone: those without signalling get no
/// resume token, and who is still on the way in has none yet.
fn is_remembered(member: &Member) -> bool {
    member.is_listed() && member.kind == SessionKind::Signalled
}
