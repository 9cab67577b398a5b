//! What arrives at a client.

use jumpa_protocol::{
    Layer, ParticipantId, SourceKind,
    fast::FastMessage,
    signal::{Event, LeaveReason},
};
use jumpa_rtc::MediaPacket;
use tokio::sync::mpsc;

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientEvent {
    /// Media flows; also after it was gone for a while.
    MediaConnected,
    /// Nothing came from the media server for 1.5 s; an ICE restart is under way.
    MediaSilent,
    /// The WebSocket was lost; it is being made again.
    SignallingLost,
    /// The WebSocket is back and the session goes on.
    SignallingResumed,
    /// The server had forgotten the session, so the client joined again: everything that it knew of
    /// the room was replaced. Its participant id may be another.
    Rejoined {
        /// Who the client is now.
        participant_id: ParticipantId,
    },
    /// An event of the server.
    Room(Event),
    /// The server needs a keyframe of an own source; `layer` is absent without simulcast.
    KeyframeRequested {
        /// Which source.
        source: SourceKind,
        /// Which encoding.
        layer: Option<Layer>,
    },
    /// A message over the data channel.
    Fast(FastMessage),
    /// The client is out and will not come back; the last event.
    Left {
        /// Why.
        reason: LeaveReason,
    },
}

/// Whose packet it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RemoteSource {
    /// Whose.
    pub participant_id: ParticipantId,
    /// Which.
    pub source: SourceKind,
}

/// A media packet that arrived on a slot.
#[derive(Debug, Clone)]
pub struct RemotePacket {
    /// The packet.
    pub packet: MediaPacket,
    /// Whose it is, by its CSRC; `None` while the participant is not known yet.
    pub source: Option<RemoteSource>,
}

/// What somebody who encodes must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishSignal {
    /// The next frame of this encoding must be a keyframe; of every encoding when it is absent.
    KeyframeRequested {
        /// Which source.
        source: SourceKind,
        /// Which encoding.
        layer: Option<Layer>,
    },
    /// Only these encodings are received by anybody.
    LayersWanted {
        /// Which source.
        source: SourceKind,
        /// Wanted encodings.
        layers: Vec<Layer>,
    },
}

/// Something that arrived.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// Something happened.
    Event(ClientEvent),
    /// A media packet.
    Packet(RemotePacket),
}

/// Where everything arrives. Two queues, since media is much and may be lost.
#[derive(Debug)]
pub struct Events {
    pub(crate) events: mpsc::Receiver<ClientEvent>,
    pub(crate) packets: mpsc::Receiver<RemotePacket>,
}

/// Events that wait at most. A reader that is so far behind loses further ones, which is counted.
pub(crate) const MAX_EVENTS: usize = 4_096;
/// Media packets that wait at most, half a second of 25 pictures. Those who only count packets need
/// not read: further ones are dropped, and counted.
pub(crate) const MAX_PACKETS: usize = 2_048;

impl Events {
    /// The next event; `None` after [`ClientEvent::Left`] or when the last [`crate::Client`] is
    /// dropped.
    pub async fn next(&mut self) -> Option<ClientEvent> {
        self.events.recv().await
    }

    /// The next event that `choose` makes something of; those before it are dropped.
    pub async fn find<T>(&mut self, mut choose: impl FnMut(ClientEvent) -> Option<T>) -> Option<T> {
        while let Some(event) = self.events.recv().await {
            if let Some(found) = choose(event) {
                return Some(found);
            }
        }
        None
    }

    /// The next media packet; `None` when the client is gone.
    pub async fn next_packet(&mut self) -> Option<RemotePacket> {
        self.packets.recv().await
    }

    /// What arrives next on either queue, events first; `None` after [`ClientEvent::Left`].
    pub async fn next_arrival(&mut self) -> Option<Arrival> {
        tokio::select! {
            biased;
            event = self.events.recv() => event.map(Arrival::Event),
            Some(packet) = self.packets.recv() => Some(Arrival::Packet(packet)),
        }
    }

    /// Drops the media packets that wait, so that the next one is a new one.
    pub fn skip_waiting_packets(&mut self) {
        while self.packets.try_recv().is_ok() {}
    }
}
