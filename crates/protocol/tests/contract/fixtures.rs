//! Golden messages: one file per message type in `tests/fixtures`, replayed here and by the tests
//! of the web SDK.

use std::{collections::BTreeSet, path::Path};

use jumpa_protocol::{
    AppId, CallId, ChatMessageId, ErrorCode, Layer, MediaKind, ParticipantId, RecordingId,
    RoomName, SourceKind, StreamTargetId,
    fast::FastMessage,
    recording::{
        CallRecording, RecordingKind, RecordingOptions, RecordingState, StreamPreset,
        StreamTargetName, WantedTarget,
    },
    signal::{
        AppSummary, CallSummary, ChatMessage, ClientInfo, ClientMessage, ClientRequest,
        ConnectionState, Event, Join, Joined, LeaveReason, LobbyEntry, MediaSummary, Participant,
        QualityCause, QualityLevel, Reaction, Role, RoomSettings, ServerMessage, SlotState,
        SlotView, Snapshot, SourceInfo, SourceState, SourceUpdate, StartRecording, TrackDirection,
        TrackQuality,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{checked_in, schema};

const AT_MS: u64 = 1_767_225_600_000;

#[test]
fn golden_client_messages_read_and_write_the_same() {
    for (name, message) in client_messages() {
        replay(&format!("client_{name}"), &message);
    }
}

#[test]
fn golden_server_messages_read_and_write_the_same() {
    for (name, message) in server_messages() {
        replay(&format!("server_{name}"), &message);
    }
}

#[test]
fn golden_fast_messages_read_and_write_the_same() {
    replay("fast_levels", &FastMessage::Levels { levels: vec![(1, 12), (2, 57)] });
}

#[test]
fn every_message_type_has_a_golden_message() {
    let requests = client_messages();
    let requests: BTreeSet<_> = requests.iter().map(|(name, _)| (*name).to_owned()).collect();
    let known: BTreeSet<_> = schema::message_types("ClientMessage").into_iter().collect();
    assert_eq!(requests, known);

    let answers: BTreeSet<_> = server_messages()
        .iter()
        .map(|(name, _)| name.strip_prefix("event_").map_or(*name, |_| "event").to_owned())
        .collect();
    let known: BTreeSet<_> = schema::message_types("ServerMessage").into_iter().collect();
    assert_eq!(answers, known);

    let events: BTreeSet<_> = server_messages()
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("event_").map(str::to_owned))
        .collect();
    let known: BTreeSet<_> = schema::message_types("Event").into_iter().collect();
    assert_eq!(events, known);
}

/// Checks that a message writes as its file says and that the file reads as the message.
fn replay<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, message: &T) {
    let folder = Path::new(env!("JUMPA_CHECKOUT")).join("crates/protocol/tests/fixtures");
    let path = folder.join(format!("{name}.json"));
    let mut text = serde_json::to_string_pretty(message).expect("a message is plain JSON");
    text.push('\n');
    checked_in::check(&path, &text);
    let stored = std::fs::read_to_string(&path).expect("the file is there");
    let read: T = serde_json::from_str(&stored).expect("the file is a message");
    assert_eq!(&read, message, "{name}");
}

fn participant_id(n: u128) -> ParticipantId {
    ParticipantId::from_uuid(Uuid::from_u128(0x019b_7700_0000_7000_8000_0000_0000_0000 + n))
}

fn app_id() -> AppId {
    "klinik-sehat-k3x9q".parse().expect("a valid app id")
}

fn room() -> RoomName {
    "ruang-tunggu".parse().expect("a valid room name")
}

