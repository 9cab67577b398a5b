//! Records calls: every source of every participant into a file of its own, as it came.
//!
//! Nothing is decoded or encoded. A packet of a source goes through [`depacketizer`], which makes
//! frames of it, and [`timeline`], which says when the frame was on the clock of the recording;
//! [`webm`](jumpa_recorded::webm) writes it down. [`track`] ties the three together. None of them knows a clock, a socket
//! or a file, so an hour of media with loss and drift is tested in milliseconds.
//!
//! Around them: a [`job`] is a recording from the word of the server to the library. It stays in the
//! call ([`recording`]), lets a thread write the files ([`disk`]) and the log ([`events`](jumpa_recorded::events)), makes
//! them whole afterwards ([`completion`]), has composed what is wanted ([`composing`]) and brings them into the storage ([`library`]). Every step
//! is written down in the [`spool`] before the server hears of it over the [`link`], so a recorder
//! that was killed goes on where it was.

pub mod backoff;
pub mod clock;
pub mod completion;
pub mod composing;
pub mod depacketizer;
pub mod disk;
pub mod job;
pub mod library;
pub mod link;
mod recorder;
pub mod recording;
pub mod space;
pub mod spool;
pub mod timeline;
pub mod track;

pub use recorder::{Settings, StartError, run};
