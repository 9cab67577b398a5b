//! Ends a composer that makes no progress: files come from strangers, and no codec is trusted to
//! come back from every one of them.

use std::{
    process,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

/// What takes longer has gone wrong: a picture takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// The exit code of a composer that hung.
const EXIT_CODE: i32 = 3;

static PROGRESS: AtomicU64 = AtomicU64::new(0);

/// Says that something was done, or that there is nothing to do.
pub fn alive() {
    PROGRESS.fetch_add(1, Ordering::Relaxed);
}

/// Watches this process from now on.
///
/// # Errors
/// When no thread can be started.
pub fn start() -> std::io::Result<()> {
    let watch = || {
        let mut last = PROGRESS.load(Ordering::Relaxed);
        loop {
            thread::sleep(PATIENCE);
            let now = PROGRESS.load(Ordering::Relaxed);
            if now == last {
                eprintln!("nothing has moved for {} s", PATIENCE.as_secs());
                process::exit(EXIT_CODE);
            }
            last = now;
        }
    };
    thread::Builder::new().name("watchdog".to_owned()).spawn(watch).map(drop)
}
