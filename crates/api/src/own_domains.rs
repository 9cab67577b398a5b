//! Host names that apps have for themselves, and links into rooms, which lead there.
//!
//! They work only where the server knows its own name (`http.public_url`): otherwise it answers to
//! every name, and an app could take the one under which people reach the dashboard.

use std::sync::Arc;

use jumpa_db::App;
use jumpa_protocol::{AppId, Origin, RoomName, directory::Directory};
use tokio::sync::watch;

use crate::{ApiError, error::Code};

/// Rooms whose short address is something else of the server; they keep the long one, which names
/// the app.
const NOT_SHORT: [&str; 8] =
    ["dashboard", "livez", "login", "openapi.json", "operator", "readyz", "version", "welcome"];

/// Which host names belong to apps.
#[derive(Debug, Clone)]
pub struct OwnDomains {
    directory: watch::Receiver<Arc<Directory>>,
    /// The server's own name, without a port; no app has one where it is absent.
    server_name: Option<String>,
}

impl OwnDomains {
    /// For a server that is reached at `public_url`.
    #[must_use]
    pub fn new(directory: watch::Receiver<Arc<Directory>>, public_url: Option<&str>) -> Self {
        let name =
            public_url.and_then(|url| url.split_once("://")).map(|(_, host)| host_name(host));
        Self { directory, server_name: name }
    }

    /// The app that the host of a request belongs to, as it stands in `Host` or after the scheme of
    /// an origin; `None` for the server's own and for every unknown one.
    #[must_use]
    pub fn app_at(&self, host: &str) -> Option<AppId> {
        let server_name = self.server_name.as_ref()?;
        let name = host_name(host);
        if name == *server_name {
            return None;
        }
        self.directory.borrow().own_domains.get(&name).cloned()
    }

    /// A host name that an app may have, in lower case.
    pub(crate) fn check(&self, name: &str) -> Result<String, ApiError> {
        let name = domain(name)?;
        match &self.server_name {
            None => Err(Code::OwnDomainUnavailable.into()),
            Some(own) if *own == name => Err(Code::OwnDomainTaken.into()),
            Some(_) => Ok(name),
        }
    }

    /// The address of a room: short on the app's own domain, otherwise below `link_base`.
    pub(crate) fn room_url(&self, app: &App, room: &RoomName, link_base: &str) -> String {
        let own = app.settings.branding.own_domain.as_ref().filter(|_| self.server_name.is_some());
        match own {
            Some(domain) if is_short(room) => format!("https://{domain}/{room}"),
            Some(domain) => format!("https://{domain}/{}/{room}", app.id),
            None => format!("{link_base}/{}/{room}", app.id),
        }
    }
}

/// Whether a room has an address of its name alone on its app's own domain.
#[must_use]
pub fn is_short(room: &RoomName) -> bool {
    !NOT_SHORT.contains(&room.as_str())
}

/// A host without port and without the dot of the root, in lower case.
fn host_name(host: &str) -> String {
    let name = host.trim_end_matches('/');
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// A host name without a port; an address of a network is none (RFC 1123 section 2.1).
fn domain(text: &str) -> Result<String, ApiError> {
    let top = text.rsplit_once('.').map(|(_, top)| top);
    let is_name = !text.contains([':', '*'])
        && top.is_some_and(|top| !top.bytes().all(|byte| byte.is_ascii_digit()));
    match format!("https://{text}").parse::<Origin>() {
        Ok(origin) if is_name => Ok(origin.as_str().trim_start_matches("https://").to_owned()),
        _ => Err(ApiError::invalid("branding.own_domain", "a host name like call.shop.example")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains(public_url: Option<&str>) -> OwnDomains {
        let mut directory = Directory::default();
        for name in ["call.melati.example", "jumpa.example"] {
            directory.own_domains.insert(name.to_owned(), "melati".parse().unwrap());
        }
        OwnDomains::new(watch::channel(Arc::new(directory)).1, public_url)
    }

    #[test]
    fn a_host_is_found_with_any_port_and_in_any_case() {
        let domains = domains(Some("https://jumpa.example"));
        for host in ["call.melati.example", "Call.Melati.Example:8443", "call.melati.example.:443"]
        {
            assert!(domains.app_at(host).is_some(), "{host}");
        }
        for host in ["melati.example", "x.call.melati.example", "", ":", "[::1]:80"] {
            assert!(domains.app_at(host).is_none(), "{host}");
        }
    }

    #[test]
    fn no_app_takes_the_name_of_the_server() {
        let domains = domains(Some("https://Jumpa.example:8443/"));
        assert!(domains.app_at("jumpa.example").is_none());
        assert_eq!(domains.check("JUMPA.example").unwrap_err().code(), Code::OwnDomainTaken);
    }

    #[test]
    fn a_server_without_a_name_gives_none_away() {
        let domains = domains(None);
        assert!(domains.app_at("call.melati.example").is_none());
        let refused = domains.check("call.toko.example").unwrap_err();
        assert_eq!(refused.code(), Code::OwnDomainUnavailable);
    }

    #[test]
    fn an_own_domain_is_a_host_name() {
        assert_eq!(domain("Call.Melati.example").unwrap(), "call.melati.example");
        for text in [
            "",
            "melati",
            "https://melati.example",
            "melati.example:8443",
            "*.melati.example",
            "192.0.2.1",
            "melati.example.",
            "me lati.example",
        ] {
            assert!(domain(text).is_err(), "{text}");
        }
    }
}
