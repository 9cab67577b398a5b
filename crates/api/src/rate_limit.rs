//! Bounds how fast one caller may ask, and tells how much is left
//! (draft-ietf-httpapi-ratelimit-headers-10).
//!
//! An API key is a caller of its own wherever its requests come from, so that back ends behind one
//! address do not slow each other. Everybody else is counted by address. Reads and changes are
//! counted apart.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use jumpa_protocol::ApiKeyId;
use serde::{Deserialize, Serialize};

use crate::{ApiError, ClientAddress, actor, api_state::ApiState, error::Code};

/// How many requests may come at once, as a part of what may come in a minute: back ends and
/// dashboards ask in bursts and then rest.
const BURST_DIVISOR: u32 = 3;

/// Requests between two looks for callers that are idle and can be forgotten. More keeps more of
/// them in memory, 64 bytes each; fewer looks through all of them more often.
const FORGET_EVERY: u32 = 4_096;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Requests to the API per minute that hold forever; a third of them may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimits {
    /// Reads with one API key.
    pub key_reads_per_minute: NonZeroU32,
    /// Changes with one API key.
    pub key_changes_per_minute: NonZeroU32,
    /// Reads from one address without an API key: dashboards, and pages before a call.
    pub address_reads_per_minute: NonZeroU32,
    /// Changes from one address without an API key.
    pub address_changes_per_minute: NonZeroU32,
}

impl Default for RateLimits {
    fn default() -> Self {
        const fn per_minute(requests: u32) -> NonZeroU32 {
            NonZeroU32::new(requests).expect("not zero")
        }
        Self {
            key_reads_per_minute: const { per_minute(1_200) },
            key_changes_per_minute: const { per_minute(600) },
            address_reads_per_minute: const { per_minute(6_000) },
            address_changes_per_minute: const { per_minute(600) },
        }
    }
}

/// Refuses requests that come too fast. A request with an API key that is not valid is refused as
/// well, and counts for its address: whoever makes keys up has no limits of their own.
pub(crate) async fn limit_requests(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let address = match ClientAddress::from_request_parts(&mut parts, &state).await {
        Ok(address) => Caller::Address(address.limit_key()),
        Err(error) => return error.into_response(),
    };
    let key = actor::present_api_key(&state, &parts.headers).await;
    let caller = match &key {
        Ok(Some(key)) => Caller::ApiKey(key.key.id),
        Ok(None) | Err(_) => address,
    };
    let allowance = state.limiters.requests.count(caller, &parts.method);
    let mut response = match (allowance.pause, key) {
        (Some(pause), _) => ApiError::retry_after(Code::TooManyRequests, pause).into_response(),
        (None, Err(error)) => error.into_response(),
        (None, Ok(key)) => {
            if let Some(key) = key {
                parts.extensions.insert(key);
            }
            next.run(Request::from_parts(parts, body)).await
        }
    };
    allowance.tell(&mut response);
    response
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Caller {
    ApiKey(ApiKeyId),
    Address(IpAddr),
}

/// How many requests each caller made lately.
pub(crate) struct RequestLimiter {
    key_reads: Counter,
    key_changes: Counter,
    address_reads: Counter,
    address_changes: Counter,
}

impl RequestLimiter {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self {
            key_reads: Counter::new("reads", limits.key_reads_per_minute),
            key_changes: Counter::new("changes", limits.key_changes_per_minute),
            address_reads: Counter::new("reads", limits.address_reads_per_minute),
            address_changes: Counter::new("changes", limits.address_changes_per_minute),
        }
    }

    fn count(&self, caller: Caller, method: &Method) -> Allowance {
        let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        let counter = match (caller, is_read) {
            (Caller::ApiKey(_), true) => &self.key_reads,
            (Caller::ApiKey(_), false) => &self.key_changes,
            (Caller::Address(_), true) => &self.address_reads,
            (Caller::Address(_), false) => &self.address_changes,
        };
        counter.count(caller)
    }
}

/// Counts requests of one kind (generic cell rate algorithm).
struct Counter {
    /// What its policy is called in the headers.
    name: &'static str,
    per_minute: NonZeroU32,
    limiter:
        RateLimiter<Caller, DashMapStateStore<Caller>, DefaultClock, StateInformationMiddleware>,
    clock: DefaultClock,
    counted: AtomicU32,
}

impl Counter {
    fn new(name: &'static str, per_minute: NonZeroU32) -> Self {
        let burst = NonZeroU32::new(per_minute.get() / BURST_DIVISOR).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(per_minute).allow_burst(burst);
        Self {
            name,
            per_minute,
            limiter: RateLimiter::dashmap(quota).with_middleware(),
            clock: DefaultClock::default(),
            counted: AtomicU32::new(0),
        }
    }

    fn count(&self, caller: Caller) -> Allowance {
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let (remaining, pause) = match self.limiter.check_key(&caller) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(early) => (0, Some(early.wait_time_from(self.clock.now()))),
        };
        Allowance { policy: self.name, per_minute: self.per_minute, remaining, pause }
    }
}

/// What a caller may still do.
struct Allowance {
    policy: &'static str,
    per_minute: NonZeroU32,
    /// Requests that may come at once.
    remaining: u32,
    /// How long to wait before the next one; `None` when this one may be made.
    pause: Option<Duration>,
}

impl Allowance {
    fn tell(&self, response: &mut Response) {
        // One more request is possible after `t` seconds when `r` is 0.
        let seconds = self.pause.unwrap_or_default().as_millis().div_ceil(1_000);
        let Self { policy, per_minute, remaining, .. } = self;
        let limit = format!("\"{policy}\";r={remaining};t={seconds}");
        let quota = format!("\"{policy}\";q={per_minute};w=60");
        for (name, text) in [(RATE_LIMIT, limit), (RATE_LIMIT_POLICY, quota)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_must_wait_and_another_address_need_not() {
        let limiter = RequestLimiter::new(RateLimits::default());
        let [flooding, quiet] = [1, 2].map(|last| Caller::Address([192, 0, 2, last].into()));
        for _ in 0..200 {
            assert!(limiter.count(flooding, &Method::POST).pause.is_none());
        }
        let pause = limiter.count(flooding, &Method::POST).pause.unwrap();
        assert!(pause <= Duration::from_millis(100), "{pause:?}");
        assert_eq!(limiter.count(quiet, &Method::POST).remaining, 199);
        assert_eq!(limiter.count(flooding, &Method::GET).remaining, 1_999);
    }

    #[test]
    fn a_limit_of_one_lets_one_through() {
        let one = NonZeroU32::MIN;
        let limits = RateLimits { key_reads_per_minute: one, ..RateLimits::default() };
        let limiter = RequestLimiter::new(limits);
        let caller = Caller::ApiKey(ApiKeyId::generate());
        assert!(limiter.count(caller, &Method::GET).pause.is_none());
        assert!(limiter.count(caller, &Method::HEAD).pause.is_some());
    }
}
