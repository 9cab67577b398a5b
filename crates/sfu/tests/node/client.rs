//! A client over real sockets on loopback.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use jumpa_protocol::{CallId, ParticipantId};
use jumpa_rtc::{
    Caller, CallerConfig, CallerEvent, Certificate, Codec, IceCandidate, Line, OutPacket,
    SendLayer, Transport,
};
use jumpa_sfu::framing::FrameReader;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

/// How long anything may take on a busy machine before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long one turn of a client waits for datagrams.
const TURN: Duration = Duration::from_millis(5);

/// One side of a connection over a real socket.
pub struct Client {
    pub participant_id: ParticipantId,
    caller: Caller,
    socket: Socket,
    server: SocketAddr,
    pub events: Vec<CallerEvent>,
    sent: u64,
}

enum Socket {
    Udp(UdpSocket),
    Tcp { stream: TcpStream, reader: FrameReader },
}

impl Client {
    /// A client with its first offer.
    pub async fn new(transport: Transport, server: SocketAddr) -> (Self, String) {
        let socket = match transport {
            Transport::Udp => Socket::Udp(UdpSocket::bind("127.0.0.1:0").await.expect("binds")),
            Transport::Tcp => Socket::Tcp {
                stream: TcpStream::connect(server).await.expect("connects"),
                reader: FrameReader::default(),
            },
        };
        let address = match &socket {
            Socket::Udp(socket) => socket.local_addr(),
            Socket::Tcp { stream, .. } => stream.local_addr(),
        };
        let config = CallerConfig {
            certificate: Certificate::generate().expect("a certificate"),
            local: IceCandidate { transport, address: address.expect("is bound") },
            audio_slots: 2,
            video_slots: 4,
            video_codecs: vec![Codec::Vp8],
            offers_red: false,
            camera_rids: Vec::new(),
        };
        let (caller, offer) = Caller::offer(&config, Instant::now()).expect("an offer");
        let participant_id = ParticipantId::generate();
        let client = Self { participant_id, caller, socket, server, events: Vec::new(), sent: 0 };
        (client, offer)
    }

    pub fn accept_answer(&mut self, answer: &str) {
        self.caller.accept_answer(answer, Instant::now()).expect("a usable answer");
    }

    /// Another source port, as after a NAT rebinding; the connection does not know.
    pub async fn rebind(&mut self) {
        self.socket = Socket::Udp(UdpSocket::bind("127.0.0.1:0").await.expect("binds"));
    }

    pub fn restart_ice(&mut self) -> String {
        self.caller.restart_ice().expect("an offer")
    }

    pub fn close(&mut self) {
        self.caller.close(Instant::now());
    }

    /// Sends 20 ms of sound.
    pub fn speak(&mut self) {
        self.sent += 1;
        let now = Instant::now();
        let packet = OutPacket {
            codec: Codec::Opus,
            seq: self.sent,
            timestamp: (self.sent * 960) as u32,
            marker: false,
            csrc: None,
            audio_level: Some(20),
            voice_activity: Some(true),
            rotation: None,
            vp8: None,
            payload: Arc::from(&[0xfc; 80][..]),
            captured_at: now,
        };
        self.caller.write(SendLayer { line: Line(0), rid: None }, packet, now);
    }

    /// Sends what is due and takes what comes, for a few milliseconds.
    pub async fn turn(&mut self) {
        self.flush().await;
        let mut buffer = [0; 4_096];
        if let Ok(Ok(len)) = timeout(TURN, self.socket.receive(&mut buffer)).await {
            self.take(&buffer[..len]);
        }
        self.caller.handle_timeout(Instant::now());
        while let Some(event) = self.caller.poll_event() {
            self.events.push(event);
        }
        self.flush().await;
    }

    pub fn is_connected(&self) -> bool {
        self.events.iter().any(|event| matches!(event, CallerEvent::Connected))
    }

    pub fn is_open(&self) -> bool {
        self.events.iter().any(|event| matches!(event, CallerEvent::FastOpen))
    }

    pub fn is_closed(&self) -> bool {
        self.events.iter().any(|event| matches!(event, CallerEvent::Closed))
    }

    pub fn media_received(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, CallerEvent::Media(_))).count()
    }

    fn take(&mut self, bytes: &[u8]) {
        let now = Instant::now();
        match &mut self.socket {
            Socket::Udp(_) => {
                self.caller.handle_datagram(Transport::Udp, self.server, bytes, now);
            }
            Socket::Tcp { reader, .. } => {
                reader.push(bytes);
                while let Some(frame) = reader.next_frame().expect("well-formed frames") {
                    self.caller.handle_datagram(Transport::Tcp, self.server, frame, now);
                }
            }
        }
    }

    async fn flush(&mut self) {
        while let Some((destination, transmit)) = self.caller.poll_transmit() {
            assert_eq!(destination, self.server);
            // A server that went away is what some tests are about.
            let _ = self.socket.send(destination, &transmit.bytes).await;
        }
    }
}

impl Socket {
    async fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Udp(socket) => socket.recv(buffer).await,
            Self::Tcp { stream, .. } => stream.read(buffer).await,
        }
    }

    async fn send(&mut self, to: SocketAddr, datagram: &[u8]) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.send_to(datagram, to).await.map(|_| ()),
            Self::Tcp { stream, .. } => {
                stream.write_all(&(datagram.len() as u16).to_be_bytes()).await?;
                stream.write_all(datagram).await
            }
        }
    }
}

/// A call id with the same meaning in every command of a test.
pub fn call() -> CallId {
    CallId::generate()
}
