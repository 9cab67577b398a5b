//! Messages that no good client sends.

use jumpa_protocol::{
    ErrorCode,
    limits::{MAX_MESSAGE_BYTES, MAX_OFFER_MESSAGE_BYTES, close_code},
    signal::ServerMessage,
};
use jumpa_system_tests::{Closed, Server, Socket};

use crate::server;

/// Somebody in the room does not notice what happens on another connection.
async fn call_goes_on(server: &Server) {
    let mut sari = server.guest("ruang-1", "Sari").await;
    sari.write("masih di sini", None).await;
    assert_eq!(sari.reads().await.text, "masih di sini");
}

fn code(message: ServerMessage) -> ErrorCode {
    match message {
        ServerMessage::Error { code, .. } => code,
        other => panic!("not an error: {other:?}"),
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_costs_nobody_their_call() {
    let server = server().await;
    let mut socket = Socket::connect(&server).await;
    let texts = [
        "bukan json".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        r#"{"request_id":1,"type":"join"}"#.to_owned(),
        r#"{"request_id":2,"type":"join","app_id":7,"room":[],"offer":null}"#.to_owned(),
        r#"{"request_id":-1,"type":"ping"}"#.to_owned(),
        format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000)),
    ];
    for text in texts {
        if socket.send(text).await.is_err() {
            break;
        }
        match socket.receive().await {
            Ok(message) => assert_eq!(code(message), ErrorCode::BadMessage),
            Err(closed) => {
                assert_eq!(closed, Closed::With(close_code::NO_JOIN));
                break;
            }
        }
    }
    call_goes_on(&server).await;
}

#[tokio::test]
async fn a_message_over_its_limit_closes_the_connection() {
    let server = server().await;
    let mut socket = Socket::connect(&server).await;
    let padding = "x".repeat(MAX_MESSAGE_BYTES);
    let text = format!(r#"{{"request_id":1,"type":"ping","padding":"{padding}"}}"#);
    socket.send(text).await.unwrap();
    assert_eq!(socket.closed().await, Closed::With(close_code::TOO_BIG));

    let mut socket = Socket::connect(&server).await;
    let offer = "x".repeat(MAX_OFFER_MESSAGE_BYTES);
    let text = format!(r#"{{"request_id":1,"type":"join","offer":"{offer}"}}"#);
    // The server may close while we still write.
    let _ = socket.send(text).await;
    assert!(matches!(socket.closed().await, Closed::With(close_code::TOO_BIG) | Closed::Silently));
    call_goes_on(&server).await;
}

#[tokio::test]
async fn a_flood_closes_the_connection() {
    let server = server().await;
    let mut socket = Socket::connect(&server).await;
    for request_id in 0..2_000 {
        let ping = format!(r#"{{"request_id":{request_id},"type":"ping"}}"#);
        if socket.send(ping).await.is_err() {
            break;
        }
    }
    assert!(matches!(
        socket.closed().await,
        Closed::With(close_code::FLOOD | close_code::NO_JOIN) | Closed::Silently
    ));
    call_goes_on(&server).await;
}

#[tokio::test]
async fn an_offer_that_is_none_is_refused() {
    let server = server().await;
    let app = server.ready().demo_app.as_str();
    for (request_id, offer) in [(1, ""), (2, "v=0"), (3, "m=audio 9 x y")] {
        let mut socket = Socket::connect(&server).await;
        let join = serde_json::json!({
            "request_id": request_id,
            "type": "join",
            "app_id": app,
            "room": "ruang-1",
            "name": "Jahat",
            "offer": offer,
        });
        socket.send(join.to_string()).await.unwrap();
        assert_eq!(code(socket.receive().await.unwrap()), ErrorCode::OfferInvalid);
    }
    call_goes_on(&server).await;
}
