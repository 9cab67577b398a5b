//! Keeps what calls remember in a folder, so that a server that was killed goes on with them.
//!
//! One file per call, of JSON lines: the memory as it was when the file was written, then one line
//! per change. A change is appended; a file that has grown is written anew beside its place and
//! moved there. So at every moment a whole file lies in its place, with a torn last line at worst,
//! and whatever is torn had not been remembered yet.
//!
//! Nothing waits for the disk to have it: what the kernel has taken outlives the process, and that
//! is what is wanted. After a power failure the last seconds may be missing.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    thread,
    time::{Duration, Instant, SystemTime},
};

use jumpa_protocol::{CallId, RoomKey, signal::LeaveReason};
use tokio::sync::oneshot;
use tracing::{info, warn};

use crate::{
    call::{Call, CallMemory, Change},
    telemetry,
};

mod file;

/// Records that wait for the writer. Calls never wait: when it is full, a call notes that its file
/// is behind, and hands over everything it remembers as soon as there is place again.
const RECORDS: usize = 1_024;

/// How often the folder is marked as one of a running server, and files that could not be written
/// are tried again. A server that was killed is taken to have been down up to this much longer.
const MARK_INTERVAL: Duration = Duration::from_secs(10);

/// How long after the end of a server its calls are forgotten.
///
/// Clients try to come back for as long as their page is open, and nobody looks at a call that
/// stands still for half an hour. Longer lets people meet, in a room of the same name, what others
/// wrote there long ago; shorter loses calls over a repair of the machine.
const FORGETS_CALLS_AFTER: Duration = Duration::from_secs(30 * 60);

/// How soon a call whose file is behind tries to hand everything over.
pub const CATCH_UP_INTERVAL: Duration = Duration::from_secs(1);

/// The file whose time of change says when a server was last seen on the folder.
const MARK: &str = "alive";

/// The way to the writer of the folder. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CallStore {
    records: SyncSender<Record>,
}

/// What the writer is asked to do.
#[derive(Debug)]
enum Record {
    /// Write the file of a call anew.
    Whole(Box<CallMemory>),
    /// Add changes to the file of a call.
    Changes(CallId, Vec<Change>),
    /// Delete the file of a call.
    Forget(CallId),
    /// Say when everything before this is done.
    Flush(oneshot::Sender<()>),
}

impl CallStore {
    /// Opens the folder, which is made, for its owner alone, when it is missing, and starts its
    /// writer; gives the calls that were going on when the last server ended, if that was not too
    /// long before `now`. A file that cannot be read is left where it is.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path, now: SystemTime) -> io::Result<(Self, Vec<CallMemory>)> {
        if !folder.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let memories = remembered(folder, now)?;
        let (records, receiver) = sync_channel(RECORDS);
        let writer = Writer::new(folder.to_owned());
        thread::Builder::new()
            .name("jumpa-calls".to_owned())
            .spawn(move || writer.run(&receiver))?;
        Ok((Self { records }, memories))
    }

    /// Deletes the file of a call that is over. When the writer has no time it is done later.
    pub fn forget(&self, call_id: CallId) {
        if self.try_send(Record::Forget(call_id)) {
            return;
        }
        let store = self.clone();
        tokio::spawn(async move {
            while !store.try_send(Record::Forget(call_id)) {
                tokio::time::sleep(CATCH_UP_INTERVAL).await;
            }
        });
    }

    /// Waits until everything that was handed over is written, or could not be.
    pub async fn flush(&self) {
        let (done, wait) = oneshot::channel();
        let mut record = Record::Flush(done);
        while let Err(TrySendError::Full(refused)) = self.records.try_send(record) {
            record = refused;
            tokio::time::sleep(CATCH_UP_INTERVAL / 20).await;
        }
        // A writer that is gone writes nothing more.
        let _ = wait.await;
    }

    /// `false` when the queue is full. A writer that is gone takes everything and does nothing.
    fn try_send(&self, record: Record) -> bool {
        !matches!(self.records.try_send(record), Err(TrySendError::Full(_)))
    }
}

