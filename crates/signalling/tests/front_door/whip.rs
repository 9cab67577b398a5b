use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use jumpa_protocol::{
    SourceKind,
    control::{MediaCommand, MediaEvent, ParticipantMediaEvent, Subscription},
    signal::{ClientRequest, Event, LeaveReason},
    token::Grants,
};
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    media_plane::{ANSWER, BAD_OFFER},
    world::{World, signed, staff_token},
};

const OFFER: &str = "v=0\r\no=- 42 1 IN IP4 0.0.0.0\r\ns=-\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=sendonly\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
            .unwrap_or_default()
            .to_owned()
    }

    fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: Value = serde_json::from_str(&self.body).expect("JSON");
        assert_eq!(problem["status"], self.status.as_u16());
        problem["code"].as_str().expect("a code").to_owned()
    }
}

async fn ask(
    world: &World,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer: SocketAddr = "127.0.0.1:9".parse().expect("an address");
    let request = request.extension(ConnectInfo(peer)).body(body.into()).expect("a request");
    let response = world.signalling.router().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("text");
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn publish(world: &World, path: &str, token: Option<&str>) -> Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/sdp")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    ask(world, Method::POST, path, &headers, OFFER).await
}

#[tokio::test]
async fn an_encoder_publishes_and_is_seen() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    let token = signed(|claims| claims.name = Some("Kamera 1".to_owned()));
    let answer = publish(&world, "/whip/klinik-sehat/ruang-1", Some(&token)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.header("content-type"), "application/sdp");
    assert_eq!(answer.body, ANSWER);
    assert!(answer.header("location").starts_with("/whip/klinik-sehat/ruang-1/"));
    assert!(answer.header("etag").starts_with('"'));
    assert_eq!(answer.header("access-control-allow-origin"), "*");

    let came = ayu.event_where(|event| matches!(event, Event::ParticipantJoined { .. })).await;
    let Event::ParticipantJoined { participant } = came else { unreachable!() };
    assert_eq!(participant.name, "Kamera 1");
    let kinds: Vec<_> = participant.sources.iter().map(|info| info.source).collect();
    assert_eq!(kinds, [SourceKind::Microphone, SourceKind::Camera]);
    let commands = world.media.commands();
    assert!(commands.iter().any(|command| matches!(command, MediaCommand::Join(join)
        if join.subscription == Subscription::None && join.offer == OFFER)));
}

#[tokio::test]
async fn a_player_gets_what_the_server_chooses() {
    let world = World::start().await;
    let answer = publish(&world, "/whep/toko-melati/kasir", None).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert!(answer.header("location").starts_with("/whep/"));
    let commands = world.media.commands();
    assert!(matches!(&commands[..], [MediaCommand::Join(join)]
        if join.subscription == Subscription::Automatic));
}

#[tokio::test]
async fn deleting_the_session_leaves_and_its_address_is_gone() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let location = publish(&world, "/whip/toko-melati/kasir", None).await.header("location");
    let deleted = ask(&world, Method::DELETE, &location, &[], "").await;
    assert_eq!(deleted.status, StatusCode::OK);
    let left = siti.event_where(|event| matches!(event, Event::ParticipantLeft { .. })).await;
    assert!(matches!(left, Event::ParticipantLeft { reason: LeaveReason::Left, .. }));
    let again = ask(&world, Method::DELETE, &location, &[], "").await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::NOT_FOUND, "session_unknown"));
}

