//! One direction of an emulated path.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    time::{Duration, Instant},
};

use crate::{Loss, LossProcess, Rng};

/// What a link does to what it carries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkConfig {
    /// Time that every packet takes.
    pub delay: Duration,
    /// Further time, random from zero to this; packets keep their order.
    pub jitter: Duration,
    /// How packets get lost.
    pub loss: Loss,
    /// Share of packets that are held back by `reorder_by`, so that later ones overtake them.
    pub reorder: f64,
    /// How long such packets are held back.
    pub reorder_by: Duration,
    /// Share of packets that arrive twice.
    pub duplicate: f64,
    /// Bits per second that the link carries; `None` for no limit.
    pub rate_bps: Option<u64>,
    /// How long a packet waits at most for the link to be free; those that would wait longer are
    /// dropped (tail drop).
    pub queue: Duration,
}

impl Default for LinkConfig {
    /// A perfect link without delay.
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            loss: Loss::None,
            reorder: 0.0,
            reorder_by: Duration::from_millis(20),
            duplicate: 0.0,
            rate_bps: None,
            queue: Duration::from_millis(200),
        }
    }
}

impl LinkConfig {
    /// A perfect link with a delay.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self { delay, ..Self::default() }
    }
}

/// What happened on a link so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkStats {
    /// Packets put in.
    pub packets_sent: u64,
    /// Packets that came out, duplicates included.
    pub packets_received: u64,
    /// Packets lost by chance or by a cut.
    pub packets_lost: u64,
    /// Packets dropped since the queue was full.
    pub packets_queue_full: u64,
    /// Bytes that came out.
    pub bytes_received: u64,
}

/// One direction of an emulated path; carries values of any type in virtual time.
#[derive(Debug)]
pub struct Link<T> {
    config: LinkConfig,
    loss: LossProcess,
    rng: Rng,
    is_cut: bool,
    /// When the last bit of the queue leaves the sender.
    free_at: Option<Instant>,
    /// Jitter delays packets but does not reorder them.
    last_arrival: Option<Instant>,
    order: u64,
    flying: BinaryHeap<Reverse<Flying<T>>>,
    stats: LinkStats,
}

impl<T: Clone> Link<T> {
    /// A link whose chances follow from the seed.
    #[must_use]
    pub fn new(config: LinkConfig, seed: u64) -> Self {
        Self {
            config,
            loss: LossProcess::new(config.loss),
            rng: Rng::new(seed),
            is_cut: false,
            free_at: None,
            last_arrival: None,
            order: 0,
            flying: BinaryHeap::new(),
            stats: LinkStats::default(),
        }
    }

    /// Changes the link; what flies arrives as it would have.
    pub fn configure(&mut self, config: LinkConfig) {
        if self.config.loss != config.loss {
            self.loss = LossProcess::new(config.loss);
        }
        if self.config.rate_bps != config.rate_bps {
            self.free_at = None;
        }
        self.config = config;
    }

    /// The present settings.
    #[must_use]
    pub const fn config(&self) -> &LinkConfig {
        &self.config
    }

    /// Cuts the link or joins it again. While it is cut everything put in is lost; what flies arrives.
    pub fn set_cut(&mut self, is_cut: bool) {
        self.is_cut = is_cut;
    }

    /// Puts a packet of `size_bytes` in at `now`.
    pub fn send(&mut self, now: Instant, size_bytes: usize, value: T) {
        self.stats.packets_sent += 1;
        if self.is_cut || self.loss.loses_next(&mut self.rng) {
            self.stats.packets_lost += 1;
            return;
        }
        let Some(sent_at) = self.leave_queue(now, size_bytes) else {
            self.stats.packets_queue_full += 1;
            return;
        };
        let jittered = sent_at + self.config.delay + self.rng.duration_up_to(self.config.jitter);
        let mut arrives_at = self.last_arrival.map_or(jittered, |last| last.max(jittered));
        self.last_arrival = Some(arrives_at);
        if self.rng.chance(self.config.reorder) {
            arrives_at += self.config.reorder_by;
        }
        if self.rng.chance(self.config.duplicate) {
            let later = arrives_at + Duration::from_millis(1);
            self.fly(later, size_bytes, value.clone());
        }
        self.fly(arrives_at, size_bytes, value);
    }

    /// When the next packet comes out.
    #[must_use]
    pub fn next_arrival(&self) -> Option<Instant> {
        self.flying.peek().map(|Reverse(flying)| flying.arrives_at)
    }

    /// The next packet that came out until `now`.
    pub fn poll(&mut self, now: Instant) -> Option<T> {
        if self.next_arrival()? > now {
            return None;
        }
        let Reverse(flying) = self.flying.pop()?;
        self.stats.packets_received += 1;
        self.stats.bytes_received += flying.size_bytes as u64;
        Some(flying.value)
    }

    /// What happened so far.
    #[must_use]
    pub const fn stats(&self) -> LinkStats {
        self.stats
    }

