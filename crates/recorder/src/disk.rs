//! The thread that writes the files of one job.
//!
//! Media never waits for the disk: what the bounded queue does not take is lost, and whoever sent it
//! is told. The thread flushes every second, so that little is lost when the program is killed, and
//! syncs every five, so that little is lost when the power fails. What is composed meanwhile is
//! flushed more often, so that it is read soon.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use jumpa_protocol::recording::SpoolLevel;
use jumpa_recorded::{events::Line, files::EVENTS_FILE};
use tokio::sync::watch;

use crate::{space::Space, spool::sync_folder};

/// Writes that wait at most: of fifty people about one second. A disk that is further behind does
/// not keep up, and waiting longer would only take memory.
const MAX_WAITING: usize = 4_096;

const BUFFER_BYTES: usize = 64 << 10;

/// How often everything is flushed.
pub const FLUSH_INTERVAL: Duration = Duration::from_secs(1);

/// The same while a composer reads along. Less would make streams hardly faster, since the recorder
/// holds frames back for longer.
pub const LIVE_FLUSH_INTERVAL: Duration = Duration::from_millis(250);

const SYNC_INTERVAL: Duration = Duration::from_secs(5);

/// How the disk is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiskState {
    /// Bytes of media and log that were written.
    pub bytes: u64,
    /// Numbers of the files that are complete, in the order in which they ended.
    pub ended: Vec<u32>,
    /// The last [`DiskWrite::Mark`] before which everything can be read.
    pub flushed_ms: u64,
    /// How full the disk is.
    pub level: SpoolLevel,
    /// Why nothing is written any more.
    pub failure: Option<DiskFailure>,
}

/// Why the disk takes no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskFailure {
    /// Whether it is full, or nearly so.
    pub is_full: bool,
    /// In words.
    pub detail: String,
}

/// Whether it is room that is missing.
#[must_use]
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// The way to the thread. Dropping it lets the thread write what waits and end.
#[derive(Debug)]
pub struct Disk {
    writes: SyncSender<DiskWrite>,
    state: watch::Receiver<DiskState>,
    thread: JoinHandle<()>,
}

/// Something to write.
#[derive(Debug)]
pub enum DiskWrite {
    /// Begin the media file with this number.
    Begin {
        /// Its number in the job.
        number: u32,
        /// Its name.
        name: String,
        /// Its first bytes.
        bytes: Vec<u8>,
    },
    /// Append to a media file.
    Append {
        /// Its number in the job.
        number: u32,
        /// What.
        bytes: Vec<u8>,
    },
    /// No more will come for a media file.
    End {
        /// Its number in the job.
        number: u32,
    },
    /// A line for the log, with its end of line.
    Log(Vec<u8>),
    /// A moment, milliseconds: [`DiskState::flushed_ms`] tells when all writes before it are flushed.
    Mark(u64),
}

impl Disk {
    /// Starts the thread for a job's folder. It stops writing when less than `keep_free` bytes are
    /// left on the disk, so that what is there can be completed, and flushes what it wrote after
    /// `flush_interval`.
    ///
    /// # Errors
    /// When the log cannot be opened or the thread not be started.
    pub fn start(folder: &Path, keep_free: u64, flush_interval: Duration) -> io::Result<Self> {
        let log = open_log(&folder.join(EVENTS_FILE))?;
        let (writes, waiting) = sync_channel(MAX_WAITING);
        let (state_in, state) = watch::channel(DiskState::default());
        let writer = Writer {
            folder: folder.to_owned(),
            keep_free,
            flush_interval,
            marked_ms: 0,
            log: BufWriter::new(log),
            files: HashMap::new(),
            state: state_in,
            has_new_names: true,
        };
        let thread = thread::Builder::new()
            .name("recording-disk".to_owned())
            .spawn(move || writer.run(&waiting))?;
        Ok(Self { writes, state, thread })
    }

    /// Hands over a write; `false` when it is lost, since the disk is behind.
    pub fn write(&self, write: DiskWrite) -> bool {
        self.writes.try_send(write).is_ok()
    }

