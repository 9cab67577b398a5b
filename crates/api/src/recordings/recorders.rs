//! Which recorders are there, and which of them gets the next recording.

use std::collections::{HashMap, HashSet};

use jumpa_protocol::{
    RecordingId,
    recording::{RecordingKind, ToRecorder},
};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Least room on the disk of a recorder that gets another recording: half an hour of a large call.
const MIN_SPOOL_BYTES: u64 = 1024 * 1024 * 1024;

/// What a participant costs whose sources are written as they come, thousandths of a processor
/// core: 0.4 were measured without decryption; the budget is five times that.
const TRACKS_MILLICORES: u32 = 2;

/// A recorder with a link.
#[derive(Debug)]
pub(super) struct Recorder {
    /// Names the link: a recorder that comes back may have a new one before the old one is gone.
    pub(super) link: Uuid,
    /// What is to be said to it. When it is full the recorder does not read: its link is closed,
    /// and with the next one it hears everything again.
    pub(super) sender: mpsc::Sender<ToRecorder>,
    /// Jobs that were begun over this link: two who find one due at once begin it once.
    pub(super) begun: HashSet<RecordingId>,
    /// What it can do at once, thousandths of a processor core.
    pub(super) capacity_millicores: u32,
    /// What its jobs take, as it measures.
    pub(super) used_millicores: u32,
    /// Room on the disk of its spool; unknown until it tells.
    pub(super) spool_free_bytes: Option<u64>,
}

/// What a recording is expected to take, thousandths of a processor core. Live composing is given
/// to recorders that say they can; its cost is that of the kind as it was measured.
pub(super) fn cost(kind: RecordingKind, participants: u32) -> u32 {
    let people = participants.max(1).saturating_mul(TRACKS_MILLICORES);
    match kind {
        RecordingKind::Tracks => people,
        RecordingKind::AudioOnly => people.saturating_add(50),
        RecordingKind::Composite | RecordingKind::Stream => people.saturating_add(420),
    }
}

/// The recorder that gets something of this cost: of those that have room, the one that does least.
/// `promised` is what each has been given, which may be more than it has measured yet.
pub(super) fn choose(
    recorders: &HashMap<String, Recorder>,
    promised: &HashMap<String, u32>,
    cost: u32,
) -> Option<String> {
    let used = |id: &String, recorder: &Recorder| {
        recorder.used_millicores.max(promised.get(id).copied().unwrap_or_default())
    };
    recorders
        .iter()
        .filter(|(id, recorder)| {
            let has_room = used(id, recorder).saturating_add(cost) <= recorder.capacity_millicores;
            has_room && recorder.spool_free_bytes.is_none_or(|free| free >= MIN_SPOOL_BYTES)
        })
        .min_by_key(|(id, recorder)| (used(id, recorder), (*id).clone()))
        .map(|(id, _)| id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder(used: u32, free: Option<u64>) -> Recorder {
        Recorder {
            link: Uuid::now_v7(),
            sender: mpsc::channel(1).0,
            begun: HashSet::new(),
            capacity_millicores: 100,
            used_millicores: used,
            spool_free_bytes: free,
        }
    }

    fn chosen(
        recorders: Vec<(&str, Recorder)>,
        promised: &[(&str, u32)],
        cost: u32,
    ) -> Option<String> {
        let recorders = recorders.into_iter().map(|(id, one)| (id.to_owned(), one)).collect();
        let promised = promised.iter().map(|(id, much)| ((*id).to_owned(), *much)).collect();
        choose(&recorders, &promised, cost)
    }

    #[test]
    fn the_one_that_does_least_is_chosen() {
        let two = vec![("a", recorder(40, None)), ("b", recorder(30, None))];
        assert_eq!(chosen(two, &[], 10).as_deref(), Some("b"));
        let two = vec![("a", recorder(40, None)), ("b", recorder(30, None))];
        assert_eq!(chosen(two, &[("b", 60)], 10).as_deref(), Some("a"));
    }

    #[test]
    fn one_without_room_is_left_out() {
        assert_eq!(chosen(vec![("a", recorder(95, None))], &[], 10), None);
        assert_eq!(chosen(vec![("a", recorder(0, Some(1_000)))], &[], 10), None);
        let large = Some(MIN_SPOOL_BYTES);
        assert_eq!(chosen(vec![("a", recorder(90, large))], &[], 10).as_deref(), Some("a"));
        assert_eq!(chosen(vec![], &[], 10), None);
    }

    #[test]
    fn tracks_cost_by_participant() {
        assert_eq!(cost(RecordingKind::Tracks, 0), 2);
        assert_eq!(cost(RecordingKind::Tracks, 10), 20);
    }
}
