//! The front door: WebSocket signalling, WHIP and WHEP.
//!
//! A client shows a token ([`token`], `admission`), enters the call of a room (`call`: a pure state
//! machine that checks every right), and hears what happens in it. The shell around that is small:
//! `session` holds the rules of one WebSocket and `socket` its frames, `call_task` gives each call
//! a task of its own, `call_store` keeps what outlives the server, `hub` finds calls and routes
//! what the media plane says, `whip` lets encoders and players take part without signalling.
//!
//! The media plane is reached through `jumpa_protocol::control` messages alone, apps and keys
//! through a [`Directory`](jumpa_protocol::directory::Directory) in memory: no database is needed
//! to join, and calls go on while there is none.
//!
//! [`Signalling`] is the whole; the modules below are public for simulations and fuzz targets.

pub mod admission;
pub mod call;
mod call_store;
mod call_task;
mod display_name;
mod front_door;
mod hub;
mod key_uses;
mod live_rooms;
mod mailbox;
mod media_resource;
mod moment;
mod problem;
mod replay_guard;
mod reporter;
pub mod sdp_text;
pub mod session;
mod signalling;
mod socket;
mod telemetry;
pub mod token;
mod token_bucket;
mod trial_capacity;
mod whip;

pub use live_rooms::LiveRooms;
pub use moment::Moment;
pub use signalling::{Config, DEFAULT_MAX_SOCKETS_PER_ADDRESS, OriginRule, Signalling};
