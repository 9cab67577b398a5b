//! How long it takes from the wish to join until the first picture and the first sound are there.

use std::time::{Duration, Instant};

use anyhow::Context;
use jumpa_client::{Client, Codec};
use tokio::time::{sleep, timeout};

use super::Sender;
use crate::{
    cli::Options, percentile::Samples, process, receiver::cameras, report::Figures, server::Server,
};

/// Pixels: a large tile.
const MAX_HEIGHT: u16 = 720;

/// How long a picture may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two joins: the publisher is then asked for its next keyframe without waiting for the
/// limit of two per second.
const JOIN_INTERVAL: Duration = Duration::from_millis(600);

#[derive(Default)]
struct Milestones {
    joined: Samples,
    sound: Samples,
    picture: Samples,
}

pub async fn run(server: &Server, options: &Options) -> anyhow::Result<Figures> {
    let sender = Sender::join(server.guest("meja", "Sari")?, 1).await?;
    sleep(Duration::from_secs(2)).await;
    let (machine, _) = process::machine_load(None);
    let mut milestones = Milestones::default();
    for number in 0..options.joins {
        join_once(server, &sender, number, &mut milestones).await?;
        sleep(JOIN_INTERVAL).await;
    }
    let (_, machine_load) = process::machine_load(Some(machine));
    let mut figures =
        Figures::new(format!("{} joins of a call with one sender, one by one", options.joins));
    figures.add_times("join to session description", &milestones.joined);
    figures.add_times("join to first sound", &milestones.sound);
    figures.add_times("join to first whole picture", &milestones.picture);
    figures.add_machine_load(machine_load);
    Ok(figures)
}

async fn join_once(
    server: &Server,
    sender: &Sender,
    number: usize,
    milestones: &mut Milestones,
) -> anyhow::Result<()> {
    let of = [sender.receiver.client.participant_id()];
    let guest = server.guest("meja", &format!("Tamu {number}"))?;
    let began = Instant::now();
    let (client, mut events) = Client::join(guest).await.context("joining")?;
    milestones.joined.push(began.elapsed());
    client.set_view(cameras(&of, MAX_HEIGHT)).await.context("asking for a picture")?;
    let (mut sound, mut picture) = (None, None);
    while sound.is_none() || picture.is_none() {
        let next = timeout(PATIENCE, events.next_packet()).await.context("waiting for media")?;
        let packet = next.context("the client was put out")?.packet;
        let reached = packet.received_at - began;
        match packet.codec {
            Codec::Opus | Codec::Red => {
                sound.get_or_insert(reached);
            }
            // The marker ends a frame, and the first frame of a slot is a keyframe.
            Codec::Vp8 | Codec::H264 if packet.marker => {
                picture.get_or_insert(reached);
            }
            Codec::Vp8 | Codec::H264 => {}
        }
    }
    milestones.sound.push(sound.unwrap_or_default());
    milestones.picture.push(picture.unwrap_or_default());
    client.leave().await;
    Ok(())
}
