//! Who may use the recorders, and when: slots for each app, and a fair queue for what is left over.
//!
//! Everything is counted in thousandths of a processor core ([`cost`]). An app has three numbers,
//! [`RecordingSlots`]. What it records within `guaranteed` is admitted always; up to `burst` it takes
//! what is free, as long as everything that is guaranteed to others stays free; and what waits comes
//! in turns by `weight`. So an app that asks for more than it was promised changes nothing for the
//! others.
//!
//! All of it is computed from one [`Picture`], without clock or store.

pub(super) mod cost;
mod turns;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jumpa_db::RecordingSlots;
use jumpa_protocol::{AppId, RecordingId, recording::QueuePlace};

use turns::{Heads, Turns};

/// How much of the recorders can be guaranteed, in hundredths. More would leave no room for what
/// nobody foresaw: a recorder that fails, calls that are larger than usual.
const GUARANTEED_PERCENT: u64 = 70;

/// The largest recording for which a guarantee holds on several recorders at once: a live composite
/// of nine people at 720 lines. A recording cannot be split, so of every recorder this much may lie
/// idle while something of this size is looked for. Larger makes guarantees hold for larger ones and
/// leaves less for others.
const LARGEST_MILLICORES: u32 = 600;

/// What costs less than this never waits behind what costs more: fifty people whose sources are
/// written as they come. Larger lets more pass composites that wait.
const SMALL_MILLICORES: u32 = 100;

/// How far ahead the ends of recordings are followed to tell when another begins: many more than
/// anybody waits for.
const FORESEEN_ENDS: usize = 100;

/// What an app gets of which nothing was said: no promise, and an equal share of what is free.
pub(super) const UNSET_SLOTS: RecordingSlots =
    RecordingSlots { guaranteed: 0, burst: None, weight: 1 };

/// A recorder with a link.
#[derive(Debug, Clone)]
pub(super) struct Capacity {
    pub(super) id: String,
    /// What it can do at once.
    pub(super) millicores: u32,
    /// What its live jobs take as measured, which may be more than was reckoned.
    pub(super) measured: u32,
    /// Whether it gets another job: it is not draining, and its disk has room.
    pub(super) takes_jobs: bool,
    /// Whether it sees the folder of the server.
    pub(super) has_folder: bool,
}

impl Capacity {
    /// Whether the files of a job come to where they belong.
    fn can_keep(&self, job: &WaitingJob) -> bool {
        self.has_folder || !job.needs_folder
    }
}

/// A recording that a recorder is at.
#[derive(Debug, Clone)]
pub(super) struct RunningJob {
    pub(super) app_id: AppId,
    pub(super) recorder_id: String,
    pub(super) cost: u32,
    /// When it is over as far as is known, milliseconds since 1970.
    pub(super) ends_at_ms: Option<u64>,
}

/// A recording that waits.
#[derive(Debug, Clone)]
pub(super) struct WaitingJob {
    pub(super) id: RecordingId,
    pub(super) app_id: AppId,
    pub(super) cost: u32,
    /// How long recordings of the app usually are.
    pub(super) lasts_ms: Option<u64>,
    /// Whether its files go into the folder of the server.
    pub(super) needs_folder: bool,
}

/// Everything that matters at a moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Picture {
    pub(super) recorders: Vec<Capacity>,
    /// Of apps for which something was set.
    pub(super) slots: HashMap<AppId, RecordingSlots>,
    /// The oldest first.
    pub(super) running: Vec<RunningJob>,
    /// The oldest first.
    pub(super) waiting: Vec<WaitingJob>,
}

/// What follows.
#[derive(Debug, Default)]
pub(super) struct Decision {
    /// What begins, and on which recorder.
    pub(super) begins: Vec<(RecordingId, String)>,
    /// What waits, the next one first.
    pub(super) queue: Vec<(RecordingId, QueuePlace)>,
}

/// Whose turn it is among those that wait; all that is kept from one decision to the next.
#[derive(Debug, Clone)]
pub(super) struct Admission {
    small: Turns,
    large: Turns,
}

impl Default for Admission {
    fn default() -> Self {
        Self { small: Turns::of(SMALL_MILLICORES), large: Turns::of(LARGEST_MILLICORES) }
    }
}

/// How a recording that is beyond its app's guarantee fares.
enum Chance {
    /// It begins on this recorder.
    Begins(String),
    /// Its app uses all that it may, or no recorder is large enough: others are not held up.
    Held,
    /// Too little is free. Nothing of its size passes it, or it would wait for ever.
    Waits,
}

impl Admission {
    /// Decides what begins, and where what waits stands.
    pub(super) fn decide(&mut self, mut picture: Picture, now_ms: u64) -> Decision {
        let begins = self.admit(&mut picture);
        let queue = self.clone().foresee(picture, now_ms);
        Decision { begins, queue }
    }

