//! Pages, health and metrics.

use jumpa_system_tests::{Answer, Server, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::server;

async fn metrics(server: &Server) -> Answer {
    let request = jumpa_system_tests::Request::new("GET", "/metrics");
    within("metrics", request.send(server.admin_host())).await.unwrap()
}

#[tokio::test]
async fn a_room_is_a_page_with_a_strict_policy() {
    let server = server().await;
    let page = server.get(&format!("/{}/hello", server.ready().demo_app)).await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
    assert!(page.header("permissions-policy").unwrap().contains("camera=(self)"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn an_asset_that_does_not_exist_is_not_found() {
    let server = server().await;
    assert_eq!(server.get("/assets/hilang.js").await.status, 404);
    assert_eq!(server.get("/v1/tidak-ada").await.code(), "not_found");
}

#[tokio::test]
async fn a_server_that_takes_calls_is_live_and_ready() {
    let server = server().await;
    assert_eq!(server.get("/livez").await.status, 200);
    let ready = server.get("/readyz").await;
    assert_eq!(ready.json()["is_ready"], true, "{}", ready.text());
    assert_eq!(server.get("/version").await.json()["name"], "jumpa");
}

#[tokio::test]
async fn metrics_are_served_on_the_admin_address_alone() {
    let server = server().await;
    let answer = metrics(&server).await;
    assert_eq!(answer.status, 200);
    for name in [
        "jumpa_build_info{version=",
        "jumpa_directory_apps 1",
        "jumpa_database_up 1",
        "process_resident_memory_bytes ",
        "process_open_fds ",
    ] {
        assert!(answer.text().contains(name), "{name}: {}", answer.text());
    }
    let public = server.get("/metrics").await;
    assert!(!public.text().contains("# TYPE"), "{}", public.text());
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_request_is_let_go() {
    let server = server().await;
    let mut stream = TcpStream::connect(server.host()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let mut rest = Vec::new();
    within("the connection is closed", stream.read_to_end(&mut rest)).await.unwrap();
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_body_is_let_go() {
    let server = server().await;
    let mut stream = TcpStream::connect(server.host()).await.unwrap();
    let head = b"POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        content-length: 100\r\n\r\n{";
    stream.write_all(head).await.unwrap();
    let mut answer = Vec::new();
    within("the connection is closed", stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
}
