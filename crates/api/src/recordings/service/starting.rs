//! How recordings begin, where streams are sent, and how they are told to end.

use jumpa_db::{Author, DbError, NewRecording, Recording, Timestamp};
use jumpa_protocol::{
    RecordingId, TenantId,
    recording::{
        ChosenTarget, ComposeTime, Composition, RecordingJob, RecordingKind, RecordingOptions,
        ToRecorder,
    },
};
use tracing::{info, warn};

use super::{
    super::{admission::UNSET_SLOTS, logos::Logo},
    Recordings, progress, room_of,
};

impl Recordings {
    /// Puts a recording into the queue.
    pub(crate) async fn start(
        &self,
        tenant_id: TenantId,
        new: &NewRecording,
    ) -> Result<Recording, DbError> {
        let scope = self.0.database.tenant(tenant_id);
        let recording = scope.start_recording(new, Timestamp::now()).await?;
        info!(
            tenant.id = %tenant_id, recording.id = %recording.id, call.id = %recording.call_id,
            kind = recording.kind.as_str(), "a recording was asked for"
        );
        self.tell_call(recording.id, |_| true).await;
        self.0.changed.notify_one();
        Ok(recording)
    }

    /// Ends a recording: its recorder leaves the call and completes the files.
    pub(crate) async fn stop(&self, id: RecordingId) -> Result<Recording, DbError> {
        let stored = self.change(id, progress::stopped).await?;
        if stored.recording.is_stopping {
            self.say(&stored.recording, ToRecorder::Stop { id });
        }
        Ok(stored.recording)
    }

    /// Has a running stream sent to these targets and to no others. `by` is who asks from outside
    /// the call.
    pub(crate) async fn set_targets(
        &self,
        tenant_id: TenantId,
        id: RecordingId,
        targets: &[ChosenTarget],
        by: Option<&Author>,
    ) -> Result<Recording, DbError> {
        let scope = self.0.database.tenant(tenant_id);
        let recording = scope.set_recording_targets(id, targets, by, Timestamp::now()).await?;
        let targets = self.destinations(&recording).await?;
        self.say(&recording, ToRecorder::SetTargets { id, targets });
        self.tell_call(id, |_| true).await;
        Ok(recording)
    }

    /// What its recorder has to do.
    pub(super) async fn job(&self, recording: &Recording) -> Result<ToRecorder, DbError> {
        let room = room_of(recording);
        let join_token = self.0.node.recorder_token(&room, recording.call_id, recording.id);
        let slots = self.slots().await?.get(&recording.app_id).copied().unwrap_or(UNSET_SLOTS);
        Ok(ToRecorder::Start {
            job: RecordingJob {
                id: recording.id,
                tenant_id: recording.tenant_id,
                app_id: recording.app_id.clone(),
                room: recording.room.clone(),
                call_id: recording.call_id,
                kind: recording.kind,
                max_height: recording.max_height,
                composition: composition(recording.options(), self.logo(recording)),
                targets: self.destinations(recording).await?,
                weight: slots.weight,
                join_token,
            },
        })
    }

    /// Whether the logo that a recording shows is on its way. It waits in the queue for that, a few
    /// seconds at most; where there is none to be had it goes on without.
    pub(super) fn awaits_logo(&self, recording: &Recording) -> bool {
        let Some(url) = self.logo_url(recording) else { return false };
        match self.0.logos.look(&url) {
            Logo::Known { .. } => false,
            Logo::Coming { .. } => true,
            Logo::Unknown => {
                let (tenant_id, app_id) = (recording.tenant_id, recording.app_id.clone());
                let recordings = self.clone();
                // Ends by itself: fetching has a bound.
                tokio::spawn(async move {
                    if let Err(error) = recordings.0.logos.fetch(&url).await {
                        warn!(
                            tenant.id = %tenant_id, app.id = %app_id, %error,
                            "recordings of an app are made without its logo: {error}"
                        );
                    }
                    recordings.look_soon();
                });
                true
            }
        }
    }

    fn logo(&self, recording: &Recording) -> Option<String> {
        self.0.logos.image(&self.logo_url(recording)?)
    }

    /// Where the logo lies that a recording shows: that of its app, on whatever has a picture of
    /// everybody.
    fn logo_url(&self, recording: &Recording) -> Option<String> {
        match recording.kind {
            RecordingKind::Tracks | RecordingKind::AudioOnly => None,
            RecordingKind::Composite | RecordingKind::Stream => {
                let directory = self.0.directory.borrow();
                directory.apps.get(&recording.app_id)?.branding.logo_url.clone()
            }
        }
    }
}

/// How everything but tracks is made.
fn composition(options: RecordingOptions, logo: Option<String>) -> Option<Composition> {
    let time = match options.kind {
        RecordingKind::Tracks => return None,
        RecordingKind::Stream => ComposeTime::Live,
        RecordingKind::Composite | RecordingKind::AudioOnly => options.compose,
    };
    Some(Composition {
        layout: options.layout,
        height: options.height,
        time,
        has_names: options.has_names,
        logo,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_made_during_the_call_whatever_was_asked() {
        let stream = RecordingOptions::new(RecordingKind::Stream);
        assert_eq!(stream.compose, ComposeTime::AfterCall);
        assert_eq!(composition(stream, None).unwrap().time, ComposeTime::Live);
        let composite = RecordingOptions::new(RecordingKind::Composite);
        assert_eq!(composition(composite, None).unwrap().time, ComposeTime::AfterCall);
        assert_eq!(composition(RecordingOptions::new(RecordingKind::Tracks), None), None);
    }
}
