//! What can go wrong.

use std::io;

use jumpa_protocol::{ErrorCode, Refusal};
use jumpa_rtc::RtcError;
use tokio_tungstenite::tungstenite;

/// Why joining failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// The server said no.
    #[error("the server refused: {0}")]
    Refused(Refusal),
    /// No WebSocket to the server, or it was closed before an answer came.
    #[error("reaching the server")]
    Unreachable(#[source] Box<tungstenite::Error>),
    /// The server said something that is no answer to a join.
    #[error("reading the server's answer: {0}")]
    UnexpectedAnswer(String),
    /// The connection for media could not be made.
    #[error("making the media connection")]
    Media(#[from] RtcError),
    /// No socket for media.
    #[error("opening a socket for media")]
    Socket(#[from] io::Error),
}

impl JoinError {
    /// The server's stable reason, when it was the server that refused.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            _ => None,
        }
    }
}

impl From<tungstenite::Error> for JoinError {
    fn from(error: tungstenite::Error) -> Self {
        Self::Unreachable(Box::new(error))
    }
}

/// Why a request of a joined client was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The server said no; nothing changed.
    #[error("the server refused: {0}")]
    Refused(Refusal),
    /// The WebSocket was lost before the answer came; the request may have been done.
    #[error("the connection was lost before an answer came")]
    Lost,
    /// No answer in ten seconds.
    #[error("no answer came in time")]
    TimedOut,
    /// The client has left.
    #[error("the client has left the call")]
    Left,
}

impl RequestError {
    /// The server's stable reason, when it was the server that refused.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            _ => None,
        }
    }
}
