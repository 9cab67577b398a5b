//! What recorders say.

use jumpa_db::{DbError, Timestamp};
use jumpa_protocol::recording::{JobReport, ToRecorder};
use tracing::warn;
use uuid::Uuid;

use super::{super::recorders::Load, Recorder, Recordings, progress};

impl Recordings {
    /// A recorder is there. Gives what is to be said to it: everything that it may have missed.
    pub(in crate::recordings) async fn greet(
        &self,
        (recorder_id, recorder): (&str, Recorder),
        jobs: &[JobReport],
    ) -> Result<Vec<ToRecorder>, DbError> {
        self.recorders().insert(recorder_id.to_owned(), recorder);
        self.tell_presence();
        let mut answers = Vec::new();
        for report in jobs {
            answers.extend(self.store(recorder_id, report, true).await?);
        }
        for recording in self.0.database.operator().unfinished_recordings().await? {
            let is_theirs = recording.recorder_id.as_deref() == Some(recorder_id);
            if is_theirs && jobs.iter().all(|report| report.id != recording.id) {
                let is_live = self.is_live(&recording);
                let change = self.change(recording.id, |before| progress::missing(before, is_live));
                let recording = change.await?.recording;
                if !recording.state.is_final() && self.begins(recording.id, recorder_id) {
                    answers.push(self.job(&recording).await?);
                }
            }
        }
        self.0.changed.notify_one();
        Ok(answers)
    }

    /// Stores a report. Gives what is to be said: that the end is stored, that the job is to end,
    /// and after a break (`is_greeting`) that it goes on.
    pub(in crate::recordings) async fn store(
        &self,
        recorder_id: &str,
        report: &JobReport,
        is_greeting: bool,
    ) -> Result<Option<ToRecorder>, DbError> {
        let id = report.id;
        let change = self.change(id, |before| progress::reported(before, recorder_id, report));
        let recording = match change.await {
            Ok(stored) => stored.recording,
            // Removed with its tenant: nobody will ever ask for it.
            Err(DbError::RecordingUnknown) => return Ok(Some(ToRecorder::Settled { id })),
            Err(error) => return Err(error),
        };
        if recording.recorder_id.as_deref() != Some(recorder_id) {
            return Ok(Some(ToRecorder::Stop { id }));
        }
        if progress::is_over(&recording) {
            return Ok(Some(ToRecorder::Settled { id }));
        }
        if !is_greeting || !recording.state.is_running() {
            return Ok(None);
        }
        let goes_on = !recording.is_stopping && self.is_live(&recording);
        Ok(Some(if goes_on { self.job(&recording).await? } else { ToRecorder::Stop { id } }))
    }

    /// Notes how a recorder is, and tells calls whose pictures it leaves out.
    pub(in crate::recordings) async fn note_load(
        &self,
        recorder_id: &str,
        load: Load,
    ) -> Result<(), DbError> {
        let before = match self.recorders().get_mut(recorder_id) {
            Some(recorder) => std::mem::replace(&mut recorder.load, load),
            None => return Ok(()),
        };
        // Beside a roomy disk before and after there is nothing to tell.
        if before.spool_level.is_none() || before.is_sound_only() || load.is_sound_only() {
            let (is_sound_only, now) = (load.is_sound_only(), Timestamp::now());
            let operator = self.0.database.operator();
            for id in operator.note_recorder_sound_only(recorder_id, is_sound_only, now).await? {
                self.tell_call(id, |_| true).await;
            }
        }
        self.look_soon();
        Ok(())
    }

    /// A link is gone. A recorder that has a new one by then is there all the same.
    pub(in crate::recordings) async fn part(&self, recorder_id: &str, link: Uuid) {
        {
            let mut recorders = self.recorders();
            if recorders.get(recorder_id).is_some_and(|recorder| recorder.link != link) {
                return;
            }
            recorders.remove(recorder_id);
        }
        self.tell_presence();
        let operator = self.0.database.operator();
        if let Err(error) = operator.note_recorder_away(Some(recorder_id), Timestamp::now()).await {
            warn!(%error, "a recorder is away and that could not be stored");
        }
    }
}
