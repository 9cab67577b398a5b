//! Signalling: JSON text messages over one WebSocket at `/v1/signal`, subprotocol [`SUBPROTOCOL`].
//!
//! A client sends [`ClientMessage`]s. Each carries a `request_id` and is answered once, by a
//! [`ServerMessage`] with the same `request_id`: `ok`, a special answer, or `error`. The server
//! also sends [`Event`]s, each with a `seq` that grows by one per session, so that a client that
//! lost its WebSocket can `resume` and get what it missed, in order, once.
//!
//! Unknown fields and unknown message types are ignored both ways.

mod client;
mod media_summary;
mod model;
mod server;

pub use client::{
    ClientInfo, ClientMessage, ClientRequest, Join, SlotView, SourceUpdate, StartRecording,
};
pub use media_summary::{MediaSummary, TrackDirection, TrackQuality};
pub use model::{
    AppSummary, CallSummary, ChatMessage, ConnectionState, LeaveReason, LobbyEntry, Participant,
    QualityCause, QualityLevel, Reaction, Role, RoomSettings, SlotState, Snapshot, SourceInfo,
    SourceState,
};
pub use server::{Event, Joined, ServerMessage};

/// The WebSocket subprotocol of this version.
pub const SUBPROTOCOL: &str = "jumpa.v1";
