//! Past and running calls: who was in them, what happened, how the media was.

pub(crate) mod export;
mod filter;
pub(crate) mod list;
pub(crate) mod list_events;
pub(crate) mod list_participants;
pub(crate) mod show;
pub(crate) mod show_quality;
mod tracks;
mod view;

pub(crate) use filter::{CallParameters, CallQuery};
pub(crate) use view::{CallView, Quality, minutes, seconds};
