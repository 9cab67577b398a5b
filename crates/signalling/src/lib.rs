//! WebSocket front door: session state machine, admission, resume; WHIP and WHEP.

pub mod token;
