//! Counters of the front door. Labels are kinds and codes, never ids.

use std::time::Duration;

use jumpa_protocol::ErrorCode;
use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

/// Says what each figure means, for those who read them.
pub fn describe() {
    describe_gauge!("jumpa_calls", "Calls now.");
    describe_gauge!("jumpa_participants", "People in calls now.");
    describe_counter!("jumpa_joins_total", "Joins that succeeded.");
    describe_counter!("jumpa_joins_refused_total", "Joins that were refused, by error code.");
    describe_histogram!("jumpa_join_seconds", Unit::Seconds, "From `join` to `joined`.");
    describe_counter!("jumpa_resumes_total", "Sessions continued over another WebSocket.");
    describe_gauge!("jumpa_signal_sockets", "Open WebSockets now.");
    describe_counter!("jumpa_signal_sockets_closed_total", "WebSockets the server closed.");
    describe_counter!("jumpa_signal_sockets_refused_total", "Connections refused before opening.");
    describe_counter!("jumpa_signal_messages_refused_total", "Messages that reached no call.");
    describe_counter!("jumpa_signal_media_events_dropped_total", "Media events without a place.");
    describe_counter!("jumpa_signal_reports_dropped_total", "Reports of calls nobody took.");
    describe_counter!("jumpa_calls_restored_total", "Calls of before a restart that go on.");
    describe_gauge!("jumpa_call_files_incomplete", "Calls whose file lacks something now.");
    describe_counter!("jumpa_call_file_writes_failed_total", "Writes of call files that failed.");
    describe_counter!("jumpa_call_file_writes_delayed_total", "Changes the disk had no time for.");
}

/// Records how long the server took to let somebody in who did not wait in a lobby.
pub fn join_took(time: Duration) {
    histogram!("jumpa_join_seconds").record(time.as_secs_f64());
}

/// Counts somebody who joined: by `kind` (`signalled`, `whip`, `whep`).
pub fn joined(kind: &'static str) {
    counter!("jumpa_joins_total", "kind" => kind).increment(1);
}

/// Counts a join that was refused.
pub fn join_refused(code: ErrorCode) {
    counter!("jumpa_joins_refused_total", "code" => code.as_str()).increment(1);
}

/// Counts a session that was continued on another connection.
pub fn resumed() {
    counter!("jumpa_resumes_total").increment(1);
}

/// Counts a message that did not reach the call.
pub fn message_refused(reason: &'static str) {
    counter!("jumpa_signal_messages_refused_total", "reason" => reason).increment(1);
}

/// Counts a connection that was closed by us.
pub fn socket_closed(code: u16) {
    counter!("jumpa_signal_sockets_closed_total", "code" => code.to_string()).increment(1);
}

/// Counts a connection that was refused before it was a WebSocket.
pub fn socket_refused(reason: &'static str) {
    counter!("jumpa_signal_sockets_refused_total", "reason" => reason).increment(1);
}

/// Counts an event of the media plane that found no place in the queue of its call.
pub fn media_event_dropped() {
    counter!("jumpa_signal_media_events_dropped_total").increment(1);
}

/// Counts a report that was given up because the control plane did not take any for too long.
pub fn report_dropped() {
    counter!("jumpa_signal_reports_dropped_total").increment(1);
}

/// Counts calls of before a restart that go on.
pub fn calls_restored(count: usize) {
    counter!("jumpa_calls_restored_total").increment(count as u64);
}

/// Records how many calls are remembered less well on disk than in memory.
pub fn call_files_incomplete(count: usize) {
    gauge!("jumpa_call_files_incomplete").set(count as f64);
}

/// Counts a write of a call's file that failed.
pub fn call_file_write_failed() {
    counter!("jumpa_call_file_writes_failed_total").increment(1);
}

/// Counts changes of a call that found no place in the queue of the writer.
pub fn call_file_write_delayed() {
    counter!("jumpa_call_file_writes_delayed_total").increment(1);
}

/// Something that is counted while it exists.
#[derive(Debug)]
pub struct Counted {
    name: &'static str,
}

impl Counted {
    /// An open WebSocket.
    #[must_use]
    pub fn socket() -> Self {
        Self::new("jumpa_signal_sockets")
    }

    /// A running call.
    #[must_use]
    pub fn call() -> Self {
        Self::new("jumpa_calls")
    }

    fn new(name: &'static str) -> Self {
        gauge!(name).increment(1.0);
        Self { name }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!(self.name).decrement(1.0);
    }
}

/// How many take part in one call; their sum over all calls is the gauge.
#[derive(Debug, Default)]
pub struct ParticipantGauge {
    told: usize,
}

impl ParticipantGauge {
    /// Takes over the present number.
    pub fn set(&mut self, count: usize) {
        gauge!("jumpa_participants").increment(count as f64 - self.told as f64);
        self.told = count;
    }
}

impl Drop for ParticipantGauge {
    fn drop(&mut self) {
        self.set(0);
    }
}
