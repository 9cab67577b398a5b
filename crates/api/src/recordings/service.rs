//! The one that owns recordings: gives them to recorders, stores what those say, tells the call.

mod assignment;
mod call_view;
mod destinations;
mod fleet;
mod health;
mod reports;
mod requests;
mod starting;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jumpa_db::{Database, DbError, Recording, RecordingProgress, StoredProgress, Timestamp};
use jumpa_protocol::{
    AllowedNetworks, RecordingId, RoomKey,
    directory::Directory,
    recording::{RecordingKind, RecordingOptions, RecordingRequest, ToRecorder},
};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub(crate) use fleet::{AppSlotsView, FleetView, RecorderView, SlotsView};

use super::{
    library::{Library, LibraryError},
    logos::Logos,
    progress,
    recorders::Recorder,
    reference::FileReferences,
};
use crate::Node;

/// How often everything is looked at, though nothing was heard: the ends of calls and of patience.
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

/// Height of the largest picture that a recording holds when nothing else is asked, pixels.
const DEFAULT_MAX_HEIGHT: u16 = 720;

/// Height of the largest picture that is recorded, when nothing else is asked: as much as a
/// composite of that height can show.
pub(super) fn max_height(options: &RecordingOptions) -> u16 {
    match options.kind {
        RecordingKind::Composite | RecordingKind::Stream => options.height,
        RecordingKind::Tracks | RecordingKind::AudioOnly => DEFAULT_MAX_HEIGHT,
    }
}

/// Where links for people without a login lead.
pub(super) const SHARE_PATH: &str = "/v1/recording_links/";

/// What recordings are made of.
#[derive(Clone)]
pub struct RecordingsConfig {
    /// Stored data.
    pub database: Database,
    /// The server that runs the calls.
    pub node: Arc<dyn Node>,
    /// Apps as admission sees them.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// The folder of the library. It is made when it is missing.
    pub library: PathBuf,
    /// Networks that are not public and in which buckets may be all the same.
    pub storage_networks: AllowedNetworks,
    /// What recorders show. A secret.
    pub recorder_key: String,
    /// Signs links to files. A secret.
    pub signing_key: [u8; 32],
    /// What links begin with, without a slash at the end.
    pub link_base: String,
    /// Told whether a recorder is there that takes recordings.
    pub recorder_presence: watch::Sender<bool>,
    /// Networks that are not public and that streams may be sent to all the same.
    pub stream_networks: AllowedNetworks,
    /// Networks that are not public and from which logos are fetched all the same.
    pub logo_networks: AllowedNetworks,
}

/// The recordings of all tenants.
#[derive(Clone)]
pub struct Recordings(Arc<Inner>);

struct Inner {
    database: Database,
    node: Arc<dyn Node>,
    directory: watch::Receiver<Arc<Directory>>,
    library: Library,
    recorder_key: String,
    references: FileReferences,
    link_base: String,
    stream_networks: AllowedNetworks,
    logos: Logos,
    recorder_presence: watch::Sender<bool>,
    /// Recorders with a link. Never held over an await.
    recorders: Mutex<HashMap<String, Recorder>>,
    /// Who waits, and whose turn it is. Never held over an await, and taken before `recorders`.
    desk: Mutex<assignment::Desk>,
    /// Held while a call is told something, so that it hears the last word last.
    telling: tokio::sync::Mutex<()>,
    /// Something may be due.
    changed: Notify,
}

impl Recordings {
    /// Opens the library.
    ///
    /// # Errors
    /// [`LibraryError`] when the folder cannot be made or read.
    pub fn open(config: RecordingsConfig) -> Result<Self, LibraryError> {
        Ok(Self(Arc::new(Inner {
            library: Library::open(config.library, config.storage_networks)?,
            database: config.database,
            node: config.node,
            directory: config.directory,
            recorder_key: config.recorder_key,
            references: FileReferences::new(&config.signing_key),
            link_base: config.link_base,
            stream_networks: config.stream_networks,
            logos: Logos::new(config.logo_networks),
            recorder_presence: config.recorder_presence,
            recorders: Mutex::default(),
            desk: Mutex::default(),
            telling: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        })))
    }

