//! The chat of a call.

use std::collections::VecDeque;

use jumpa_protocol::{
    ChatMessageId, ErrorCode, ParticipantId, Refusal, limits, signal::ChatMessage,
};
use serde::{Deserialize, Serialize};
use uuid::Builder;

/// How long after it was written a message is known when its request is sent again. Clients give a
/// request up after 30 seconds; the rest is for their clocks and the way.
const SENT_AGAIN_WITHIN_MS: u64 = 35_000;

/// What was written in a call, oldest first, at most [`limits::MAX_CHAT_HISTORY`] messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ChatHistory {
    messages: VecDeque<Kept>,
    /// Makes ids differ between calls, and between servers that have had this call.
    #[serde(skip)]
    seed: u64,
    /// Messages written so far; makes ids of one millisecond differ and grow.
    written: u16,
}

/// A message with the id of the request that brought it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    message: ChatMessage,
    request_id: u32,
}

impl ChatHistory {
    pub(super) fn new(seed: u64) -> Self {
        Self { messages: VecDeque::new(), seed, written: 0 }
    }

    /// The same history on a server with another seed.
    pub(super) fn continued(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The id of the next message: a UUIDv7 of the given time (RFC 9562 section 5.7) whose first
    /// random bits are a counter.
    pub(super) fn next_id(&self, unix_ms: u64) -> ChatMessageId {
        let number = self.written.wrapping_add(1);
        let mut random = [0; 10];
        let counted = number.to_be_bytes().into_iter().chain(self.seed.to_be_bytes());
        for (to, from) in random.iter_mut().zip(counted) {
            *to = from;
        }
        let uuid = Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid();
        ChatMessageId::from_uuid(uuid)
    }

    pub(super) fn push(&mut self, message: ChatMessage, request_id: u32) {
        if self.messages.len() == limits::MAX_CHAT_HISTORY {
            self.messages.pop_front();
        }
        self.messages.push_back(Kept { message, request_id });
        self.written = self.written.wrapping_add(1);
    }

    /// Whether a request is one that was done already: its sender did not get the answer, because
    /// the server ended or the session was lost, and has sent it again in a new session.
    pub(super) fn has_taken(
        &self,
        request_id: u32,
        (from, to, text): (ParticipantId, Option<ParticipantId>, &str),
        unix_ms: u64,
    ) -> bool {
        let is_recent =
            |kept: &&Kept| unix_ms.saturating_sub(kept.message.at_ms) <= SENT_AGAIN_WITHIN_MS;
        self.messages.iter().rev().take_while(is_recent).any(|Kept { message, request_id: id }| {
            *id == request_id && message.from == from && message.to == to && message.text == text
        })
    }

    /// What one participant may read.
    pub(super) fn readable_by(&self, reader: ParticipantId) -> Vec<ChatMessage> {
        let may_read = |message: &&ChatMessage| {
            message.to.is_none_or(|to| to == reader || message.from == reader)
        };
        self.messages.iter().map(|kept| &kept.message).filter(may_read).cloned().collect()
    }
}

/// A text as it is kept: line ends as `\n`, no other control characters, no blanks around.
///
/// # Errors
/// [`ErrorCode::InvalidValue`] when nothing is left or more than [`limits::MAX_CHAT_CHARS`]
/// characters are.
pub(super) fn parse_text(text: &str) -> Result<String, Refusal> {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let kept = kept.trim();
    if kept.is_empty() || kept.chars().count() > limits::MAX_CHAT_CHARS {
        return Err(Refusal::new(
            ErrorCode::InvalidValue,
            format!("a chat message has 1 to {} characters", limits::MAX_CHAT_CHARS),
        ));
    }
    Ok(kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message_at(history: &ChatHistory, at_ms: u64) -> ChatMessage {
        ChatMessage {
            id: history.next_id(at_ms),
            from: ParticipantId::from_uuid(uuid::Uuid::from_u128(1)),
            from_name: "Siti".to_owned(),
            to: None,
            text: "halo".to_owned(),
            at_ms,
        }
    }

    #[test]
    fn a_request_is_known_again_for_as_long_as_clients_repeat_it() {
        let mut history = ChatHistory::new(9);
        let message = message_at(&history, 1_000);
        let what = (message.from, None, "halo");
        history.push(message.clone(), 7);
        assert!(history.has_taken(7, what, 36_000));
        assert!(!history.has_taken(7, what, 36_001));
        assert!(!history.has_taken(8, what, 1_000));
        assert!(!history.has_taken(7, (message.from, None, "hai"), 1_000));
        assert!(!history.has_taken(7, (message.from, Some(message.from), "halo"), 1_000));
    }

    #[test]
    fn ids_grow_with_time_and_within_a_millisecond() {
        let mut history = ChatHistory::new(9);
        let mut next = |at_ms| {
            let message = message_at(&history, at_ms);
            history.push(message.clone(), 1);
            message.id
        };
        let ids = [next(5), next(5), next(6)];
        assert!(ids.is_sorted() && ids[0] != ids[1]);
    }

    #[test]
    fn a_text_has_1_to_4000_characters() {
        assert!(parse_text(" \n ").is_err());
        assert!(parse_text(&"é".repeat(3_999)).is_ok());
        assert!(parse_text(&"é".repeat(4_000)).is_ok());
        assert!(parse_text(&"é".repeat(4_001)).is_err());
    }

    #[test]
    fn a_text_keeps_its_lines_and_loses_control_characters() {
        assert_eq!(parse_text("a\r\nb\u{7}\tc\u{0}\n"), Ok("a\nb\tc".to_owned()));
    }
}
