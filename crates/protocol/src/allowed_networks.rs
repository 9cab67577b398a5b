//! Which addresses a tenant may make the server reach, for webhooks and storages: the public ones,
//! and those that the operator names.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

/// Networks that are not public and may be reached all the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct AllowedNetworks(Vec<Network>);

/// `10.1.0.0/16`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A text is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network: it must be like 10.1.0.0/16 or 127.0.0.1")]
pub struct NetworkError(String);

impl AllowedNetworks {
    /// These, each as `address/prefix` or one address.
    ///
    /// # Errors
    /// [`NetworkError`] names the first that is none.
    pub fn parse(texts: &[String]) -> Result<Self, NetworkError> {
        texts.iter().map(|text| text.parse()).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the operator named it.
    #[must_use]
    pub fn names(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address.to_canonical()))
    }

    /// Whether it may be reached.
    #[must_use]
    pub fn lets_reach(&self, address: IpAddr) -> bool {
        is_public(address) || self.names(address)
    }
}

impl TryFrom<Vec<String>> for AllowedNetworks {
    type Error = NetworkError;

    fn try_from(texts: Vec<String>) -> Result<Self, NetworkError> {
        Self::parse(&texts)
    }
}

impl From<AllowedNetworks> for Vec<String> {
    fn from(networks: AllowedNetworks) -> Self {
        networks.0.iter().map(Network::to_string).collect()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let parse = || {
            let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
            let address: IpAddr = address.trim().parse().ok()?;
            let longest = if address.is_ipv4() { 32 } else { 128 };
            let prefix = if prefix.is_empty() { longest } else { prefix.trim().parse().ok()? };
            (prefix <= longest).then_some(Self { address, prefix })
        };
        parse().ok_or_else(|| NetworkError(text.to_owned()))
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                let differing = u64::from(network.to_bits() ^ address.to_bits());
                differing >> shift == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = network.to_bits() ^ address.to_bits();
                self.prefix == 0 || differing >> (128 - u32::from(self.prefix)) == 0
            }
            _ => false,
        }
    }
}

/// Whether an address is one of the internet: not of this machine, of a network of its own, of a
/// link, of documents, or for groups (RFC 6890 and the IANA registries that follow it).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared by providers and their customers (RFC 6598).
        || (a == 100 && (64..128).contains(&b))
        // Protocol assignments, and the relays of 6to4.
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        // For measuring (RFC 2544).
        || (a == 198 && (18..20).contains(&b));
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Everything of the internet begins with 001; what embeds an IPv4 address or is for documents
    // lies in it as well.
    let is_global = first & 0xe000 == 0x2000;
    let is_teredo_or_special = first == 0x2001 && second < 0x0200;
    let is_documentation = first == 0x2001 && second == 0x0db8 || first & 0xfff0 == 0x3ff0;
    let is_6to4 = first == 0x2002;
    is_global && !is_teredo_or_special && !is_documentation && !is_6to4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_of_the_inside_are_not_reached() {
        let none = AllowedNetworks::default();
        for text in [
            "127.0.0.1",
            "0.0.0.0",
            "10.0.0.7",
            "172.16.3.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "240.0.0.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "64:ff9b::a00:1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "100::1",
        ] {
            assert!(!none.lets_reach(ip(text)), "{text}");
        }
        for text in ["9.9.9.9", "2620:fe::fe", "100.128.0.1", "2400:cb00::1"] {
            assert!(none.lets_reach(ip(text)), "{text}");
        }
    }

    #[test]
    fn what_the_operator_names_is_reached_and_nothing_beside_it() {
        let texts = ["10.1.0.0/16".to_owned(), "127.0.0.1".to_owned(), "fd00:1::/32".to_owned()];
        let allowed = AllowedNetworks::parse(&texts).unwrap();
        for text in ["10.1.255.1", "127.0.0.1", "::ffff:10.1.0.1", "fd00:1::5"] {
            assert!(allowed.lets_reach(ip(text)), "{text}");
        }
        for text in ["10.2.0.1", "127.0.0.2", "fd00:2::5", "::1"] {
            assert!(!allowed.lets_reach(ip(text)), "{text}");
        }
        let all = AllowedNetworks::parse(&["0.0.0.0/0".to_owned()]).unwrap();
        assert!(all.lets_reach(ip("192.168.3.4")) && !all.lets_reach(ip("::1")));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "kantor", "10.0.0/8", "::/129", "10.0.0.0/x"] {
            assert!(AllowedNetworks::parse(&[text.to_owned()]).is_err(), "{text}");
        }
    }
}
