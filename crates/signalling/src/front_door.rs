//! How many connections and failures one address may have.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use jumpa_protocol::ErrorCode;

use crate::token_bucket::TokenBucket;

/// Failed joins that one address may have in a burst, and one more every second. A person who
/// mistypes a password stays far below; an office behind one address as well.
const FAILED_JOINS_BURST: u32 = 20;
const FAILED_JOINS_PER_SECOND: u32 = 1;

/// Addresses whose failures are remembered; when more fail at a time, those that have rested are
/// forgotten, and if none has, all are: an attacker with so many addresses is not slowed down by
/// a list.
const MAX_REMEMBERED_ADDRESSES: usize = 100_000;

/// Counts connections and failures by address.
#[derive(Debug)]
pub struct FrontDoor {
    max_sockets_per_address: usize,
    trusted_proxies: Vec<IpAddr>,
    sockets: Mutex<HashMap<IpAddr, usize>>,
    failures: Mutex<HashMap<IpAddr, TokenBucket>>,
}

/// A connection that is counted until this is dropped.
#[derive(Debug)]
pub struct SocketPermit {
    door: Arc<FrontDoor>,
    address: IpAddr,
}

impl FrontDoor {
    /// Counts sockets up to `max_sockets_per_address`; believes `X-Forwarded-For` of connections
    /// from `trusted_proxies` alone.
    #[must_use]
    pub fn new(max_sockets_per_address: usize, trusted_proxies: Vec<IpAddr>) -> Self {
        Self {
            max_sockets_per_address,
            trusted_proxies,
            sockets: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    /// The address that limits count a request under: of the client, IPv6 cut to /64, since one
    /// customer has at least that (RFC 6177). Without connection information all requests share
    /// one address.
    #[must_use]
    pub fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip())
            .to_canonical();
        match self.forwarded_for(peer, headers) {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }

    /// The last address in `X-Forwarded-For` that is no trusted proxy. What stands before it may
    /// be made up by the client.
    fn forwarded_for(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusted_proxies.contains(&peer) {
            return peer;
        }
        let hops: Vec<_> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in hops.into_iter().rev() {
            match hop.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
                Ok(address) if self.trusted_proxies.contains(&address) => {}
                Ok(address) => return address,
                Err(_) => break,
            }
        }
        peer
    }

    /// Counts a new connection. `None` when the address has too many.
    #[must_use]
    pub fn admit_socket(self: &Arc<Self>, address: IpAddr) -> Option<SocketPermit> {
        let mut sockets = lock(&self.sockets);
        let count = sockets.entry(address).or_default();
        if *count >= self.max_sockets_per_address {
            return None;
        }
        *count += 1;
        Some(SocketPermit { door: Arc::clone(self), address })
    }

    /// Whether the address may try to join, at `now`.
    #[must_use]
    pub fn may_try(&self, address: IpAddr, now: Instant) -> bool {
        lock(&self.failures).get_mut(&address).is_none_or(|bucket| bucket.has_token(now))
    }

    /// Notes a refused join, when its reason is one that guessing would give.
    pub fn note_refusal(&self, address: IpAddr, code: ErrorCode, now: Instant) {
        if !is_guess(code) {
            return;
        }
        let mut failures = lock(&self.failures);
        if failures.len() >= MAX_REMEMBERED_ADDRESSES && !failures.contains_key(&address) {
            failures.retain(|_, bucket| !bucket.is_full(now));
            if failures.len() >= MAX_REMEMBERED_ADDRESSES {
                failures.clear();
            }
        }
        let new = || TokenBucket::new(FAILED_JOINS_BURST, FAILED_JOINS_PER_SECOND, now);
        failures.entry(address).or_insert_with(new).take(now);
    }
}

impl Drop for SocketPermit {
    fn drop(&mut self) {
        let mut sockets = lock(&self.door.sockets);
        if let Some(count) = sockets.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                sockets.remove(&self.address);
            }
        }
    }
}

/// Whether somebody who guesses tokens, passwords or apps gets this refusal.
fn is_guess(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::AppUnknown
            | ErrorCode::PasswordWrong
            | ErrorCode::TokenMalformed
            | ErrorCode::TokenKeyUnknown
            | ErrorCode::TokenAlgorithm
            | ErrorCode::TokenSignature
            | ErrorCode::TokenWrongRoom
            | ErrorCode::TokenWrongApp
            | ErrorCode::TokenReplayed
    )
}

/// The maps hold plain counts, which are right also after a panic elsewhere.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn address(door: &FrontDoor, peer: &str, forwarded: &[&str]) -> IpAddr {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(ip(peer), 1)));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("a header value"));
        }
        door.address(&extensions, &headers)
    }

    #[test]
    fn an_address_has_as_many_sockets_as_allowed() {
        let door = Arc::new(FrontDoor::new(2, Vec::new()));
        let first = door.admit_socket(ip("192.0.2.1"));
        let second = door.admit_socket(ip("192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(door.admit_socket(ip("192.0.2.1")).is_none());
        assert!(door.admit_socket(ip("192.0.2.2")).is_some());
        drop(first);
        assert!(door.admit_socket(ip("192.0.2.1")).is_some());
    }

    #[test]
    fn forwarded_addresses_count_from_trusted_proxies_alone() {
        let door = FrontDoor::new(2, vec![ip("10.0.0.1"), ip("10.0.0.2")]);
        let forwarded = ["203.0.113.9, 192.0.2.7", "10.0.0.2"];
        assert_eq!(address(&door, "10.0.0.1", &forwarded), ip("192.0.2.7"));
        assert_eq!(address(&door, "192.0.2.1", &forwarded), ip("192.0.2.1"));
        assert_eq!(address(&door, "10.0.0.1", &["nonsense"]), ip("10.0.0.1"));
        assert_eq!(address(&door, "10.0.0.1", &[]), ip("10.0.0.1"));
    }

    #[test]
    fn ipv6_is_counted_by_customer_and_mapped_ipv4_as_ipv4() {
        let door = FrontDoor::new(2, Vec::new());
        assert_eq!(address(&door, "2001:db8:1:2:3::4", &[]), ip("2001:db8:1:2::"));
        assert_eq!(address(&door, "::ffff:192.0.2.1", &[]), ip("192.0.2.1"));
    }

    #[test]
    fn who_guesses_is_stopped_and_others_are_not() {
        let now = Instant::now();
        let door = FrontDoor::new(2, Vec::new());
        for _ in 0..20 {
            assert!(door.may_try(ip("192.0.2.1"), now));
            door.note_refusal(ip("192.0.2.1"), ErrorCode::PasswordWrong, now);
        }
        assert!(!door.may_try(ip("192.0.2.1"), now));
        assert!(door.may_try(ip("192.0.2.2"), now));
        assert!(door.may_try(ip("192.0.2.1"), now + Duration::from_secs(1)));
    }

    #[test]
    fn refusals_that_are_no_guesses_do_not_count() {
        let now = Instant::now();
        let door = FrontDoor::new(2, Vec::new());
        for _ in 0..100 {
            door.note_refusal(ip("192.0.2.1"), ErrorCode::RoomFull, now);
        }
        assert!(door.may_try(ip("192.0.2.1"), now));
    }
}
