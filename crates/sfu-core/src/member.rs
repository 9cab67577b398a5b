//! One participant of a room.

use std::time::Instant;

use jumpa_protocol::{MediaKind, ParticipantId, SourceKind, SourceNumber, control::Subscription};
use jumpa_rtc::{CaptureClock, Kind, Line, Peer};

use crate::{
    audio_slot::AudioSlot, downlink::Downlink, path_watch::PathWatch, quality::QualityJudge,
    source::Source, video_slot::VideoSlot,
};

/// One participant: its connection, what it sends and what it receives.
#[derive(Debug)]
pub struct Member {
    pub id: ParticipantId,
    pub number: u32,
    pub subscription: Subscription,
    pub peer: Peer,
    pub sources: Vec<Source>,
    /// When its packets were captured: receivers are told in sender reports.
    pub captures: CaptureClock,
    pub audio_slots: Vec<AudioSlot>,
    pub video_slots: Vec<VideoSlot>,
    pub watch: PathWatch,
    pub judge: QualityJudge,
    pub downlink: Downlink,
    /// Since when media can flow.
    pub connected_at: Option<Instant>,
    /// Whether datagrams or events may wait in the connection.
    pub is_dirty: bool,
    /// The entry of the connection among the timers of the room.
    pub timer: Option<Instant>,
    /// When the quality is judged next.
    pub next_sample: Instant,
}

impl Member {
    /// A participant whose connection was just made. `lines` are its sending m-lines.
    #[must_use]
    pub fn new(
        id: ParticipantId,
        number: u32,
        subscription: Subscription,
        peer: Peer,
        lines: &[Kind],
        estimate_bps: Option<u64>,
        now: Instant,
    ) -> Self {
        let mut member = Self {
            id,
            number,
            subscription,
            peer,
            sources: sources(lines, number, now),
            captures: CaptureClock::default(),
            audio_slots: Vec::new(),
            video_slots: Vec::new(),
            watch: PathWatch::new(now),
            judge: QualityJudge::default(),
            downlink: estimate_bps.map_or_else(Downlink::endless, Downlink::new),
            connected_at: None,
            is_dirty: false,
            timer: None,
            next_sample: now,
        };
        member.add_slots();
        member
    }

    /// Takes over the slots that the connection has gained.
    pub fn add_slots(&mut self) {
        if self.subscription == Subscription::None {
            return;
        }
        let audio = usize::from(self.peer.slots(Kind::Audio)).max(self.audio_slots.len());
        let video = usize::from(self.peer.slots(Kind::Video)).max(self.video_slots.len());
        self.audio_slots.resize_with(audio, AudioSlot::default);
        self.video_slots.resize_with(video, VideoSlot::default);
    }

    /// Whether it says itself what stands in its video slots.
    #[must_use]
    pub fn chooses(&self) -> bool {
        matches!(self.subscription, Subscription::Client | Subscription::Recorder)
    }

    /// Whether media can flow.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        self.connected_at.is_some()
    }

    /// The source of a kind.
    #[must_use]
    pub fn source(&self, kind: SourceKind) -> Option<&Source> {
        self.sources.iter().find(|source| source.kind == kind)
    }

    /// The source of a kind.
    pub fn source_mut(&mut self, kind: SourceKind) -> Option<&mut Source> {
        self.sources.iter_mut().find(|source| source.kind == kind)
    }
}

/// The first and second m-line of a kind are microphone and screen sound, or camera and screen;
/// whatever the order of sound and pictures is. Further ones carry nothing that we know.
fn sources(lines: &[Kind], number: u32, now: Instant) -> Vec<Source> {
    let mut left = SourceKind::ALL.to_vec();
    let mut sources = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let kind = match line {
            Kind::Audio => MediaKind::Audio,
            Kind::Video => MediaKind::Video,
        };
        if let Some(place) = left.iter().position(|source| source.media_kind() == kind) {
            let kind = left.remove(place);
            let line = Line(u8::try_from(index).unwrap_or(u8::MAX));
            sources.push(Source::new(kind, line, SourceNumber::new(number, kind), now));
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(lines: &[Kind]) -> Vec<(SourceKind, u8)> {
        sources(lines, 1, jumpa_netsim::epoch())
            .iter()
            .map(|source| (source.kind, source.line.0))
            .collect()
    }

    #[test]
    fn the_four_lines_of_a_client_are_its_four_sources() {
        let lines = [Kind::Audio, Kind::Video, Kind::Video, Kind::Audio];
        let expected: Vec<(SourceKind, u8)> = SourceKind::ALL.into_iter().zip(0..).collect();
        assert_eq!(kinds(&lines), expected);
    }

    #[test]
    fn an_encoder_may_offer_its_picture_first() {
        let expected = [(SourceKind::Camera, 0), (SourceKind::Microphone, 1)];
        assert_eq!(kinds(&[Kind::Video, Kind::Audio]), expected);
    }

    #[test]
    fn further_lines_are_nothing() {
        assert_eq!(kinds(&[Kind::Video; 5]).len(), 2);
    }
}
