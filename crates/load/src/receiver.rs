//! Somebody who receives and notes what comes.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use anyhow::Context;
use jumpa_client::{Client, Codec, Events, JoinOptions};
use jumpa_protocol::{ParticipantId, SourceKind, signal::SlotView};
use tokio::task::JoinHandle;

use crate::{percentile::Samples, stamp::time_under_way};

/// A client with a task that reads its packets.
#[derive(Debug)]
pub struct Receiver {
    /// The client.
    pub client: Client,
    noted: Arc<Noted>,
    reader: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Noted {
    /// Whether delays are noted now.
    is_measuring: AtomicBool,
    packets: AtomicU64,
    delays: Mutex<Delays>,
}

/// How long packets were under way, from the making of the packet to the receiver's socket.
#[derive(Debug, Clone, Default)]
pub struct Delays {
    /// Of voices, which are sent at once everywhere.
    pub sound: Samples,
    /// Of cameras. The sender's client spreads its packets over time as its own estimate of the
    /// uplink says, and that wait is in here.
    pub pictures: Samples,
}

impl Receiver {
    /// Joins and waits for media.
    ///
    /// # Errors
    /// When the server refuses, or media does not come up.
    pub async fn join(options: JoinOptions) -> anyhow::Result<Self> {
        let (client, events) = Client::join(options).await.context("joining")?;
        client.wait_for_media().await.context("waiting for media")?;
        Ok(Self::new(client, events))
    }

    /// Goes on with a client that has joined.
    pub fn new(client: Client, mut events: Events) -> Self {
        let noted = Arc::new(Noted::default());
        let note = Arc::clone(&noted);
        let reader = tokio::spawn(async move {
            while let Some(remote) = events.next_packet().await {
                if !note.is_measuring.load(Ordering::Relaxed) {
                    continue;
                }
                note.packets.fetch_add(1, Ordering::Relaxed);
                let packet = remote.packet;
                let Some(delay) = time_under_way(&packet.payload, packet.received_at) else {
                    continue;
                };
                let mut delays = note.delays.lock().unwrap_or_else(PoisonError::into_inner);
                match packet.codec {
                    Codec::Opus | Codec::Red => delays.sound.push(delay),
                    Codec::Vp8 | Codec::H264 => delays.pictures.push(delay),
                }
            }
        });
        Self { client, noted, reader }
    }

    /// Asks for cameras, one per slot, in this height.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn view(&self, of: &[ParticipantId], max_height: u16) -> anyhow::Result<()> {
        self.client.set_view(cameras(of, max_height)).await.context("asking for pictures")
    }

    /// Starts or ends the notes.
    pub fn measure(&self, is_measuring: bool) {
        self.noted.is_measuring.store(is_measuring, Ordering::Relaxed);
    }

    /// Packets that came while notes were taken.
    pub fn packets(&self) -> u64 {
        self.noted.packets.load(Ordering::Relaxed)
    }

    /// How long packets were under way while notes were taken.
    pub fn take_delays(&self) -> Delays {
        std::mem::take(&mut *self.noted.delays.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// A view of cameras, one per slot.
pub fn cameras(of: &[ParticipantId], max_height: u16) -> Vec<SlotView> {
    of.iter()
        .zip(0..)
        .map(|(participant_id, slot)| SlotView {
            slot,
            participant_id: *participant_id,
            source: SourceKind::Camera,
            max_height,
            priority: 1,
        })
        .collect()
}