/// Every request, by its `type`.
pub fn client_messages() -> Vec<(&'static str, ClientMessage)> {
    let requests = [
        (
            "join",
            ClientRequest::Join(Join {
                app_id: app_id(),
                room: room(),
                token: Some("eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl".to_owned()),
                resume_token: None,
                name: Some("Siti Rahayu".to_owned()),
                password: Some("rahasia".to_owned()),
                offer: "v=0\r\n".to_owned(),
                sources: vec![
                    SourceUpdate { source: SourceKind::Microphone, state: SourceState::Muted },
                    SourceUpdate { source: SourceKind::Camera, state: SourceState::Live },
                ],
                client: ClientInfo {
                    sdk: "jumpa-sdk 0.1.0".to_owned(),
                    browser: "Firefox 153".to_owned(),
                    os: "Linux".to_owned(),
                },
            }),
        ),
        ("resume", ClientRequest::Resume { resume_token: "r.e.s".to_owned(), last_seq: 41 }),
        ("negotiate", ClientRequest::Negotiate { offer: "v=0\r\n".to_owned() }),
        (
            "view",
            ClientRequest::View {
                slots: vec![SlotView {
                    slot: 0,
                    participant_id: participant_id(2),
                    source: SourceKind::Camera,
                    max_height: 360,
                    priority: 10,
                }],
            },
        ),
        (
            "set_source",
            ClientRequest::SetSource(SourceUpdate {
                source: SourceKind::Screen,
                state: SourceState::Live,
            }),
        ),
        (
            "send_chat",
            ClientRequest::SendChat {
                text: "Selamat pagi".to_owned(),
                to: Some(participant_id(2)),
            },
        ),
        ("set_hand", ClientRequest::SetHand { is_raised: true }),
        ("react", ClientRequest::React { reaction: Reaction::ThumbsUp }),
        ("set_name", ClientRequest::SetName { name: "Bu Siti".to_owned() }),
        ("report_quality", ClientRequest::ReportQuality { level: QualityLevel::Fair }),
        ("report_media", ClientRequest::ReportMedia { summary: media_summary() }),
        (
            "mute_participant",
            ClientRequest::MuteParticipant {
                participant_id: participant_id(2),
                source: SourceKind::Microphone,
            },
        ),
        ("mute_all", ClientRequest::MuteAll { source: SourceKind::Microphone }),
        (
            "ask_unmute",
            ClientRequest::AskUnmute {
                participant_id: participant_id(2),
                source: SourceKind::Microphone,
            },
        ),
        ("lower_hand", ClientRequest::LowerHand { participant_id: participant_id(2) }),
        (
            "remove_participant",
            ClientRequest::RemoveParticipant { participant_id: participant_id(2), ban: true },
        ),
        (
            "set_role",
            ClientRequest::SetRole { participant_id: participant_id(2), role: Role::Moderator },
        ),
        ("set_password", ClientRequest::SetPassword { password: Some("rahasia".to_owned()) }),
        ("set_lobby", ClientRequest::SetLobby { is_enabled: true }),
        (
            "answer_lobby",
            ClientRequest::AnswerLobby { participant_id: participant_id(3), admit: true },
        ),
        (
            "start_recording",
            ClientRequest::StartRecording(StartRecording {
                options: RecordingOptions::new(RecordingKind::Stream),
                targets: vec![stream_target()],
            }),
        ),
        (
            "set_stream_targets",
            ClientRequest::SetStreamTargets {
                recording_id: recording().id,
                targets: vec![stream_target()],
            },
        ),
        ("stop_recording", ClientRequest::StopRecording { recording_id: recording().id }),
        (
            "consent_to_recording",
            ClientRequest::ConsentToRecording { recording_id: recording().id, agrees: true },
        ),
        ("end_call", ClientRequest::EndCall),
        ("leave", ClientRequest::Leave),
        ("ping", ClientRequest::Ping),
        ("list_stream_targets", ClientRequest::ListStreamTargets),
    ];
    requests
        .into_iter()
        .zip(1..)
        .map(|((name, request), request_id)| (name, ClientMessage { request_id, request }))
        .collect()
}

