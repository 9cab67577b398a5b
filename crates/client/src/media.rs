//! The media connection: the caller of `rtc` and its socket.

use std::{
    io,
    time::{Duration, Instant},
};

use jumpa_protocol::{Layer, SourceKind};
use jumpa_rtc::{
    Caller, CallerConfig, CallerEvent, Certificate, Kind, Line, OutPacket, Rid, RtcError,
    SendLayer, Slot,
};

use crate::{JoinError, JoinOptions, socket::MediaSocket};

/// How long nothing may come before the path counts as dead. The server answers a check at least
/// every 700 ms.
pub(crate) const SILENCE: Duration = Duration::from_millis(1_500);
/// Datagrams that are read before others get their turn.
const MAX_BATCH: usize = 64;

/// The caller of `rtc` and its socket.
pub(crate) struct Media {
    caller: Caller,
    socket: MediaSocket,
    authority: String,
    heard_at: Instant,
    is_connected: bool,
    pub(crate) received: u64,
    pub(crate) dropped: u64,
}

impl Media {
    /// A new connection with its first offer.
    pub(crate) async fn open(options: &JoinOptions) -> Result<(Self, String), JoinError> {
        let authority = options.authority();
        let socket = MediaSocket::open(options.transport, &authority).await?;
        let config = CallerConfig {
            certificate: Certificate::generate()?,
            local: socket.candidate()?,
            audio_slots: options.audio_slots,
            video_slots: options.video_slots,
            video_codecs: options.video_codecs.clone(),
            offers_red: options.offers_red,
            camera_rids: options
                .camera_layers
                .iter()
                .filter_map(|layer| Rid::new(layer.rid()))
                .collect(),
        };
        let now = Instant::now();
        let (caller, offer) = Caller::offer(&config, now)?;
        let media = Self {
            caller,
            socket,
            authority,
            heard_at: now,
            is_connected: false,
            received: 0,
            dropped: 0,
        };
        Ok((media, offer))
    }

    pub(crate) fn accept_answer(&mut self, answer: &str, now: Instant) -> Result<(), RtcError> {
        self.heard_at = now;
        self.caller.accept_answer(answer, now)
    }

    /// Gives up an offer that got no answer.
    pub(crate) fn drop_offer(&mut self) {
        self.caller.drop_offer();
    }

    pub(crate) fn video_slots(&self) -> u16 {
        self.caller.slots(Kind::Video)
    }

    pub(crate) fn grow(&mut self, video_slots: u16) -> Result<String, RtcError> {
        self.caller.grow(video_slots)
    }

    /// An offer that restarts ICE from a new socket, since the old one may be bound to a network
    /// that is gone.
    pub(crate) async fn restart(&mut self) -> Result<String, JoinError> {
        self.change_socket().await?;
        self.caller.move_to(self.socket.candidate()?);
        Ok(self.caller.restart_ice()?)
    }

    /// Another socket without telling anybody, as when a NAT forgets its mapping.
    pub(crate) async fn change_socket(&mut self) -> io::Result<()> {
        self.socket = MediaSocket::open(self.socket.transport(), &self.authority).await?;
        Ok(())
    }

    /// Whether media was up and nothing has come for [`SILENCE`].
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        self.is_connected && self.heard_at + SILENCE <= now
    }

    /// Forgets the silence, so that a new attempt gets its time.
    pub(crate) fn excuse_silence(&mut self, now: Instant) {
        self.heard_at = now;
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.caller.is_alive()
    }

    /// Waits for the socket. May be dropped and called again.
    pub(crate) async fn ready(&mut self) {
        self.socket.ready().await;
    }

    /// Reads what has come, up to a batch.
    pub(crate) fn read(&mut self, now: Instant) {
        for _ in 0..MAX_BATCH {
            let Some((source, datagram)) = self.socket.receive() else {
                return;
            };
            self.received += 1;
            self.heard_at = now;
            self.caller.handle_datagram(self.socket.transport(), source, &datagram, now);
        }
    }

    /// Does what is due and sends what is ready.
    pub(crate) fn drive(&mut self, now: Instant) {
        if self.caller.poll_timeout().is_some_and(|at| at <= now) {
            self.caller.handle_timeout(now);
        }
        while let Some((to, transmit)) = self.caller.poll_transmit() {
            if !self.socket.send(to, &transmit.bytes, now) {
                self.dropped += 1;
            }
        }
    }

    /// When [`Self::drive`] wants to be called next.
    pub(crate) fn timeout(&self) -> Option<Instant> {
        let silence = self.is_connected.then(|| self.heard_at + SILENCE);
        self.caller.poll_timeout().into_iter().chain(silence).min()
    }

    pub(crate) fn poll_event(&mut self) -> Option<CallerEvent> {
        let event = self.caller.poll_event()?;
        match event {
            CallerEvent::Connected => self.is_connected = true,
            CallerEvent::Closed => self.is_connected = false,
            _ => {}
        }
        Some(event)
    }

    pub(crate) fn write(&mut self, to: SendLayer, packet: OutPacket, now: Instant) {
        self.caller.write(to, packet, now);
    }

    pub(crate) fn request_keyframe(&mut self, slot: Slot, now: Instant) {
        self.caller.request_keyframe(slot, now);
    }

    pub(crate) fn close(&mut self, now: Instant) {
        self.caller.close(now);
        self.drive(now);
    }
}

/// Where a source is sent.
pub(crate) fn send_layer(source: SourceKind, layer: Option<Layer>) -> SendLayer {
    SendLayer { line: Line(source as u8), rid: layer.and_then(|layer| Rid::new(layer.rid())) }
}

/// What is sent on a line.
pub(crate) fn source_of(line: Line) -> Option<SourceKind> {
    SourceKind::ALL.get(usize::from(line.0)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_has_its_own_line() {
        for source in SourceKind::ALL {
            assert_eq!(source_of(send_layer(source, None).line), Some(source));
        }
        assert_eq!(source_of(Line(4)), None);
    }
}
