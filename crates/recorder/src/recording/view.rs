//! Which pictures the recorder asks for: all of them.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jumpa_client::{Client, RequestError};
use jumpa_protocol::{
    MediaKind, ParticipantId, SourceKind, limits,
    signal::{SlotView, Snapshot, SourceState},
};
use tokio::task::JoinHandle;

/// How long a request that failed is not repeated.
const REST: Duration = Duration::from_secs(1);

type Picture = (ParticipantId, SourceKind);

/// The pictures in the recorder's slots. One that goes on keeps its slot, so that nothing of it is
/// lost when others come and go.
#[derive(Debug)]
pub(super) struct View {
    max_height: u16,
    slots: Vec<Option<Picture>>,
    /// What the server was told last.
    shown: Vec<Option<Picture>>,
    asking: Option<JoinHandle<Result<(), RequestError>>>,
    /// Whether there may be other pictures than those in the slots.
    is_stale: bool,
    rests_until: Option<Instant>,
}

impl View {
    pub(super) const fn new(max_height: u16) -> Self {
        Self {
            max_height,
            slots: Vec::new(),
            shown: Vec::new(),
            asking: None,
            is_stale: true,
            rests_until: None,
        }
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
        assign(&mut self.slots, &pictures(&client.snapshot(), client.participant_id()));
        if self.slots == self.shown {
            return;
        }
        self.shown.clone_from(&self.slots);
        let wanted = self.slots.iter().zip(0..).filter_map(|(picture, slot)| {
            let (participant_id, source) = (*picture)?;
            let max_height = self.max_height;
            Some(SlotView { slot, participant_id, source, max_height, priority: 0 })
        });
        let wanted: Vec<SlotView> = wanted.collect();
        let client = client.clone();
        self.asking = Some(tokio::spawn(async move { client.set_view(wanted).await }));
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
