//! The WebSocket to the server.
//!
//! Everything that it carries is a state and not a change: after a lost connection the recorder says
//! all that it has, and the server answers with all that it wants. Recordings go on meanwhile.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use futures_util::{SinkExt, StreamExt};
use jumpa_client::tls_connector;
use jumpa_protocol::{
    RecordingId,
    recording::{FromRecorder, JobReport, ToRecorder},
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderValue, header},
    },
};

use crate::{backoff::Backoff, composing::Load, library::Questions, space::Space};

/// The server pings every 15 s; after three of them the connection counts as lost.
const SILENCE: Duration = Duration::from_secs(45);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const LOAD_INTERVAL: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What the link tells.
#[derive(Debug)]
pub enum Heard {
    /// The server knows every job; it says next what it wants.
    Linked,
    /// The server wants something.
    Order(ToRecorder),
}

/// Everything that the link needs.
#[derive(Debug)]
pub struct Link {
    /// Address of the server: `http://` or `https://`.
    pub server_url: String,
    /// Proves that this is a recorder. A secret.
    pub key: String,
    /// Names the spool.
    pub recorder_id: String,
    /// What the machine can do, thousandths of a processor core.
    pub capacity_millicores: u32,
    /// What marks the folder of finished recordings.
    pub library_mark: String,
    /// How much of that is taken.
    pub load: watch::Receiver<Load>,
    /// On the disk of the spool.
    pub spool: PathBuf,
    /// How every job is.
    pub reports: watch::Receiver<BTreeMap<RecordingId, JobReport>>,
    /// What it is to be asked about storages.
    pub questions: watch::Receiver<Questions>,
    /// Told what is heard. Bounded: the link waits, and with it the server.
    pub heard: mpsc::Sender<Heard>,
}

impl Link {
    /// Keeps the connection up for ever.
    pub async fn run(mut self) {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            match timeout(CONNECT_TIMEOUT, self.connect()).await {
                Ok(Ok(mut socket)) => {
                    tracing::info!("linked to the server");
                    backoff.reset();
                    if let Err(error) = self.serve(&mut socket).await {
                        tracing::warn!(%error, "the link to the server was lost");
                    }
                }
                Ok(Err(error)) => tracing::warn!(%error, "linking to the server failed"),
                Err(_) => tracing::warn!("linking to the server took too long"),
            }
            if self.heard.is_closed() {
                return;
            }
            sleep(backoff.pause()).await;
        }
    }

    async fn connect(&self) -> Result<Socket, tungstenite::Error> {
        let url = link_url(&self.server_url);
        let connector = url.starts_with("wss://").then(tls_connector);
        let mut request = url.into_client_request()?;
        let mut key = HeaderValue::from_str(&format!("Bearer {}", self.key))?;
        key.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, key);
        Ok(connect_async_tls_with_config(request, None, false, connector).await?.0)
    }

    /// One connection, until it is lost.
    async fn serve(&mut self, socket: &mut Socket) -> Result<(), tungstenite::Error> {
        let mut told = self.reports.borrow_and_update().clone();
        let hello = FromRecorder::Hello {
            recorder_id: self.recorder_id.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            capacity_millicores: self.capacity_millicores,
            library_mark: Some(self.library_mark.clone()),
            jobs: told.values().cloned().collect(),
        };
        say(socket, &hello).await?;
        if self.heard.send(Heard::Linked).await.is_err() {
            return Ok(());
        }
        let mut asked = Questions::new();
        self.questions.mark_changed();
        let mut load = interval(LOAD_INTERVAL);
        load.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                message = timeout(SILENCE, socket.next()) => {
                    let Ok(Some(message)) = message else {
                        return Err(tungstenite::Error::ConnectionClosed);
                    };
                    let Message::Text(text) = message? else {
                        continue;
                    };
                    match serde_json::from_str(&text) {
                        Ok(order) => {
                            if self.heard.send(Heard::Order(order)).await.is_err() {
                                return Ok(());
                            }
                        }
                        // A newer server may say what this program does not know.
                        Err(error) => tracing::warn!(%error, "an order cannot be read"),
                    }
                }
                Ok(()) = self.reports.changed() => {
                    let now = self.reports.borrow_and_update().clone();
                    for report in now.values().filter(|report| told.get(&report.id) != Some(report)) {
                        say(socket, &FromRecorder::Report { report: report.clone() }).await?;
                    }
                    told = now;
                }
                Ok(()) = self.questions.changed() => {
                    let now = self.questions.borrow_and_update().clone();
                    for (id, _) in now.iter().filter(|(id, number)| asked.get(id) != Some(number)) {
                        say(socket, &FromRecorder::AskStorage { id: *id }).await?;
                    }
                    asked = now;
                }
                _ = load.tick() => {
                    let space = Space::of(&self.spool).ok();
                    let load = FromRecorder::Load {
                        // What is composed after calls gives way, so it takes nothing away.
                        used_millicores: self.load.borrow().live_millicores,
                        spool_free_bytes: space.map_or(0, |space| space.free),
                        spool_level: space.map(Space::level),
                    };
                    say(socket, &load).await?;
                }
            }
        }
    }
}

async fn say(socket: &mut Socket, message: &FromRecorder) -> Result<(), tungstenite::Error> {
    let text = serde_json::to_string(message)
        .map_err(|error| tungstenite::Error::Io(std::io::Error::other(error)))?;
    socket.send(Message::text(text)).await
}

/// Where recorders meet the server.
fn link_url(server_url: &str) -> String {
    let base = server_url.trim_end_matches('/');
    let base = match base.split_once("://") {
        Some(("http", rest)) => format!("ws://{rest}"),
        Some(("https", rest)) => format!("wss://{rest}"),
        _ => base.to_owned(),
    };
    format!("{base}/v1/recorders/link")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_server_leads_to_the_link() {
        assert_eq!(link_url("http://127.0.0.1:8080/"), "ws://127.0.0.1:8080/v1/recorders/link");
        assert_eq!(link_url("https://jumpa.test"), "wss://jumpa.test/v1/recorders/link");
    }
}
