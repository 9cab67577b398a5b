//! Who needs a keyframe, and when its publisher is asked.

use std::time::Instant;

use jumpa_protocol::MediaKind;

use super::Room;
use crate::{
    keys::{LayerKey, MemberIndex, SlotKey, SourceKey},
    member::Member,
};

impl Room {
    /// Notes that somebody waits for a keyframe of a layer, and asks for it at once if that may be.
    pub(super) fn want_keyframe(&mut self, layer: LayerKey, now: Instant) {
        let Some(source) = self.source_mut(layer.source) else {
            return;
        };
        if let Some(wanted) = source.layers.get_mut(usize::from(layer.layer)) {
            wanted.throttle.request();
        }
        if !self.keyframes_wanted.contains(&layer.source) {
            self.keyframes_wanted.push(layer.source);
        }
        if !self.keyframe_is_here {
            self.ask_source(layer.source, now);
        }
    }

    /// Notes that a keyframe of a layer was forwarded to all who wait.
    pub(super) fn settle_keyframes(&mut self, layer: LayerKey) {
        if let Some(source) = self.source_mut(layer.source)
            && let Some(settled) = source.layers.get_mut(usize::from(layer.layer))
        {
            settled.throttle.settle();
        }
    }

    /// Sends the requests that are due.
    pub(super) fn ask_for_keyframes(&mut self, now: Instant) {
        self.keyframes_due = None;
        let wanted = std::mem::take(&mut self.keyframes_wanted);
        for key in &wanted {
            self.forget_needless(*key);
        }
        self.keyframes_wanted = wanted;
        for place in (0..self.keyframes_wanted.len()).rev() {
            if let Some(key) = self.keyframes_wanted.get(place).copied()
                && !self.ask_source(key, now)
            {
                self.keyframes_wanted.swap_remove(place);
            }
        }
    }

    /// The receiver of a slot cannot decode what it gets.
    pub(super) fn recover_slot(&mut self, key: SlotKey, now: Instant) {
        if let Some(layer) = self.video_slot_mut(key).and_then(|slot| slot.recover()) {
            self.want_keyframe(layer, now);
        }
    }

    /// Packets of a participant were lost on the way, both ways: keyframes for what it sees and for
    /// what others see of it.
    pub(super) fn recover_after_hole(&mut self, index: MemberIndex, now: Instant) {
        let Some(member) = self.member(index).filter(|member| member.is_connected()) else {
            return;
        };
        let own =
            (0..member.video_slots.len() as u16).map(|slot| SlotKey { member: index, index: slot });
        let mut slots: Vec<SlotKey> = own.collect();
        slots.extend(seen_elsewhere(member));
        for slot in slots {
            self.recover_slot(slot, now);
        }
    }

    /// Asks for the keyframes of a source that are due. Returns whether somebody still waits.
    fn ask_source(&mut self, key: SourceKey, now: Instant) -> bool {
        let Some(member) = self.members.get_mut(key.member).and_then(Option::as_mut) else {
            return false;
        };
        let Member { peer, sources, .. } = member;
        let Some(source) = sources.iter_mut().find(|source| source.kind == key.kind) else {
            return false;
        };
        let mut is_asked = false;
        let mut due = None;
        for index in 0..source.layers.len() {
            // One that sends nothing begins with a keyframe by itself, or is asked when it sends.
            if !source.is_askable(index as u8, now) {
                continue;
            }
            let line = source.line;
            let Some(layer) = source.layers.get_mut(index) else {
                continue;
            };
            if layer.throttle.poll(now) {
                peer.request_keyframe(line, layer.rid, now);
                self.stats.keyframes_requested += 1;
                is_asked = true;
            }
            due = [due, layer.throttle.due(now)].into_iter().flatten().min();
        }
        self.keyframes_due = [self.keyframes_due, due].into_iter().flatten().min();
        if is_asked {
            self.mark_dirty(key.member);
        }
        due.is_some()
    }

    /// Ends requests for layers that nobody waits for any more.
    fn forget_needless(&mut self, key: SourceKey) {
        let Some(source) = self.source(key) else {
            return;
        };
        let needed: Vec<bool> = (0..source.layers.len())
            .map(|layer| {
                let layer = LayerKey { source: key, layer: layer as u8 };
                source.subscribers.iter().any(|slot| {
                    let slots = self.member(slot.member).map(|member| &member.video_slots);
                    let slot = slots.and_then(|slots| slots.get(usize::from(slot.index)));
                    slot.is_some_and(|slot| slot.waits_for(layer))
                })
            })
            .collect();
        if let Some(source) = self.source_mut(key) {
            for (layer, _) in source.layers.iter_mut().zip(needed).filter(|(_, needed)| !needed) {
                layer.throttle.settle();
            }
        }
    }
}

/// The slots of others that show a participant's pictures.
fn seen_elsewhere(member: &Member) -> impl Iterator<Item = SlotKey> + '_ {
    let pictures =
        member.sources.iter().filter(|source| source.kind.media_kind() == MediaKind::Video);
    pictures.flat_map(|source| source.subscribers.iter().copied())
}
