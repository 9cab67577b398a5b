//! Completes the files of a recording: makes them whole, and writes down what there is.

mod facts;

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::Path,
};

use aws_lc_rs::digest;
use jumpa_protocol::{
    AppId, CallId, RecordingId, RoomName, TenantId,
    recording::{RecordedFile, RecordedFileRole, RecordingKind},
};
use jumpa_recorded::{
    events::{Line, Person, people},
    files::{AUDIO_FILE, COMPOSITE_FILE, EVENTS_FILE, POSTER_FILE, media_files},
    webm::{FinaliseError, Finalised, ReadError, finalise},
};
use serde::{Deserialize, Serialize};

pub use facts::Facts;

use crate::{
    disk::is_full,
    spool::{JobRecord, replace, sync_folder},
};

/// Name of the list of the other files.
pub const MANIFEST_FILE: &str = "manifest.json";

const BUFFER_BYTES: usize = 256 << 10;

/// `manifest.json`: what a recording is, who was there, and every other file with its checksum.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Which recording.
    pub recording_id: RecordingId,
    /// Whose.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// The room.
    pub room: RoomName,
    /// The call.
    pub call_id: CallId,
    /// What became of it.
    pub kind: RecordingKind,
    /// Zero of the clock of the recording, milliseconds since 1970.
    pub started_at_ms: Option<u64>,
    /// When the recorder left the call, milliseconds since 1970.
    pub ended_at_ms: Option<u64>,
    /// Who was there.
    pub people: Vec<Person>,
    /// The other files.
    pub files: Vec<RecordedFile>,
}

/// Makes every media file of a job whole, in its place, as far as it is not. Safe to be killed and
/// repeated: a file is replaced when the new one is on the disk. A file without any frame is removed.
/// Gives the moment at which the last one ends, milliseconds since 1970; `None` when there is none.
/// Blocks.
///
/// # Errors
/// When the disk cannot be read or written. On a full disk files stay as they are: they play, but
/// cannot be sought in.
pub fn make_whole(folder: &Path) -> io::Result<Option<u64>> {
    let mut end = None;
    for name in media_files(folder)? {
        if let Some(facts) = Facts::known(folder, &name) {
            end = end.max(Some(facts.ends_at_ms()));
            continue;
        }
        let path = folder.join(&name);
        let new = path.with_extension("new");
        let output = BufWriter::with_capacity(BUFFER_BYTES, File::create(&new)?);
        match finalise_to(&path, output) {
            Ok(Finalised { format, duration_ms, .. }) => {
                end = end.max(Some(format.began_at_ms.saturating_add(duration_ms)));
                fs::rename(&new, &path)?;
            }
            Err(FinaliseError::NoFrame | FinaliseError::Read(ReadError::NoTrack)) => {
                fs::remove_file(&new)?;
                fs::remove_file(&path)?;
            }
            Err(FinaliseError::Write(error)) if is_full(&error) => {
                tracing::warn!(%error, file = name, "no room to make a file seekable");
                fs::remove_file(&new)?;
            }
            Err(error) => return Err(io::Error::other(error)),
        }
    }
    sync_folder(folder)?;
    Ok(end)
}

/// The last moment of a log, milliseconds on the clock of the recording.
#[must_use]
pub fn end_of_log(folder: &Path) -> u64 {
    let log = fs::read(folder.join(EVENTS_FILE)).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    lines.map(|line| line.at_ms).max().unwrap_or_default()
}

fn finalise_to(path: &Path, mut output: BufWriter<File>) -> Result<Finalised, FinaliseError> {
    let input = File::open(path).map_err(|error| FinaliseError::Read(error.into()))?;
    let input = BufReader::with_capacity(BUFFER_BYTES, input);
    let finalised = finalise(input, &mut output)?;
    output.flush().and_then(|()| output.get_ref().sync_all()).map_err(FinaliseError::Write)?;
    Ok(finalised)
}

/// Makes a copy of a track whole, on the disk when this returns, and tells what is to be known of it;
/// `None` when it has no frame. Blocks.
///
/// # Errors
/// When the disk cannot be read or written.
pub fn whole_copy(folder: &Path, name: &str, copy: &Path) -> io::Result<Option<Facts>> {
    copy.parent().map_or(Ok(()), fs::create_dir_all)?;
    let output = BufWriter::with_capacity(BUFFER_BYTES, File::create(copy)?);
    match finalise_to(&folder.join(name), output) {
        Ok(finalised) => Facts::new(copy, &finalised).map(Some),
        Err(FinaliseError::NoFrame | FinaliseError::Read(ReadError::NoTrack)) => {
            fs::remove_file(copy)?;
            Ok(None)
        }
        Err(error) => Err(io::Error::other(error)),
    }
}

