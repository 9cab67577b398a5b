//! `GET /v1/recorders/link`: the WebSocket between the server and a recorder.

use std::{collections::HashSet, ops::ControlFlow, time::Duration};

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use jumpa_db::{DbError, Timestamp};
use jumpa_protocol::recording::{FromRecorder, JobReport, ToRecorder};
use tokio::{sync::mpsc, time::Instant};
use tracing::{info, warn};
use uuid::Uuid;

use super::{
    Recordings,
    recorders::{Load, Recorder},
};
use crate::{ApiError, api_state::ApiState, error::Code};

/// Largest message, bytes: the end of a recording with ten thousand files, 400 bytes each.
const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// How often the server asks whether somebody is there.
const PING_INTERVAL: Duration = Duration::from_secs(15);

/// How long a recorder may be silent: three pings without an answer.
const SILENCE: Duration = Duration::from_secs(45);

/// Messages that wait for one recorder. A recorder that leaves so many unread has its link closed.
const QUEUE: usize = 256;

/// Longest name of a recorder, characters.
const MAX_ID_CHARS: usize = 128;

/// Close codes of RFC 6455 section 7.4.1 with the reason that stands beside them.
const BAD_MESSAGE: Close = (1008, "bad_message");
const SILENT: Close = (1001, "silent");
const SUPERSEDED: Close = (1001, "superseded");
const NOT_STORED: Close = (1013, "not_stored");

type Close = (u16, &'static str);

/// Lets a recorder in that shows the key.
pub(crate) async fn link(
    State(state): State<ApiState>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let recordings = state.config.recordings.clone();
    if !shows_key(&headers, recordings.recorder_key()) {
        return ApiError::from(Code::RecorderKeyInvalid).into_response();
    }
    let Ok(upgrade) = upgrade else { return ApiError::from(Code::BadMessage).into_response() };
    upgrade
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .on_upgrade(move |socket| keep(recordings, socket))
}

/// Compares digests, so that neither the content nor the length of the key shows in the time.
fn shows_key(headers: &HeaderMap, key: &str) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(shown) = shown.and_then(|value| value.strip_prefix("Bearer ")) else { return false };
    let digest = |text: &str| digest::digest(&digest::SHA256, text.trim().as_bytes());
    verify_slices_are_equal(digest(shown).as_ref(), digest(key).as_ref()).is_ok()
}

/// A link from its first message to its end.
async fn keep(recordings: Recordings, mut socket: WebSocket) {
    let link = Uuid::now_v7();
    let (recorder_id, mut orders, close) = match greet(&recordings, &mut socket, link).await {
        Ok((recorder_id, orders)) => (recorder_id, orders, None),
        Err((recorder_id, close)) => {
            (recorder_id.unwrap_or_default(), mpsc::channel(1).1, Some(close))
        }
    };
    let close = match close {
        Some(close) => Some(close),
        None => {
            info!(recorder.id = %recorder_id, "a recorder is there");
            let mut line = Line { recordings: &recordings, recorder_id: &recorder_id };
            line.keep(&mut socket, &mut orders).await
        }
    };
    if !recorder_id.is_empty() {
        recordings.part(&recorder_id, link).await;
    }
    if let Some((code, reason)) = close {
        warn!(recorder.id = %recorder_id, reason, "the link of a recorder is closed");
        let frame = CloseFrame { code, reason: reason.into() };
        // One that is gone by now needs no reason.
        let _ = socket.send(Message::Close(Some(frame))).await;
    }
}

type Greeted = (String, mpsc::Receiver<ToRecorder>);

/// Reads the first message and says what the recorder may have missed.
async fn greet(
    recordings: &Recordings,
    socket: &mut WebSocket,
    link: Uuid,
) -> Result<Greeted, (Option<String>, Close)> {
    let first = tokio::time::timeout(SILENCE, socket.recv()).await;
    let first = first.map_err(|_| (None, SILENT))?;
    let Some(Ok(Message::Text(text))) = first else { return Err((None, BAD_MESSAGE)) };
    let Ok(FromRecorder::Hello { recorder_id, version, capacity_millicores, library_mark, jobs }) =
        serde_json::from_str(text.as_str())
    else {
        return Err((None, BAD_MESSAGE));
    };
    let is_name = (1..=MAX_ID_CHARS).contains(&recorder_id.chars().count());
    if !is_name || recorder_id.chars().any(char::is_control) || !jobs.iter().all(is_sound) {
        return Err((None, BAD_MESSAGE));
    }
    info!(recorder.id = %recorder_id, version, jobs = jobs.len(), "a recorder says hello");
    let has_folder = library_mark.is_none_or(|mark| recordings.library().is_marked(&mark));
    if !has_folder {
        warn!(recorder.id = %recorder_id, "a recorder has another folder: it records into buckets alone");
    }
    let (sender, orders) = mpsc::channel(QUEUE);
    let recorder = Recorder {
        link,
        linked_at: Timestamp::now(),
        version,
        sender,
        begun: HashSet::new(),
        capacity_millicores,
        has_folder,
        load: Load::default(),
    };
    let answers = recordings.greet((&recorder_id, recorder), &jobs).await;
    let answers = answers.map_err(|error| (Some(recorder_id.clone()), refusal(&error)))?;
    for answer in &answers {
        if send(socket, answer).await.is_break() {
            return Err((Some(recorder_id), SILENT));
        }
    }
    Ok((recorder_id, orders))
}

