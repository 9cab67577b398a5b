//! A server for one participant: speaks signalling and media as the real one does, and can be told
//! to misbehave.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use jumpa_client::{OutPacket, Slot, Transport};
use jumpa_protocol::{
    CallId, ErrorCode, ParticipantId,
    signal::{
        AppSummary, CallSummary, ClientMessage, ClientRequest, ConnectionState, Event, Joined,
        Participant, QualityLevel, Role, RoomSettings, ServerMessage, Snapshot,
    },
};
use jumpa_rtc::{Certificate, IceCandidate, MediaPacket, Offer, Peer, PeerConfig, PeerEvent};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UdpSocket},
    sync::mpsc,
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Request, Response},
        http::{HeaderValue, header},
    },
};

/// What the server was told.
#[derive(Debug)]
pub enum Seen {
    Request(Box<ClientRequest>),
    Media(Box<MediaPacket>),
    MediaConnected,
    MediaClosed,
}

/// What the server shall do.
#[derive(Debug)]
pub enum Order {
    Event(Box<Event>),
    Write(Slot, Box<OutPacket>),
    RequestKeyframe,
    /// Close the WebSocket without a word.
    Cut,
    /// Know nothing of the session any more.
    Forget,
    /// Refuse every request with this code from now on.
    Refuse(ErrorCode),
    /// Neither hear nor send datagrams.
    MuteMedia(bool),
}

pub struct Fake {
    pub url: String,
    pub me: ParticipantId,
    orders: mpsc::UnboundedSender<Order>,
    seen: mpsc::UnboundedReceiver<Seen>,
}

/// How long anything may take in a test before it counts as never.
const NEVER: Duration = Duration::from_secs(10);

impl Fake {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (orders, orders_out) = mpsc::unbounded_channel();
        let (seen_in, seen) = mpsc::unbounded_channel();
        let me = ParticipantId::generate();
        let server = Server {
            config: PeerConfig {
                certificate: Certificate::generate().unwrap(),
                candidates: vec![
                    candidate(Transport::Udp, udp.local_addr().unwrap()),
                    candidate(Transport::Tcp, tcp.local_addr().unwrap()),
                ],
                initial_estimate_bps: Some(2_000_000),
            },
            me,
            udp,
            peer: None,
            client: None,
            client_stream: None,
            is_muted: false,
            refusal: None,
            is_known: false,
            seq: 0,
            log: Vec::new(),
            socket: None,
            seen: seen_in,
        };
        tokio::spawn(server.run(listener, tcp, orders_out));
        Self { url, me, orders, seen }
    }

    pub fn order(&self, order: Order) {
        self.orders.send(order).unwrap();
    }

    pub fn event(&self, event: Event) {
        self.order(Order::Event(Box::new(event)));
    }

    /// Waits for something that `choose` makes something of.
    #[track_caller]
    pub fn find<T>(
        &mut self,
        mut choose: impl FnMut(Seen) -> Option<T>,
    ) -> impl Future<Output = T> {
        let caller = std::panic::Location::caller();
        async move {
            let found = async {
                while let Some(seen) = self.seen.recv().await {
                    if let Some(found) = choose(seen) {
                        return Some(found);
                    }
                }
                None
            };
            match tokio::time::timeout(NEVER, found).await {
                Ok(Some(found)) => found,
                _ => panic!("the server never saw it, waited for at {caller}"),
            }
        }
    }

    pub async fn request<T>(&mut self, mut choose: impl FnMut(ClientRequest) -> Option<T>) -> T {
        self.find(|seen| match seen {
            Seen::Request(request) => choose(*request),
            _ => None,
        })
        .await
    }

    pub async fn media(&mut self) -> MediaPacket {
        self.find(|seen| match seen {
            Seen::Media(packet) => Some(*packet),
            _ => None,
        })
        .await
    }
}

fn candidate(transport: Transport, address: SocketAddr) -> IceCandidate {
    IceCandidate { transport, address }
}

/// Waits for a while at most.
pub async fn soon<T>(wanted: impl Future<Output = T>) -> T {
    tokio::time::timeout(NEVER, wanted).await.expect("it never happened")
}

