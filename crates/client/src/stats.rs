//! Figures of a client.

use std::{collections::BTreeMap, time::Instant};

use jumpa_rtc::{Kind, MediaPacket, Slot};

/// Counters since the join.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClientStats {
    /// Media packets sent.
    pub packets_sent: u64,
    /// Payload bytes sent.
    pub bytes_sent: u64,
    /// Media packets that arrived, resent ones included once.
    pub packets_received: u64,
    /// Payload bytes that arrived.
    pub bytes_received: u64,
    /// By slot.
    pub slots: BTreeMap<Slot, SlotStats>,
    /// Datagrams of any kind that arrived.
    pub datagrams_received: u64,
    /// Datagrams that the socket did not take.
    pub datagrams_dropped: u64,
    /// Media packets that nobody read in time.
    pub packets_unread: u64,
    /// Events that nobody read in time.
    pub events_unread: u64,
    /// Times the WebSocket was resumed.
    pub resumes: u32,
    /// Times the client joined again.
    pub rejoins: u32,
    /// ICE restarts.
    pub ice_restarts: u32,
    /// What the uplink carries, bits per second.
    pub uplink_estimate_bps: Option<u64>,
}

/// Counters of one slot.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotStats {
    /// Media packets.
    pub packets: u64,
    /// Payload bytes.
    pub bytes: u64,
    /// Frames that ended (video).
    pub frames: u64,
    /// Keyframes that began (video).
    pub keyframes: u64,
    /// Width and height in pixels of the last keyframe that told them.
    pub size: Option<(u16, u16)>,
    /// Packets whose number was never seen.
    pub packets_missing: u64,
    /// The number of the source of the last packet.
    pub csrc: Option<u32>,
    /// When the first packet came.
    pub first_packet_at: Instant,
    /// When the last packet came.
    pub last_packet_at: Instant,
    /// Longest time between two frames (video) or packets (sound), milliseconds.
    pub longest_gap_ms: u64,
    first_seq: u64,
    highest_seq: u64,
    last_frame_at: Option<Instant>,
}

impl ClientStats {
    /// All slots of a kind together.
    #[must_use]
    pub fn packets_of(&self, kind: Kind) -> u64 {
        self.slots.iter().filter(|(slot, _)| slot.kind == kind).map(|(_, of)| of.packets).sum()
    }

    pub(crate) fn received(&mut self, packet: &MediaPacket) {
        self.packets_received += 1;
        self.bytes_received += packet.payload.len() as u64;
        self.slots.entry(packet.slot).or_insert_with(|| SlotStats::new(packet)).received(packet);
    }
}

impl SlotStats {
    fn new(packet: &MediaPacket) -> Self {
        Self {
            packets: 0,
            bytes: 0,
            frames: 0,
            keyframes: 0,
            size: None,
            packets_missing: 0,
            csrc: None,
            first_packet_at: packet.received_at,
            last_packet_at: packet.received_at,
            longest_gap_ms: 0,
            first_seq: packet.seq,
            highest_seq: packet.seq,
            last_frame_at: None,
        }
    }

    fn received(&mut self, packet: &MediaPacket) {
        let is_frame = packet.slot.kind == Kind::Audio || packet.marker;
        self.packets += 1;
        self.bytes += packet.payload.len() as u64;
        self.frames += u64::from(packet.slot.kind == Kind::Video && packet.marker);
        self.keyframes += u64::from(packet.video.starts_keyframe);
        self.size = packet.video.size.or(self.size);
        self.csrc = packet.csrc.or(self.csrc);
        self.last_packet_at = packet.received_at;
        if is_frame {
            if let Some(last) = self.last_frame_at {
                let gap = packet.received_at.saturating_duration_since(last).as_millis() as u64;
                self.longest_gap_ms = self.longest_gap_ms.max(gap);
            }
            self.last_frame_at = Some(packet.received_at);
        }
        self.first_seq = self.first_seq.min(packet.seq);
        self.highest_seq = self.highest_seq.max(packet.seq);
        let expected = self.highest_seq.saturating_sub(self.first_seq).saturating_add(1);
        self.packets_missing = expected.saturating_sub(self.packets);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use jumpa_rtc::{Codec, Line, VideoFacts};

    use super::*;

    fn packet(seq: u64, at: Instant) -> MediaPacket {
        MediaPacket {
            line: Line(0),
            slot: Slot { kind: Kind::Video, index: 1 },
            rid: None,
            ssrc: 1,
            codec: Codec::Vp8,
            seq,
            timestamp: 0,
            marker: true,
            csrc: Some(9),
            audio_level: None,
            voice_activity: None,
            rotation: None,
            video: VideoFacts::default(),
            payload: Arc::from([0_u8; 10]),
            report: None,
            received_at: at,
            captured_at: at,
        }
    }

    #[test]
    fn missing_packets_and_gaps_are_counted() {
        let start = Instant::now();
        let mut stats = ClientStats::default();
        for (seq, at) in [(5, 0), (6, 30), (9, 300), (8, 310)] {
            stats.received(&packet(seq, start + Duration::from_millis(at)));
        }
        let slot = stats.slots.values().next().unwrap();
        assert_eq!((slot.packets, slot.packets_missing), (4, 1));
        assert_eq!(slot.longest_gap_ms, 270);
        assert_eq!(slot.csrc, Some(9));
        assert_eq!(stats.packets_of(Kind::Video), 4);
    }
}
