//! What a participant asks, except moderation.

use std::{collections::HashSet, time::Duration};

use jumpa_protocol::{
    ErrorCode, ParticipantId, Refusal,
    control::MediaCommand,
    limits::{self, close_code},
    report::CallFact,
    signal::{
        ChatMessage, ClientMessage, ClientRequest, Event, LeaveReason, QualityLevel, ServerMessage,
        SlotView, SourceState, SourceUpdate,
    },
    token::Grants,
};

use super::{Call, Change, MediaRequestKind, Output, Place, SessionId, chat, member::Member};
use crate::{Moment, display_name};

/// Offers of one participant that the media plane may be busy with at a time.
const MAX_OPEN_NEGOTIATIONS: usize = 2;

/// How often a client may report its quality; what comes earlier is not looked at. A little less
/// than the two seconds that clients are told, since their clock is not ours.
const MIN_QUALITY_INTERVAL: Duration = Duration::from_millis(1_500);

/// Whether the handler leaves the answer to us.
pub(super) enum Answer {
    /// Done.
    Ok,
    /// It has come already, or comes from the media plane.
    Elsewhere,
}

impl Call {
    /// Handles a request of a session that has joined, or waits in the lobby. What a request
    /// causes is told before its answer.
    pub fn request(&mut self, session: SessionId, message: ClientMessage, now: Moment) {
        let ClientMessage { request_id, request } = message;
        match self.sessions.get(&session).copied() {
            None => {}
            Some(Place::Waiting(participant_id)) => {
                self.waiting_request(session, participant_id, request_id, &request);
            }
            Some(Place::Member(number)) => {
                self.member_request(session, number, request_id, request, now);
            }
        }
        self.settle();
    }

    fn waiting_request(
        &mut self,
        session: SessionId,
        participant_id: ParticipantId,
        request_id: u32,
        request: &ClientRequest,
    ) {
        match request {
            ClientRequest::Ping => self.send(session, ServerMessage::Ok { request_id }),
            ClientRequest::Leave => {
                self.send(session, ServerMessage::Ok { request_id });
                self.leave_lobby(participant_id);
            }
            _ => self.send_error(session, request_id, ErrorCode::NotAllowedNow.into()),
        }
    }

    fn member_request(
        &mut self,
        session: SessionId,
        number: u32,
        request_id: u32,
        request: ClientRequest,
        now: Moment,
    ) {
        let Some(member) = self.members.get(&number) else { return };
        if member.entering.is_some() {
            self.entering_request(session, number, request_id, &request);
            return;
        }
        if let Some(answer) = member.remembered_answer(request_id) {
            let answer = answer.clone();
            self.send_answer(session, request_id, answer);
            return;
        }
        let is_remembered = !matches!(
            request,
            ClientRequest::Ping
                | ClientRequest::View { .. }
                | ClientRequest::Negotiate { .. }
                | ClientRequest::ReportQuality { .. }
                | ClientRequest::ReportMedia { .. }
        );
        let refusal = match self.apply(session, number, request_id, request, now) {
            Ok(Answer::Elsewhere) => return,
            Ok(Answer::Ok) => None,
            Err(refusal) => Some(refusal),
        };
        if is_remembered && let Some(member) = self.members.get_mut(&number) {
            member.remember_answer(request_id, refusal.clone());
        }
        self.send_answer(session, request_id, refusal);
    }

    fn send_answer(&mut self, session: SessionId, request_id: u32, refusal: Option<Refusal>) {
        match refusal {
            None => self.send(session, ServerMessage::Ok { request_id }),
            Some(refusal) => self.send_error(session, request_id, refusal),
        }
    }

    /// Somebody whose join the media plane has not answered can only leave.
    fn entering_request(
        &mut self,
        session: SessionId,
        number: u32,
        request_id: u32,
        request: &ClientRequest,
    ) {
        match request {
            ClientRequest::Ping => self.send(session, ServerMessage::Ok { request_id }),
            ClientRequest::Leave => self.leave(session, number, request_id),
            _ => self.send_error(session, request_id, ErrorCode::NotAllowedNow.into()),
        }
    }

