//! What the host sees of a call and does in it, from outside.

use jumpa_protocol::{
    ErrorCode, ParticipantId, Refusal,
    directory::PreparedRoom,
    live_room::{HOST, HostRequest, LiveParticipant, LiveRoom},
    signal::{ChatMessage, ConnectionState, Event, LeaveReason},
};

use super::{
    Call, Change, Password, SessionKind, chat::parse_text, lobby::Waiting, member::Member,
    reports::via,
};
use crate::Moment;

/// The id under which the chat keeps what the host writes; a host sends nothing again in a session.
const HOST_REQUEST_ID: u32 = 0;

impl Call {
    /// The call begins as its room was prepared.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidValue`] when the password is none that a room can have.
    pub fn prepared(mut self, room: &PreparedRoom) -> Result<Self, Refusal> {
        let (id, tokens) = (self.config.id, &self.config.tokens);
        let parse = |text: &[u8]| {
            let text = std::str::from_utf8(text).map_err(|_| ErrorCode::InvalidValue)?;
            Password::parse(text, id, tokens)
        };
        self.password = room.password.as_ref().map(|secret| parse(&secret.0)).transpose()?;
        self.has_lobby = room.has_lobby;
        self.max_participants = room.max_participants;
        self.duty.prepare(&room.recording, self.config.rules.features);
        Ok(self)
    }

    /// The call as a list shows it; none before anybody was let in.
    #[must_use]
    pub fn live_room(&self) -> Option<LiveRoom> {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.is_reported.then(|| LiveRoom {
            room: self.config.room.clone(),
            call_id: self.config.id,
            started_at_ms: self.config.started_at_ms,
            participants: count(self.members.values().filter(|member| member.is_listed()).count()),
            waiting: count(self.waiting.len()),
            is_locked: self.password.is_some(),
            has_lobby: self.has_lobby,
        })
    }

    /// Everybody of whom others know, in the order of joining, and then those who wait.
    #[must_use]
    pub fn live_participants(&self) -> Vec<LiveParticipant> {
        let inside = self.members.values().filter(|member| member.is_listed()).map(in_the_call);
        inside.chain(self.waiting.iter().map(in_the_lobby)).collect()
    }

    /// Does what the host asks.
    ///
    /// # Errors
    /// [`ErrorCode::ParticipantUnknown`], [`ErrorCode::InvalidValue`] for a text or password that
    /// is empty or too long, [`ErrorCode::RoomFull`] for an admission without a place.
    pub fn host_request(&mut self, request: HostRequest, now: Moment) -> Result<(), Refusal> {
        let result = self.apply_host_request(request, now);
        self.settle();
        result
    }

    fn apply_host_request(&mut self, request: HostRequest, now: Moment) -> Result<(), Refusal> {
        match request {
            HostRequest::End => self.end(LeaveReason::CallEnded, ErrorCode::CallEnded, None),
            HostRequest::SetPassword { password } => self.set_password(password.as_deref())?,
            HostRequest::SetLobby { is_enabled } => self.set_lobby(is_enabled, now),
            HostRequest::Admit { participant_id } => {
                self.answer_lobby(participant_id, true, now)?;
            }
            HostRequest::Remove { participant_id, is_banned } => {
                self.remove_or_refuse(participant_id, is_banned)?;
            }
            HostRequest::Mute { participant_id, source } => {
                let target = self.listed_number(participant_id)?;
                self.mute(target, source, HOST);
            }
            HostRequest::ShowRecording { recording } => self.show_recording(recording, now),
            HostRequest::Write { text, to } => self.write_as_host(&text, to, now)?,
        }
        Ok(())
    }

    fn remove_or_refuse(
        &mut self,
        participant_id: ParticipantId,
        is_banned: bool,
    ) -> Result<(), Refusal> {
        let is_this = |waiting: &&Waiting| waiting.entry.participant_id == participant_id;
        let Some(waiting) = self.waiting.iter().find(is_this) else {
            return self.remove_participant(participant_id, is_banned);
        };
        let subject = waiting.entry.identity.subject.clone();
        if is_banned {
            self.ban(participant_id, subject);
        }
        self.refuse_waiting(participant_id, ErrorCode::LobbyDenied.into());
        Ok(())
    }

    /// Writes under the name of the app, whatever the app says about chat: an announcement is for
    /// everybody, and not a conversation.
    fn write_as_host(
        &mut self,
        text: &str,
        to: Option<ParticipantId>,
        now: Moment,
    ) -> Result<(), Refusal> {
        let text = parse_text(text)?;
        let reader = to.map(|to| self.listed_number(to)).transpose()?;
        let message = ChatMessage {
            id: self.chat.next_id(now.unix_ms),
            from: HOST,
            from_name: self.config.rules.app_name.clone(),
            to,
            text,
            at_ms: now.unix_ms,
        };
        self.chat.push(message.clone(), HOST_REQUEST_ID);
        self.remember(Change::Chat { message: message.clone(), request_id: HOST_REQUEST_ID });
        let is_reader = |member: &Member| reader.is_none_or(|number| number == member.number);
        self.tell_if(is_reader, Event::ChatReceived { message });
        Ok(())
    }
}

fn in_the_call(member: &Member) -> LiveParticipant {
    let shown = member.to_participant();
    LiveParticipant {
        id: member.id,
        name: shown.name,
        subject: member.identity.subject.clone(),
        role: member.role,
        joined_at_ms: member.joined_at_ms,
        connection: member.told_connection,
        via: via(member.kind),
        sources: shown.sources,
        waits_in_lobby: false,
    }
}

fn in_the_lobby(waiting: &Waiting) -> LiveParticipant {
    let identity = &waiting.entry.identity;
    LiveParticipant {
        id: waiting.entry.participant_id,
        name: identity.name.clone(),
        subject: identity.subject.clone(),
        role: identity.role,
        joined_at_ms: waiting.since_ms,
        connection: ConnectionState::Connecting,
        via: via(SessionKind::Signalled),
        sources: Vec::new(),
        waits_in_lobby: true,
    }
}