    /// Moves all that can begin from those that wait to those that run.
    fn admit(&mut self, picture: &mut Picture) -> Vec<(RecordingId, String)> {
        let mut begins = Vec::new();
        let mut index = 0;
        while index < picture.waiting.len() {
            match picture.guaranteed_place(&picture.waiting[index]) {
                Some(recorder_id) => begins.push(picture.begin(index, recorder_id)),
                None => index += 1,
            }
        }
        for (turns, is_small) in [(&mut self.small, true), (&mut self.large, false)] {
            let mut held = BTreeSet::new();
            // Once something waits for the folder of the server, others begin only where it cannot.
            let mut is_folder_awaited = false;
            loop {
                let mut next = turns.clone();
                let heads = picture.heads(is_small, &|job| !held.contains(&job.app_id));
                let Some(index) = next.take(&heads) else { break };
                let job = &picture.waiting[index];
                match picture.chance(job, is_folder_awaited) {
                    Chance::Begins(recorder_id) => {
                        *turns = next;
                        begins.push(picture.begin(index, recorder_id));
                    }
                    Chance::Held => {
                        held.insert(job.app_id.clone());
                    }
                    Chance::Waits if job.needs_folder => {
                        is_folder_awaited = true;
                        held.insert(job.app_id.clone());
                    }
                    Chance::Waits => break,
                }
            }
        }
        begins
    }

    /// Where everything that waits stands, and when it begins if all ends that are known come true.
    fn foresee(mut self, mut picture: Picture, now_ms: u64) -> Vec<(RecordingId, QueuePlace)> {
        let order = self.clone().order(&picture);
        let mut expected = HashMap::new();
        for _ in 0..FORESEEN_ENDS {
            let ends = picture.running.iter().filter_map(|job| job.ends_at_ms);
            let Some(end) = ends.min() else { break };
            if picture.waiting.is_empty() {
                break;
            }
            let end = end.max(now_ms);
            picture.running.retain(|job| job.ends_at_ms.is_none_or(|at| at > end));
            let lengths: HashMap<_, _> =
                picture.waiting.iter().map(|job| (job.id, job.lasts_ms)).collect();
            let before = picture.running.len();
            let begun = self.admit(&mut picture);
            for (job, (id, _)) in picture.running[before..].iter_mut().zip(begun) {
                job.ends_at_ms = lengths.get(&id).copied().flatten().map(|long| end + long.max(1));
                expected.insert(id, end);
            }
        }
        let places = order.into_iter().zip(1..);
        let told = |(id, place)| {
            let expected_at_ms = expected.get(&id).copied();
            (id, QueuePlace { place, expected_at_ms })
        };
        places.map(told).collect()
    }

    /// All that waits in the order of its turns: first what is guaranteed and has no room, last what
    /// waits for its own app.
    fn order(mut self, picture: &Picture) -> Vec<RecordingId> {
        let mut left = picture.clone();
        let mut order = Vec::with_capacity(picture.waiting.len());
        let is_guaranteed = |job: &WaitingJob| picture.is_guaranteed(job);
        order.extend(picture.waiting.iter().filter(|job| is_guaranteed(job)).map(|job| job.id));
        left.waiting.retain(|job| !is_guaranteed(job));
        for takes_held in [false, true] {
            let counts = |job: &WaitingJob| takes_held || !picture.is_held(job);
            for (turns, is_small) in [(&mut self.small, true), (&mut self.large, false)] {
                while let Some(index) = turns.take(&left.heads(is_small, &counts)) {
                    order.push(left.waiting.remove(index).id);
                }
            }
        }
        order
    }
}

impl Picture {
    fn slots(&self, app_id: &AppId) -> RecordingSlots {
        self.slots.get(app_id).copied().unwrap_or(UNSET_SLOTS)
    }

    /// What the jobs of an app take.
    pub(super) fn used(&self, app_id: &AppId) -> u32 {
        self.running.iter().filter(|job| job.app_id == *app_id).map(|job| job.cost).sum()
    }

    /// What was promised to jobs on a recorder.
    pub(super) fn promised(&self, recorder_id: &str) -> u32 {
        self.running.iter().filter(|job| job.recorder_id == recorder_id).map(|job| job.cost).sum()
    }

    fn is_guaranteed(&self, job: &WaitingJob) -> bool {
        self.used(&job.app_id) + job.cost <= self.slots(&job.app_id).guaranteed
    }

    /// Whether it waits for its own app, or for a recorder that is not there.
    fn is_held(&self, job: &WaitingJob) -> bool {
        let most = self.slots(&job.app_id).burst;
        most.is_some_and(|most| self.used(&job.app_id) + job.cost > most)
            || !self
                .taking()
                .any(|recorder| recorder.can_keep(job) && recorder.millicores >= job.cost)
    }

    fn taking(&self) -> impl Iterator<Item = &Capacity> {
        self.recorders.iter().filter(|recorder| recorder.takes_jobs)
    }

