//! So many searches a minute from one client, by the generic cell rate algorithm (the `governor` crate).
//!
//! A client is an address: of the connection, or, where proxies are trusted by number, the one that the outermost trusted proxy
//! saw. Believing `X-Forwarded-For` without that would let anyone be anyone. Addresses are kept in memory for as long as their
//! allowance is not full again, about a minute, and are never logged.

use crate::{
    error::{Kind, Problem},
    state::AppState,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// How often addresses whose allowance is full again are forgotten, in checks.
const FORGET_EVERY: usize = 4_096;

/// The allowance of every client.
#[derive(Debug, Clone)]
pub struct Clients {
    limiter: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
    checks: Arc<AtomicUsize>,
    proxies: usize,
}

impl Clients {
    /// `per_minute` searches from each client, all of them at once if need be; 0 is no limit. `proxies` stand in front.
    pub fn new(per_minute: u32, proxies: usize) -> Self {
        let limiter =
            NonZeroU32::new(per_minute).map(|n| Arc::new(DefaultKeyedRateLimiter::keyed(Quota::per_minute(n))));
        Self { limiter, checks: Arc::default(), proxies }
    }

    /// Takes one from the client's allowance, or says after how many seconds there is one again.
    fn take(&self, client: IpAddr) -> Result<(), u32> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.checks.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(&client).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_secs()).unwrap_or(u32::MAX - 1) + 1
        })
    }
}

/// Refuses a client that asks too often.
pub async fn refuse_too_many(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(client) = client(peer, request.headers(), state.clients().proxies)
        && let Err(seconds) = state.clients().take(client)
    {
        state.metrics().refused("rate");
        let mut problem = Problem::new(
            Kind::TooManyRequests,
            format!("That was a great many searches in a minute. Please wait {seconds} s and try again."),
        );
        problem.retry_after = Some(seconds);
        return problem.into_response();
    }
    next.run(request).await
}

/// Who is asking; none where that cannot be told apart: a proxy on this machine that is not trusted would otherwise make all
/// shoppers one client, and the limit would be everybody's together.
fn client(peer: Option<IpAddr>, headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if proxies == 0 {
        return (!peer.is_loopback()).then_some(network(peer));
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|v| v.split(','))
        .collect();
    // Each proxy appends the address it saw: the outermost trusted one's entry is as far from the end as there are proxies.
    let seen = forwarded.len().checked_sub(proxies).and_then(|n| forwarded[n].trim().parse::<IpAddr>().ok());
    Some(network(seen.map_or(peer, |ip| ip.to_canonical())))
}

/// One IPv4 address, or the /64 that one IPv6 subscriber usually holds.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn forwarded(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn a_forwarded_address_is_believed_only_from_trusted_proxies() {
        let headers = forwarded("6.6.6.6, 203.0.113.7, 10.0.0.1");
        let peer = Some(ip("198.51.100.1"));
        assert_eq!(client(peer, &headers, 0), Some(ip("198.51.100.1")));
        assert_eq!(client(peer, &headers, 1), Some(ip("10.0.0.1")));
        assert_eq!(client(peer, &headers, 2), Some(ip("203.0.113.7")));
        assert_eq!(client(peer, &forwarded("nonsense"), 1), peer);
    }

    #[test]
    fn one_subscriber_is_one_client() {
        let none = HeaderMap::new();
        assert_eq!(client(Some(ip("2001:db8::1")), &none, 0), client(Some(ip("2001:db8::2")), &none, 0));
        assert_ne!(client(Some(ip("2001:db8::1")), &none, 0), client(Some(ip("2001:db8:0:1::1")), &none, 0));
    }

    #[test]
    fn this_machine_is_not_counted_as_a_client() {
        assert_eq!(client(Some(ip("127.0.0.1")), &HeaderMap::new(), 0), None);
        assert_eq!(client(Some(ip("::ffff:127.0.0.1")), &HeaderMap::new(), 0), None);
    }

    #[test]
    fn a_client_over_its_allowance_is_refused_and_others_are_not() {
        let clients = Clients::new(3, 0);
        for _ in 0..3 {
            assert_eq!(clients.take(ip("203.0.113.7")), Ok(()));
        }
        let wait = clients.take(ip("203.0.113.7")).unwrap_err();
        assert!((1..=21).contains(&wait), "{wait}");
        assert_eq!(clients.take(ip("203.0.113.8")), Ok(()));
        assert_eq!(Clients::new(0, 0).take(ip("203.0.113.7")), Ok(()));
    }
}
