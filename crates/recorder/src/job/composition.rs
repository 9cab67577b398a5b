//! What a job has composed, and when.

use std::time::Duration;

use jumpa_protocol::recording::{RecordingFailure, RecordingKind, RecordingLayout, StreamTarget};
use jumpa_recorded::composing::{ComposedKind, Composition};
use tokio::{sync::watch, time::timeout};

use super::Job;
use crate::{
    completion::{self, Product},
    composing::{ComposeError, Composed, Live, Waiting, Wanted, compose},
};

/// How long a poster may take. It reads up to the first picture, which comes within seconds.
const POSTER_PATIENCE: Duration = Duration::from_secs(20);

/// Height of what is composed when nobody said it, pixels.
const USUAL_HEIGHT: u16 = 720;

impl Job {
    /// Everything before a moment can be read: a composer that reads along begins or goes on.
    pub(super) fn compose_up_to(&mut self, horizon_ms: u64, targets: &[StreamTarget]) {
        if !self.record.is_composed_live() {
            return;
        }
        let Some(live) = &self.live else {
            let wanted = Wanted { horizon_ms, end_ms: None, targets: targets.to_vec() };
            let composers = self.workshop.composers.clone();
            self.live = Some(Live::start(composers, self.composition(), wanted));
            return;
        };
        live.wanted.send_if_modified(|wanted| {
            let is_later = wanted.horizon_ms < horizon_ms;
            wanted.horizon_ms = wanted.horizon_ms.max(horizon_ms);
            is_later
        });
    }

    /// The stream goes to these from now on.
    pub(super) fn set_targets(&self, targets: Vec<StreamTarget>) {
        if let Some(live) = &self.live {
            live.wanted.send_if_modified(|wanted| {
                let is_other = wanted.targets != targets;
                wanted.targets = targets;
                is_other
            });
        }
    }

    /// Waits until a composer that reads along came further.
    pub(super) async fn composes(live: &mut Option<Live>) {
        let Some(live) = live else {
            return std::future::pending().await;
        };
        if live.composed.changed().await.is_err() {
            // It gave up, which is looked at when the recording is over.
            std::future::pending::<()>().await;
        }
    }

    /// Tells the server how far a composer that reads along is.
    pub(super) fn tell_composed(&mut self) {
        if let Some(live) = &mut self.live {
            let now = live.composed.borrow_and_update().clone();
            self.tell_how_far(now);
        }
    }

    fn tell_how_far(&mut self, now: Composed) {
        self.record.report.composed_ms = Some(now.composed_ms);
        self.record.report.targets = now.targets;
        self.tell();
    }

    /// Composes what is wanted of files that are whole, the last of which ends at `end_ms`,
    /// milliseconds since 1970. The tracks are kept when that fails.
    pub(super) async fn product(&mut self, end_ms: u64) -> Product {
        if self.record.kind == RecordingKind::Tracks {
            self.make_poster().await;
            return Product::Tracks;
        }
        if self.record.report.failure.is_some() {
            // What is there may be all that fits onto the disk.
            return Product::Tracks;
        }
        let folder = self.workshop.spool.job_folder(self.record.id());
        let began_at_ms = self.record.report.started_at_ms.unwrap_or(end_ms);
        let length_ms = end_ms.saturating_sub(began_at_ms).max(completion::end_of_log(&folder));
        let done = match self.live.take() {
            Some(live) => self.finish_live(live, length_ms).await,
            None => self.compose_at_last(length_ms).await,
        };
        match done {
            Ok(files) if files.iter().any(|name| folder.join(name).exists()) => {
                Product::Composed { length_ms }
            }
            Ok(files) => {
                tracing::error!(?files, recording.id = %self.record.id(), "nothing was composed; the tracks are kept");
                self.record.blame(RecordingFailure::Internal, "the composer made no file");
                Product::Tracks
            }
            Err(error) => {
                tracing::error!(%error, recording.id = %self.record.id(), "composing failed; the tracks are kept");
                self.record.blame(RecordingFailure::Internal, error.to_string());
                Product::Tracks
            }
        }
    }

