//! One WebSocket: carries frames between a client and its call.

use std::{net::IpAddr, sync::Arc};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use jumpa_protocol::{
    ErrorCode, ParticipantId, Refusal, RoomKey,
    limits::{self, close_code},
    signal::{Event, Join, ServerMessage},
};
use serde::Serialize;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::{
    admission::Credentials,
    call::{Departure, Entry, Outgoing, SessionId, SessionKind},
    call_task::CallInput,
    front_door::{FrontDoor, SocketPermit},
    hub::{CallHandle, FoundSession, Hub},
    mailbox::{Deliveries, Delivery, Mailbox, mailbox},
    session::{self, Session, Step, WRITE_TIMEOUT},
    telemetry::{self, Counted},
};

/// Close code of a page that goes away (RFC 6455 section 7.4.1).
const GOING_AWAY: u16 = 1001;

/// One WebSocket with everything it is connected to.
pub struct Socket {
    hub: Arc<Hub>,
    door: Arc<FrontDoor>,
    address: IpAddr,
    /// Of the page that opened it, if that is not one of ours.
    foreign_origin: Option<String>,
    id: SessionId,
    session: Session,
    mailbox: Mailbox,
    overflow: CancellationToken,
    call: Option<CallHandle>,
    opening: Option<Opening>,
    departure: Departure,
    _permit: SocketPermit,
    _counted: Counted,
}

/// The request that opened the session, until it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// With the time since when it is under way; none when that was spent in a lobby.
    Join(u32, Option<Instant>),
    Resume(u32),
}

/// Whether the socket goes on.
enum Flow {
    GoOn,
    End,
}

impl Socket {
    /// A socket from `address`, and what its call will tell it.
    pub fn new(
        hub: Arc<Hub>,
        door: Arc<FrontDoor>,
        address: IpAddr,
        foreign_origin: Option<String>,
        permit: SocketPermit,
    ) -> (Self, Deliveries) {
        let (mailbox, deliveries) = mailbox();
        let socket = Self {
            id: hub.new_session(),
            hub,
            door,
            address,
            foreign_origin,
            session: Session::new(now()),
            mailbox,
            overflow: deliveries.overflow(),
            call: None,
            opening: None,
            departure: Departure::Lost,
            _permit: permit,
            _counted: Counted::socket(),
        };
        (socket, deliveries)
    }

    /// Runs until either side ends it, then tells the call.
    pub async fn run(mut self, mut wire: WebSocket, mut deliveries: Deliveries) {
        let closing = self.hub.closing.clone();
        loop {
            let wake_at = Instant::from_std(self.session.poll_timeout());
            let flow = tokio::select! {
                () = self.overflow.cancelled() => {
                    self.close(&mut wire, close_code::SLOW).await;
                    Flow::End
                }
                delivery = deliveries.next() => self.deliver(&mut wire, delivery).await,
                frame = wire.recv() => self.take_frame(&mut wire, frame).await,
                () = sleep_until(wake_at) => {
                    let step = self.session.handle_timeout(now());
                    self.follow(&mut wire, step).await
                }
                // Sessions in a call hear of it from their call, after they were told.
                () = closing.cancelled(), if self.call.is_none() => {
                    self.close(&mut wire, close_code::RESTART).await;
                    Flow::End
                }
            };
            if let Flow::End = flow {
                break;
            }
        }
        if let Some(call) = self.call.take() {
            let (session, departure) = (self.id, self.departure);
            call.send(CallInput::Disconnect { session, departure }).await;
        }
    }

    async fn take_frame(
        &mut self,
        wire: &mut WebSocket,
        frame: Option<Result<Message, axum::Error>>,
    ) -> Flow {
        let step = match frame {
            Some(Ok(Message::Text(text))) => self.session.handle_text(text.as_str(), now()),
            Some(Ok(Message::Binary(_))) => self.session.handle_binary(),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => self.session.handle_control(now()),
            Some(Ok(Message::Close(frame))) => {
                if frame.is_some_and(|frame| frame.code == GOING_AWAY) {
                    self.departure = Departure::Away;
                }
                drain(wire).await;
                return Flow::End;
            }
            Some(Err(error)) => {
                if !is_oversize(error) {
                    return Flow::End;
                }
                self.session.handle_oversize()
            }
            None => return Flow::End,
        };
        if let Some(reason) = self.session.take_refused_for() {
            telemetry::message_refused(reason.label());
        }
        self.follow(wire, step).await
    }

