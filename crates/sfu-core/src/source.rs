//! What a participant sends.

use std::time::{Duration, Instant};

use jumpa_protocol::{Layer, MediaKind, SourceKind, SourceNumber};
use jumpa_rtc::{Line, MediaPacket, Rid};

use crate::{
    bitrate_meter::BitrateMeter,
    keyframe_throttle::KeyframeThrottle,
    keys::SlotKey,
    ladder::{self, Ladder, MAX_LAYERS, Rung},
    layers_wanted::LayersWanted,
    loss_tracker::LossTracker,
    voice::Voice,
};

/// A layer that lags this far behind the newest packet of its source is switched off.
const LAYER_SILENCE: Duration = Duration::from_secs(1);
/// A layer without packets for this long cannot be asked for a keyframe.
const UNASKABLE: Duration = Duration::from_secs(2);
/// Sound without packets for this long is not heard any more: discontinuous transmission sends one
/// every 400 ms.
const SOUND_SILENCE: Duration = Duration::from_secs(5);
/// Height of the layer `q` of a usual camera, pixels; each further layer has twice as much.
const USUAL_LOWEST_HEIGHT: u16 = 180;
/// What sound costs as long as it was not measured: Opus with one block of redundancy.
const USUAL_SOUND_BPS: u64 = 70_000;

/// One source.
#[derive(Debug)]
pub struct Source {
    /// Which kind.
    pub kind: SourceKind,
    /// The m-line it comes on.
    pub line: Line,
    /// The CSRC of its packets.
    pub number: SourceNumber,
    /// Whether signalling allows it. Nothing of a closed source is forwarded or counted.
    pub is_open: bool,
    /// Its encodings, in the order of their first packets.
    pub layers: Vec<SourceLayer>,
    /// Who receives it, or waits for it.
    pub subscribers: Vec<SlotKey>,
    /// For microphones: whether somebody speaks.
    pub voice: Voice,
    /// Which encodings somebody has use for.
    pub layers_wanted: LayersWanted,
    last_payload: Option<Instant>,
}

/// One encoding.
#[derive(Debug)]
pub struct SourceLayer {
    /// Its RTP stream id; `None` for the only encoding of a line.
    pub rid: Option<Rid>,
    /// When it is asked for a keyframe.
    pub throttle: KeyframeThrottle,
    /// What of it did not arrive.
    pub losses: LossTracker,
    ssrc: u32,
    height: Option<u16>,
    meter: BitrateMeter,
    last_payload: Instant,
}

/// What a packet told about its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// The encoding it belongs to.
    pub layer: u8,
    /// Receivers have to choose anew, before this packet is forwarded: an encoding began.
    pub has_begun: bool,
    /// Receivers should choose anew soon: the size of a picture changed.
    pub is_resized: bool,
    /// Somebody begins to speak.
    pub begins_speech: bool,
}

impl Source {
    /// A source that is closed and has sent nothing.
    #[must_use]
    pub fn new(kind: SourceKind, line: Line, number: SourceNumber, now: Instant) -> Self {
        Self {
            kind,
            line,
            number,
            is_open: false,
            layers: Vec::new(),
            subscribers: Vec::new(),
            voice: Voice::default(),
            layers_wanted: LayersWanted::new(now),
            last_payload: None,
        }
    }

    /// Takes note of a packet; `None` when it belongs to one encoding too many.
    pub fn note(&mut self, packet: &MediaPacket, now: Instant) -> Option<Noted> {
        let place = self.layers.iter().position(|layer| layer.rid == packet.rid);
        let (index, mut has_begun) = match place {
            Some(index) => (index, !self.is_layer_live(index)),
            None if self.layers.len() < MAX_LAYERS => {
                self.layers.push(SourceLayer::new(packet, now));
                (self.layers.len() - 1, true)
            }
            None => return None,
        };
        has_begun |= self.last_payload.is_none();
        self.last_payload = Some(now);
        let is_video = self.kind.media_kind() == MediaKind::Video;
        let is_resized = self.layers.get_mut(index)?.note(packet, is_video, now);
        let begins_speech = !is_video && self.voice.push(packet.audio_level, now);
        Some(Noted { layer: index as u8, has_begun, is_resized, begins_speech })
    }

    /// Opens or closes the source. What was known of its packets does not hold any more.
    pub fn set_open(&mut self, is_open: bool) {
        self.is_open = is_open;
        self.last_payload = None;
        self.voice.reset();
        for layer in &mut self.layers {
            layer.throttle.settle();
            layer.losses = LossTracker::default();
        }
    }

