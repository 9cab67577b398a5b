//! The WebSocket: JSON messages both ways.

use futures_util::{SinkExt, StreamExt};
use jumpa_protocol::signal::{ClientMessage, SUBPROTOCOL, ServerMessage};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderValue, header},
        protocol::frame::coding::CloseCode,
    },
};

use crate::tls::tls_connector;

/// What came over the WebSocket.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A message.
    Message(Box<ServerMessage>),
    /// Something that shows that the server is alive.
    Sign,
    /// The server closed, with its code.
    Closed(Option<u16>),
    /// The connection broke.
    Broken(tungstenite::Error),
}

/// An open WebSocket to the server.
pub(crate) struct SignalSocket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl SignalSocket {
    /// Opens one.
    pub(crate) async fn open(url: &str) -> Result<Self, tungstenite::Error> {
        let mut request = url.into_client_request()?;
        request
            .headers_mut()
            .insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        let connector = url.starts_with("wss://").then(tls_connector);
        let (stream, _) = connect_async_tls_with_config(request, None, false, connector).await?;
        if let MaybeTlsStream::Plain(tcp) = stream.get_ref() {
            // Requests are small and waited for.
            let _ = tcp.set_nodelay(true);
        }
        Ok(Self(stream))
    }

    /// Sends a message.
    pub(crate) async fn send(&mut self, message: &ClientMessage) -> Result<(), tungstenite::Error> {
        let text = serde_json::to_string(message)
            .map_err(|error| tungstenite::Error::Io(std::io::Error::other(error)))?;
        self.0.send(Message::text(text)).await
    }

    /// What comes next. May be dropped and called again.
    pub(crate) async fn hear(&mut self) -> Heard {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(message) => Heard::Message(Box::new(message)),
                Err(error) => {
                    tracing::warn!(%error, "a message of the server could not be read");
                    Heard::Sign
                }
            },
            Some(Ok(Message::Close(frame))) => {
                Heard::Closed(frame.map(|frame| CloseCode::into(frame.code)))
            }
            Some(Ok(_)) => Heard::Sign,
            Some(Err(error)) => Heard::Broken(error),
            None => Heard::Closed(None),
        }
    }

    /// Closes politely, without waiting for the other side.
    pub(crate) async fn close(&mut self) {
        let _ = self.0.close(None).await;
    }
}
