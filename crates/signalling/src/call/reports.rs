//! What the control plane hears of a call.

use std::time::Duration;

use jumpa_protocol::{
    ParticipantId,
    control::Subscription,
    limits,
    report::{CallFact, JoinedParticipant, Via},
    signal::{LeaveReason, MediaSummary},
};

use super::{Call, Output, SessionKind, member::Member};
use crate::Moment;

/// Summaries of media come at most this often; what comes earlier is not looked at. Less than what
/// clients are told, since their clock is not ours.
const MIN_SUMMARY_INTERVAL: Duration =
    limits::MEDIA_SUMMARY_INTERVAL.saturating_sub(Duration::from_secs(2));

impl Call {
    pub(super) fn report(&mut self, fact: CallFact) {
        self.outputs.push_back(Output::Report(fact));
    }

    /// Reports somebody whom the others hear of for the first time, and the call with the first.
    pub(super) fn report_joined(&mut self, number: u32) {
        let Some(member) = self.members.get(&number) else { return };
        let joined = CallFact::ParticipantJoined(joined(member));
        if !self.is_reported {
            self.is_reported = true;
            self.report(CallFact::CallBegan { started_at_ms: self.config.started_at_ms });
        }
        self.report(joined);
    }

    /// Reports that somebody of whom the others know is no longer in.
    pub(super) fn report_left(&mut self, participant_id: ParticipantId, reason: LeaveReason) {
        // Whose server stops is back in a moment, and was there all the time.
        if reason != LeaveReason::ServerClosing {
            self.report(CallFact::ParticipantLeft { participant_id, reason });
        }
    }

    /// Reports the end, if anybody was ever in the call.
    pub(super) fn report_end(&mut self) {
        if self.is_reported && self.end_reason != Some(LeaveReason::ServerClosing) {
            self.report(CallFact::CallEnded { reason: self.end_reason });
        }
    }

    pub(super) fn report_lobby_left(&mut self, participant_id: ParticipantId, is_admitted: bool) {
        self.report(CallFact::LobbyLeft { participant_id, is_admitted });
    }

    /// Takes what a client measured.
    pub(super) fn report_media(&mut self, number: u32, summary: MediaSummary, now: Moment) {
        let Some(member) = self.members.get_mut(&number).filter(|member| member.is_listed()) else {
            return;
        };
        let is_early = member
            .summed_up_at
            .is_some_and(|at| now.instant.saturating_duration_since(at) < MIN_SUMMARY_INTERVAL);
        if is_early {
            return;
        }
        member.summed_up_at = Some(now.instant);
        let participant_id = member.id;
        self.report(CallFact::MediaMeasured { participant_id, summary: summary.plausible() });
    }
}

pub(super) fn via(kind: SessionKind) -> Via {
    match kind {
        SessionKind::Signalled => Via::Signalling,
        SessionKind::MediaOnly(Subscription::None) => Via::Whip,
        SessionKind::MediaOnly(_) => Via::Whep,
    }
}

fn joined(member: &Member) -> JoinedParticipant {
    let cut = |text: &str| text.chars().take(limits::MAX_CLIENT_INFO_CHARS).collect();
    let mut client = member.client.clone();
    for text in [&mut client.sdk, &mut client.browser, &mut client.os] {
        *text = cut(text);
    }
    JoinedParticipant {
        participant_id: member.id,
        joined_at_ms: member.joined_at_ms,
        name: member.name.clone(),
        subject: member.identity.subject.clone(),
        key_id: member.identity.key_id.clone(),
        role: member.role,
        via: via(member.kind),
        client,
        sources: member.to_participant().sources,
    }
}
