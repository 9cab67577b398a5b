//! Packets of one slot that wait for their turn.

use std::{collections::VecDeque, time::Instant};

use str0m::rtp::{RtpWrite, StreamTx};

/// Bytes that str0m's own queue of a slot shall hold. Its pacer needs some to send in time; what is
/// in there cannot be taken back any more.
const MAX_IN_ENGINE: usize = 6_000;

/// Packets of one slot that were written and not yet given to str0m.
///
/// When a downlink becomes thin, packets pile up before the pacer. Those of a layer that is no
/// longer wanted must not stand in the way of the next one, so they are kept here, where they can
/// be forgotten.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    packets: VecDeque<Packet>,
    /// What was given to str0m since it last counted its queue.
    given: usize,
    counted_at: Option<Instant>,
}

#[derive(Debug)]
struct Packet {
    write: RtpWrite,
    bytes: usize,
    since: Instant,
}

impl Waiting {
    pub(crate) fn push(&mut self, write: RtpWrite, bytes: usize, since: Instant) {
        self.packets.push_back(Packet { write, bytes, since });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    pub(crate) fn forget(&mut self) {
        self.packets.clear();
    }

    /// Since when the oldest packet waits, here or in str0m.
    pub(crate) fn oldest(&self, stream: &StreamTx) -> Option<Instant> {
        let in_engine = stream.queue_info().and_then(|queue| queue.first_unsent());
        in_engine.or_else(|| self.packets.front().map(|packet| packet.since))
    }

    /// Gives packets to str0m while there is room; `true` when it got some.
    pub(crate) fn give(&mut self, stream: &mut StreamTx) -> bool {
        let queue = stream.queue_info();
        let queued = queue.map_or(0, |queue| queue.byte_size());
        let counted_at = queue.map(|queue| queue.created_at());
        if self.counted_at != counted_at {
            self.counted_at = counted_at;
            self.given = 0;
        }
        let mut has_given = false;
        while queued + self.given < MAX_IN_ENGINE
            && let Some(packet) = self.packets.pop_front()
        {
            self.given += packet.bytes;
            stream.write_rtp(packet.write);
            has_given = true;
        }
        has_given
    }
}