type WebSocket = tokio_tungstenite::WebSocketStream<TcpStream>;

struct Server {
    config: PeerConfig,
    me: ParticipantId,
    udp: UdpSocket,
    peer: Option<Peer>,
    client: Option<SocketAddr>,
    client_stream: Option<TcpStream>,
    is_muted: bool,
    refusal: Option<ErrorCode>,
    is_known: bool,
    seq: u32,
    log: Vec<(u32, Event)>,
    socket: Option<WebSocket>,
    seen: mpsc::UnboundedSender<Seen>,
}

impl Server {
    async fn run(
        mut self,
        signals: TcpListener,
        streams: TcpListener,
        mut orders: mpsc::UnboundedReceiver<Order>,
    ) {
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        let mut datagram = [0; 2_048];
        loop {
            tokio::select! {
                accepted = signals.accept() => {
                    self.socket = Some(accept(accepted.unwrap().0).await);
                }
                accepted = streams.accept() => self.client_stream = Some(accepted.unwrap().0),
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => return,
                },
                message = hear(&mut self.socket) => match message {
                    Some(message) => self.answer(message).await,
                    None => self.socket = None,
                },
                read = self.udp.recv_from(&mut datagram) => {
                    if let Ok((len, source)) = read {
                        self.take(Transport::Udp, Some(source), &datagram[..len]);
                    }
                }
                framed = read_frame(&mut self.client_stream) => match framed {
                    Some(framed) => self.take(Transport::Tcp, None, &framed),
                    None => self.client_stream = None,
                },
                _ = tick.tick() => {}
            }
            self.drive().await;
        }
    }

    fn take(&mut self, transport: Transport, source: Option<SocketAddr>, datagram: &[u8]) {
        if self.is_muted {
            return;
        }
        if let Some(peer) = &mut self.peer
            && peer.handle_datagram(transport, datagram, Instant::now())
        {
            self.client = source.or(self.client);
        } else {
            // Handshake packets come from the address that was checked.
        }
    }

    async fn drive(&mut self) {
        let Some(peer) = &mut self.peer else {
            return;
        };
        let now = Instant::now();
        if peer.poll_timeout().is_some_and(|at| at <= now) {
            peer.handle_timeout(now);
        }
        while let Some(transmit) = peer.poll_transmit() {
            if self.is_muted {
                continue;
            }
            match (transmit.transport, self.client, &mut self.client_stream) {
                (Transport::Udp, Some(client), _) => {
                    let _ = self.udp.send_to(&transmit.bytes, client).await;
                }
                (Transport::Tcp, _, Some(stream)) => {
                    let len = (transmit.bytes.len() as u16).to_be_bytes();
                    let _ = stream.write_all(&[&len[..], &transmit.bytes].concat()).await;
                }
                _ => {}
            }
        }
        while let Some(event) = peer.poll_event() {
            let seen = match event {
                PeerEvent::Connected => Seen::MediaConnected,
                PeerEvent::Closed => Seen::MediaClosed,
                PeerEvent::Media(packet) => Seen::Media(Box::new(packet)),
                _ => continue,
            };
            let _ = self.seen.send(seen);
        }
    }

    async fn obey(&mut self, order: Order) {
        let now = Instant::now();
        match order {
            Order::Event(event) => {
                self.seq += 1;
                self.log.push((self.seq, (*event).clone()));
                let message = ServerMessage::Event { seq: self.seq, event: *event };
                self.say(&message).await;
            }
            Order::Write(slot, packet) => {
                if let Some(peer) = &mut self.peer {
                    peer.write(slot, *packet, now);
                }
            }
            Order::RequestKeyframe => {
                if let Some(peer) = &mut self.peer {
                    peer.request_keyframe(jumpa_rtc::Line(1), None, now);
                }
            }
            Order::Cut => self.socket = None,
            Order::Forget => {
                self.is_known = false;
                self.peer = None;
                self.socket = None;
            }
            Order::Refuse(code) => self.refusal = Some(code),
            Order::MuteMedia(is_muted) => self.is_muted = is_muted,
        }
    }

    async fn say(&mut self, message: &ServerMessage) {
        if let Some(socket) = &mut self.socket {
            let text = serde_json::to_string(message).unwrap();
            if socket.send(Message::text(text)).await.is_err() {
                self.socket = None;
            }
        }
    }

    async fn answer(&mut self, message: ClientMessage) {
        let request_id = message.request_id;
        let _ = self.seen.send(Seen::Request(Box::new(message.request.clone())));
        if let Some(code) = self.refusal {
            return self.refuse(request_id, code).await;
        }
        let now = Instant::now();
        match message.request {
            ClientRequest::Join(join) => {
                let offer = Offer::parse(&join.offer).unwrap();
                let (peer, answer) = Peer::accept(&self.config, offer, now).unwrap();
                self.peer = Some(peer);
                self.is_known = true;
                self.seq = 0;
                self.log.clear();
                let joined = Joined {
                    request_id,
                    participant_id: self.me,
                    answer,
                    resume_token: "resume-token".to_owned(),
                    rating_token: "rating-token".to_owned(),
                    snapshot: snapshot(self.me),
                };
                self.say(&ServerMessage::Joined(joined)).await;
            }
            ClientRequest::Resume { last_seq, .. } if self.is_known => {
                let seq = self.seq;
                self.say(&ServerMessage::Resumed { request_id, snapshot: None, seq }).await;
                for (seq, event) in self.log.clone() {
                    if seq > last_seq {
                        self.say(&ServerMessage::Event { seq, event }).await;
                    }
                }
            }
            ClientRequest::Resume { .. } => {
                self.refuse(request_id, ErrorCode::ResumeUnknown).await;
            }
            ClientRequest::Negotiate { offer } => {
                let offer = Offer::parse(&offer).unwrap();
                let answer = self.peer.as_mut().unwrap().negotiate(offer, now).unwrap();
                self.say(&ServerMessage::Negotiated { request_id, answer }).await;
            }
            _ => self.say(&ServerMessage::Ok { request_id }).await,
        }
    }

    async fn refuse(&mut self, request_id: u32, code: ErrorCode) {
        let message = code.message().to_owned();
        self.say(&ServerMessage::Error { request_id: Some(request_id), code, message }).await;
    }
}

