//! Recordings whose colours and tones are known, composed, and decoded again.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod composite;
mod crash;
mod decoded;
mod layouts;
mod live;
mod recording;
mod rtmp_server;
mod strangers;
mod streams;
