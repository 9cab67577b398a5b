//! A voice whose packets say when they were made.

use std::time::{Duration, Instant};

use jumpa_client::{Client, synthetic::AudioSource};
use jumpa_protocol::SourceKind;
use tokio::{task::JoinHandle, time::MissedTickBehavior};

use crate::stamp::stamped;

/// Bits per second, as browsers send Opus.
const BITRATE_BPS: u32 = 32_000;

/// Length of a packet.
const PACKET: Duration = Duration::from_millis(20);

/// −dBov of a voice of usual loudness (RFC 6464).
const LEVEL: u8 = 25;

/// A microphone that sends; stops when this is dropped.
#[derive(Debug)]
pub struct Microphone {
    task: JoinHandle<()>,
}

impl Microphone {
    /// Sends a voice without pause.
    pub fn publish(client: &Client, seed: u32) -> Self {
        Self { task: tokio::spawn(send(client.clone(), seed)) }
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn send(client: Client, seed: u32) {
    let mut source = AudioSource::new(BITRATE_BPS, seed);
    source.set_level(LEVEL);
    let mut clock = tokio::time::interval(PACKET);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        client.write(SourceKind::Microphone, None, stamped(source.packet(Instant::now())));
    }
}
