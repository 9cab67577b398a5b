//! Origins of web pages that may embed calls.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Longest origin, bytes: a domain name has at most 253.
const MAX_ORIGIN_BYTES: usize = 280;

/// A page's origin (RFC 6454): `https://klinik.example`, with a port where it is not the usual one.
/// `https://*.klinik.example` stands for every name below that domain, but not for itself.
/// Kept in lower case and without the usual port, as browsers write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "an origin is https:// or http://, a host name and maybe a port, for example \
     https://klinik.example or https://*.klinik.example"
)]
pub struct OriginError;

impl Origin {
    /// The origin as it stands in a Content-Security-Policy (CSP 3 section 2.3.1).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a page with this `Origin` header is meant.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        let Some((scheme, domain)) = self.0.split_once("://*.") else { return self.0 == origin };
        let host = origin.split_once("://").filter(|(of_page, _)| *of_page == scheme);
        let below = host.and_then(|(_, host)| host.strip_suffix(domain));
        below.and_then(|below| below.strip_suffix('.')).is_some_and(|name| !name.is_empty())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        if text.len() > MAX_ORIGIN_BYTES {
            return Err(OriginError);
        }
        let text = text.to_ascii_lowercase();
        let (scheme, rest) = text.split_once("://").ok_or(OriginError)?;
        let usual_port = match scheme {
            "https" => "443",
            "http" => "80",
            _ => return Err(OriginError),
        };
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        let name = host.strip_prefix("*.").unwrap_or(host);
        // A wildcard below a top level domain would allow half the web.
        let is_too_wide = name.len() < host.len() && !name.contains('.');
        let is_port = |port: &str| {
            (1..=5).contains(&port.len())
                && port.bytes().all(|b| b.is_ascii_digit())
                && port.parse::<u16>().is_ok_and(|port| port > 0)
        };
        if is_too_wide || !name.split('.').all(is_label) || !port.is_none_or(is_port) {
            return Err(OriginError);
        }
        Ok(Self(match port.filter(|port| *port != usual_port) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }))
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// A label of a host name (RFC 1123 section 2.1).
pub(crate) fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().expect("an origin")
    }

    #[test]
    fn origins_are_kept_as_browsers_write_them() {
        assert_eq!(origin("HTTPS://Klinik.Example:443").as_str(), "https://klinik.example");
        assert_eq!(origin("http://localhost:3000").as_str(), "http://localhost:3000");
        assert_eq!(origin("https://*.klinik.example").as_str(), "https://*.klinik.example");
    }

    #[test]
    fn what_could_change_a_policy_is_no_origin() {
        let long = format!("https://{}.example", "a".repeat(300));
        for text in [
            "",
            "*",
            "https://",
            "https://*",
            "https://*.example",
            "https://*.*.example.com",
            "klinik.example",
            "ftp://klinik.example",
            "https://klinik.example/",
            "https://klinik.example/path",
            "https://klinik.example:0",
            "https://klinik.example:99999",
            "https://klinik.example:+80",
            "https://klinik.example https://evil.example",
            "https://klinik.example;script-src *",
            "https://a@klinik.example",
            "https://klinik..example",
            "https://-a.example",
            "https://[::1]",
            "javascript://klinik.example",
            "https://klinik.example\n",
            &long,
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_wildcard_is_for_names_below_alone() {
        let below = origin("https://*.klinik.example");
        assert!(below.allows("https://app.klinik.example"));
        assert!(below.allows("https://a.b.klinik.example"));
        for other in [
            "https://klinik.example",
            "https://.klinik.example",
            "https://evilklinik.example",
            "http://app.klinik.example",
            "https://app.klinik.example:8443",
            "https://app.klinik.example.evil.example",
            "null",
            "",
        ] {
            assert!(!below.allows(other), "{other}");
        }
        assert!(origin("https://klinik.example").allows("https://klinik.example"));
        assert!(!origin("https://klinik.example").allows("http://klinik.example"));
    }
}