#[tokio::test]
async fn the_address_of_a_session_works_in_its_room_alone() {
    let world = World::start().await;
    let location = publish(&world, "/whip/toko-melati/kasir", None).await.header("location");
    let elsewhere = location.replace("/kasir/", "/gudang/");
    let answer = ask(&world, Method::DELETE, &elsewhere, &[], "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let guessed = format!("{}0", &location[..location.len() - 1]);
    if guessed != location {
        let answer = ask(&world, Method::DELETE, &guessed, &[], "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_session_whose_media_is_closed_is_gone() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let location = publish(&world, "/whip/toko-melati/kasir", None).await.header("location");
    let came = siti.event_where(|event| matches!(event, Event::ParticipantJoined { .. })).await;
    let Event::ParticipantJoined { participant } = came else { unreachable!() };
    let event = MediaEvent::Participant {
        call_id: siti.joined().snapshot.call.id,
        participant_id: participant.id,
        event: ParticipantMediaEvent::Closed,
    };
    world.media.events.send(event).await.expect("signalling listens");
    siti.event_where(|event| matches!(event, Event::ParticipantLeft { .. })).await;
    let answer = ask(&world, Method::DELETE, &location, &[], "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_moderator_removes_an_encoder() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    let token = staff_token("Kamera 1", false);
    let location =
        publish(&world, "/whip/klinik-sehat/ruang-1", Some(&token)).await.header("location");
    let came = ayu.event_where(|event| matches!(event, Event::ParticipantJoined { .. })).await;
    let Event::ParticipantJoined { participant } = came else { unreachable!() };
    let participant_id = participant.id;
    ayu.ask(ClientRequest::RemoveParticipant { participant_id, ban: false }).await;
    let answer = ask(&world, Method::DELETE, &location, &[], "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn candidates_are_taken_for_the_present_ice_session_alone() {
    let world = World::start().await;
    let opened = publish(&world, "/whip/toko-melati/kasir", None).await;
    let (location, etag) = (opened.header("location"), opened.header("etag"));
    let fragment = "a=ice-ufrag:u\r\na=ice-pwd:p\r\nm=audio 9 X 0\r\na=mid:0\r\na=candidate:1\r\n";
    for (if_match, status, code) in [
        (Some(etag.as_str()), StatusCode::NO_CONTENT, None),
        (Some("\"other\""), StatusCode::PRECONDITION_FAILED, Some("etag_mismatch")),
        (None, StatusCode::PRECONDITION_REQUIRED, Some("if_match_required")),
    ] {
        let mut headers = vec![("content-type", "application/trickle-ice-sdpfrag")];
        headers.extend(if_match.map(|value| ("if-match", value)));
        let answer = ask(&world, Method::PATCH, &location, &headers, fragment).await;
        assert_eq!(answer.status, status);
        if let Some(code) = code {
            assert_eq!(answer.code(), code);
        }
    }
}

#[tokio::test]
async fn ice_is_restarted_with_new_credentials() {
    let world = World::start().await;
    let opened = publish(&world, "/whip/toko-melati/kasir", None).await;
    let (location, etag) = (opened.header("location"), opened.header("etag"));
    let headers = [("content-type", "application/trickle-ice-sdpfrag"), ("if-match", "*")];
    let fragment = "a=ice-ufrag:new\r\na=ice-pwd:newer\r\n";
    let answer = ask(&world, Method::PATCH, &location, &headers, fragment).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/trickle-ice-sdpfrag");
    assert_ne!(answer.header("etag"), etag);
    assert!(answer.body.contains("a=ice-ufrag:srv\r\na=ice-pwd:secret\r\n"));
    let commands = world.media.commands();
    assert!(commands.iter().any(|command| matches!(command, MediaCommand::Negotiate { offer, .. }
        if offer.contains("a=ice-ufrag:new\r\n") && offer.contains("m=video 9"))));
    let incomplete = ask(&world, Method::PATCH, &location, &headers, "a=ice-ufrag:x\r\n").await;
    assert_eq!(incomplete.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn refusals_have_a_status_and_a_code() {
    let world = World::start().await;
    let no_publish = signed(|claims| {
        claims.name = Some("Kamera".to_owned());
        claims.grants = Some(Grants { publish: false, ..Grants::default() });
    });
    for (path, token, status, code) in [
        ("/whip/klinik-sehat/ruang-1", None, 401, "token_required"),
        ("/whip/klinik-sehat/ruang-1", Some("x.y.z"), 401, "token_malformed"),
        ("/whip/klinik-sehat/ruang-1", Some(no_publish.as_str()), 403, "not_granted"),
        ("/whip/nobody/ruang-1", None, 404, "app_unknown"),
        ("/whip/N/ruang-1", None, 404, "app_unknown"),
        ("/whip/toko-melati/a%20b", None, 400, "invalid_value"),
    ] {
        let answer = publish(&world, path, token).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path}");
        if status == 401 {
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
}

#[tokio::test]
async fn bodies_of_a_wrong_type_size_or_content_are_refused() {
    let world = World::start().await;
    let path = "/whip/toko-melati/kasir";
    let sdp = [("content-type", "application/sdp")];
    type Case<'a> = (&'a [(&'a str, &'a str)], Vec<u8>, u16);
    let cases: Vec<Case<'_>> = vec![
        (&[("content-type", "application/json")], b"{}".to_vec(), 415),
        (&[], OFFER.into(), 415),
        (&sdp, vec![b'x'; 512 * 1024 + 1], 413),
        (&sdp, vec![0xff, 0xfe], 422),
        (&sdp, BAD_OFFER.into(), 422),
        (&[("content-type", "application/sdp"), ("authorization", "Basic x")], OFFER.into(), 401),
    ];
    for (headers, body, status) in cases {
        let answer = ask(&world, Method::POST, path, headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}");
        answer.code();
    }
}

#[tokio::test]
async fn an_encoder_cannot_enter_a_room_with_lobby_or_password() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    let token = staff_token("Kamera 1", false);
    ayu.ask(ClientRequest::SetLobby { is_enabled: true }).await;
    let answer = publish(&world, "/whip/klinik-sehat/ruang-1", Some(&token)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "lobby_denied"));
    ayu.ask(ClientRequest::SetPassword { password: Some("rahasia".to_owned()) }).await;
    let answer = publish(&world, "/whip/klinik-sehat/ruang-1", Some(&token)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "password_required"));
    let token = signed(|claims| {
        claims.name = Some("Kamera 1".to_owned());
        claims.moderator = true;
    });
    let answer = publish(&world, "/whip/klinik-sehat/ruang-1", Some(&token)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn other_origins_may_ask_first() {
    let world = World::start().await;
    for path in ["/whip/toko-melati/kasir", "/whep/toko-melati/kasir/0123"] {
        let answer =
            ask(&world, Method::OPTIONS, path, &[("origin", "https://x.example")], "").await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("access-control-allow-headers").contains("Authorization"));
        assert_eq!(answer.header("accept-post"), "application/sdp");
    }
    let answer = ask(&world, Method::GET, "/whip/toko-melati/kasir", &[], "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn sessions_end_when_the_server_stops() {
    let world = World::start().await;
    let location = publish(&world, "/whip/toko-melati/kasir", None).await.header("location");
    world.signalling.shutdown(std::time::Duration::from_secs(10)).await;
    let answer = ask(&world, Method::DELETE, &location, &[], "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = publish(&world, "/whip/toko-melati/kasir", None).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "server_closing"));
}
