//! The media node: pinned worker threads, sockets, demultiplexing and timers.
//!
//! [`Sfu::start`] opens one UDP and one TCP port per worker thread. A call lives on one worker,
//! chosen at its first join; that thread owns its sockets, its room (`jumpa-sfu-core`) and its
//! timers, so nothing on the way of a packet is locked or shared. Orders come from signalling as
//! [`jumpa_protocol::control::MediaCommand`]s: the router parses offers away from media threads
//! and puts orders into the worker's mailbox; reports go back as
//! [`jumpa_protocol::control::MediaEvent`]s.
//!
//! The pure parts can be tried without a socket: [`demux`] decides whose datagram it is and where
//! answers go, [`datagram`] reads first bytes, [`framing`] cuts TCP streams.

mod config;
pub mod datagram;
pub mod demux;
pub mod framing;
mod mailbox;
#[cfg(test)]
mod mutation;
mod node;
mod outbox;
mod router;
mod sockets;
mod stats;
pub mod tcp;
mod worker;

pub use config::{SfuConfig, StartError};
pub use node::Sfu;
pub use stats::{SendFailure, SfuStats};