    /// Whether payload has come since the source was opened.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.is_open && self.last_payload.is_some()
    }

    /// Whether there is a sound to hear.
    #[must_use]
    pub fn is_audible(&self, now: Instant) -> bool {
        self.is_open && self.last_payload.is_some_and(|at| now < at + SOUND_SILENCE)
    }

    /// Whether the publisher answers to a request for a keyframe of the layer.
    #[must_use]
    pub fn is_askable(&self, layer: u8, now: Instant) -> bool {
        let layer = self.layers.get(usize::from(layer));
        self.is_open && layer.is_some_and(|layer| now < layer.last_payload + UNASKABLE)
    }

    /// What the sound costs a receiver, bits per second.
    pub fn sound_bps(&mut self, now: Instant) -> u64 {
        let measured = self.layers.first_mut().map(|layer| layer.meter.peak_bps(now));
        measured.map_or(0, |bps| bps.unwrap_or(USUAL_SOUND_BPS))
    }

    /// The layers as a receiver can climb them. The tags are places among the layers; those of
    /// encodings that never came lie behind ([`Self::layer_of_tag`] tells what they are).
    pub fn ladder(&mut self, now: Instant) -> Ladder {
        let mut ladder = Ladder::default();
        if !self.is_live() {
            return ladder;
        }
        let heights = self.known_heights();
        for index in 0..self.layers.len() {
            let is_live = self.is_layer_live(index);
            let Some(layer) = self.layers.get_mut(index) else {
                continue;
            };
            let named = layer.named();
            let height = layer.height.unwrap_or_else(|| guessed_height(named, &heights));
            let nominal = ladder::nominal_bps(height);
            // A still picture costs nothing, but it may move at any moment.
            let measured = layer.meter.peak_bps(now).map(|bps| bps.max(nominal / 4));
            ladder.add(Rung {
                height,
                bitrate_bps: measured.unwrap_or(nominal),
                is_live,
                was_seen: true,
                tag: index as u8,
            });
        }
        for layer in self.absent_layers() {
            let height = guessed_height(Some(layer), &heights);
            ladder.add(Rung {
                height,
                bitrate_bps: ladder::nominal_bps(height),
                is_live: false,
                was_seen: false,
                tag: ABSENT + layer as u8,
            });
        }
        ladder
    }

    /// The named encoding behind a tag of the ladder.
    #[must_use]
    pub fn layer_of_tag(&self, tag: u8) -> Option<Layer> {
        match tag.checked_sub(ABSENT) {
            Some(absent) => Layer::ALL.get(usize::from(absent)).copied(),
            None => self.layers.get(usize::from(tag))?.named(),
        }
    }

    /// Whether the publisher can be told which encodings are wanted.
    #[must_use]
    pub fn has_named_layers(&self) -> bool {
        self.is_live() && self.layers.iter().any(|layer| layer.named().is_some())
    }

    fn is_layer_live(&self, index: usize) -> bool {
        let layer = self.layers.get(index);
        let newest = self.last_payload;
        layer.zip(newest).is_some_and(|(layer, newest)| newest < layer.last_payload + LAYER_SILENCE)
    }

    /// Named encodings of a simulcast source that have not come yet.
    fn absent_layers(&self) -> impl Iterator<Item = Layer> {
        let is_simulcast = self.layers.iter().any(|layer| layer.named().is_some());
        Layer::ALL.into_iter().filter(move |layer| {
            is_simulcast && self.layers.iter().all(|seen| seen.named() != Some(*layer))
        })
    }

    fn known_heights(&self) -> [Option<u16>; Layer::ALL.len()] {
        Layer::ALL.map(|layer| {
            self.layers.iter().find(|seen| seen.named() == Some(layer)).and_then(|seen| seen.height)
        })
    }
}

/// Tags from here on are encodings that have not come yet.
const ABSENT: u8 = 100;

impl SourceLayer {
    fn new(packet: &MediaPacket, now: Instant) -> Self {
        Self {
            rid: packet.rid,
            throttle: KeyframeThrottle::default(),
            losses: LossTracker::default(),
            ssrc: packet.ssrc,
            height: None,
            meter: BitrateMeter::default(),
            last_payload: now,
        }
    }

    fn note(&mut self, packet: &MediaPacket, is_video: bool, now: Instant) -> bool {
        if self.ssrc != packet.ssrc {
            self.ssrc = packet.ssrc;
            self.losses = LossTracker::default();
        }
        self.last_payload = now;
        self.meter.add(packet.payload.len(), now);
        if !is_video {
            return false;
        }
        self.losses.arrived(packet.seq, now);
        if packet.video.starts_keyframe {
            self.losses.keyframe_started(packet.seq);
        }
        let height = packet.video.size.map(|(_, height)| height);
        let is_resized = height.is_some() && height != self.height;
        self.height = height.or(self.height);
        is_resized
    }

    fn named(&self) -> Option<Layer> {
        self.rid.as_ref().and_then(|rid| Layer::from_rid(rid.as_str()))
    }
}

/// A height for an encoding whose picture was not seen: its neighbours have half and twice as much.
fn guessed_height(layer: Option<Layer>, known: &[Option<u16>; Layer::ALL.len()]) -> u16 {
    let Some(layer) = layer else {
        return USUAL_LOWEST_HEIGHT << 2;
    };
    let place = layer as usize;
    let nearest = known
        .iter()
        .enumerate()
        .filter_map(|(other, height)| height.map(|height| (other, u32::from(height))))
        .min_by_key(|(other, _)| other.abs_diff(place));
    let height = match nearest {
        Some((other, height)) if other <= place => height << (place - other),
        Some((other, height)) => height >> (other - place),
        None => u32::from(USUAL_LOWEST_HEIGHT) << place,
    };
    u16::try_from(height).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
