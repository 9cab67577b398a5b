//! Settings of peer connections.

use std::net::SocketAddr;

use str0m::config::DtlsCert;

use crate::{Transport, crypto};

/// The label of the one data channel; channels with other labels are ignored.
pub const FAST_LABEL: &str = "jumpa";

/// The identity of a node towards its clients: one DTLS certificate for all connections, since
/// making one costs milliseconds.
#[derive(Debug, Clone)]
pub struct Certificate(DtlsCert);

impl Certificate {
    /// Makes a new self-signed certificate.
    ///
    /// # Errors
    /// When the crypto library cannot make one.
    pub fn generate() -> Result<Self, crate::RtcError> {
        crypto::provider()
            .dtls_provider
            .generate_certificate()
            .map(Self)
            .ok_or_else(|| crate::RtcError::Negotiation("no certificate could be made".into()))
    }

    pub(crate) fn inner(&self) -> &DtlsCert {
        &self.0
    }
}

/// A local address that is told to the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IceCandidate {
    /// UDP, or TCP (passive, RFC 6544).
    pub transport: Transport,
    /// Address and port that clients can reach.
    pub address: SocketAddr,
}

/// Settings of the server's side.
#[derive(Debug, Clone)]
pub struct PeerConfig {
    /// The node's identity.
    pub certificate: Certificate,
    /// Where clients reach the node.
    pub candidates: Vec<IceCandidate>,
    /// First guess of what the receiver's downlink carries, bits per second. None: it carries
    /// everything, nothing is estimated and nothing is paced.
    pub initial_estimate_bps: Option<u64>,
}

/// Settings of the client's side.
#[derive(Debug, Clone)]
pub struct CallerConfig {
    /// The client's identity.
    pub certificate: Certificate,
    /// Where the client's own socket is bound; for TCP the local end of the connection.
    pub local: IceCandidate,
    /// Receiving audio m-lines.
    pub audio_slots: u16,
    /// Receiving video m-lines.
    pub video_slots: u16,
    /// Codecs for pictures, preferred first.
    pub video_codecs: Vec<crate::Codec>,
    /// Whether the microphone offers RED.
    pub offers_red: bool,
    /// Rids of the camera, from small to large; empty for one encoding without rid.
    pub camera_rids: Vec<crate::Rid>,
}