/// Every answer by its `type`, every event by `event_` and its `type`.
pub fn server_messages() -> Vec<(&'static str, ServerMessage)> {
    let mut messages = vec![
        ("ok", ServerMessage::Ok { request_id: 5 }),
        (
            "error",
            ServerMessage::Error {
                request_id: Some(1),
                code: ErrorCode::PasswordRequired,
                message: ErrorCode::PasswordRequired.message().to_owned(),
            },
        ),
        (
            "joined",
            ServerMessage::Joined(Joined {
                request_id: 1,
                participant_id: participant_id(1),
                answer: "v=0\r\n".to_owned(),
                resume_token: "r.e.s".to_owned(),
                rating_token: "r.a.t".to_owned(),
                snapshot: snapshot(),
            }),
        ),
        ("resumed", ServerMessage::Resumed { request_id: 1, snapshot: Some(snapshot()), seq: 600 }),
        ("negotiated", ServerMessage::Negotiated { request_id: 3, answer: "v=0\r\n".to_owned() }),
        (
            "stream_targets",
            ServerMessage::StreamTargets { request_id: 24, targets: vec![stored_target()] },
        ),
    ];
    let events = events().into_iter().zip(0..);
    messages.extend(events.map(|((name, event), seq)| (name, ServerMessage::Event { seq, event })));
    messages
}

fn events() -> Vec<(&'static str, Event)> {
    let who = participant_id(2);
    vec![
        (
            "event_lobby_waiting",
            Event::LobbyWaiting { app_name: "Klinik Sehat".to_owned(), has_moderator: true },
        ),
        ("event_participant_joined", Event::ParticipantJoined { participant: participant() }),
        (
            "event_participant_left",
            Event::ParticipantLeft { participant_id: who, reason: LeaveReason::ConnectionLost },
        ),
        (
            "event_connection_changed",
            Event::ConnectionChanged {
                participant_id: who,
                connection: ConnectionState::Reconnecting,
            },
        ),
        (
            "event_name_changed",
            Event::NameChanged { participant_id: who, name: "Pak Budi".to_owned() },
        ),
        ("event_role_changed", Event::RoleChanged { participant_id: who, role: Role::Moderator }),
        (
            "event_source_changed",
            Event::SourceChanged {
                participant_id: who,
                source: SourceInfo { source: SourceKind::Screen, state: SourceState::Off },
            },
        ),
        (
            "event_hand_changed",
            Event::HandChanged { participant_id: who, raised_at_ms: Some(AT_MS + 9_000) },
        ),
        ("event_reacted", Event::Reacted { participant_id: who, reaction: Reaction::Party }),
        ("event_chat_received", Event::ChatReceived { message: chat_message() }),
        ("event_speakers_changed", Event::SpeakersChanged { participant_ids: vec![who] }),
        (
            "event_slot_changed",
            Event::SlotChanged {
                kind: MediaKind::Video,
                slot: 3,
                state: SlotState::Paused { participant_id: who, source: SourceKind::Camera },
            },
        ),
        (
            "event_layers_wanted",
            Event::LayersWanted { source: SourceKind::Camera, layers: vec![Layer::Q, Layer::H] },
        ),
        (
            "event_quality_changed",
            Event::QualityChanged {
                participant_id: who,
                level: QualityLevel::Poor,
                cause: Some(QualityCause::UplinkLoss),
            },
        ),
        (
            "event_muted_by_moderator",
            Event::MutedByModerator { source: SourceKind::Microphone, by: who },
        ),
        ("event_unmute_asked", Event::UnmuteAsked { source: SourceKind::Microphone, by: who }),
        (
            "event_room_changed",
            Event::RoomChanged { settings: RoomSettings { has_password: true, has_lobby: false } },
        ),
        ("event_recording_changed", Event::RecordingChanged { recording: recording() }),
        ("event_lobby_changed", Event::LobbyChanged { waiting: vec![lobby_entry()] }),
        (
            "event_left",
            Event::Left { reason: LeaveReason::ServerClosing, retry_after_ms: Some(1_500) },
        ),
    ]
}

