//! The way into a call: knocking, the media plane's answer, coming back.

use jumpa_protocol::{
    ErrorCode, Refusal, RoomKey,
    control::{MediaCommand, MediaJoin, Subscription},
    limits::close_code,
    report::CallFact,
    signal::{Event, Joined, LeaveReason, Role, ServerMessage, SourceUpdate},
};

use super::{
    Call, Departed, Entry, MediaRequestKind, Output, Place, SessionId, SessionKind,
    member::{Entering, Member},
};
use crate::{
    Moment,
    replay_guard::OneTimeUse,
    token::{RATING_TOKEN_LIFETIME, RESUME_TOKEN_LIFETIME, RatingClaims, ResumeClaims},
};

impl Call {
    /// Lets somebody in, into the lobby, or not at all.
    pub fn join(&mut self, entry: Entry, now: Moment) {
        self.has_begun = true;
        if let Err(refusal) = self.try_join(entry, now) {
            let (refused, refusal) = *refusal;
            self.refuse_entry(refused.session, refused.request_id, refused.one_time, refusal);
        }
        self.settle();
    }

    fn try_join(&mut self, entry: Entry, now: Moment) -> Result<(), Box<(Refused, Refusal)>> {
        let refused = Refused {
            session: entry.session,
            request_id: entry.request_id,
            one_time: entry.identity.one_time.clone(),
        };
        let refuse = |refusal: Refusal| Box::new((refused, refusal));
        if self.is_over {
            return Err(refuse(ErrorCode::CallEnded.into()));
        }
        if let Some(recording_id) = entry.identity.recording_id {
            self.let_recorder_in(recording_id, entry, now);
            return Ok(());
        }
        let earlier = entry.identity.earlier.filter(|earlier| earlier.call_id == self.config.id);
        let is_banned = earlier.is_some_and(|who| self.banned_ids.contains(&who.participant_id))
            || entry.identity.subject.as_ref().is_some_and(|s| self.banned_subjects.contains(s));
        if is_banned {
            return Err(refuse(ErrorCode::Banned.into()));
        }
        let Some(earlier) = earlier else {
            let role = entry.identity.role;
            return self.knock(entry, role, now).map_err(refuse);
        };
        if let Some(number) = self.numbers.get(&earlier.participant_id).copied() {
            self.take_over(number, entry, now);
            return Ok(());
        }
        let entry = Entry { participant_id: earlier.participant_id, ..entry };
        if let Some(role) = self.awaited_role(earlier.participant_id) {
            if self.participant_count() >= self.places() {
                return Err(refuse(ErrorCode::RoomFull.into()));
            }
            self.enter(entry, role, now);
            return Ok(());
        }
        match self.departed.get(&earlier.participant_id).copied() {
            Some(Departed { reason: LeaveReason::Removed, .. }) => {
                // What they were given in the call, they lost with it.
                let role = entry.identity.role;
                self.knock(entry, role, now).map_err(refuse)
            }
            Some(Departed { role, .. }) if !self.is_full() => {
                self.enter(entry, role, now);
                Ok(())
            }
            Some(_) => Err(refuse(ErrorCode::RoomFull.into())),
            None => self.knock(entry, earlier.role, now).map_err(refuse),
        }
    }

    /// Somebody who was not in this call before: password, place, lobby.
    fn knock(&mut self, entry: Entry, role: Role, now: Moment) -> Result<(), Refusal> {
        self.duty.check_open()?;
        let is_moderator = role == Role::Moderator;
        if let Some(password) = self.password.as_ref().filter(|_| !is_moderator) {
            let guess = entry.password.as_deref().ok_or(ErrorCode::PasswordRequired)?;
            if !password.is(guess, self.config.id, &self.config.tokens) {
                return Err(ErrorCode::PasswordWrong.into());
            }
        }
        if self.is_full() {
            return Err(ErrorCode::RoomFull.into());
        }
        let is_guest = entry.identity.key_id.is_none();
        let waits = self.has_lobby || is_guest && self.config.rules.guests_wait;
        if waits && !is_moderator && !entry.identity.grants.bypass_lobby {
            return self.wait(entry, now);
        }
        self.enter(entry, role, now);
        Ok(())
    }

    pub(super) fn is_full(&self) -> bool {
        self.participant_count() + self.kept_places() >= self.places()
    }

    /// Most participants.
    fn places(&self) -> usize {
        let most = self.config.rules.max_participants;
        self.max_participants.map_or(most, |prepared| prepared.min(most)) as usize
    }

    /// Sends somebody on to the media plane; they are in the call when it has answered.
    pub(super) fn enter(&mut self, entry: Entry, role: Role, now: Moment) {
        let number = self.next_number;
        // Numbers are multiplied by four in CSRCs; a billion joins of one call are out of reach.
        self.next_number = self.next_number.wrapping_add(1);
        let Entry {
            session,
            kind,
            request_id,
            participant_id,
            identity,
            offer,
            sources,
            client,
            ..
        } = entry;
        let mut member = Member::new(participant_id, number, identity, role, (session, kind), now);
        member.client = client;
        member.entering = Some(Entering { request_id });
        self.recall(&mut member);
        self.members.insert(number, member);
        self.numbers.insert(participant_id, number);
        self.sessions.insert(session, Place::Member(number));
        self.order_media_join(number, offer, sources, now);
    }

