//! The socket that media goes over.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use jumpa_rtc::{IceCandidate, Transport};
use socket2::SockRef;
use tokio::net::UdpSocket;

use crate::tcp::TcpLink;

/// The port that stands for "any" in candidates of active TCP (RFC 6544 section 4.5).
const DISCARD_PORT: u16 = 9;
/// What the kernel keeps of a call while nobody reads, bytes: a fifth of a second of fifty people, for
/// a recorder that finds no processor.
const BUFFER_BYTES: usize = 1024 * 1024;
/// Largest datagram that is read.
const MAX_DATAGRAM: usize = 2_048;

/// The socket that media goes over.
pub(crate) enum MediaSocket {
    Udp(UdpSocket),
    Tcp { link: Box<TcpLink>, local: IpAddr },
}

impl MediaSocket {
    /// A new socket on the local address that reaches the server.
    pub(crate) async fn open(transport: Transport, authority: &str) -> io::Result<Self> {
        let local = local_address(authority).await?;
        Ok(match transport {
            Transport::Udp => {
                let socket = UdpSocket::bind((local, 0)).await?;
                // The kernel takes less than asked without an error; a refusal costs only burst tolerance.
                let _ = SockRef::from(&socket).set_recv_buffer_size(BUFFER_BYTES);
                // Before it is known to be writable, every attempt to send would be refused.
                socket.writable().await?;
                Self::Udp(socket)
            }
            Transport::Tcp => Self::Tcp { link: Box::default(), local },
        })
    }

    /// How the other side knows this end.
    pub(crate) fn candidate(&self) -> io::Result<IceCandidate> {
        Ok(match self {
            Self::Udp(socket) => {
                IceCandidate { transport: Transport::Udp, address: socket.local_addr()? }
            }
            Self::Tcp { local, .. } => IceCandidate {
                transport: Transport::Tcp,
                address: SocketAddr::new(*local, DISCARD_PORT),
            },
        })
    }

    pub(crate) fn transport(&self) -> Transport {
        match self {
            Self::Udp(_) => Transport::Udp,
            Self::Tcp { .. } => Transport::Tcp,
        }
    }

    /// Sends a datagram or drops it, which it tells by `false`: media never waits.
    pub(crate) fn send(&mut self, to: SocketAddr, datagram: &[u8], now: Instant) -> bool {
        match self {
            Self::Udp(socket) => socket.try_send_to(datagram, to).is_ok(),
            Self::Tcp { link, .. } => link.send(to, datagram, now),
        }
    }

    /// Waits until [`Self::receive`] may have something. May be dropped and called again.
    pub(crate) async fn ready(&mut self) {
        match self {
            Self::Udp(socket) => {
                // An error shows in the next read.
                let _ = socket.readable().await;
            }
            Self::Tcp { link, .. } => link.ready().await,
        }
    }

    /// The next datagram, without waiting.
    pub(crate) fn receive(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
        match self {
            Self::Udp(socket) => {
                let mut buffer = [0; MAX_DATAGRAM];
                loop {
                    match socket.try_recv_from(&mut buffer) {
                        Ok((len, source)) => {
                            return Some((source, buffer.get(..len).unwrap_or_default().to_vec()));
                        }
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
                        // The server is down: an ICMP message about an earlier datagram.
                        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                        Err(error) => {
                            tracing::debug!(%error, "reading the media socket");
                            return None;
                        }
                    }
                }
            }
            Self::Tcp { link, .. } => link.receive(),
        }
    }
}

/// The address of this machine that packets to the server leave from. Connecting a UDP socket
/// sends nothing.
async fn local_address(authority: &str) -> io::Result<IpAddr> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the server's name has no address");
    for server in tokio::net::lookup_host(authority).await? {
        let any: SocketAddr =
            if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
        let probe = UdpSocket::bind(any).await?;
        match probe.connect(server).await {
            Ok(()) => return probe.local_addr().map(|address| address.ip()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_socket_is_bound_where_the_server_is_reached() {
        for transport in [Transport::Udp, Transport::Tcp] {
            let socket = MediaSocket::open(transport, "127.0.0.1:8080").await.unwrap();
            let candidate = socket.candidate().unwrap();
            assert_eq!(candidate.transport, transport);
            assert_eq!(candidate.address.ip(), IpAddr::from([127, 0, 0, 1]));
            assert_ne!(candidate.address.port(), 0);
        }
    }
}
