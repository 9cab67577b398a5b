//! Rooms with a running call.
//!
//! What is done here reaches the call at once; those in it see it as the act of the host.

pub(crate) mod end;
pub(crate) mod list;
pub(crate) mod list_participants;
pub(crate) mod lobby;
pub(crate) mod lock;
pub(crate) mod message;
pub(crate) mod mute;
pub(crate) mod remove;
mod room_access;
pub(crate) mod show;
pub(crate) mod view;
