//! How to join.

use jumpa_protocol::{
    AppId, Layer, RoomName, SourceKind, limits,
    signal::{ClientInfo, SourceState, SourceUpdate},
};
use jumpa_rtc::{Codec, Transport};
use tokio::sync::mpsc;

/// What a client is told while it waits in the lobby.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LobbyNotice {
    /// The name of the app.
    pub app_name: String,
    /// Whether a moderator is there to answer.
    pub has_moderator: bool,
}

/// How to join: where, as whom, with what.
#[derive(Debug, Clone)]
pub struct JoinOptions {
    /// Address of the server: `http://` or `ws://`, host and port.
    pub server_url: String,
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// A join token; guests have none.
    pub token: Option<String>,
    /// The display name; a token's name wins.
    pub name: Option<String>,
    /// The room's password.
    pub password: Option<String>,
    /// Sounds that can be heard at once.
    pub audio_slots: u16,
    /// Pictures that can be seen at once from the start. A view with more makes them grow.
    pub video_slots: u16,
    /// Codecs for pictures both ways, preferred first.
    pub video_codecs: Vec<Codec>,
    /// Whether sound with redundancy is offered, as Chromium does and Firefox does not.
    pub offers_red: bool,
    /// Encodings of the camera; empty for one without simulcast.
    pub camera_layers: Vec<Layer>,
    /// What carries media.
    pub transport: Transport,
    /// What is sent from the start, so that nobody sees a wrong mute badge.
    pub sources: Vec<SourceUpdate>,
    /// Told when the server lets the client wait in the lobby, as often as the notice changes.
    /// When nobody reads, further notices are dropped.
    pub lobby: Option<mpsc::Sender<LobbyNotice>>,
    /// Which program joins, for statistics.
    pub client: ClientInfo,
}

impl JoinOptions {
    /// A guest without name: five sounds, four pictures, VP8 before H.264, RED, three layers, UDP.
    #[must_use]
    pub fn new(server_url: impl Into<String>, app_id: AppId, room: RoomName) -> Self {
        Self {
            server_url: server_url.into(),
            app_id,
            room,
            token: None,
            name: None,
            password: None,
            audio_slots: limits::DEFAULT_AUDIO_SLOTS,
            video_slots: 4,
            video_codecs: vec![Codec::Vp8, Codec::H264],
            offers_red: true,
            camera_layers: Layer::ALL.to_vec(),
            transport: Transport::Udp,
            sources: Vec::new(),
            lobby: None,
            client: ClientInfo {
                sdk: concat!("jumpa-client ", env!("CARGO_PKG_VERSION")).to_owned(),
                browser: String::new(),
                os: std::env::consts::OS.to_owned(),
            },
        }
    }

    /// With a display name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// With a join token.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// With the room's password.
    #[must_use]
    pub fn with_password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// With numbers of audio and video slots.
    #[must_use]
    pub fn with_slots(mut self, audio: u16, video: u16) -> Self {
        self.audio_slots = audio;
        self.video_slots = video;
        self
    }

    /// Over this transport.
    #[must_use]
    pub fn over(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// With a source that is live from the start.
    #[must_use]
    pub fn sending(mut self, source: SourceKind) -> Self {
        self.sources.push(SourceUpdate { source, state: SourceState::Live });
        self
    }

    /// The address of the signalling WebSocket.
    pub(crate) fn signal_url(&self) -> String {
        let base = self.server_url.trim_end_matches('/');
        let base = match base.split_once("://") {
            Some(("http", rest)) => format!("ws://{rest}"),
            Some(("https", rest)) => format!("wss://{rest}"),
            Some(_) => base.to_owned(),
            None => format!("ws://{base}"),
        };
        format!("{base}/v1/signal")
    }

    /// Host and port of the server, for finding the local address that reaches it.
    pub(crate) fn authority(&self) -> String {
        let rest = self.server_url.split_once("://").map_or(self.server_url.as_str(), |(_, r)| r);
        let authority = rest.split('/').next().unwrap_or_default();
        let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| {
            !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
        });
        if has_port { authority.to_owned() } else { format!("{authority}:80") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> JoinOptions {
        JoinOptions::new(url, "toko-melati".parse().unwrap(), "kasir".parse().unwrap())
    }

    #[test]
    fn the_web_address_leads_to_the_signalling_address() {
        assert_eq!(at("http://127.0.0.1:8080").signal_url(), "ws://127.0.0.1:8080/v1/signal");
        assert_eq!(at("https://jumpa.test/").signal_url(), "wss://jumpa.test/v1/signal");
        assert_eq!(at("ws://[::1]:8080").signal_url(), "ws://[::1]:8080/v1/signal");
        assert_eq!(at("localhost:8080").signal_url(), "ws://localhost:8080/v1/signal");
    }

    #[test]
    fn the_authority_always_has_a_port() {
        assert_eq!(at("http://127.0.0.1:8080/x").authority(), "127.0.0.1:8080");
        assert_eq!(at("http://jumpa.test").authority(), "jumpa.test:80");
        assert_eq!(at("ws://[::1]:8080").authority(), "[::1]:8080");
        assert_eq!(at("ws://[::1]").authority(), "[::1]:80");
    }
}
