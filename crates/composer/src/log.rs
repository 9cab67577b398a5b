//! The log of a recording, read while it grows.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use jumpa_recorded::events::{Line, LogEvent};

use crate::scene::Scene;

/// Lines in the order in which they count.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: Option<File>,
    /// The beginning of a line whose end is not there yet.
    rest: Vec<u8>,
    /// Those that have not counted yet, the next one last.
    waiting: Vec<Line>,
    zero_ms: Option<u64>,
}

impl Log {
    /// The log at a path; it may not be there yet.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self { path, file: None, rest: Vec::new(), waiting: Vec::new(), zero_ms: None }
    }

    /// Reads what was written since. A line that was cut is left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            match File::open(&self.path) {
                Ok(file) => self.file = Some(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        if let Some(file) = &mut self.file {
            file.read_to_end(&mut self.rest)?;
        }
        let end = self.rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines: Vec<u8> = self.rest.drain(..end).collect();
        for line in lines.split(|byte| *byte == b'\n') {
            let Ok(line) = serde_json::from_slice::<Line>(line) else {
                continue;
            };
            if let LogEvent::RecordingBegan { wall_ms } = line.event {
                self.zero_ms.get_or_insert(wall_ms.saturating_sub(line.at_ms));
            }
            // Behind those that count at the same moment and were written before.
            let at = self
                .waiting
                .partition_point(|other| Scene::effect_ms(other) > Scene::effect_ms(&line));
            self.waiting.insert(at, line);
        }
        Ok(())
    }

    /// Zero of the clock of the recording, milliseconds since 1970, when it is known.
    #[must_use]
    pub const fn zero_ms(&self) -> Option<u64> {
        self.zero_ms
    }

    /// The next line that counts at `now_ms`.
    pub fn next(&mut self, now_ms: u64) -> Option<Line> {
        let is_due = self.waiting.last().is_some_and(|line| Scene::effect_ms(line) <= now_ms);
        if is_due { self.waiting.pop() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use jumpa_protocol::{ParticipantId, SourceKind};

    use super::*;

    #[test]
    fn lines_count_when_they_are_due_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let mut log = Log::new(path.clone());
        log.read().unwrap();
        let participant_id = ParticipantId::generate();
        let left = Line { at_ms: 900, event: LogEvent::ParticipantLeft { participant_id } };
        let turned = LogEvent::PictureTurned {
            participant_id,
            source: SourceKind::Camera,
            from_ms: 200,
            degrees: 90,
        };
        let turned = Line { at_ms: 1_200, event: turned };
        let began = Line { at_ms: 5, event: LogEvent::RecordingBegan { wall_ms: 1_005 } };
        let text: String = [&began, &left, &turned]
            .map(|line| serde_json::to_string(line).unwrap() + "\n")
            .concat();
        let (first, second) = text.split_at(text.len() - 10);
        let mut file = File::create(path).unwrap();
        file.write_all(first.as_bytes()).unwrap();
        log.read().unwrap();
        assert_eq!(log.zero_ms(), Some(1_000));
        assert_eq!(log.next(500), Some(began));
        assert_eq!(log.next(500), None);
        file.write_all(second.as_bytes()).unwrap();
        log.read().unwrap();
        assert_eq!(log.next(500), Some(turned));
        assert_eq!(log.next(899), None);
        assert_eq!(log.next(900), Some(left));
    }
}
