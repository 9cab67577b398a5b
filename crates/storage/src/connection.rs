//! Requests to the server of a bucket, and none to where a tenant must not make us go.

use std::{
    fmt,
    task::{Context, Poll},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::{Uri, body::Frame};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
};
use jumpa_outbound::{DialError, Dialer, Line};
use jumpa_protocol::AllowedNetworks;
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest,
    HttpRequestBody, HttpResponse, HttpResponseBody, HttpService,
};
use tokio::time::timeout;
use tower::Service;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request may take up to the head of its answer: a part of 8 MB at 250 kbit/s.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(270);

/// How long the body of an answer may stand still.
const SILENCE: Duration = Duration::from_secs(60);

/// Makes the clients of buckets.
#[derive(Debug, Clone)]
pub(crate) struct GuardedConnector {
    pub(crate) allowed: AllowedNetworks,
}

impl HttpConnector for GuardedConnector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let connector = Connector(Dialer::new(self.allowed.clone()));
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .build(connector);
        Ok(HttpClient::new(GuardedClient(client)))
    }
}

/// Why there is no answer. Those that trying again does not help are told apart.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectionError {
    #[error(transparent)]
    Dial(#[from] DialError),
    #[error("its address is no web address")]
    NoAddress,
    #[error("no connection within {} seconds", CONNECT_TIMEOUT.as_secs())]
    TooSlow,
    #[error("no answer within {} seconds", ANSWER_TIMEOUT.as_secs())]
    NoAnswer,
    #[error("the answer broke off")]
    BrokenOff,
}

impl ConnectionError {
    /// Whether it is the address that is wrong.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Self::Dial(error) => error.is_refusal(),
            Self::NoAddress => true,
            Self::TooSlow | Self::NoAnswer | Self::BrokenOff => false,
        }
    }
}

struct GuardedClient(Client<Connector, HttpRequestBody>);

impl fmt::Debug for GuardedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardedClient")
    }
}

#[async_trait]
impl HttpService for GuardedClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = timeout(ANSWER_TIMEOUT, self.0.request(request)).await;
        let answer = answer
            .map_err(|_| HttpError::new(HttpErrorKind::Timeout, ConnectionError::NoAnswer))?
            .map_err(|error| {
                let is_connect = error.is_connect();
                let kind =
                    if is_connect { HttpErrorKind::Connect } else { HttpErrorKind::Interrupted };
                HttpError::new(kind, error)
            })?;
        Ok(answer.map(|body| {
            let frames = body.into_data_stream();
            let frames = futures_util::stream::unfold(frames, |mut frames| async move {
                let next = timeout(SILENCE, frames.next()).await;
                let interrupted = HttpErrorKind::Interrupted;
                let frame: Result<Bytes, HttpError> = match next {
                    Ok(None) => return None,
                    Ok(Some(frame)) => frame.map_err(|error| HttpError::new(interrupted, error)),
                    Err(_) => Err(HttpError::new(interrupted, ConnectionError::BrokenOff)),
                };
                Some((frame.map(Frame::data), frames))
            });
            // The client asks once more after the end.
            HttpResponseBody::new(StreamBody::new(frames.fuse()))
        }))
    }
}

/// Dials for the pool of an HTTP client.
#[derive(Clone)]
struct Connector(Dialer);

impl Service<Uri> for Connector {
    type Response = TokioIo<Line>;
    type Error = ConnectionError;
    type Future = BoxFuture<'static, Result<TokioIo<Line>, ConnectionError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectionError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self(dialer) = self.clone();
        async move {
            let is_encrypted = uri.scheme_str() == Some("https");
            let host = uri.host().ok_or(ConnectionError::NoAddress)?.trim_matches(['[', ']']);
            let port = uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
            let line = timeout(CONNECT_TIMEOUT, dialer.dial(host, port, is_encrypted)).await;
            Ok(TokioIo::new(line.map_err(|_| ConnectionError::TooSlow)??))
        }
        .boxed()
    }
}
