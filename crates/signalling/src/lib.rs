//! WebSocket front door: session state machine, admission, resume; WHIP and WHEP.

mod admission;
mod call;
mod display_name;
mod moment;
mod replay_guard;
pub mod token;

pub use moment::Moment;