#[expect(clippy::result_large_err, reason = "the shape that the library asks for")]
async fn accept(stream: TcpStream) -> WebSocket {
    accept_hdr_async(stream, |_: &Request, mut response: Response| {
        response
            .headers_mut()
            .insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("jumpa.v1"));
        Ok(response)
    })
    .await
    .unwrap()
}

async fn hear(socket: &mut Option<WebSocket>) -> Option<ClientMessage> {
    let Some(socket) = socket else {
        return std::future::pending().await;
    };
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

/// Not safe to be dropped in the middle of a frame; on loopback frames come whole.
async fn read_frame(stream: &mut Option<TcpStream>) -> Option<Vec<u8>> {
    let Some(stream) = stream else {
        return std::future::pending().await;
    };
    stream.readable().await.ok()?;
    let len = stream.read_u16().await.ok()?;
    let mut datagram = vec![0; usize::from(len)];
    stream.read_exact(&mut datagram).await.ok()?;
    Some(datagram)
}

fn snapshot(me: ParticipantId) -> Snapshot {
    Snapshot {
        app: AppSummary {
            id: "toko-melati".parse().unwrap(),
            name: "Toko Melati".to_owned(),
            is_trial: false,
        },
        room: "kasir".parse().unwrap(),
        call: CallSummary { id: CallId::generate(), started_at_ms: 1_750_000_000_000 },
        settings: RoomSettings { has_password: false, has_lobby: false },
        participants: vec![participant(me, 1, "Sari")],
        chat: Vec::new(),
        speakers: Vec::new(),
        lobby: Vec::new(),
        recordings: Vec::new(),
    }
}

pub fn participant(id: ParticipantId, number: u32, name: &str) -> Participant {
    Participant {
        id,
        number,
        name: name.to_owned(),
        avatar: None,
        role: Role::Participant,
        is_verified: false,
        joined_at_ms: 1_750_000_000_000,
        connection: ConnectionState::Connected,
        hand_raised_at_ms: None,
        quality: QualityLevel::Good,
        quality_cause: None,
        sources: Vec::new(),
    }
}
