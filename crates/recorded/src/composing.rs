//! What the recorder and a composer say to each other, one JSON object in a line.
//!
//! A composer is a process of its own that makes one composite. It hears [`ToComposer`] on its
//! standard input, so that no secret stands in the list of processes, and says [`FromComposer`] on
//! its standard output. After [`FromComposer::Done`] it ends with 0; when it ends in any other way,
//! its last words are on its standard error, and it may be started again with the same words: it
//! goes on where the files say that it was.

use std::path::PathBuf;

use jumpa_protocol::recording::{RecordingLayout, StreamTarget, TargetReport};
use serde::{Deserialize, Serialize};

/// What shall be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComposedKind {
    /// [`COMPOSITE_FILE`](crate::files::COMPOSITE_FILE), and a poster of it.
    Composite,
    /// [`AUDIO_FILE`](crate::files::AUDIO_FILE), and a poster of the best camera when there is one.
    AudioOnly,
    /// Only a poster of the best camera.
    Poster,
}

/// The variable of its environment by which a composer knows the way to the targets of its stream:
/// address and port of a SOCKS proxy (RFC 1928), which looks up names and connects in its place.
pub const STREAM_PROXY_VARIABLE: &str = "JUMPA_STREAM_PROXY";

/// What a composer has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composition {
    /// Where the files of the recording are, and where those that are made go.
    pub folder: PathBuf,
    /// What shall be made.
    pub kind: ComposedKind,
    /// Where people stand.
    pub layout: RecordingLayout,
    /// Pixels, even.
    pub width: u16,
    /// Pixels, even.
    pub height: u16,
    /// Whether names stand on the tiles.
    pub has_names: bool,
    /// The app's logo: an image file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<PathBuf>,
    /// Whether it is made while the files grow.
    pub is_live: bool,
    /// Where it is sent meanwhile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<StreamTarget>,
}

/// What a composer hears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToComposer {
    /// First of all, once.
    Begin {
        /// What to do.
        composition: Composition,
    },
    /// Everything before this moment on the clock of the recording is in the files.
    Horizon {
        /// Milliseconds.
        at_ms: u64,
    },
    /// Send it to these from now on, and to no others.
    Targets {
        /// All of them.
        targets: Vec<StreamTarget>,
    },
    /// The recording has this length, and everything is in the files.
    End {
        /// Milliseconds.
        at_ms: u64,
    },
}

/// What a composer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromComposer {
    /// How far it is, every second.
    Progress {
        /// Everything before this moment on the clock of the recording is composed.
        composed_ms: u64,
        /// Bytes that it has written.
        bytes: u64,
        /// How the streams are.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        targets: Vec<TargetReport>,
    },
    /// It is done, and these files are complete in the folder.
    Done {
        /// Their names.
        files: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::{
        AllowedNetworks, StreamTargetId,
        recording::{StreamFailure, StreamState},
    };

    use super::*;

    #[test]
    fn words_read_back_as_they_were_written() {
        let target = StreamTarget {
            id: StreamTargetId::generate(),
            url: "rtmp://a.example/live/key".to_owned(),
            networks: AllowedNetworks::parse(&["10.1.0.0/16".to_owned()]).unwrap(),
        };
        let composition = Composition {
            folder: "/spool/rec".into(),
            kind: ComposedKind::AudioOnly,
            layout: RecordingLayout::SideBySide,
            width: 1280,
            height: 720,
            has_names: true,
            logo: None,
            is_live: true,
            targets: vec![target.clone()],
        };
        for said in [
            ToComposer::Begin { composition },
            ToComposer::Horizon { at_ms: 1_500 },
            ToComposer::Targets { targets: Vec::new() },
            ToComposer::End { at_ms: 90_000 },
        ] {
            let line = serde_json::to_string(&said).unwrap();
            assert!(!line.contains('\n') && line.starts_with(r#"{"type":""#), "{line}");
            assert_eq!(serde_json::from_str::<ToComposer>(&line).unwrap(), said);
        }
        let report = TargetReport {
            id: target.id,
            state: StreamState::Refused,
            bitrate_bps: None,
            failure: Some(StreamFailure::KeyRefused),
        };
        for said in [
            FromComposer::Progress { composed_ms: 7, bytes: 9, targets: vec![report] },
            FromComposer::Done { files: vec!["composite.mp4".to_owned()] },
        ] {
            let line = serde_json::to_string(&said).unwrap();
            assert_eq!(serde_json::from_str::<FromComposer>(&line).unwrap(), said);
        }
    }

    #[test]
    fn a_composition_says_nothing_of_its_keys_in_logs() {
        let id = StreamTargetId::generate();
        let target = StreamTarget {
            id,
            url: "rtmp://a.example/live/secret".to_owned(),
            networks: AllowedNetworks::default(),
        };
        let said = format!("{:?}", ToComposer::Targets { targets: vec![target] });
        assert!(!said.contains("secret"), "{said}");
    }
}
