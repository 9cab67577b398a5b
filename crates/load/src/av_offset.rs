//! Flashes and beeps in a call, and how far apart they are in its recording.
//!
//! Every three seconds the picture of a [`Performer`] is white for a tenth of a second, and its
//! sound beeps. It notes when it took each flash and each beep ([`Cue`]). [`Onsets`] are what a
//! decoder finds of them in files; [`Offsets`] compare both. Performers take turns, so that in a
//! picture of all it is known whose flash and whose beep belong together. A [`Play`] is what people
//! do in calls meanwhile: come, leave, mute themselves, and send less on a worse network.

mod clip;
mod measure;
mod offsets;
mod onsets;
mod performer;
mod play;

use clip::Clip;
use performer::{Performer, Stage};

pub use measure::{Measured, measure};
pub use offsets::{LIMIT_MS, Offsets};
pub use onsets::Onsets;
pub use performer::Cue;
pub use play::Play;
