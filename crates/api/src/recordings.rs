//! Recordings of calls: who records what, how far it is, and the library of their files.
//!
//! [`Recordings`] owns them. Its task gives what is queued to a recorder and ends what nobody can
//! record; recorders report over their link, and everything that they say is stored before they are
//! told to forget it. What a report or a lost recorder makes of a recording is decided in
//! `progress`, who may use which recorder in `admission`; both are pure. `library` holds the files.

mod admission;
pub(crate) mod create_link;
pub(crate) mod delete;
pub(crate) mod download;
pub(crate) mod export_evidence;
pub(crate) mod file_link;
pub(crate) mod hold;
mod library;
pub(crate) mod link;
pub(crate) mod list;
pub(crate) mod list_views;
mod logos;
mod progress;
mod purge;
mod recorders;
mod reference;
mod service;
pub(crate) mod set_targets;
pub(crate) mod share;
pub(crate) mod show;
pub(crate) mod show_quota;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod verify;
mod view;
pub(crate) mod wanted;

pub use library::LibraryError;
pub(crate) use service::{AppSlotsView, FleetView, RecorderView};
pub use service::{Recordings, RecordingsConfig};
