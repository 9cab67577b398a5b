//! One function per target: takes any bytes, panics when something is wrong.

use std::time::{Duration, Instant};

use jumpa_protocol::{
    AppId, CallId, KeyId, ParticipantId, RoomKey, RoomName, TenantId,
    control::MediaCommand,
    directory::{AppEntry, Directory, KeyEntry},
    limits,
    signal::{ClientInfo, ClientMessage, ClientRequest, Role},
    token::Grants,
};
use jumpa_signalling::{
    Moment,
    admission::Identity,
    call::{Call, CallConfig, CallRules, Entry, Output, SessionId, SessionKind},
    sdp_text,
    session::{Session, Step},
    token::{self, SessionTokens},
};
use uuid::Uuid;

const NOW: u64 = 1_767_225_600;
const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const VICTIM: SessionId = SessionId(1);
const HOSTILE: SessionId = SessionId(2);
const JOIN: &str =
    r#"{"type":"join","request_id":1,"app_id":"klinik-sehat","room":"ruang-1","offer":"v=0"}"#;

fn app() -> AppId {
    "klinik-sehat".parse().expect("an app id")
}

fn room() -> RoomName {
    "ruang-1".parse().expect("a room name")
}

fn key() -> KeyId {
    "key_klinik".parse().expect("a key id")
}

/// A text message of somebody in a call: first as the very first message of a connection, then as
/// a later one, handed to a call with a moderator, who must not be harmed.
pub fn message(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let now = Moment { instant: Instant::now(), unix_ms: NOW * 1_000 };
    let first = Session::new(now.instant).handle_text(text, now.instant);
    assert!(!matches!(first, Step::Forward(_)), "only join and resume open a session");

    let mut session = Session::new(now.instant);
    session.handle_text(JOIN, now.instant);
    let Step::Forward(message) = session.handle_text(text, now.instant) else {
        return;
    };
    let mut call = call_of_two(now);
    call.request(HOSTILE, *message, now);
    while let Some(output) = call.poll_output() {
        let is_harm = matches!(output, Output::Close { session, .. } if session == VICTIM);
        assert!(!is_harm, "somebody else was closed");
    }
    assert!(!call.is_over());
    let ping = ClientMessage { request_id: 9, request: ClientRequest::Ping };
    call.request(VICTIM, ping, now);
    assert!(call.poll_output().is_some(), "the other is answered");
}

fn call_of_two(now: Moment) -> Call {
    let mut call = Call::new(CallConfig {
        id: CallId::from_uuid(Uuid::from_u128(1)),
        room: RoomKey { app_id: app(), room: room() },
        rules: CallRules::from(&AppEntry::new(TenantId::from_uuid(Uuid::nil()), "Klinik Sehat")),
        started_at_ms: now.unix_ms,
        serial: 1,
        seed: 1,
        tokens: SessionTokens::new(&[7; 32]),
    });
    for (session, role) in [(VICTIM, Role::Moderator), (HOSTILE, Role::Participant)] {
        call.join(entry(session, role), now);
    }
    let mut requests = Vec::new();
    while let Some(output) = call.poll_output() {
        if let Output::Media(MediaCommand::Join(join)) = output {
            requests.push(join.request_id);
        }
    }
    for request_id in requests {
        call.media_answer(request_id, Ok("v=0".to_owned()), now);
    }
    while call.poll_output().is_some() {}
    assert_eq!(call.participant_count(), 2);
    call
}

fn entry(session: SessionId, role: Role) -> Entry {
    Entry {
        session,
        kind: SessionKind::Signalled,
        request_id: 1,
        participant_id: ParticipantId::from_uuid(Uuid::from_u128(
            0x019b_7700_0000_7000_8000_0000_0000_0000 + u128::from(session.0),
        )),
        identity: Identity {
            key_id: None,
            subject: None,
            name: "Siti".to_owned(),
            is_verified: false,
            avatar: None,
            role,
            grants: Grants::default(),
            earlier: None,
            one_time: None,
            recording_id: None,
        },
        password: None,
        offer: "v=0".to_owned(),
        sources: Vec::new(),
        client: ClientInfo::default(),
    }
}

/// A token: as it is, where none can be good, and with the first line as header and the rest as
/// claims, signed with the right key.
pub fn token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut directory = Directory::default();
    directory.apps.insert(app(), AppEntry::new(TenantId::from_uuid(Uuid::nil()), "Klinik Sehat"));
    directory.keys.insert(key(), KeyEntry::hs256(app(), SECRET.to_vec()));
    let unix_now = Duration::from_secs(NOW);
    assert!(token::verify(&directory, text, &app(), &room(), unix_now).is_err());
    let sessions = SessionTokens::new(&[7; 32]);
    assert!(sessions.verify_resume(text, unix_now).is_err());
    assert!(sessions.verify_rating(text, unix_now).is_err());

    let (header, claims) = text.split_once('\n').unwrap_or(("", text));
    let signed = token::sign_parts(header, claims, SECRET);
    if let Ok(verified) = token::verify(&directory, &signed, &app(), &room(), unix_now) {
        let leeway = limits::TOKEN_LEEWAY.as_secs();
        let latest = NOW + limits::MAX_TOKEN_LIFETIME.as_secs() + leeway;
        assert!((NOW - leeway..=latest).contains(&verified.expires_at));
        assert_eq!(verified.key_id, key());
        assert!(header.contains("HS256") && claims.contains("room"));
    }
}

/// A fragment for an ICE restart, or a description: what is made of it stays one.
pub fn fragment(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    assert!(sdp_text::sources(text).len() <= 2);
    if let Some(fragment) = sdp_text::fragment(text) {
        assert!(
            fragment.starts_with("a=ice-lite") && fragment.ends_with("a=end-of-candidates\r\n")
        );
    }
    if let Some((ufrag, password)) = sdp_text::ice_credentials(text) {
        let offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\na=ice-ufrag:a\r\na=ice-pwd:b\r\n";
        let restarted = sdp_text::restarted(offer, ufrag, password);
        assert_eq!(restarted.lines().count(), 4, "nothing was added");
        assert_eq!(sdp_text::ice_credentials(&restarted), Some((ufrag, password)));
    }
    let again = sdp_text::restarted(text, "u", "p");
    assert!(!again.contains("\na=candidate:"));
}
