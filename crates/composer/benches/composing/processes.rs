//! What processes cost, as /proc tells.

use std::{fs, time::Duration};

/// A tick of the kernel's accounts, the same on every Linux of today.
const TICK: Duration = Duration::from_millis(10);

/// Numbers of a line of /proc/…/stat from the third on: the name before may hold anything.
fn stat(process: &str) -> Vec<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    rest.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect()
}

fn sum(stat: &[u64], from: usize, to: usize) -> Duration {
    TICK * stat.get(from..to).unwrap_or_default().iter().sum::<u64>() as u32
}

/// Processor time of this process's children that have ended.
pub fn of_dead_children() -> Duration {
    sum(&stat("self"), 13, 15)
}

/// The most memory that a process has had, MiB.
pub fn peak_mib(process: u32) -> u64 {
    kib(&format!("/proc/{process}/status"), "VmHWM:") / 1_024
}

/// Processor time of a group of processes, and memory, MiB, where what they share counts once.
pub fn of_group(group: u32) -> (Duration, u64) {
    let (mut used, mut memory) = (Duration::ZERO, 0);
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.parse::<u32>().is_err() {
            continue;
        }
        let stat = stat(&name);
        if stat.get(2) == Some(&group.into()) {
            used += sum(&stat, 11, 15);
            memory += kib(&format!("/proc/{name}/smaps_rollup"), "Pss:");
        }
    }
    (used, memory / 1_024)
}

fn kib(path: &str, field: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
