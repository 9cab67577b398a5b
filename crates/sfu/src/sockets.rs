//! The sockets of a worker: for each local address one for UDP and one that listens for TCP, all
//! on the worker's port.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use jumpa_rtc::{IceCandidate, Transport};
use mio::net::{TcpListener, UdpSocket};
use socket2::{Domain, Protocol, Socket, Type};
use tracing::warn;

use crate::config::{SfuConfig, StartError};

/// Wanted size of the kernel's buffers per UDP socket. It holds the packets of 100 ms at
/// 300 Mbit/s; the kernel may grant less (`net.core.rmem_max`, `net.core.wmem_max`).
const BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 256;

/// How often a free port is tried before giving up: the port that is free for UDP may be taken for
/// TCP or on another address.
const FREE_PORT_TRIES: usize = 32;

/// What one worker listens on.
#[derive(Debug)]
pub struct WorkerSockets {
    /// One per local address.
    pub udp: Vec<UdpSocket>,
    /// One per local address.
    pub listeners: Vec<TcpListener>,
    /// The port of all of them.
    pub port: u16,
    /// What clients are told.
    pub candidates: Vec<IceCandidate>,
}

/// The local addresses that the settings mean.
///
/// # Errors
/// [`StartError::Interfaces`] and [`StartError::NoAddress`].
pub fn local_addresses(config: &SfuConfig) -> Result<Vec<IpAddr>, StartError> {
    let mut addresses: Vec<IpAddr> =
        config.bind.iter().copied().filter(|address| !address.is_unspecified()).collect();
    let wants_all_v6 =
        config.bind.iter().any(|address| address.is_unspecified() && address.is_ipv6());
    let wants_all_v4 = wants_all_v6
        || config.bind.is_empty()
        || config.bind.iter().any(|address| *address == IpAddr::from([0; 4]));
    if wants_all_v4 {
        let interfaces = if_addrs::get_if_addrs().map_err(StartError::Interfaces)?;
        let of_interfaces = interfaces.iter().map(if_addrs::Interface::ip).filter(|address| {
            match address {
                IpAddr::V4(address) => !address.is_link_local(),
                // Browsers reach this machine itself by 127.0.0.1.
                IpAddr::V6(address) => {
                    (wants_all_v6 || config.bind.is_empty())
                        && !address.is_unicast_link_local()
                        && !address.is_loopback()
                }
            }
        });
        addresses.extend(of_interfaces);
    }
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.is_empty() { Err(StartError::NoAddress) } else { Ok(addresses) }
}

