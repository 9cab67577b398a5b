//! One WHIP or WHEP session: a participant without signalling, held by its own task.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jumpa_protocol::{
    ErrorCode, Refusal, RoomKey,
    signal::{ClientMessage, ClientRequest, Joined, ServerMessage},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    call::{Departure, Entry, Outgoing, SessionId},
    call_task::CallInput,
    hub::{CallHandle, Hub},
    mailbox::{Deliveries, Delivery, mailbox},
    sdp_text,
};

/// Requests to one resource that wait; clients make one at a time, further ones wait in turn.
const COMMANDS: usize = 4;

/// How long the answer to an offer may take; longer than the call itself waits for the media plane.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Every WHIP and WHEP session of the node, by the secret in its address.
#[derive(Debug, Default)]
pub struct MediaResources {
    by_secret: Mutex<HashMap<String, ResourceHandle>>,
}

/// The way to a session.
#[derive(Debug, Clone)]
pub struct ResourceHandle {
    room: RoomKey,
    commands: mpsc::Sender<Command>,
}

/// What can be done with a session.
#[derive(Debug)]
enum Command {
    Delete {
        done: oneshot::Sender<()>,
    },
    ETag {
        answer: oneshot::Sender<String>,
    },
    RestartIce {
        ufrag: String,
        password: String,
        answer: oneshot::Sender<Result<Restarted, ErrorCode>>,
    },
}

/// The outcome of an ICE restart.
#[derive(Debug)]
pub struct Restarted {
    /// The server's side, as a fragment (RFC 8840).
    pub fragment: String,
    /// Names the new ICE session.
    pub etag: String,
}

/// A session that has joined.
#[derive(Debug)]
pub struct Opened {
    /// Part of its address; who knows it may end it.
    pub secret: String,
    /// The session description.
    pub answer: String,
    /// Names the ICE session.
    pub etag: String,
}

impl MediaResources {
    /// Joins and keeps the session until it is deleted or its media is gone.
    ///
    /// # Errors
    /// What the call refuses; [`ErrorCode::MediaUnavailable`] when no answer comes.
    pub async fn open(
        self: &Arc<Self>,
        hub: &Arc<Hub>,
        room: RoomKey,
        entry: Entry,
    ) -> Result<Opened, Refusal> {
        let (session, request_id) = (entry.session, entry.request_id);
        let offer = entry.offer.clone();
        let (mailbox, deliveries) = mailbox();
        let call = hub.join(&room, entry, &mailbox).await?;
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let (opened, answer) = oneshot::channel();
        let secret = new_secret();
        let resource = Resource {
            call,
            session,
            deliveries,
            commands: receiver,
            offer,
            ice_session: 1,
            next_request: request_id.wrapping_add(1),
            restart: None,
        };
        let resources = Arc::clone(self);
        let (own_secret, handle) = (secret.clone(), ResourceHandle { room, commands });
        hub.tasks.spawn(async move {
            resource.run(request_id, opened, || resources.insert(&own_secret, handle)).await;
            resources.remove(&own_secret);
        });
        match timeout(ANSWER_TIMEOUT, answer).await {
            Ok(Ok(Ok(joined))) => {
                Ok(Opened { secret, answer: joined.answer, etag: etag(session, 1) })
            }
            Ok(Ok(Err(refusal))) => Err(refusal),
            Ok(Err(_)) => Err(ErrorCode::CallEnded.into()),
            Err(_) => Err(ErrorCode::MediaUnavailable.into()),
        }
    }

    /// The session with this secret in this room.
    #[must_use]
    pub fn find(&self, room: &RoomKey, secret: &str) -> Option<ResourceHandle> {
        self.lock().get(secret).filter(|handle| &handle.room == room).cloned()
    }

    fn insert(&self, secret: &str, handle: ResourceHandle) {
        self.lock().insert(secret.to_owned(), handle);
    }

    fn remove(&self, secret: &str) {
        self.lock().remove(secret);
    }

    /// The map is changed in one go, so it is right also after a panic elsewhere.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, ResourceHandle>> {
        self.by_secret.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResourceHandle {
    /// Ends the session. `false` when it had ended before.
    pub async fn delete(&self) -> bool {
        let (done, wait) = oneshot::channel();
        self.commands.send(Command::Delete { done }).await.is_ok() && wait.await.is_ok()
    }

    /// Names the present ICE session. `None` when the session has ended.
    pub async fn etag(&self) -> Option<String> {
        let (answer, wait) = oneshot::channel();
        self.commands.send(Command::ETag { answer }).await.ok()?;
        wait.await.ok()
    }

    /// Restarts ICE with the client's new credentials.
    ///
    /// # Errors
    /// What the media plane refuses; [`ErrorCode::ParticipantUnknown`] when the session has ended.
    pub async fn restart_ice(&self, ufrag: &str, password: &str) -> Result<Restarted, ErrorCode> {
        let (answer, wait) = oneshot::channel();
        let (ufrag, password) = (ufrag.to_owned(), password.to_owned());
        let command = Command::RestartIce { ufrag, password, answer };
        self.commands.send(command).await.map_err(|_| ErrorCode::ParticipantUnknown)?;
        match timeout(ANSWER_TIMEOUT, wait).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(ErrorCode::ParticipantUnknown),
            Err(_) => Err(ErrorCode::MediaUnavailable),
        }
    }
}

