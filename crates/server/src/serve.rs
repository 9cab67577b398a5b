//! `jumpa serve`: starts the roles, connects them, and stops them politely.

use std::{
    path::Path,
    process,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use axum::{Router, http::StatusCode};
use jumpa_api::{OwnDomains, Recordings, RecordingsConfig, WebhookSender};
use jumpa_db::Database;
use jumpa_protocol::{
    AllowedNetworks, CallId, NodeId,
    report::{CallReport, LogEntry},
};
use rustix::process::{getpriority_process, setpriority_process};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, watch},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};
use tracing::{debug, info, warn};

use crate::{
    admin,
    calls::Calls,
    cli::ServeOptions,
    commands::key_of_recorders,
    config::Config,
    data_folder::DataFolder,
    first_start::{self, DEMO_ROOM, Welcome},
    health::{Health, VERSION},
    housekeeping, http_listener, key_uses, live_directory, program,
    ready_file::{self, Ready},
    recorder_process::RecorderProcess,
    report_keeper::ReportKeeper,
    report_log,
    storage::Storage,
    telemetry,
    this_node::{Started, ThisNode},
    usage_keeper, web,
};

/// How long the rest of the server may take to stop after the clients are gone.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);

/// Its priority on the machine (setpriority(2)).
const MEDIA_NICE: i32 = -15;

/// Connections of tools that read metrics.
const ADMIN_CONNECTIONS: usize = 64;

/// Reports of calls that wait for the log. When it is full they wait in their calls, which never
/// wait for the disk.
const REPORTS: usize = 4_096;

/// What moderators ask of recordings and is not done yet. When it is full, calls answer that the
/// server is busy.
const RECORDING_REQUESTS: usize = 256;

/// Where recordings are kept, beside the spool of the recorder.
const LIBRARY_FOLDER: &str = "library";

/// How long a request to the API may take, its body included.
const API_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a client may be silent in the middle of a request's body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Runs the server until it is told to stop.
///
/// # Errors
/// What kept it from starting, in words that say what to do.
pub fn run(data: &Path, config_file: Option<&Path>, options: &ServeOptions) -> anyhow::Result<()> {
    let config = Config::load(config_file, data, std::env::vars(), &options.listen.flags())?;
    telemetry::start_log(&config.log)?;
    go_first();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?
        .block_on(serve(data, config, options.ready_file.as_deref()))
}

/// Raises the priority of this process, where it may and nobody has chosen another. Media is lost when
/// it waits; whatever else a machine does can wait. Threads and programs that are started later have
/// the same.
fn go_first() {
    if getpriority_process(None).is_ok_and(|nice| nice == 0)
        && let Err(error) = setpriority_process(None, MEDIA_NICE)
    {
        debug!(%error, "other programs of this machine are as important as calls");
    }
}

