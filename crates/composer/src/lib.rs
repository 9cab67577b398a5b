//! Makes one picture and one sound of everybody who was recorded.
//!
//! A composer reads what a recorder writes, during the call or afterwards: what it makes of the
//! files is the same, since nothing depends on when it looks. For each thirtieth of a second it
//! takes the [`scene`] from the log and the pictures and samples of that moment from the
//! [`sources`], places people by the [`layout`], draws them on the [`stage`], mixes their voices
//! ([`mixer`]), and encodes both ([`encoder`]). Sound and picture are counted, never timed, so they
//! cannot part.
//!
//! What comes out goes into [`parts`] that are whole up to the last second whatever happens, and at
//! the end into one [`mp4`] file. A composer that was killed goes on at the last keyframe of its
//! last part. [`stream`] sends it to others meanwhile.
//!
//! Codecs are those of GStreamer, whose elements are called and not run ([`chain`]): there are no
//! clocks and queues, and no threads but the encoder's.

pub mod chain;
mod composer;
pub mod decoder;
pub mod encoder;
mod haste;
pub mod layout;
pub mod lettering;
pub mod log;
pub mod mixer;
pub mod mp4;
pub mod parts;
pub mod picture;
pub mod poster;
pub mod scaler;
pub mod scene;
pub mod sources;
pub mod stage;
pub mod stream;
pub mod watchdog;

pub use composer::{ComposeError, Settings, compose};