    /// Hands over a line of the log. One that finds the disk behind is left out, as media is.
    pub fn log(&self, line: &Line) {
        match serde_json::to_vec(line) {
            Ok(mut text) => {
                text.push(b'\n');
                self.write(DiskWrite::Log(text));
            }
            Err(error) => tracing::error!(%error, "a line of the log cannot be written"),
        }
    }

    /// How the disk is, as it changes.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<DiskState> {
        self.state.clone()
    }

    /// Waits until everything is on the disk. Blocks.
    #[must_use]
    pub fn finish(self) -> DiskState {
        drop(self.writes);
        if self.thread.join().is_err() {
            let detail = "the thread that writes has panicked".to_owned();
            let failure = Some(DiskFailure { is_full: false, detail });
            return DiskState { failure, ..self.state.borrow().clone() };
        }
        self.state.borrow().clone()
    }
}

/// Opens the log to go on with it. A last line that was cut gets an end, so that it spoils no other.
fn open_log(path: &Path) -> io::Result<File> {
    let mut log = OpenOptions::new().create(true).append(true).read(true).open(path)?;
    let mut before = Vec::new();
    log.read_to_end(&mut before)?;
    if before.last().is_some_and(|byte| *byte != b'\n') {
        log.write_all(b"\n")?;
    }
    Ok(log)
}

struct Writer {
    folder: PathBuf,
    keep_free: u64,
    flush_interval: Duration,
    /// The last mark.
    marked_ms: u64,
    log: BufWriter<File>,
    files: HashMap<u32, BufWriter<File>>,
    state: watch::Sender<DiskState>,
    has_new_names: bool,
}

impl Writer {
    fn run(mut self, waiting: &Receiver<DiskWrite>) {
        let mut flush_at = Instant::now() + self.flush_interval;
        let mut sync_at = Instant::now() + SYNC_INTERVAL;
        loop {
            let next = waiting.recv_timeout(flush_at.saturating_duration_since(Instant::now()));
            if matches!(next, Err(RecvTimeoutError::Disconnected)) {
                break;
            }
            if self.state.borrow().failure.is_some() {
                // What cannot be written is taken all the same, so that nobody waits.
                flush_at = Instant::now() + self.flush_interval;
                continue;
            }
            let mut done = next.map_or(Ok(()), |write| self.write(write));
            let now = Instant::now();
            if flush_at <= now {
                flush_at = now + self.flush_interval;
                done = done.and_then(|()| self.flush());
            }
            if sync_at <= now {
                sync_at = now + SYNC_INTERVAL;
                done = done.and_then(|()| self.sync()).and_then(|()| self.look_at_space());
            }
            self.note(done);
        }
        if self.state.borrow().failure.is_none() {
            let done = self.sync();
            self.note(done);
        }
    }

    fn note(&self, done: io::Result<()>) {
        if let Err(error) = done {
            let failure = DiskFailure { is_full: is_full(&error), detail: error.to_string() };
            self.state.send_modify(|state| state.failure = Some(failure));
        }
    }

    fn write(&mut self, write: DiskWrite) -> io::Result<()> {
        let bytes = match write {
            DiskWrite::Begin { number, name, bytes } => {
                let file = File::create_new(self.folder.join(name))?;
                self.has_new_names = true;
                let file = self
                    .files
                    .entry(number)
                    .or_insert(BufWriter::with_capacity(BUFFER_BYTES, file));
                file.write_all(&bytes)?;
                bytes.len()
            }
            DiskWrite::Append { number, bytes } => match self.files.get_mut(&number) {
                Some(file) => {
                    file.write_all(&bytes)?;
                    bytes.len()
                }
                None => 0,
            },
            DiskWrite::End { number } => {
                if let Some(file) = self.files.remove(&number) {
                    file.into_inner().map_err(|error| error.into_error())?.sync_data()?;
                    self.state.send_modify(|state| state.ended.push(number));
                }
                0
            }
            DiskWrite::Log(line) => {
                self.log.write_all(&line)?;
                line.len()
            }
            DiskWrite::Mark(at_ms) => {
                self.marked_ms = at_ms;
                0
            }
        };
        self.state.send_if_modified(|state| {
            state.bytes += bytes as u64;
            false
        });
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.log.flush()?;
        self.files.values_mut().try_for_each(Write::flush)?;
        let marked_ms = self.marked_ms;
        self.state.send_if_modified(|state| {
            std::mem::replace(&mut state.flushed_ms, marked_ms) != marked_ms
        });
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        if std::mem::take(&mut self.has_new_names) {
            sync_folder(&self.folder)?;
        }
        self.log.get_ref().sync_data()?;
        self.files.values().try_for_each(|file| file.get_ref().sync_data())?;
        // Readers of the state hear of the bytes as often.
        self.state.send_modify(|_| ());
        Ok(())
    }