async fn serve(data: &Path, config: Config, ready_file: Option<&Path>) -> anyhow::Result<()> {
    let mut stop_signals = StopSignals::new()?;
    let metrics = telemetry::start_metrics()?;
    let folder = DataFolder::open(data)?;
    let _lock = folder.lock()?;
    let storage = Storage::new(folder, &config)?;
    let folder = storage.folder();
    let (database, master_key) = tokio::select! {
        opened = storage.open_patiently() => opened?,
        _ = stop_signals.next() => return Ok(()),
    };
    if database.bypasses_row_security().await? {
        warn!(
            "the role of the database is a superuser or has BYPASSRLS: nothing but the program \
             keeps tenants apart; use an ordinary role (docs/guide/postgres.md)"
        );
    }
    let welcome = first_start::prepare(&database).await?;
    let smtp = config.mail.smtp()?;
    let mailer = smtp.as_ref().map(jumpa_api::Mailer::new).transpose()?.map(Arc::new);
    let listener = bind(&config).await?;
    let address = listener.local_addr().context("reading the address that was bound")?;
    let admin_listener = admin::bind(config.admin.listen).await;

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    // Recorders end after calls and before the links to them: their last words are stored.
    let (recorders, recorder_stop) = (TaskTracker::new(), CancellationToken::new());
    let (live_directory, directory) = live_directory::load(&database).await?;
    tasks.spawn(live_directory.keep_following(stop.clone()));
    let (reports, report_receiver) = mpsc::channel(REPORTS);
    let (recording_requests, recording_wishes) = mpsc::channel(RECORDING_REQUESTS);
    let (recorder_presence, has_recorder) = watch::channel(false);
    let calls = Calls::start(
        &config,
        directory.clone(),
        &master_key,
        folder.calls_path(),
        reports,
        (recording_requests, has_recorder),
    )?;
    let keeper = report_keeper(folder, &database, calls.continued(), report_receiver)?;
    let node_id = NodeId::from_uuid(keeper.log_id);
    tasks.spawn(keeper.keep(stop.clone()));
    tasks.spawn(usage_keeper::keep_counting(database.clone(), stop.clone()));
    let health = Health::new(database.clone(), calls.media_probe());

    let own_domains = OwnDomains::new(directory.clone(), config.http.public_url.as_deref());
    let pages = web::Pages { directory: directory.clone(), own_domains };
    let pages = Router::new().fallback(web::page).with_state(pages);
    let link_base = ready_file::base_url(config.http.public_url.as_deref(), address);
    let networks = AllowedNetworks::parse(&config.webhooks.allowed_networks)?;
    let webhooks = WebhookSender::new(database.clone(), networks, link_base);
    tasks.spawn(webhooks.keep_sending(stop.clone()));
    let data = folder.path().to_owned();
    let rooms = calls.live_rooms();
    let started = Started {
        data,
        config: running_config(&config, address),
        media_ips: calls.media_ips().to_vec(),
        media_ports: calls.media_ports().to_vec(),
    };
    let node = ThisNode::new(node_id, rooms, health.clone(), started);
    let node: Arc<dyn jumpa_api::Node> = Arc::new(node);
    let recordings_folder =
        config.recording.folder.clone().unwrap_or_else(|| folder.recordings_path());
    let recorder_key = key_of_recorders(&master_key);
    let recordings = Recordings::open(RecordingsConfig {
        database: database.clone(),
        node: Arc::clone(&node),
        directory: directory.clone(),
        library: recordings_folder.join(LIBRARY_FOLDER),
        storage_networks: AllowedNetworks::parse(&config.recording.storage_networks)?,
        recorder_key: recorder_key.clone(),
        signing_key: master_key.derive("recording files"),
        link_base: ready_file::base_url(config.http.public_url.as_deref(), address),
        recorder_presence,
        stream_networks: AllowedNetworks::parse(&config.recording.stream_networks)?,
        logo_networks: AllowedNetworks::parse(&config.webhooks.allowed_networks)?,
    })?;
    tasks.spawn(recordings.clone().keep_running(recording_wishes, stop.clone()));
    let api = jumpa_api::ApiConfig {
        node,
        recordings,
        database: database.clone(),
        directory,
        rating_verifier: calls.rating_verifier(),
        join_tokens: Calls::join_tokens(),
        public_url: config.http.public_url.clone(),
        link_base: ready_file::base_url(config.http.public_url.as_deref(), address),
        mailer: mailer.clone(),
        trusted_proxies: config.http.trusted_proxies.clone(),
        rate_limits: config.api,
    };
    tasks.spawn(key_uses::keep_writing(calls.key_uses(), database.clone(), stop.clone()));
    tasks.spawn(housekeeping::keep_tidy(database.clone(), stop.clone()));
    if let Some(mailer) = mailer {
        let (database, stop) = (database.clone(), stop.clone());
        tasks.spawn(async move { mailer.keep_sending(database, stop).await });
    }
    let router = jumpa_api::router(api)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, API_TIMEOUT))
        .merge(calls.router())
        .merge(health.clone().router())
        .fallback_service(pages)
        .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT))
        .layer(axum::middleware::map_response(web::add_common_headers));
    let http_stop = stop.child_token();
    let limit = config.http.max_connections;
    tasks.spawn(http_listener::serve(listener, router, limit, http_stop.clone()));
    let admin_address = admin_listener.map(|(listener, local)| {
        let router = admin::router(metrics, health.clone());
        tasks.spawn(http_listener::serve(listener, router, ADMIN_CONNECTIONS, stop.clone()));
        local
    });

    let ready = ready(&config, folder, address, &welcome, &calls, admin_address);
    program::print(&greeting(&ready)).context("writing to standard output")?;
    if let Some(path) = ready_file {
        ready.write(path).with_context(|| format!("writing `{}`", path.display()))?;
    }
    let here = ready_file::base_url(None, address);
    let recorder = RecorderProcess::new(&config.recording, here, recordings_folder, recorder_key);
    if let Some(recorder) = recorder {
        recorders.spawn(recorder.keep_running(recorder_stop.clone()));
    }
    info!(version = VERSION, "the server takes calls");

    let name = stop_signals.next().await;
    info!(signal = name, "the server stops");
    let ends_early = async {
        stop_signals.next().await;
        warn!("a second signal: the server ends at once");
        process::exit(130);
    };
    let ends_politely = async {
        health.set_draining(true);
        calls.stop(Duration::from_millis(config.shutdown.grace_ms)).await;
        recorder_stop.cancel();
        recorders.close();
        recorders.wait().await;
        stop.cancel();
        tasks.close();
        if timeout(STOP_TIMEOUT, tasks.wait()).await.is_err() {
            warn!("some requests did not end in time");
        }
        database.close().await;
    };
    tokio::select! {
        () = ends_politely => {}
        () = ends_early => {}
    }
    if let Some(path) = ready_file {
        // The file says that calls can be made, which is over; one that is gone already is fine.
        let _ = std::fs::remove_file(path);
    }
    info!("the server stopped");
    Ok(())
}