    async fn follow(&mut self, wire: &mut WebSocket, step: Step) -> Flow {
        match step {
            Step::Nothing => Flow::GoOn,
            Step::Join(request_id, join) => self.join(wire, request_id, *join).await,
            Step::Resume { request_id, resume_token, last_seq } => {
                self.resume(wire, request_id, &resume_token, last_seq).await
            }
            Step::Forward(message) => {
                let Some(call) = &self.call else { return Flow::End };
                let request = CallInput::Request { session: self.id, message };
                // The last words of a call that is over wait in the mailbox, unless it broke.
                if !call.send(request).await && self.mailbox.is_empty() {
                    self.close(wire, close_code::RESTART).await;
                    return Flow::End;
                }
                Flow::GoOn
            }
            Step::Reply(message) => self.write(wire, &message).await,
            Step::Ping => self.send(wire, Message::Ping(axum::body::Bytes::new())).await,
            Step::Close(message, code) => {
                if let Some(message) = message {
                    self.write(wire, &message).await;
                }
                self.close(wire, code).await;
                Flow::End
            }
        }
    }

    async fn join(&mut self, wire: &mut WebSocket, request_id: u32, join: Join) -> Flow {
        self.opening = Some(Opening::Join(request_id, Some(Instant::now())));
        match self.try_join(request_id, join).await {
            Ok(call) => {
                self.call = Some(call);
                Flow::GoOn
            }
            Err(refusal) => {
                self.note_refused_join(refusal.code);
                let Refusal { code, message } = refusal;
                let error = ServerMessage::Error { request_id: Some(request_id), code, message };
                self.write(wire, &error).await;
                self.close(wire, close_code::REFUSED).await;
                Flow::End
            }
        }
    }

    async fn try_join(&mut self, request_id: u32, join: Join) -> Result<CallHandle, Refusal> {
        if !self.door.may_try(self.address, now()) {
            return Err(ErrorCode::TooManyMessages.into());
        }
        let identity = self.hub.admit(Credentials {
            app_id: &join.app_id,
            room: &join.room,
            token: join.token.as_deref(),
            resume_token: join.resume_token.as_deref(),
            name: join.name.as_deref(),
            foreign_origin: self.foreign_origin.as_deref(),
        })?;
        let cut = |text: &str| text.chars().take(limits::MAX_CLIENT_INFO_CHARS).collect::<String>();
        debug!(
            client.sdk = cut(&join.client.sdk),
            client.browser = cut(&join.client.browser),
            client.os = cut(&join.client.os),
            "somebody was admitted"
        );
        let entry = Entry {
            session: self.id,
            kind: SessionKind::Signalled,
            request_id,
            participant_id: ParticipantId::generate(),
            identity,
            password: join.password,
            offer: join.offer,
            sources: join.sources,
            client: join.client,
        };
        let room = RoomKey { app_id: join.app_id, room: join.room };
        self.hub.join(&room, entry, &self.mailbox).await
    }

    async fn resume(
        &mut self,
        wire: &mut WebSocket,
        request_id: u32,
        resume_token: &str,
        last_seq: u32,
    ) -> Flow {
        self.opening = Some(Opening::Resume(request_id));
        match self.hub.find_session(resume_token) {
            FoundSession::InCall(call, participant_id) => {
                let mailbox = self.mailbox.clone();
                let session = self.id;
                let resume =
                    CallInput::Resume { session, request_id, participant_id, last_seq, mailbox };
                if call.send(resume).await {
                    self.call = Some(call);
                    return Flow::GoOn;
                }
            }
            FoundSession::Ended(reason) => {
                let event = Event::Left { reason, retry_after_ms: None };
                self.write(wire, &EventMessage::new(last_seq.wrapping_add(1), &event)).await;
                self.close(wire, close_code::ENDED).await;
                return Flow::End;
            }
            FoundSession::Unknown => {}
        }
        let error = session::error(Some(request_id), ErrorCode::ResumeUnknown);
        self.note_answer(&error);
        self.write(wire, &error).await
    }

    async fn deliver(&mut self, wire: &mut WebSocket, delivery: Option<Delivery>) -> Flow {
        match delivery {
            Some(Delivery::Message(Outgoing::Message(message))) => {
                self.note_answer(&message);
                self.write(wire, &*message).await
            }
            Some(Delivery::Message(Outgoing::Event { seq, event })) => {
                if let (Event::LobbyWaiting { .. }, Some(Opening::Join(id, _))) =
                    (&*event, self.opening)
                {
                    self.opening = Some(Opening::Join(id, None));
                }
                self.write(wire, &EventMessage::new(seq, &event)).await
            }
            Some(Delivery::Close(code)) => {
                // The call has let go of this session by itself.
                self.call = None;
                self.close(wire, code).await;
                Flow::End
            }
            // The socket holds a mailbox itself, so this does not happen before it ends.
            None => Flow::End,
        }
    }