    /// When the last bit of a packet leaves the sender; `None` when the queue is full.
    fn leave_queue(&mut self, now: Instant, size_bytes: usize) -> Option<Instant> {
        let Some(rate_bps) = self.config.rate_bps else {
            return Some(now);
        };
        let starts_at = self.free_at.map_or(now, |free_at| free_at.max(now));
        if starts_at.duration_since(now) > self.config.queue {
            return None;
        }
        let seconds = size_bytes as f64 * 8.0 / rate_bps.max(1) as f64;
        let sent_at = starts_at + Duration::from_secs_f64(seconds);
        self.free_at = Some(sent_at);
        Some(sent_at)
    }

    fn fly(&mut self, arrives_at: Instant, size_bytes: usize, value: T) {
        self.order += 1;
        self.flying.push(Reverse(Flying { arrives_at, order: self.order, size_bytes, value }));
    }
}

/// A packet under way, ordered by arrival and then by the order of sending.
#[derive(Debug)]
struct Flying<T> {
    arrives_at: Instant,
    order: u64,
    size_bytes: usize,
    value: T,
}

impl<T> PartialEq for Flying<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Flying<T> {}

impl<T> PartialOrd for Flying<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Flying<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.arrives_at, self.order).cmp(&(other.arrives_at, other.order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epoch;

    const MS: Duration = Duration::from_millis(1);

    /// Sends a numbered packet of 1,250 bytes each millisecond and gives numbers with arrival times.
    fn arrivals(config: LinkConfig, packets: u32) -> Vec<(u32, Duration)> {
        let mut link = Link::new(config, 42);
        let mut out = Vec::new();
        for number in 0..packets {
            link.send(epoch() + MS * number, 1_250, number);
        }
        while let Some(at) = link.next_arrival() {
            while let Some(number) = link.poll(at) {
                out.push((number, at - epoch()));
            }
        }
        out
    }

    #[test]
    fn a_delay_delays_and_nothing_else() {
        let seen = arrivals(LinkConfig::delay(MS * 30), 50);
        let expected: Vec<_> = (0..50).map(|number| (number, MS * (30 + number))).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn nothing_arrives_before_its_time() {
        let mut link = Link::new(LinkConfig::delay(MS * 10), 1);
        link.send(epoch(), 100, ());
        assert_eq!(link.poll(epoch() + MS * 9), None);
        assert_eq!(link.poll(epoch() + MS * 10), Some(()));
    }

    #[test]
    fn a_rate_spreads_packets_and_a_full_queue_drops() {
        // 1,250 bytes at 1 Mbit/s take 10 ms; one packet comes per millisecond.
        let config =
            LinkConfig { rate_bps: Some(1_000_000), queue: MS * 100, ..LinkConfig::default() };
        let seen = arrivals(config, 1_000);
        let gaps_hold = seen.windows(2).all(|pair| pair[1].1 - pair[0].1 >= MS * 10);
        assert!(gaps_hold);
        assert!((100..115).contains(&seen.len()), "{}", seen.len());
        assert!(seen.iter().all(|(number, at)| *at <= MS * (*number + 111)));
    }

    #[test]
    fn jitter_keeps_the_order() {
        let config = LinkConfig { jitter: MS * 30, ..LinkConfig::delay(MS * 10) };
        let seen = arrivals(config, 500);
        assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(seen.iter().any(|(number, at)| *at > MS * (*number + 20)));
    }

    #[test]
    fn reordered_packets_are_overtaken_and_none_is_missing() {
        let config = LinkConfig { reorder: 0.1, ..LinkConfig::default() };
        let mut numbers: Vec<u32> =
            arrivals(config, 500).into_iter().map(|(number, _)| number).collect();
        assert!(numbers.windows(2).any(|pair| pair[0] > pair[1]));
        numbers.sort_unstable();
        assert_eq!(numbers, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn duplicates_arrive_twice() {
        let config = LinkConfig { duplicate: 1.0, ..LinkConfig::default() };
        assert_eq!(arrivals(config, 10).len(), 20);
    }

    #[test]
    fn a_cut_link_loses_what_is_sent_and_delivers_what_flies() {
        let mut link = Link::new(LinkConfig::delay(MS * 10), 1);
        link.send(epoch(), 100, 1);
        link.set_cut(true);
        link.send(epoch() + MS, 100, 2);
        link.set_cut(false);
        link.send(epoch() + MS * 2, 100, 3);
        let late = epoch() + MS * 100;
        assert_eq!((link.poll(late), link.poll(late), link.poll(late)), (Some(1), Some(3), None));
        assert_eq!(link.stats().packets_lost, 1);
    }

    #[test]
    fn equal_seeds_lose_equal_packets() {
        let config = LinkConfig { loss: Loss::Random(0.3), ..LinkConfig::default() };
        assert_eq!(arrivals(config, 200), arrivals(config, 200));
    }
}
