//! Bounds how fast one address may change things, and tells how much is left
//! (draft-ietf-httpapi-ratelimit-headers-10).

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, Request, State},
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

use crate::{ApiError, ClientAddress, api_state::ApiState, error::Code};

/// Changes per minute and address that hold forever. A larger value serves large offices behind
/// one address, a smaller one keeps one machine from taking the writer of the database for itself.
const CHANGES_PER_MINUTE: NonZeroU32 = NonZeroU32::new(600).expect("not zero");
/// Changes that may come at once.
const BURST: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
/// Addresses remembered before those that are idle are forgotten.
const MAX_ADDRESSES: usize = 20_000;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How many changes each address made lately (generic cell rate algorithm).
pub(crate) struct ChangeLimiter {
    limiter:
        RateLimiter<IpAddr, DashMapStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>,
    clock: DefaultClock,
}

impl ChangeLimiter {
    pub(crate) fn new() -> Self {
        let quota = Quota::per_minute(CHANGES_PER_MINUTE).allow_burst(BURST);
        Self {
            limiter: RateLimiter::dashmap(quota).with_middleware(),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a change and tells how many more may come at once, or how long to wait.
    fn count(&self, address: IpAddr) -> Result<u32, Duration> {
        if self.limiter.len() > MAX_ADDRESSES {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(&address) {
            Ok(state) => Ok(state.remaining_burst_capacity()),
            Err(early) => Err(early.wait_time_from(self.clock.now())),
        }
    }
}

/// Refuses changes that come too fast; reads pass.
pub(crate) async fn limit_changes(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let proxies = &state.config.trusted_proxies;
    let address = ClientAddress::resolve(peer, request.headers(), proxies).limit_key();
    let (mut response, remaining, reset) = match state.limiters.changes.count(address) {
        Ok(remaining) => (next.run(request).await, remaining, Duration::ZERO),
        Err(pause) => {
            (ApiError::retry_after(Code::TooManyRequests, pause).into_response(), 0, pause)
        }
    };
    // One more change is possible after `t` seconds when `r` is 0.
    let seconds = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
    let limit = format!("\"changes\";r={remaining};t={seconds}");
    let policy = format!("\"changes\";q={CHANGES_PER_MINUTE};w=60");
    for (name, text) in [(RATE_LIMIT, limit), (RATE_LIMIT_POLICY, policy)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_changes_must_wait_and_another_address_need_not() {
        let limiter = ChangeLimiter::new();
        let (flooding, quiet): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let mut last = Ok(BURST.get());
        for _ in 0..=BURST.get() {
            last = limiter.count(flooding);
        }
        let pause = last.unwrap_err();
        assert!(pause <= Duration::from_millis(100), "{pause:?}");
        assert_eq!(limiter.count(quiet), Ok(BURST.get() - 1));
    }
}
