//! One receiving slot for pictures.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use jumpa_protocol::{
    ParticipantId, SourceKind, SourceNumber,
    signal::{SlotState, SlotView},
};
use jumpa_rtc::{Kind, MediaPacket, OutPacket};

use crate::{
    keys::{LayerKey, SourceKey},
    rewriter::{Numbers, Rewriter, Rewritten},
};

/// Packets of the next source that are kept until the first packet of its keyframe comes, which
/// may have been overtaken or lost and repaired. Two keyframes of 720p fit.
const MAX_HELD: usize = 128;

/// How long another source goes on at most while the wanted one sends no keyframe. After that its
/// packets only cost: the client does not show them.
const MAX_WAIT: Duration = Duration::from_secs(3);

/// After a switch on a crowded downlink another keyframe follows within this time: the first one
/// had to pass a full queue, and receivers give up asking for its parts before the queue is empty.
const CONFIRM: Duration = Duration::from_millis(500);

/// What a client wants to see in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Whose picture.
    pub participant_id: ParticipantId,
    /// `Camera` or `Screen`.
    pub kind: SourceKind,
    /// Height of the tile, pixels.
    pub max_height: u16,
    /// Larger is served first.
    pub priority: u8,
}

impl From<&SlotView> for Wish {
    fn from(view: &SlotView) -> Self {
        Self {
            participant_id: view.participant_id,
            kind: view.source,
            max_height: view.max_height,
            priority: view.priority,
        }
    }
}

/// What is forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Feed {
    layer: LayerKey,
    ssrc: u32,
    /// The stream that this one replaced; its late packets mean nothing.
    retired_ssrc: Option<u32>,
}

/// One receiving slot for pictures: what it shall show, what it shows, and how one follows the
/// other.
///
/// A switch starts at a keyframe. Until that comes the old source goes on; from then on nothing of
/// it is sent any more.
#[derive(Debug)]
pub struct VideoSlot {
    wish: Option<Wish>,
    /// The wished source, while its owner is in the room.
    source: Option<SourceKey>,
    feed: Option<Feed>,
    next: Option<Next>,
    held: VecDeque<MediaPacket>,
    needs_keyframe: bool,
    /// The wished source was stopped for a moment, until its next layer begins.
    is_draining: bool,
    /// The next layer is lower since the downlink does not carry more.
    is_crowded: bool,
    /// When another keyframe is asked for.
    confirm_at: Option<Instant>,
    is_paused: bool,
    rewriter: Rewriter,
    told: SlotState,
}

/// The layer that is to be forwarded from its next keyframe on.
#[derive(Debug, Clone, Copy)]
struct Next {
    layer: LayerKey,
    since: Instant,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forwarded {
    /// It was dealt with.
    Done,
    /// Nothing can be shown until the layer sends a keyframe.
    NeedsKeyframe,
}

impl Default for VideoSlot {
    fn default() -> Self {
        Self {
            wish: None,
            source: None,
            feed: None,
            next: None,
            held: VecDeque::new(),
            needs_keyframe: false,
            is_draining: false,
            is_crowded: false,
            confirm_at: None,
            is_paused: false,
            rewriter: Rewriter::new(Kind::Video),
            told: SlotState::Empty,
        }
    }
}

impl VideoSlot {
    /// What the client wants to see.
    #[must_use]
    pub const fn wish(&self) -> Option<&Wish> {
        self.wish.as_ref()
    }

    /// The wished source, while its owner is in the room.
    #[must_use]
    pub const fn source(&self) -> Option<SourceKey> {
        self.source
    }

    /// The layer that is forwarded.
    #[must_use]
    pub fn layer(&self) -> Option<LayerKey> {
        self.feed.map(|feed| feed.layer)
    }

    /// The layer whose keyframe is waited for.
    #[must_use]
    pub fn next_layer(&self) -> Option<LayerKey> {
        self.next.map(|next| next.layer)
    }

    /// Whether the downlink does not carry the wished source.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Every source that the slot has to get packets of: the wished one, and the one that goes on
    /// until its keyframe.
    pub fn sources(&self) -> impl Iterator<Item = SourceKey> {
        let feed = self.feed.map(|feed| feed.layer.source);
        self.source.into_iter().chain(feed.filter(|feed| Some(*feed) != self.source))
    }

