//! The rules of one WebSocket as a pure state machine: what may come first, how large, how often;
//! and whether the other side is alive.

use std::time::{Duration, Instant};

use jumpa_protocol::{
    ErrorCode,
    limits::{self, close_code},
    signal::{ClientMessage, ClientRequest, Join, ServerMessage},
};
use serde::Deserialize;

use crate::token_bucket::TokenBucket;

/// Messages over the rate limit that are answered with an error, until the connection is closed.
/// A client that sends too much by mistake hears of it; one that goes on is cut off.
const MAX_REFUSED_MESSAGES: u32 = 30;

/// What has to be done about a frame or a timeout.
#[derive(Debug)]
pub enum Step {
    /// Nothing.
    Nothing,
    /// Admit somebody.
    Join(u32, Box<Join>),
    /// Continue a session.
    Resume {
        /// Of the request.
        request_id: u32,
        /// What the client showed.
        resume_token: String,
        /// The last event it has.
        last_seq: u32,
    },
    /// Hand a request to the call.
    Forward(Box<ClientMessage>),
    /// Answer at once.
    Reply(ServerMessage),
    /// Send a WebSocket ping.
    Ping,
    /// Say why, if there is something to say, and close.
    Close(Option<ServerMessage>, u16),
}

/// What a message is refused for, as metrics count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedFor {
    /// Not JSON, or not a message.
    Unreadable,
    /// Over its size limit.
    Size,
    /// Over the rate limit.
    Rate,
    /// A binary frame.
    Binary,
    /// Not the first message that may come.
    Order,
}

impl RefusedFor {
    /// The label in metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Size => "size",
            Self::Rate => "rate",
            Self::Binary => "binary",
            Self::Order => "order",
        }
    }
}

/// One WebSocket.
#[derive(Debug)]
pub struct Session {
    /// Until when `join` or `resume` must come; `None` when it has.
    first_message_until: Option<Instant>,
    messages: TokenBucket,
    refused_messages: u32,
    heard_at: Instant,
    next_ping: Instant,
    refused_for: Option<RefusedFor>,
}

