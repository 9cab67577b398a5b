//! A bound on the work that strangers can cause.

use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    time::{Duration, Instant},
};

/// Sources that are told apart. Two sources that fall together share one budget; the hash is keyed,
/// so nobody can choose to share with a victim.
const BUCKETS: usize = 4_096;

/// Failed proofs that a source may cause at once.
///
/// A proof costs about two microseconds (one HMAC or one decryption). Only failures are counted,
/// so an office of hundreds behind one address joins without touching it.
const BURST: u32 = 64;

/// How long it takes to earn one more failed proof.
const REFILL_INTERVAL: Duration = Duration::from_millis(50);

/// Failed proofs per source address, in fixed memory.
#[derive(Debug)]
pub struct SourceBudget {
    hasher: RandomState,
    buckets: Box<[Bucket]>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    spent: u32,
    /// Up to when refills were counted.
    settled_at: Instant,
}

impl SourceBudget {
    /// Full budgets for everybody.
    pub fn new(now: Instant) -> Self {
        let bucket = Bucket { spent: 0, settled_at: now };
        Self { hasher: RandomState::new(), buckets: vec![bucket; BUCKETS].into_boxed_slice() }
    }

    /// Whether a source may try to prove something.
    pub fn allows(&mut self, source: IpAddr, now: Instant) -> bool {
        self.bucket(source).is_none_or(|bucket| {
            bucket.settle(now);
            bucket.spent < BURST
        })
    }

    /// Notes that a proof of a source failed.
    pub fn charge(&mut self, source: IpAddr, now: Instant) {
        if let Some(bucket) = self.bucket(source) {
            bucket.settle(now);
            bucket.spent = bucket.spent.saturating_add(1).min(BURST);
        }
    }

    fn bucket(&mut self, source: IpAddr) -> Option<&mut Bucket> {
        let index = self.hasher.hash_one(source) as usize % BUCKETS;
        self.buckets.get_mut(index)
    }
}

impl Bucket {
    fn settle(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.settled_at);
        let earned = elapsed.as_millis() / REFILL_INTERVAL.as_millis();
        let earned = u32::try_from(earned).unwrap_or(u32::MAX);
        if earned >= self.spent {
            self.spent = 0;
            self.settled_at = now;
        } else {
            self.spent -= earned;
            self.settled_at += REFILL_INTERVAL * earned;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

    #[test]
    fn a_source_that_fails_often_is_cut_off_and_earns_its_way_back() {
        let start = Instant::now();
        let mut budget = SourceBudget::new(start);
        for _ in 0..BURST {
            assert!(budget.allows(STRANGER, start));
            budget.charge(STRANGER, start);
        }
        assert!(!budget.allows(STRANGER, start));
        assert!(!budget.allows(STRANGER, start + REFILL_INTERVAL - Duration::from_millis(1)));
        assert!(budget.allows(STRANGER, start + REFILL_INTERVAL));
        budget.charge(STRANGER, start + REFILL_INTERVAL);
        assert!(!budget.allows(STRANGER, start + REFILL_INTERVAL));
    }
}
