//! Getting into a call: the first join, the resume of a session, the join after a restart.

use std::time::Duration;

use jumpa_protocol::{
    ErrorCode, Refusal,
    signal::{
        ClientMessage, ClientRequest, Event, Join, Joined, LeaveReason, ServerMessage, Snapshot,
        SourceUpdate,
    },
};
use tokio_tungstenite::tungstenite;

use crate::{
    JoinError, JoinOptions, LobbyNotice,
    media::Media,
    signal_socket::{Heard, SignalSocket},
};

/// How long opening a WebSocket, or the answer to a resume, may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);

/// The id of the first request on a WebSocket.
pub(crate) const FIRST_REQUEST: u32 = 1;

/// What is needed to come back.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) resume_token: String,
    pub(crate) last_seq: u32,
    /// What the client sends now.
    pub(crate) sources: Vec<SourceUpdate>,
    /// Media is gone, so only a new join helps.
    pub(crate) must_join: bool,
}

/// The client is back.
pub(crate) enum Back {
    /// The session goes on; with a snapshot when events were missed for good.
    Resumed { socket: SignalSocket, snapshot: Option<Box<(Snapshot, u32)>> },
    /// A new session, with new media.
    Joined { socket: SignalSocket, media: Box<Media>, joined: Box<Joined> },
}

/// Enters a room on an open WebSocket.
pub(crate) async fn enter(
    socket: &mut SignalSocket,
    options: &JoinOptions,
    offer: String,
    ticket: Option<&Ticket>,
) -> Result<Box<Joined>, JoinError> {
    let join = Join {
        app_id: options.app_id.clone(),
        room: options.room.clone(),
        token: options.token.clone(),
        resume_token: ticket.map(|ticket| ticket.resume_token.clone()),
        name: options.name.clone(),
        password: options.password.clone(),
        offer,
        sources: ticket.map_or_else(|| options.sources.clone(), |ticket| ticket.sources.clone()),
        client: options.client.clone(),
    };
    let request = ClientRequest::Join(join);
    socket.send(&ClientMessage { request_id: FIRST_REQUEST, request }).await?;
    loop {
        match socket.hear().await {
            Heard::Message(message) => match *message {
                ServerMessage::Joined(joined) => return Ok(Box::new(joined)),
                ServerMessage::Error { code, message, .. } => {
                    return Err(JoinError::Refused(Refusal { code, message }));
                }
                ServerMessage::Event {
                    event: Event::LobbyWaiting { app_name, has_moderator },
                    ..
                } => {
                    if let Some(lobby) = &options.lobby {
                        let _ = lobby.try_send(LobbyNotice { app_name, has_moderator });
                    }
                }
                ServerMessage::Event { event: Event::Left { reason, .. }, .. } => {
                    return Err(JoinError::Refused(code_of(reason).into()));
                }
                ServerMessage::Ok { .. }
                | ServerMessage::Resumed { .. }
                | ServerMessage::Negotiated { .. }
                | ServerMessage::StreamTargets { .. } => {
                    return Err(JoinError::UnexpectedAnswer("another answer".to_owned()));
                }
                ServerMessage::Event { .. } | ServerMessage::Unknown => {}
            },
            Heard::Sign => {}
            Heard::Closed(_) => return Err(tungstenite::Error::ConnectionClosed.into()),
            Heard::Broken(error) => return Err(error.into()),
        }
    }
}

/// One attempt to come back: resume, or join again when the session is over or media is gone.
pub(crate) async fn come_back(options: JoinOptions, ticket: Ticket) -> Result<Back, JoinError> {
    let url = options.signal_url();
    if !ticket.must_join {
        let mut socket = open(&url).await?;
        match tokio::time::timeout(ATTEMPT_TIMEOUT, resume(&mut socket, &ticket)).await {
            Ok(Ok(snapshot)) => {
                return Ok(Back::Resumed { socket, snapshot: snapshot.map(Box::new) });
            }
            Ok(Err(JoinError::Refused(refusal))) if refusal.code == ErrorCode::ResumeUnknown => {
                socket.close().await;
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(timed_out()),
        }
    }
    let mut socket = open(&url).await?;
    let (mut media, offer) = Media::open(&options).await?;
    let joined = enter(&mut socket, &options, offer, Some(&ticket)).await?;
    media.accept_answer(&joined.answer, std::time::Instant::now())?;
    Ok(Back::Joined { socket, media: Box::new(media), joined })
}

async fn open(url: &str) -> Result<SignalSocket, JoinError> {
    match tokio::time::timeout(ATTEMPT_TIMEOUT, SignalSocket::open(url)).await {
        Ok(opened) => Ok(opened?),
        Err(_) => Err(timed_out()),
    }
}

fn timed_out() -> JoinError {
    tungstenite::Error::Io(std::io::ErrorKind::TimedOut.into()).into()
}

async fn resume(
    socket: &mut SignalSocket,
    ticket: &Ticket,
) -> Result<Option<(Snapshot, u32)>, JoinError> {
    let request = ClientRequest::Resume {
        resume_token: ticket.resume_token.clone(),
        last_seq: ticket.last_seq,
    };
    socket.send(&ClientMessage { request_id: FIRST_REQUEST, request }).await?;
    loop {
        match socket.hear().await {
            Heard::Message(message) => match *message {
                ServerMessage::Resumed { snapshot, seq, .. } => {
                    return Ok(snapshot.map(|snapshot| (snapshot, seq)));
                }
                ServerMessage::Error { code, message, .. } => {
                    return Err(JoinError::Refused(Refusal { code, message }));
                }
                other => return Err(JoinError::UnexpectedAnswer(format!("{other:?}"))),
            },
            Heard::Sign => {}
            Heard::Closed(_) => return Err(tungstenite::Error::ConnectionClosed.into()),
            Heard::Broken(error) => return Err(error.into()),
        }
    }
}

/// Whether another attempt may succeed; otherwise why the client is out.
pub(crate) fn verdict(error: &JoinError) -> Result<(), LeaveReason> {
    match error.code() {
        None
        | Some(
            ErrorCode::ServerClosing
            | ErrorCode::MediaUnavailable
            | ErrorCode::Internal
            | ErrorCode::TooManyMessages
            | ErrorCode::RoomFull,
        ) => Ok(()),
        Some(ErrorCode::Banned) => Err(LeaveReason::Removed),
        Some(ErrorCode::CallEnded) => Err(LeaveReason::CallEnded),
        Some(ErrorCode::RecorderUnavailable) => Err(LeaveReason::RecordingLost),
        Some(
            ErrorCode::AppDisabled
            | ErrorCode::AppUnknown
            | ErrorCode::TokenExpired
            | ErrorCode::TokenKeyUnknown
            | ErrorCode::TokenRequired,
        ) => Err(LeaveReason::AccessRevoked),
        Some(_) => Err(LeaveReason::ConnectionLost),
    }
}

fn code_of(reason: LeaveReason) -> ErrorCode {
    match reason {
        LeaveReason::Removed => ErrorCode::Banned,
        LeaveReason::ServerClosing => ErrorCode::ServerClosing,
        LeaveReason::AccessRevoked => ErrorCode::AppDisabled,
        LeaveReason::RecordingLost => ErrorCode::RecorderUnavailable,
        LeaveReason::Left | LeaveReason::ConnectionLost | LeaveReason::CallEnded => {
            ErrorCode::CallEnded
        }
    }
}
