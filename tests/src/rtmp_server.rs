//! nginx with its RTMP module: takes streams as a platform does, and keeps what it got.

use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    task::JoinHandle,
    time::sleep,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

use crate::within;

/// Where Debian puts the module.
const MODULE: &str = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

/// The stream key that the server takes.
const KEY: &str = "kunci-benar";

/// The name in the certificate of an [`RtmpsServer`].
const TLS_HOST: &str = "localhost";
const CERTIFICATE: &str = "server.pem";

/// Pause between two looks at something that tells nobody when it changes.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// An RTMP server on a free port. It ends with this value.
#[derive(Debug)]
pub struct RtmpServer {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

impl RtmpServer {
    /// Starts one that takes one key.
    ///
    /// # Panics
    /// When nginx cannot be started.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("received")).expect("a folder for streams");
        let [port, http_port] = free_ports();
        let path = folder.path().display();
        let configuration = format!(
            "load_module {MODULE};
daemon off; master_process off; pid {path}/nginx.pid; error_log {path}/errors info;
events {{ worker_connections 64; }}
rtmp {{
    server {{
        listen 127.0.0.1:{port};
        application live {{
            live on;
            record all; record_path {path}/received; record_unique on;
            notify_method get; on_publish http://127.0.0.1:{http_port}/publish;
        }}
    }}
}}
http {{
    access_log off;
    client_body_temp_path {path}/1; proxy_temp_path {path}/2; fastcgi_temp_path {path}/3;
    uwsgi_temp_path {path}/4; scgi_temp_path {path}/5;
    server {{
        listen 127.0.0.1:{http_port};
        location = /publish {{ if ($arg_name != {KEY}) {{ return 403; }} return 200; }}
    }}
}}
"
        );
        fs::write(folder.path().join("nginx.conf"), configuration).expect("a configuration");
        let mut server = Self { folder, port, process: None };
        server.start_again().await;
        server
    }

    /// Starts it at the same address after [`Self::stop`].
    ///
    /// # Panics
    /// When nginx cannot be started.
    pub async fn start_again(&mut self) {
        let process = Command::new("nginx")
            .arg("-p")
            .arg(self.folder.path())
            .arg("-c")
            .arg(self.folder.path().join("nginx.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("nginx is installed (scripts/setup.sh test)");
        self.process = Some(process);
        within("nginx takes streams", async {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
                sleep(POLL_INTERVAL).await;
            }
        })
        .await;
    }

    /// Kills it with all its connections.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub async fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().await.expect("nginx can be killed");
        }
    }

    /// Where the right key leads.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_with(KEY)
    }

    /// Where another key leads.
    #[must_use]
    pub fn url_with(&self, key: &str) -> String {
        format!("rtmp://127.0.0.1:{}/live/{key}", self.port)
    }

    /// What it got, one file for each connection.
    ///
    /// # Panics
    /// When the folder cannot be read.
    #[must_use]
    pub fn received(&self) -> Vec<PathBuf> {
        let entries =
            fs::read_dir(self.folder.path().join("received")).expect("the folder is there");
        let mut files: Vec<PathBuf> =
            entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        files
    }

    /// Waits until it has got so many streams, and so much of the latest, for as long as more comes.
    ///
    /// # Panics
    /// When nothing comes.
    pub async fn receives(&self, count: usize, length: Duration) {
        let so_far = || {
            let received = self.received();
            let latest = received.last().map(|path| length_of(path)).unwrap_or_default();
            (received.len(), latest)
        };
        while so_far() < (count, length) {
            let before = so_far();
            within("the platform gets a stream", async {
                while so_far() == before {
                    sleep(POLL_INTERVAL).await;
                }
            })
            .await;
        }
    }
}

/// How much media there is in an FLV file that grows: the time of its last whole tag (Adobe Flash
/// Video File Format Specification 10.1, annex E.3 and E.4.1).
fn length_of(path: &Path) -> Duration {
    const HEADER_BYTES: usize = 9;
    const SIZE_BYTES: usize = 4;
    const TAG_HEADER_BYTES: usize = 11;
    let file = fs::read(path).expect("a file can be read");
    let mut rest = file.get(HEADER_BYTES + SIZE_BYTES..).unwrap_or_default();
    let mut last_ms = 0;
    while let [_, s0, s1, s2, t0, t1, t2, t3, ..] = *rest {
        let bytes = u32::from_be_bytes([0, s0, s1, s2]) as usize;
        let Some(after) = rest.get(TAG_HEADER_BYTES + bytes + SIZE_BYTES..) else { break };
        last_ms = u32::from_be_bytes([t3, t0, t1, t2]);
        rest = after;
    }
    Duration::from_millis(last_ms.into())
}

/// Takes TLS off before an [`RtmpServer`], which cannot do that itself. It ends with this value.
#[derive(Debug)]
pub struct RtmpsServer {
    folder: tempfile::TempDir,
    port: u16,
    task: JoinHandle<()>,
}

impl RtmpsServer {
    /// Starts one on a free port, with a certificate that it signed itself.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start(behind: &RtmpServer) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([TLS_HOST.to_owned()]).expect("a certificate");
        fs::write(folder.path().join(CERTIFICATE), cert.pem()).expect("a file");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key)
            })
            .expect("key and certificate fit");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let task =
            tokio::spawn(take_off(listener, TlsAcceptor::from(Arc::new(config)), behind.port));
        Self { folder, port, task }
    }

    /// Where the right key leads.
    #[must_use]
    pub fn url(&self) -> String {
        format!("rtmps://{TLS_HOST}:{}/live/{KEY}", self.port)
    }

    /// The certificate, for those who shall trust it.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join(CERTIFICATE)
    }
}

impl Drop for RtmpsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes on what comes through TLS. Connections end with their clients.
async fn take_off(listener: TcpListener, acceptor: TlsAcceptor, port: u16) {
    while let Ok((client, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // Whoever does not trust the certificate goes away.
            let Ok(mut client) = acceptor.accept(client).await else { return };
            let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
            if let Ok(mut server) = server {
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
        });
    }
}

/// Two ports that nobody uses now.
fn free_ports() -> [u16; 2] {
    // Both are held until both are known.
    let listeners =
        [(); 2].map(|()| std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}
