//! Somebody in a call, with the Rust client and synthetic media.

use std::collections::HashMap;

use jumpa_client::{
    Client, ClientEvent, Events, JoinError, JoinOptions, RemoteSource, RequestError,
    synthetic::{
        AudioSource, CameraLayer, Publisher, VideoFormat, publish_camera, publish_microphone,
        publish_screen,
    },
};
use jumpa_protocol::{
    AppId, Layer, ParticipantId, SourceKind,
    signal::{ChatMessage, ClientRequest, Event, ServerMessage, SlotView, SourceState},
};
use jumpa_rtc::Kind;

use crate::{Server, within};

/// How loud somebody speaks, −dBov.
const SPEECH_LEVEL: u8 = 30;

/// How much a voice takes, as browsers send it.
const SPEECH_BPS: u32 = 32_000;

/// Somebody in a call.
#[derive(Debug)]
pub struct Person {
    /// The handle of the client.
    pub client: Client,
    /// What arrives.
    pub events: Events,
    publishers: HashMap<SourceKind, Publisher>,
}

impl Person {
    /// Joins and waits until media flows.
    ///
    /// # Panics
    /// When the server refuses or no media comes up.
    pub async fn join(options: JoinOptions) -> Self {
        let person = Self::knock(options).await.expect("the server lets them in");
        within("media comes up", person.client.wait_for_media()).await.expect("media");
        person
    }

    /// Joins, or says why not.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn knock(options: JoinOptions) -> Result<Self, JoinError> {
        let (client, events) = within("the server answers", Client::join(options)).await?;
        Ok(Self { client, events, publishers: HashMap::new() })
    }

    /// Who they are.
    #[must_use]
    pub fn id(&self) -> ParticipantId {
        self.client.participant_id()
    }

    /// Speaks from now on.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn speak(&mut self) {
        let source = SourceKind::Microphone;
        self.client.set_source(source, SourceState::Live).await.expect("may speak");
        let publisher =
            publish_microphone(&self.client, AudioSource::new(SPEECH_BPS, seed(self.id())));
        publisher.set_level(SPEECH_LEVEL);
        self.publishers.insert(source, publisher);
    }

    /// Sends a small camera picture from now on.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn show_camera(&mut self) {
        let source = SourceKind::Camera;
        self.client.set_source(source, SourceState::Live).await.expect("may send");
        let format = VideoFormat { width: 320, height: 180, fps: 15, bitrate_bps: 100_000 };
        let layer = CameraLayer { layer: Some(Layer::Q), format };
        let publisher = publish_camera(&self.client, &[layer], seed(self.id()));
        self.publishers.insert(source, publisher);
    }

    /// Shares a screen from now on.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn share_screen(&mut self) {
        let source = SourceKind::Screen;
        self.client.set_source(source, SourceState::Live).await.expect("may share");
        let format = VideoFormat { width: 640, height: 360, fps: 5, bitrate_bps: 100_000 };
        let publisher = publish_screen(&self.client, format, seed(self.id()));
        self.publishers.insert(source, publisher);
    }

    /// Puts the camera of somebody into the first video slot.
    pub async fn watch(&self, whom: ParticipantId) {
        self.look_at(&[(whom, SourceKind::Camera)]).await;
    }

    /// Puts these pictures into the video slots, the first into the first.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn look_at(&self, pictures: &[(ParticipantId, SourceKind)]) {
        let slots = (0..).zip(pictures).map(|(slot, (participant_id, source))| SlotView {
            slot,
            participant_id: *participant_id,
            source: *source,
            max_height: 360,
            priority: 0,
        });
        self.client.set_view(slots.collect()).await.expect("may look");
    }

    /// Waits for some packets of a source; those that waited already do not count.
    ///
    /// # Panics
    /// When they do not come.
    pub async fn receives(&mut self, whom: ParticipantId, source: SourceKind) {
        const ENOUGH: u32 = 10;
        let wanted = Some(RemoteSource { participant_id: whom, source });
        self.events.skip_waiting_packets();
        within(&format!("{source:?} of {whom} arrives"), async {
            let mut count = 0;
            while count < ENOUGH {
                let packet = self.events.next_packet().await.expect("still in the call");
                let is_of_its_kind = match source {
                    SourceKind::Microphone | SourceKind::ScreenAudio => {
                        packet.packet.slot.kind == Kind::Audio
                    }
                    SourceKind::Camera | SourceKind::Screen => {
                        packet.packet.slot.kind == Kind::Video
                    }
                };
                count += u32::from(packet.source == wanted && is_of_its_kind);
            }
        })
        .await;
    }

    /// Waits until this person knows of so many people, itself included.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn knows(&self, people: usize) {
        let known = self.client.wait_for_room(|room| room.participants.len() == people);
        within(&format!("{people} people are known"), known).await.expect("still in the call");
    }

    /// Asks the server for something.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn ask(&self, request: ClientRequest) -> Result<ServerMessage, RequestError> {
        within("the server answers a request", self.client.request(request)).await
    }

    /// Writes in the chat.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn write(&self, text: &str, to: Option<ParticipantId>) {
        let request = ClientRequest::SendChat { text: text.to_owned(), to };
        self.ask(request).await.expect("may write");
    }

    /// Waits for the next chat message.
    ///
    /// # Panics
    /// When none comes.
    pub async fn reads(&mut self) -> ChatMessage {
        self.hears("a chat message", |event| match event {
            Event::ChatReceived { message } => Some(message),
            _ => None,
        })
        .await
    }

    /// Waits for an event of the room that `choose` makes something of.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn hears<T>(&mut self, what: &str, mut choose: impl FnMut(Event) -> Option<T>) -> T {
        self.notices(what, |event| match event {
            ClientEvent::Room(event) => choose(event),
            _ => None,
        })
        .await
    }

    /// Waits for anything that happens to the client.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn notices<T>(
        &mut self,
        what: &str,
        choose: impl FnMut(ClientEvent) -> Option<T>,
    ) -> T {
        within(what, self.events.find(choose)).await.expect("still in the call")
    }
}

impl Server {
    /// How to join a room of an app.
    #[must_use]
    pub fn options(&self, app: &AppId, room: &str, name: &str) -> JoinOptions {
        let room = room.parse().expect("a good room name");
        JoinOptions::new(self.ready().address.clone(), app.clone(), room).named(name)
    }

    /// Joins a room of the demo app as a guest.
    pub async fn guest(&self, room: &str, name: &str) -> Person {
        Person::join(self.options(&self.ready().demo_app, room, name)).await
    }

    /// Joins a room with a token that gives the rights of a moderator.
    pub async fn moderator(&self, app: &AppId, room: &str, name: &str) -> Person {
        let token = self.token(app, room, name, &["--moderator"]).await;
        Person::join(self.options(app, room, name).with_token(token)).await
    }

    /// Joins a room with a token without special rights.
    pub async fn member(&self, app: &AppId, room: &str, name: &str) -> Person {
        let token = self.token(app, room, name, &[]).await;
        Person::join(self.options(app, room, name).with_token(token)).await
    }
}

/// Different for each person, so that their media differs.
fn seed(id: ParticipantId) -> u32 {
    (id.as_uuid().as_u128() % u128::from(u32::MAX)) as u32
}