/// The settings as they came out: with the port that was taken where any would do.
fn running_config(config: &Config, address: std::net::SocketAddr) -> Config {
    let mut config = config.clone();
    config.http.listen = address;
    config
}

fn report_keeper(
    folder: &DataFolder,
    database: &Database,
    continued: &[CallId],
    reports: mpsc::Receiver<CallReport>,
) -> anyhow::Result<ReportKeeper> {
    let path = folder.reports_path();
    let at_us = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    let at_us = u64::try_from(at_us).unwrap_or(u64::MAX);
    let started = LogEntry::Started { at_us, continues: continued.to_vec() };
    let open = || -> std::io::Result<_> {
        Ok((report_log::id_of(&path)?, report_log::start(&path, &started, reports)?))
    };
    let (log_id, reader) =
        open().with_context(|| format!("opening the log of calls in `{}`", path.display()))?;
    Ok(ReportKeeper { reader, log_id, database: database.clone() })
}

async fn bind(config: &Config) -> anyhow::Result<TcpListener> {
    let address = config.http.listen;
    TcpListener::bind(address).await.map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "another program listens on {address}; stop it, or choose another address with \
                 --listen"
            ),
            std::io::ErrorKind::AddrNotAvailable => {
                format!("{address} is no address of this machine; choose another with --listen")
            }
            std::io::ErrorKind::PermissionDenied => format!(
                "this user may not listen on {address}; choose a port above 1023 with --listen"
            ),
            _ => format!("listening on {address}"),
        };
        anyhow::Error::new(error).context(what)
    })
}

fn ready(
    config: &Config,
    folder: &DataFolder,
    address: std::net::SocketAddr,
    welcome: &Welcome,
    calls: &Calls,
    admin_address: Option<std::net::SocketAddr>,
) -> Ready {
    let base = ready_file::base_url(config.http.public_url.as_deref(), address);
    let demo_app = welcome.demo_app.as_ref().map(|app| app.id.clone());
    let first_login = welcome.first_login_token.as_ref();
    Ready {
        pid: process::id(),
        version: VERSION,
        admin_address: admin_address.map(|local| ready_file::base_url(None, local)),
        media_port: calls.media_ports().first().copied(),
        media_ports: calls.media_ports().to_vec(),
        media_ips: calls.media_ips().to_vec(),
        demo_room_url: demo_app.as_ref().map(|id| format!("{base}/{id}/{DEMO_ROOM}")),
        demo_app,
        first_login_url: first_login.map(|token| format!("{base}/welcome?token={token}")),
        address: base,
        data: folder.path().to_owned(),
    }
}

/// What the operator reads after a start.
fn greeting(ready: &Ready) -> String {
    let join = |items: Vec<String>| items.join(", ");
    let ports = join(ready.media_ports.iter().map(ToString::to_string).collect());
    let ips = join(ready.media_ips.iter().map(ToString::to_string).collect());
    let mut lines = vec![
        format!("\nJumpa {} takes calls.\n", ready.version),
        format!("  Address      {}", ready.address),
    ];
    if let Some(url) = &ready.demo_room_url {
        lines.push(format!("  Demo room    {url}"));
    }
    if let Some(url) = &ready.first_login_url {
        lines.push(format!("  First login  {url}   (works once)"));
    }
    lines.push(format!("  Media        UDP and TCP port {ports} on {ips}"));
    if let Some(address) = &ready.admin_address {
        lines.push(format!("  Metrics      {address}/metrics"));
    }
    lines.push(format!("  Data         {}", ready.data.display()));
    if !web::has_pages() {
        lines.push("\nThe web pages are missing from this build: run `make build`.".to_owned());
    }
    lines.push("\nCtrl-C stops the server.\n".to_owned());
    lines.join("\n") + "\n"
}

/// SIGTERM, SIGINT, and SIGHUP for a terminal that was closed.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl StopSignals {
    fn new() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("listening for signals");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.hang_up.recv() => "SIGHUP",
        }
    }
}
