//! Datagrams over TCP (RFC 4571): 16 bits of length, then the datagram.

use std::{
    collections::VecDeque,
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    time::{Duration, Instant},
};

use tokio::net::TcpStream;

/// Bytes that wait for the stream at most; more would be late anyway, so it is dropped.
const MAX_BACKLOG: usize = 256 * 1024;
/// Pause before a broken stream is made again.
const RETRY_PAUSE: Duration = Duration::from_millis(200);

type Connecting = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send + Sync>>;

/// A stream to the media server that is made when the first datagram wants out.
#[derive(Default)]
pub(crate) struct TcpLink {
    state: State,
    server: Option<SocketAddr>,
    inbox: Frames,
    outbox: VecDeque<u8>,
    retry_at: Option<Instant>,
}

#[derive(Default)]
enum State {
    #[default]
    Idle,
    Connecting(Connecting),
    Open(TcpStream),
}

impl TcpLink {
    /// Queues a datagram; `false` when it was dropped.
    pub(crate) fn send(&mut self, server: SocketAddr, datagram: &[u8], now: Instant) -> bool {
        let Ok(length) = u16::try_from(datagram.len()) else {
            return false;
        };
        if self.server != Some(server) {
            self.server = Some(server);
            self.reset();
        }
        if matches!(self.state, State::Idle) {
            if self.retry_at.is_some_and(|at| now < at) {
                return false;
            }
            self.state = State::Connecting(Box::pin(TcpStream::connect(server)));
        }
        if self.outbox.len() + datagram.len() > MAX_BACKLOG {
            return false;
        }
        self.outbox.extend(length.to_be_bytes());
        self.outbox.extend(datagram);
        self.write();
        true
    }

    /// Drops the stream; the next datagram makes a new one.
    pub(crate) fn reset(&mut self) {
        self.state = State::Idle;
        self.inbox = Frames::default();
        self.outbox.clear();
        self.retry_at = None;
    }

    /// Waits until something can be read, written or was connected. May be dropped and called
    /// again.
    pub(crate) async fn ready(&mut self) {
        match &mut self.state {
            State::Idle => std::future::pending().await,
            State::Connecting(connecting) => match connecting.as_mut().await {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true);
                    self.state = State::Open(stream);
                    self.write();
                }
                Err(_) => self.broke(),
            },
            State::Open(stream) => {
                let wants = if self.outbox.is_empty() {
                    tokio::io::Interest::READABLE
                } else {
                    tokio::io::Interest::READABLE | tokio::io::Interest::WRITABLE
                };
                if stream.ready(wants).await.is_err() {
                    self.broke();
                }
            }
        }
    }

    /// The next datagram, without waiting.
    pub(crate) fn receive(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
        let server = self.server?;
        self.write();
        loop {
            if let Some(datagram) = self.inbox.next() {
                return Some((server, datagram));
            }
            let State::Open(stream) = &mut self.state else {
                return None;
            };
            let mut buffer = [0; 16 * 1024];
            match stream.try_read(&mut buffer) {
                Ok(0) => {
                    self.broke();
                    return None;
                }
                Ok(len) => self.inbox.push(buffer.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
                Err(_) => {
                    self.broke();
                    return None;
                }
            }
        }
    }

    fn write(&mut self) {
        while !self.outbox.is_empty() {
            let State::Open(stream) = &mut self.state else {
                return;
            };
            let (front, _) = self.outbox.as_slices();
            match stream.try_write(front) {
                Ok(len) => drop(self.outbox.drain(..len)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(_) => return self.broke(),
            }
        }
    }

    fn broke(&mut self) {
        self.reset();
        self.retry_at = Some(Instant::now() + RETRY_PAUSE);
    }
}

/// Cuts a stream of bytes into datagrams.
#[derive(Default)]
struct Frames {
    bytes: VecDeque<u8>,
}

impl Frames {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        let length = u16::from_be_bytes([*self.bytes.front()?, *self.bytes.get(1)?]);
        let end = 2 + usize::from(length);
        if self.bytes.len() < end {
            return None;
        }
        Some(self.bytes.drain(..end).skip(2).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_are_cut_out_of_pieces_of_any_size() {
        let stream = [0, 3, 1, 2, 3, 0, 0, 0, 1, 9];
        for piece in 1..=stream.len() {
            let mut frames = Frames::default();
            let mut datagrams = Vec::new();
            for bytes in stream.chunks(piece) {
                frames.push(bytes);
                datagrams.extend(std::iter::from_fn(|| frames.next()));
            }
            assert_eq!(datagrams, [vec![1, 2, 3], vec![], vec![9]], "pieces of {piece}");
        }
    }

    #[tokio::test]
    async fn datagrams_written_before_the_stream_is_open_arrive() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let mut link = TcpLink::default();
        assert!(link.send(server, b"first", Instant::now()));
        assert!(link.send(server, b"second", Instant::now()));
        link.ready().await;
        let (stream, _) = listener.accept().await.unwrap();
        let mut frames = Frames::default();
        let mut datagrams = Vec::new();
        while datagrams.len() < 2 {
            stream.readable().await.unwrap();
            let mut buffer = [0; 100];
            if let Ok(len) = stream.try_read(&mut buffer) {
                frames.push(&buffer[..len]);
            }
            datagrams.extend(std::iter::from_fn(|| frames.next()));
        }
        assert_eq!(datagrams, [b"first".to_vec(), b"second".to_vec()]);
    }
}