/// What goes into the library beside log and manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Product {
    /// Every source as it came.
    Tracks,
    /// What was composed.
    Composed {
        /// How long it is, milliseconds.
        length_ms: u64,
    },
}

/// Describes every file of a job that was made whole, and writes the manifest. Blocks.
///
/// # Errors
/// When a file cannot be read, or the manifest not be written.
pub fn describe(
    folder: &Path,
    job: &JobRecord,
    product: &Product,
) -> io::Result<Vec<RecordedFile>> {
    let log = fs::read(folder.join(EVENTS_FILE)).unwrap_or_default();
    let people = people(&String::from_utf8_lossy(&log));
    let mut files = Vec::new();
    match product {
        Product::Tracks => {
            for name in media_files(folder)? {
                files.push(Facts::of(folder, &name)?.file(&name, job, &people));
            }
        }
        Product::Composed { length_ms } => files.extend(composite(folder, *length_ms, job)?),
    }
    if folder.join(POSTER_FILE).exists() {
        files.push(read(folder, POSTER_FILE, RecordedFileRole::Poster, "image/jpeg", job)?);
    }
    if folder.join(EVENTS_FILE).exists() {
        files.push(read(folder, EVENTS_FILE, RecordedFileRole::Events, "application/jsonl", job)?);
    }
    let manifest = Manifest {
        recording_id: job.id(),
        tenant_id: job.tenant_id,
        app_id: job.app_id.clone(),
        room: job.room.clone(),
        call_id: job.call_id,
        kind: job.kind,
        started_at_ms: job.report.started_at_ms,
        ended_at_ms: job.report.ended_at_ms,
        people,
        files: files.clone(),
    };
    replace(&folder.join(MANIFEST_FILE), &serde_json::to_vec_pretty(&manifest)?)?;
    let role = RecordedFileRole::Manifest;
    files.push(read(folder, MANIFEST_FILE, role, "application/json", job)?);
    Ok(files)
}

/// What was composed: a picture with sound, or sound alone.
fn composite(folder: &Path, length_ms: u64, job: &JobRecord) -> io::Result<Vec<RecordedFile>> {
    let mut files = Vec::new();
    for (name, content_type, codec) in
        [(COMPOSITE_FILE, "video/mp4", "V_MPEG4/ISO/AVC"), (AUDIO_FILE, "audio/mp4", "A_AAC")]
    {
        if folder.join(name).exists() {
            files.push(RecordedFile {
                codec: Some(codec.to_owned()),
                start_ms: Some(0),
                duration_ms: Some(length_ms),
                ..read(folder, name, RecordedFileRole::Composite, content_type, job)?
            });
        }
    }
    Ok(files)
}

/// A file as it stands in reports, once it is read.
fn read(
    folder: &Path,
    name: &str,
    role: RecordedFileRole,
    content_type: &str,
    job: &JobRecord,
) -> io::Result<RecordedFile> {
    let content = checksum(File::open(folder.join(name))?)?;
    Ok(plain(name, role, content_type, job, content))
}

/// A file as it stands in reports.
fn plain(
    name: &str,
    role: RecordedFileRole,
    content_type: &str,
    job: &JobRecord,
    Content { sha256, bytes }: Content,
) -> RecordedFile {
    RecordedFile {
        key: format!("{}/{}/{}/{name}", job.tenant_id, job.app_id, job.id()),
        role,
        content_type: content_type.to_owned(),
        bytes,
        sha256,
        participant_id: None,
        participant_name: None,
        source: None,
        codec: None,
        start_ms: None,
        duration_ms: None,
    }
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// Reads something to its end.
///
/// # Errors
/// When it cannot be read.
pub fn checksum(mut content: impl Read) -> io::Result<Content> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut bytes = 0;
    loop {
        let read = content.read(&mut buffer)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            return Ok(Content { sha256: hexadecimal(&context.finish()), bytes });
        };
        context.update(part);
        bytes += read as u64;
    }
}

/// A digest as text.
#[must_use]
pub fn hexadecimal(digest: &digest::Digest) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes everything and keeps nothing: for measuring a file.
#[derive(Debug, Default)]
struct Nowhere {
    at: u64,
}

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Nowhere {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::Start(at) => self.at = at,
            SeekFrom::Current(by) | SeekFrom::End(by) => {
                self.at = self.at.saturating_add_signed(by);
            }
        }
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_fips_180() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let content = Content { sha256: expected.to_owned(), bytes: 3 };
        assert_eq!(checksum(&b"abc"[..]).unwrap(), content);
    }
}
