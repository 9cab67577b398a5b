//! From where a request comes.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

use crate::{ApiError, api_state::ApiState};

/// The address of the client: of the connection, or what a trusted proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Finds the client behind trusted proxies: the last address in `X-Forwarded-For` that is not
    /// itself a trusted proxy. Addresses before it could be made up by the client.
    #[must_use]
    pub fn resolve(peer: IpAddr, headers: &HeaderMap, trusted_proxies: &[IpAddr]) -> Self {
        let peer = peer.to_canonical();
        if !trusted_proxies.contains(&peer) {
            return Self(peer);
        }
        let forwarded = headers.get_all("x-forwarded-for");
        let hops: Vec<&str> = forwarded
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        for hop in hops.into_iter().rev() {
            match hop.parse::<IpAddr>().map(|address| address.to_canonical()) {
                Ok(address) if trusted_proxies.contains(&address) => {}
                Ok(address) => return Self(address),
                Err(_) => break,
            }
        }
        Self(peer)
    }

    /// The address as limits count it: one IPv6 customer has at least a /64 (RFC 6177), so its low
    /// half is left out.
    #[must_use]
    pub fn limit_key(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

impl FromRequestParts<ApiState> for ClientAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        Ok(Self::resolve(peer, &parts.headers, &state.config.trusted_proxies))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", value.parse().unwrap());
        headers
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_stranger_cannot_name_its_own_address() {
        let found = ClientAddress::resolve(ip("203.0.113.9"), &forwarded("192.0.2.1"), &[]);
        assert_eq!(found.0, ip("203.0.113.9"));
    }

    #[test]
    fn the_last_address_before_the_trusted_proxies_counts() {
        let proxies = [ip("127.0.0.1"), ip("10.0.0.2")];
        let headers = forwarded("192.0.2.66, 198.51.100.7, 10.0.0.2");
        let found = ClientAddress::resolve(ip("127.0.0.1"), &headers, &proxies);
        assert_eq!(found.0, ip("198.51.100.7"));
    }

    #[test]
    fn a_proxy_that_tells_nothing_is_the_client() {
        let found = ClientAddress::resolve(ip("127.0.0.1"), &HeaderMap::new(), &[ip("127.0.0.1")]);
        assert_eq!(found.0, ip("127.0.0.1"));
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let one = ClientAddress(ip("2001:db8:1:2::1")).limit_key();
        let two = ClientAddress(ip("2001:db8:1:2:ffff::9")).limit_key();
        assert_eq!(one, two);
    }
}