    /// Recorders on which a job fits, the one that does least first.
    fn fitting(&self, job: &WaitingJob) -> Vec<&Capacity> {
        let load = |recorder: &Capacity| recorder.measured.max(self.promised(&recorder.id));
        let mut fitting: Vec<_> = self
            .taking()
            .filter(|recorder| recorder.can_keep(job))
            .filter(|recorder| self.promised(&recorder.id) + job.cost <= recorder.millicores)
            .collect();
        fitting.sort_by_key(|recorder| (load(recorder), &recorder.id));
        fitting
    }

    /// The recorder of a job that is within the guarantee of its app. What others take beyond theirs
    /// leaves this room; what is composed after calls gives way.
    fn guaranteed_place(&self, job: &WaitingJob) -> Option<String> {
        let fitting = self.is_guaranteed(job).then(|| self.fitting(job))?;
        fitting.first().map(|recorder| recorder.id.clone())
    }

    fn chance(&self, job: &WaitingJob, is_folder_awaited: bool) -> Chance {
        if self.is_held(job) {
            return Chance::Held;
        }
        let beyond = self.beyond();
        let slots = self.slots(&job.app_id);
        let used = self.used(&job.app_id);
        let more = (used + job.cost).saturating_sub(used.max(slots.guaranteed));
        let place = self.fitting(job).into_iter().find(|recorder| {
            !(is_folder_awaited && recorder.has_folder)
                && recorder.measured + job.cost <= recorder.millicores
                && self.keeps_promises(&beyond, &recorder.id, more)
        });
        place.map_or(Chance::Waits, |recorder| Chance::Begins(recorder.id.clone()))
    }

    /// What apps take on each recorder beyond their guarantees. The oldest jobs of an app count as
    /// guaranteed.
    fn beyond(&self) -> HashMap<&str, u32> {
        let mut used: HashMap<&AppId, u32> = HashMap::new();
        let mut beyond: HashMap<&str, u32> = HashMap::new();
        for job in &self.running {
            let before = used.entry(&job.app_id).or_default();
            let after = *before + job.cost;
            let guaranteed = self.slots(&job.app_id).guaranteed;
            *beyond.entry(&job.recorder_id).or_default() +=
                after.saturating_sub(guaranteed.max(*before));
            *before = after;
        }
        beyond
    }

    /// Whether all that is guaranteed still finds its place when a recorder takes `more` that is not.
    ///
    /// Then a job of at most [`LARGEST_MILLICORES`] within a guarantee always fits somewhere,
    /// wherever the other guaranteed ones lie: were each recorder too full for it, those would take
    /// more than is guaranteed.
    fn keeps_promises(&self, beyond: &HashMap<&str, u32>, recorder_id: &str, more: u32) -> bool {
        let guaranteed: u64 = self.slots.values().map(|slots| u64::from(slots.guaranteed)).sum();
        let left: Vec<u32> = self
            .taking()
            .map(|recorder| {
                let taken = beyond.get(recorder.id.as_str()).copied().unwrap_or_default();
                let taken = taken + if recorder.id == recorder_id { more } else { 0 };
                recorder.millicores.saturating_sub(taken)
            })
            .collect();
        guaranteed == 0 || usable(&left) >= guaranteed
    }

    /// The first waiting job of each app that counts, by size.
    fn heads(&self, is_small: bool, counts: &dyn Fn(&WaitingJob) -> bool) -> Heads {
        let mut heads = BTreeMap::new();
        for (index, job) in self.waiting.iter().enumerate() {
            if (job.cost < SMALL_MILLICORES) == is_small && counts(job) {
                let weight = self.slots(&job.app_id).weight;
                heads.entry(job.app_id.clone()).or_insert((index, job.cost, weight));
            }
        }
        heads
    }

    fn begin(&mut self, index: usize, recorder_id: String) -> (RecordingId, String) {
        let job = self.waiting.remove(index);
        self.running.push(RunningJob {
            app_id: job.app_id,
            recorder_id: recorder_id.clone(),
            cost: job.cost,
            ends_at_ms: None,
        });
        (job.id, recorder_id)
    }
}

/// Most that can be guaranteed to all apps together on recorders of these capacities.
pub(super) fn most_guaranteed(capacities: &[u32]) -> u64 {
    let whole: u64 = capacities.iter().copied().map(u64::from).sum();
    (whole * GUARANTEED_PERCENT / 100).min(usable(capacities))
}

/// What of these rooms jobs of at most [`LARGEST_MILLICORES`] can surely use.
fn usable(rooms: &[u32]) -> u64 {
    let idle = if rooms.len() > 1 { LARGEST_MILLICORES } else { 0 };
    rooms.iter().map(|room| u64::from(room.saturating_sub(idle))).sum()
}

#[cfg(test)]
mod tests;
