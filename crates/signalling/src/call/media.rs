//! What the media plane reports, turned into events for the right sessions.

use jumpa_protocol::{
    ErrorCode, ParticipantId, SourceKind,
    control::{MediaCommand, ParticipantMediaEvent},
    report::CallFact,
    signal::{Event, LeaveReason, ServerMessage, SourceInfo, SourceState},
};

use super::{
    Call, MediaRequest, MediaRequestKind,
    member::{Link, MediaLink},
};
use crate::Moment;

impl Call {
    /// Takes the answer to a command with a request id. An answer that nobody waits for any more
    /// is ignored.
    pub fn media_answer(
        &mut self,
        request_id: u64,
        result: Result<String, ErrorCode>,
        now: Moment,
    ) {
        let Some(request) = self.media_requests.remove(&request_id) else { return };
        let MediaRequest { number, kind, .. } = request;
        match (kind, result) {
            (MediaRequestKind::Join { sources }, Ok(answer)) => {
                self.finish_join(number, answer, sources, now);
            }
            (MediaRequestKind::Join { .. }, Err(code)) => {
                self.refuse_entering(number, code.into());
            }
            (MediaRequestKind::Negotiate { request_id }, result) => {
                self.answer_negotiation(number, request_id, result);
            }
        }
        self.settle();
    }

    /// Takes an event of one participant. Events of somebody who left meanwhile are ignored, and
    /// those that come before the answer to a join: they are of the connection it replaces.
    pub fn media_event(
        &mut self,
        participant_id: ParticipantId,
        event: ParticipantMediaEvent,
        now: Moment,
    ) {
        let Some(number) = self.numbers.get(&participant_id).copied() else { return };
        let Some(member) = self.members.get_mut(&number) else { return };
        if member.entering.is_some() {
            return;
        }
        match event {
            ParticipantMediaEvent::Connected => self.set_media(number, MediaLink::Connected, now),
            ParticipantMediaEvent::PathLost => {
                self.set_media(number, MediaLink::Lost { since: now.instant }, now);
            }
            ParticipantMediaEvent::Closed => self.media_closed(number, now),
            ParticipantMediaEvent::SlotChanged { kind, slot, state } => {
                member.slots.insert((kind, slot), state.clone());
                self.tell(number, Event::SlotChanged { kind, slot, state });
            }
            ParticipantMediaEvent::LayersWanted { source, layers } => {
                member.layers.insert(source, layers.clone());
                self.tell(number, Event::LayersWanted { source, layers });
            }
            ParticipantMediaEvent::Quality { level, cause } => {
                member.server_quality = (level, cause);
                self.refresh_quality(number);
            }
        }
        self.settle();
    }

    /// Takes who speaks, the most recent dominant speaker first.
    pub fn speakers_changed(&mut self, participant_ids: Vec<ParticipantId>) {
        let listed = |id: &ParticipantId| self.numbers.contains_key(id);
        let participant_ids: Vec<_> = participant_ids.into_iter().filter(listed).collect();
        if self.speakers != participant_ids {
            self.speakers.clone_from(&participant_ids);
            self.broadcast(Event::SpeakersChanged { participant_ids });
        }
    }

    /// Gives up waiting for the media plane where it took too long.
    pub(super) fn expire_media_requests(&mut self, now: Moment) {
        let late: Vec<_> = self
            .media_requests
            .iter()
            .filter(|(_, request)| request.deadline <= now.instant)
            .map(|(id, _)| *id)
            .collect();
        for id in late {
            let Some(MediaRequest { number, kind, .. }) = self.media_requests.remove(&id) else {
                continue;
            };
            match kind {
                MediaRequestKind::Join { .. } => {
                    self.order_leave(number);
                    self.refuse_entering(number, ErrorCode::MediaUnavailable.into());
                }
                MediaRequestKind::Negotiate { request_id } => {
                    let result = Err(ErrorCode::MediaUnavailable);
                    self.answer_negotiation(number, request_id, result);
                }
            }
        }
    }