    fn apply(
        &mut self,
        session: SessionId,
        number: u32,
        request_id: u32,
        request: ClientRequest,
        now: Moment,
    ) -> Result<Answer, Refusal> {
        match request {
            ClientRequest::Join(_) | ClientRequest::Resume { .. } => {
                return Err(ErrorCode::NotAllowedNow.into());
            }
            ClientRequest::Unknown => {
                return Err(Refusal::new(
                    ErrorCode::BadMessage,
                    "the server does not know this type of message",
                ));
            }
            ClientRequest::Ping => {}
            ClientRequest::Leave => {
                self.leave(session, number, request_id);
                return Ok(Answer::Elsewhere);
            }
            ClientRequest::Negotiate { offer } => {
                self.negotiate(number, request_id, offer, now)?;
                return Ok(Answer::Elsewhere);
            }
            ClientRequest::View { slots } => self.view(number, slots)?,
            ClientRequest::SetSource(update) => self.set_source(number, &update)?,
            ClientRequest::SendChat { text, to } => {
                self.send_chat(number, request_id, &text, to, now)?;
            }
            ClientRequest::SetHand { is_raised } => {
                self.check_grant(number, |grants| !is_raised || grants.raise_hand)?;
                self.set_hand(number, is_raised, now);
            }
            ClientRequest::React { reaction } => {
                self.check_grant(number, |grants| grants.react)?;
                let participant_id = self.member(number)?.id;
                self.broadcast(Event::Reacted { participant_id, reaction });
            }
            ClientRequest::SetName { name } => self.set_name(number, &name)?,
            ClientRequest::ReportQuality { level } => self.report_quality(number, level, now),
            ClientRequest::ReportMedia { summary } => self.report_media(number, summary, now),
            ClientRequest::ConsentToRecording { recording_id, agrees } => {
                self.consent(number, recording_id, agrees)?;
                if !agrees && self.duty.is_required() {
                    self.leave(session, number, request_id);
                    return Ok(Answer::Elsewhere);
                }
            }
            moderation => return self.moderate(session, number, request_id, moderation, now),
        }
        Ok(Answer::Ok)
    }

    pub(super) fn member(&self, number: u32) -> Result<&Member, Refusal> {
        self.members.get(&number).ok_or_else(|| ErrorCode::ParticipantUnknown.into())
    }

    /// Checks a right that both the token and the app have to give.
    pub(super) fn check_grant(
        &self,
        number: u32,
        is_granted: impl Fn(&Grants) -> bool,
    ) -> Result<(), Refusal> {
        let grants = self.config.rules.features.limit(self.member(number)?.identity.grants);
        if is_granted(&grants) { Ok(()) } else { Err(ErrorCode::NotGranted.into()) }
    }

    fn leave(&mut self, session: SessionId, number: u32, request_id: u32) {
        self.send(session, ServerMessage::Ok { request_id });
        self.outputs.push_back(Output::Close { session, code: close_code::ENDED });
        self.depart(number, LeaveReason::Left);
    }

    fn negotiate(
        &mut self,
        number: u32,
        request_id: u32,
        offer: String,
        now: Moment,
    ) -> Result<(), Refusal> {
        let participant_id = self.member(number)?.id;
        let open = self.media_requests.values().filter(|request| request.number == number).count();
        if open >= MAX_OPEN_NEGOTIATIONS {
            return Err(Refusal::new(
                ErrorCode::NotAllowedNow,
                "earlier offers have not been answered yet",
            ));
        }
        let kind = MediaRequestKind::Negotiate { request_id };
        let request_id = self.note_media_request(number, kind, now);
        let call_id = self.config.id;
        self.order(MediaCommand::Negotiate { request_id, call_id, participant_id, offer });
        Ok(())
    }

