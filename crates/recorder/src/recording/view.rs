//! Which pictures the recorder asks for: all of them, as large as they are needed.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jumpa_client::{Client, RequestError};
use jumpa_protocol::{
    MediaKind, ParticipantId, SourceKind, limits,
    recording::{RecordingJob, RecordingKind, RecordingLayout, SpoolLevel},
    signal::{SlotView, Snapshot, SourceState},
};
use tokio::task::JoinHandle;

/// How long a request that failed is not repeated.
const REST: Duration = Duration::from_secs(1);

type Picture = (ParticipantId, SourceKind);

/// How large pictures are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wishes {
    /// As large as they come, up to a height in pixels.
    Whole(u16),
    /// As large as their tiles in a composite of this height.
    Tiles(RecordingLayout, u16),
    /// Not at all.
    Nothing,
}

/// What a picture in a row of small ones, or one that is not shown now, is asked for with: the
/// smallest layer of a camera. It is there at once when it is shown.
const SMALL: u16 = 180;

impl Wishes {
    /// What a job needs.
    pub(super) fn of(job: &RecordingJob) -> Self {
        match (job.kind, &job.composition) {
            (RecordingKind::AudioOnly, _) => Self::Nothing,
            (RecordingKind::Composite | RecordingKind::Stream, Some(how)) => {
                Self::Tiles(how.layout, how.height)
            }
            _ => Self::Whole(job.max_height),
        }
    }

    /// The height of one of the pictures of a call.
    fn height_of(self, picture: Picture, call: &Call) -> u16 {
        let Call { pictures, people, speaker } = call;
        let (layout, height) = match self {
            Self::Whole(height) => return height,
            Self::Nothing => return 0,
            Self::Tiles(layout, height) => (layout, height),
        };
        let is_on_stage = match pictures.iter().find(|(_, source)| *source == SourceKind::Screen) {
            Some(screen) => picture == *screen,
            None => match layout {
                RecordingLayout::Grid => return height / rows(pictures.len().max(*people)),
                // The first two.
                RecordingLayout::SideBySide => pictures.iter().take(2).any(|of| *of == picture),
                RecordingLayout::Speaker | RecordingLayout::Single => {
                    speaker.or(pictures.first().copied()) == Some(picture)
                }
            },
        };
        let is_half = layout == RecordingLayout::SideBySide && pictures.len() > 1;
        match (is_on_stage, is_half) {
            // Half as wide, and so half as high.
            (true, true) => (height / 2).max(SMALL),
            (true, false) => height,
            (false, _) => SMALL,
        }
    }
}

/// Rows of a grid of so many tiles in the form of the whole.
fn rows(tiles: usize) -> u16 {
    (1..5_u16).find(|rows| tiles <= usize::from(*rows) * usize::from(*rows)).unwrap_or(5)
}

/// What there is to see in a call.
#[derive(Debug, Default)]
struct Call {
    /// Every picture that is sent, in the order of the people.
    pictures: Vec<Picture>,
    /// How many are there, with and without a picture.
    people: usize,
    /// The camera of who speaks.
    speaker: Option<Picture>,
}

impl Call {
    fn new(snapshot: &Snapshot, own: ParticipantId) -> Self {
        let pictures = pictures(snapshot, own);
        let speaks = |picture: &&Picture| {
            picture.1 == SourceKind::Camera && Some(&picture.0) == snapshot.speakers.first()
        };
        let speaker = pictures.iter().find(speaks).copied();
        let people = snapshot.participants.iter().filter(|person| person.id != own).count();
        Self { pictures, people, speaker }
    }
}

/// The pictures in the recorder's slots. One that goes on keeps its slot, so that nothing of it is
/// lost when others come and go.
#[derive(Debug)]
pub(super) struct View {
    wishes: Wishes,
    /// What the disk allows of them.
    level: SpoolLevel,
    slots: Vec<Option<Picture>>,
    /// What the server was told last: what is in which slot, and how large.
    shown: Vec<SlotView>,
    asking: Option<JoinHandle<Result<(), RequestError>>>,
    /// Whether there may be other pictures than those in the slots.
    is_stale: bool,
    rests_until: Option<Instant>,
}

impl View {
    pub(super) const fn new(wishes: Wishes) -> Self {
        Self {
            wishes,
            level: SpoolLevel::Roomy,
            slots: Vec::new(),
            shown: Vec::new(),
            asking: None,
            is_stale: true,
            rests_until: None,
        }
    }

    /// The disk is as full as this from now on: there is room for small pictures, or for none.
    pub(super) const fn limit(&mut self, level: SpoolLevel) {
        self.level = level;
        self.is_stale = true;
    }

    /// There may be other pictures now.
    pub(super) const fn renew(&mut self) {
        self.is_stale = true;
    }

    /// The server has forgotten what it was told.
    pub(super) fn forget(&mut self) {
        self.shown.clear();
        self.is_stale = true;
    }

