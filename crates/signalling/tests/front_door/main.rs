//! The front door on loopback: real WebSockets and HTTP, a media plane that only answers.

mod client;
mod hostile;
mod joining;
mod limits;
mod live_rooms;
mod media_plane;
mod restarting;
mod resuming;
mod stopping;
mod whip;
mod world;
