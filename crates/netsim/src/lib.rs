//! Virtual clock and emulated links for tests.
//!
//! Nothing here waits and nothing reads a clock: a test starts at [`epoch`], asks every part for
//! its next moment, jumps there and goes on. Equal seeds give equal runs.
//!
//! - [`Link`] carries values in one direction: delay, jitter, loss, bursts, reordering,
//!   duplicates, a rate with a queue, and cuts.
//! - [`ClientPath`] is what lies between one client and the server: two links and the address that
//!   the server sees, which can change as behind a NAT.
//! - [`Rng`] is the deterministic source of chance for all of it.
//! - [`Seeds`] runs a fuzz target on its seeds and on changed copies, on any toolchain.

mod client_path;
mod clock;
mod link;
mod loss;
mod rng;
mod seeds;

pub use client_path::{ClientPath, Datagram};
pub use clock::epoch;
pub use link::{Link, LinkConfig, LinkStats};
pub use loss::{Loss, LossProcess};
pub use rng::Rng;
pub use seeds::Seeds;
