//! The sockets of a running worker: what is ready to be read, and the way out.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use mio::{Events, Interest, Registry, Token, net::TcpListener, net::UdpSocket};

use crate::{
    datagram::MAX_DATAGRAM_BYTES,
    demux::{DropReason, Path},
    sockets::WorkerSockets,
    stats::{SendFailure, SfuStats},
    tcp::{ConnectionId, Connections, ReadState},
};

/// The token of the waker.
pub const WAKE: Token = Token(0);
const FIRST_UDP: usize = 1;
const FIRST_LISTENER: usize = 1_000;
const FIRST_CONNECTION: usize = 2_000;

/// Connections accepted in one turn, so that a flood of them does not hold up media.
const ACCEPT_BATCH: usize = 16;

/// A datagram that was read.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// Where it came in.
    pub path: Path,
    /// The address of the other side.
    pub source: IpAddr,
    /// Bytes at the beginning of the given buffer.
    pub len: usize,
}

/// The sockets of a worker.
#[derive(Debug)]
pub struct Wire {
    registry: Registry,
    udp: Vec<Ready<UdpSocket>>,
    listeners: Vec<Ready<TcpListener>>,
    connections: Connections,
    /// Connections that may have something to read, each once.
    readable: VecDeque<ConnectionId>,
    /// Figures of the worker.
    pub stats: SfuStats,
}

/// A socket and whether it may have something for us (readiness is told once).
#[derive(Debug)]
struct Ready<S> {
    socket: S,
    is_ready: bool,
}