/// What one call tells the store.
#[derive(Debug)]
pub struct Recorder {
    store: Option<CallStore>,
    /// Whether the file lacks something: it was not begun, or the writer had no time.
    is_behind: bool,
    catch_up_at: Option<Instant>,
}

impl Recorder {
    /// Of a call that has not told anything yet; without a store everything is dropped.
    #[must_use]
    pub fn new(store: Option<CallStore>) -> Self {
        Self { store, is_behind: true, catch_up_at: None }
    }

    /// Hands over changes of `call`, which are all in it by now. Never waits.
    pub fn record(&mut self, call: &Call, changes: Vec<Change>, now: Instant) {
        let Some(store) = &self.store else { return };
        // While the writer has no time, changes wait in the call for the next try.
        let is_due = self.catch_up_at.map_or(!changes.is_empty(), |at| at <= now);
        if !is_due {
            return;
        }
        let record = if self.is_behind {
            Record::Whole(Box::new(call.memory()))
        } else {
            Record::Changes(call.id(), changes)
        };
        self.is_behind = !store.try_send(record);
        self.catch_up_at = self.is_behind.then(|| now + CATCH_UP_INTERVAL);
        if self.is_behind {
            telemetry::call_file_write_delayed();
        }
    }

    /// When [`Self::record`] wants to be called though nothing has changed.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.catch_up_at
    }

    /// Takes note of the end of a call. Clients of a server that stops come back to the next one,
    /// so their call is kept.
    pub fn finish(self, call_id: CallId, reason: Option<LeaveReason>) {
        if let Some(store) = self.store.filter(|_| reason != Some(LeaveReason::ServerClosing)) {
            store.forget(call_id);
        }
    }
}

/// The calls that a folder remembers. Those of a server that ended too long ago are deleted.
fn remembered(folder: &Path, now: SystemTime) -> io::Result<Vec<CallMemory>> {
    let seen = fs::metadata(folder.join(MARK)).and_then(|facts| facts.modified()).ok();
    // A clock that was set back has not been longer ago than now.
    let down = seen.map(|seen| now.duration_since(seen).unwrap_or_default());
    let is_forgotten = down.is_none_or(|down| down > FORGETS_CALLS_AFTER);
    let mut newest = HashMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if file::is_draft(&path) || is_forgotten && file::is_of_call(&path) {
            delete(&path);
        } else if file::is_of_call(&path) {
            match file::read(&path) {
                Ok(memory) => keep_newest(folder, &mut newest, memory),
                Err(error) => warn!(
                    error = &error as &dyn std::error::Error,
                    "the file {} of a call cannot be read and is left alone",
                    path.display()
                ),
            }
        }
    }
    Ok(newest.into_values().collect())
}

/// A room has one call. Of two files the older one should have been deleted, and is now.
fn keep_newest(folder: &Path, newest: &mut HashMap<RoomKey, CallMemory>, memory: CallMemory) {
    let older = match newest.get(&memory.room) {
        Some(other) if other.started_at_ms > memory.started_at_ms => Some(memory),
        _ => newest.insert(memory.room.clone(), memory),
    };
    if let Some(older) = older {
        delete(&file::path_of(folder, older.id));
    }
}

fn mark(folder: &Path, now: SystemTime) -> io::Result<()> {
    // Only the time of the file changes, which a full disk allows.
    let mark = OpenOptions::new().append(true).create(true).mode(0o600).open(folder.join(MARK))?;
    mark.set_modified(now)
}

/// Deletes a file. One that is gone already is what was wanted.
fn delete(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            warn!(%error, "the file {} of a call cannot be deleted", path.display());
        }
        Ok(()) | Err(_) => {}
    }
}

/// A file is written anew when changes have made it this much longer than it would be then, bytes.
/// Less writes more often, more reads longer at the next start.
const COMPACTION_BYTES: u64 = 64 * 1024;

