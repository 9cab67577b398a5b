//! Opus packets, with what redundancy gives back of lost ones.

use std::{collections::VecDeque, time::Duration};

use jumpa_recorded::packet_duration;
use jumpa_rtc::red::Red;

use super::{
    RtpPacket,
    reorder_buffer::{Ordered, ReorderBuffer},
};

/// How long a lost packet is waited for: the server repeats no sound, so only the network's
/// disorder has to be met.
const PATIENCE: Duration = Duration::from_millis(200);

/// An Opus packet (RFC 7587).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioFrame {
    /// RTP timestamp, 48 kHz.
    pub timestamp: u32,
    /// When the packet that held it came.
    pub arrived: Duration,
    /// When it was captured, when that is known.
    pub captured: Option<Duration>,
    /// How much sound it holds.
    pub duration: Duration,
    /// Whether packets before it never came. What redundancy gave back of them comes first.
    pub follows_loss: bool,
    /// The Opus packet.
    pub data: Vec<u8>,
}

/// Makes Opus packets of RTP packets, with and without redundancy (RFC 2198).
#[derive(Debug)]
pub struct AudioDepacketizer {
    reorder: ReorderBuffer<(RtpPacket, bool)>,
    ready: VecDeque<AudioFrame>,
    /// Timestamp of the newest frame that was given out.
    last: Option<u32>,
    has_loss: bool,
    lost_packets: u64,
}

impl Default for AudioDepacketizer {
    fn default() -> Self {
        Self {
            reorder: ReorderBuffer::new(PATIENCE),
            ready: VecDeque::new(),
            last: None,
            has_loss: false,
            lost_packets: 0,
        }
    }
}

impl AudioDepacketizer {
    /// Takes a packet; `is_red` when its payload has redundancy.
    pub fn push(&mut self, packet: RtpPacket, is_red: bool) {
        self.reorder.push(packet.seq, packet.arrived, (packet, is_red));
    }

    /// The next frame that is ready at `now`.
    pub fn poll(&mut self, now: Duration) -> Option<AudioFrame> {
        while self.ready.is_empty() {
            let next = self.reorder.pop(now)?;
            self.take(next);
        }
        self.ready.pop_front()
    }

    /// The next frame, whatever is missing before it: nothing more will come.
    pub fn flush(&mut self) -> Option<AudioFrame> {
        while self.ready.is_empty() {
            let next = self.reorder.flush()?;
            self.take(next);
        }
        self.ready.pop_front()
    }

    /// Packets that never came, those included that redundancy gave back.
    #[must_use]
    pub const fn lost_packets(&self) -> u64 {
        self.lost_packets
    }

    fn take(&mut self, next: Ordered<(RtpPacket, bool)>) {
        let Ordered { lost, packet: (packet, is_red) } = next;
        self.has_loss |= lost > 0;
        self.lost_packets = self.lost_packets.saturating_add(lost);
        if !is_red {
            self.give(packet.timestamp, packet.arrived, packet.captured, &packet.payload);
            return;
        }
        let Some(red) = Red::parse(&packet.payload) else {
            return;
        };
        for (age, block) in red.older(&packet.payload) {
            // Without a frame before it nobody knows that one is missing.
            if self.last.is_some() {
                self.give(packet.timestamp.wrapping_sub(age), packet.arrived, None, block);
            }
        }
        let primary = red.primary(&packet.payload);
        self.give(packet.timestamp, packet.arrived, packet.captured, primary);
    }

    /// Gives out a frame that is newer than those before.
    fn give(&mut self, timestamp: u32, arrived: Duration, captured: Option<Duration>, data: &[u8]) {
        let is_newer = self.last.is_none_or(|last| timestamp.wrapping_sub(last).cast_signed() > 0);
        let Some(duration) = packet_duration(data) else {
            return;
        };
        if is_newer {
            self.last = Some(timestamp);
            let follows_loss = std::mem::take(&mut self.has_loss);
            let data = data.to_vec();
            self.ready.push_back(AudioFrame {
                timestamp,
                arrived,
                captured,
                duration,
                follows_loss,
                data,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use jumpa_rtc::red;

    use super::*;

    /// A packet of 20 ms that can be told from others.
    fn opus_packet(number: u64) -> Vec<u8> {
        vec![0xfc, number as u8]
    }

    fn rtp(number: u64, payload: Vec<u8>) -> RtpPacket {
        RtpPacket {
            seq: number,
            timestamp: (number as u32).wrapping_mul(960).wrapping_sub(2_000),
            marker: false,
            arrived: Duration::from_millis(number * 20),
            captured: None,
            rotation: None,
            payload: payload.into(),
        }
    }

    fn with_redundancy(number: u64) -> RtpPacket {
        let older = opus_packet(number.wrapping_sub(1));
        rtp(number, red::build(111, Some((960, &older)), &opus_packet(number)).unwrap())
    }

    fn drain(depacketizer: &mut AudioDepacketizer, now: Duration) -> Vec<u8> {
        std::iter::from_fn(|| depacketizer.poll(now)).map(|frame| frame.data[1]).collect()
    }

    #[test]
    fn every_packet_is_a_frame() {
        let mut depacketizer = AudioDepacketizer::default();
        for number in 1..=3 {
            depacketizer.push(rtp(number, opus_packet(number)), false);
        }
        assert_eq!(drain(&mut depacketizer, Duration::ZERO), [1, 2, 3]);
    }

    #[test]
    fn redundancy_fills_the_place_of_a_lost_packet() {
        let mut depacketizer = AudioDepacketizer::default();
        for number in [1, 2, 4, 5] {
            depacketizer.push(with_redundancy(number), true);
        }
        assert_eq!(drain(&mut depacketizer, Duration::from_secs(1)), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_lost_for_good_is_left_out() {
        let mut depacketizer = AudioDepacketizer::default();
        for number in [1, 2, 5] {
            depacketizer.push(with_redundancy(number), true);
        }
        assert_eq!(drain(&mut depacketizer, Duration::from_millis(100)), [1, 2]);
        assert_eq!(drain(&mut depacketizer, Duration::from_secs(1)), [4, 5]);
    }

    #[test]
    fn payloads_that_are_no_sound_are_left_out() {
        let mut depacketizer = AudioDepacketizer::default();
        depacketizer.push(rtp(1, vec![0x80, 0]), true);
        depacketizer.push(rtp(2, vec![0xff, 63]), false);
        depacketizer.push(rtp(3, opus_packet(3)), false);
        assert_eq!(drain(&mut depacketizer, Duration::from_secs(1)), [3]);
    }
}
