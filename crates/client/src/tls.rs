//! Servers behind TLS.

use tokio_tungstenite::Connector;

/// Makes connections to `wss://`, and trusts the certificates that the machine trusts;
/// `SSL_CERT_FILE` names others.
#[must_use]
pub fn tls_connector() -> Connector {
    Connector::Rustls(jumpa_outbound::machine_trust())
}
