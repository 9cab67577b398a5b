//! The ways out of a call: lost, left, removed, ended.

use std::time::Duration;

use jumpa_protocol::{
    ErrorCode, ParticipantId,
    control::MediaCommand,
    limits::{self, close_code},
    signal::{Event, LeaveReason, Role},
};

use super::{
    AWAY_WINDOW, Call, Change, Departed, Departure, MAX_DEPARTED, Output, Place, Remembered,
    SessionId, SessionKind,
    member::{Link, MediaLink, Member, UNSEEN_RESUME},
};
use crate::Moment;

impl Call {
    /// Takes note that a session is gone.
    pub fn disconnect(&mut self, session: SessionId, departure: Departure, now: Moment) {
        match self.sessions.remove(&session) {
            None => {}
            Some(Place::Waiting(participant_id)) => {
                self.remove_waiting(participant_id, false);
                self.lobby_changed();
            }
            Some(Place::Member(number)) => self.detach(number, departure, now),
        }
        self.settle();
    }

    /// Ends the call because the server stops; clients shall come back after `retry_after`, spread
    /// over a second so that they do not come all at once.
    pub fn close(&mut self, retry_after: Duration) {
        self.end(LeaveReason::ServerClosing, ErrorCode::ServerClosing, Some(retry_after));
    }

    pub(super) fn detach(&mut self, number: u32, departure: Departure, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let is_gone = member.kind != SessionKind::Signalled || member.media == MediaLink::Closed;
        if !member.is_inside {
            let one_time = member.identity.one_time.take();
            self.outputs.extend(one_time.map(Output::Release));
            self.order_leave(number);
            self.forget(number);
            return;
        }
        if is_gone {
            self.depart(number, LeaveReason::Left);
            return;
        }
        let is_away = departure == Departure::Away;
        let window = if is_away { AWAY_WINDOW } else { limits::RESUME_WINDOW };
        member.link = Link::Detached {
            shown_at: Some(now.instant + UNSEEN_RESUME),
            until: now.instant + window,
            is_away,
        };
        self.refresh_connection(number, now);
    }

    /// Takes somebody out of the call, tells them why and closes their session.
    /// Who is still on the way in is told `refusal`.
    pub(super) fn eject(&mut self, number: u32, reason: LeaveReason, refusal: ErrorCode) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let session = member.session();
        if let Some(entering) = member.entering {
            if let Some(session) = session {
                self.send_error(session, entering.request_id, refusal.into());
            }
        } else {
            self.tell(number, Event::Left { reason, retry_after_ms: None });
        }
        if let Some(session) = session {
            self.outputs.push_back(Output::Close { session, code: close_code::ENDED });
        }
        self.depart(number, reason);
    }

    /// Takes somebody out of the call and tells the others.
    pub(super) fn depart(&mut self, number: u32, reason: LeaveReason) {
        self.order_leave(number);
        let Some(member) = self.forget(number) else { return };
        if !member.is_listed() {
            return;
        }
        if member.kind == SessionKind::Signalled {
            self.remember_departed(member.id, member.role, reason);
        }
        self.report_left(member.id, reason);
        self.broadcast(Event::ParticipantLeft { participant_id: member.id, reason });
        self.speakers.retain(|speaker| *speaker != member.id);
        if member.is_moderator() {
            self.moderators_changed();
        }
    }

    /// Keeps somebody in mind who may come back.
    pub(super) fn remember_departed(
        &mut self,
        participant_id: ParticipantId,
        role: Role,
        reason: LeaveReason,
    ) {
        if self.departed.len() >= MAX_DEPARTED {
            self.departed.clear();
            self.remember(Change::DepartedForgotten);
        }
        self.departed.insert(participant_id, Departed { role, reason });
        let person = Remembered::Left { role, reason };
        self.remember(Change::Person { participant_id, person });
    }

    /// Removes every trace of a member but what others were told.
    pub(super) fn forget(&mut self, number: u32) -> Option<Member> {
        let member = self.members.remove(&number)?;
        self.numbers.remove(&member.id);
        if let Some(session) = member.session() {
            self.sessions.remove(&session);
        }
        self.media_requests.retain(|_, request| request.number != number);
        Some(member)
    }

    /// Ends the call for everybody who is in it, on the way into it, or waits.
    pub(super) fn end(
        &mut self,
        reason: LeaveReason,
        refusal: ErrorCode,
        retry_after: Option<Duration>,
    ) {
        if self.is_over {
            return;
        }
        let code = match reason {
            LeaveReason::ServerClosing => close_code::RESTART,
            _ => close_code::ENDED,
        };
        let numbers: Vec<_> = self.members.keys().copied().collect();
        for number in numbers {
            let Some(member) = self.members.get(&number) else { continue };
            let (session, entering) = (member.session(), member.entering);
            let listed = member.is_listed().then_some(member.id);
            if let Some(participant_id) = listed {
                self.report_left(participant_id, reason);
            }
            if let (Some(session), Some(entering)) = (session, entering) {
                self.send_error(session, entering.request_id, refusal.into());
            }
            let retry_after_ms = retry_after.map(|base| {
                u32::try_from(base.as_millis())
                    .unwrap_or(u32::MAX)
                    .saturating_add(number.wrapping_mul(37) % 1_000)
            });
            self.tell(number, Event::Left { reason, retry_after_ms });
            self.outputs.extend(session.map(|session| Output::Close { session, code }));
        }
        let waiting = std::mem::take(&mut self.waiting);
        for waiting in waiting {
            let session = waiting.entry.session;
            self.report_lobby_left(waiting.entry.participant_id, false);
            self.outputs.extend(waiting.entry.identity.one_time.map(Output::Release));
            self.send_error(session, waiting.entry.request_id, refusal.into());
            self.outputs.push_back(Output::Close { session, code });
        }
        for participant_id in self.awaited() {
            self.report_left(participant_id, reason);
        }
        self.order(MediaCommand::End { call_id: self.config.id });
        self.members.clear();
        self.numbers.clear();
        self.sessions.clear();
        self.media_requests.clear();
        self.end_reason = Some(reason);
        self.is_over = true;
        self.report_end();
    }

    /// A call without anybody is over, whoever records it. Who waits keeps it alive: letting them
    /// find an open door because the last moderator lost the connection would make the lobby
    /// worthless. So does a hold.
    pub(super) fn settle(&mut self) {
        if self.has_begun
            && !self.is_over
            && self.members.values().all(Member::is_recorder)
            && self.waiting.is_empty()
            && self.hold.is_none()
        {
            let recorders: Vec<_> = self.members.keys().copied().collect();
            for number in recorders {
                self.eject(number, LeaveReason::CallEnded, ErrorCode::CallEnded);
            }
            self.is_over = true;
            self.report_end();
        }
    }
}