impl Wire {
    /// Registers the sockets of a worker at its poll.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn new(registry: Registry, sockets: WorkerSockets) -> io::Result<Self> {
        let mut udp = Vec::new();
        for (index, mut socket) in sockets.udp.into_iter().enumerate() {
            registry.register(&mut socket, Token(FIRST_UDP + index), Interest::READABLE)?;
            udp.push(Ready { socket, is_ready: false });
        }
        let mut listeners = Vec::new();
        for (index, mut socket) in sockets.listeners.into_iter().enumerate() {
            registry.register(&mut socket, Token(FIRST_LISTENER + index), Interest::READABLE)?;
            listeners.push(Ready { socket, is_ready: false });
        }
        let connections = Connections::default();
        let stats = SfuStats::default();
        Ok(Self { registry, udp, listeners, connections, readable: VecDeque::new(), stats })
    }

    /// Notes what the poll told. Returns connections that broke while waiting bytes were sent.
    pub fn note(&mut self, events: &Events) -> Vec<ConnectionId> {
        let mut broken = Vec::new();
        for event in events {
            let Token(token) = event.token();
            if token >= FIRST_CONNECTION {
                let id = ConnectionId(token - FIRST_CONNECTION);
                if event.is_writable() && !self.connections.flush(id, &self.registry) {
                    broken.push(id);
                } else if !self.readable.contains(&id) {
                    self.readable.push_back(id);
                }
            } else if let Some(listener) =
                token.checked_sub(FIRST_LISTENER).and_then(|index| self.listeners.get_mut(index))
            {
                listener.is_ready = true;
            } else if let Some(udp) =
                token.checked_sub(FIRST_UDP).and_then(|index| self.udp.get_mut(index))
            {
                udp.is_ready = true;
            }
        }
        broken
    }

    /// Whether something is left to be read without waiting.
    pub fn has_more(&self) -> bool {
        !self.readable.is_empty()
            || self.udp.iter().any(|udp| udp.is_ready)
            || self.listeners.iter().any(|listener| listener.is_ready)
    }

    /// UDP sockets of the worker.
    pub fn udp_len(&self) -> usize {
        self.udp.len()
    }

    /// Reads one datagram of a UDP socket, if there is one.
    pub fn receive_udp(&mut self, index: usize, buffer: &mut [u8]) -> Option<Received> {
        let udp = self.udp.get_mut(index).filter(|udp| udp.is_ready)?;
        loop {
            match udp.socket.recv_from(buffer) {
                Ok((len, remote)) => {
                    self.stats.datagrams_received += 1;
                    self.stats.bytes_received += len as u64;
                    if len > MAX_DATAGRAM_BYTES {
                        self.stats.drop_datagram(DropReason::Malformed);
                        continue;
                    }
                    let socket = u16::try_from(index).ok()?;
                    let path = Path::Udp { socket, remote };
                    return Some(Received { path, source: remote.ip(), len });
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    udp.is_ready = false;
                    return None;
                }
                // Told once, about a datagram that was sent earlier; others may wait behind it.
                Err(_) => return None,
            }
        }
    }

    /// Reads once from the next TCP connection that may have something, giving every datagram to
    /// `take`. `None` when there is no such connection; otherwise it, and whether it is over.
    pub fn receive_tcp(
        &mut self,
        now: Instant,
        mut take: impl FnMut(&[u8]),
    ) -> Option<(ConnectionId, SocketAddr, bool)> {
        let id = self.readable.pop_front()?;
        let Some(source) = self.connections.source(id) else {
            return self.receive_tcp(now, take);
        };
        let stats = &mut self.stats;
        let state = self.connections.read(id, now, |datagram| {
            stats.datagrams_received += 1;
            stats.bytes_received += datagram.len() as u64;
            take(datagram);
        });
        if state == ReadState::More {
            self.readable.push_back(id);
        }
        Some((id, source, state == ReadState::Over))
    }

    /// Connections that may have something to read.
    pub fn readable_len(&self) -> usize {
        self.readable.len()
    }

    /// Accepts waiting TCP connections, a bounded number of them.
    pub fn accept(&mut self, now: Instant) {
        for listener in self.listeners.iter_mut().filter(|listener| listener.is_ready) {
            for _ in 0..ACCEPT_BATCH {
                let (stream, source) = match listener.socket.accept() {
                    Ok(accepted) => accepted,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        listener.is_ready = false;
                        break;
                    }
                    // The connection was given up while it waited, or there is no descriptor for
                    // it. Trying again at once would only burn time ([`Self::retry_accept`]).
                    Err(_) => {
                        listener.is_ready = false;
                        break;
                    }
                };
                let inserted =
                    self.connections.insert(stream, source, &self.registry, FIRST_CONNECTION, now);
                match inserted {
                    Ok(Some(id)) => self.readable.push_back(id),
                    Ok(None) | Err(_) => self.stats.tcp_refused += 1,
                }
            }
        }
        self.stats.tcp_connections = self.connections.len() as u64;
    }

    /// Looks again for waiting connections: after a failure nothing tells that there are some.
    pub fn retry_accept(&mut self) {
        for listener in &mut self.listeners {
            listener.is_ready = true;
        }
    }

    /// Sends a datagram, or drops and counts it: media that waits is worth nothing.
    pub fn send(&mut self, path: Option<Path>, datagram: &[u8]) {
        let result = match path {
            None => Err(SendFailure::NoPath),
            Some(Path::Udp { socket, remote }) => self.send_udp(socket, remote, datagram),
            Some(Path::Tcp(id)) => {
                let is_sent = self.connections.send(id, datagram, &self.registry);
                if is_sent { Ok(()) } else { Err(SendFailure::BufferFull) }
            }
        };
        match result {
            Ok(()) => {
                self.stats.datagrams_sent += 1;
                self.stats.bytes_sent += datagram.len() as u64;
            }
            Err(failure) => self.stats.fail_to_send(failure),
        }
    }

    fn send_udp(
        &mut self,
        socket: u16,
        remote: SocketAddr,
        datagram: &[u8],
    ) -> Result<(), SendFailure> {
        let udp = self.udp.get(usize::from(socket)).ok_or(SendFailure::NoPath)?;
        match udp.socket.send_to(datagram, remote) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(SendFailure::BufferFull),
            Err(_) => Err(SendFailure::Refused),
        }
    }

    /// Notes that a check proved whose connection it is.
    pub fn identify(&mut self, id: ConnectionId) {
        self.connections.identify(id);
    }

    /// Closes a connection.
    pub fn close(&mut self, id: ConnectionId) {
        self.connections.remove(id, &self.registry);
        self.readable.retain(|readable| *readable != id);
        self.stats.tcp_connections = self.connections.len() as u64;
    }

    /// Connections that nobody identified in time or that have been silent for too long.
    pub fn overdue(&self, now: Instant) -> Vec<ConnectionId> {
        self.connections.overdue(now)
    }
}
