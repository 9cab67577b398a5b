//! The file of one call: how it is written and read.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use jumpa_protocol::CallId;
use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::call::{CallMemory, Change};

/// Names the form of the first line. Another number is another form, which is not read.
const VERSION: u32 = 1;

/// Largest file that is read, bytes. The longest chat, written twice, stays below it.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

const EXTENSION: &str = "jsonl";
const DRAFT_EXTENSION: &str = "draft";

/// Why a file is none that we can go on with.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("reading the file")]
    Read(#[from] io::Error),
    /// It is longer than any of ours.
    #[error("the file has more than {MAX_FILE_BYTES} bytes")]
    TooLong,
    /// It does not begin with the memory of a call.
    #[error("the first line is not what a call remembers")]
    FirstLine(#[source] serde_json::Error),
    /// It is of another version of the program.
    #[error("the file has the form {0}, and only {VERSION} is known")]
    Version(u32),
    /// It is of another call than its name says.
    #[error("the file is of call {0}")]
    OtherCall(CallId),
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head<M> {
    version: u32,
    memory: M,
}

/// Where the file of a call lies.
pub fn path_of(folder: &Path, call_id: CallId) -> PathBuf {
    folder.join(format!("{call_id}.{EXTENSION}"))
}

/// Whether a file has the name of one of ours.
pub fn is_of_call(path: &Path) -> bool {
    call_of(path).is_some() && path.extension().is_some_and(|extension| extension == EXTENSION)
}

/// Whether a file was about to take the place of another.
pub fn is_draft(path: &Path) -> bool {
    call_of(path).is_some()
        && path.extension().is_some_and(|extension| extension == DRAFT_EXTENSION)
}

fn call_of(path: &Path) -> Option<CallId> {
    path.file_stem()?.to_str()?.parse().ok()
}

/// Reads what a call remembers. A torn last line is left out, and so is a line that is no change:
/// what the others say still holds.
///
/// # Errors
/// [`FileError`].
pub fn read(path: &Path) -> Result<CallMemory, FileError> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path)?;
    if file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)? as u64 > MAX_FILE_BYTES {
        return Err(FileError::TooLong);
    }
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or_default();
    let mut lines = bytes.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n');
    let Head { version, memory } =
        serde_json::from_slice::<Head<serde_json::Value>>(lines.next().unwrap_or_default())
            .map_err(FileError::FirstLine)?;
    if version != VERSION {
        return Err(FileError::Version(version));
    }
    let mut memory: CallMemory = serde_json::from_value(memory).map_err(FileError::FirstLine)?;
    if Some(memory.id) != call_of(path) {
        return Err(FileError::OtherCall(memory.id));
    }
    let mut unreadable = 0_usize;
    for line in lines {
        match serde_json::from_slice::<Change>(line) {
            Ok(change) => memory.apply(change),
            Err(_) => unreadable += 1,
        }
    }
    if unreadable > 0 {
        let call_id = memory.id;
        warn!(call.id = %call_id, unreadable, "lines in the file of call {call_id} are damaged");
    }
    Ok(memory)
}

/// Writes the file of a call anew, beside its place, and moves it there. Gives its size in bytes.
///
/// # Errors
/// When the disk does not take it; the old file is as it was.
pub fn write(folder: &Path, memory: &CallMemory) -> io::Result<u64> {
    let path = path_of(folder, memory.id);
    let draft = path.with_extension(DRAFT_EXTENSION);
    let mut line = serde_json::to_vec(&Head { version: VERSION, memory })?;
    line.push(b'\n');
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    let written = file.write_all(&line).and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        // What there is of it takes room that others need; the first error is the one that counts.
        let _ = fs::remove_file(&draft);
    }
    written.map(|()| line.len() as u64)
}

/// Adds changes to the file of a call. Gives how many bytes they took.
///
/// # Errors
/// When the disk does not take them, or the file has gone. It may end with a torn line, and wants
/// to be written anew before anything is added.
pub fn append(folder: &Path, call_id: CallId, changes: &[Change]) -> io::Result<u64> {
    let mut lines = Vec::new();
    for change in changes {
        serde_json::to_writer(&mut lines, change)?;
        lines.push(b'\n');
    }
    // Opened each time: a server may have more calls than a process may have files.
    let mut file = OpenOptions::new().append(true).open(path_of(folder, call_id))?;
    file.write_all(&lines)?;
    Ok(lines.len() as u64)
}
