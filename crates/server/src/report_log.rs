//! The log of what happened in calls on this node, between signalling and the database.
//!
//! Segments of JSON lines in a folder. One thread appends, one task reads and stores; what is
//! stored is deleted segment by segment. A line that the kernel has taken outlives the process, so
//! a killed server loses nothing that it was told, and a database that is away only makes the
//! folder grow. Who stores the entries keeps their [`LogPosition`] in the same transaction: each is
//! stored once.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use jumpa_protocol::report::{CallFact, CallReport, LogEntry, LogPosition};
use metrics::{counter, gauge};
use tokio::sync::{mpsc, watch};
use tracing::warn;
use uuid::Uuid;

/// A segment that has reached this size is closed, bytes. Smaller ones are deleted sooner, larger
/// ones are fewer files.
const SEGMENT_BYTES: u64 = 4 * 1024 * 1024;

/// From this size of the folder on, bytes, measurements of media are no longer written: charts get
/// a gap, usage does not. 500 people for three hours fill it.
const MAX_MEASURED_BYTES: u64 = 512 * 1024 * 1024;

/// The size of the folder is looked at once per so many measurements.
const LOOKS_AFTER: u32 = 128;

/// Pause after a write that the disk refused.
const RETRY_AFTER: Duration = Duration::from_secs(1);

const EXTENSION: &str = "jsonl";
const ID_FILE: &str = "id";

/// Starts the writer. It takes reports until their senders are gone.
///
/// # Errors
/// When the folder cannot be used.
pub fn start(
    folder: &Path,
    started: &LogEntry,
    reports: mpsc::Receiver<CallReport>,
) -> io::Result<Reader> {
    make_folder(folder)?;
    let segments = segments(folder)?;
    // What was being written when a server was killed may be torn at its end, so nothing is
    // appended to it.
    let segment = segments.last().copied().unwrap_or_default() + 1;
    let mut writer = Writer::open(folder.to_owned(), segment)?;
    let (end, ends) = watch::channel(LogPosition { segment, offset: 0 });
    writer.append(started)?;
    end.send_replace(writer.position());
    thread::Builder::new().name("jumpa-reports".to_owned()).spawn(move || {
        writer.run(reports, &end);
    })?;
    Ok(Reader { folder: folder.to_owned(), ends })
}