/// The only one who writes to the folder, on a thread of its own: a disk that hangs holds up nobody.
#[derive(Debug)]
struct Writer {
    folder: PathBuf,
    calls: HashMap<CallId, Kept>,
    /// Calls whose file lacks something.
    incomplete: BTreeSet<CallId>,
    is_failing: bool,
}

/// The file of one call.
#[derive(Debug)]
struct Kept {
    /// What stands in it, or will when the disk takes it.
    memory: CallMemory,
    size_bytes: u64,
    /// From which size on it is written anew.
    full_at_bytes: u64,
}

impl Writer {
    fn new(folder: PathBuf) -> Self {
        Self { folder, calls: HashMap::new(), incomplete: BTreeSet::new(), is_failing: false }
    }

    /// Runs until nobody can ask for anything any more.
    fn run(mut self, records: &Receiver<Record>) {
        self.mark();
        let mut mark_at = Instant::now() + MARK_INTERVAL;
        loop {
            match records.recv_timeout(mark_at.saturating_duration_since(Instant::now())) {
                Ok(record) => self.handle(record),
                Err(RecvTimeoutError::Timeout) => {
                    self.handle_interval();
                    mark_at = Instant::now() + MARK_INTERVAL;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn handle(&mut self, record: Record) {
        match record {
            Record::Whole(memory) => {
                let call_id = memory.id;
                self.calls
                    .insert(call_id, Kept { memory: *memory, size_bytes: 0, full_at_bytes: 0 });
                self.write(call_id, &[]);
            }
            Record::Changes(call_id, changes) => {
                let Some(kept) = self.calls.get_mut(&call_id) else { return };
                changes.iter().cloned().for_each(|change| kept.memory.apply(change));
                self.write(call_id, &changes);
            }
            Record::Forget(call_id) => {
                self.calls.remove(&call_id);
                self.incomplete.remove(&call_id);
                delete(&file::path_of(&self.folder, call_id));
                self.settle();
            }
            Record::Flush(done) => {
                self.mark();
                // Whoever asked may have stopped waiting.
                let _ = done.send(());
            }
        }
    }

    /// Marks the folder, and tries again what has failed.
    fn handle_interval(&mut self) {
        self.mark();
        for call_id in self.incomplete.clone() {
            self.write(call_id, &[]);
        }
    }

    fn mark(&mut self) {
        match mark(&self.folder, SystemTime::now()) {
            Ok(()) => self.settle(),
            Err(error) => self.note_failure(&error),
        }
    }

    /// Brings the file of a call up to date, whose last changes are these.
    fn write(&mut self, call_id: CallId, changes: &[Change]) {
        let Some(kept) = self.calls.get_mut(&call_id) else { return };
        let is_complete = !self.incomplete.contains(&call_id);
        let written = if is_complete && kept.size_bytes < kept.full_at_bytes {
            file::append(&self.folder, call_id, changes).map(|bytes| kept.size_bytes += bytes)
        } else {
            file::write(&self.folder, &kept.memory).map(|bytes| {
                kept.size_bytes = bytes;
                kept.full_at_bytes = bytes.saturating_mul(2).saturating_add(COMPACTION_BYTES);
            })
        };
        match written {
            Ok(()) => drop(self.incomplete.remove(&call_id)),
            Err(error) => {
                self.incomplete.insert(call_id);
                self.note_failure(&error);
            }
        }
        self.settle();
    }

    /// Counts a failure, and logs the first of a row.
    fn note_failure(&mut self, error: &io::Error) {
        telemetry::call_file_write_failed();
        if !self.is_failing {
            let folder = self.folder.display();
            warn!(%error, "calls cannot be kept in {folder}; they go on, but a restart loses them");
        }
        self.is_failing = true;
    }

    fn settle(&mut self) {
        telemetry::call_files_incomplete(self.incomplete.len());
        if self.is_failing && self.incomplete.is_empty() {
            self.is_failing = false;
            info!("every call is kept in {} again", self.folder.display());
        }
    }
}

#[cfg(test)]
mod tests;
