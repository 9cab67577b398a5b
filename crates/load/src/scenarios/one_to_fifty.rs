//! One sends a camera in three layers and a voice; many receive the largest layer.

use std::time::Duration;

use tokio::time::sleep;

use super::{SETTLE, Sender};
use crate::{
    cli::Options, process, receiver::Receiver, report::Figures, server::Server, window::Steady,
};

/// Pixels: the largest layer.
const MAX_HEIGHT: u16 = 720;

/// Between two joins, so that they do not disturb each other.
const JOIN_INTERVAL: Duration = Duration::from_millis(50);

pub async fn run(server: &Server, options: &Options) -> anyhow::Result<Figures> {
    let sender = Sender::join(server.guest("webinar", "Sari")?, 1).await?;
    let sender_id = sender.receiver.client.participant_id();
    sleep(SETTLE).await;
    let before = process::resident_bytes(server.pid())?;
    let mut receivers = Vec::new();
    for number in 0..options.receivers {
        let guest = server.guest("webinar", &format!("Tamu {number}"))?.with_slots(1, 1);
        let receiver = Receiver::join(guest).await?;
        receiver.view(&[sender_id], MAX_HEIGHT).await?;
        receivers.push(receiver);
        sleep(JOIN_INTERVAL).await;
    }
    sleep(SETTLE).await;
    let steady = Steady::measure(server, &receivers, options.duration()).await?;
    let grown = process::resident_bytes(server.pid())?.saturating_sub(before);
    let mut figures = Figures::new(format!(
        "one sends a camera (three layers) and a voice, {} receive 720p and the voice",
        receivers.len()
    ));
    figures.add_steady(&steady);
    figures.add_uplink(sender.receiver.client.stats().await?.uplink_estimate_bps);
    figures.add_memory("memory per receiver", grown, receivers.len());
    Ok(figures)
}
