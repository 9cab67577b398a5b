//! The whole server as a process of its own, with clients on loopback.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod admission;
mod av_offset;
mod buckets;
mod calls;
mod chat;
mod clinic;
mod commands;
mod composites;
mod documents;
mod fairness;
mod fleet;
mod full_disk;
mod hostile;
mod keys;
mod lifecycle;
mod moderation;
mod own_domains;
mod postgres;
mod reconnect;
mod recorder;
mod recording;
mod rooms;
mod streams;
mod web;
mod webhooks;
mod whip;

use jumpa_system_tests::{Builder, Server};

/// The program `jumpa`, built for these tests.
fn program() -> Builder {
    Builder::new(env!("CARGO_BIN_EXE_jumpa-under-test"))
}

/// A server on free ports with an empty data folder.
async fn server() -> Server {
    program().start().await
}
