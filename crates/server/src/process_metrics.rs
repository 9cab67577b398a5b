//! What the process takes of the machine, from `/proc`, under the names that Prometheus tools know.

use std::fs;

use metrics::{Unit, describe_gauge, gauge};

/// Tells the metrics of the process what the names mean.
pub fn describe() {
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Memory in use.");
    describe_gauge!("process_cpu_seconds_total", Unit::Seconds, "Time on processors.");
    describe_gauge!("process_open_fds", "Open files and sockets.");
}

/// Reads the figures of this moment; those that the machine does not tell are left out.
pub fn record() {
    if let Some(bytes) = memory_bytes() {
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    if let Some(seconds) = cpu_seconds() {
        gauge!("process_cpu_seconds_total").set(seconds);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(files.count() as f64);
    }
}

/// Memory in use.
pub fn memory_bytes() -> Option<u64> {
    fs::read_to_string("/proc/self/status").ok().as_deref().and_then(memory)
}

/// Time on processors since the start, of all threads together.
pub fn cpu_seconds() -> Option<f64> {
    let ticks = fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(cpu_ticks)?;
    Some(ticks / rustix::param::clock_ticks_per_second().max(1) as f64)
}

/// Bytes of `VmRSS` in the text of `/proc/self/status` (proc(5)).
fn memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// Fields 14 and 15 of `/proc/self/stat` (proc(5)): ticks in the program and in the kernel. The
/// name of the program, field 2, may hold spaces and parentheses.
fn cpu_ticks(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(memory("Name:\tjumpa\nVmRSS:\t   2048 kB\n"), Some(2_097_152));
        assert_eq!(memory("Name:\tjumpa\n"), None);
    }

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 30 12 0 0 20 0 9 0 55";
        assert_eq!(cpu_ticks(stat), Some(42.0));
        assert_eq!(cpu_ticks(""), None);
    }
}