    /// Looks for the answer to `join` or `resume` among what passes.
    fn note_answer(&mut self, message: &ServerMessage) {
        match (message, self.opening) {
            (ServerMessage::Joined(_), opening) => {
                self.opening = None;
                telemetry::joined("signalled");
                if let Some(Opening::Join(_, Some(since))) = opening {
                    telemetry::join_took(since.elapsed());
                }
            }
            (ServerMessage::Resumed { .. }, _) => {
                self.opening = None;
                telemetry::resumed();
            }
            (ServerMessage::Error { request_id, code, .. }, Some(Opening::Join(id, _)))
                if *request_id == Some(id) =>
            {
                self.opening = None;
                self.note_refused_join(*code);
            }
            (ServerMessage::Error { request_id, .. }, Some(Opening::Resume(id)))
                if *request_id == Some(id) =>
            {
                self.opening = None;
                self.call = None;
                self.session.resume_was_refused(now());
            }
            _ => {}
        }
    }

    fn note_refused_join(&self, code: ErrorCode) {
        telemetry::join_refused(code);
        self.door.note_refusal(self.address, code, now());
    }

    async fn write<T: Serialize>(&mut self, wire: &mut WebSocket, message: &T) -> Flow {
        match serde_json::to_string(message) {
            Ok(text) => self.send(wire, Message::Text(text.into())).await,
            Err(error) => {
                tracing::error!(%error, "writing a signalling message");
                Flow::End
            }
        }
    }

    async fn send(&mut self, wire: &mut WebSocket, message: Message) -> Flow {
        let sent = tokio::select! {
            sent = timeout(WRITE_TIMEOUT, wire.send(message)) => sent,
            // The client does not read: the rest of this message is not worth waiting for.
            () = self.overflow.cancelled() => return Flow::End,
        };
        match sent {
            Ok(Ok(())) => Flow::GoOn,
            Ok(Err(_)) | Err(_) => Flow::End,
        }
    }

    async fn close(&mut self, wire: &mut WebSocket, code: u16) {
        telemetry::socket_closed(code);
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static("") };
        let sent = timeout(CLOSE_TIMEOUT, wire.send(Message::Close(Some(frame)))).await;
        // A client that does not take the frame finds a closed connection instead.
        if !matches!(sent, Ok(Ok(()))) {
            return;
        }
        if code == close_code::TOO_BIG {
            // What follows such a frame cannot be read. Time lets the client see the close frame
            // before the reset that unread bytes cause.
            sleep(CLOSE_TIMEOUT).await;
        } else {
            drain(wire).await;
        }
    }
}

/// Reads until the client has closed as well. Without that the system would answer what the client
/// still sends with a reset, which can overtake our close frame.
async fn drain(wire: &mut WebSocket) {
    let read_on = async { while let Some(Ok(_)) = wire.recv().await {} };
    // A client that goes on sending is cut off.
    let _ = timeout(CLOSE_TIMEOUT, read_on).await;
}

/// How long a client may take to take the close frame, and to answer it.
const CLOSE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(1);

/// `ServerMessage::Event` around a shared event.
#[derive(Serialize)]
struct EventMessage<'a> {
    r#type: &'static str,
    seq: u32,
    event: &'a Event,
}

impl<'a> EventMessage<'a> {
    fn new(seq: u32, event: &'a Event) -> Self {
        Self { r#type: "event", seq, event }
    }
}

fn is_oversize(error: axum::Error) -> bool {
    error
        .into_inner()
        .downcast::<tungstenite::Error>()
        .is_ok_and(|error| matches!(*error, tungstenite::Error::Capacity(_)))
}

fn now() -> std::time::Instant {
    Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_event_reads_like_the_message_of_the_contract() {
        let event = Event::SpeakersChanged { participant_ids: vec![ParticipantId::generate()] };
        let shared = serde_json::to_value(EventMessage::new(7, &event)).expect("JSON");
        let message = ServerMessage::Event { seq: 7, event };
        assert_eq!(shared, serde_json::to_value(message).expect("JSON"));
    }
}
