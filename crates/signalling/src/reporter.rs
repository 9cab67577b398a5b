//! Hands what happens in a call to the control plane, without ever waiting for it.

use std::collections::VecDeque;

use jumpa_protocol::{
    CallId, ReportId, RoomKey,
    report::{CallFact, CallReport},
};
use tokio::sync::mpsc::{self, error::TrySendError};

use crate::{moment::since_1970, telemetry};

/// Reports of one call that are kept while nobody takes them. Beyond this, measurements of media
/// are given up first and then the oldest facts: the log of the node is behind by minutes, and
/// memory belongs to running calls.
const MAX_KEPT: usize = 4_096;

/// The reports of one call.
#[derive(Debug)]
pub struct Reporter {
    room: RoomKey,
    call_id: CallId,
    /// Bounded; when it is full, reports are kept here until the next one.
    reports: Option<mpsc::Sender<CallReport>>,
    kept: VecDeque<CallReport>,
}

impl Reporter {
    /// Reports of a call; without a receiver they go nowhere.
    #[must_use]
    pub fn new(room: RoomKey, call_id: CallId, reports: Option<mpsc::Sender<CallReport>>) -> Self {
        Self { room, call_id, reports, kept: VecDeque::new() }
    }

    /// Reports a fact that happened now.
    pub fn report(&mut self, fact: CallFact) {
        if self.reports.is_none() {
            return;
        }
        let at_us = u64::try_from(since_1970().as_micros()).unwrap_or(u64::MAX);
        let (room, call_id) = (self.room.clone(), self.call_id);
        self.keep(CallReport { id: ReportId::generate(), at_us, room, call_id, fact });
        self.flush();
    }

    /// Hands over what was kept, as far as it is taken. Reports of a call keep their order.
    pub fn flush(&mut self) {
        let Some(reports) = &self.reports else { return };
        while let Some(report) = self.kept.pop_front() {
            match reports.try_send(report) {
                Ok(()) => {}
                Err(TrySendError::Full(report)) => {
                    self.kept.push_front(report);
                    return;
                }
                Err(TrySendError::Closed(_)) => {
                    self.reports = None;
                    self.kept.clear();
                    return;
                }
            }
        }
    }

    /// Hands over everything at the end of the call, and waits for it.
    pub async fn finish(mut self) {
        let Some(reports) = self.reports.take() else { return };
        for report in self.kept {
            if reports.send(report).await.is_err() {
                return;
            }
        }
    }

    fn keep(&mut self, report: CallReport) {
        if self.kept.len() >= MAX_KEPT {
            let is_measured =
                |report: &CallReport| matches!(report.fact, CallFact::MediaMeasured { .. });
            let given_up = self.kept.iter().position(is_measured).unwrap_or_default();
            self.kept.remove(given_up);
            telemetry::report_dropped();
        }
        self.kept.push_back(report);
    }
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::signal::MediaSummary;

    use super::*;

    fn reporter(reports: Option<mpsc::Sender<CallReport>>) -> Reporter {
        let room = RoomKey {
            app_id: "klinik-sehat-k3x9q".parse().expect("an app id"),
            room: "ruang-1".parse().expect("a room name"),
        };
        Reporter::new(room, CallId::generate(), reports)
    }

    fn began(started_at_ms: u64) -> CallFact {
        CallFact::CallBegan { started_at_ms }
    }

    #[tokio::test]
    async fn what_is_not_taken_at_once_is_kept_in_order() {
        let (sender, mut receiver) = mpsc::channel(1);
        let mut reporter = reporter(Some(sender));
        for number in 0..3 {
            reporter.report(began(number));
        }
        let mut facts = Vec::new();
        facts.push(receiver.recv().await.expect("the first").fact);
        reporter.flush();
        facts.push(receiver.recv().await.expect("the second").fact);
        let rest = tokio::spawn(reporter.finish());
        facts.push(receiver.recv().await.expect("the third").fact);
        rest.await.expect("finished");
        assert_eq!(facts, [began(0), began(1), began(2)]);
    }

    #[test]
    fn measurements_are_given_up_before_facts() {
        let (sender, _receiver) = mpsc::channel(1);
        let mut reporter = reporter(Some(sender));
        reporter.report(began(0));
        let participant_id = jumpa_protocol::ParticipantId::generate();
        let summary = MediaSummary::default();
        reporter.report(began(1));
        reporter.report(CallFact::MediaMeasured { participant_id, summary });
        for number in 2..=MAX_KEPT as u64 {
            reporter.report(began(number));
        }
        let kept: Vec<_> = reporter.kept.iter().map(|report| report.fact.clone()).collect();
        assert_eq!(kept.len(), MAX_KEPT);
        assert!(kept.iter().all(|fact| matches!(fact, CallFact::CallBegan { .. })));
    }

    #[test]
    fn without_a_receiver_nothing_is_kept() {
        let mut reporter = reporter(None);
        reporter.report(began(0));
        assert!(reporter.kept.is_empty());
    }
}
