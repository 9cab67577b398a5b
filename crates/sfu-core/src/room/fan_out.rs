//! The packet path: from one publisher to its receivers.

use std::time::Instant;

use jumpa_protocol::{MediaKind, SourceNumber};
use jumpa_rtc::{Codec, Kind, MediaPacket, Slot};

use super::Room;
use crate::{
    keys::{LayerKey, MemberIndex, SlotKey, SourceKey},
    source::{Noted, Source},
    video_slot::Forwarded,
};

impl Room {
    /// Sends a packet of a participant to everybody who receives its source.
    pub(super) fn fan_out(&mut self, from: MemberIndex, mut packet: MediaPacket, now: Instant) {
        self.stats.packets_received += 1;
        self.stats.bytes_received += packet.payload.len() as u64;
        let Some((key, number)) = self.admit(from, &packet) else {
            return;
        };
        let Some(noted) = self.source_mut(key).and_then(|source| source.note(&packet, now)) else {
            self.stats.packets_dropped_unknown += 1;
            return;
        };
        let publisher = self.member_mut(from);
        if let Some(at) = publisher.and_then(|member| member.captures.captured_at(&packet)) {
            packet.captured_at = at;
        }
        match key.kind.media_kind() {
            MediaKind::Audio => self.fan_out_sound(key, number, noted, &packet, now),
            MediaKind::Video => self.fan_out_picture(key, number, noted, &packet, now),
        }
    }

    /// The open source that a packet belongs to.
    fn admit(
        &mut self,
        from: MemberIndex,
        packet: &MediaPacket,
    ) -> Option<(SourceKey, SourceNumber)> {
        let sources = self.member(from).map(|member| &member.sources)?;
        let source = sources.iter().find(|source| source.line == packet.line);
        match source.filter(|source| carries(source, packet.codec)) {
            None => {
                self.stats.packets_dropped_unknown += 1;
                None
            }
            Some(source) if !source.is_open => {
                self.stats.packets_dropped_closed += 1;
                None
            }
            Some(source) => Some((SourceKey { member: from, kind: source.kind }, source.number)),
        }
    }

    fn fan_out_sound(
        &mut self,
        key: SourceKey,
        number: SourceNumber,
        noted: Noted,
        packet: &MediaPacket,
        now: Instant,
    ) {
        if noted.has_begun || noted.begins_speech {
            self.listen_soon(now);
        }
        let subscribers = self.take_subscribers(key);
        for slot in &subscribers {
            let Some(member) = self.members.get_mut(slot.member).and_then(Option::as_mut) else {
                continue;
            };
            if !member.is_connected() {
                continue;
            }
            let Some(audio_slot) = member.audio_slots.get_mut(usize::from(slot.index)) else {
                continue;
            };
            if let Some(out) = audio_slot.forward(key, number, packet) {
                self.stats.packets_sent += 1;
                self.stats.bytes_sent += out.payload.len() as u64;
                member.peer.write(Slot { kind: Kind::Audio, index: slot.index }, out, now);
                self.mark_dirty(slot.member);
            }
        }
        self.give_back_subscribers(key, subscribers);
    }

    fn fan_out_picture(
        &mut self,
        key: SourceKey,
        number: SourceNumber,
        noted: Noted,
        packet: &MediaPacket,
        now: Instant,
    ) {
        let layer = LayerKey { source: key, layer: noted.layer };
        self.keyframe_is_here = packet.video.starts_keyframe;
        if noted.has_begun {
            self.show_automatically_everywhere(now);
            self.divide_for_subscribers(key, now);
        } else if noted.is_resized {
            self.want_division(key);
        }
        let subscribers = self.take_subscribers(key);
        let mut needs_keyframe = false;
        for slot in &subscribers {
            needs_keyframe |= self.forward_picture(*slot, layer, number, packet, now);
        }
        self.give_back_subscribers(key, subscribers);
        if packet.video.starts_keyframe {
            self.settle_keyframes(layer);
            self.keyframe_is_here = false;
            self.ask_for_keyframes(now);
        }
        if needs_keyframe {
            self.want_keyframe(layer, now);
        }
    }

    /// Returns whether the slot cannot show anything without a keyframe.
    fn forward_picture(
        &mut self,
        key: SlotKey,
        layer: LayerKey,
        number: SourceNumber,
        packet: &MediaPacket,
        now: Instant,
    ) -> bool {
        let to = Slot { kind: Kind::Video, index: key.index };
        let Some(member) = self.member(key.member).filter(|member| member.is_connected()) else {
            return false;
        };
        if !member.peer.slot_codecs(to).contains(&packet.codec) {
            // It stays waiting instead of showing what cannot be decoded.
            self.stats.packets_dropped_unsent += 1;
            return false;
        }
        let mut outbox = std::mem::take(&mut self.outbox);
        let before = self.video_slot_mut(key).and_then(|slot| slot.layer());
        let forwarded = if packet.video.starts_keyframe {
            // The slot may switch, which others have to know.
            self.with_video_slot(key, |slot| slot.forward(layer, number, packet, &mut outbox))
        } else {
            self.video_slot_mut(key).map(|slot| slot.forward(layer, number, packet, &mut outbox))
        };
        if let Some(member) = self.members.get_mut(key.member).and_then(Option::as_mut)
            && !outbox.is_empty()
        {
            if before != Some(layer) {
                member.peer.forget_written(to);
            }
            for out in outbox.drain(..) {
                self.stats.packets_sent += 1;
                self.stats.bytes_sent += out.payload.len() as u64;
                member.peer.write(to, out, now);
            }
            self.mark_dirty(key.member);
        }
        self.outbox = outbox;
        forwarded == Some(Forwarded::NeedsKeyframe)
    }

    /// Takes the list out, so that the receivers in it can be changed while it is walked.
    fn take_subscribers(&mut self, key: SourceKey) -> Vec<SlotKey> {
        let source = self.source_mut(key);
        source.map(|source| std::mem::take(&mut source.subscribers)).unwrap_or_default()
    }

    fn give_back_subscribers(&mut self, key: SourceKey, subscribers: Vec<SlotKey>) {
        if let Some(source) = self.source_mut(key) {
            let added = std::mem::replace(&mut source.subscribers, subscribers);
            source.subscribers.extend(added);
        }
    }
}

fn carries(source: &Source, codec: Codec) -> bool {
    let kind = match codec {
        Codec::Opus | Codec::Red => MediaKind::Audio,
        Codec::Vp8 | Codec::H264 => MediaKind::Video,
    };
    source.kind.media_kind() == kind
}
