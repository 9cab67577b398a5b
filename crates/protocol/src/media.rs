//! Words of the media plane that clients and roles share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a participant sends. The order is the order of the sending m-lines in every offer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The microphone, Opus.
    Microphone,
    /// The camera, simulcast in up to three layers.
    Camera,
    /// A shared screen, window or tab.
    Screen,
    /// The sound of a shared tab or screen, Opus.
    ScreenAudio,
}

impl SourceKind {
    /// Every kind, in m-line order.
    pub const ALL: [Self; 4] = [Self::Microphone, Self::Camera, Self::Screen, Self::ScreenAudio];

    /// Whether the source carries sound or pictures.
    #[must_use]
    pub const fn media_kind(self) -> MediaKind {
        match self {
            Self::Microphone | Self::ScreenAudio => MediaKind::Audio,
            Self::Camera | Self::Screen => MediaKind::Video,
        }
    }
}

/// Sound or pictures.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// One simulcast encoding of a camera, named by its rid. The order is from small to large.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Quarter, usually 320×180.
    Q,
    /// Half, usually 640×360.
    H,
    /// Full, usually 1280×720.
    F,
}

impl Layer {
    /// Every layer, from small to large.
    pub const ALL: [Self; 3] = [Self::Q, Self::H, Self::F];

    /// The RTP stream id (RFC 8851) of the layer.
    #[must_use]
    pub const fn rid(self) -> &'static str {
        match self {
            Self::Q => "q",
            Self::H => "h",
            Self::F => "f",
        }
    }

    /// The layer of an RTP stream id.
    #[must_use]
    pub fn from_rid(rid: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.rid() == rid)
    }
}

/// The number of one source in a call. Every forwarded packet carries it as its only CSRC, so a
/// client can name the owner of each frame: `participant number × 4 + m-line order of the kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceNumber(pub u32);

impl SourceNumber {
    /// The number of the source `kind` of the participant with the given per-call number.
    #[must_use]
    pub const fn new(participant_number: u32, kind: SourceKind) -> Self {
        Self(participant_number.wrapping_mul(4).wrapping_add(kind as u32))
    }
}