/// One link after its greeting.
struct Line<'a> {
    recordings: &'a Recordings,
    recorder_id: &'a str,
}

impl Line<'_> {
    /// Carries messages both ways; gives why the link is to be closed, none when it is gone.
    async fn keep(
        &mut self,
        socket: &mut WebSocket,
        orders: &mut mpsc::Receiver<ToRecorder>,
    ) -> Option<Close> {
        let mut pings = tokio::time::interval(PING_INTERVAL);
        let mut heard_at = Instant::now();
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => if send(socket, &order).await.is_break() { return None },
                    // It has another link by now, or left so much unread that it needs one.
                    None => return Some(SUPERSEDED),
                },
                message = socket.recv() => {
                    heard_at = Instant::now();
                    match self.hear(message, socket).await {
                        ControlFlow::Continue(()) => {}
                        ControlFlow::Break(close) => return close,
                    }
                }
                _ = pings.tick() => {
                    if heard_at.elapsed() >= SILENCE {
                        return Some(SILENT);
                    }
                    if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                        return None;
                    }
                }
            }
        }
    }

    async fn hear(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
        socket: &mut WebSocket,
    ) -> ControlFlow<Option<Close>> {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return ControlFlow::Continue(()),
            Some(Ok(Message::Binary(_))) => return ControlFlow::Break(Some(BAD_MESSAGE)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return ControlFlow::Break(None),
        };
        match serde_json::from_str(text.as_str()) {
            Ok(FromRecorder::Report { report }) if is_sound(&report) => {
                match self.recordings.store(self.recorder_id, &report, false).await {
                    Ok(None) => ControlFlow::Continue(()),
                    Ok(Some(answer)) => match send(socket, &answer).await {
                        ControlFlow::Continue(()) => ControlFlow::Continue(()),
                        ControlFlow::Break(()) => ControlFlow::Break(None),
                    },
                    Err(error) => ControlFlow::Break(Some(refusal(&error))),
                }
            }
            Ok(FromRecorder::AskStorage { id }) => {
                match self.recordings.tell_storage(self.recorder_id, id).await {
                    Ok(None) => ControlFlow::Continue(()),
                    Ok(Some(answer)) => match send(socket, &answer).await {
                        ControlFlow::Continue(()) => ControlFlow::Continue(()),
                        ControlFlow::Break(()) => ControlFlow::Break(None),
                    },
                    Err(error) => ControlFlow::Break(Some(refusal(&error))),
                }
            }
            Ok(FromRecorder::Load { used_millicores, spool_free_bytes, spool_level }) => {
                let spool_free_bytes = Some(spool_free_bytes);
                let load = Load { used_millicores, spool_free_bytes, spool_level };
                match self.recordings.note_load(self.recorder_id, load).await {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => ControlFlow::Break(Some(refusal(&error))),
                }
            }
            Ok(FromRecorder::Hello { .. } | FromRecorder::Report { .. }) | Err(_) => {
                ControlFlow::Break(Some(BAD_MESSAGE))
            }
        }
    }
}

/// Whether a report names files as they are named: below a folder of the recording, with a
/// checksum.
fn is_sound(report: &JobReport) -> bool {
    let folder = format!("/{}/", report.id);
    report.files.iter().all(|file| {
        let is_hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        let has_parent = file.key.split('/').any(|part| matches!(part, "" | "." | ".."));
        file.key.contains(&folder)
            && !has_parent
            && file.sha256.len() == 64
            && file.sha256.bytes().all(is_hex)
    })
}

/// What cannot be stored now is told again with the next link.
fn refusal(error: &DbError) -> Close {
    warn!(%error, "what a recorder said could not be stored");
    match error {
        DbError::NulInText => BAD_MESSAGE,
        _ => NOT_STORED,
    }
}

async fn send(socket: &mut WebSocket, message: &ToRecorder) -> ControlFlow<()> {
    let Ok(text) = serde_json::to_string(message) else { return ControlFlow::Break(()) };
    match socket.send(Message::Text(text.into())).await {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}
