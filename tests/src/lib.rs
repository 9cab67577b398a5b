//! What system tests are made of: a server as a process of its own, and ways to talk to it.
//!
//! Every wait is for an event and has a bound; nothing sleeps and hopes.

mod console;
mod encoded_media;
mod http;
mod media_only;
mod person;
mod recorder_program;
mod recorder_token;
mod rtmp_server;
mod server;
mod socket;
mod wait;

pub use console::Console;
pub use encoded_media::{EncodedMedia, Sending};
pub use http::{Answer, Request};
pub use media_only::{MediaOnly, Purpose};
pub use person::Person;
pub use recorder_program::RecorderProgram;
pub use rtmp_server::{RtmpServer, RtmpsServer};
pub use server::{Builder, Ended, Ready, Server};
pub use socket::{Closed, Socket};
pub use wait::{WAIT, within};
