//! A server that is started for one scenario.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use jumpa_client::JoinOptions;
use jumpa_protocol::AppId;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A running server with its own data folder, both gone when this is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    ready: Ready,
    program: PathBuf,
    data: TempDir,
}

/// What the server writes once calls can be made.
#[derive(Debug, Deserialize)]
struct Ready {
    address: String,
    admin_address: Option<String>,
    demo_app: Option<AppId>,
}

impl Server {
    /// Starts a server on free ports and waits until calls can be made.
    ///
    /// # Errors
    /// When it does not start in time.
    pub async fn start(program: &Path) -> anyhow::Result<Self> {
        let data = tempfile::tempdir().context("making a data folder")?;
        let ready_file = data.path().join("ready.json");
        let free = "127.0.0.1:0";
        let mut process = Command::new(program)
            .args(["serve", "--listen", free, "--admin-listen", free, "--media-port", "0"])
            .args(["--public-ip", "127.0.0.1"])
            .arg("--data")
            .arg(data.path().join("data"))
            .arg("--ready-file")
            .arg(&ready_file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let give_up_at = Instant::now() + PATIENCE;
        let ready = loop {
            let text = std::fs::read(&ready_file).unwrap_or_default();
            if let Ok(ready) = serde_json::from_slice::<Ready>(&text) {
                break ready;
            }
            if let Some(status) = process.try_wait().context("watching the server")? {
                bail!("the server ended at once with {status}");
            }
            if Instant::now() >= give_up_at {
                // It may have ended in between, which is as good.
                let _ = process.kill();
                bail!("the server was not ready within {PATIENCE:?}");
            }
            sleep(POLL_INTERVAL).await;
        };
        Ok(Self { process, ready, program: program.to_owned(), data })
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// How a guest joins a room of the demo app.
    ///
    /// # Errors
    /// When the server has no demo app.
    pub fn guest(&self, room: &str, name: &str) -> anyhow::Result<JoinOptions> {
        let app_id = self.demo_app()?;
        let room = room.parse().context("naming a room")?;
        Ok(JoinOptions::new(&self.ready.address, app_id, room).named(name))
    }

    /// Where pages, API and signalling are served.
    pub fn address(&self) -> &str {
        &self.ready.address
    }

    /// The app that takes guests.
    ///
    /// # Errors
    /// When there is none.
    pub fn demo_app(&self) -> anyhow::Result<AppId> {
        self.ready.demo_app.clone().context("the server has no demo app")
    }

    /// Makes the key that tokens of the demo app are signed with.
    ///
    /// # Errors
    /// When the program makes none.
    pub fn make_key(&self) -> anyhow::Result<()> {
        self.command(&["key", "create", "--app", self.demo_app()?.as_str()]).map(drop)
    }

    /// A token for a room of the demo app, which has a key.
    ///
    /// # Errors
    /// When the program makes none.
    pub fn token(&self, room: &str, name: &str) -> anyhow::Result<String> {
        let app_id = self.demo_app()?;
        self.command(&["token", "--app", app_id.as_str(), "--room", room, "--name", name])
    }

    /// What another command of the program prints.
    fn command(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new(&self.program)
            .args(arguments)
            .arg("--data")
            .arg(self.data.path().join("data"))
            .output()
            .with_context(|| format!("running {arguments:?}"))?;
        if !output.status.success() {
            bail!("running {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The server's own counters and gauges, summed over their labels.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn metrics(&self) -> anyhow::Result<Metrics> {
        let address = self.ready.admin_address.as_deref().context("metrics are off")?;
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).await.context("reaching the metrics")?;
        let request = format!("GET /metrics HTTP/1.0\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.context("asking for metrics")?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await.context("reading metrics")?;
        Ok(Metrics::parse(&text))
    }

    /// Ends the server politely.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill")
            .args(["-TERM", &self.pid().to_string()])
            .status()
            .context("asking the server to end")?;
        let give_up_at = Instant::now() + PATIENCE;
        while self.process.try_wait().context("watching the server")?.is_none() {
            if Instant::now() >= give_up_at {
                bail!("the server did not end within {PATIENCE:?}");
            }
            sleep(POLL_INTERVAL).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when it has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Metrics by name.
#[derive(Debug, Default)]
pub struct Metrics {
    values: HashMap<String, f64>,
}

impl Metrics {
    fn parse(text: &str) -> Self {
        let mut metrics = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((series, value)) = line.rsplit_once(' ') else { continue };
            let name = series.split('{').next().unwrap_or_default();
            if let Ok(value) = value.parse::<f64>() {
                *metrics.values.entry(name.to_owned()).or_default() += value;
            }
        }
        metrics
    }

    /// The sum of a metric over its labels; 0 when it was never counted.
    pub fn get(&self, name: &str) -> f64 {
        self.values.get(name).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_summed_over_their_labels() {
        let text =
            "# TYPE a_total counter\na_total{reason=\"x y\"} 2\na_total{reason=\"z\"} 3\nb 0.5";
        let metrics = Metrics::parse(text);
        assert_eq!((metrics.get("a_total"), metrics.get("b"), metrics.get("c")), (5.0, 0.5, 0.0));
    }
}
