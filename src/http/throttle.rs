use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::ProblemJson;
use super::limits::{Limits, Rate};
use crate::transcript::Digest;

/// How often somebody may try. Each process counts for itself: N replicas allow N times as much.
pub struct Throttle {
    accounts: Bucket<Digest>,
    addresses: Bucket<IpAddr>,
    posts: Bucket<String>,
}

impl Throttle {
    /// Returns a throttle with nobody in it.
    pub fn new(limits: &Limits) -> Self {
        Self {
            accounts: Bucket::new(limits.sign_ins_of_account),
            addresses: Bucket::new(limits.sign_ins_of_address),
            posts: Bucket::new(limits.posts),
        }
    }

    /// Lets an attempt to sign in pass, be there such an account or not.
    pub(super) fn sign_in(&self, login: &str, address: Option<IpAddr>) -> Result<(), ProblemJson> {
        self.address(address)?;
        // The digest, because a login is as long as a stranger likes.
        self.accounts.pass(Digest::of(login.as_bytes()))
    }

    /// Lets an attempt from this address pass.
    pub(super) fn address(&self, address: Option<IpAddr>) -> Result<(), ProblemJson> {
        address.map_or(Ok(()), |address| self.addresses.pass(network(address)))
    }

    /// Lets a request pass that may change something.
    pub(super) fn post(&self, caller: &str) -> Result<(), ProblemJson> {
        self.posts.pass(caller.to_owned())
    }
}

/// A whole network of version 6 is one household.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        address => address,
    }
}

struct Bucket<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    passed: AtomicU32,
}

/// After so many requests, those who have not been there for long are forgotten.
const FORGET_EVERY: u32 = 4_096;

impl<K: Hash + Eq + Clone> Bucket<K> {
    fn new(rate: Rate) -> Self {
        let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
        let quota =
            Quota::with_period(rate.pause).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst);
        Self { limiter: RateLimiter::keyed(quota), passed: AtomicU32::new(0) }
    }

    fn pass(&self, key: K) -> Result<(), ProblemJson> {
        if self.passed.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let now = DefaultClock::default().now();
        self.limiter.check_key(&key).map_err(|until| ProblemJson::too_often(until.wait_time_from(now)))
    }
}