    /// Gives what is queued to recorders, ends what nobody can record, does what moderators ask and
    /// keeps the library tidy, until `stop`.
    pub async fn keep_running(
        self,
        requests: mpsc::Receiver<RecordingRequest>,
        stop: CancellationToken,
    ) {
        tokio::join!(self.keep_purging(&stop), self.keep_looking(requests, &stop));
    }

    async fn keep_looking(
        &self,
        mut requests: mpsc::Receiver<RecordingRequest>,
        stop: &CancellationToken,
    ) {
        // After a restart no recorder is there until it says so.
        let noted = self.0.database.operator().note_recorder_away(None, Timestamp::now()).await;
        if let Err(error) = noted {
            warn!(%error, "what recorders are doing is not known after the start");
        }
        let mut looks = tokio::time::interval(LOOK_INTERVAL);
        let mut is_away = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                Some(request) = requests.recv() => self.serve(request).await,
                _ = looks.tick() => {}
                () = self.0.changed.notified() => {}
            }
            let looked = self.look(Timestamp::now()).await;
            self.tell_presence();
            match looked {
                Ok(()) => is_away = false,
                Err(error) if !is_away => {
                    warn!(%error, "recordings cannot be looked after");
                    is_away = true;
                }
                Err(_) => {}
            }
        }
    }

    pub(super) fn database(&self) -> &Database {
        &self.0.database
    }

    pub(super) fn library(&self) -> &Library {
        &self.0.library
    }

    pub(super) fn references(&self) -> &FileReferences {
        &self.0.references
    }

    pub(super) fn recorder_key(&self) -> &str {
        &self.0.recorder_key
    }

    pub(super) fn link_base(&self) -> &str {
        &self.0.link_base
    }

    /// Tells calls that must be recorded whether they can be. One whose app has used up its share
    /// of the recorders begins, waits for its turn, and ends when that does not come in time.
    fn tell_presence(&self) {
        let is_there = self
            .capacities()
            .iter()
            .any(|recorder| recorder.takes_jobs && recorder.measured < recorder.millicores);
        self.0
            .recorder_presence
            .send_if_modified(|told| std::mem::replace(told, is_there) != is_there);
    }

    /// Changes a recording and tells the call when people there see something else.
    async fn change(
        &self,
        id: RecordingId,
        next: impl FnOnce(&Recording) -> Option<RecordingProgress> + Send,
    ) -> Result<StoredProgress, DbError> {
        let operator = self.0.database.operator();
        let link_start = format!("{}{SHARE_PATH}", self.0.link_base);
        let stored = operator.change_recording(id, next, &link_start, Timestamp::now()).await?;
        if stored.is_step {
            let recording = &stored.recording;
            info!(
                recording.id = %id, call.id = %recording.call_id,
                state = recording.state.as_str(), "a recording is {}", recording.state.as_str()
            );
        }
        if stored.is_news {
            self.tell_call(id, |_| true).await;
        }
        Ok(stored)
    }

    /// Whether its call goes on.
    fn is_live(&self, recording: &Recording) -> bool {
        let live = self.0.node.live_room(&room_of(recording));
        live.is_some_and(|live| live.call_id == recording.call_id)
    }

    /// Whether a recording was not begun yet over the link that its recorder has; it counts as
    /// begun from now on.
    fn begins(&self, id: RecordingId, recorder_id: &str) -> bool {
        let mut recorders = self.recorders();
        recorders.get_mut(recorder_id).is_some_and(|recorder| recorder.begun.insert(id))
    }

    /// Says something to the recorder of a recording, if it is there. One that is not, or does not
    /// read, hears it with its next link.
    pub(super) fn say(&self, recording: &Recording, message: ToRecorder) {
        let Some(recorder_id) = &recording.recorder_id else { return };
        let mut recorders = self.recorders();
        let Some(recorder) = recorders.get(recorder_id) else { return };
        if recorder.sender.try_send(message).is_err() {
            recorders.remove(recorder_id);
        }
    }

    fn recorders(&self) -> MutexGuard<'_, HashMap<String, Recorder>> {
        self.0.recorders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn room_of(recording: &Recording) -> RoomKey {
    RoomKey { app_id: recording.app_id.clone(), room: recording.room.clone() }
}
