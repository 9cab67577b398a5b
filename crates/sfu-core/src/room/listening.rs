//! Who is heard, who speaks, and what receivers see that do not choose by themselves.

use std::time::{Duration, Instant};

use jumpa_protocol::{
    MediaKind, SourceKind,
    control::{ParticipantMediaEvent, Subscription},
};

use super::Room;
use crate::{
    audio_assignment::{self, Sound},
    automatic_view,
    event::RoomEvent,
    keys::{MemberIndex, SlotKey, SourceKey},
    member::Member,
    video_slot::Wish,
};

/// Slots are assigned at most this often, however fast voices come and go.
const MIN_INTERVAL: Duration = Duration::from_millis(20);
/// Height that is asked for where nobody chooses, pixels.
const AUTOMATIC_HEIGHT: u16 = 1_080;

impl Room {
    /// Assigns audio slots, unless that was done a moment ago: then the next tick does it.
    pub(super) fn listen_soon(&mut self, now: Instant) {
        if self.listened_at.is_none_or(|at| now >= at + MIN_INTERVAL) {
            self.listen(now);
        }
    }

    /// Assigns the audio slots of everybody.
    pub(super) fn listen(&mut self, now: Instant) {
        self.listened_at = Some(now);
        let mut sounds: Vec<Sound<SourceKey>> = Vec::new();
        for (member, kind) in self.keys_of(MediaKind::Audio) {
            let key = SourceKey { member, kind };
            if let Some(source) = self.source(key).filter(|source| source.is_audible(now)) {
                let (level, silent_for) = (source.voice.level(), source.voice.silent_for(now));
                sounds.push(Sound { key, level, silent_for });
            }
        }
        audio_assignment::sort_by_claim(&mut sounds);
        for index in 0..self.members.len() {
            self.assign_sounds(index, &sounds);
        }
    }

    /// Takes a source out of every audio slot. Its place in the room may be taken by somebody else
    /// before slots are assigned again.
    pub(super) fn unhear(&mut self, key: SourceKey) {
        for member in 0..self.members.len() {
            let slots = self.member(member).map_or(0, |member| member.audio_slots.len());
            for index in 0..slots {
                let slot = self.member(member).and_then(|member| member.audio_slots.get(index));
                if slot.is_some_and(|slot| slot.source() == Some(key)) {
                    let slot = SlotKey { member, index: index as u16 };
                    self.set_sound(slot, Some(key), None);
                }
            }
        }
    }

    /// Looks who speaks.
    pub(super) fn find_speakers(&mut self, now: Instant) {
        let members = self.members.iter().flatten();
        let voices = members.filter_map(|member| {
            let microphone = member.source(SourceKind::Microphone)?;
            microphone.is_open.then_some((member.id, &microphone.voice))
        });
        let list = self.speakers.update(voices, now);
        if let Some(list) = list {
            let participant_ids = list.to_vec();
            self.events.push_back(RoomEvent::Speakers { participant_ids });
        }
    }

    /// Tells everybody how loud people are.
    pub(super) fn report_levels(&mut self, now: Instant) {
        let members = self.members.iter().flatten();
        let levels = members.filter_map(|member| {
            let microphone = member.source(SourceKind::Microphone)?;
            microphone.is_open.then_some((member.number, microphone.voice.level()))
        });
        let Some(text) = self.levels.poll(levels, now) else {
            return;
        };
        for index in 0..self.members.len() {
            let Some(member) = self.member_mut(index).filter(|member| member.is_connected()) else {
                continue;
            };
            // Whoever does not get it gets the next one.
            member.peer.send_fast(&text, now);
            self.mark_dirty(index);
        }
    }

    /// As [`Self::show_automatically`], for everybody.
    pub(super) fn show_automatically_everywhere(&mut self, now: Instant) {
        for index in 0..self.members.len() {
            self.show_automatically(index, now);
        }
    }

    /// Fills the video slots of a participant that does not choose: shared screens, then the
    /// dominant speaker, then the others.
    pub(super) fn show_automatically(&mut self, index: MemberIndex, now: Instant) {
        let Some(member) = self.member(index) else {
            return;
        };
        if member.subscription != Subscription::Automatic {
            return;
        }
        let mut slots: Vec<Option<SourceKey>> =
            member.video_slots.iter().map(|slot| slot.source()).collect();
        let before = slots.clone();
        if !automatic_view::assign(&mut slots, &self.worth_seeing(index)) {
            return;
        }
        for (slot, (source, before)) in slots.into_iter().zip(before).enumerate() {
            if source == before {
                continue;
            }
            let wish = source.and_then(|source| {
                let participant_id = self.member(source.member)?.id;
                let priority = u8::try_from(slot).map_or(0, |slot| u8::MAX - slot);
                let kind = source.kind;
                Some(Wish { participant_id, kind, max_height: AUTOMATIC_HEIGHT, priority })
            });
            self.set_wish(SlotKey { member: index, index: slot as u16 }, wish);
        }
        self.divide(index, now);
    }

    /// Live pictures of others, the most interesting first.
    fn worth_seeing(&self, index: MemberIndex) -> Vec<SourceKey> {
        let dominant = self.speakers.last_dominant().and_then(|id| self.index(id));
        let live = self.keys_of(MediaKind::Video).filter(|(member, kind)| {
            let source = self.member(*member).and_then(|member| member.source(*kind));
            *member != index && source.is_some_and(|source| source.is_live())
        });
        let mut keys: Vec<SourceKey> =
            live.map(|(member, kind)| SourceKey { member, kind }).collect();
        keys.sort_by_key(|key| {
            (key.kind != SourceKind::Screen, Some(key.member) != dominant, key.member)
        });
        keys
    }

    fn assign_sounds(&mut self, index: MemberIndex, sounds: &[Sound<SourceKey>]) {
        let Some(member) = self.member_mut(index) else {
            return;
        };
        let before: Vec<Option<SourceKey>> =
            member.audio_slots.iter().map(|slot| slot.source()).collect();
        let mut after = before.clone();
        if !audio_assignment::assign(&mut after, sounds, |key| key.member == index) {
            return;
        }
        for (slot, (before, after)) in before.into_iter().zip(after).enumerate() {
            if before != after {
                self.set_sound(SlotKey { member: index, index: slot as u16 }, before, after);
            }
        }
    }

    fn set_sound(&mut self, key: SlotKey, before: Option<SourceKey>, after: Option<SourceKey>) {
        let owner = after.and_then(|source| self.member(source.member)).map(|member| member.id);
        let Some(Member { id, audio_slots, downlink, .. }) = self.member_mut(key.member) else {
            return;
        };
        let Some(slot) = audio_slots.get_mut(usize::from(key.index)) else {
            return;
        };
        let id = *id;
        downlink.is_stale = true;
        slot.set_source(after);
        let state = slot.changed_state(owner);
        self.resubscribe(key, [before, None], [after, None]);
        if let Some(state) = state {
            let (kind, slot) = (MediaKind::Audio, key.index);
            self.tell(id, ParticipantMediaEvent::SlotChanged { kind, slot, state });
        }
    }

    /// All sources of a kind in the room.
    fn keys_of(&self, kind: MediaKind) -> impl Iterator<Item = (MemberIndex, SourceKind)> + '_ {
        self.members.iter().enumerate().flat_map(move |(index, place)| {
            let sources = place.as_ref().map_or(&[][..], |member| &member.sources);
            let kinds = sources.iter().map(|source| source.kind);
            kinds.filter(move |source| source.media_kind() == kind).map(move |kind| (index, kind))
        })
    }
}
