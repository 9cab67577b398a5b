//! Lets composers make one picture and one sound of everybody.
//!
//! A composer is a process of its own, one for each recording that is composed: codecs of other
//! people's media are where programs crash. It reads the files that the recorder writes, so it may
//! be killed at any moment and started again ([`compose`]): it goes on where its own files end, and
//! a live one catches up.
//!
//! What is composed during a call begins at once. What is composed afterwards waits for its turn in
//! the [`Queue`], which is fair between apps and gives way to calls; [`Meter`] tells what they need.

mod meter;
mod process;
mod queue;
mod stream_proxy;
mod supervisor;

pub use meter::{Load, Meter};
pub use queue::{Queue, Turn, Waiting};
pub use supervisor::{ComposeError, Composed, Composers, Live, Wanted, compose};
