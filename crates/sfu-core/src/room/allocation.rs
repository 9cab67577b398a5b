//! Dividing the downlinks.

use std::time::{Duration, Instant};

use jumpa_rtc::{Kind, Slot};

use super::Room;
use crate::{
    allocator::{Choice, Demand, Now, smallest_bps},
    keys::{LayerKey, MemberIndex, SlotKey, SourceKey},
    ladder::Ladder,
    video_slot::{VideoSlot, Wish},
};

/// A falling estimate is followed at most this often, everything else every [`CALM`].
const HASTY: Duration = Duration::from_millis(100);
/// Bitrates change all the time; layers need not.
const CALM: Duration = Duration::from_millis(500);

impl Room {
    /// The estimate of a downlink changed.
    pub(super) fn estimated(&mut self, index: MemberIndex, bps: u64, now: Instant) {
        let Some(member) = self.member_mut(index) else {
            return;
        };
        let downlink = &mut member.downlink;
        let is_falling = downlink.estimated(bps, now);
        if is_falling && downlink.divided_at.is_none_or(|at| now >= at + HASTY) {
            self.divide(index, now);
        }
    }

    /// Looks whether packets wait for a downlink, and divides it when that is due.
    pub(super) fn divide_when_due(&mut self, index: MemberIndex, now: Instant) {
        let Some(member) = self.member_mut(index) else {
            return;
        };
        let queue_delay = member.peer.take_queue_delay();
        let downlink = &mut member.downlink;
        let is_congested = downlink.waited(queue_delay, now);
        let wait = if downlink.is_stale { HASTY } else { CALM };
        let is_due = downlink.divided_at.is_none_or(|at| now >= at + wait);
        if is_congested {
            self.divide(index, now);
            self.let_queue_drain(index);
        } else if is_due {
            self.divide(index, now);
        }
    }

    /// Divides the downlinks of all who receive a source, or wait for it.
    pub(super) fn divide_for_subscribers(&mut self, key: SourceKey, now: Instant) {
        let Some(source) = self.source(key) else {
            return;
        };
        let mut members: Vec<MemberIndex> =
            source.subscribers.iter().map(|slot| slot.member).collect();
        members.dedup();
        for index in members {
            self.divide(index, now);
        }
    }

    /// The same, but soon instead of now.
    pub(super) fn want_division(&mut self, key: SourceKey) {
        let subscribers =
            self.source(key).map(|source| source.subscribers.clone()).unwrap_or_default();
        for slot in subscribers {
            if let Some(member) = self.member_mut(slot.member) {
                member.downlink.is_stale = true;
            }
        }
    }

    /// Chooses a layer for every video slot of a participant by what its downlink carries.
    pub(super) fn divide(&mut self, index: MemberIndex, now: Instant) {
        if !self.member(index).is_some_and(|member| member.is_connected()) {
            return;
        }
        let sound_bps = self.sound_bps(index, now);
        let (slots, demands) = self.demands(index, now);
        let Some(member) = self.member_mut(index) else {
            return;
        };
        let mut choices = Vec::new();
        let downlink = &mut member.downlink;
        if let Some(assumed_bps) = downlink.assume(smallest_bps(&demands), sound_bps, now) {
            member.peer.restart_estimate(assumed_bps);
        }
        let budget = downlink.budget(sound_bps, now);
        downlink.outcome = downlink.allocator.allocate(budget, &demands, &mut choices, now);
        downlink.used_bps = downlink.outcome.used_bps + sound_bps;
        downlink.divided_at = Some(now);
        downlink.is_stale = false;
        let is_told = downlink.desire(sound_bps, now);
        if is_told {
            member.peer.set_desired_bitrate(member.downlink.told_bps);
            self.mark_dirty(index);
        }
        for ((slot, demand), choice) in slots.into_iter().zip(&demands).zip(choices) {
            self.apply_choice(slot, demand, choice, now);
        }
    }

