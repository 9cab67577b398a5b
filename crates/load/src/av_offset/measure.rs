//! The offsets in what a recorder put into its library.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, ensure};
use jumpa_protocol::{
    SourceKind,
    recording::{JobReport, RecordedFile, RecordedFileRole},
};

use super::{Cue, Offsets, Onsets};

/// What comes in the first second is not looked for: sources are still joining.
const SETTLE_MS: f64 = 1_000.0;

/// Offsets of one thing that somebody would play.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The composite, or whose tracks.
    pub what: String,
    /// Its offsets.
    pub offsets: Offsets,
}

/// Decodes every file of a recording. Sound and picture of a person are put together as the report
/// says, over all stays; a composite stands for itself.
///
/// # Errors
/// When something does not decode, or too many flashes or beeps are missing.
pub fn measure(report: &JobReport, library: &Path, cues: &[Cue]) -> anyhow::Result<Vec<Measured>> {
    let zero_ms = report.started_at_ms.context("the recording did not begin")? as f64;
    let cues: Vec<Cue> =
        cues.iter().filter(|cue| cue.flash_ms > zero_ms + SETTLE_MS).copied().collect();
    let files = |role| report.files.iter().filter(move |file| file.role == role);
    if let Some(file) = files(RecordedFileRole::Composite).next() {
        let path = library.join(&file.key);
        let onsets = Onsets { flashes: Onsets::flashes(&path)?, beeps: Onsets::beeps(&path)? };
        let offsets = Offsets::measure(&cues, &onsets, zero_ms).context("in the composite")?;
        return Ok(vec![Measured { what: "composite".to_owned(), offsets }]);
    }
    let mut people: BTreeMap<&str, Vec<&RecordedFile>> = BTreeMap::new();
    for file in files(RecordedFileRole::Track) {
        people.entry(file.participant_name.as_deref().unwrap_or_default()).or_default().push(file);
    }
    ensure!(!people.is_empty(), "the recording has no media");
    let of_person = |(name, files): (&str, Vec<&RecordedFile>)| {
        let mut onsets = Onsets::default();
        for file in &files {
            let path = library.join(&file.key);
            let begin = file.start_ms.context("a track begins somewhere")? as f64 / 1e3;
            let found = match file.source {
                Some(SourceKind::Camera) => {
                    Onsets { flashes: Onsets::flashes(&path)?, ..Onsets::default() }
                }
                _ => Onsets { beeps: Onsets::beeps(&path)?, ..Onsets::default() },
            };
            onsets.add(begin, found);
        }
        let is_theirs =
            |cue: &&Cue| files.iter().any(|file| file.participant_id == Some(cue.participant_id));
        let theirs: Vec<Cue> = cues.iter().filter(is_theirs).copied().collect();
        let offsets = Offsets::measure(&theirs, &onsets, zero_ms)
            .with_context(|| format!("in the tracks of {name}"))?;
        Ok(Measured { what: format!("tracks of {name}"), offsets })
    };
    people.into_iter().map(of_person).collect()
}