fn participant() -> Participant {
    Participant {
        id: participant_id(2),
        number: 2,
        name: "Budi Santoso".to_owned(),
        avatar: Some("https://klinik.example/budi.png".to_owned()),
        role: Role::Participant,
        is_verified: true,
        joined_at_ms: AT_MS + 4_000,
        connection: ConnectionState::Connected,
        hand_raised_at_ms: None,
        quality: QualityLevel::Fair,
        quality_cause: Some(QualityCause::DownlinkBandwidth),
        sources: vec![SourceInfo { source: SourceKind::Microphone, state: SourceState::Live }],
    }
}

fn chat_message() -> ChatMessage {
    ChatMessage {
        id: ChatMessageId::from_uuid(Uuid::from_u128(0x019b_7700_0000_7000_8000_0000_0000_0c01)),
        from: participant_id(2),
        from_name: "Budi Santoso".to_owned(),
        to: None,
        text: "Halo, apa kabar? <b>bukan HTML</b>".to_owned(),
        at_ms: AT_MS + 8_000,
    }
}

fn stream_target() -> WantedTarget {
    WantedTarget {
        preset: Some(StreamPreset::Youtube),
        key: Some("abcd-efgh-1234".to_owned()),
        viewer_url: Some("https://youtu.be/abc".to_owned()),
        ..WantedTarget::default()
    }
}

fn stored_target() -> StreamTargetName {
    StreamTargetName {
        id: StreamTargetId::from_uuid(Uuid::from_u128(0x019b_7700_0000_7000_8000_0000_0000_057a)),
        name: "Kanal klinik".to_owned(),
    }
}

fn recording() -> CallRecording {
    CallRecording {
        id: RecordingId::from_uuid(Uuid::from_u128(0x019b_7700_0000_7000_8000_0000_0000_04ec)),
        kind: RecordingKind::Tracks,
        state: RecordingState::Active,
        started_at_ms: Some(AT_MS),
        started_by: Some("dr. Ayu".to_owned()),
        started_by_id: None,
        failure: None,
        queue: None,
        is_sound_only: false,
        streams: Vec::new(),
        is_required: false,
        ends_call_at_ms: None,
    }
}

fn lobby_entry() -> LobbyEntry {
    LobbyEntry {
        participant_id: participant_id(3),
        name: "Tamu".to_owned(),
        is_verified: false,
        since_ms: AT_MS + 7_000,
    }
}

fn snapshot() -> Snapshot {
    Snapshot {
        app: AppSummary { id: app_id(), name: "Klinik Sehat".to_owned(), is_trial: true },
        room: room(),
        call: CallSummary {
            id: CallId::from_uuid(Uuid::from_u128(0x019b_7700_0000_7000_8000_0000_0000_0ca1)),
            started_at_ms: AT_MS,
        },
        settings: RoomSettings { has_password: false, has_lobby: true },
        participants: vec![participant()],
        chat: vec![chat_message()],
        speakers: vec![participant_id(2)],
        lobby: vec![lobby_entry()],
        recordings: vec![recording()],
    }
}

fn media_summary() -> MediaSummary {
    let picture = TrackQuality {
        direction: TrackDirection::Received,
        kind: MediaKind::Video,
        source: Some(SourceKind::Camera),
        participant_id: Some(participant_id(2)),
        codec: Some("video/VP8".to_owned()),
        bitrate_bps: Some(480_000),
        packet_loss_ratio: Some(0.25),
        jitter_ms: Some(6.5),
        frame_height: Some(360),
        frames_per_second: Some(29.5),
        freeze_count: Some(1),
        concealed_ratio: None,
    };
    MediaSummary {
        transport: Some("udp".to_owned()),
        round_trip_time_ms: Some(42.0),
        available_outgoing_bps: Some(1_800_000),
        tracks: vec![picture],
    }
}
