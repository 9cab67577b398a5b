//! How many tokens are verified and how many people join per second.
//!
//! Clients and server share the process and its cores, so the figures of joining are worse than
//! those of a server alone. The media plane answers at once.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures_util::{SinkExt, StreamExt};
use jumpa_protocol::{
    AppId, KeyId, RoomName, TenantId,
    control::{MediaCommand, MediaEvent},
    directory::{AppEntry, Directory, KeyEntry},
    signal::{ClientInfo, ClientMessage, ClientRequest, Join, SUBPROTOCOL},
    token::JoinClaims,
};
use jumpa_signalling::{Config, Signalling, token};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinSet,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const JOINS: u32 = 3_000;
const JOINS_PER_SECOND: u32 = 1_000;
const PEOPLE_PER_ROOM: u32 = 4;

fn main() {
    verify_tokens();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(join_people());
}

fn app() -> AppId {
    "klinik-sehat".parse().expect("an app id")
}

fn key() -> KeyId {
    "key_klinik".parse().expect("a key id")
}

fn room(number: u32) -> RoomName {
    format!("ruang-{number}").parse().expect("a room name")
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970")
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.apps.insert(app(), AppEntry::new(TenantId::generate(), "Klinik Sehat"));
    directory.keys.insert(key(), KeyEntry::hs256(app(), SECRET.to_vec()));
    directory
}

fn token_for(room: &RoomName) -> String {
    let claims = JoinClaims {
        room: room.to_string(),
        exp: since_1970().as_secs() + 600,
        nbf: None,
        iat: None,
        app: None,
        sub: Some("staff-7".to_owned()),
        name: Some("dr. Ayu".to_owned()),
        avatar: None,
        moderator: false,
        jti: None,
        grants: None,
    };
    token::sign(&key(), SECRET, &claims).expect("a long secret")
}

fn verify_tokens() {
    let directory = directory();
    let token = token_for(&room(1));
    let started = Instant::now();
    let mut count = 0_u32;
    while started.elapsed() < Duration::from_secs(1) {
        for _ in 0..100 {
            token::verify(&directory, &token, &app(), &room(1), since_1970()).expect("good");
        }
        count += 100;
    }
    let per_second = f64::from(count) / started.elapsed().as_secs_f64();
    println!("tokens verified: {per_second:.0} per second on one core");
}

async fn join_people() {
    let address = start().await;
    let mut opening = JoinSet::new();
    let mut sockets = Vec::new();
    for number in 0..JOINS {
        opening.spawn(open(address, number));
        if opening.len() >= 64 {
            sockets.extend(opening.join_next().await.and_then(Result::ok));
        }
    }
    while let Some(socket) = opening.join_next().await {
        sockets.extend(socket.ok());
    }

    let started = Instant::now();
    let mut joining = JoinSet::new();
    for (number, (socket, request)) in (0_u32..).zip(sockets) {
        let due = started + Duration::from_secs(1) * number / JOINS_PER_SECOND;
        tokio::time::sleep_until(due.into()).await;
        joining.spawn(join(socket, request));
    }
    let mut times = Vec::new();
    let mut open_sockets = Vec::new();
    while let Some(joined) = joining.join_next().await {
        let (time, socket) = joined.expect("joined");
        times.push(time);
        open_sockets.push(socket);
    }
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied();
    println!(
        "joins at {JOINS_PER_SECOND} per second: {} done, p50 {:?}, p99 {:?}",
        times.len(),
        at(0.5).unwrap_or_default(),
        at(0.99).unwrap_or_default(),
    );
}

async fn start() -> SocketAddr {
    let (_, apps) = watch::channel(Arc::new(directory()));
    let (media_commands, mut commands) = mpsc::channel(1_024);
    let (events, media_events) = mpsc::channel(1_024);
    tokio::spawn(async move {
        while let Some(command) = commands.recv().await {
            if let MediaCommand::Join(join) = command {
                let result = Ok("v=0\r\n".repeat(4_000));
                let answer = MediaEvent::Answered { request_id: join.request_id, result };
                events.send(answer).await.expect("signalling runs");
            }
        }
    });
    let config = Config {
        max_sockets_per_address: usize::MAX,
        ..Config::new(apps, media_commands, media_events, [7; 32])
    };
    let signalling = Signalling::start(config);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let service = signalling.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

type Socket = WebSocketStream<TcpStream>;

/// Opens a WebSocket and prepares its join, with an offer as large as a browser's.
async fn open(address: SocketAddr, number: u32) -> (Socket, String) {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let mut request = format!("ws://{address}/v1/signal").into_client_request().expect("a URL");
    let subprotocol = HeaderValue::from_static(SUBPROTOCOL);
    request.headers_mut().insert("sec-websocket-protocol", subprotocol);
    let (socket, _) = client_async(request, stream).await.expect("a WebSocket");
    let room = room(number / PEOPLE_PER_ROOM);
    let join = Join {
        app_id: app(),
        token: Some(token_for(&room)),
        room,
        resume_token: None,
        name: None,
        password: None,
        offer: "v=0\r\n".repeat(4_000),
        sources: Vec::new(),
        client: ClientInfo::default(),
    };
    let message = ClientMessage { request_id: 1, request: ClientRequest::Join(join) };
    (socket, serde_json::to_string(&message).expect("plain JSON"))
}

async fn join(mut socket: Socket, request: String) -> (Duration, Socket) {
    let started = Instant::now();
    socket.send(Message::Text(request.into())).await.expect("sent");
    loop {
        let frame = socket.next().await.expect("open").expect("readable");
        if let Message::Text(text) = frame
            && text.as_str().contains("\"joined\"")
        {
            return (started.elapsed(), socket);
        }
    }
}
