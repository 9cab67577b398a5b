//! Webhooks of real calls, over the end of the server.

use std::{collections::BTreeSet, net::SocketAddr};

use jumpa_system_tests::{Builder, Server, within};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    lifecycle::log_in,
    program,
    rooms::{Owner, ask},
};

fn with_webhooks_to_this_machine() -> Builder {
    program().environment("JUMPA__WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.1")
}

/// Takes requests until one of each type has come, in whatever order.
async fn takes_all(listener: &TcpListener, wanted: &[&str]) {
    let mut missing: BTreeSet<&str> = wanted.iter().copied().collect();
    while !missing.is_empty() {
        let (mut stream, _) = within("a webhook is called", listener.accept()).await.unwrap();
        let mut bytes = Vec::new();
        let body = loop {
            let mut part = [0; 4_096];
            let count = stream.read(&mut part).await.unwrap();
            bytes.extend_from_slice(&part[..count]);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
            if let Some(body) = body.and_then(|body| serde_json::from_str::<Value>(&body).ok()) {
                break body;
            }
            assert!(count > 0, "no whole request: {text}");
        };
        missing.remove(body["type"].as_str().unwrap());
        stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
    }
}

async fn create(server: &Server, owner: &Owner<'_>, address: SocketAddr) {
    let body = json!({ "url": format!("http://{address}/"), "events": ["*"] });
    let made = ask(server, "POST", "/v1/webhooks", &body, Some(&owner.cookie)).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

#[tokio::test]
async fn nothing_is_lost_when_the_server_is_killed_before_it_was_delivered() {
    let first = with_webhooks_to_this_machine().start().await;
    let operator = log_in(&first).await;
    let owner = Owner::of_a_shop(&first, &operator).await;
    // Nobody takes anything yet, so that every delivery waits.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    create(&first, &owner, address).await;
    let budi = owner.guest("Budi").await;
    budi.client.leave().await;
    let app = owner.app.clone();
    let second = first.kill().await.restart().await;
    second.knows(&app).await;
    let listener = TcpListener::bind(address).await.unwrap();
    let wanted =
        ["room.started", "participant.joined", "participant.left", "room.ended", "call.ended"];
    takes_all(&listener, &wanted).await;
}
