//! What the kernel says about a process (`proc(5)`).

use std::{fs, time::Duration};

use anyhow::Context;

/// Clock ticks per second in `/proc`, the same on every Linux that we run on (`getconf CLK_TCK`).
const TICKS_PER_SECOND: u64 = 100;

/// Name of the media threads.
const MEDIA_THREAD: &str = "media-";

/// CPU time used so far, user and system together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuTime {
    /// By all threads.
    pub whole: Duration,
    /// By the media threads.
    pub media: Duration,
}

impl CpuTime {
    /// What was used since an earlier reading.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            whole: self.whole.saturating_sub(earlier.whole),
            media: self.media.saturating_sub(earlier.media),
        }
    }
}

/// Reads the CPU time of a process; threads that have ended count for the whole only.
///
/// # Errors
/// When the process is gone.
pub fn cpu_time(pid: u32) -> anyhow::Result<CpuTime> {
    let (_, whole) = read_stat(&format!("/proc/{pid}/stat"))?;
    let mut media = Duration::ZERO;
    for task in fs::read_dir(format!("/proc/{pid}/task")).context("listing threads")? {
        let path = task.context("listing threads")?.path().join("stat");
        // A thread may end while the list is read.
        if let Ok((name, used)) = read_stat(&path.to_string_lossy())
            && name.starts_with(MEDIA_THREAD)
        {
            media += used;
        }
    }
    Ok(CpuTime { whole, media })
}

/// Resident memory of a process, bytes.
///
/// # Errors
/// When the process is gone.
pub fn resident_bytes(pid: u32) -> anyhow::Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).context("reading its status")?;
    text.lines()
        .find_map(|line| {
            line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok()
        })
        .map(|kibibytes| kibibytes * 1_024)
        .context("its status tells no VmRSS")
}

/// Share of the machine's CPU time that somebody used since `earlier`, and a reading for later.
pub fn machine_load(earlier: Option<MachineTime>) -> (MachineTime, f64) {
    let now = fs::read_to_string("/proc/stat").ok().and_then(|text| MachineTime::parse(&text));
    let now = now.unwrap_or_default();
    let earlier = earlier.unwrap_or(now);
    let total = now.total.saturating_sub(earlier.total);
    let idle = now.idle.saturating_sub(earlier.idle);
    let share = if total == 0 { 0.0 } else { 1.0 - idle as f64 / total as f64 };
    (now, share)
}

/// CPU time of the whole machine, ticks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MachineTime {
    total: u64,
    idle: u64,
}

impl MachineTime {
    fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<u64> = text
            .lines()
            .find_map(|line| line.strip_prefix("cpu "))?
            .split_whitespace()
            .filter_map(|number| number.parse().ok())
            .collect();
        // user nice system idle iowait irq softirq steal
        let idle = numbers.get(3)? + numbers.get(4)?;
        Some(Self { total: numbers.iter().take(8).sum(), idle })
    }
}

/// Name, and user and system time, of a process or thread.
fn read_stat(path: &str) -> anyhow::Result<(String, Duration)> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {path}"))?;
    parse_stat(&text).with_context(|| format!("understanding {path}"))
}

fn parse_stat(text: &str) -> Option<(String, Duration)> {
    // The name stands in parentheses and may itself hold spaces and parentheses.
    let (head, rest) = text.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    // Fields 14 and 15 of the line; the first after the name is field 3.
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    let used = Duration::from_millis((user + system) * 1_000 / TICKS_PER_SECOND);
    Some((name.to_owned(), used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_a_name_with_spaces_and_parentheses() {
        let line = "7 (media-0 (x) y) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 9 10 11";
        let parsed = parse_stat(line);
        assert_eq!(parsed, Some(("media-0 (x) y".to_owned(), Duration::from_secs(2))));
    }

    #[test]
    fn this_process_has_used_memory() {
        assert!(resident_bytes(std::process::id()).expect("it runs") > 100_000);
        assert!(cpu_time(std::process::id()).is_ok());
    }

    #[test]
    fn idle_time_is_told_from_the_rest() {
        let time = MachineTime::parse("cpu  10 0 10 70 10 0 0 0 0 0\ncpu0 1 1 1 1");
        assert_eq!(time, Some(MachineTime { total: 100, idle: 80 }));
    }
}
