//! The way of a composer to the targets of its stream, and to nowhere else.
//!
//! Tenants choose where streams go, and a name may lead elsewhere each time that it is looked up: to
//! a platform when it is checked, and into the house when it is used. So composers look up nothing.
//! They hand the name to a SOCKS proxy (RFC 1928), which is here: it looks the name up once for each
//! connection, and connects to an address that it has looked at. TLS is between the composer and the
//! target, for the name that was asked for.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jumpa_outbound::{DialError, look_up};
use jumpa_protocol::{AllowedNetworks, StreamTargetId, recording::StreamTarget};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

/// Connections at a time. A composer has one for each target, of which there are eight at most, and
/// one to look into a failure; what has gone may linger. More are closed at once.
const MAX_CONNECTIONS: usize = 64;

/// How long a target may take to be found and to answer. Composers wait for four seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// Pause after a connection that could not be taken.
const REST: Duration = Duration::from_millis(100);

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const CONNECT: u8 = 1;

/// Kinds of addresses (section 5).
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// What is answered to a request (section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reply {
    Connected = 0,
    NotAllowed = 2,
    Unreachable = 4,
    Refused = 5,
    NoSuchCommand = 7,
}

/// Where a target is, and where it may lie.
#[derive(Debug)]
struct Place {
    target: StreamTargetId,
    host: String,
    port: u16,
    networks: AllowedNetworks,
    /// Whether the log has that it leads inside; composers try again every second.
    is_told: bool,
}

/// Where one composer may connect to.
#[derive(Debug, Clone, Default)]
struct Places(Arc<Mutex<Vec<Place>>>);

/// The proxy of one composer. It ends with this value, and its connections with it.
#[derive(Debug)]
pub(super) struct StreamProxy {
    address: SocketAddr,
    places: Places,
    serving: JoinHandle<()>,
}

impl Drop for StreamProxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl StreamProxy {
    /// A proxy on loopback that leads nowhere yet.
    pub(super) fn start() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let places = Places::default();
        let serving = tokio::spawn(serve(listener, places.clone()));
        Ok(Self { address, places, serving })
    }

    /// Where the composer finds it.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads to these targets from now on, and to no others. Connections that stand stay.
    pub(super) fn lead_to(&self, targets: &[StreamTarget]) {
        let place = |target: &StreamTarget| {
            let (host, port) = target.host()?;
            let networks = target.networks.clone();
            Some(Place { target: target.id, host, port, networks, is_told: false })
        };
        *self.places.lock() = targets.iter().filter_map(place).collect();
    }
}

impl Places {
    fn lock(&self) -> MutexGuard<'_, Vec<Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connects to a target. Anything else is not allowed.
    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, Reply> {
        let networks = {
            let places = self.lock();
            let found = places.iter().find(|place| place.host == host && place.port == port);
            found.map(|place| place.networks.clone()).ok_or(Reply::NotAllowed)?
        };
        let connecting = async {
            let addresses = look_up(host, port, &networks).await.map_err(|error| match error {
                DialError::NotPublic => {
                    self.tell_inside(host, port);
                    Reply::NotAllowed
                }
                _ => Reply::Unreachable,
            })?;
            TcpStream::connect(addresses.as_slice()).await.map_err(|_| Reply::Refused)
        };
        timeout(PATIENCE, connecting).await.unwrap_or(Err(Reply::Unreachable))
    }

    fn tell_inside(&self, host: &str, port: u16) {
        let mut places = self.lock();
        let led = places.iter_mut().filter(|place| place.host == host && place.port == port);
        for place in led.filter(|place| !place.is_told) {
            place.is_told = true;
            tracing::warn!(target.id = %place.target, "a stream is not sent to an address of the inside");
        }
    }
}

async fn serve(listener: TcpListener, places: Places) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((composer, _)) = listener.accept().await else {
            // As when there is no file descriptor left.
            sleep(REST).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        if connections.len() < MAX_CONNECTIONS {
            let places = places.clone();
            // What breaks off is seen at both ends.
            connections.spawn(async move { drop(pass(composer, &places).await) });
        }
    }
}

async fn pass(mut composer: TcpStream, places: &Places) -> io::Result<()> {
    let asked = timeout(PATIENCE, read_request(&mut composer)).await??;
    let connected = match asked {
        Some((host, port)) => places.connect(&host, port).await,
        None => Err(Reply::NoSuchCommand),
    };
    let reply = *connected.as_ref().err().unwrap_or(&Reply::Connected);
    // The address that it is bound to, which nobody asks for.
    composer.write_all(&[VERSION, reply as u8, 0, IPV4, 0, 0, 0, 0, 0, 0]).await?;
    if let Ok(mut target) = connected {
        // What was gathered once is not held back again.
        composer.set_nodelay(true)?;
        target.set_nodelay(true)?;
        copy_bidirectional(&mut composer, &mut target).await?;
    }
    Ok(())
}

