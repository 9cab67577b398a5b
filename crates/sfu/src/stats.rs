//! Figures of the media node: counted by each worker for itself, published once a second.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

use jumpa_sfu_core::RoomStats;

use crate::demux::DropReason;

/// Why a datagram could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendFailure {
    /// The kernel's buffer, or the bound for a slow TCP client, is full.
    BufferFull,
    /// No address of the participant is known.
    NoPath,
    /// The kernel refused it.
    Refused,
}

impl SendFailure {
    const ALL: [Self; 3] = [Self::BufferFull, Self::NoPath, Self::Refused];

    const fn as_str(self) -> &'static str {
        match self {
            Self::BufferFull => "buffer_full",
            Self::NoPath => "no_path",
            Self::Refused => "refused",
        }
    }
}

/// Figures of a worker, or of the whole node, since its start; `calls`, `participants` and
/// `tcp_connections` are as they are now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SfuStats {
    /// Calls.
    pub calls: u64,
    /// Participants with a peer connection.
    pub participants: u64,
    /// Accepted TCP connections.
    pub tcp_connections: u64,
    /// Datagrams read, of any kind and worth.
    pub datagrams_received: u64,
    /// Bytes of them.
    pub bytes_received: u64,
    /// Datagrams handed to the kernel.
    pub datagrams_sent: u64,
    /// Bytes of them.
    pub bytes_sent: u64,
    /// Datagrams dropped on the way in, by reason, in the order of [`DropReason::ALL`].
    pub dropped: [u64; DropReason::ALL.len()],
    /// Datagrams not sent, by reason.
    pub unsent: [u64; SendFailure::ALL.len()],
    /// How often a path followed its client to another address.
    pub path_moves: u64,
    /// Calls that were closed because of a defect in them.
    pub calls_failed: u64,
    /// TCP connections closed for a bound: too many, unidentified, silent, or broken framing.
    pub tcp_refused: u64,
    /// Reports to signalling that were left out because it did not keep up.
    pub events_dropped: u64,
    /// What the rooms did.
    pub rooms: RoomStats,
}

impl SfuStats {
    pub(crate) fn drop_datagram(&mut self, reason: DropReason) {
        let index = DropReason::ALL.iter().position(|it| *it == reason);
        if let Some(count) = index.and_then(|index| self.dropped.get_mut(index)) {
            *count += 1;
        }
    }

    pub(crate) fn fail_to_send(&mut self, failure: SendFailure) {
        let index = SendFailure::ALL.iter().position(|it| *it == failure);
        if let Some(count) = index.and_then(|index| self.unsent.get_mut(index)) {
            *count += 1;
        }
    }

    /// Datagrams dropped for a reason.
    #[must_use]
    pub fn dropped_for(&self, reason: DropReason) -> u64 {
        let index = DropReason::ALL.iter().position(|it| *it == reason);
        index.and_then(|index| self.dropped.get(index)).copied().unwrap_or(0)
    }

    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.participants += other.participants;
        self.tcp_connections += other.tcp_connections;
        self.datagrams_received += other.datagrams_received;
        self.bytes_received += other.bytes_received;
        self.datagrams_sent += other.datagrams_sent;
        self.bytes_sent += other.bytes_sent;
        for (sum, count) in self.dropped.iter_mut().zip(other.dropped) {
            *sum += count;
        }
        for (sum, count) in self.unsent.iter_mut().zip(other.unsent) {
            *sum += count;
        }
        self.path_moves += other.path_moves;
        self.calls_failed += other.calls_failed;
        self.tcp_refused += other.tcp_refused;
        self.events_dropped += other.events_dropped;
        add_room(&mut self.rooms, &other.rooms);
    }
}

/// Adds the figures of a room to a sum.
pub fn add_room(sum: &mut RoomStats, room: &RoomStats) {
    sum.packets_received += room.packets_received;
    sum.bytes_received += room.bytes_received;
    sum.packets_sent += room.packets_sent;
    sum.bytes_sent += room.bytes_sent;
    sum.keyframes_requested += room.keyframes_requested;
    sum.keyframe_requests_received += room.keyframe_requests_received;
    sum.nacks_unanswered += room.nacks_unanswered;
    sum.losses_given_up += room.losses_given_up;
    sum.packets_dropped_closed += room.packets_dropped_closed;
    sum.packets_dropped_unknown += room.packets_dropped_unknown;
    sum.packets_dropped_unsent += room.packets_dropped_unsent;
    sum.datagrams_unproven += room.datagrams_unproven;
}