    /// Takes a new wish. `source` is the wished one, while its owner is in the room.
    pub fn set_wish(&mut self, wish: Option<Wish>, source: Option<SourceKey>) {
        if source != self.source || wish.is_none() {
            self.is_paused = false;
            self.set_next(None);
        }
        self.wish = wish;
        self.source = source;
        if wish.is_none() {
            self.stop();
        }
    }

    /// Stops to forward; the wish stays.
    pub fn stop(&mut self) {
        self.feed = None;
        self.needs_keyframe = false;
        self.set_next(None);
    }

    /// Stops what comes from a source that was closed or whose owner left.
    pub fn drop_source(&mut self, source: SourceKey) {
        if self.feed.is_some_and(|feed| feed.layer.source == source) {
            self.feed = None;
            self.needs_keyframe = false;
        }
        if self.next.is_some_and(|next| next.layer.source == source) {
            self.set_next(None);
        }
    }

    /// Notes that the next layer is a lower one since the downlink does not carry more.
    pub fn crowd(&mut self) {
        self.is_crowded = self.next.is_some();
    }

    /// Stops what is forwarded when a lower layer is on its way.
    pub fn stop_until_next(&mut self) {
        if self.is_crowded {
            self.is_draining = self.plays_wished();
            self.feed = None;
            self.needs_keyframe = false;
        }
    }

    /// The downlink does not carry even the lowest layer.
    pub fn pause(&mut self) {
        self.stop();
        self.is_paused = true;
    }

    /// Wants this layer. Returns whether it has to be asked for a keyframe.
    pub fn aim(&mut self, layer: LayerKey, now: Instant) -> bool {
        self.is_paused = false;
        if self.layer() == Some(layer) {
            self.set_next(None);
            return false;
        }
        if self.next_layer() == Some(layer) {
            return false;
        }
        self.set_next(Some(Next { layer, since: now }));
        true
    }

    /// Notes that the receiver cannot decode what is forwarded. Returns the layer to ask.
    pub fn recover(&mut self) -> Option<LayerKey> {
        let feed = self.feed?;
        self.needs_keyframe = true;
        Some(feed.layer)
    }

    /// Whether the last switch has to be confirmed by another keyframe; `true` once.
    pub fn confirms(&mut self, now: Instant) -> bool {
        self.confirm_at.take_if(|at| *at <= now).is_some()
    }

    /// Whether a keyframe of the layer is waited for.
    #[must_use]
    pub fn waits_for(&self, layer: LayerKey) -> bool {
        self.next_layer() == Some(layer) || self.needs_keyframe && self.layer() == Some(layer)
    }

    /// Ends the old source when the wished one lets wait for it too long; `true` when it did.
    pub fn give_up_waiting(&mut self, now: Instant) -> bool {
        let is_other = self.feed.is_some_and(|feed| Some(feed.layer.source) != self.source);
        let is_over = is_other && self.next.is_some_and(|next| now >= next.since + MAX_WAIT);
        if is_over {
            self.feed = None;
        }
        is_over
    }

    /// Takes a packet of a layer, and gives what is to be sent in its order.
    pub fn forward(
        &mut self,
        from: LayerKey,
        number: SourceNumber,
        packet: &MediaPacket,
        out: &mut Vec<OutPacket>,
    ) -> Forwarded {
        if self.next_layer() == Some(from) {
            return self.forward_next(from, number, packet, out);
        }
        let Some(feed) = self.feed.filter(|feed| feed.layer == from) else {
            return Forwarded::Done;
        };
        if packet.ssrc != feed.ssrc {
            return self.forward_restarted(feed, number, packet, out);
        }
        match self.rewriter.rewrite(packet) {
            Rewritten::Forward(numbers) => {
                self.needs_keyframe &= !packet.video.starts_keyframe;
                out.push(out_packet(packet, numbers, number));
                Forwarded::Done
            }
            Rewritten::Drop => Forwarded::Done,
            Rewritten::Hole if self.next.is_some() => {
                // Another layer is on its way already.
                self.feed = None;
                Forwarded::Done
            }
            Rewritten::Hole => {
                self.feed = None;
                self.set_next(Some(Next { layer: from, since: packet.received_at }));
                self.forward_next(from, number, packet, out)
            }
        }
    }

