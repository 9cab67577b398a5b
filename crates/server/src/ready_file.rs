//! Tells other programs, by a file, that calls can be made and where.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use jumpa_protocol::AppId;
use serde::Serialize;

/// The content of `--ready-file`.
#[derive(Debug, Serialize)]
pub struct Ready {
    /// Process id.
    pub pid: u32,
    /// Version of the program.
    pub version: &'static str,
    /// Where pages, API and signalling are served, `http://127.0.0.1:8080`.
    pub address: String,
    /// Where metrics are served; `null` when they are not.
    pub admin_address: Option<String>,
    /// UDP and TCP port of the first media worker.
    pub media_port: Option<u16>,
    /// UDP and TCP ports for media, one per worker.
    pub media_ports: Vec<u16>,
    /// Addresses that clients are told.
    pub media_ips: Vec<IpAddr>,
    /// The app that takes guests; `null` when it was disabled.
    pub demo_app: Option<AppId>,
    /// A link into a call; `null` without a demo app.
    pub demo_room_url: Option<String>,
    /// The first-login link, a secret; `null` when there is an operator.
    pub first_login_url: Option<String>,
    /// The data folder.
    pub data: PathBuf,
}

impl Ready {
    /// Writes the file in one step, for its owner alone: whoever sees it can read all of it.
    ///
    /// # Errors
    /// The reason why the file could not be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}", self.pid));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.write_all(b"\n")?;
        fs::rename(&draft, path)
    }
}

/// The address as it stands in links: a server on every address is reached on its own machine by
/// the loopback one.
#[must_use]
pub fn base_url(public_url: Option<&str>, local: SocketAddr) -> String {
    if let Some(url) = public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let ip = match local.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, local.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_where_the_server_can_be_reached() {
        let any = "0.0.0.0:8080".parse().unwrap();
        assert_eq!(base_url(None, any), "http://127.0.0.1:8080");
        assert_eq!(base_url(None, "[::]:80".parse().unwrap()), "http://[::1]:80");
        let url = Some("https://call.example/");
        assert_eq!(base_url(url, any), "https://call.example");
    }
}
