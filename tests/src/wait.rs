//! Bounded waits.

use std::time::Duration;

/// How long a test waits for something that happens at once on an idle machine. Long, because
/// several builds may share the machine; a test that needs it fails only when nothing happens.
pub const WAIT: Duration = Duration::from_secs(20);

/// Waits for a future.
///
/// # Panics
/// When it took longer than [`WAIT`]; the message says what did not happen.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(WAIT, future).await {
        Ok(value) => value,
        Err(_) => panic!("this did not happen within {WAIT:?}: {what}"),
    }
}
