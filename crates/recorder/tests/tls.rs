//! The program on another machine: it reaches its server through TLS, and only one that it trusts.
#![expect(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use futures_util::StreamExt;
use jumpa_protocol::recording::FromRecorder;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{net::TcpListener, time::timeout};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

const WAIT: Duration = Duration::from_secs(20);

/// A server with a certificate of its own, which lies in the folder.
async fn server(folder: &Path) -> (TcpListener, TlsAcceptor) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.join("server.pem"), cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (listener, TlsAcceptor::from(Arc::new(config)))
}

/// The program, which trusts what is in a file.
struct Recorder(Child);

impl Recorder {
    fn start(folder: &Path, listener: &TcpListener, trusted: &str) -> Self {
        let port = listener.local_addr().unwrap().port();
        let child = Command::new(env!("CARGO_BIN_EXE_jumpa-recorder"))
            .args(["--server", &format!("https://localhost:{port}"), "--name", "perekam-1"])
            .arg("--data")
            .arg(folder)
            .env("JUMPA_RECORDER_KEY", "rahasia")
            .env("SSL_CERT_FILE", folder.join(trusted))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn a_recorder_says_hello_through_tls() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, acceptor) = server(folder.path()).await;
    let _recorder = Recorder::start(folder.path(), &listener, "server.pem");
    let (tcp, _) = timeout(WAIT, listener.accept()).await.unwrap().unwrap();
    let tls = timeout(WAIT, acceptor.accept(tcp)).await.unwrap().unwrap();
    let mut socket = accept_async(tls).await.unwrap();
    let hello = timeout(WAIT, socket.next()).await.unwrap().unwrap().unwrap();
    let Message::Text(text) = hello else { panic!("{hello:?}") };
    let hello: FromRecorder = serde_json::from_str(&text).unwrap();
    let FromRecorder::Hello { recorder_id, .. } = hello else { panic!("{hello:?}") };
    assert_eq!(recorder_id, "perekam-1");
}

#[tokio::test]
async fn a_server_that_is_not_trusted_hears_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, acceptor) = server(folder.path()).await;
    fs::write(folder.path().join("none.pem"), "").unwrap();
    let _recorder = Recorder::start(folder.path(), &listener, "none.pem");
    let (tcp, _) = timeout(WAIT, listener.accept()).await.unwrap().unwrap();
    let refused = timeout(WAIT, acceptor.accept(tcp)).await.unwrap();
    assert!(refused.is_err(), "it shows its key to nobody whom it does not trust");
}
