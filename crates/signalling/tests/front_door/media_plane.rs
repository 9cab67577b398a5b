//! A media plane that takes commands, answers offers with a text, and keeps a list.

use std::sync::{Arc, Mutex};

use jumpa_protocol::{
    ErrorCode,
    control::{MediaCommand, MediaEvent, ParticipantMediaEvent},
};
use tokio::sync::mpsc;

/// An offer that is refused.
pub const BAD_OFFER: &str = "bad offer";

/// What every other offer is answered with.
pub const ANSWER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:srv\r\na=ice-pwd:secret\r\n\
    a=candidate:1 1 udp 1 127.0.0.1 7882 typ host\r\n";

#[derive(Clone)]
pub struct MediaPlane {
    pub events: mpsc::Sender<MediaEvent>,
    commands: Arc<Mutex<Vec<MediaCommand>>>,
}

impl MediaPlane {
    /// Starts it. Gives what signalling is connected to.
    pub fn start() -> (Self, mpsc::Sender<MediaCommand>, mpsc::Receiver<MediaEvent>) {
        let (commands, mut taken) = mpsc::channel(64);
        let (events, receiver) = mpsc::channel(64);
        let plane = Self { events, commands: Arc::default() };
        let own = plane.clone();
        tokio::spawn(async move {
            while let Some(command) = taken.recv().await {
                own.take(command).await;
            }
        });
        (plane, commands, receiver)
    }

    /// Commands so far.
    pub fn commands(&self) -> Vec<MediaCommand> {
        self.commands.lock().expect("no test panicked in between").clone()
    }

    async fn take(&self, command: MediaCommand) {
        self.commands.lock().expect("no test panicked in between").push(command.clone());
        let (request_id, offer) = match &command {
            MediaCommand::Join(join) => (join.request_id, &join.offer),
            MediaCommand::Negotiate { request_id, offer, .. } => (*request_id, offer),
            _ => return,
        };
        let result =
            if offer == BAD_OFFER { Err(ErrorCode::OfferInvalid) } else { Ok(ANSWER.to_owned()) };
        // Signalling may be gone at the end of a test.
        let _ = self.events.send(MediaEvent::Answered { request_id, result }).await;
        if let MediaCommand::Join(join) = command {
            let event = MediaEvent::Participant {
                call_id: join.call_id,
                participant_id: join.participant_id,
                event: ParticipantMediaEvent::Connected,
            };
            let _ = self.events.send(event).await;
        }
    }
}