    /// What was composed during the call gets its end.
    async fn finish_live(
        &mut self,
        mut live: Live,
        length_ms: u64,
    ) -> Result<Vec<String>, ComposeError> {
        live.wanted.send_modify(|wanted| {
            wanted.horizon_ms = length_ms;
            wanted.end_ms = Some(length_ms);
        });
        loop {
            tokio::select! {
                done = &mut live.result => {
                    // Its last word may have come together with its end.
                    let now = live.composed.borrow_and_update().clone();
                    self.tell_how_far(now);
                    return done.unwrap_or_else(|error| Err(ComposeError::GaveUp(error.to_string())));
                }
                Ok(()) = live.composed.changed() => {
                    let now = live.composed.borrow_and_update().clone();
                    self.tell_how_far(now);
                }
            }
        }
    }

    /// Composes everything, when it is this app's turn; at once when it should have been done during
    /// the call, as after a crash.
    async fn compose_at_last(&mut self, length_ms: u64) -> Result<Vec<String>, ComposeError> {
        let composers = self.workshop.composers.clone();
        let wanted = Wanted { horizon_ms: length_ms, end_ms: Some(length_ms), targets: Vec::new() };
        let (_wanted, wanted_out) = watch::channel(wanted);
        let (composed_in, mut composed) = watch::channel(Composed::default());
        let is_background = !self.record.is_composed_live();
        loop {
            let turn = if is_background {
                let left_ms = length_ms.saturating_sub(composed_in.borrow().composed_ms);
                let waiting = Waiting {
                    id: self.record.id(),
                    app_id: self.record.app_id.clone(),
                    weight: self.record.weight,
                    length_ms: left_ms,
                };
                Some(composers.queue.turn(waiting).await)
            } else {
                None
            };
            let is_taken_back = async {
                match &turn {
                    Some(turn) => turn.taken_back.cancelled().await,
                    None => std::future::pending().await,
                }
            };
            let composing = compose(
                &composers,
                self.composition(),
                wanted_out.clone(),
                &composed_in,
                is_background,
            );
            tokio::pin!(composing, is_taken_back);
            loop {
                tokio::select! {
                    done = &mut composing => {
                        // Its last word may have come together with its end.
                        if composed.has_changed().is_ok_and(|has_changed| has_changed) {
                            let now = composed.borrow_and_update().clone();
                            self.tell_how_far(now);
                        }
                        return done;
                    }
                    () = &mut is_taken_back => break,
                    Ok(()) = composed.changed() => {
                        let now = composed.borrow_and_update().clone();
                        self.tell_how_far(now);
                    }
                }
            }
            tracing::info!(recording.id = %self.record.id(), "composing waits: calls need the cores");
        }
    }

    /// A poster of the tracks. Without one a recording is no less worth.
    async fn make_poster(&self) {
        let composition = Composition { kind: ComposedKind::Poster, ..self.composition() };
        let composers = self.workshop.composers.clone();
        if composers.program.is_none() {
            return;
        }
        let wanted = Wanted { horizon_ms: u64::MAX, end_ms: Some(u64::MAX), targets: Vec::new() };
        let (_wanted, wanted) = watch::channel(wanted);
        let (composed, _) = watch::channel(Composed::default());
        let making = compose(&composers, composition, wanted, &composed, false);
        match timeout(POSTER_PATIENCE, making).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, recording.id = %self.record.id(), "there is no poster");
            }
            Err(_) => {
                tracing::warn!(recording.id = %self.record.id(), "making a poster took too long");
            }
        }
    }

    /// What a composer has to do for the job. Where it is sent is said apart.
    fn composition(&self) -> Composition {
        let id = self.record.id();
        let how = self.record.composition.as_ref();
        let height = how.map_or(USUAL_HEIGHT, |how| how.height);
        Composition {
            folder: self.workshop.spool.job_folder(id),
            kind: match self.record.kind {
                RecordingKind::AudioOnly => ComposedKind::AudioOnly,
                RecordingKind::Tracks | RecordingKind::Composite | RecordingKind::Stream => {
                    ComposedKind::Composite
                }
            },
            layout: how.map_or(RecordingLayout::Grid, |how| how.layout),
            width: height / 9 * 16,
            height,
            has_names: how.is_some_and(|how| how.has_names),
            logo: self.workshop.spool.logo(id),
            is_live: self.record.is_composed_live(),
            targets: Vec::new(),
        }
    }
}
