//! The machine: clock and open files.

use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jumpa_api::HealthCode as Code;

use super::finding::Finding;

/// This program did not exist before: 2025-01-01, seconds since 1970.
const EARLIEST: Duration = Duration::from_secs(1_735_689_600);

/// Each participant takes a socket for signalling, and one more over TCP.
const FEW_FILES: u64 = 4_096;

pub(super) fn look() -> Vec<Finding> {
    let mut findings = vec![clock(SystemTime::now())];
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    findings.extend(open_files(&limits));
    findings
}

fn clock(now: SystemTime) -> Finding {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    if since < EARLIEST {
        return Finding::bad(
            Code::ClockYearsBehind,
            "clock",
            "is years behind: tokens and certificates would be refused",
            "set the clock, best by NTP: timedatectl set-ntp true",
        );
    }
    let text = i64::try_from(since.as_secs())
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map(|time| time.to_string())
        .unwrap_or_default();
    Finding::good(Code::ClockPlausible, "clock", format!("says {text}")).with("time", text)
}

/// Reads the soft limit from the text of `/proc/self/limits`.
fn open_files(limits: &str) -> Option<Finding> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let soft = line.split_whitespace().next()?;
    let count: u64 = if soft == "unlimited" { u64::MAX } else { soft.parse().ok()? };
    Some(if count < FEW_FILES {
        Finding::doubtful(
            Code::OpenFilesFew,
            "open files",
            format!("at most {count} at once, enough for some {} participants", count / 2),
            "raise the limit: ulimit -n 65536, or LimitNOFILE=65536 in the systemd unit",
        )
        .with("files", count)
        .with("participants", count / 2)
    } else {
        let facts = format!("at most {soft} at once");
        Finding::good(Code::OpenFilesEnough, "open files", facts).with("files", soft)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Verdict, *};

    #[test]
    fn a_clock_of_1970_is_bad() {
        assert_eq!(clock(UNIX_EPOCH + Duration::from_secs(3_600)).verdict, Verdict::Bad);
        assert_eq!(clock(UNIX_EPOCH + EARLIEST).verdict, Verdict::Good);
    }

    #[test]
    fn the_limit_of_open_files_is_read() {
        let line = |count: &str| format!("Max open files            {count}                 files");
        assert_eq!(open_files(&line("1024")).unwrap().verdict, Verdict::Doubtful);
        assert_eq!(open_files(&line("65536")).unwrap().verdict, Verdict::Good);
        assert_eq!(open_files(&line("unlimited")).unwrap().verdict, Verdict::Good);
        assert!(open_files("").is_none());
    }
}
