//! One receiving slot for sound.

use jumpa_protocol::{ParticipantId, SourceNumber, signal::SlotState};
use jumpa_rtc::{Kind, MediaPacket, OutPacket};

use crate::{
    keys::SourceKey,
    rewriter::{Rewriter, Rewritten},
    video_slot::out_packet,
};

/// One receiving slot for sound. Sound may switch at any packet.
#[derive(Debug)]
pub struct AudioSlot {
    source: Option<SourceKey>,
    feed: Option<Feed>,
    rewriter: Rewriter,
    told: SlotState,
}

#[derive(Debug, Clone, Copy)]
struct Feed {
    source: SourceKey,
    ssrc: u32,
    /// The stream that this one replaced; its late packets mean nothing.
    retired_ssrc: Option<u32>,
}

impl Default for AudioSlot {
    fn default() -> Self {
        Self {
            source: None,
            feed: None,
            rewriter: Rewriter::new(Kind::Audio),
            told: SlotState::Empty,
        }
    }
}

impl AudioSlot {
    /// What is heard.
    #[must_use]
    pub const fn source(&self) -> Option<SourceKey> {
        self.source
    }

    /// Assigns a source or none.
    pub fn set_source(&mut self, source: Option<SourceKey>) {
        self.source = source;
        self.feed = self.feed.filter(|feed| Some(feed.source) == source);
    }

    /// The packet to send for a packet of a source.
    pub fn forward(
        &mut self,
        from: SourceKey,
        number: SourceNumber,
        packet: &MediaPacket,
    ) -> Option<OutPacket> {
        if self.source != Some(from) {
            return None;
        }
        let feed = self.feed;
        if feed.is_some_and(|feed| feed.retired_ssrc == Some(packet.ssrc)) {
            return None;
        }
        if feed.is_none_or(|feed| feed.ssrc != packet.ssrc) {
            let retired_ssrc = feed.map(|feed| feed.ssrc);
            self.feed = Some(Feed { source: from, ssrc: packet.ssrc, retired_ssrc });
            self.rewriter.switch(packet);
        }
        let mut rewritten = self.rewriter.rewrite(packet);
        if rewritten == Rewritten::Hole {
            self.rewriter.switch(packet);
            rewritten = self.rewriter.rewrite(packet);
        }
        match rewritten {
            Rewritten::Forward(numbers) => Some(out_packet(packet, numbers, number)),
            Rewritten::Drop | Rewritten::Hole => None,
        }
    }

    /// The state of the slot, when it is not what was told last. `owner` names the participant
    /// that the present source belongs to.
    pub fn changed_state(&mut self, owner: Option<ParticipantId>) -> Option<SlotState> {
        let state = match (self.source, owner) {
            (Some(source), Some(participant_id)) => {
                SlotState::Playing { participant_id, source: source.kind }
            }
            _ => SlotState::Empty,
        };
        if state == self.told {
            return None;
        }
        self.told = state.clone();
        Some(state)
    }
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::SourceKind;

    use super::*;
    use crate::test_packet::packet;

    const KLINIK: SourceKey = SourceKey { member: 1, kind: SourceKind::Microphone };
    const TOKO: SourceKey = SourceKey { member: 2, kind: SourceKind::Microphone };

    fn slot_of(source: SourceKey) -> AudioSlot {
        let mut slot = AudioSlot::default();
        slot.set_source(Some(source));
        slot
    }

    fn sent(slot: &mut AudioSlot, from: SourceKey, packet: &MediaPacket) -> Option<u64> {
        slot.forward(from, SourceNumber(1), packet).map(|packet| packet.seq)
    }

    #[test]
    fn only_the_assigned_source_is_forwarded() {
        let mut slot = slot_of(KLINIK);
        assert_eq!(sent(&mut slot, KLINIK, &packet(1, 100, 0)), Some(1));
        assert_eq!(sent(&mut slot, TOKO, &packet(2, 100, 0)), None);
    }

    #[test]
    fn a_switch_goes_on_with_the_next_number() {
        let mut slot = slot_of(KLINIK);
        sent(&mut slot, KLINIK, &packet(1, 100, 0));
        slot.set_source(Some(TOKO));
        assert_eq!(sent(&mut slot, TOKO, &packet(2, 70_000, 20)), Some(2));
        assert_eq!(sent(&mut slot, KLINIK, &packet(1, 101, 20)), None);
    }

    #[test]
    fn a_long_hole_does_not_silence_the_source() {
        let mut slot = slot_of(KLINIK);
        sent(&mut slot, KLINIK, &packet(1, 100, 0));
        assert_eq!(sent(&mut slot, KLINIK, &packet(1, 9_000, 9_000)), Some(2));
    }

    #[test]
    fn late_packets_of_a_replaced_stream_are_dropped() {
        let mut slot = slot_of(KLINIK);
        sent(&mut slot, KLINIK, &packet(1, 100, 0));
        assert_eq!(sent(&mut slot, KLINIK, &packet(5, 7, 20)), Some(2));
        assert_eq!(sent(&mut slot, KLINIK, &packet(1, 101, 21)), None);
        assert_eq!(sent(&mut slot, KLINIK, &packet(5, 8, 40)), Some(3));
    }
}