    /// Replaces the session of somebody who joins again while others still see them, for example
    /// after their page was loaded again.
    pub(super) fn take_over(&mut self, number: u32, entry: Entry, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        if let Some(replaced) = member.session() {
            self.sessions.remove(&replaced);
            self.outputs.push_back(Output::Close { session: replaced, code: close_code::REPLACED });
        }
        member.start_over((entry.session, entry.kind), now);
        member.client = entry.client;
        member.entering = Some(Entering { request_id: entry.request_id });
        let new_name = (member.name != entry.identity.name).then(|| entry.identity.name.clone());
        if let Some(name) = &new_name {
            member.name.clone_from(name);
        }
        let (participant_id, is_listed) = (member.id, member.is_listed());
        self.sessions.insert(entry.session, Place::Member(number));
        self.media_requests.retain(|_, request| request.number != number);
        self.order(MediaCommand::Leave { call_id: self.config.id, participant_id });
        self.order_media_join(number, entry.offer, entry.sources, now);
        if let Some(name) = new_name.filter(|_| is_listed) {
            self.report(CallFact::NameChanged { participant_id, name: name.clone() });
            self.broadcast(Event::NameChanged { participant_id, name });
            self.remember_person(number);
        }
        self.refresh_connection(number, now);
    }

    fn order_media_join(
        &mut self,
        number: u32,
        offer: String,
        sources: Vec<SourceUpdate>,
        now: Moment,
    ) {
        let Some(member) = self.members.get(&number) else { return };
        let participant_id = member.id;
        let subscription = match member.kind {
            SessionKind::Signalled if member.is_recorder() => Subscription::Recorder,
            SessionKind::Signalled => Subscription::Client,
            SessionKind::MediaOnly(subscription) => subscription,
        };
        let kind = MediaRequestKind::Join { sources };
        let request_id = self.note_media_request(number, kind, now);
        let call_id = self.config.id;
        self.order(MediaCommand::Join(MediaJoin {
            request_id,
            call_id,
            participant_id,
            number,
            offer,
            subscription,
        }));
    }

    /// The media plane has taken somebody: they are in.
    pub(super) fn finish_join(
        &mut self,
        number: u32,
        answer: String,
        updates: Vec<SourceUpdate>,
        now: Moment,
    ) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let Some(Entering { request_id }) = member.entering.take() else { return };
        let is_new = !member.is_inside;
        let before = member.to_participant().sources;
        member.is_inside = true;
        member.take_sources(&updates, self.config.rules.features);
        member.told_connection = member.connection(now.instant);
        let participant = member.to_participant();
        let (participant_id, session) = (member.id, member.session());
        let (is_moderator, is_recorder) = (member.is_moderator(), member.is_recorder());
        self.no_longer_awaited(participant_id);
        self.remember_person(number);

        let (resume_token, rating_token) = self.tokens_for(number, now);
        if let Some(session) = session {
            let snapshot = self.snapshot_for(number);
            let joined =
                Joined { request_id, participant_id, answer, resume_token, rating_token, snapshot };
            self.send(session, ServerMessage::Joined(joined));
        }
        for info in &participant.sources {
            self.order_source_open(number, info.source);
        }
        if is_recorder {
            return;
        }
        if is_new {
            let is_first = !self.is_reported;
            self.report_joined(number);
            if is_first {
                self.begin_duty(now);
            }
            self.broadcast_except(number, Event::ParticipantJoined { participant });
        } else {
            self.tell_source_changes(number, &before);
            let connection = participant.connection;
            let event = Event::ConnectionChanged { participant_id, connection };
            self.broadcast_except(number, event);
            self.refresh_quality(number);
        }
        if is_moderator {
            self.moderators_changed();
        }
    }

    /// Somebody whose join the media plane refused.
    pub(super) fn refuse_entering(&mut self, number: u32, refusal: Refusal) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let Some(Entering { request_id }) = member.entering.take() else { return };
        let one_time = member.identity.one_time.take();
        let (session, was_inside) = (member.session(), member.is_inside);
        if let Some(session) = session {
            self.refuse_entry(session, request_id, one_time, refusal);
        }
        if was_inside {
            self.depart(number, LeaveReason::ConnectionLost);
        } else {
            self.forget(number);
        }
    }

    pub(super) fn refuse_entry(
        &mut self,
        session: SessionId,
        request_id: u32,
        one_time: Option<OneTimeUse>,
        refusal: Refusal,
    ) {
        self.outputs.extend(one_time.map(Output::Release));
        self.send_error(session, request_id, refusal);
        self.outputs.push_back(Output::Close { session, code: close_code::REFUSED });
    }

    fn tokens_for(&self, number: u32, now: Moment) -> (String, String) {
        let Some(member) = self.members.get(&number) else { return Default::default() };
        let RoomKey { app_id, room } = self.config.room.clone();
        let seconds = now.unix_ms / 1_000;
        let rating = RatingClaims {
            app_id: app_id.clone(),
            room: room.clone(),
            call_id: self.config.id,
            participant_id: member.id,
            exp: seconds.saturating_add(RATING_TOKEN_LIFETIME.as_secs()),
        };
        let resume = ResumeClaims {
            app_id,
            room,
            call_id: self.config.id,
            call_started_at_ms: self.config.started_at_ms,
            participant_id: member.id,
            key_id: member.identity.key_id.clone(),
            subject: member.identity.subject.clone(),
            name: member.name.clone(),
            avatar: member.identity.avatar.clone(),
            role: member.role,
            own_role: member.identity.role,
            is_verified: member.identity.is_verified,
            grants: member.identity.grants,
            exp: seconds.saturating_add(RESUME_TOKEN_LIFETIME.as_secs()),
        };
        (self.config.tokens.sign_resume(&resume), self.config.tokens.sign_rating(&rating))
    }
}

/// What is needed to refuse somebody.
struct Refused {
    session: SessionId,
    request_id: u32,
    one_time: Option<OneTimeUse>,
}
