//! Recordings whose colours and tones are known, composed, and decoded again.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod composite;
mod decoded;
mod recording;
