//! Everybody sends a camera and a voice, and sees and hears everybody else.

use anyhow::Context;
use jumpa_protocol::ParticipantId;
use tokio::time::sleep;

use super::{SETTLE, Sender};
use crate::{
    cli::Options, process, receiver::Receiver, report::Figures, server::Server, window::Steady,
};

/// Pixels: the middle layer, as in a grid.
const MAX_HEIGHT: u16 = 360;

pub async fn run(server: &Server, options: &Options) -> anyhow::Result<Figures> {
    // What the first participant costs belongs to the room, not to a person.
    let mut senders = vec![join(server, options, 0).await?];
    let before = process::resident_bytes(server.pid())?;
    for number in 1..options.people {
        senders.push(join(server, options, number).await?);
    }
    let ids: Vec<ParticipantId> =
        senders.iter().map(|sender| sender.receiver.client.participant_id()).collect();
    for sender in &senders {
        let own = sender.receiver.client.participant_id();
        let others: Vec<ParticipantId> = ids.iter().copied().filter(|id| *id != own).collect();
        sender.receiver.view(&others, MAX_HEIGHT).await?;
    }
    sleep(SETTLE).await;
    let (media, receivers): (Vec<_>, Vec<Receiver>) =
        senders.into_iter().map(Sender::into_parts).unzip();
    let steady = Steady::measure(server, &receivers, options.duration()).await?;
    let grown = process::resident_bytes(server.pid())?.saturating_sub(before);
    let first = receivers.first().context("nobody is in the room")?;
    let uplink = first.client.stats().await?.uplink_estimate_bps;
    drop(media);
    let mut figures = Figures::new(format!(
        "{} people, each sends a camera (three layers) and a voice and sees the others at 360p",
        receivers.len()
    ));
    figures.add_steady(&steady);
    figures.add_uplink(uplink);
    figures.add_memory("memory per participant", grown, receivers.len().saturating_sub(1));
    Ok(figures)
}

async fn join(server: &Server, options: &Options, number: usize) -> anyhow::Result<Sender> {
    let video_slots = u16::try_from(options.people.saturating_sub(1)).unwrap_or(u16::MAX);
    let guest = server.guest("rapat", &format!("Orang {number}"))?.with_slots(5, video_slots);
    Sender::join(guest, u32::try_from(number).unwrap_or(0) + 1).await
}
