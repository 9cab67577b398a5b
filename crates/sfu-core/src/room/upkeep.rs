//! What is looked at every tick.

use std::time::{Duration, Instant};

use jumpa_protocol::{MediaKind, control::ParticipantMediaEvent};

use super::Room;
use crate::{
    keys::{LayerKey, MemberIndex, SlotKey, SourceKey},
    path_watch::PathChange,
    quality::{Quality, Sample},
};

/// How often the quality of a connection is judged.
const SAMPLE_INTERVAL: Duration = Duration::from_secs(2);
/// A downlink that is young is still being measured: low layers mean nothing yet.
const MEASURING: Duration = Duration::from_secs(8);

impl Room {
    /// Everything that follows time instead of packets.
    pub(super) fn upkeep(&mut self, now: Instant) {
        for index in 0..self.members.len() {
            self.watch_path(index, now);
            self.watch_sources(index, now);
            self.watch_slots(index, now);
            self.judge(index, now);
        }
        self.find_speakers(now);
        self.listen(now);
        self.show_automatically_everywhere(now);
        self.report_levels(now);
    }

    fn watch_path(&mut self, index: MemberIndex, now: Instant) {
        let Some(member) = self.member_mut(index) else {
            return;
        };
        let id = member.id;
        match member.watch.poll(now) {
            Some(PathChange::Lost) => {
                let quality = member.judge.lost();
                self.tell(id, ParticipantMediaEvent::PathLost);
                self.tell_quality(index, quality);
            }
            Some(PathChange::Expired) => self.close(index, now),
            Some(PathChange::Returned | PathChange::Revived) | None => {}
        }
    }

    fn watch_sources(&mut self, index: MemberIndex, now: Instant) {
        let Some(member) = self.member_mut(index) else {
            return;
        };
        let id = member.id;
        let mut given_up = Vec::new();
        let mut wanted = Vec::new();
        for source in &mut member.sources {
            let key = SourceKey { member: index, kind: source.kind };
            if source.kind.media_kind() == MediaKind::Audio {
                source.voice.tick(now);
                continue;
            }
            for (layer, index) in source.layers.iter_mut().zip(0..) {
                if layer.losses.gives_up(now) {
                    given_up.push(LayerKey { source: key, layer: index });
                }
            }
            if source.has_named_layers()
                && let Some(layers) = source.layers_wanted.poll(now)
            {
                wanted.push((source.kind, layers));
            }
        }
        for (source, layers) in wanted {
            self.tell(id, ParticipantMediaEvent::LayersWanted { source, layers });
        }
        for layer in given_up {
            self.stats.losses_given_up += 1;
            self.recover_receivers(layer, now);
        }
    }

    /// A packet of a layer is lost for good: those who receive it need a keyframe.
    fn recover_receivers(&mut self, layer: LayerKey, now: Instant) {
        let subscribers = self.source(layer.source).map(|source| source.subscribers.clone());
        for key in subscribers.unwrap_or_default() {
            if self.video_slot_mut(key).is_some_and(|slot| slot.layer() == Some(layer)) {
                self.recover_slot(key, now);
            }
        }
    }

    fn watch_slots(&mut self, index: MemberIndex, now: Instant) {
        let count = self.member(index).map_or(0, |member| member.video_slots.len());
        for slot in 0..count as u16 {
            let key = SlotKey { member: index, index: slot };
            self.with_video_slot(key, |slot| slot.give_up_waiting(now));
            if self.video_slot_mut(key).is_some_and(|slot| slot.confirms(now)) {
                self.recover_slot(key, now);
            }
        }
        self.divide_when_due(index, now);
    }

    fn judge(&mut self, index: MemberIndex, now: Instant) {
        let Some(member) = self.member_mut(index).filter(|member| member.next_sample <= now) else {
            return;
        };
        member.next_sample = now + SAMPLE_INTERVAL;
        let stats = member.peer.take_stats();
        member.downlink.doubt.sampled(stats.downlink_loss, stats.round_trip_time, now);
        let is_measured = member.connected_at.is_some_and(|at| now >= at + MEASURING);
        let sample = Sample {
            round_trip_time: stats.round_trip_time,
            uplink_loss: stats.uplink_loss,
            downlink_loss: stats.downlink_loss,
            is_reduced: is_measured && !member.downlink.outcome.is_satisfied,
            is_paused: is_measured && member.video_slots.iter().any(|slot| slot.is_paused()),
        };
        let quality = member.watch.is_alive().then(|| member.judge.push(&sample)).flatten();
        self.stats.packets_dropped_unsent += stats.dropped;
        self.tell_quality(index, quality);
    }

    fn tell_quality(&mut self, index: MemberIndex, quality: Option<Quality>) {
        let id = self.member(index).map(|member| member.id);
        if let (Some(id), Some((level, cause))) = (id, quality) {
            self.tell(id, ParticipantMediaEvent::Quality { level, cause });
        }
    }
}
