//! How the files of a recording are called.

use std::{fmt, fs, io, path::Path};

use jumpa_protocol::{ParticipantId, SourceKind};

/// The log, see [`crate::events`].
pub const EVENTS_FILE: &str = "events.jsonl";

/// Everybody in one picture, with all voices.
pub const COMPOSITE_FILE: &str = "composite.mp4";

/// All voices, without a picture.
pub const AUDIO_FILE: &str = "audio.m4a";

/// A picture of a moment.
pub const POSTER_FILE: &str = "poster.jpg";

/// The name of a media file: `{number}-{participant_id}-{source}.{extension}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackName {
    /// Its number in the recording, from 1.
    pub number: u32,
    /// Whose.
    pub participant_id: ParticipantId,
    /// Which of their sources.
    pub source: SourceKind,
    /// How the name ends, see [`crate::webm::Codec::extension`].
    pub extension: &'static str,
}

impl TrackName {
    /// Reads a name; `None` of what is no media file.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        let extension = ["webm", "mkv"].into_iter().find(|known| *known == extension)?;
        let mut parts = stem.splitn(3, '-');
        Some(Self {
            number: parts.next()?.parse().ok()?,
            participant_id: parts.next()?.parse().ok()?,
            source: source_of(parts.next()?)?,
            extension,
        })
    }
}

impl fmt::Display for TrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, participant_id, source, extension } = self;
        write!(f, "{number:03}-{participant_id}-{}.{extension}", source_word(*source))
    }
}

/// How a source is called in names of files.
const fn source_word(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Microphone => "microphone",
        SourceKind::Camera => "camera",
        SourceKind::Screen => "screen",
        SourceKind::ScreenAudio => "screen_audio",
    }
}

fn source_of(word: &str) -> Option<SourceKind> {
    SourceKind::ALL.into_iter().find(|source| source_word(*source) == word)
}

/// Names of the media files in a folder, in the order of their numbers.
///
/// # Errors
/// When the folder cannot be read.
pub fn media_files(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if number_of(&name).is_some() && (name.ends_with(".webm") || name.ends_with(".mkv")) {
            names.push(name);
        }
    }
    names.sort_by_key(|name| number_of(name));
    Ok(names)
}

/// The number that a media file's name begins with.
#[must_use]
pub fn number_of(name: &str) -> Option<u32> {
    name.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_whose_file_it_is() {
        let siti = ParticipantId::generate();
        let name = format!("012-{siti}-screen_audio.webm");
        let track = TrackName::parse(&name).unwrap();
        assert_eq!((track.number, track.participant_id), (12, siti));
        assert_eq!(track.source, SourceKind::ScreenAudio);
        assert_eq!(track.to_string(), name);
        assert_eq!(TrackName::parse("012-siti-camera.webm"), None);
        assert_eq!(TrackName::parse("composite-001.mkv"), None);
    }
}
