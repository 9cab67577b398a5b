//! Which recorder gets what is queued, and what those hear who wait.

use std::{
    collections::{BTreeSet, HashMap},
    mem,
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use jumpa_db::{Author, BucketOwners, DbError, Recording, RecordingSlots, Timestamp};
use jumpa_protocol::{
    AppId, RecordingId,
    recording::{QueuePlace, RecordingState},
};

use tracing::info;

use super::{
    super::{
        admission::{
            Admission, Capacity, Picture, RunningJob, WaitingJob,
            cost::{Work, cost},
        },
        progress,
        view::RecordingSummary,
    },
    Recordings, room_of,
};

/// How much another expected start must differ to be told. Less is told at every end of a call.
const NEWS_MS: u64 = 60_000;

/// How long what is known of the lengths of recordings is used.
const LENGTHS_LAST: Duration = Duration::from_secs(10 * 60);

/// How far back recordings tell how long they are.
const LENGTHS_OF: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What is kept between two looks at the queue.
#[derive(Debug, Default)]
pub(super) struct Desk {
    admission: Admission,
    /// Where everything that waits stands.
    queue: HashMap<RecordingId, QueuePlace>,
    /// The same as it was told last.
    told: HashMap<RecordingId, QueuePlace>,
    /// Recorders that get no more jobs, as the database had them at the last look.
    draining: BTreeSet<String>,
    /// Whose recordings go into buckets, as of the last look.
    buckets: BucketOwners,
    /// How long recordings of apps are, microseconds, and since when that is known.
    lengths: Option<(Timestamp, HashMap<AppId, i64>)>,
}

impl Recordings {
    /// Looks at everything that is not over.
    pub(super) async fn look(&self, now: Timestamp) -> Result<(), DbError> {
        let draining = self.0.database.operator().draining_recorders().await?;
        let buckets = self.0.database.operator().bucket_owners().await?;
        {
            let mut desk = self.desk();
            desk.draining = draining;
            desk.buckets = buckets;
        }
        let mut going_on = Vec::new();
        for recording in self.0.database.operator().unfinished_recordings().await? {
            let is_live = self.is_live(&recording);
            if progress::aged(&recording, is_live, now).is_some() {
                self.change(recording.id, |before| progress::aged(before, is_live, now)).await?;
                continue;
            }
            if recording.state != RecordingState::Queued && recording.state.is_running() {
                // A call that goes on after a restart of the server does not know it any more.
                self.tell_call(recording.id, |now| now.state.is_running()).await;
            }
            going_on.push(recording);
        }
        let picture = self.picture(&going_on, now).await?;
        // Tracks would wait as well while no recorder is there, as when a server starts.
        let is_staffed = picture.recorders.iter().any(|recorder| recorder.takes_jobs);
        let decision = self.desk().admission.decide(picture, millis(now));
        for (id, recorder_id) in decision.begins {
            self.assign(id, &recorder_id).await?;
        }
        let falls_back = |id: RecordingId| {
            let options = going_on.iter().find(|one| one.id == id).map(Recording::options);
            options.is_some_and(|options| options.fallback.is_some())
        };
        let mut queue = Vec::with_capacity(decision.queue.len());
        for (id, place) in decision.queue {
            if is_staffed
                && falls_back(id)
                && self.0.database.operator().let_recording_fall_back(id).await?
            {
                info!(recording.id = %id, "a recording does not wait: it becomes tracks");
                self.look_soon();
            } else {
                queue.push((id, place));
            }
        }
        self.keep_queue(queue, now).await
    }

    /// Where a recording stands that waits for capacity.
    pub(in crate::recordings) fn queue_place(&self, recording: &Recording) -> Option<QueuePlace> {
        let is_queued = recording.state == RecordingState::Queued;
        is_queued.then(|| self.desk().queue.get(&recording.id).copied()).flatten()
    }

    /// A recording as it stands in answers.
    pub(in crate::recordings) fn summary(
        &self,
        recording: Recording,
        now: Timestamp,
    ) -> RecordingSummary {
        let place = self.queue_place(&recording);
        RecordingSummary::new(recording, now).with_queue(place)
    }

    /// Everything that admission looks at. Of recorders that are away neither their room nor what
    /// they are at counts.
    pub(in crate::recordings) async fn picture(
        &self,
        unfinished: &[Recording],
        now: Timestamp,
    ) -> Result<Picture, DbError> {
        let slots = self.slots().await?;
        let is_queued = |recording: &&Recording| recording.state == RecordingState::Queued;
        if unfinished.iter().any(|recording| is_queued(&recording)) {
            self.learn_lengths(now).await?;
        }
        let recorders = self.capacities();
        let desk = self.desk();
        let length_us = |app_id: &AppId| {
            desk.lengths.as_ref().and_then(|(_, lengths)| lengths.get(app_id).copied())
        };
        let running = unfinished.iter().filter(|recording| recording.state.is_running());
        let running = running.filter_map(|recording| {
            let recorder_id = recording.recorder_id.clone()?;
            recorders.iter().any(|recorder| recorder.id == recorder_id).then(|| RunningJob {
                recorder_id,
                app_id: recording.app_id.clone(),
                cost: self.cost(recording),
                ends_at_ms: end(recording, length_us(&recording.app_id), now),
            })
        });
        let waiting = unfinished.iter().filter(is_queued).map(|recording| WaitingJob {
            id: recording.id,
            app_id: recording.app_id.clone(),
            cost: self.cost(recording),
            lasts_ms: length_us(&recording.app_id).and_then(|us| u64::try_from(us / 1_000).ok()),
            needs_folder: !desk.buckets.have(&recording.app_id),
        });
        let (running, waiting) = (running.collect(), waiting.collect());
        Ok(Picture { recorders, slots, running, waiting })
    }

    /// What apps were given of the recorders.
    pub(in crate::recordings) async fn slots(
        &self,
    ) -> Result<HashMap<AppId, RecordingSlots>, DbError> {
        let slots = self.0.database.operator().recording_slots().await?;
        Ok(slots.into_iter().map(|one| (one.app_id, one.slots)).collect())
    }

    /// Every recorder with a link.
    pub(in crate::recordings) fn capacities(&self) -> Vec<Capacity> {
        let desk = self.desk();
        let recorders = self.recorders();
        let of = |(id, recorder): (&String, &super::Recorder)| {
            recorder.capacity(id, desk.draining.contains(id), &desk.buckets)
        };
        recorders.iter().map(of).collect()
    }

    /// What a recording takes of its recorder, thousandths of a processor core.
    pub(in crate::recordings) fn cost(&self, recording: &Recording) -> u32 {
        let live = self.0.node.live_room(&room_of(recording));
        let options = recording.options();
        cost(Work {
            kind: options.kind,
            layout: options.layout,
            height: options.height,
            time: options.compose,
            participants: live.map_or(1, |live| live.participants),
        })
    }

    /// From now on a recorder gets no more jobs, or gets them again; the next server knows as well.
    pub(crate) async fn set_recorder_draining(
        &self,
        recorder_id: &str,
        is_draining: bool,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let operator = self.0.database.operator();
        operator.set_recorder_draining(recorder_id, is_draining, by, now).await?;
        if is_draining {
            self.desk().draining.insert(recorder_id.to_owned());
        } else {
            self.desk().draining.remove(recorder_id);
        }
        self.look_soon();
        Ok(())
    }

    /// Something may be due.
    pub(crate) fn look_soon(&self) {
        self.0.changed.notify_one();
    }

    /// Recorders that get no more jobs, also those that are away.
    pub(in crate::recordings) fn draining(&self) -> BTreeSet<String> {
        self.desk().draining.clone()
    }

    /// Gives a queued recording to a recorder.
    async fn assign(&self, id: RecordingId, recorder_id: &str) -> Result<(), DbError> {
        // Its job first: what cannot be read now leaves it in the queue.
        let Some(queued) = self.0.database.operator().recording(id).await? else { return Ok(()) };
        if self.awaits_logo(&queued) {
            return Ok(());
        }
        let job = self.job(&queued).await?;
        let stored = self.change(id, |before| progress::assigned(before, recorder_id)).await?;
        if stored.is_step && self.begins(id, recorder_id) {
            self.say(&stored.recording, job);
        }
        Ok(())
    }

    /// Stores the queue and tells those whose place in it is another one.
    async fn keep_queue(
        &self,
        queue: Vec<(RecordingId, QueuePlace)>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let news: Vec<_> = {
            let mut desk = self.desk();
            desk.queue = queue.iter().copied().collect();
            let told = mem::take(&mut desk.told);
            let is_old = |(id, place): &&(RecordingId, QueuePlace)| {
                told.get(id).is_some_and(|told| !is_news(*told, *place))
            };
            let kept = queue.iter().filter(is_old).map(|(id, _)| (*id, told[id]));
            desk.told = kept.collect();
            queue.into_iter().filter(|(id, _)| !desk.told.contains_key(id)).collect()
        };
        for (id, place) in news {
            self.0.database.operator().note_recording_waits(id, place, now).await?;
            self.tell_call(id, |recording| recording.state == RecordingState::Queued).await;
            self.desk().told.insert(id, place);
        }
        Ok(())
    }

    async fn learn_lengths(&self, now: Timestamp) -> Result<(), DbError> {
        let is_known = |at: Timestamp| now < at + LENGTHS_LAST;
        if self.desk().lengths.as_ref().is_some_and(|(at, _)| is_known(*at)) {
            return Ok(());
        }
        let back = i64::try_from(LENGTHS_OF.as_micros()).unwrap_or(i64::MAX);
        let since = Timestamp::from_micros(now.as_micros().saturating_sub(back));
        let lengths = self.0.database.operator().recording_lengths(since).await?;
        let lengths = lengths.into_iter().map(|one| (one.app_id, one.length_us)).collect();
        self.desk().lengths = Some((now, lengths));
        Ok(())
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When a recording is over: at once when it was stopped, else when it is as long as those of its
/// app usually are. Nobody knows of one that is longer by now.
fn end(recording: &Recording, length_us: Option<i64>, now: Timestamp) -> Option<u64> {
    if recording.is_stopping {
        return Some(millis(now));
    }
    let end = recording.started_at?.as_micros().checked_add(length_us?)?;
    (end > now.as_micros()).then(|| millis(Timestamp::from_micros(end)))
}

fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.as_micros() / 1_000).unwrap_or_default()
}

/// Whether somebody who was told the first wants to hear of the second.
fn is_news(told: QueuePlace, now: QueuePlace) -> bool {
    told.place != now.place
        || match (told.expected_at_ms, now.expected_at_ms) {
            (Some(told), Some(now)) => told.abs_diff(now) >= NEWS_MS,
            (None, None) => false,
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_place_or_minute_is_news() {
        let place = |place, expected_at_ms| QueuePlace { place, expected_at_ms };
        assert!(!is_news(place(1, None), place(1, None)));
        assert!(!is_news(place(1, Some(60_000)), place(1, Some(119_999))));
        assert!(is_news(place(1, Some(60_000)), place(1, Some(120_000))));
        assert!(is_news(place(1, Some(60_000)), place(1, None)));
        assert!(is_news(place(2, None), place(1, None)));
    }
}
