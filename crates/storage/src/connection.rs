//! Requests to the server of a bucket, and none to where a tenant must not make us go.

use std::{
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::{Uri, body::Frame};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{Connected, Connection},
    },
    rt::{TokioExecutor, TokioIo},
};
use jumpa_protocol::AllowedNetworks;
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest,
    HttpRequestBody, HttpResponse, HttpResponseBody, HttpService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName},
};
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
        let dialer = Dialer { allowed: self.allowed.clone(), tls: trusting_this_machine() };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .build(dialer);
        Ok(HttpClient::new(GuardedClient(client)))
    }
}

/// Trusts the certificates that the machine trusts.
fn trusting_this_machine() -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has the suites of TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

/// Why there is no connection. Those that trying again does not help are told apart.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DialError {
    #[error("its address is not public, and the operator of this server does not allow it")]
    NotPublic,
    #[error("only https goes over the internet")]
    NotEncrypted,
    #[error("its address is no web address")]
    NoAddress,
    #[error("the name of its host is not known")]
    UnknownHost,
    #[error("no connection: {0}")]
    Connect(io::Error),
    #[error("no TLS: {0}")]
    Tls(io::Error),
    #[error("no connection within {} seconds", CONNECT_TIMEOUT.as_secs())]
    TooSlow,
    #[error("no answer within {} seconds", ANSWER_TIMEOUT.as_secs())]
    NoAnswer,
    #[error("the answer broke off")]
    BrokenOff,
}

impl DialError {
    /// Whether it is the address that is wrong.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::NotPublic | Self::NotEncrypted | Self::NoAddress)
    }
}

struct GuardedClient(Client<Dialer, HttpRequestBody>);

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
            .map_err(|_| HttpError::new(HttpErrorKind::Timeout, DialError::NoAnswer))?
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
                    Err(_) => Err(HttpError::new(interrupted, DialError::BrokenOff)),
                };
                Some((frame.map(Frame::data), frames))
            });
            // The client asks once more after the end.
            HttpResponseBody::new(StreamBody::new(frames.fuse()))
        }))
    }
}

/// Connects to addresses that were looked at.
#[derive(Clone)]
struct Dialer {
    allowed: AllowedNetworks,
    tls: TlsConnector,
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<Line>;
    type Error = DialError;
    type Future = BoxFuture<'static, Result<TokioIo<Line>, DialError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialer = self.clone();
        async move {
            let line = timeout(CONNECT_TIMEOUT, dialer.dial(&uri)).await;
            line.map_err(|_| DialError::TooSlow)?.map(TokioIo::new)
        }
        .boxed()
    }
}

impl Dialer {
    /// The name is looked up once, here, so that it cannot lead elsewhere between the look and the
    /// connection; and all of its addresses count, so that none is reached by asking often enough.
    async fn dial(&self, uri: &Uri) -> Result<Line, DialError> {
        let is_encrypted = uri.scheme_str() == Some("https");
        let host = uri.host().ok_or(DialError::NoAddress)?.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        let found = lookup_host((host.as_str(), port)).await;
        let addresses: Vec<SocketAddr> = found.map_err(|_| DialError::UnknownHost)?.collect();
        if addresses.is_empty() {
            return Err(DialError::UnknownHost);
        }
        if !addresses.iter().all(|address| self.allowed.lets_reach(address.ip())) {
            return Err(DialError::NotPublic);
        }
        let is_inside = addresses.iter().all(|address| self.allowed.names(address.ip()));
        if !is_encrypted && !is_inside {
            return Err(DialError::NotEncrypted);
        }
        let tcp = TcpStream::connect(addresses.as_slice()).await.map_err(DialError::Connect)?;
        // Requests are small or come in one piece; waiting for more would only delay them.
        tcp.set_nodelay(true).map_err(DialError::Connect)?;
        if !is_encrypted {
            return Ok(Line::Plain(tcp));
        }
        let name = ServerName::try_from(host).map_err(|_| DialError::UnknownHost)?;
        let tls = self.tls.connect(name, tcp).await.map_err(DialError::Tls)?;
        Ok(Line::Encrypted(Box::new(tls)))
    }
}

/// A connection.
enum Line {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Connection for Line {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// Calls the same method of what is inside.
macro_rules! inside {
    ($line:expr, $inside:ident => $call:expr) => {
        match $line.get_mut() {
            Line::Plain(inside) => {
                let $inside = Pin::new(inside);
                $call
            }
            Line::Encrypted(inside) => {
                let $inside = Pin::new(inside.as_mut());
                $call
            }
        }
    };
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        inside!(self, line => line.poll_read(context, buffer))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        inside!(self, line => line.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        inside!(self, line => line.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        inside!(self, line => line.poll_shutdown(context))
    }
}