/// What a worker lets others see.
#[derive(Debug, Default)]
pub struct WorkerBoard {
    /// Participants now, with those whose join is on its way.
    participants: AtomicUsize,
    /// Datagrams in and out in the last full second.
    datagrams_per_second: AtomicU64,
    stats: Mutex<SfuStats>,
}

impl WorkerBoard {
    /// A participant that sends nothing yet weighs as much as this many datagrams per second.
    pub const PARTICIPANT_WEIGHT: u64 = 100;

    /// How busy the worker is, for the choice where a new call lives: participants weigh at once,
    /// their traffic when it is there.
    pub fn load(&self) -> u64 {
        let participants = self.participants.load(Ordering::Relaxed) as u64;
        self.datagrams_per_second.load(Ordering::Relaxed) + participants * Self::PARTICIPANT_WEIGHT
    }

    /// Publishes who is there.
    pub fn set_participants(&self, participants: usize) {
        self.participants.store(participants, Ordering::Relaxed);
    }

    /// The last published figures.
    pub fn stats(&self) -> SfuStats {
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Publishes the figures of a worker to everybody and to the metrics of the process.
    pub fn publish(&self, worker: usize, stats: SfuStats, busy: Duration, elapsed: Duration) {
        let previous = std::mem::replace(
            &mut *self.stats.lock().unwrap_or_else(PoisonError::into_inner),
            stats,
        );
        let datagrams = stats.datagrams_received - previous.datagrams_received
            + (stats.datagrams_sent - previous.datagrams_sent);
        let per_second = datagrams as f64 / elapsed.as_secs_f64().max(0.001);
        self.datagrams_per_second.store(per_second as u64, Ordering::Relaxed);
        let busy_ratio = busy.as_secs_f64() / elapsed.as_secs_f64().max(0.001);
        emit(worker, &previous, &stats, busy_ratio);
    }
}

/// The sum over the workers.
pub fn sum<'a>(boards: impl Iterator<Item = &'a WorkerBoard>) -> SfuStats {
    let mut sum = SfuStats::default();
    for board in boards {
        sum.add(&board.stats());
    }
    sum
}

/// Tells the metrics of the process what the names mean.
pub fn describe() {
    describe_gauge!("jumpa_media_calls", "Calls on a worker.");
    describe_gauge!("jumpa_media_participants", "Participants with a peer connection.");
    describe_gauge!("jumpa_media_tcp_connections", "Accepted ICE-TCP connections.");
    describe_gauge!("jumpa_media_worker_busy_ratio", "Share of time a worker was not waiting.");
    describe_counter!("jumpa_media_datagrams_received_total", "Datagrams read.");
    describe_counter!("jumpa_media_received_bytes_total", Unit::Bytes, "Bytes read.");
    describe_counter!("jumpa_media_datagrams_sent_total", "Datagrams sent.");
    describe_counter!("jumpa_media_sent_bytes_total", Unit::Bytes, "Bytes sent.");
    describe_counter!("jumpa_media_datagrams_dropped_total", "Received datagrams of no use.");
    describe_counter!("jumpa_media_datagrams_unsent_total", "Datagrams that were not sent.");
    describe_counter!("jumpa_media_path_moves_total", "Paths that followed their client.");
    describe_counter!("jumpa_media_calls_failed_total", "Calls closed because of a defect.");
    describe_counter!("jumpa_media_tcp_refused_total", "TCP connections closed for a bound.");
    describe_counter!("jumpa_media_events_dropped_total", "Reports left out under load.");
    describe_counter!("jumpa_media_packets_received_total", "Media packets of participants.");
    describe_counter!("jumpa_media_packets_sent_total", "Media packets, once per receiver.");
    describe_counter!("jumpa_media_packets_dropped_total", "Media packets not forwarded.");
    describe_counter!("jumpa_media_keyframes_requested_total", "Keyframes asked of publishers.");
    describe_counter!(
        "jumpa_media_keyframe_requests_received_total",
        "Keyframes asked for by receivers."
    );
    describe_counter!("jumpa_media_nacks_unanswered_total", "Packets too old to be resent.");
    describe_counter!("jumpa_media_losses_given_up_total", "Packets waited for in vain.");
    describe_histogram!("jumpa_media_join_seconds", Unit::Seconds, "Offer to answer in a worker.");
}