    fn view(&mut self, number: u32, mut slots: Vec<SlotView>) -> Result<(), Refusal> {
        let participant_id = self.member(number)?.id;
        let invalid = |what: &str| Err(Refusal::new(ErrorCode::InvalidValue, what.to_owned()));
        let mut named = HashSet::new();
        for view in &slots {
            if view.slot >= limits::MAX_VIDEO_SLOTS {
                return invalid("a participant has at most 49 video slots");
            }
            if !named.insert(view.slot) {
                return invalid("a slot is named twice");
            }
            if view.source.media_kind() != jumpa_protocol::MediaKind::Video {
                return invalid("a video slot shows a `camera` or a `screen`");
            }
        }
        // Somebody may have left while the request was on its way.
        slots.retain(|view| self.numbers.contains_key(&view.participant_id));
        let call_id = self.config.id;
        self.order(MediaCommand::View { call_id, participant_id, slots });
        Ok(())
    }

    fn set_source(&mut self, number: u32, update: &SourceUpdate) -> Result<(), Refusal> {
        let member = self.member(number)?;
        if update.state != SourceState::Off
            && !member.may_send(update.source, self.config.rules.features)
        {
            return Err(ErrorCode::NotGranted.into());
        }
        self.change_source(number, update.source, update.state);
        Ok(())
    }

    fn send_chat(
        &mut self,
        number: u32,
        request_id: u32,
        text: &str,
        to: Option<ParticipantId>,
        now: Moment,
    ) -> Result<(), Refusal> {
        self.check_grant(number, |grants| grants.chat)?;
        let member = self.member(number)?;
        let text = chat::parse_text(text)?;
        let (from, from_name) = (member.id, member.name.clone());
        let reader = to.map(|to| self.listed_number(to)).transpose()?;
        if to == Some(from) {
            return Err(Refusal::new(ErrorCode::InvalidValue, "nobody writes to themselves"));
        }
        if self.chat.has_taken(request_id, (from, to, &text), now.unix_ms) {
            return Ok(());
        }
        let id = self.chat.next_id(now.unix_ms);
        let message = ChatMessage { id, from, from_name, to, text, at_ms: now.unix_ms };
        self.chat.push(message.clone(), request_id);
        self.remember(Change::Chat { message: message.clone(), request_id });
        let event = Event::ChatReceived { message };
        match reader {
            None => self.broadcast(event),
            Some(reader) => {
                self.tell_if(|member| [reader, number].contains(&member.number), event);
            }
        }
        Ok(())
    }

    /// The number of somebody whom everybody knows of.
    pub(super) fn listed_number(&self, participant_id: ParticipantId) -> Result<u32, Refusal> {
        let number = self.numbers.get(&participant_id).copied();
        number
            .filter(|number| self.members.get(number).is_some_and(|member| member.is_listed()))
            .ok_or_else(|| ErrorCode::ParticipantUnknown.into())
    }

    pub(super) fn set_hand(&mut self, number: u32, is_raised: bool, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        if member.hand_raised_at_ms.is_some() == is_raised {
            return;
        }
        let raised_at_ms = is_raised.then_some(now.unix_ms);
        member.hand_raised_at_ms = raised_at_ms;
        let participant_id = member.id;
        self.broadcast(Event::HandChanged { participant_id, raised_at_ms });
        self.remember_person(number);
    }

    fn set_name(&mut self, number: u32, name: &str) -> Result<(), Refusal> {
        let name = display_name::parse(name)?;
        let Some(member) = self.members.get_mut(&number) else { return Ok(()) };
        if member.identity.is_verified {
            return Err(Refusal::new(
                ErrorCode::NotGranted,
                "the name is fixed by the access token",
            ));
        }
        if member.name != name {
            member.name.clone_from(&name);
            let participant_id = member.id;
            self.report(CallFact::NameChanged { participant_id, name: name.clone() });
            self.broadcast(Event::NameChanged { participant_id, name });
            self.remember_person(number);
        }
        Ok(())
    }

    fn report_quality(&mut self, number: u32, level: QualityLevel, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let is_early = member
            .own_quality_at
            .is_some_and(|at| now.instant.saturating_duration_since(at) < MIN_QUALITY_INTERVAL);
        if !is_early {
            member.own_quality_at = Some(now.instant);
            member.own_quality = level;
            self.refresh_quality(number);
        }
    }
}