    /// The state of the slot, when it is not what was told last.
    pub fn changed_state(&mut self) -> Option<SlotState> {
        let state = self.state();
        if state == self.told {
            return None;
        }
        self.told = state.clone();
        Some(state)
    }

    fn state(&self) -> SlotState {
        let Some(Wish { participant_id, kind: source, .. }) = self.wish else {
            return SlotState::Empty;
        };
        match (self.is_paused, self.plays_wished() || self.is_draining) {
            (true, _) => SlotState::Paused { participant_id, source },
            (false, true) => SlotState::Playing { participant_id, source },
            (false, false) => SlotState::Waiting { participant_id, source },
        }
    }

    fn plays_wished(&self) -> bool {
        self.feed.is_some_and(|feed| Some(feed.layer.source) == self.source)
    }

    fn set_next(&mut self, next: Option<Next>) {
        self.next = next;
        self.is_draining &= next.is_some();
        self.is_crowded &= next.is_some();
        self.held.clear();
    }

    /// Waits for the first packet of a keyframe and then sends what overtook it.
    fn forward_next(
        &mut self,
        from: LayerKey,
        number: SourceNumber,
        packet: &MediaPacket,
        out: &mut Vec<OutPacket>,
    ) -> Forwarded {
        if packet.video.starts_keyframe {
            self.switch(from, None, number, packet, out);
            return Forwarded::Done;
        }
        if self.held.len() == MAX_HELD {
            self.held.pop_front();
        }
        self.held.push_back(packet.clone());
        Forwarded::NeedsKeyframe
    }

    /// The publisher started the encoding anew.
    fn forward_restarted(
        &mut self,
        feed: Feed,
        number: SourceNumber,
        packet: &MediaPacket,
        out: &mut Vec<OutPacket>,
    ) -> Forwarded {
        if feed.retired_ssrc == Some(packet.ssrc) {
            return Forwarded::Done;
        }
        if packet.video.starts_keyframe {
            self.switch(feed.layer, Some(feed.ssrc), number, packet, out);
            return Forwarded::Done;
        }
        self.needs_keyframe = true;
        Forwarded::NeedsKeyframe
    }

    fn switch(
        &mut self,
        layer: LayerKey,
        retired_ssrc: Option<u32>,
        number: SourceNumber,
        packet: &MediaPacket,
        out: &mut Vec<OutPacket>,
    ) {
        self.feed = Some(Feed { layer, ssrc: packet.ssrc, retired_ssrc });
        self.next = None;
        self.confirm_at = self.is_crowded.then(|| packet.received_at + CONFIRM);
        self.is_draining = false;
        self.is_crowded = false;
        self.needs_keyframe = false;
        self.rewriter.switch(packet);
        let mut held = std::mem::take(&mut self.held);
        held.make_contiguous().sort_by_key(|held| held.seq);
        let overtook = held.iter().filter(|held| held.ssrc == packet.ssrc && held.seq > packet.seq);
        for packet in std::iter::once(packet).chain(overtook) {
            if let Rewritten::Forward(numbers) = self.rewriter.rewrite(packet) {
                out.push(out_packet(packet, numbers, number));
            }
        }
    }
}

/// The packet as it leaves on a slot; the payload is shared.
pub fn out_packet(packet: &MediaPacket, numbers: Numbers, number: SourceNumber) -> OutPacket {
    OutPacket {
        codec: packet.codec,
        seq: numbers.seq,
        timestamp: numbers.timestamp,
        marker: packet.marker,
        csrc: Some(number.0),
        audio_level: packet.audio_level,
        voice_activity: packet.voice_activity,
        rotation: packet.rotation,
        vp8: numbers.vp8,
        payload: packet.payload.clone(),
        captured_at: packet.captured_at,
    }
}

#[cfg(test)]
mod tests;