struct Resource {
    call: CallHandle,
    session: SessionId,
    deliveries: Deliveries,
    commands: mpsc::Receiver<Command>,
    /// The last offer, from which an ICE restart makes the next.
    offer: String,
    ice_session: u32,
    next_request: u32,
    restart: Option<Restart>,
}

/// An ICE restart that the media plane has not answered.
struct Restart {
    request_id: u32,
    offer: String,
    answer: oneshot::Sender<Result<Restarted, ErrorCode>>,
}

impl Resource {
    async fn run(
        mut self,
        join_id: u32,
        opened: oneshot::Sender<Result<Joined, Refusal>>,
        register: impl FnOnce(),
    ) {
        let joined = self.wait_to_join(join_id).await;
        let is_joined = joined.is_ok();
        if is_joined {
            register();
        }
        // A client that did not wait for the answer has nothing to end its session with.
        if opened.send(joined).is_ok() && is_joined {
            while self.step().await {}
        }
        let (session, departure) = (self.session, Departure::Away);
        self.call.send(CallInput::Disconnect { session, departure }).await;
    }

    async fn wait_to_join(&mut self, join_id: u32) -> Result<Joined, Refusal> {
        loop {
            match self.deliveries.next().await {
                Some(Delivery::Message(Outgoing::Message(message))) => match *message {
                    ServerMessage::Joined(joined) => return Ok(joined),
                    ServerMessage::Error { request_id, code, message }
                        if request_id == Some(join_id) =>
                    {
                        return Err(Refusal::new(code, message));
                    }
                    _ => {}
                },
                Some(Delivery::Message(Outgoing::Event { .. })) => {}
                Some(Delivery::Close(_)) | None => return Err(ErrorCode::CallEnded.into()),
            }
        }
    }

    /// Handles one thing. `false` at the end.
    async fn step(&mut self) -> bool {
        tokio::select! {
            delivery = self.deliveries.next() => match delivery {
                Some(Delivery::Message(Outgoing::Message(message))) => {
                    self.take_answer(*message);
                    true
                }
                Some(Delivery::Message(Outgoing::Event { .. })) => true,
                Some(Delivery::Close(_)) | None => false,
            },
            command = self.commands.recv() => match command {
                Some(Command::Delete { done }) => {
                    self.ask(ClientRequest::Leave).await;
                    // Whoever asked may have gone; the session ends all the same.
                    let _ = done.send(());
                    false
                }
                Some(Command::ETag { answer }) => {
                    let _ = answer.send(etag(self.session, self.ice_session));
                    true
                }
                Some(Command::RestartIce { ufrag, password, answer }) => {
                    self.restart_ice(&ufrag, &password, answer).await;
                    true
                }
                None => false,
            },
        }
    }

    async fn ask(&mut self, request: ClientRequest) -> u32 {
        let request_id = self.next_request;
        self.next_request = self.next_request.wrapping_add(1);
        let message = Box::new(ClientMessage { request_id, request });
        self.call.send(CallInput::Request { session: self.session, message }).await;
        request_id
    }

    async fn restart_ice(
        &mut self,
        ufrag: &str,
        password: &str,
        answer: oneshot::Sender<Result<Restarted, ErrorCode>>,
    ) {
        if self.restart.is_some() {
            let _ = answer.send(Err(ErrorCode::NotAllowedNow));
            return;
        }
        let offer = sdp_text::restarted(&self.offer, ufrag, password);
        let request_id = self.ask(ClientRequest::Negotiate { offer: offer.clone() }).await;
        self.restart = Some(Restart { request_id, offer, answer });
    }

    fn take_answer(&mut self, message: ServerMessage) {
        let Some(restart) = self.restart.take() else { return };
        let result = match message {
            ServerMessage::Negotiated { request_id, answer }
                if request_id == restart.request_id =>
            {
                sdp_text::fragment(&answer).ok_or(ErrorCode::Internal)
            }
            ServerMessage::Error { request_id, code, .. }
                if request_id == Some(restart.request_id) =>
            {
                Err(code)
            }
            _ => {
                self.restart = Some(restart);
                return;
            }
        };
        let result = result.map(|fragment| {
            self.offer = restart.offer;
            self.ice_session = self.ice_session.wrapping_add(1);
            Restarted { fragment, etag: etag(self.session, self.ice_session) }
        });
        // A client that did not wait finds the old tag refused and restarts again.
        let _ = restart.answer.send(result);
    }
}

/// An entity tag (RFC 9110 section 8.8.3) that names one ICE session.
fn etag(session: SessionId, ice_session: u32) -> String {
    format!("\"{:x}-{ice_session:x}\"", session.0)
}

/// 128 random bits, as they stand in an address.
fn new_secret() -> String {
    format!("{:032x}", rand::random::<u128>())
}
