//! Looks at where a name leads, and connects there.

use std::{fmt, io, net::SocketAddr};

use jumpa_protocol::AllowedNetworks;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use crate::{Line, machine_trust};

/// Why there is no connection, in words for whoever chose the address.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The name leads nowhere, or cannot stand in a certificate.
    #[error("the name of the host is not known")]
    UnknownHost,
    /// One of its addresses at least is of the inside.
    #[error("the address is not public, and the operator of this server does not allow it")]
    NotPublic,
    /// Plain text stays in networks that the operator names.
    #[error("only https goes over the internet")]
    NotEncrypted,
    /// Nobody answers, or not with a connection.
    #[error("no connection: {0}")]
    Connect(io::Error),
    /// Certificate or protocol.
    #[error("no TLS: {0}")]
    Tls(io::Error),
}

impl DialError {
    /// Whether it is the address that is wrong: trying again does not help.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::NotPublic | Self::NotEncrypted)
    }
}

/// The addresses of a host, one at least, when all of them may be reached.
///
/// Whoever connects takes these, so that the name cannot lead elsewhere between the look and the
/// connection; and all of them count, so that none is reached by asking often enough.
///
/// # Errors
/// [`DialError::UnknownHost`] and [`DialError::NotPublic`].
pub async fn look_up(
    host: &str,
    port: u16,
    allowed: &AllowedNetworks,
) -> Result<Vec<SocketAddr>, DialError> {
    let found = lookup_host((host, port)).await;
    let addresses: Vec<SocketAddr> = found.map_err(|_| DialError::UnknownHost)?.collect();
    if addresses.is_empty() {
        return Err(DialError::UnknownHost);
    }
    if !addresses.iter().all(|address| allowed.lets_reach(address.ip())) {
        return Err(DialError::NotPublic);
    }
    Ok(addresses)
}

/// Connects to addresses that were looked at.
#[derive(Clone)]
pub struct Dialer {
    allowed: AllowedNetworks,
    tls: TlsConnector,
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}

impl Dialer {
    /// Trusts the certificates that the machine trusts. Networks inside `allowed` are reached though
    /// they are not public, and without encryption too.
    #[must_use]
    pub fn new(allowed: AllowedNetworks) -> Self {
        Self { allowed, tls: TlsConnector::from(machine_trust()) }
    }

    /// Connects to a host, which is a name or an address without brackets.
    ///
    /// # Errors
    /// See [`DialError`]. It waits for as long as the host lets it.
    pub async fn dial(&self, host: &str, port: u16, is_encrypted: bool) -> Result<Line, DialError> {
        let addresses = look_up(host, port, &self.allowed).await?;
        let is_inside = addresses.iter().all(|address| self.allowed.names(address.ip()));
        if !is_encrypted && !is_inside {
            return Err(DialError::NotEncrypted);
        }
        let tcp = TcpStream::connect(addresses.as_slice()).await.map_err(DialError::Connect)?;
        // Requests are small or come in one piece; waiting for more would only delay them.
        tcp.set_nodelay(true).map_err(DialError::Connect)?;
        if !is_encrypted {
            return Ok(Line::Plain(tcp));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| DialError::UnknownHost)?;
        let tls = self.tls.connect(name, tcp).await.map_err(DialError::Tls)?;
        Ok(Line::Encrypted(Box::new(tls)))
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    fn this_machine() -> AllowedNetworks {
        AllowedNetworks::parse(&["127.0.0.1".to_owned()]).unwrap()
    }

    #[tokio::test]
    async fn addresses_of_the_inside_are_not_called_by_whatever_name() {
        let dialer = Dialer::new(AllowedNetworks::default());
        for host in [
            "127.0.0.1",
            "localhost",
            "::1",
            "::ffff:127.0.0.1",
            "169.254.169.254",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0",
        ] {
            let refused = dialer.dial(host, 443, true).await.unwrap_err();
            let is_refused = matches!(refused, DialError::NotPublic | DialError::UnknownHost);
            assert!(is_refused, "{host} {refused}");
        }
    }

    #[tokio::test]
    async fn the_internet_is_not_called_without_encryption() {
        let dialer = Dialer::new(AllowedNetworks::default());
        let refused = dialer.dial("9.9.9.9", 80, false).await.unwrap_err();
        assert!(matches!(refused, DialError::NotEncrypted), "{refused}");
        assert!(refused.is_refusal());
    }

    #[tokio::test]
    async fn networks_that_the_operator_names_are_reached_without_encryption() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut line = Dialer::new(this_machine()).dial("127.0.0.1", port, false).await.unwrap();
        assert!(matches!(line, Line::Plain(_)));
        line.write_all(b"halo").await.unwrap();
        let (mut other, _) = listener.accept().await.unwrap();
        let mut heard = [0; 4];
        other.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"halo");
    }

    #[tokio::test]
    async fn who_has_no_certificate_is_told_apart_from_who_is_not_there() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let dialer = Dialer::new(this_machine());
        let plain = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            socket.write_all(b"220 mail.example\r\n").await.unwrap();
            socket
        };
        let (failed, _socket) = tokio::join!(dialer.dial("127.0.0.1", port, true), plain);
        assert!(matches!(failed, Err(DialError::Tls(_))), "{failed:?}");
        drop(listener);
        let failed = dialer.dial("127.0.0.1", port, true).await;
        assert!(matches!(failed, Err(DialError::Connect(_))), "{failed:?}");
    }
}
