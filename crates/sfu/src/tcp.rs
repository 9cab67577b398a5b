//! Clients over TCP (ICE-TCP, RFC 6544): accepted connections with their frames and bounds.

use std::{
    collections::HashMap,
    io::{self, Read},
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use mio::{Interest, Registry, Token, net::TcpStream};

use crate::framing::{FrameReader, FrameWriter};

/// Connections of one worker. Each costs a file descriptor and up to 128 KiB for a slow receiver.
pub const MAX_CONNECTIONS: usize = 2_048;

/// Connections of one worker from one address: an office behind one NAT with two interfaces each
/// has tens of them.
pub const MAX_CONNECTIONS_PER_SOURCE: usize = 128;

/// How long a connection may stay without a check that proves whose it is.
pub const IDENTIFY_WITHIN: Duration = Duration::from_secs(10);

/// How long an identified connection may be silent. Browsers check spare connections every 25 s.
pub const SILENT_FOR: Duration = Duration::from_secs(40);

/// Bytes that are read at once.
const READ_BYTES: usize = 16 * 1024;

/// One accepted connection of a worker; never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConnectionId(pub usize);

/// What reading a connection came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadState {
    /// Everything was read.
    Drained,
    /// There may be more.
    More,
    /// The connection is over and is to be removed.
    Over,
}

/// The accepted connections of a worker.
#[derive(Debug, Default)]
pub struct Connections {
    connections: HashMap<ConnectionId, Connection>,
    per_source: HashMap<IpAddr, usize>,
    next_id: usize,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    source: SocketAddr,
    reader: FrameReader,
    writer: FrameWriter,
    /// When its patience began: at the opening until it is identified, then at each read.
    patient_since: Instant,
    is_identified: bool,
    waits_for_room: bool,
    token: Token,
}

impl Connections {
    /// Takes an accepted stream under a token that the caller can tell from others. `None` when it
    /// is over a bound; the stream is closed.
    ///
    /// # Errors
    /// When the poll does not take it.
    pub fn insert(
        &mut self,
        mut stream: TcpStream,
        source: SocketAddr,
        registry: &Registry,
        first_token: usize,
        now: Instant,
    ) -> io::Result<Option<ConnectionId>> {
        let of_source = self.per_source.get(&source.ip()).copied().unwrap_or(0);
        if self.connections.len() >= MAX_CONNECTIONS || of_source >= MAX_CONNECTIONS_PER_SOURCE {
            return Ok(None);
        }
        // Media is late at once when the kernel waits for a full segment.
        stream.set_nodelay(true)?;
        let id = ConnectionId(self.next_id);
        let token = Token(first_token + self.next_id);
        registry.register(&mut stream, token, Interest::READABLE)?;
        self.next_id += 1;
        *self.per_source.entry(source.ip()).or_default() += 1;
        let connection = Connection {
            stream,
            source,
            reader: FrameReader::default(),
            writer: FrameWriter::default(),
            patient_since: now,
            is_identified: false,
            waits_for_room: false,
            token,
        };
        self.connections.insert(id, connection);
        Ok(Some(id))
    }

    /// The client's end of a connection.
    #[must_use]
    pub fn source(&self, id: ConnectionId) -> Option<SocketAddr> {
        Some(self.connections.get(&id)?.source)
    }

    /// Reads once and gives every complete datagram to `take`.
    pub fn read(
        &mut self,
        id: ConnectionId,
        now: Instant,
        mut take: impl FnMut(&[u8]),
    ) -> ReadState {
        let Some(connection) = self.connections.get_mut(&id) else { return ReadState::Drained };
        let mut bytes = [0; READ_BYTES];
        let len = match connection.stream.read(&mut bytes) {
            Ok(0) => return ReadState::Over,
            Ok(len) => len,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return ReadState::Drained,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return ReadState::More,
            Err(_) => return ReadState::Over,
        };
        if connection.is_identified {
            connection.patient_since = now;
        }
        connection.reader.push(bytes.get(..len).unwrap_or_default());
        loop {
            match connection.reader.next_frame() {
                Ok(Some(datagram)) => take(datagram),
                Ok(None) => return ReadState::More,
                Err(_) => return ReadState::Over,
            }
        }
    }

    /// Sends a datagram. `false` when it was dropped: the client does not read fast enough, or the
    /// connection is gone.
    pub fn send(&mut self, id: ConnectionId, datagram: &[u8], registry: &Registry) -> bool {
        let Some(connection) = self.connections.get_mut(&id) else { return false };
        let is_sent = connection.writer.send(&mut connection.stream, datagram).unwrap_or(false);
        connection.update_interest(registry);
        is_sent
    }

    /// Sends what waits, now that the socket has room. `false` when the connection is over.
    pub fn flush(&mut self, id: ConnectionId, registry: &Registry) -> bool {
        let Some(connection) = self.connections.get_mut(&id) else { return true };
        let is_alive = connection.writer.flush(&mut connection.stream).is_ok();
        connection.update_interest(registry);
        is_alive
    }

