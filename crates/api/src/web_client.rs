//! One request to an address that a tenant chose, and none to where it must not go.

use std::time::Duration;

use axum::http::{Method, Request, Response, StatusCode, Uri, header, request, uri::Scheme};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::TokioIo;
use jumpa_outbound::{DialError, Dialer, Line};
use jumpa_protocol::AllowedNetworks;
use tokio::{task::JoinSet, time::timeout};

/// How long the receiver of a webhook may take, from the look-up of its name to the end of its
/// answer.
const POST_TIMEOUT: Duration = Duration::from_secs(15);

/// How much of an answer is kept, bytes. Longer answers are cut: nobody needs them.
const MAX_ANSWER_BYTES: usize = 4 * 1024;

/// Longest address, bytes.
const MAX_URL_BYTES: usize = 2_048;

const JSON: &str = "application/json";

/// Makes requests. Every connection is a new one: receivers are many and requests to each are few.
pub(crate) struct WebClient {
    dialer: Dialer,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct WebAnswer {
    pub(crate) status: u16,
    /// Its beginning, as text.
    pub(crate) body: String,
}

/// Why nothing came back, in words for the tenant.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebError {
    #[error("{0}")]
    Url(&'static str),
    #[error(transparent)]
    Dial(#[from] DialError),
    #[error("no answer: {0}")]
    Http(hyper::Error),
    #[error("no answer within {} seconds", .0.as_secs())]
    TooSlow(Duration),
    #[error("the answer is {0}")]
    Status(StatusCode),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("the answer breaks off")]
    Broken,
}

/// An answer whose body is still to be read, with the task of its connection, which ends with it.
struct Exchange {
    answer: Response<Incoming>,
    _connection: JoinSet<Result<(), hyper::Error>>,
}

/// A web address, taken apart.
#[derive(Debug)]
pub(crate) struct Target {
    uri: Uri,
    is_encrypted: bool,
    host: String,
    port: u16,
}

impl Target {
    /// Takes an address apart.
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        const RULE: &str = "a web address like https://shop.example/hooks, without a password";
        if url.len() > MAX_URL_BYTES || url.contains('#') {
            return Err(RULE);
        }
        let uri: Uri = url.parse().map_err(|_| RULE)?;
        let is_encrypted = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(RULE),
        };
        let authority = uri.authority().ok_or(RULE)?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        if authority.as_str().contains('@') || host.is_empty() {
            return Err(RULE);
        }
        let port = authority.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        Ok(Self { uri, is_encrypted, host, port })
    }

    fn request(&self, method: Method, user_agent: &'static str) -> request::Builder {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let host = self.uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header(header::USER_AGENT, user_agent)
    }
}

impl WebClient {
    /// Trusts the certificates that the machine trusts.
    pub(crate) fn new(allowed: AllowedNetworks) -> Self {
        Self { dialer: Dialer::new(allowed) }
    }

    /// Posts JSON and reads the answer. Redirects are answers like others.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: Vec<(&'static str, String)>,
        body: String,
    ) -> Result<WebAnswer, WebError> {
        let target = Target::parse(url).map_err(WebError::Url)?;
        let mut request =
            target.request(Method::POST, "Jumpa-Webhooks").header(header::CONTENT_TYPE, JSON);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let exchange = async {
            let Exchange { answer, _connection } =
                self.exchange(&target, request, body.into()).await?;
            let status = answer.status().as_u16();
            Ok(WebAnswer { status, body: read_beginning(answer.into_body()).await })
        };
        timeout(POST_TIMEOUT, exchange).await.map_err(|_| WebError::TooSlow(POST_TIMEOUT))?
    }

    /// Gets a file of at most so many bytes. Redirects are not followed: they are no file.
    pub(crate) async fn get(
        &self,
        url: &str,
        max_bytes: usize,
        patience: Duration,
    ) -> Result<Bytes, WebError> {
        let target = Target::parse(url).map_err(WebError::Url)?;
        let request = target.request(Method::GET, "Jumpa");
        let exchange = async {
            let Exchange { answer, _connection } =
                self.exchange(&target, request, Bytes::new()).await?;
            if answer.status() != StatusCode::OK {
                return Err(WebError::Status(answer.status()));
            }
            let whole = Limited::new(answer.into_body(), max_bytes).collect().await;
            whole.map(http_body_util::Collected::to_bytes).map_err(|error| {
                let is_long = error.is::<LengthLimitError>();
                if is_long { WebError::TooLong(max_bytes) } else { WebError::Broken }
            })
        };
        timeout(patience, exchange).await.map_err(|_| WebError::TooSlow(patience))?
    }

    async fn exchange(
        &self,
        target: &Target,
        request: request::Builder,
        body: Bytes,
    ) -> Result<Exchange, WebError> {
        let request = request
            .body(Full::new(body))
            .map_err(|_| WebError::Url("the address cannot stand in a request"))?;
        let line = self.dialer.dial(&target.host, target.port, target.is_encrypted).await?;
        talk(line, request).await
    }
}

async fn talk(line: Line, request: Request<Full<Bytes>>) -> Result<Exchange, WebError> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(line)).await.map_err(WebError::Http)?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let answer = sender.send_request(request).await.map_err(WebError::Http)?;
    Ok(Exchange { answer, _connection: driver })
}

/// The beginning of an answer; what breaks off in the middle is the receiver's affair, since its
/// status has come.
async fn read_beginning(body: Incoming) -> String {
    let mut body = Limited::new(body, MAX_ANSWER_BYTES * 16);
    let mut kept = Vec::new();
    while kept.len() < MAX_ANSWER_BYTES {
        match body.frame().await {
            Some(Ok(frame)) => kept.extend(frame.into_data().unwrap_or_default()),
            Some(Err(_)) | None => break,
        }
    }
    kept.truncate(MAX_ANSWER_BYTES);
    String::from_utf8_lossy(&kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_web_address_is_refused() {
        for url in [
            "",
            "shop.example/hooks",
            "ftp://shop.example",
            "https://",
            "https://a:b@shop.example",
            "https://shop.example/#x",
            "file:///etc/passwd",
            "gopher://shop.example",
        ] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
        assert!(Target::parse(&format!("https://shop.example/{}", "x".repeat(2_100))).is_err());
        let target = Target::parse("https://[2400:cb00::1]:8443/hooks?a=1").unwrap();
        assert_eq!((target.host.as_str(), target.port), ("2400:cb00::1", 8443));
    }

    #[tokio::test]
    async fn the_internet_is_not_called_without_encryption() {
        let client = WebClient::new(AllowedNetworks::default());
        let refused = client.post("http://9.9.9.9/", vec![], String::new()).await.unwrap_err();
        assert!(matches!(refused, WebError::Dial(DialError::NotEncrypted)), "{refused}");
    }
}