/// The name of the log that lies in a folder; made with the folder's first use.
///
/// # Errors
/// When the folder cannot be used.
pub fn id_of(folder: &Path) -> io::Result<Uuid> {
    make_folder(folder)?;
    let path = folder.join(ID_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id = Uuid::now_v7();
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(id.to_string().as_bytes())?;
            Ok(id)
        }
        Err(error) => Err(error),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Appends entries.
struct Writer {
    folder: PathBuf,
    segment: u64,
    file: File,
    written: u64,
    is_refused: bool,
    /// Measurements since the size of the folder was looked at.
    unmeasured: u32,
    is_large: bool,
}

impl Writer {
    fn open(folder: PathBuf, segment: u64) -> io::Result<Self> {
        let file = open_segment(&folder, segment)?;
        let new = Self {
            folder,
            segment,
            file,
            written: 0,
            is_refused: false,
            unmeasured: 0,
            is_large: false,
        };
        Ok(new)
    }

    fn position(&self) -> LogPosition {
        LogPosition { segment: self.segment, offset: self.written }
    }

    fn run(mut self, mut reports: mpsc::Receiver<CallReport>, end: &watch::Sender<LogPosition>) {
        while let Some(report) = reports.blocking_recv() {
            let is_measured = matches!(report.fact, CallFact::MediaMeasured { .. });
            let entry = LogEntry::Call(report);
            loop {
                if is_measured && self.is_large() {
                    counter!("jumpa_report_log_dropped_total").increment(1);
                    break;
                }
                match self.append(&entry) {
                    Ok(()) => break,
                    Err(error) => self.refused(&error),
                }
                // Meanwhile reports wait in the channel, and then in their calls.
                thread::sleep(RETRY_AFTER);
            }
            end.send_replace(self.position());
        }
    }

    /// Appends one whole line, or nothing.
    fn append(&mut self, entry: &LogEntry) -> io::Result<()> {
        if self.written >= SEGMENT_BYTES {
            let file = open_segment(&self.folder, self.segment + 1)?;
            (self.file, self.segment, self.written) = (file, self.segment + 1, 0);
        }
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        if let Err(error) = self.file.write_all(&line) {
            // Half a line would hide the next one.
            self.file.set_len(self.written)?;
            self.file.seek(SeekFrom::Start(self.written))?;
            return Err(error);
        }
        self.written += line.len() as u64;
        self.is_refused = false;
        Ok(())
    }

    fn refused(&mut self, error: &io::Error) {
        counter!("jumpa_report_log_refused_total").increment(1);
        if !self.is_refused {
            let folder = self.folder.display();
            warn!(%error, "`{folder}` takes no reports of calls; they wait in memory");
        }
        self.is_refused = true;
    }

    /// Whether measurements are given up; looked at now and then.
    fn is_large(&mut self) -> bool {
        if self.unmeasured.is_multiple_of(LOOKS_AFTER) {
            self.is_large = self.folder_bytes() > MAX_MEASURED_BYTES;
        }
        self.unmeasured = self.unmeasured.wrapping_add(1);
        self.is_large
    }

    fn folder_bytes(&self) -> u64 {
        let numbers = segments(&self.folder).unwrap_or_default();
        let sizes =
            numbers.iter().filter_map(|number| fs::metadata(path(&self.folder, *number)).ok());
        let bytes = sizes.map(|facts| facts.len()).sum();
        gauge!("jumpa_report_log_bytes").set(bytes as f64);
        bytes
    }
}

/// Reads entries and deletes what is stored.
#[derive(Debug)]
pub struct Reader {
    folder: PathBuf,
    ends: watch::Receiver<LogPosition>,
}

impl Reader {
    /// Waits until there is something behind `position`. `false` when nothing more will come.
    pub async fn wait_behind(&mut self, position: LogPosition) -> bool {
        self.ends.wait_for(|end| *end > position).await.is_ok()
    }

    /// At most `limit` entries behind `position`, and where they end.
    ///
    /// Lines that cannot be read are left out and told in the log.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn read(
        &self,
        position: LogPosition,
        limit: usize,
    ) -> io::Result<(Vec<LogEntry>, LogPosition)> {
        let end = *self.ends.borrow();
        let mut at = position;
        let mut entries = Vec::new();
        for segment in segments(&self.folder)? {
            if segment < at.segment || segment > end.segment {
                continue;
            }
            if segment > at.segment {
                at = LogPosition { segment, offset: 0 };
            }
            // Of the segment that is being written, only whole lines.
            let until = if segment == end.segment { end.offset } else { u64::MAX };
            self.read_segment(&mut at, until, limit, &mut entries)?;
            if entries.len() >= limit {
                break;
            }
        }
        Ok((entries, at))
    }

    fn read_segment(
        &self,
        at: &mut LogPosition,
        until: u64,
        limit: usize,
        entries: &mut Vec<LogEntry>,
    ) -> io::Result<()> {
        let mut file = File::open(path(&self.folder, at.segment))?;
        file.seek(SeekFrom::Start(at.offset))?;
        let mut lines = BufReader::new(file.take(until.saturating_sub(at.offset)));
        let mut line = Vec::new();
        while entries.len() < limit {
            line.clear();
            let length = lines.read_until(b'\n', &mut line)?;
            // A line without its end was being written when the server was killed.
            if line.last() != Some(&b'\n') {
                return Ok(());
            }
            at.offset += length as u64;
            match serde_json::from_slice(&line) {
                Ok(entry) => entries.push(entry),
                Err(error) => {
                    let segment = at.segment;
                    warn!(%error, segment, "a line of the log of calls cannot be read");
                    counter!("jumpa_report_log_unreadable_total").increment(1);
                }
            }
        }
        Ok(())
    }

    /// Deletes the segments that end before `position`. What cannot be deleted is tried again with
    /// the next one.
    pub fn forget_before(&self, position: LogPosition) {
        let stored = segments(&self.folder).unwrap_or_default();
        for segment in stored.into_iter().take_while(|segment| *segment < position.segment) {
            let _ = fs::remove_file(path(&self.folder, segment));
        }
    }
}

fn path(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("{segment:020}.{EXTENSION}"))
}

fn open_segment(folder: &Path, segment: u64) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path(folder, segment))
}

/// Numbers of the segments, the oldest first.
fn segments(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let is_ours = path.extension().is_some_and(|extension| extension == EXTENSION);
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        numbers.extend(number.filter(|_| is_ours));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

#[cfg(test)]
mod tests;