    /// Notes that a check proved whose connection it is.
    pub fn identify(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.is_identified = true;
        }
    }

    /// Closes a connection.
    pub fn remove(&mut self, id: ConnectionId, registry: &Registry) {
        let Some(mut connection) = self.connections.remove(&id) else { return };
        // A failure means that the poll did not know it, which is what is wanted.
        let _ = registry.deregister(&mut connection.stream);
        if let Some(count) = self.per_source.get_mut(&connection.source.ip()) {
            *count -= 1;
            if *count == 0 {
                self.per_source.remove(&connection.source.ip());
            }
        }
    }

    /// Connections that nobody identified in time or that have been silent for too long.
    #[must_use]
    pub fn overdue(&self, now: Instant) -> Vec<ConnectionId> {
        self.connections
            .iter()
            .filter(|(_, connection)| {
                let patience = if connection.is_identified { SILENT_FOR } else { IDENTIFY_WITHIN };
                now >= connection.patient_since + patience
            })
            .map(|(id, _)| *id)
            .collect()
    }

    /// Open connections.
    #[must_use]
    pub fn len(&self) -> usize {
        self.connections.len()
    }

    /// Whether no connection is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }
}

impl Connection {
    /// Asks to be told about room in the socket only while something waits for it.
    fn update_interest(&mut self, registry: &Registry) {
        let waits = !self.writer.is_empty();
        if waits == self.waits_for_room {
            return;
        }
        let interest =
            if waits { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        if registry.reregister(&mut self.stream, self.token, interest).is_ok() {
            self.waits_for_room = waits;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write, net::TcpListener as StdListener};

    use mio::Poll;

    use super::*;

    struct Server {
        poll: Poll,
        listener: StdListener,
        connections: Connections,
        now: Instant,
    }

    fn server() -> Server {
        let listener = StdListener::bind("127.0.0.1:0").expect("a free port");
        let (poll, connections) = (Poll::new().expect("a poll"), Connections::default());
        Server { poll, listener, connections, now: Instant::now() }
    }

    impl Server {
        /// The client's end of a new connection, and ours unless it was over a bound.
        fn connect(&mut self) -> (std::net::TcpStream, Option<ConnectionId>) {
            let address = self.listener.local_addr().expect("is bound");
            let client = std::net::TcpStream::connect(address).expect("connects");
            let (stream, source) = self.listener.accept().expect("accepts");
            stream.set_nonblocking(true).expect("is a socket");
            let stream = TcpStream::from_std(stream);
            let registry = self.poll.registry();
            let id = self.connections.insert(stream, source, registry, 10, self.now);
            (client, id.expect("registers"))
        }

        /// Reads until something came out or the connection is over.
        fn read(&mut self, id: ConnectionId) -> (Vec<Vec<u8>>, ReadState) {
            let mut events = mio::Events::with_capacity(8);
            self.poll.poll(&mut events, Some(Duration::from_secs(5))).expect("polls");
            let mut datagrams = Vec::new();
            let state = self.connections.read(id, self.now, |it| datagrams.push(it.to_vec()));
            (datagrams, state)
        }
    }

    #[test]
    fn datagrams_come_out_of_a_connection() {
        let mut server = server();
        let (mut client, id) = server.connect();
        client.write_all(b"\0\x04halo\0\x02").expect("sends");
        let (datagrams, state) = server.read(id.expect("within bounds"));
        assert_eq!((datagrams, state), (vec![b"halo".to_vec()], ReadState::More));
    }

    #[test]
    fn a_stream_that_is_no_media_is_over() {
        let mut server = server();
        let (mut client, id) = server.connect();
        client.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("sends");
        assert_eq!(server.read(id.expect("within bounds")).1, ReadState::Over);
    }

    #[test]
    fn a_connection_that_proves_nothing_is_overdue_though_it_sends() {
        let mut server = server();
        let (mut client, id) = server.connect();
        let id = id.expect("within bounds");
        server.now += IDENTIFY_WITHIN - Duration::from_millis(1);
        client.write_all(b"\0\x01x").expect("sends");
        server.read(id);
        assert!(server.connections.overdue(server.now).is_empty());
        server.now += Duration::from_millis(1);
        assert_eq!(server.connections.overdue(server.now), [id]);
    }

    #[test]
    fn an_identified_connection_may_be_silent_for_longer() {
        let mut server = server();
        let (mut client, id) = server.connect();
        let id = id.expect("within bounds");
        server.connections.identify(id);
        server.now += IDENTIFY_WITHIN;
        client.write_all(b"\0\x01x").expect("sends");
        server.read(id);
        server.now += SILENT_FOR - Duration::from_millis(1);
        assert!(server.connections.overdue(server.now).is_empty());
        server.now += Duration::from_millis(1);
        assert_eq!(server.connections.overdue(server.now), [id]);
    }

    #[test]
    fn connections_of_one_source_are_bounded_and_make_room_when_they_close() {
        let mut server = server();
        let mut clients = Vec::new();
        for _ in 0..MAX_CONNECTIONS_PER_SOURCE {
            clients.push(server.connect());
        }
        assert!(clients.iter().all(|(_, id)| id.is_some()));
        assert_eq!(server.connect().1, None);
        let closed = clients.pop().and_then(|(_, id)| id).expect("within bounds");
        server.connections.remove(closed, server.poll.registry());
        assert!(server.connect().1.is_some());
    }

    #[test]
    fn a_client_that_does_not_read_loses_datagrams_and_holds_up_nobody() {
        let mut server = server();
        let (_client, id) = server.connect();
        let id = id.expect("within bounds");
        let datagram = [0x80; 1_200];
        let registry = server.poll.registry();
        let sent =
            (0..100_000).take_while(|_| server.connections.send(id, &datagram, registry)).count();
        assert!(sent < 100_000, "the queue has a bound");
    }
}