/// Host and port that a composer wants; `None` when it wants something else.
async fn read_request(composer: &mut TcpStream) -> io::Result<Option<(String, u16)>> {
    let nonsense = || io::Error::from(io::ErrorKind::InvalidData);
    let [version, methods] = read(composer).await?;
    let mut offered = vec![0; usize::from(methods)];
    composer.read_exact(&mut offered).await?;
    if version != VERSION || !offered.contains(&NO_AUTHENTICATION) {
        return Err(nonsense());
    }
    composer.write_all(&[VERSION, NO_AUTHENTICATION]).await?;
    let [_, command, _, kind] = read(composer).await?;
    let host = match kind {
        IPV4 => Ipv4Addr::from(read::<4>(composer).await?).to_string(),
        IPV6 => Ipv6Addr::from(read::<16>(composer).await?).to_string(),
        NAME => {
            let [length] = read(composer).await?;
            let mut name = vec![0; usize::from(length)];
            composer.read_exact(&mut name).await?;
            String::from_utf8(name).map_err(|_| nonsense())?.to_ascii_lowercase()
        }
        _ => return Err(nonsense()),
    };
    let port = u16::from_be_bytes(read(composer).await?);
    Ok((command == CONNECT).then_some((host, port)))
}

async fn read<const LENGTH: usize>(composer: &mut TcpStream) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    composer.read_exact(&mut bytes).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: String, networks: &[&str]) -> StreamTarget {
        let networks: Vec<String> = networks.iter().map(|text| (*text).to_owned()).collect();
        let networks = AllowedNetworks::parse(&networks).unwrap();
        StreamTarget { id: StreamTargetId::generate(), url, networks }
    }

    /// Asks the proxy for a name and a port, and gives its answer.
    async fn ask(proxy: &StreamProxy, host: &str, port: u16) -> (TcpStream, u8) {
        let mut socket = TcpStream::connect(proxy.address()).await.unwrap();
        socket.write_all(&[VERSION, 1, NO_AUTHENTICATION]).await.unwrap();
        assert_eq!(read(&mut socket).await.unwrap(), [VERSION, NO_AUTHENTICATION]);
        let head = [VERSION, CONNECT, 0, NAME, host.len() as u8];
        let request = [&head[..], host.as_bytes(), &port.to_be_bytes()].concat();
        socket.write_all(&request).await.unwrap();
        let [_, reply, ..] = read::<10>(&mut socket).await.unwrap();
        (socket, reply)
    }

    #[tokio::test]
    async fn a_target_is_reached_where_it_may_lie_and_nothing_else_is() {
        let platform = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = platform.local_addr().unwrap().port();
        let proxy = StreamProxy::start().unwrap();
        let url = format!("rtmp://LOCALHOST:{port}/live/key?a=b@c");
        let denied = Reply::NotAllowed as u8;
        assert_eq!(ask(&proxy, "localhost", port).await.1, denied, "no target at all");

        proxy.lead_to(&[target(url.clone(), &[])]);
        assert_eq!(ask(&proxy, "localhost", port).await.1, denied, "a name that leads inside");

        proxy.lead_to(&[target(url, &["127.0.0.1", "::1"])]);
        for (host, port) in [("localhost", port ^ 1), ("127.0.0.1", port), ("a.example", port)] {
            assert_eq!(ask(&proxy, host, port).await.1, denied, "{host}:{port} is no target");
        }
        let (mut composer, reply) = ask(&proxy, "localhost", port).await;
        assert_eq!(reply, Reply::Connected as u8);
        let (mut socket, _) = platform.accept().await.unwrap();
        composer.write_all(b"halo").await.unwrap();
        assert_eq!(read(&mut socket).await.unwrap(), *b"halo");
        socket.write_all(b"ya").await.unwrap();
        assert_eq!(read(&mut composer).await.unwrap(), *b"ya");
        drop(socket);
        assert_eq!(composer.read(&mut [0; 8]).await.unwrap(), 0, "the end is passed on");
    }

    #[tokio::test]
    async fn a_target_that_does_not_listen_is_told_apart_from_one_that_may_not_be_reached() {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let proxy = StreamProxy::start().unwrap();
        proxy.lead_to(&[target(format!("rtmp://127.0.0.1:{port}/live/key"), &["127.0.0.1"])]);
        assert_eq!(ask(&proxy, "127.0.0.1", port).await.1, Reply::Refused as u8);
    }
}