    fn look_at_space(&mut self) -> io::Result<()> {
        let space = Space::of(&self.folder)?;
        let (free, level) = (space.free, space.level());
        let is_new = |state: &mut DiskState| std::mem::replace(&mut state.level, level) != level;
        if self.state.send_if_modified(is_new) {
            let level = level.as_str();
            tracing::warn!(free_bytes = free, level, "the disk of the spool is {level}");
        }
        if free < self.keep_free {
            return Err(io::Error::new(
                io::ErrorKind::StorageFull,
                format!("{free} bytes are left, {} are kept free", self.keep_free),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(number: u32, name: &str) -> DiskWrite {
        DiskWrite::Begin { number, name: name.to_owned(), bytes: b"head ".to_vec() }
    }

    #[test]
    fn everything_is_on_the_disk_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::start(folder.path(), 0, FLUSH_INTERVAL).unwrap();
        assert!(disk.write(begin(1, "001-a.webm")));
        assert!(disk.write(DiskWrite::Append { number: 1, bytes: b"frame".to_vec() }));
        assert!(disk.write(DiskWrite::Log(b"{}\n".to_vec())));
        assert!(disk.write(DiskWrite::Mark(40)));
        assert_eq!(disk.finish(), DiskState { bytes: 13, flushed_ms: 40, ..DiskState::default() });
        assert_eq!(std::fs::read(folder.path().join("001-a.webm")).unwrap(), b"head frame");
        assert_eq!(std::fs::read(folder.path().join(EVENTS_FILE)).unwrap(), b"{}\n");
    }

    #[tokio::test]
    async fn what_was_written_before_a_mark_can_be_read_when_the_mark_is_flushed() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::start(folder.path(), 0, LIVE_FLUSH_INTERVAL).unwrap();
        assert!(disk.write(begin(1, "001-a.webm")));
        assert!(disk.write(DiskWrite::Mark(1_500)));
        disk.state().wait_for(|state| state.flushed_ms == 1_500).await.unwrap();
        assert_eq!(std::fs::read(folder.path().join("001-a.webm")).unwrap(), b"head ");
    }

    #[test]
    fn a_file_that_is_there_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("001-a.webm"), "old").unwrap();
        let disk = Disk::start(folder.path(), 0, FLUSH_INTERVAL).unwrap();
        assert!(disk.write(begin(1, "001-a.webm")));
        assert!(disk.finish().failure.is_some_and(|failure| !failure.is_full));
        assert_eq!(std::fs::read(folder.path().join("001-a.webm")).unwrap(), b"old");
    }

    #[test]
    fn a_disk_that_is_nearly_full_takes_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let log = File::create(folder.path().join(EVENTS_FILE)).unwrap();
        let (state, _) = watch::channel(DiskState::default());
        let mut writer = Writer {
            folder: folder.path().to_owned(),
            keep_free: u64::MAX,
            flush_interval: FLUSH_INTERVAL,
            marked_ms: 0,
            log: BufWriter::new(log),
            files: HashMap::new(),
            state,
            has_new_names: false,
        };
        let looked = writer.look_at_space();
        writer.note(looked);
        let state = writer.state.borrow();
        assert!(state.failure.as_ref().unwrap().is_full);
        assert_eq!(state.level, Space::of(folder.path()).unwrap().level());
    }
}
