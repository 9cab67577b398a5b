//! A bare signalling WebSocket, for messages that no good client sends.

use futures_util::{SinkExt, StreamExt};
use jumpa_protocol::signal::{SUBPROTOCOL, ServerMessage};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::{Server, within};

/// A WebSocket to `/v1/signal`.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// How a WebSocket ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// With a close frame and its code.
    With(u16),
    /// Without a word.
    Silently,
}

impl Socket {
    /// Connects.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn connect(server: &Server) -> Self {
        let mut request = format!("ws://{}/v1/signal", server.host())
            .into_client_request()
            .expect("a good address");
        let protocol = SUBPROTOCOL.parse().expect("a good header");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let connected = tokio_tungstenite::connect_async(request);
        let (stream, _) = within("the WebSocket opens", connected).await.expect("a WebSocket");
        Self { stream }
    }

    /// Sends a text, whatever it is. An error means that the server closed first.
    ///
    /// # Errors
    /// When the connection is closed.
    pub async fn send(&mut self, text: impl Into<String>) -> Result<(), Error> {
        let text: String = text.into();
        within("the server takes a message", self.stream.send(Message::text(text))).await
    }

    /// The next message, or how the connection ended.
    ///
    /// # Errors
    /// How it ended.
    ///
    /// # Panics
    /// When nothing comes, or something that is no message of the protocol.
    pub async fn receive(&mut self) -> Result<ServerMessage, Closed> {
        loop {
            match within("the server says something", self.stream.next()).await {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("a message of the protocol"));
                }
                Some(Ok(Message::Close(frame))) => {
                    return Err(
                        frame.map_or(Closed::Silently, |frame| Closed::With(frame.code.into()))
                    );
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(Closed::Silently),
            }
        }
    }

    /// Reads until the end and says how it ended.
    pub async fn closed(&mut self) -> Closed {
        loop {
            if let Err(closed) = self.receive().await {
                return closed;
            }
        }
    }
}
