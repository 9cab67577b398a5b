//! What goes over the data channel: fast, unordered, may be lost. JSON text, one message per frame.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A message of the server over the data channel labelled [`LABEL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FastMessage {
    /// How loud people are, only those above the noise, the loudest first. At most five times a
    /// second, and at least twice: empty when nobody is heard, since both sides notice a dead path
    /// by these messages.
    Levels {
        /// Pairs of participant number and level in −dBov: 0 is the loudest, 127 silence
        /// (RFC 6464 section 3).
        levels: Vec<(u32, u8)>,
    },
    /// A type this client does not know; ignored.
    #[serde(other)]
    #[ts(skip)]
    #[schemars(skip)]
    Unknown,
}

/// The label of the one data channel.
pub const LABEL: &str = "jumpa";
