//! A recorder whose side of the link a test makes up, on a real WebSocket.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, http::StatusCode};
use futures_util::{SinkExt, StreamExt};
use jumpa_protocol::recording::{FromRecorder, JobReport, RecordingJob, ToRecorder};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::header},
};

/// Longer than anything here takes; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a recorder of a name and capacity says first.
pub fn hello(
    (name, capacity_millicores): (&str, u32),
    library_mark: Option<String>,
    jobs: Vec<JobReport>,
) -> FromRecorder {
    FromRecorder::Hello {
        recorder_id: name.to_owned(),
        version: "0.1.0".to_owned(),
        capacity_millicores,
        library_mark,
        jobs,
    }
}

pub struct FakeRecorder(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl FakeRecorder {
    /// A recorder with room, which has said hello.
    pub async fn connect(router: &Router, key: &str, jobs: Vec<JobReport>) -> Self {
        Self::connect_as(router, key, ("perekam-1", 1_000), jobs).await
    }

    /// The same of another name and capacity.
    pub async fn connect_as(
        router: &Router,
        key: &str,
        (name, capacity_millicores): (&str, u32),
        jobs: Vec<JobReport>,
    ) -> Self {
        let mut recorder = Self::try_connect(router, key).await.unwrap();
        recorder.says(&hello((name, capacity_millicores), None, jobs)).await;
        recorder
    }

    /// A recorder that has said nothing; the status of the answer when it is refused.
    pub async fn try_connect(router: &Router, key: &str) -> Result<Self, StatusCode> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let mut request =
            format!("ws://{address}/v1/recorders/link").into_client_request().unwrap();
        let key = format!("Bearer {key}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, key);
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn says(&mut self, message: &FromRecorder) {
        self.says_text(&serde_json::to_string(message).unwrap()).await;
    }

    pub async fn says_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn hears(&mut self) -> ToRecorder {
        loop {
            match self.next().await {
                Message::Text(text) => return serde_json::from_str(text.as_str()).unwrap(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub async fn hears_start(&mut self) -> RecordingJob {
        match self.hears().await {
            ToRecorder::Start { job } => job,
            other => panic!("{other:?}"),
        }
    }

    pub async fn hears_close(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Message::Close(Some(frame)) => {
                    return (frame.code.into(), frame.reason.as_str().to_owned());
                }
                Message::Ping(_) | Message::Text(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Closes its side and waits until the server has noticed.
    pub async fn leaves(mut self) {
        self.0.close(None).await.unwrap();
        while let Some(Ok(_)) = self.0.next().await {}
    }

    async fn next(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("the server speaks");
        next.unwrap().unwrap()
    }
}
