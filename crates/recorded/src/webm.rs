//! WebM and Matroska (RFC 9559): one track per file of a call, two per part of a composite.
//!
//! While a call runs, a [`Writer`] makes a live file: clusters of a second without sizes, so that
//! every block that reached the disk can be played after a crash. Afterwards [`finalise`] reads such
//! a file up to its last whole block and writes it again with sizes, duration and cues, so that it
//! can be sought in.
//!
//! A [`Reader`] can follow a file while it grows: what is not complete yet comes later.
//!
//! WebM allows VP8 and Opus; H.264 and AAC go into Matroska, which is the same but for a name.

mod ebml;
mod finalise;
mod reader;
mod track_format;
mod writer;

pub use finalise::{FinaliseError, Finalised, finalise};
pub use reader::{Block, ReadError, Reader};
pub use track_format::{Codec, TrackFormat};
pub use writer::Writer;

#[cfg(test)]
mod tests;
