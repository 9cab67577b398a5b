//! S3 servers for tests: real ones over HTTP that check signatures, and that can be stopped for a
//! while, refuse a key and lose a part.
//!
//! Conditional writes are not to be relied on: servers that are used out there ignore them.

mod bucket;

use std::{
    fs,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use jumpa_protocol::{AllowedNetworks, recording::S3Bucket};
use s3s::{
    S3Error, S3ErrorCode, S3Result,
    auth::{S3Auth, SecretKey},
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinSet, yield_now},
};

use crate::bucket::{Bucket, Uploads};

const ACCESS_KEY: &str = "GKsehat";
const SECRET: &str = "rahasia-klinik";
const BUCKET: &str = "rekaman";

/// A server with one bucket. It ends with the runtime of its test.
#[derive(Debug)]
pub struct S3Server {
    folder: TempDir,
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Whether it answers.
    is_up: watch::Sender<bool>,
    uploads: Uploads,
}

#[derive(Debug)]
struct Shared {
    secret: Mutex<String>,
    requests: Mutex<Vec<String>>,
    encryption_headers: Mutex<Vec<String>>,
    /// Counts down with the requests that are heard; the server goes away at zero.
    goes_away_after: Mutex<Option<(String, usize)>>,
}

impl S3Server {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When this machine gives no port or no folder.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let shared = Arc::new(Shared {
            secret: Mutex::new(SECRET.to_owned()),
            requests: Mutex::default(),
            encryption_headers: Mutex::default(),
            goes_away_after: Mutex::default(),
        });
        let files = FileSystem::new(folder.path()).expect("a server of files");
        let uploads = Uploads::default();
        let bucket = Bucket { files, folder: folder.path().join(BUCKET), uploads: uploads.clone() };
        let mut builder = S3ServiceBuilder::new(bucket);
        builder.set_auth(CurrentSecret(Arc::clone(&shared)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let (is_up, up) = watch::channel(true);
        let service = builder.build();
        let kept = Arc::clone(&shared);
        let down = is_up.clone();
        tokio::spawn(serve(listener, address, service, kept, up, down));
        Self { folder, address, shared, is_up, uploads }
    }

    /// Its bucket, as settings name it.
    #[must_use]
    pub fn bucket(&self) -> S3Bucket {
        S3Bucket {
            endpoint: Some(format!("http://{}", self.address)),
            region: "garage".to_owned(),
            bucket: BUCKET.to_owned(),
            prefix: String::new(),
            is_path_style: true,
            access_key_id: ACCESS_KEY.to_owned(),
            secret_access_key: SECRET.to_owned(),
            has_sse: false,
            allowed_networks: AllowedNetworks::parse(&["127.0.0.1".to_owned()]).expect("a network"),
        }
    }

    /// Does not answer any more, and closes every connection.
    pub fn stop(&self) {
        self.is_up.send_replace(false);
    }

    /// Answers again, at the same address.
    pub fn resume(&self) {
        self.is_up.send_replace(true);
    }

    /// Waits until it does not answer any more.
    pub async fn until_down(&self) {
        let mut is_up = self.is_up.subscribe();
        // The sender is this server, which is there.
        let _ = is_up.wait_for(|is_up| !is_up).await;
    }

    /// Waits until it answers again after [`Self::resume`].
    pub async fn until_up(&self) {
        while TcpStream::connect(self.address).await.is_err() {
            yield_now().await;
        }
    }

    /// Goes away when it is asked the `count`th time for something that begins with `request`
    /// (`PUT /rekaman/…`), without an answer.
    pub fn stop_at(&self, request: &str, count: usize) {
        *lock(&self.shared.goes_away_after) = Some((request.to_owned(), count));
    }

    /// Refuses the key from now on.
    pub fn refuse_key(&self) {
        *lock(&self.shared.secret) = "another".to_owned();
    }

    /// Takes the key again.
    pub fn take_key(&self) {
        *lock(&self.shared.secret) = SECRET.to_owned();
    }

    /// What was asked since the last time: method, path and query of each request.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.shared.requests))
    }

    /// What was asked of encryption since the last time (`x-amz-server-side-encryption`).
    pub fn take_encryption_headers(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.shared.encryption_headers))
    }

    /// Loses the part with this number, from 1, of every upload.
    ///
    /// # Panics
    /// When there is none.
    pub fn lose_part(&self, number: usize) {
        let end = format!(".part-{number}");
        let names = fs::read_dir(self.folder.path()).expect("the folder of the server");
        let lost = names
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.to_string_lossy().ends_with(&end))
            .map(|path| fs::remove_file(path).expect("a part"))
            .count();
        assert!(lost > 0, "no upload has a part {number}");
    }

    /// Keys of uploads that were begun and neither completed nor aborted, in order.
    #[must_use]
    pub fn uploads(&self) -> Vec<String> {
        let mut keys: Vec<_> = lock(&self.uploads).values().cloned().collect();
        keys.sort();
        keys
    }

    /// Where an object lies on the disk of the server.
    #[must_use]
    pub fn path_of(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }

    /// The keys of all objects, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let root = self.folder.path().join(BUCKET);
        let mut folders = vec![root.clone()];
        let mut keys = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(key) = path.strip_prefix(&root) {
                    keys.push(key.to_string_lossy().into_owned());
                }
            }
        }
        keys.sort();
        keys
    }
}

/// Looks the secret up at each request, so that tests can change it.
struct CurrentSecret(Arc<Shared>);

#[async_trait]
impl S3Auth for CurrentSecret {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == ACCESS_KEY {
            Ok(SecretKey::from(lock(&self.0.secret).clone()))
        } else {
            Err(S3Error::new(S3ErrorCode::InvalidAccessKeyId))
        }
    }
}

async fn serve(
    listener: TcpListener,
    address: SocketAddr,
    service: S3Service,
    shared: Arc<Shared>,
    mut up: watch::Receiver<bool>,
    down: watch::Sender<bool>,
) {
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let is_up = *up.borrow_and_update();
        if !is_up {
            // Dropping a connection closes it, so whoever is connected sees that at once.
            connections.shutdown().await;
            listener = None;
        } else if listener.is_none() {
            listener = TcpListener::bind(address).await.ok();
        }
        let accept = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = up.changed() => if changed.is_err() { return },
            Ok((stream, _)) = accept => {
                let (service, shared, down) = (service.clone(), Arc::clone(&shared), down.clone());
                let heard = service_fn(move |request: hyper::Request<Incoming>| {
                    let is_last = shared.hear(&request);
                    if is_last {
                        down.send_replace(false);
                    }
                    let answer = hyper::service::Service::call(&service, request);
                    async move {
                        if is_last {
                            return std::future::pending().await;
                        }
                        answer.await
                    }
                });
                let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), heard);
                connections.spawn(async move {
                    // A client that goes away in the middle is what some tests are about.
                    let _ = connection.await;
                });
            }
        }
    }
}

impl Shared {
    /// Notes a request; whether the server goes away with it.
    fn hear(&self, request: &hyper::Request<Incoming>) -> bool {
        let said = format!("{} {}", request.method(), request.uri());
        let mut waiting = lock(&self.goes_away_after);
        let is_last = match waiting.as_mut() {
            Some((beginning, count)) if said.starts_with(beginning.as_str()) => {
                *count -= 1;
                *count == 0
            }
            _ => false,
        };
        if is_last {
            *waiting = None;
        }
        lock(&self.requests).push(said);
        let header = request.headers().get("x-amz-server-side-encryption");
        let header = header.and_then(|value| value.to_str().ok()).map(str::to_owned);
        lock(&self.encryption_headers).extend(header);
        is_last
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
