//! The role as a whole: started, served by a router, stopped.

use std::{
    collections::HashMap,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{Extensions, HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use jumpa_protocol::{
    CallId, ErrorCode, KeyId,
    control::{MediaCommand, MediaEvent},
    directory::Directory,
    limits,
    recording::RecordingRequest,
    report::CallReport,
    signal::SUBPROTOCOL,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use tracing::{info, warn};

use crate::{
    call::CallMemory,
    call_store::CallStore,
    front_door::FrontDoor,
    hub::Hub,
    live_rooms::LiveRooms,
    media_resource::MediaResources,
    problem::Problem,
    socket::Socket,
    telemetry,
    token::SessionTokens,
    whip::{self, WhipState},
};

/// What signalling is connected to, and its settings.
#[derive(Debug)]
pub struct Config {
    /// Apps and keys; a new value takes effect at once.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// To the media plane. Bounded: when it is full, calls wait.
    pub media_commands: mpsc::Sender<MediaCommand>,
    /// From the media plane. Is always taken, so the media plane never waits for calls.
    pub media_events: mpsc::Receiver<MediaEvent>,
    /// Signs resume and rating tokens.
    pub secret: [u8; 32],
    /// Which pages may open a WebSocket.
    pub origins: OriginRule,
    /// Most WebSockets of one address. More serves large offices behind one address, less keeps a
    /// single machine from taking the memory of all.
    pub max_sockets_per_address: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The folder that keeps calls over a restart of the server; made when it is missing. None: they
    /// end with the server, and clients meet in a call of the same id that remembers nothing.
    pub calls_folder: Option<PathBuf>,
    /// To the control plane; none: nobody hears of calls. Bounded: what does not fit waits in its
    /// call.
    pub reports: Option<mpsc::Sender<CallReport>>,
    /// What moderators ask of the control plane; none: nobody records.
    pub recording_requests: Option<mpsc::Sender<RecordingRequest>>,
    /// Whether a recorder is there that takes recordings; none: nobody knows, and calls that must
    /// be recorded begin all the same.
    pub has_recorder: Option<watch::Receiver<bool>>,
    /// Most participants of trial apps at a time. What they cannot take is there for production.
    pub max_trial_participants: usize,
}

/// Which pages may open a WebSocket.
///
/// No cookie gives a right here: whoever joins shows a token, or is a guest. So a page of another
/// origin can do no more than any program, and apps embed calls in their own pages. An app may name
/// those; then others are refused when they join.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OriginRule {
    /// Every page, and programs that name none.
    #[default]
    Any,
    /// Pages of the same host and port, and programs that name none.
    SameOrigin,
}

/// Most WebSockets of one address when nothing else is set.
pub const DEFAULT_MAX_SOCKETS_PER_ADDRESS: usize = 2_000;

/// What is read from a WebSocket at a time, bytes. Every connection keeps such a buffer, and it is
/// cleared before each read, so the library's 128 KiB would cost a hundred idle people 13 MB.
/// Larger messages take several reads.
const READ_BUFFER_BYTES: usize = 8 * 1024;

impl Config {
    /// A configuration with the settings that hold when nothing else was set.
    #[must_use]
    pub fn new(
        directory: watch::Receiver<Arc<Directory>>,
        media_commands: mpsc::Sender<MediaCommand>,
        media_events: mpsc::Receiver<MediaEvent>,
        secret: [u8; 32],
    ) -> Self {
        Self {
            directory,
            media_commands,
            media_events,
            secret,
            origins: OriginRule::default(),
            max_sockets_per_address: DEFAULT_MAX_SOCKETS_PER_ADDRESS,
            trusted_proxies: Vec::new(),
            calls_folder: None,
            reports: None,
            recording_requests: None,
            has_recorder: None,
            max_trial_participants: usize::MAX,
        }
    }
}

/// The running role.
#[derive(Debug)]
pub struct Signalling {
    hub: Arc<Hub>,
    door: Arc<FrontDoor>,
    resources: Arc<MediaResources>,
    tokens: SessionTokens,
    origins: OriginRule,
    continued_calls: Vec<CallId>,
}

#[derive(Clone)]
struct SocketState {
    hub: Arc<Hub>,
    door: Arc<FrontDoor>,
    origins: OriginRule,
}

impl Signalling {
    /// Starts the role on the present tokio runtime.
    #[must_use]
    pub fn start(config: Config) -> Self {
        telemetry::describe();
        let tokens = SessionTokens::new(&config.secret);
        let (store, memories) = config.calls_folder.as_deref().map(open_store).unwrap_or_default();
        let hub = Arc::new(Hub::new(
            config.directory,
            config.media_commands,
            tokens.clone(),
            store,
            config.reports,
            (config.recording_requests, config.has_recorder),
            config.max_trial_participants,
        ));
        let continued_calls = hub.restore(memories);
        // Not one of the hub's own tasks: it ends when all of those have.
        tokio::spawn(Arc::clone(&hub).route(config.media_events));
        Self {
            hub,
            door: Arc::new(FrontDoor::new(config.max_sockets_per_address, config.trusted_proxies)),
            resources: Arc::default(),
            tokens,
            origins: config.origins,
            continued_calls,
        }
    }

    /// `/v1/signal`, `/whip/…` and `/whep/…`. Serve it with connection information
    /// (`ConnectInfo<SocketAddr>`), or limits per address count everybody as one.
    pub fn router(&self) -> Router {
        let (hub, door) = (Arc::clone(&self.hub), Arc::clone(&self.door));
        let sockets = SocketState { hub, door, origins: self.origins };
        let (hub, door) = (Arc::clone(&self.hub), Arc::clone(&self.door));
        let whip = WhipState { hub, door, resources: Arc::clone(&self.resources) };
        Router::new()
            .route("/v1/signal", get(open_socket))
            .with_state(sockets)
            .merge(whip::router(whip))
    }

    /// What the host sees and does, from outside the calls.
    #[must_use]
    pub fn live_rooms(&self) -> LiveRooms {
        LiveRooms::new(Arc::clone(&self.hub))
    }

    /// Verifies the rating tokens that joined clients got.
    #[must_use]
    pub fn session_tokens(&self) -> &SessionTokens {
        &self.tokens
    }

    /// Calls of before the start that go on.
    #[must_use]
    pub fn continued_calls(&self) -> &[CallId] {
        &self.continued_calls
    }

    /// Gives, each time that it is called, when each key was used that has signed a token since
    /// the last time, seconds since 1970. Outlives this value.
    pub fn key_uses(&self) -> impl Fn() -> HashMap<KeyId, u64> + Send + use<> {
        let admission = Arc::clone(&self.hub.admission);
        move || admission.take_key_uses()
    }

    /// Refuses new joins, tells everybody that the server stops and closes their connections; what
    /// calls remember is written. Returns when all that is done, or after `grace`.
    pub async fn shutdown(&self, grace: Duration) {
        self.hub.closing.cancel();
        self.hub.tasks.close();
        let ended = async {
            self.hub.tasks.wait().await;
            self.hub.flush().await;
        };
        match timeout(grace, ended).await {
            Ok(()) => info!("every call has ended"),
            Err(_) => warn!("some connections did not end in time"),
        }
    }
}

/// A folder that cannot be used costs what it would keep, not the start of the server.
fn open_store(folder: &Path) -> (Option<CallStore>, Vec<CallMemory>) {
    match CallStore::open(folder, SystemTime::now()) {
        Ok((store, memories)) => (Some(store), memories),
        Err(error) => {
            let folder = folder.display();
            warn!(%error, "the folder {folder} cannot be used: calls do not outlive this server");
            (None, Vec::new())
        }
    }
}

async fn open_socket(
    State(state): State<SocketState>,
    headers: HeaderMap,
    extensions: Extensions,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match try_open_socket(state, &headers, &extensions, upgrade) {
        Ok(response) => response,
        Err((reason, problem)) => {
            telemetry::socket_refused(reason);
            problem.into_response()
        }
    }
}

fn try_open_socket(
    state: SocketState,
    headers: &HeaderMap,
    extensions: &Extensions,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, (&'static str, Problem)> {
    let SocketState { hub, door, origins } = state;
    if hub.closing.is_cancelled() {
        return Err(("closing", ErrorCode::ServerClosing.into()));
    }
    let upgrade = upgrade.map_err(|rejection| {
        let problem = Problem::new(rejection.status(), "websocket_required", rejection.body_text());
        ("no_websocket", problem)
    })?;
    if !origins.allows(headers) {
        let detail = "pages of this origin may not open a connection";
        let problem = Problem::new(StatusCode::FORBIDDEN, "origin_refused", detail);
        return Err(("origin", problem));
    }
    let upgrade = upgrade.protocols([SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        let detail = format!("the subprotocol is `{SUBPROTOCOL}`");
        let problem = Problem::new(StatusCode::BAD_REQUEST, "subprotocol_required", detail);
        return Err(("subprotocol", problem));
    }
    let address = door.address(extensions, headers);
    let permit = door.admit_socket(address).ok_or_else(|| {
        let detail = "this address has too many connections";
        let status = StatusCode::TOO_MANY_REQUESTS;
        ("too_many", Problem::new(status, "too_many_connections", detail))
    })?;
    let tasks = hub.tasks.clone();
    let origin = foreign_origin(headers).map(str::to_owned);
    let (socket, deliveries) = Socket::new(hub, door, address, origin, permit);
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(limits::MAX_OFFER_MESSAGE_BYTES)
        .max_frame_size(limits::MAX_OFFER_MESSAGE_BYTES)
        .on_upgrade(move |wire| tasks.track_future(socket.run(wire, deliveries))))
}

impl OriginRule {
    /// Whether a request with these headers may open a WebSocket (RFC 6455 section 10.2).
    fn allows(self, headers: &HeaderMap) -> bool {
        match self {
            Self::Any => true,
            Self::SameOrigin => foreign_origin(headers).is_none(),
        }
    }
}

/// The origin of the page that sent a request, unless it has the host and port that the request
/// was sent to. One that is not even text is foreign as well.
pub(crate) fn foreign_origin(headers: &HeaderMap) -> Option<&str> {
    let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or("null");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    (host.is_none() || host != origin_host).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header value"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header value"));
        }
        headers
    }

    #[test]
    fn the_same_origin_is_host_and_port() {
        let same = |host, origin| OriginRule::SameOrigin.allows(&headers(host, origin));
        assert!(same("meet.example", Some("https://meet.example")));
        assert!(same("meet.example:8080", Some("http://meet.example:8080")));
        assert!(same("meet.example", None));
        assert!(!same("meet.example", Some("https://evil.example")));
        assert!(!same("meet.example:8080", Some("http://meet.example")));
        assert!(!same("meet.example", Some("null")));
        assert!(OriginRule::Any.allows(&headers("meet.example", Some("https://evil.example"))));
    }
}
