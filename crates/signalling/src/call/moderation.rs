//! What moderators may do. Everything here begins with the check that it is one who asks.

use jumpa_protocol::{
    ErrorCode, ParticipantId, Refusal, SourceKind,
    recording::RecordingWish,
    report::CallFact,
    signal::{ClientRequest, Event, LeaveReason, Role, ServerMessage, SourceState},
};

use super::{Call, Change, Password, SessionId, request::Answer};
use crate::Moment;

impl Call {
    /// Handles every request that only moderators may make.
    pub(super) fn moderate(
        &mut self,
        session: SessionId,
        number: u32,
        request_id: u32,
        request: ClientRequest,
        now: Moment,
    ) -> Result<Answer, Refusal> {
        let moderator = self.member(number)?;
        if !moderator.is_moderator() {
            return Err(ErrorCode::NotModerator.into());
        }
        let by = moderator.id;
        match request {
            ClientRequest::MuteParticipant { participant_id, source } => {
                let target = self.listed_number(participant_id)?;
                self.mute(target, source, by);
            }
            ClientRequest::MuteAll { source } => self.mute_all(source, by),
            ClientRequest::AskUnmute { participant_id, source } => {
                let target = self.listed_number(participant_id)?;
                if !self.member(target)?.may_send(source, self.config.rules.features) {
                    return Err(ErrorCode::NotGranted.into());
                }
                self.tell(target, Event::UnmuteAsked { source, by });
            }
            ClientRequest::LowerHand { participant_id } => {
                let target = self.listed_number(participant_id)?;
                self.set_hand(target, false, now);
            }
            ClientRequest::RemoveParticipant { participant_id, ban } => {
                if participant_id == by {
                    return Err(Refusal::new(ErrorCode::InvalidValue, "use `leave` to leave"));
                }
                self.remove_participant(participant_id, ban)?;
            }
            ClientRequest::SetRole { participant_id, role } => {
                self.set_role(participant_id, role)?;
            }
            ClientRequest::SetPassword { password } => self.set_password(password.as_deref())?,
            ClientRequest::SetLobby { is_enabled } => self.set_lobby(is_enabled, now),
            ClientRequest::AnswerLobby { participant_id, admit } => {
                self.answer_lobby(participant_id, admit, now)?;
            }
            ClientRequest::StartRecording(request) => self.ask_to_record(number, &request)?,
            ClientRequest::ListStreamTargets => {
                let targets = self.stream_targets_for(number)?;
                self.send(session, ServerMessage::StreamTargets { request_id, targets });
                return Ok(Answer::Elsewhere);
            }
            ClientRequest::SetStreamTargets { recording_id, targets } => {
                self.ask_for_targets(number, recording_id, &targets)?;
            }
            ClientRequest::StopRecording { recording_id } => {
                self.ask_for_recording(number, RecordingWish::Stop { id: recording_id })?;
            }
            ClientRequest::EndCall => {
                self.send(session, ServerMessage::Ok { request_id });
                self.end(LeaveReason::CallEnded, ErrorCode::CallEnded, None);
                return Ok(Answer::Elsewhere);
            }
            _ => return Err(ErrorCode::BadMessage.into()),
        }
        Ok(Answer::Ok)
    }

    /// Closes a source and tells its owner, who may open it again: a moderator can silence
    /// somebody, not gag them.
    pub(super) fn mute(&mut self, target: u32, source: SourceKind, by: ParticipantId) {
        let is_live = self
            .members
            .get(&target)
            .is_some_and(|member| member.source(source) == SourceState::Live);
        if is_live {
            self.change_source(target, source, SourceState::Muted);
            self.tell(target, Event::MutedByModerator { source, by });
        }
    }

    fn mute_all(&mut self, source: SourceKind, by: ParticipantId) {
        let targets: Vec<_> = self
            .members
            .values()
            .filter(|member| member.is_listed() && !member.is_moderator())
            .map(|member| member.number)
            .collect();
        for target in targets {
            self.mute(target, source, by);
        }
    }

    /// Removes somebody. A ban holds for the rest of the call, by the person's id in the tenant's
    /// system when a token gave one. A guest has none and is known by the resume token alone: a
    /// guest who throws it away can knock again, which is what lobby and password are for. The
    /// address is not used, since many people share one.
    pub(super) fn remove_participant(
        &mut self,
        participant_id: ParticipantId,
        ban: bool,
    ) -> Result<(), Refusal> {
        let target = self.listed_number(participant_id)?;
        if ban {
            let subject = self.member(target)?.identity.subject.clone();
            self.ban(participant_id, subject);
        }
        self.eject(target, LeaveReason::Removed, ErrorCode::CallEnded);
        Ok(())
    }

    pub(super) fn ban(&mut self, participant_id: ParticipantId, subject: Option<String>) {
        self.banned_ids.insert(participant_id);
        self.banned_subjects.extend(subject.clone());
        self.remember(Change::Banned { participant_id, subject });
    }

    /// Gives or takes moderation. The last moderator cannot step down: nobody could undo it.
    fn set_role(&mut self, participant_id: ParticipantId, role: Role) -> Result<(), Refusal> {
        let target = self.listed_number(participant_id)?;
        if self.member(target)?.role == role {
            return Ok(());
        }
        let moderators = self
            .members
            .values()
            .filter(|member| member.is_listed() && member.is_moderator())
            .count();
        if role == Role::Participant && moderators == 1 {
            return Err(Refusal::new(ErrorCode::NotAllowedNow, "the call would have no moderator"));
        }
        if let Some(member) = self.members.get_mut(&target) {
            member.role = role;
        }
        self.remember_person(target);
        self.report(CallFact::RoleChanged { participant_id, role });
        self.broadcast(Event::RoleChanged { participant_id, role });
        self.moderators_changed();
        if !self.waiting.is_empty() {
            let waiting = match role {
                Role::Moderator => self.lobby_entries(),
                Role::Participant => Vec::new(),
            };
            self.tell(target, Event::LobbyChanged { waiting });
        }
        Ok(())
    }

    pub(super) fn set_password(&mut self, password: Option<&str>) -> Result<(), Refusal> {
        let had_password = self.password.is_some();
        let (id, tokens) = (self.config.id, &self.config.tokens);
        self.password = password.map(|text| Password::parse(text, id, tokens)).transpose()?;
        self.remember(Change::Password { password: self.password.clone() });
        if self.password.is_some() != had_password {
            self.broadcast(Event::RoomChanged { settings: self.settings() });
        }
        Ok(())
    }
}
