//! The handle of a joined client.

use std::{sync::Arc, time::Duration};

use jumpa_protocol::{
    Layer, ParticipantId, SourceKind,
    signal::{ClientRequest, ServerMessage, SlotView, Snapshot, SourceState, SourceUpdate},
};
use jumpa_rtc::{OutPacket, SendLayer, Slot};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::{
    ClientStats, Events, JoinError, JoinOptions, PublishSignal, RequestError, media, session,
};

/// How long a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// What the handle tells the task.
#[derive(Debug)]
pub(crate) enum Command {
    Request { request: ClientRequest, reply: Reply },
    View { slots: Vec<SlotView>, reply: Reply },
    Write { to: SendLayer, packet: OutPacket },
    RequestKeyframe(Slot),
    Stats(oneshot::Sender<ClientStats>),
    ChangeSocket,
    RestartIce,
    CutSignalling,
    Leave(oneshot::Sender<()>),
    Vanish,
}

pub(crate) type Reply = oneshot::Sender<Result<ServerMessage, RequestError>>;

/// Commands that wait at most. When the task is so far behind, media packets are dropped and
/// requests wait.
pub(crate) const MAX_COMMANDS: usize = 4_096;

/// A participant of a call. Clones are handles of the same participant; when the last one is
/// dropped the client leaves without a word.
#[derive(Debug, Clone)]
pub struct Client {
    commands: mpsc::Sender<Command>,
    shared: Arc<Shared>,
}

/// What the task shows to its handles.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) participant_id: watch::Receiver<ParticipantId>,
    pub(crate) snapshot: watch::Receiver<Snapshot>,
    pub(crate) has_media: watch::Receiver<bool>,
    pub(crate) publish: broadcast::Sender<PublishSignal>,
    pub(crate) rating_token: String,
}

impl Client {
    /// Enters a room. Returns when the server has let the client in, which may take a while when
    /// there is a lobby ([`JoinOptions::lobby`]); media comes up afterwards
    /// ([`Self::wait_for_media`]).
    ///
    /// # Errors
    /// [`JoinError`]; [`JoinError::code`] is the server's reason.
    pub async fn join(options: JoinOptions) -> Result<(Self, Events), JoinError> {
        session::join(options).await
    }

    pub(crate) fn new(commands: mpsc::Sender<Command>, shared: Shared) -> Self {
        Self { commands, shared: Arc::new(shared) }
    }

    /// Who this client is. Changes only when it had to join again.
    #[must_use]
    pub fn participant_id(&self) -> ParticipantId {
        *self.shared.participant_id.borrow()
    }

    /// The room as this client knows it now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.shared.snapshot.borrow().clone()
    }

    /// Waits until the room is as `is_wanted` says, and gives it.
    ///
    /// # Errors
    /// [`RequestError::Left`] when the client leaves before.
    pub async fn wait_for_room(
        &self,
        is_wanted: impl FnMut(&Snapshot) -> bool,
    ) -> Result<Snapshot, RequestError> {
        let mut snapshot = self.shared.snapshot.clone();
        let found = snapshot.wait_for(is_wanted).await.map_err(|_| RequestError::Left)?;
        Ok(found.clone())
    }

    /// Waits until media flows.
    ///
    /// # Errors
    /// [`RequestError::Left`] when the client leaves before, [`RequestError::TimedOut`] after ten
    /// seconds.
    pub async fn wait_for_media(&self) -> Result<(), RequestError> {
        let mut has_media = self.shared.has_media.clone();
        tokio::time::timeout(REQUEST_TIMEOUT, has_media.wait_for(|has| *has))
            .await
            .map_err(|_| RequestError::TimedOut)?
            .map_err(|_| RequestError::Left)?;
        Ok(())
    }

    /// Lets the client rate the call afterwards. A secret.
    #[must_use]
    pub fn rating_token(&self) -> &str {
        &self.shared.rating_token
    }

    /// Asks the server for anything of the protocol and waits for the answer. `join`, `resume`,
    /// `negotiate` and `leave` are the client's own business.
    ///
    /// # Errors
    /// [`RequestError`]; [`RequestError::code`] is the server's reason.
    pub async fn request(&self, request: ClientRequest) -> Result<ServerMessage, RequestError> {
        self.ask(|reply| Command::Request { request, reply }).await
    }

    async fn ask(
        &self,
        command: impl FnOnce(Reply) -> Command,
    ) -> Result<ServerMessage, RequestError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| RequestError::Left)?;
        tokio::time::timeout(REQUEST_TIMEOUT, answer)
            .await
            .map_err(|_| RequestError::TimedOut)?
            .map_err(|_| RequestError::Left)?
    }

    /// What stands in each video slot from now on. Slots grow to the next step when the view needs
    /// more than there are. After a rejoin the view is asked for again.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub async fn set_view(&self, slots: Vec<SlotView>) -> Result<(), RequestError> {
        self.ask(|reply| Command::View { slots, reply }).await.map(drop)
    }

    /// What this client sends of one kind. After a rejoin it is said again.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub async fn set_source(
        &self,
        source: SourceKind,
        state: SourceState,
    ) -> Result<(), RequestError> {
        let update = SourceUpdate { source, state };
        self.request(ClientRequest::SetSource(update)).await.map(drop)
    }

    /// Sends a media packet of a source. Sequence numbers grow by one per packet of a source and
    /// layer and start below 65,536. `false` when it was dropped, since the client is behind or has
    /// left.
    pub fn write(&self, source: SourceKind, layer: Option<Layer>, packet: OutPacket) -> bool {
        let to = media::send_layer(source, layer);
        self.commands.try_send(Command::Write { to, packet }).is_ok()
    }

    /// Asks for a keyframe on a video slot (PLI).
    pub fn request_keyframe(&self, slot: Slot) {
        // A lost request is repeated by whoever needs the keyframe.
        let _ = self.commands.try_send(Command::RequestKeyframe(slot));
    }

    /// Tells from now on what somebody who encodes must know. A reader that is 64 signals behind
    /// misses the oldest.
    #[must_use]
    pub fn publish_signals(&self) -> broadcast::Receiver<PublishSignal> {
        self.shared.publish.subscribe()
    }

    /// Figures since the join.
    ///
    /// # Errors
    /// [`RequestError::Left`].
    pub async fn stats(&self) -> Result<ClientStats, RequestError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Stats(reply)).await.map_err(|_| RequestError::Left)?;
        answer.await.map_err(|_| RequestError::Left)
    }

    /// Goes on from another media socket without telling anybody, as behind a NAT that has
    /// forgotten its mapping.
    pub async fn change_socket(&self) {
        let _ = self.commands.send(Command::ChangeSocket).await;
    }

    /// Restarts ICE from another socket, as after a change of the network.
    pub async fn restart_ice(&self) {
        let _ = self.commands.send(Command::RestartIce).await;
    }

    /// Drops the WebSocket as a bad network would; the client resumes by itself.
    pub async fn cut_signalling(&self) {
        let _ = self.commands.send(Command::CutSignalling).await;
    }

    /// Leaves the call and waits until the server knows, two seconds at most.
    pub async fn leave(&self) {
        let (reply, done) = oneshot::channel();
        if self.commands.send(Command::Leave(reply)).await.is_ok() {
            let _ = done.await;
        }
    }

    /// Is gone from one moment to the next without a word, like a machine that lost its power.
    pub async fn vanish(&self) {
        let _ = self.commands.send(Command::Vanish).await;
    }
}
