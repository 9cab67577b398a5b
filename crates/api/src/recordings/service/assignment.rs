//! Which recorder gets what is queued, and when.

use std::collections::HashMap;

use jumpa_db::{DbError, Recording, Timestamp};
use jumpa_protocol::recording::RecordingState;

use super::{
    super::{progress, recorders},
    Recordings, room_of,
};

impl Recordings {
    /// Looks at everything that is not over.
    pub(super) async fn look(&self, now: Timestamp) -> Result<(), DbError> {
        let unfinished = self.0.database.operator().unfinished_recordings().await?;
        let mut promised: HashMap<String, u32> = HashMap::new();
        for recording in &unfinished {
            if let Some(recorder_id) = recording.recorder_id.clone()
                && recording.state.is_running()
            {
                *promised.entry(recorder_id).or_default() += self.cost(recording);
            }
        }
        for recording in unfinished {
            let is_live = self.is_live(&recording);
            if progress::aged(&recording, is_live, now).is_some() {
                self.change(recording.id, |before| progress::aged(before, is_live, now)).await?;
            } else if recording.state == RecordingState::Queued {
                self.assign(&recording, &mut promised).await?;
            } else if recording.state.is_running() {
                // A call that goes on after a restart of the server does not know it any more.
                self.tell_call(recording.id, |now| now.state.is_running()).await;
            }
        }
        Ok(())
    }

    /// Gives a queued recording to a recorder, if one is free.
    async fn assign(
        &self,
        recording: &Recording,
        promised: &mut HashMap<String, u32>,
    ) -> Result<(), DbError> {
        let cost = self.cost(recording);
        let chosen = recorders::choose(&self.recorders(), promised, cost);
        let Some(recorder_id) = chosen else { return Ok(()) };
        let stored =
            self.change(recording.id, |before| progress::assigned(before, &recorder_id)).await?;
        if stored.is_news {
            if let Some(job) = self.begin(&stored.recording, &recorder_id) {
                self.say(&stored.recording, job);
            }
            *promised.entry(recorder_id).or_default() += cost;
        }
        Ok(())
    }

    fn cost(&self, recording: &Recording) -> u32 {
        let live = self.0.node.live_room(&room_of(recording));
        recorders::cost(recording.kind, live.map_or(1, |live| live.participants))
    }
}
