//! Reports of a worker to signalling, without ever waiting on the media thread.

use std::{
    collections::VecDeque,
    thread,
    time::{Duration, Instant},
};

use jumpa_protocol::{
    CallId, ErrorCode, ParticipantId,
    control::{MediaEvent, ParticipantMediaEvent},
};
use tokio::sync::mpsc;

/// Reports that wait while signalling does not keep up. Above it those that the next report of the
/// kind replaces are left out; answers and changes of state are kept, and there are at most a few
/// of them per participant.
const LENIENT_UP_TO: usize = 4_096;

/// How soon a full channel is tried again.
pub const RETRY_AFTER: Duration = Duration::from_millis(5);

/// How long a stopping worker waits for its last reports to be taken.
const FLUSH_WITHIN: Duration = Duration::from_secs(1);

/// Reports that wait for room in the channel.
#[derive(Debug)]
pub struct Outbox {
    channel: mpsc::Sender<MediaEvent>,
    waiting: VecDeque<MediaEvent>,
    dropped: u64,
}

impl Outbox {
    /// An empty outbox in front of a channel.
    pub fn new(channel: mpsc::Sender<MediaEvent>) -> Self {
        Self { channel, waiting: VecDeque::new(), dropped: 0 }
    }

    /// Answers a command.
    pub fn answer(&mut self, request_id: u64, result: Result<String, ErrorCode>) {
        self.push(MediaEvent::Answered { request_id, result });
    }

    /// Reports that a participant's connection is over.
    pub fn closed(&mut self, call_id: CallId, participant_id: ParticipantId) {
        let event = ParticipantMediaEvent::Closed;
        self.push(MediaEvent::Participant { call_id, participant_id, event });
    }

    /// Reports something.
    pub fn push(&mut self, event: MediaEvent) {
        if self.waiting.len() >= LENIENT_UP_TO && is_replaced_by_the_next(&event) {
            self.dropped += 1;
            return;
        }
        self.waiting.push_back(event);
    }

    /// Hands over what the channel takes. `false` when something still waits.
    pub fn flush(&mut self) -> bool {
        while let Some(event) = self.waiting.pop_front() {
            match self.channel.try_send(event) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(event)) => {
                    self.waiting.push_front(event);
                    return false;
                }
                // Nobody listens any more, so there is nobody to tell.
                Err(mpsc::error::TrySendError::Closed(_)) => self.waiting.clear(),
            }
        }
        true
    }

    /// Hands over what is left when the worker ends, for a bounded time.
    pub fn flush_last(&mut self) {
        let give_up_at = Instant::now() + FLUSH_WITHIN;
        while !self.flush() && Instant::now() < give_up_at {
            thread::sleep(RETRY_AFTER);
        }
    }

    /// Reports that were left out.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

fn is_replaced_by_the_next(event: &MediaEvent) -> bool {
    match event {
        MediaEvent::Answered { .. } => false,
        MediaEvent::Speakers { .. } => true,
        MediaEvent::Participant { event, .. } => {
            matches!(event, ParticipantMediaEvent::Quality { .. })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speakers() -> MediaEvent {
        MediaEvent::Speakers { call_id: CallId::generate(), participant_ids: Vec::new() }
    }

    #[test]
    fn an_answer_survives_a_full_channel() {
        let (sender, mut receiver) = mpsc::channel(1);
        let mut outbox = Outbox::new(sender);
        outbox.push(speakers());
        outbox.answer(7, Err(ErrorCode::CallEnded));
        assert!(!outbox.flush());
        assert_eq!(
            receiver.try_recv().ok().map(|event| is_replaced_by_the_next(&event)),
            Some(true)
        );
        assert!(outbox.flush());
        let answered = MediaEvent::Answered { request_id: 7, result: Err(ErrorCode::CallEnded) };
        assert_eq!(receiver.try_recv(), Ok(answered));
    }

    #[test]
    fn a_slow_reader_loses_only_what_the_next_report_replaces() {
        let (sender, _receiver) = mpsc::channel(1);
        let mut outbox = Outbox::new(sender);
        for _ in 0..LENIENT_UP_TO + 10 {
            outbox.push(speakers());
        }
        outbox.answer(1, Ok(String::new()));
        assert_eq!(outbox.dropped(), 10);
        assert_eq!(outbox.waiting.len(), LENIENT_UP_TO + 1);
    }
}