    /// Asks for every picture that is there now, when that is not what was asked for last. One
    /// request at a time; one that failed is repeated after a while.
    pub(super) fn show(&mut self, client: &Client) {
        if let Some(asking) = &mut self.asking {
            let Some(done) = asking.now_or_never() else {
                return;
            };
            self.asking = None;
            if !matches!(done, Ok(Ok(()))) {
                self.forget();
                self.rests_until = Some(Instant::now() + REST);
            }
        }
        if !self.is_stale || self.rests_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        self.is_stale = false;
        let snapshot = client.snapshot();
        let call = match (self.wishes, self.level) {
            (Wishes::Nothing, _) | (_, SpoolLevel::SoundOnly) => Call::default(),
            _ => Call::new(&snapshot, client.participant_id()),
        };
        let wanted = self.wanted(&call);
        if wanted == self.shown {
            return;
        }
        self.shown.clone_from(&wanted);
        let client = client.clone();
        self.asking = Some(tokio::spawn(async move { client.set_view(wanted).await }));
    }

    /// What is asked for of a call.
    fn wanted(&mut self, call: &Call) -> Vec<SlotView> {
        assign(&mut self.slots, &call.pictures);
        let most = if self.level == SpoolLevel::Scarce { SMALL } else { u16::MAX };
        let wanted = self.slots.iter().zip(0..).filter_map(|(picture, slot)| {
            let (participant_id, source) = (*picture)?;
            let max_height = self.wishes.height_of((participant_id, source), call).min(most);
            Some(SlotView { slot, participant_id, source, max_height, priority: 0 })
        });
        wanted.collect()
    }
}

/// Every picture that is sent, in the order of the people.
fn pictures(snapshot: &Snapshot, own: ParticipantId) -> Vec<Picture> {
    let others = snapshot.participants.iter().filter(|participant| participant.id != own);
    others
        .flat_map(|participant| {
            participant
                .sources
                .iter()
                .filter(|of| of.state == SourceState::Live)
                .filter(|of| of.source.media_kind() == MediaKind::Video)
                .map(|of| (participant.id, of.source))
        })
        .collect()
}

/// Gives each picture a slot; those that have one keep it.
fn assign(slots: &mut Vec<Option<Picture>>, pictures: &[Picture]) {
    for slot in slots.iter_mut() {
        *slot = slot.filter(|picture| pictures.contains(picture));
    }
    for picture in pictures {
        if slots.contains(&Some(*picture)) {
            continue;
        }
        if let Some(free) = slots.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(*picture);
        } else if slots.len() < usize::from(limits::MAX_VIDEO_SLOTS) {
            slots.push(Some(*picture));
        }
        // More than a call can have at once wait for the first that ends.
    }
    while slots.last().is_some_and(Option::is_none) {
        slots.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_small_while_the_disk_is_nearly_full() {
        let pictures = vec![(ParticipantId::generate(), SourceKind::Camera)];
        let call = Call { pictures, people: 1, speaker: None };
        let mut view = View::new(Wishes::Whole(720));
        let heights = |view: &mut View| {
            view.wanted(&call).iter().map(|wanted| wanted.max_height).collect::<Vec<_>>()
        };
        assert_eq!(heights(&mut view), [720]);
        view.limit(SpoolLevel::Scarce);
        assert_eq!(heights(&mut view), [SMALL]);
        view.limit(SpoolLevel::Filling);
        assert_eq!(heights(&mut view), [720]);
    }

    fn cameras(count: usize) -> Vec<Picture> {
        (0..count).map(|_| (ParticipantId::generate(), SourceKind::Camera)).collect()
    }

    fn heights(layout: RecordingLayout, pictures: &[Picture], speaker: Picture) -> Vec<u16> {
        let people = pictures.len();
        let call = Call { pictures: pictures.to_vec(), people, speaker: Some(speaker) };
        pictures.iter().map(|of| Wishes::Tiles(layout, 720).height_of(*of, &call)).collect()
    }

    #[test]
    fn pictures_of_a_grid_are_as_high_as_their_tiles() {
        for (count, height) in [(1, 720), (2, 360), (4, 360), (5, 240), (9, 240), (16, 180)] {
            let pictures = cameras(count);
            let heights = heights(RecordingLayout::Grid, &pictures, pictures[0]);
            assert!(heights.iter().all(|of| *of == height), "{count}: {heights:?}");
        }
    }

    #[test]
    fn who_speaks_is_large_where_the_layout_says_so() {
        let pictures = cameras(3);
        let speaker = pictures[1];
        for layout in [RecordingLayout::Speaker, RecordingLayout::Single] {
            assert_eq!(heights(layout, &pictures, speaker), [180, 720, 180]);
        }
        assert_eq!(heights(RecordingLayout::SideBySide, &pictures, speaker), [360, 360, 180]);
    }

    #[test]
    fn a_shared_screen_takes_the_stage() {
        let mut pictures = cameras(2);
        pictures.push((pictures[0].0, SourceKind::Screen));
        let heights = heights(RecordingLayout::Grid, &pictures, pictures[0]);
        assert_eq!(heights, [180, 180, 720]);
    }

    #[test]
    fn pictures_keep_their_slots_while_others_come_and_go() {
        let people: Vec<Picture> =
            (0..4).map(|_| (ParticipantId::generate(), SourceKind::Camera)).collect();
        let [a, b, c, d] = people[..] else { unreachable!() };
        let mut slots = Vec::new();
        assign(&mut slots, &[a, b, c]);
        assert_eq!(slots, [Some(a), Some(b), Some(c)]);
        assign(&mut slots, &[a, c]);
        assert_eq!(slots, [Some(a), None, Some(c)]);
        assign(&mut slots, &[a, c, d]);
        assert_eq!(slots, [Some(a), Some(d), Some(c)]);
        assign(&mut slots, &[a]);
        assert_eq!(slots, [Some(a)]);
    }
}