/// Notes how long the worker took for the answer to a first offer.
pub fn record_join(elapsed: Duration) {
    histogram!("jumpa_media_join_seconds").record(elapsed.as_secs_f64());
}

fn emit(worker: usize, previous: &SfuStats, stats: &SfuStats, busy_ratio: f64) {
    let worker = worker.to_string();
    let set = |name: &'static str, value: f64| gauge!(name, "worker" => worker.clone()).set(value);
    set("jumpa_media_calls", stats.calls as f64);
    set("jumpa_media_participants", stats.participants as f64);
    set("jumpa_media_tcp_connections", stats.tcp_connections as f64);
    set("jumpa_media_worker_busy_ratio", busy_ratio);
    let add = |name: &'static str, now: u64, before: u64| counter!(name).increment(now - before);
    let received = (stats.datagrams_received, previous.datagrams_received);
    add("jumpa_media_datagrams_received_total", received.0, received.1);
    add("jumpa_media_received_bytes_total", stats.bytes_received, previous.bytes_received);
    add("jumpa_media_datagrams_sent_total", stats.datagrams_sent, previous.datagrams_sent);
    add("jumpa_media_sent_bytes_total", stats.bytes_sent, previous.bytes_sent);
    add("jumpa_media_path_moves_total", stats.path_moves, previous.path_moves);
    add("jumpa_media_calls_failed_total", stats.calls_failed, previous.calls_failed);
    add("jumpa_media_tcp_refused_total", stats.tcp_refused, previous.tcp_refused);
    add("jumpa_media_events_dropped_total", stats.events_dropped, previous.events_dropped);
    for (reason, (now, before)) in
        DropReason::ALL.iter().zip(stats.dropped.iter().zip(previous.dropped))
    {
        counter!("jumpa_media_datagrams_dropped_total", "reason" => reason.as_str())
            .increment(now - before);
    }
    for (failure, (now, before)) in
        SendFailure::ALL.iter().zip(stats.unsent.iter().zip(previous.unsent))
    {
        counter!("jumpa_media_datagrams_unsent_total", "reason" => failure.as_str())
            .increment(now - before);
    }
    emit_rooms(&previous.rooms, &stats.rooms);
}

fn emit_rooms(previous: &RoomStats, now: &RoomStats) {
    let add = |name: &'static str, now: u64, before: u64| counter!(name).increment(now - before);
    let received = (now.packets_received, previous.packets_received);
    add("jumpa_media_packets_received_total", received.0, received.1);
    add("jumpa_media_packets_sent_total", now.packets_sent, previous.packets_sent);
    let keyframes = (now.keyframes_requested, previous.keyframes_requested);
    add("jumpa_media_keyframes_requested_total", keyframes.0, keyframes.1);
    let requests = (now.keyframe_requests_received, previous.keyframe_requests_received);
    add("jumpa_media_keyframe_requests_received_total", requests.0, requests.1);
    add("jumpa_media_nacks_unanswered_total", now.nacks_unanswered, previous.nacks_unanswered);
    add("jumpa_media_losses_given_up_total", now.losses_given_up, previous.losses_given_up);
    for (reason, now, before) in [
        ("closed", now.packets_dropped_closed, previous.packets_dropped_closed),
        ("unknown", now.packets_dropped_unknown, previous.packets_dropped_unknown),
        ("unsent", now.packets_dropped_unsent, previous.packets_dropped_unsent),
    ] {
        counter!("jumpa_media_packets_dropped_total", "reason" => reason).increment(now - before);
    }
}