impl Session {
    /// A WebSocket that was opened at `now`.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        let rate = limits::MAX_MESSAGES_PER_SECOND;
        Self {
            first_message_until: Some(now + limits::FIRST_MESSAGE_TIMEOUT),
            messages: TokenBucket::new(rate, rate, now),
            refused_messages: 0,
            heard_at: now,
            next_ping: now + limits::PING_INTERVAL,
            refused_for: None,
        }
    }

    /// Why the last frame was refused; taken once.
    pub fn take_refused_for(&mut self) -> Option<RefusedFor> {
        self.refused_for.take()
    }

    /// Takes a text frame.
    pub fn handle_text(&mut self, text: &str, now: Instant) -> Step {
        self.heard_at = now;
        if text.len() > limits::MAX_OFFER_MESSAGE_BYTES {
            return self.too_big(None);
        }
        if let Some(step) = self.check_rate(Some(text), now) {
            return step;
        }
        let message: ClientMessage = match serde_json::from_str(text) {
            Ok(message) => message,
            Err(error) => return self.unreadable(text, &error),
        };
        let request_id = message.request_id;
        let carries_offer =
            matches!(message.request, ClientRequest::Join(_) | ClientRequest::Negotiate { .. });
        if text.len() > limits::MAX_MESSAGE_BYTES && !carries_offer {
            return self.too_big(Some(request_id));
        }
        match message.request {
            request if self.first_message_until.is_none() => {
                Step::Forward(Box::new(ClientMessage { request_id, request }))
            }
            ClientRequest::Join(join) => {
                self.first_message_until = None;
                Step::Join(request_id, Box::new(join))
            }
            ClientRequest::Resume { resume_token, last_seq } => {
                self.first_message_until = None;
                Step::Resume { request_id, resume_token, last_seq }
            }
            _ => {
                self.refused_for = Some(RefusedFor::Order);
                let error = error(Some(request_id), ErrorCode::NotAllowedNow);
                Step::Close(Some(error), close_code::NO_JOIN)
            }
        }
    }

    /// Takes a binary frame: there are none in this protocol.
    pub fn handle_binary(&mut self) -> Step {
        self.refused_for = Some(RefusedFor::Binary);
        Step::Close(Some(error(None, ErrorCode::BadMessage)), close_code::NOT_TEXT)
    }

    /// Takes a frame that was too large to be read at all.
    pub fn handle_oversize(&mut self) -> Step {
        self.too_big(None)
    }

    /// Takes a ping or pong. They count towards the rate limit: answering them costs as much.
    pub fn handle_control(&mut self, now: Instant) -> Step {
        self.heard_at = now;
        match self.check_rate(None, now) {
            Some(step @ Step::Close(..)) => step,
            _ => Step::Nothing,
        }
    }

    /// Takes note that the session to resume does not exist: a `join` may follow.
    pub fn resume_was_refused(&mut self, now: Instant) {
        self.first_message_until = Some(now + limits::FIRST_MESSAGE_TIMEOUT);
    }

    /// When [`Self::handle_timeout`] wants to be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Instant {
        let silent_at = self.heard_at + limits::SILENCE_TIMEOUT;
        let next = self.next_ping.min(silent_at);
        self.first_message_until.map_or(next, |until| until.min(next))
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) -> Step {
        if self.first_message_until.is_some_and(|until| until <= now) {
            return Step::Close(None, close_code::NO_JOIN);
        }
        if self.heard_at + limits::SILENCE_TIMEOUT <= now {
            return Step::Close(None, close_code::SILENT);
        }
        if self.next_ping <= now {
            self.next_ping = now + limits::PING_INTERVAL;
            return Step::Ping;
        }
        Step::Nothing
    }

    /// Counts one frame; `Some` when it is one too many.
    fn check_rate(&mut self, text: Option<&str>, now: Instant) -> Option<Step> {
        if self.messages.is_full(now) {
            self.refused_messages = 0;
        }
        if self.messages.take(now) {
            return None;
        }
        self.refused_for = Some(RefusedFor::Rate);
        self.refused_messages += 1;
        let request_id = text.and_then(request_id_of);
        let error = error(request_id, ErrorCode::TooManyMessages);
        if self.refused_messages > MAX_REFUSED_MESSAGES {
            return Some(Step::Close(Some(error), close_code::FLOOD));
        }
        Some(Step::Reply(error))
    }

    fn too_big(&mut self, request_id: Option<u32>) -> Step {
        self.refused_for = Some(RefusedFor::Size);
        let error = error(request_id, ErrorCode::MessageTooBig);
        Step::Close(Some(error), close_code::TOO_BIG)
    }

    fn unreadable(&mut self, text: &str, cause: &serde_json::Error) -> Step {
        self.refused_for = Some(RefusedFor::Unreadable);
        if text.len() > limits::MAX_MESSAGE_BYTES {
            return self.too_big(request_id_of(text));
        }
        // The cause names fields and positions of the client's own text, nothing of ours.
        let message = format!("{}: {cause}", ErrorCode::BadMessage.message());
        let request_id = request_id_of(text);
        let error = ServerMessage::Error { request_id, code: ErrorCode::BadMessage, message };
        match self.first_message_until {
            Some(_) => Step::Close(Some(error), close_code::NO_JOIN),
            None => Step::Reply(error),
        }
    }
}

/// An error with the usual sentence of its code.
#[must_use]
pub fn error(request_id: Option<u32>, code: ErrorCode) -> ServerMessage {
    ServerMessage::Error { request_id, code, message: code.message().to_owned() }
}

/// The `request_id` of a message whose other fields cannot be read.
fn request_id_of(text: &str) -> Option<u32> {
    #[derive(Deserialize)]
    struct OnlyId {
        request_id: u32,
    }
    if text.len() > limits::MAX_MESSAGE_BYTES {
        return None;
    }
    serde_json::from_str::<OnlyId>(text).ok().map(|message| message.request_id)
}

/// How long writing one frame may take before the client counts as too slow.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
