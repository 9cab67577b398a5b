use futures_util::FutureExt;
use jumpa_protocol::{
    ErrorCode, limits,
    signal::{ClientRequest, ServerMessage},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::world::World;

/// Whether somebody can still use the call.
async fn is_well(client: &mut crate::client::Client) -> bool {
    matches!(client.ask(ClientRequest::Ping).await, ServerMessage::Ok { .. })
}

#[tokio::test]
async fn a_message_over_the_limit_closes_its_sender_alone() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    for (len, first) in [
        (limits::MAX_OFFER_MESSAGE_BYTES + 1, false),
        (limits::MAX_MESSAGE_BYTES + 1, false),
        (limits::MAX_OFFER_MESSAGE_BYTES + 1, true),
    ] {
        let mut hostile = if first { world.connect().await } else { world.guest("Budi").await };
        let text = format!(r#"{{"type":"send_chat","request_id":9,"text":"{}"}}"#, "x".repeat(len));
        hostile.send_text(text).await;
        assert_eq!(hostile.closed().await, 1009, "{len}");
    }
    assert!(is_well(&mut siti).await);
}

#[tokio::test]
async fn endless_fragments_are_cut_off() {
    let world = World::start().await;
    let mut hostile = world.guest("Budi").await;
    let part = vec![b'x'; 64 * 1024];
    let first = Frame::message(part.clone(), OpCode::Data(Data::Text), false);
    hostile.send_raw(Message::Frame(first)).await;
    for _ in 0..16 {
        let next = Frame::message(part.clone(), OpCode::Data(Data::Continue), false);
        hostile.send_raw(Message::Frame(next)).await;
    }
    assert_eq!(hostile.closed().await, 1009);
}

#[tokio::test]
async fn binary_frames_are_refused() {
    let world = World::start().await;
    let mut hostile = world.guest("Budi").await;
    hostile.send_raw(Message::Binary(vec![1, 2, 3].into())).await;
    assert_eq!(hostile.closed().await, 1003);
}

#[tokio::test]
async fn a_flood_is_answered_with_errors_and_then_closed() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let mut hostile = world.guest("Budi").await;
    for _ in 0..200 {
        hostile.send(ClientRequest::SetHand { is_raised: true }).await;
    }
    let mut refused = 0;
    let code = loop {
        match hostile.next().await {
            Ok(ServerMessage::Error { code: ErrorCode::TooManyMessages, .. }) => refused += 1,
            Ok(_) => {}
            Err(code) => break code,
        }
    };
    assert_eq!((refused, code), (31, 4008));
    assert!(is_well(&mut siti).await);
}

#[tokio::test]
async fn a_flood_of_pings_is_closed() {
    let world = World::start().await;
    let mut hostile = world.guest("Budi").await;
    for _ in 0..200 {
        hostile.send_raw(Message::Ping(vec![1].into())).await;
    }
    assert_eq!(hostile.closed().await, 4008);
}

#[tokio::test]
async fn nonsense_is_answered_and_the_session_goes_on() {
    let world = World::start().await;
    let mut client = world.guest("Budi").await;
    for text in ["", "{", "[]", "null", r#"{"type":"view","request_id":7,"slots":7}"#] {
        client.send_text(text).await;
        let answer = client.answer().await;
        assert!(
            matches!(answer, Ok(ServerMessage::Error { code: ErrorCode::BadMessage, .. })),
            "{text}: {answer:?}"
        );
    }
    assert!(is_well(&mut client).await);
}

#[tokio::test]
async fn a_first_message_other_than_join_or_resume_closes() {
    let world = World::start().await;
    for text in [r#"{"type":"leave","request_id":1}"#, "hello", r#"{"type":"x","request_id":1}"#] {
        let mut client = world.connect().await;
        client.send_text(text).await;
        assert_eq!(client.closed().await, 4001, "{text}");
    }
}

#[tokio::test]
async fn who_says_nothing_is_closed_after_10_s() {
    let world = World::start().await;
    let mut client = world.connect().await;
    tokio::time::pause();
    let started = tokio::time::Instant::now();
    assert_eq!(client.closed().await, 4001);
    assert!(started.elapsed().as_secs() >= 9);
}

#[tokio::test]
async fn who_does_not_answer_pings_is_taken_for_dead() {
    let world = World::start().await;
    let mut wire = world.guest("Siti").await.into_stream();
    tokio::time::pause();
    let mut seen = Vec::new();
    wire.read_to_end(&mut seen).await.expect("closed in order");
    // A close frame (RFC 6455 section 5.5.1) with the code 4005.
    assert!(seen.ends_with(&[0x88, 2, 0x0f, 0xa5]), "{seen:?}");
    // Before it came at least two pings, without a body.
    let pings = seen.windows(2).filter(|bytes| bytes == &[0x89, 0]).count();
    assert!(pings >= 2, "{pings}");
}

#[tokio::test]
async fn half_a_request_does_not_disturb_others() {
    let world = World::start().await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(world.address).await.expect("the server listens");
        stream.write_all(b"GET /v1/signal HTTP/1.1\r\nHost: x\r\nUpgr").await.expect("sent");
        slow.push(stream);
    }
    let mut siti = world.guest("Siti").await;
    assert!(is_well(&mut siti).await);
    let mut byte = [0];
    assert!(slow[0].read(&mut byte).now_or_never().is_none(), "nothing was answered");
}

#[tokio::test]
async fn a_plain_request_is_told_that_a_websocket_is_needed() {
    let world = World::start().await;
    let mut stream = TcpStream::connect(world.address).await.expect("the server listens");
    let request = b"GET /v1/signal HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.expect("sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).await.expect("answered");
    assert!(response.starts_with("HTTP/1.1 4"), "{response}");
    assert!(response.contains("application/problem+json"));
    assert!(response.contains("\"websocket_required\""));
}
