//! What can go wrong with a peer connection.

/// Why a peer connection refused an input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RtcError {
    /// The text is not a session description.
    #[error("parsing the session description: {0}")]
    Sdp(String),
    /// The session description does not follow the slot contract.
    #[error("the offer breaks the slot contract: {0}")]
    Contract(&'static str),
    /// The engine refused the description.
    #[error("applying the session description: {0}")]
    Negotiation(String),
    /// The connection is closed.
    #[error("the peer connection is closed")]
    Closed,
}