impl WorkerSockets {
    /// Listens on the port of a worker on every address.
    ///
    /// Addresses of interfaces that come and go are left out with a warning when they cannot be
    /// used; a taken port is an error.
    ///
    /// # Errors
    /// [`StartError::PortTaken`], [`StartError::PortRange`], or [`StartError::Bind`] when no
    /// address can be used.
    pub fn bind(
        config: &SfuConfig,
        addresses: &[IpAddr],
        worker: usize,
        workers: usize,
    ) -> Result<Self, StartError> {
        if config.media_port != 0 {
            let port = u16::try_from(worker)
                .ok()
                .and_then(|worker| config.media_port.checked_add(worker))
                .ok_or(StartError::PortRange { first: config.media_port, workers })?;
            return Self::bind_port(config, addresses, port);
        }
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::bind_port(config, addresses, 0) {
                Err(StartError::PortTaken { .. }) if tries < FREE_PORT_TRIES => {}
                result => return result,
            }
        }
    }

    fn bind_port(
        config: &SfuConfig,
        addresses: &[IpAddr],
        wanted_port: u16,
    ) -> Result<Self, StartError> {
        let mut sockets = Self {
            udp: Vec::new(),
            listeners: Vec::new(),
            port: wanted_port,
            candidates: Vec::new(),
        };
        let mut last_error = None;
        let mut used = Vec::new();
        for address in addresses {
            match sockets.bind_address(config, *address) {
                Ok(()) => used.push(*address),
                Err(error @ StartError::Bind { .. }) => {
                    warn!(error = %error, "media does not listen on one of the local addresses");
                    last_error = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        if used.is_empty() {
            return Err(last_error.unwrap_or(StartError::NoAddress));
        }
        let told = if config.candidate_ips.is_empty() { &used } else { &config.candidate_ips };
        for (is_wanted, transport) in [(config.udp, Transport::Udp), (config.tcp, Transport::Tcp)] {
            if is_wanted {
                sockets.candidates.extend(told.iter().map(|address| IceCandidate {
                    transport,
                    address: SocketAddr::new(*address, sockets.port),
                }));
            }
        }
        Ok(sockets)
    }

    fn bind_address(&mut self, config: &SfuConfig, address: IpAddr) -> Result<(), StartError> {
        let mut udp = None;
        if config.udp {
            let at = SocketAddr::new(address, self.port);
            let socket =
                udp_socket(at).map_err(|source| start_error(Transport::Udp, at, source))?;
            self.port = self.port.max(local_port(socket.local_addr()));
            udp = Some(socket);
        }
        if config.tcp {
            let at = SocketAddr::new(address, self.port);
            let listener =
                tcp_listener(at).map_err(|source| start_error(Transport::Tcp, at, source))?;
            self.port = self.port.max(local_port(listener.local_addr()));
            self.listeners.push(listener);
        }
        self.udp.extend(udp);
        Ok(())
    }
}

fn udp_socket(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // The kernel takes less than asked without an error; a refusal costs only burst tolerance.
    let _ = socket.set_recv_buffer_size(BUFFER_BYTES);
    let _ = socket.set_send_buffer_size(BUFFER_BYTES);
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(UdpSocket::from_std(socket.into()))
}

fn tcp_listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // A restart must not wait for connections of the previous run to time out.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(TcpListener::from_std(socket.into()))
}

fn local_port(address: io::Result<SocketAddr>) -> u16 {
    address.map(|address| address.port()).unwrap_or_default()
}

fn start_error(transport: Transport, address: SocketAddr, source: io::Error) -> StartError {
    if source.kind() == io::ErrorKind::AddrInUse {
        StartError::PortTaken { transport, address }
    } else {
        StartError::Bind { transport, address, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_loopback() -> SfuConfig {
        SfuConfig {
            bind: vec![IpAddr::from([127, 0, 0, 1])],
            media_port: 0,
            ..SfuConfig::default()
        }
    }

    #[test]
    fn udp_and_tcp_of_a_worker_share_a_free_port() {
        let config = on_loopback();
        let addresses = local_addresses(&config).expect("127.0.0.1 is there");
        let sockets = WorkerSockets::bind(&config, &addresses, 0, 1).expect("a free port");
        let ports: Vec<u16> = sockets.candidates.iter().map(|it| it.address.port()).collect();
        assert_eq!(ports, [sockets.port; 2]);
        assert_ne!(sockets.port, 0);
    }

    #[test]
    fn a_taken_port_is_named_with_what_to_do() {
        let taken = std::net::UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let port = taken.local_addr().expect("is bound").port();
        let config = SfuConfig { media_port: port, ..on_loopback() };
        let error = WorkerSockets::bind(&config, &config.bind, 0, 1).expect_err("it is taken");
        let text = error.to_string();
        assert!(text.contains(&port.to_string()) && text.contains("another media port"), "{text}");
    }

    #[test]
    fn workers_beyond_the_last_port_are_refused() {
        let config = SfuConfig { media_port: 65_535, ..on_loopback() };
        let result = WorkerSockets::bind(&config, &config.bind, 1, 2);
        assert!(matches!(result, Err(StartError::PortRange { first: 65_535, workers: 2 })));
    }

    #[test]
    fn without_settings_every_local_address_is_used_and_loopback_too() {
        let addresses = local_addresses(&SfuConfig::default()).expect("at least loopback");
        assert!(addresses.contains(&IpAddr::from([127, 0, 0, 1])));
        assert!(addresses.iter().all(|address| !address.is_unspecified()));
    }

    #[test]
    fn given_addresses_replace_the_local_ones_for_clients() {
        let public = IpAddr::from([203, 0, 113, 5]);
        let config = SfuConfig { candidate_ips: vec![public], ..on_loopback() };
        let sockets = WorkerSockets::bind(&config, &config.bind, 0, 1).expect("a free port");
        assert!(sockets.candidates.iter().all(|it| it.address.ip() == public));
    }
}
