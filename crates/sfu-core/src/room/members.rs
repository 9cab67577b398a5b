//! Coming and going, and who is subscribed to what.

use std::time::Instant;

use jumpa_protocol::{MediaKind, ParticipantId, control::ParticipantMediaEvent, signal::SlotView};

use super::Room;
use crate::{
    keys::{MemberIndex, SlotKey, SourceKey},
    member::Member,
    video_slot::{VideoSlot, Wish},
};

/// Datagrams of a farewell: the close_notify and what stood before it in the queue.
const MAX_FAREWELL: usize = 16;

impl Room {
    /// Gives a participant a free place.
    pub(super) fn seat(&mut self, member: Member) -> MemberIndex {
        let id = member.id;
        let index = match self.members.iter().position(Option::is_none) {
            Some(free) => free,
            None => {
                self.members.push(None);
                self.members.len() - 1
            }
        };
        if let Some(place) = self.members.get_mut(index) {
            *place = Some(member);
        }
        self.by_id.insert(id, index);
        index
    }

    /// Media can flow to and from a participant.
    pub(super) fn connected(&mut self, index: MemberIndex, now: Instant) {
        let Some(member) = self.member_mut(index) else {
            return;
        };
        member.watch.connected(now);
        member.connected_at.get_or_insert(now);
        member.downlink.began_at.get_or_insert(now);
        let id = member.id;
        self.tell(id, ParticipantMediaEvent::Connected);
        self.listen(now);
        self.show_automatically(index, now);
        self.divide(index, now);
    }

    /// A connection is over without the participant having left.
    pub(super) fn close(&mut self, index: MemberIndex, now: Instant) {
        if let Some(id) = self.member(index).map(|member| member.id) {
            self.tell(id, ParticipantMediaEvent::Closed);
            self.remove(index, now);
        }
    }

    /// Takes a participant out of everything that names it.
    pub(super) fn remove(&mut self, index: MemberIndex, now: Instant) {
        let keys: Vec<SourceKey> = self.member(index).map_or_else(Vec::new, |member| {
            let kinds = member.sources.iter().map(|source| source.kind);
            kinds.map(|kind| SourceKey { member: index, kind }).collect()
        });
        for key in keys {
            self.silence(key);
            self.detach_wishes(key);
            self.unhear(key);
        }
        let Some(mut member) = self.members.get_mut(index).and_then(Option::take) else {
            return;
        };
        self.by_id.remove(&member.id);
        self.speakers.forget(member.id);
        if let Some(at) = member.timer {
            self.timers.remove(&(at, index));
        }
        self.dirty.retain(|dirty| *dirty != index);
        self.keyframes_wanted.retain(|key| key.member != index);
        for other in self.members.iter_mut().flatten() {
            for source in &mut other.sources {
                source.subscribers.retain(|slot| slot.member != index);
            }
        }
        member.peer.close(now);
        let id = member.id;
        let last = std::iter::from_fn(|| member.peer.poll_transmit()).take(MAX_FAREWELL);
        self.farewells.extend(last.map(|transmit| (id, transmit)));
    }

    /// Applies the whole view of a participant.
    pub(super) fn apply_views(&mut self, index: MemberIndex, views: &[SlotView]) {
        let slots = self.member(index).map_or(0, |member| member.video_slots.len());
        for slot in 0..slots as u16 {
            let view = views
                .iter()
                .rfind(|view| view.slot == slot && view.source.media_kind() == MediaKind::Video);
            self.set_wish(SlotKey { member: index, index: slot }, view.map(Wish::from));
        }
    }

    /// Sets what a slot shall show.
    pub(super) fn set_wish(&mut self, key: SlotKey, wish: Option<Wish>) {
        let source = wish.and_then(|wish| self.wished_source(&wish));
        self.with_video_slot(key, |slot| slot.set_wish(wish, source));
    }

    /// Wishes may name participants before they come.
    pub(super) fn attach_wishes(&mut self, index: MemberIndex) {
        let Some(id) = self.member(index).map(|member| member.id) else {
            return;
        };
        for key in self.video_slots_where(|slot| slot.wish().is_some_and(|wish| names(wish, id))) {
            let wish = self.video_slot_mut(key).and_then(|slot| slot.wish().copied());
            self.set_wish(key, wish);
        }
    }

    /// Stops everything that comes from a source; wishes stay.
    pub(super) fn silence(&mut self, key: SourceKey) {
        for slot in self.video_slots_where(|slot| slot.sources().any(|source| source == key)) {
            self.with_video_slot(slot, |slot| slot.drop_source(key));
        }
    }

    fn detach_wishes(&mut self, key: SourceKey) {
        for slot in self.video_slots_where(|slot| slot.source() == Some(key)) {
            self.with_video_slot(slot, |slot| {
                let wish = slot.wish().copied();
                slot.set_wish(wish, None);
            });
        }
    }

    fn wished_source(&self, wish: &Wish) -> Option<SourceKey> {
        let key = SourceKey { member: self.index(wish.participant_id)?, kind: wish.kind };
        self.source(key).map(|_| key)
    }

    fn video_slots_where(&self, is_meant: impl Fn(&VideoSlot) -> bool) -> Vec<SlotKey> {
        let members = self.members.iter().enumerate();
        let slots = members.flat_map(|(member, place)| {
            let slots = place.as_ref().map_or(&[][..], |member| &member.video_slots);
            slots.iter().zip(0..).map(move |(slot, index)| (slot, SlotKey { member, index }))
        });
        slots.filter(|(slot, _)| is_meant(slot)).map(|(_, key)| key).collect()
    }

    pub(super) fn video_slot_mut(&mut self, key: SlotKey) -> Option<&mut VideoSlot> {
        self.member_mut(key.member)?.video_slots.get_mut(usize::from(key.index))
    }

    /// Changes a slot, and with it who is subscribed to what and what the client is told.
    pub(super) fn with_video_slot<T>(
        &mut self,
        key: SlotKey,
        change: impl FnOnce(&mut VideoSlot) -> T,
    ) -> Option<T> {
        let member = self.member_mut(key.member)?;
        let id = member.id;
        let slot = member.video_slots.get_mut(usize::from(key.index))?;
        let before = pair(slot);
        let result = change(slot);
        let after = pair(slot);
        let state = slot.changed_state();
        if before != after {
            self.resubscribe(key, before, after);
        }
        if let Some(state) = state {
            let (kind, slot) = (MediaKind::Video, key.index);
            self.tell(id, ParticipantMediaEvent::SlotChanged { kind, slot, state });
        }
        Some(result)
    }

    pub(super) fn resubscribe(
        &mut self,
        slot: SlotKey,
        before: [Option<SourceKey>; 2],
        after: [Option<SourceKey>; 2],
    ) {
        for key in before.into_iter().flatten().filter(|key| !after.contains(&Some(*key))) {
            if let Some(source) = self.source_mut(key) {
                source.subscribers.retain(|subscriber| *subscriber != slot);
            }
        }
        for key in after.into_iter().flatten().filter(|key| !before.contains(&Some(*key))) {
            if let Some(source) = self.source_mut(key)
                && !source.subscribers.contains(&slot)
            {
                source.subscribers.push(slot);
            }
        }
    }
}

fn names(wish: &Wish, id: ParticipantId) -> bool {
    wish.participant_id == id
}

fn pair(slot: &VideoSlot) -> [Option<SourceKey>; 2] {
    let mut sources = slot.sources();
    [sources.next(), sources.next()]
}
