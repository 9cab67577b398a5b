//! `jumpa serve` as a process of its own, on free ports, with a data folder of its own.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, UdpSocket},
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use jumpa_protocol::AppId;
use rustix::process::{Pid, Signal, getpriority_process, kill_process};
use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
    sync::mpsc,
    time::sleep,
};

use crate::{Answer, Request, within};

/// Pause between two looks at something that tells nobody when it changes.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Ports that one server uses at most: pages and one per media worker.
const PORTS_PER_SERVER: u16 = 16;
/// Below the ports that the system gives to connections, so that nobody takes the port of a server
/// between its end and its next start.
const RESERVED: std::ops::Range<u16> = 12_000..30_000;

/// What a server wrote into its ready file.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    /// Where pages, API and signalling are served.
    pub address: String,
    /// Where metrics are served.
    pub admin_address: Option<String>,
    /// Of the first media worker.
    pub media_port: u16,
    /// Of all media workers.
    pub media_ports: Vec<u16>,
    /// The app that takes guests.
    pub demo_app: AppId,
    /// A link into a call.
    pub demo_room_url: String,
    /// The first-login link.
    pub first_login_url: Option<String>,
}

/// The first of [`PORTS_PER_SERVER`] free ports that no other server of this process gets.
fn reserved_ports() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let places = (RESERVED.end - RESERVED.start) / PORTS_PER_SERVER;
    let start = std::process::id() as u16;
    for _ in 0..places {
        let place = start.wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed)) % places;
        let first = RESERVED.start + place * PORTS_PER_SERVER;
        let is_free = (first..first + PORTS_PER_SERVER).all(|port| {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
                && UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        });
        if is_free {
            return first;
        }
    }
    panic!("no {PORTS_PER_SERVER} free ports in a row in {RESERVED:?}")
}

/// How a server is to be started.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    knows_its_url: bool,
}

/// A running server. It ends with this value.
#[derive(Debug)]
pub struct Server {
    builder: Builder,
    folder: tempfile::TempDir,
    child: Child,
    log: mpsc::UnboundedReceiver<String>,
    ready: Ready,
}

/// A server that ended.
#[derive(Debug)]
pub struct Ended {
    /// How.
    pub status: ExitStatus,
    /// What it wrote to standard error since the last look.
    pub log: String,
    builder: Builder,
    folder: tempfile::TempDir,
    ready: Ready,
}

impl Builder {
    /// A server of this program: `env!("CARGO_BIN_EXE_jumpa-under-test")`.
    #[must_use]
    pub fn new(program: &str) -> Self {
        Self { program: program.into(), ..Self::default() }
    }

