//! What recorder and composers take of the processor.

use std::{
    collections::HashMap,
    fs,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rustix::{
    param::clock_ticks_per_second,
    time::{ClockId, clock_gettime},
};

/// How much of the processor is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// By this process and by what is composed during calls, thousandths of a core.
    pub live_millicores: u32,
    /// By what is composed after calls, which gives way to all other work, thousandths of a core.
    pub background_millicores: u32,
}

/// Measures what this process and its composers take.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    composers: Arc<Mutex<HashMap<u32, Composer>>>,
}

/// A composer that is running.
#[derive(Debug, Clone, Copy)]
struct Composer {
    is_background: bool,
    /// What it had used when it was looked at last.
    used: Duration,
}

/// A composer is measured as long as this is there.
#[derive(Debug)]
pub struct Measured {
    meter: Meter,
    pid: u32,
}

impl Drop for Measured {
    fn drop(&mut self) {
        self.meter.composers().remove(&self.pid);
    }
}

impl Meter {
    /// Measures another process from now on.
    pub(super) fn add(&self, pid: u32, is_background: bool) -> Measured {
        self.composers().insert(pid, Composer { is_background, used: Duration::ZERO });
        Measured { meter: self.clone(), pid }
    }

    fn composers(&self) -> MutexGuard<'_, HashMap<u32, Composer>> {
        self.composers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to measure. What a composer used after it was looked at last and before it ended is
    /// missing.
    #[must_use]
    pub fn start(&self) -> Reading {
        Reading { meter: self.clone(), read_at: Instant::now(), own: own_use() }
    }
}

/// Measures from one look to the next.
#[derive(Debug)]
pub struct Reading {
    meter: Meter,
    read_at: Instant,
    own: Duration,
}

impl Reading {
    /// The load since the last look.
    pub fn look(&mut self) -> Load {
        let now = Instant::now();
        let passed = now.saturating_duration_since(std::mem::replace(&mut self.read_at, now));
        let own = own_use();
        let mut live = own.saturating_sub(std::mem::replace(&mut self.own, own));
        let mut background = Duration::ZERO;
        for (pid, composer) in self.meter.composers().iter_mut() {
            let used = use_of(*pid).unwrap_or(composer.used);
            let since = used.saturating_sub(std::mem::replace(&mut composer.used, used));
            if composer.is_background {
                background += since;
            } else {
                live += since;
            }
        }
        let millicores = |used: Duration| {
            let share = used.as_secs_f64() / passed.as_secs_f64().max(1e-3);
            (share * 1_000.0) as u32
        };
        Load { live_millicores: millicores(live), background_millicores: millicores(background) }
    }
}

fn own_use() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec.unsigned_abs(), used.tv_nsec.unsigned_abs() as u32)
}

/// What a process has used since it was started (proc_pid_stat(5)).
fn use_of(pid: u32) -> Option<Duration> {
    ticks(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
        .map(|ticks| Duration::from_secs_f64(ticks as f64 / clock_ticks_per_second() as f64))
}

/// Fields 14 and 15 of the line; the second field is a name in parentheses, which may hold spaces.
fn ticks(line: &str) -> Option<u64> {
    let (_, fields) = line.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_counted_whatever_the_name_is() {
        let line = "42 (a ) b) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 7 8 9";
        assert_eq!(ticks(line), Some(300));
        assert_eq!(ticks("42 (jumpa-composer) S 1"), None);
    }

    #[test]
    fn a_process_is_measured_while_it_is_there() {
        let meter = Meter::default();
        let mut reading = meter.start();
        let measured = meter.add(std::process::id(), true);
        let mut sum = 0_u64;
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(50) {
            sum = sum.wrapping_mul(31).wrapping_add(std::hint::black_box(7));
        }
        std::hint::black_box(sum);
        let load = reading.look();
        assert!(load.live_millicores > 0 && load.background_millicores > 0, "{load:?}");
        drop(measured);
        assert_eq!(reading.look().background_millicores, 0);
    }
}