    /// Stops what would only lengthen the queue until the lower layers begin.
    fn let_queue_drain(&mut self, index: MemberIndex) {
        let slots = self.member(index).map_or(0, |member| member.video_slots.len());
        for slot in 0..slots as u16 {
            let key = SlotKey { member: index, index: slot };
            self.with_video_slot(key, VideoSlot::stop_until_next);
        }
    }

    fn apply_choice(&mut self, slot: SlotKey, demand: &Demand, choice: Choice, now: Instant) {
        let ladder = &demand.ladder;
        let Some(source) = self.video_slot_mut(slot).and_then(|slot| slot.source()) else {
            return;
        };
        match choice {
            Choice::Nothing => {
                self.with_video_slot(slot, VideoSlot::stop);
            }
            Choice::Pause => {
                self.with_video_slot(slot, VideoSlot::pause);
                if let Some(member) = self.member_mut(slot.member) {
                    // What waits would only take room from the sound.
                    let slot = Slot { kind: Kind::Video, index: slot.index };
                    member.peer.forget_written(slot);
                }
            }
            Choice::Play { playable, wanted } => {
                for rung in [playable, wanted] {
                    self.note_use(source, ladder, rung, now);
                }
                let Some(rung) = ladder.rungs().get(playable) else {
                    return;
                };
                let layer = LayerKey { source, layer: rung.tag };
                if self.with_video_slot(slot, |slot| slot.aim(layer, now)) == Some(true) {
                    if demand.is_lowered_by(wanted) {
                        self.with_video_slot(slot, VideoSlot::crowd);
                    }
                    self.want_keyframe(layer, now);
                }
            }
        }
    }

    /// What the sounds of a participant cost it.
    fn sound_bps(&mut self, index: MemberIndex, now: Instant) -> u64 {
        let slots = self.member(index).map_or(0, |member| member.audio_slots.len());
        let mut total = 0;
        for slot in 0..slots {
            let key = self.member(index).and_then(|member| member.audio_slots.get(slot)?.source());
            let source = key.and_then(|key| self.source_mut(key));
            total += source.map_or(0, |source| source.sound_bps(now));
        }
        total
    }

    /// One demand for each slot whose source is there.
    fn demands(&mut self, index: MemberIndex, now: Instant) -> (Vec<SlotKey>, Vec<Demand>) {
        let count = self.member(index).map_or(0, |member| member.video_slots.len());
        let mut slots = Vec::new();
        let mut demands = Vec::new();
        for slot in 0..count as u16 {
            let key = SlotKey { member: index, index: slot };
            let Some(slot) = self.video_slot_mut(key) else {
                continue;
            };
            let (Some(wish), Some(source)) = (slot.wish().copied(), slot.source()) else {
                continue;
            };
            let layers = [slot.next_layer(), slot.layer()];
            let is_paused = slot.is_paused();
            let ladder =
                self.source_mut(source).map(|source| source.ladder(now)).unwrap_or_default();
            let mut present = layers.into_iter().flatten().filter(|layer| layer.source == source);
            let rung = present
                .find_map(|layer| ladder.rungs().iter().position(|rung| rung.tag == layer.layer));
            let now = match rung {
                _ if is_paused => Now::Paused,
                Some(rung) => Now::Plays(rung),
                None => Now::New,
            };
            let Wish { priority, max_height, .. } = wish;
            slots.push(key);
            demands.push(Demand { priority, max_height, ladder, now });
        }
        (slots, demands)
    }

    fn note_use(&mut self, key: SourceKey, ladder: &Ladder, rung: usize, now: Instant) {
        let Some(source) = self.source_mut(key) else {
            return;
        };
        let tag = ladder.rungs().get(rung).map(|rung| rung.tag);
        if let Some(layer) = tag.and_then(|tag| source.layer_of_tag(tag)) {
            source.layers_wanted.used(layer, now);
        }
    }
}
