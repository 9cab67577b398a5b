//! The way to targets through the recorder, which looks at where names lead.
//!
//! GStreamer connects by itself, through whatever proxy GLib finds; the recorder names its own in the
//! environment. Here is what needs more than that: to be sure that GLib has found it, and to ask
//! whether somebody is there. A composer that was started by hand goes straight.

use std::{
    io::{self, Read, Write},
    net::{Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs},
    sync::Once,
    time::Duration,
};

use gio::prelude::ProxyResolverExt;
use jumpa_recorded::composing::STREAM_PROXY_VARIABLE;

/// Where the proxy is, when there is one.
fn address() -> Option<SocketAddr> {
    std::env::var(STREAM_PROXY_VARIABLE).ok()?.parse().ok()
}

/// Whether GLib goes to a place through the proxy, when there is one. Past it the place could be
/// anywhere.
pub(super) fn is_obeyed(host: &str, port: u16) -> bool {
    static TELL: Once = Once::new();
    let is_obeyed = address().is_none_or(|proxy| is_way(proxy, host, port));
    if !is_obeyed {
        TELL.call_once(|| {
            tracing::error!(
                "GLib goes past the recorder: no stream is sent (is glib-networking installed?)"
            );
        });
    }
    is_obeyed
}

fn is_way(proxy: SocketAddr, host: &str, port: u16) -> bool {
    let bracketed = host.parse::<Ipv6Addr>().map(|address| format!("[{address}]"));
    let host = bracketed.as_deref().unwrap_or(host);
    // As a connection asks that has no scheme of its own.
    let found = gio::ProxyResolver::default()
        .lookup(&format!("none://{host}:{port}"), gio::Cancellable::NONE);
    found.is_ok_and(|ways| {
        let expected = format!("socks5://{proxy}");
        !ways.is_empty() && ways.iter().all(|way| way.trim_end_matches('/') == expected)
    })
}

/// Whether somebody takes connections at a place.
pub(super) fn is_there(host: &str, port: u16, patience: Duration) -> bool {
    match address() {
        Some(proxy) => is_reached(proxy, host, port, patience).unwrap_or(false),
        None => {
            let found = (host, port).to_socket_addrs().ok().and_then(|mut found| found.next());
            found.is_some_and(|address| TcpStream::connect_timeout(&address, patience).is_ok())
        }
    }
}

/// Whether the proxy reaches a place (RFC 1928).
fn is_reached(proxy: SocketAddr, host: &str, port: u16, patience: Duration) -> io::Result<bool> {
    let mut socket = TcpStream::connect_timeout(&proxy, patience)?;
    socket.set_read_timeout(Some(patience))?;
    // Version 5, one method: no authentication.
    socket.write_all(&[5, 1, 0])?;
    socket.read_exact(&mut [0; 2])?;
    // Connect to a name, which an address may be as well.
    let length = u8::try_from(host.len()).map_err(io::Error::other)?;
    socket.write_all(&[&[5, 1, 0, 3, length], host.as_bytes(), &port.to_be_bytes()].concat())?;
    let mut answer = [0; 10];
    socket.read_exact(&mut answer)?;
    Ok(answer[1] == 0)
}
