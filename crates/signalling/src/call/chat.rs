//! The chat of a call.

use std::collections::VecDeque;

use jumpa_protocol::{
    ChatMessageId, ErrorCode, ParticipantId, Refusal, limits, signal::ChatMessage,
};
use uuid::Builder;

/// What was written in a call, oldest first, at most [`limits::MAX_CHAT_HISTORY`] messages.
#[derive(Debug)]
pub(super) struct ChatHistory {
    messages: VecDeque<ChatMessage>,
    /// Makes ids differ between calls.
    seed: u64,
    /// Messages written so far; makes ids of one millisecond differ and grow.
    written: u16,
}

impl ChatHistory {
    pub(super) fn new(seed: u64) -> Self {
        Self { messages: VecDeque::new(), seed, written: 0 }
    }

    /// The id of the next message: a UUIDv7 of the given time (RFC 9562 section 5.7) whose first
    /// random bits are a counter.
    pub(super) fn next_id(&mut self, unix_ms: u64) -> ChatMessageId {
        self.written = self.written.wrapping_add(1);
        let mut random = [0; 10];
        let counted = self.written.to_be_bytes().into_iter().chain(self.seed.to_be_bytes());
        for (to, from) in random.iter_mut().zip(counted) {
            *to = from;
        }
        let uuid = Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid();
        ChatMessageId::from_uuid(uuid)
    }

    pub(super) fn push(&mut self, message: ChatMessage) {
        if self.messages.len() == limits::MAX_CHAT_HISTORY {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
    }

    /// What one participant may read.
    pub(super) fn readable_by(&self, reader: ParticipantId) -> Vec<ChatMessage> {
        let may_read = |message: &&ChatMessage| {
            message.to.is_none_or(|to| to == reader || message.from == reader)
        };
        self.messages.iter().filter(may_read).cloned().collect()
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

    #[test]
    fn ids_grow_with_time_and_within_a_millisecond() {
        let mut history = ChatHistory::new(9);
        let ids = [history.next_id(5), history.next_id(5), history.next_id(6)];
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
