//! What is known of a track that is whole.

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use jumpa_protocol::recording::{RecordedFile, RecordedFileRole};
use jumpa_recorded::{
    events::Person,
    files::TrackName,
    webm::{Finalised, finalise},
};
use serde::{Deserialize, Serialize};

use super::{BUFFER_BYTES, Content, Nowhere, checksum, plain};
use crate::{
    library::UPLOADS_FOLDER,
    spool::{JobRecord, replace},
};

/// Whatever is to be said of a track without reading it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    codec: String,
    content_type: String,
    /// Milliseconds since 1970.
    began_at_ms: u64,
    duration_ms: u64,
    content: Content,
}

impl Facts {
    /// Of a file that was just made whole.
    pub(super) fn new(file: &Path, finalised: &Finalised) -> io::Result<Self> {
        let Finalised { format, duration_ms, .. } = finalised;
        Ok(Self {
            codec: format.codec.name().to_owned(),
            content_type: format.codec.content_type().to_owned(),
            began_at_ms: format.began_at_ms,
            duration_ms: *duration_ms,
            content: checksum(File::open(file)?)?,
        })
    }

    /// Of a track: as they were written down, or else by reading it.
    pub(super) fn of(folder: &Path, name: &str) -> io::Result<Self> {
        if let Some(known) = Self::known(folder, name) {
            return Ok(known);
        }
        let path = folder.join(name);
        let input = BufReader::with_capacity(BUFFER_BYTES, File::open(&path)?);
        let finalised = finalise(input, Nowhere::default()).map_err(io::Error::other)?;
        Self::new(&path, &finalised)
    }

    /// As they were written down of the file that is there.
    pub(super) fn known(folder: &Path, name: &str) -> Option<Self> {
        let facts: Self = serde_json::from_slice(&fs::read(place(folder, name)).ok()?).ok()?;
        let is_there = fs::metadata(folder.join(name)).ok()?.len() == facts.content.bytes;
        is_there.then_some(facts)
    }

    /// Milliseconds since 1970.
    pub(super) const fn ends_at_ms(&self) -> u64 {
        self.began_at_ms.saturating_add(self.duration_ms)
    }

    /// Puts a copy that is whole into the place of its track, and writes down what is known of it:
    /// at the end of the recording nothing of it has to be read or written again. Safe to be killed
    /// and repeated. Blocks.
    ///
    /// # Errors
    /// When the disk cannot be written. The track is then made whole at the end.
    pub fn keep(&self, copy: &Path, folder: &Path, name: &str) -> io::Result<()> {
        fs::rename(copy, folder.join(name))?;
        replace(&place(folder, name), &serde_json::to_vec(self)?)
    }

    /// The track as it stands in reports.
    #[must_use]
    pub fn file(&self, name: &str, job: &JobRecord, people: &[Person]) -> RecordedFile {
        let owner = TrackName::parse(name);
        let participant_id = owner.map(|owner| owner.participant_id);
        let person = people.iter().find(|person| Some(person.participant_id) == participant_id);
        let start_ms = job.report.started_at_ms.map(|zero| self.began_at_ms.saturating_sub(zero));
        RecordedFile {
            participant_id,
            participant_name: person.map(|person| person.name.clone()),
            source: owner.map(|owner| owner.source),
            codec: Some(self.codec.clone()),
            start_ms,
            duration_ms: Some(self.duration_ms),
            ..plain(name, RecordedFileRole::Track, &self.content_type, job, self.content.clone())
        }
    }
}

fn place(folder: &Path, name: &str) -> PathBuf {
    folder.join(UPLOADS_FOLDER).join(format!("{name}.facts.json"))
}
