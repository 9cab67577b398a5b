//! One peer connection, sans-IO: no clock, no socket, no random source of our own. Time and
//! datagrams go in, datagrams, events and a next timeout come out.
//!
//! [`Peer`] is the server's side: it answers offers and is ICE-lite. [`Caller`] is the client's
//! side: it makes the offers. Both follow the slot contract (`docs/concepts/slots.md`): the client
//! sends on four *lines* in a fixed order and receives on numbered *slots*.
//!
//! str0m does SDP, ICE, DTLS, SRTP, SCTP and the estimate of the bandwidth; nothing of it can be
//! seen from outside of this crate, so that parts of it can be replaced.

mod capture_clock;
mod crypto;
mod engine;
mod error;
pub mod h264;
mod history;
mod offer;
mod packet;
pub mod red;
pub mod rtcp;
mod rtp;
pub mod vp8;
mod waiting;

pub use capture_clock::{CaptureClock, SenderReport, SlidingMinimum};
pub use error::RtcError;
pub use packet::{
    Codec, Kind, Line, MediaPacket, OutPacket, Rid, Slot, Transmit, Transport, VideoFacts,
    Vp8Rewrite,
};

mod caller;
mod config;
mod peer;

pub use caller::{Caller, CallerEvent, SendLayer};
pub use config::{CallerConfig, Certificate, FAST_LABEL, IceCandidate, PeerConfig};
pub use offer::Offer;
pub use peer::{Peer, PeerEvent, PeerStats};
