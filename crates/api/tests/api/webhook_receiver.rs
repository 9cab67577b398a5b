//! A back end that takes webhooks: real HTTP on a port of this machine.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_lc_rs::hmac;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::any,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

/// Longer than anything here takes; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Receiver {
    pub url: String,
    taken: mpsc::UnboundedReceiver<Taken>,
    status: Arc<Mutex<StatusCode>>,
}

/// A request that came.
#[derive(Debug)]
pub struct Taken {
    pub headers: HeaderMap,
    pub text: String,
}

type Shared = (mpsc::UnboundedSender<Taken>, Arc<Mutex<StatusCode>>);

impl Receiver {
    pub async fn start() -> Self {
        let (sender, taken) = mpsc::unbounded_channel();
        let status = Arc::new(Mutex::new(StatusCode::OK));
        let router = Router::new().fallback(any(take)).with_state((sender, Arc::clone(&status)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks?kasir=1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, taken, status }
    }

    /// Answers so from now on.
    pub fn answer(&self, status: StatusCode) {
        *self.status.lock().unwrap() = status;
    }

    pub async fn takes(&mut self) -> Taken {
        timeout(PATIENCE, self.taken.recv()).await.expect("a request comes").unwrap()
    }

    /// Whether nothing else has come.
    pub fn is_quiet(&mut self) -> bool {
        self.taken.try_recv().is_err()
    }
}

async fn take(
    State((sender, status)): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let text = String::from_utf8(body.to_vec()).unwrap();
    let status = *status.lock().unwrap();
    let _ = sender.send(Taken { headers, text });
    (status, [(header::LOCATION, "/elsewhere")], "terima kasih")
}

impl Taken {
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Whether a secret has signed it, as Standard Webhooks says.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let expected = format!("v1,{}", hmac(&key, &format!("{id}.{at}.{}", self.text)));
        self.header("webhook-signature").split(' ').any(|one| one == expected)
    }

    /// Whether a secret has signed it, as JaaS does.
    pub fn is_signed_by_as_jaas(&self, secret: &str) -> bool {
        let header = self.header("x-jaas-signature");
        let at = header.split(',').find_map(|part| part.strip_prefix("t=")).unwrap();
        let expected = hmac(secret.as_bytes(), &format!("{at}.{}", self.text));
        header.split(',').any(|part| part.strip_prefix("v1=") == Some(expected.as_str()))
    }
}

fn hmac(key: &[u8], text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    STANDARD.encode(hmac::sign(&key, text.as_bytes()).as_ref())
}
