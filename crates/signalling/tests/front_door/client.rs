//! A client that speaks the protocol and nothing else.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use jumpa_protocol::signal::{
    ClientMessage, ClientRequest, Event, Join, Joined, SUBPROTOCOL, ServerMessage,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest, http::HeaderValue},
};

/// Longer than anything here takes; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    wire: WebSocketStream<TcpStream>,
    /// Events that came while something else was waited for.
    early: VecDeque<(u32, Event)>,
    next_request: u32,
    pub last_seq: u32,
    pub joined: Option<Joined>,
}

impl Client {
    pub async fn connect(server: SocketAddr) -> Result<Self, tungstenite::Error> {
        Self::connect_as(server, Some(SUBPROTOCOL)).await
    }

    pub async fn connect_as(
        server: SocketAddr,
        subprotocol: Option<&'static str>,
    ) -> Result<Self, tungstenite::Error> {
        let stream = TcpStream::connect(server).await.expect("the server listens");
        Self::over(stream, server, subprotocol).await
    }

    /// As a page of this origin does.
    pub async fn connect_from(
        server: SocketAddr,
        origin: &str,
    ) -> Result<Self, tungstenite::Error> {
        let stream = TcpStream::connect(server).await.expect("the server listens");
        Self::open(stream, server, Some(SUBPROTOCOL), Some(origin)).await
    }

    pub async fn over(
        stream: TcpStream,
        server: SocketAddr,
        subprotocol: Option<&'static str>,
    ) -> Result<Self, tungstenite::Error> {
        Self::open(stream, server, subprotocol, None).await
    }

    async fn open(
        stream: TcpStream,
        server: SocketAddr,
        subprotocol: Option<&'static str>,
        origin: Option<&str>,
    ) -> Result<Self, tungstenite::Error> {
        let mut request = format!("ws://{server}/v1/signal").into_client_request()?;
        if let Some(subprotocol) = subprotocol {
            let value = HeaderValue::from_static(subprotocol);
            request.headers_mut().insert("sec-websocket-protocol", value);
        }
        if let Some(origin) = origin {
            let value = HeaderValue::from_str(origin).expect("a header value");
            request.headers_mut().insert("origin", value);
        }
        let (wire, _) = client_async(request, stream).await?;
        Ok(Self { wire, early: VecDeque::new(), next_request: 1, last_seq: 0, joined: None })
    }

    pub async fn send_text(&mut self, text: impl Into<String>) {
        // The server may have closed already; what it said is what the test looks at.
        let _ = self.wire.send(Message::Text(text.into().into())).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        let _ = self.wire.send(message).await;
    }

    /// Sends a request and gives its id.
    pub async fn send(&mut self, request: ClientRequest) -> u32 {
        let request_id = self.next_request;
        self.next_request += 1;
        let message = ClientMessage { request_id, request };
        self.send_text(serde_json::to_string(&message).expect("plain JSON")).await;
        request_id
    }

    /// The next thing from the server: a message, or the code of its close frame.
    pub async fn next(&mut self) -> Result<ServerMessage, u16> {
        loop {
            let frame = timeout(PATIENCE, self.wire.next()).await.expect("the server speaks");
            match frame {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(text.as_str()).expect("a server message"));
                }
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(Message::Close(None))) => return Err(1005),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next answer; events that come before are kept.
    pub async fn answer(&mut self) -> Result<ServerMessage, u16> {
        loop {
            match self.next().await? {
                ServerMessage::Event { seq, event } => self.early.push_back((seq, event)),
                answer => return Ok(answer),
            }
        }
    }

    /// The next event; answers that come before are dropped.
    pub async fn event(&mut self) -> Result<Event, u16> {
        loop {
            let (seq, event) = match self.early.pop_front() {
                Some(early) => early,
                None => match self.next().await? {
                    ServerMessage::Event { seq, event } => (seq, event),
                    _ => continue,
                },
            };
            assert!(seq == 0 || seq == self.last_seq + 1, "{seq} after {}", self.last_seq);
            self.last_seq = seq;
            return Ok(event);
        }
    }

    /// Waits for an event that fits.
    pub async fn event_where(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.event().await.expect("not closed before the event");
            if fits(&event) {
                return event;
            }
        }
    }

    /// The close code that comes in the end.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    pub async fn ask(&mut self, request: ClientRequest) -> ServerMessage {
        self.send(request).await;
        self.answer().await.expect("an answer")
    }

    pub async fn join(&mut self, app_id: &str, room: &str, name: &str, token: Option<&str>) {
        let join = join(app_id, room, name, token);
        match self.ask(ClientRequest::Join(join)).await {
            ServerMessage::Joined(joined) => self.joined = Some(joined),
            other => panic!("not joined: {other:?}"),
        }
    }

    pub fn joined(&self) -> &Joined {
        self.joined.as_ref().expect("joined before")
    }

    pub async fn resume(&mut self, resume_token: &str, last_seq: u32) -> ServerMessage {
        self.last_seq = last_seq;
        let resume_token = resume_token.to_owned();
        self.ask(ClientRequest::Resume { resume_token, last_seq }).await
    }

    /// The bare connection, of a client that answers nothing any more.
    pub fn into_stream(self) -> TcpStream {
        self.wire.into_inner()
    }

    /// Closes properly, as a page does that is closed (1001) or a program that ends (1000).
    pub async fn close(mut self, code: u16) {
        let frame = tungstenite::protocol::CloseFrame { code: code.into(), reason: "".into() };
        self.send_raw(Message::Close(Some(frame))).await;
        self.closed().await;
    }
}

pub fn join(app_id: &str, room: &str, name: &str, token: Option<&str>) -> Join {
    Join {
        app_id: app_id.parse().expect("an app id"),
        room: room.parse().expect("a room name"),
        token: token.map(str::to_owned),
        resume_token: None,
        name: Some(name.to_owned()),
        password: None,
        offer: "v=0".to_owned(),
        sources: Vec::new(),
        client: jumpa_protocol::signal::ClientInfo::default(),
    }
}