    /// Adds an argument of `jumpa serve`.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Tells the server by which address it is reached.
    #[must_use]
    pub fn with_public_url(self) -> Self {
        Self { knows_its_url: true, ..self }
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts it on free ports with an empty data folder.
    ///
    /// # Panics
    /// When it does not get ready; the message holds its log.
    pub async fn start(self) -> Server {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = reserved_ports();
        Server::start(self, folder, &format!("127.0.0.1:{port}"), port + 1).await
    }

    /// Runs another command of the program over a data folder.
    ///
    /// # Panics
    /// When the program cannot be run.
    pub async fn run(&self, data: &Path, arguments: &[&str]) -> Output {
        let output = self.command(data).args(arguments).output();
        within("the command ends", output).await.expect("the program can be run")
    }

    fn command(&self, data: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("JUMPA_DATA", data)
            .env("JUMPA__LOG__FORMAT", "text")
            .env("JUMPA__ADMIN__LISTEN", "127.0.0.1:0")
            .env("JUMPA__MEDIA__BIND", "127.0.0.1")
            .env("JUMPA__RECORDING__RUNS_RECORDER", "false")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

impl Server {
    async fn start(
        builder: Builder,
        folder: tempfile::TempDir,
        listen: &str,
        media_port: u16,
    ) -> Self {
        let ready_file = folder.path().join("ready.json");
        let _ = fs::remove_file(&ready_file);
        let mut command = builder.command(&folder.path().join("data"));
        if builder.knows_its_url {
            command.env("JUMPA__HTTP__PUBLIC_URL", format!("http://{listen}"));
        }
        let mut child = command
            .args(["serve", "--listen", listen, "--media-port", &media_port.to_string()])
            .arg("--ready-file")
            .arg(&ready_file)
            .args(&builder.arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let mut log = follow(child.stderr.take().expect("standard error is piped"));
        let mut so_far = String::new();
        let is_ready = within("the server gets ready", async {
            while let Some(line) = log.recv().await {
                so_far.push_str(&line);
                if line.contains("the server takes calls") {
                    return true;
                }
            }
            false
        })
        .await;
        assert!(is_ready, "the server ended at its start:\n{so_far}");
        let text = fs::read_to_string(&ready_file).expect("the ready file is written by now");
        let ready = serde_json::from_str(&text).expect("the ready file has its documented form");
        Self { builder, folder, child, log, ready }
    }

    /// What it wrote into its ready file.
    #[must_use]
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Address and port of pages, API and signalling.
    #[must_use]
    pub fn host(&self) -> &str {
        host_of(&self.ready.address)
    }

    /// Address and port of metrics.
    ///
    /// # Panics
    /// When there are none.
    #[must_use]
    pub fn admin_host(&self) -> &str {
        host_of(self.ready.admin_address.as_deref().expect("metrics are on"))
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Sends a request.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(&self, request: Request) -> Answer {
        within("the server answers", request.send(self.host())).await.expect("an answer")
    }

    /// Sends a GET request.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::new("GET", path)).await
    }

    /// Runs a command of the program beside the server and gives what it printed.
    ///
    /// # Panics
    /// When the command fails.
    pub async fn command(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "jumpa {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs a command of the program beside the server.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.builder.run(&self.data(), arguments).await
    }

    /// Makes an app beside the server, waits until the server knows it, and gives its id.
    ///
    /// # Panics
    /// When the command fails.
    pub async fn create_app(&self, name: &str, options: &[&str]) -> AppId {
        let arguments = [&["app", "create", "--name", name], options].concat();
        let printed = self.command(&arguments).await;
        let line = printed.lines().find_map(|line| line.strip_prefix("app id"));
        let app = line.and_then(|id| id.trim().parse().ok()).expect("an app id is printed");
        self.knows(&app).await;
        app
    }

    /// Waits until the server takes joins of an app.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn knows(&self, app: &AppId) {
        self.shows(&format!("/v1/public/apps/{app}")).await;
    }

    /// Waits until a GET request succeeds.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn shows(&self, path: &str) {
        within(&format!("the server shows {path}"), async {
            while self.get(path).await.status != 200 {
                sleep(POLL_INTERVAL).await;
            }
        })
        .await;
    }

    /// Makes a join token.
    pub async fn token(&self, app: &AppId, room: &str, name: &str, options: &[&str]) -> String {
        let base = ["token", "--app", app.as_str(), "--room", room, "--name", name];
        self.command(&[&base, options].concat()).await.trim().to_owned()
    }

    /// Waits for a line of its log that holds `text`, and gives that line.
    ///
    /// # Panics
    /// When the line does not come.
    pub async fn logged(&mut self, text: &str) -> String {
        within(&format!("the server logs `{text}`"), async {
            while let Some(line) = self.log.recv().await {
                if line.contains(text) {
                    return line;
                }
            }
            panic!("the server ended without logging `{text}`");
        })
        .await
    }

    /// Waits until `text` stands in what the server keeps of its calls.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn keeps(&self, text: &str) {
        let folder = self.data().join("calls");
        within(&format!("`{text}` is kept"), async {
            while !kept_calls(&folder).iter().any(|call| call.contains(text)) {
                sleep(POLL_INTERVAL).await;
            }
        })
        .await;
    }

    /// Ends it at once, as the kernel does when memory is out.
    pub async fn kill(self) -> Ended {
        self.signal(Signal::KILL);
        self.ended().await
    }

    /// Asks it to end, as a service manager does, and waits.
    pub async fn terminate(self) -> Ended {
        self.signal(Signal::TERM);
        self.ended().await
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// When the process is gone.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the server runs");
    }

    /// Its priority on this machine, as setpriority(2) has it.
    ///
    /// # Panics
    /// When the process is gone.
    #[must_use]
    pub fn nice(&self) -> i32 {
        getpriority_process(Some(self.pid())).expect("the server runs")
    }

    fn pid(&self) -> Pid {
        let pid = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        pid.expect("the server runs")
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn ended(mut self) -> Ended {
        let status = within("the server ends", self.child.wait()).await.expect("its status");
        let mut log = String::new();
        while let Some(line) = self.log.recv().await {
            log.push_str(&line);
        }
        let Self { builder, folder, ready, .. } = self;
        Ended { status, log, builder, folder, ready }
    }
}

impl Ended {
    /// Starts it again on the same data folder and the same ports, as a service manager does.
    pub async fn restart(self) -> Server {
        let listen = host_of(&self.ready.address).to_owned();
        Server::start(self.builder, self.folder, &listen, self.ready.media_port).await
    }

    /// What it had written into its ready file.
    #[must_use]
    pub fn ready(&self) -> &Ready {
        &self.ready
    }
}

/// The files of calls; one that vanishes while they are read is left out.
fn kept_calls(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect()
}

fn host_of(address: &str) -> &str {
    address.strip_prefix("http://").unwrap_or(address)
}

/// Reads the log as it is written, so that the server never waits for us.
fn follow(stderr: ChildStderr) -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut lines = BufReader::new(stderr).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // A test that does not look at the log lets go of the receiver.
            let _ = sender.send(line + "\n");
        }
    });
    receiver
}