    fn answer_negotiation(
        &mut self,
        number: u32,
        request_id: u32,
        result: Result<String, ErrorCode>,
    ) {
        let session = self.members.get(&number).and_then(|member| member.session());
        // A client that lost its connection asks again after it has resumed.
        let Some(session) = session else { return };
        match result {
            Ok(answer) => self.send(session, ServerMessage::Negotiated { request_id, answer }),
            Err(code) => self.send_error(session, request_id, code.into()),
        }
    }

    fn set_media(&mut self, number: u32, media: MediaLink, now: Moment) {
        if let Some(member) = self.members.get_mut(&number) {
            member.media = media;
        }
        self.refresh_connection(number, now);
    }

    /// The peer connection is over. With the signalling gone as well the participant has left.
    fn media_closed(&mut self, number: u32, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        member.media = MediaLink::Closed;
        if member.kind != super::SessionKind::Signalled {
            self.eject(number, LeaveReason::Left, ErrorCode::CallEnded);
        } else if matches!(member.link, Link::Detached { .. }) {
            self.depart(number, LeaveReason::Left);
        } else {
            self.refresh_connection(number, now);
        }
    }

    /// Tells everybody when somebody's connection is not what they were told last.
    pub(super) fn refresh_connection(&mut self, number: u32, now: Moment) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let connection = member.connection(now.instant);
        if member.is_listed() && member.told_connection != connection {
            member.told_connection = connection;
            let participant_id = member.id;
            self.report(CallFact::ConnectionChanged { participant_id, connection });
            self.broadcast(Event::ConnectionChanged { participant_id, connection });
        }
    }

    /// Tells everybody when somebody's quality is not what they were told last.
    pub(super) fn refresh_quality(&mut self, number: u32) {
        let Some(member) = self.members.get_mut(&number) else { return };
        let quality = member.quality();
        if member.is_listed() && member.told_quality != quality {
            member.told_quality = quality;
            let (level, cause) = quality;
            let participant_id = member.id;
            self.broadcast(Event::QualityChanged { participant_id, level, cause });
        }
    }

    /// Sets what a source does: the media plane forwards it or not, everybody is told.
    pub(super) fn change_source(&mut self, number: u32, source: SourceKind, state: SourceState) {
        let Some(member) = self.members.get_mut(&number) else { return };
        if member.source(source) == state {
            return;
        }
        member.set_source(source, state);
        let participant_id = member.id;
        self.order_source_open(number, source);
        let source = SourceInfo { source, state };
        self.report(CallFact::SourceChanged { participant_id, source });
        self.broadcast(Event::SourceChanged { participant_id, source });
    }

    /// Tells the media plane whether a source is forwarded.
    pub(super) fn order_source_open(&mut self, number: u32, source: SourceKind) {
        let Some(member) = self.members.get(&number) else { return };
        let is_open = member.source(source) == SourceState::Live;
        let (call_id, participant_id) = (self.config.id, member.id);
        self.order(MediaCommand::SetSourceOpen { call_id, participant_id, source, is_open });
    }

    /// Tells the others how the sources of somebody who joined again differ from `before`.
    pub(super) fn tell_source_changes(&mut self, number: u32, before: &[SourceInfo]) {
        let Some(member) = self.members.get(&number) else { return };
        let participant_id = member.id;
        let state_before = |kind: SourceKind| {
            before
                .iter()
                .find(|info| info.source == kind)
                .map_or(SourceState::Off, |info| info.state)
        };
        let changed: Vec<_> = SourceKind::ALL
            .into_iter()
            .map(|source| SourceInfo { source, state: member.source(source) })
            .filter(|info| state_before(info.source) != info.state)
            .collect();
        for source in changed {
            self.report(CallFact::SourceChanged { participant_id, source });
            self.broadcast_except(number, Event::SourceChanged { participant_id, source });
        }
    }
}
