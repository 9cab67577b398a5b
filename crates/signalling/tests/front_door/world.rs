//! A server on loopback with two apps: a clinic that wants tokens, a shop that is open to guests.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jumpa_protocol::{
    AppId, KeyId, TenantId,
    directory::{AppEntry, Directory, GuestPolicy, KeyEntry},
    token::JoinClaims,
};
use jumpa_signalling::{Config, Signalling, token};
use tokio::{net::TcpListener, sync::watch};

use crate::{client::Client, media_plane::MediaPlane};

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

pub struct World {
    pub signalling: Arc<Signalling>,
    pub directory: watch::Sender<Arc<Directory>>,
    pub media: MediaPlane,
    pub address: SocketAddr,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let (directory, receiver) = watch::channel(Arc::new(apps()));
        let (media, commands, events) = MediaPlane::start();
        let mut config = Config::new(receiver, commands, events, [7; 32]);
        change(&mut config);
        let signalling = Arc::new(Signalling::start(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let service = signalling.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { signalling, directory, media, address }
    }

    pub async fn connect(&self) -> Client {
        Client::connect(self.address).await.expect("the server takes WebSockets")
    }

    /// A guest of the shop who has joined.
    pub async fn guest(&self, name: &str) -> Client {
        let mut client = self.connect().await;
        client.join("toko-melati", "kasir", name, None).await;
        client
    }

    /// Somebody with a token of the clinic who has joined.
    pub async fn staff(&self, name: &str, moderator: bool) -> Client {
        let mut client = self.connect().await;
        let token = staff_token(name, moderator);
        client.join("klinik-sehat", "ruang-1", name, Some(&token)).await;
        client
    }

    pub fn change_directory(&self, change: impl FnOnce(&mut Directory)) {
        self.directory.send_modify(|directory| change(Arc::make_mut(directory)));
    }
}

pub fn app(id: &str) -> AppId {
    id.parse().expect("an app id")
}

pub fn key() -> KeyId {
    "key_klinik".parse().expect("a key id")
}

fn apps() -> Directory {
    let mut directory = Directory::default();
    let clinic = AppEntry::new(TenantId::generate(), "Klinik Sehat");
    let mut shop = AppEntry::new(TenantId::generate(), "Toko Melati");
    shop.guests = GuestPolicy::Join;
    directory.apps.insert(app("klinik-sehat"), clinic);
    directory.apps.insert(app("toko-melati"), shop);
    let entry = KeyEntry::hs256(app("klinik-sehat"), SECRET.to_vec());
    directory.keys.insert(key(), entry);
    directory
}

pub fn staff_token(name: &str, moderator: bool) -> String {
    signed(|claims| {
        claims.name = Some(name.to_owned());
        claims.moderator = moderator;
    })
}

/// A token of the clinic for `ruang-1`.
pub fn signed(change: impl FnOnce(&mut JoinClaims)) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let mut claims = JoinClaims {
        room: "ruang-1".to_owned(),
        exp: now.as_secs() + 60,
        nbf: None,
        iat: None,
        app: None,
        sub: None,
        name: None,
        avatar: None,
        moderator: false,
        jti: None,
        grants: None,
    };
    change(&mut claims);
    token::sign(&key(), SECRET, &claims).expect("a long secret")
}
