//! Start, stop and start again.

use std::{fs, os::unix::fs::PermissionsExt};

use jumpa_system_tests::{Request, Server, within};
use rustix::process::{Signal, getpriority_process};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
};

use crate::{program, server};

#[tokio::test]
async fn a_first_start_makes_a_private_folder_a_demo_room_and_a_first_login_link() {
    let server = server().await;
    let mode = |path: &str| fs::metadata(server.data().join(path)).unwrap().permissions().mode();
    assert_eq!(mode(".") & 0o777, 0o700);
    assert_eq!(mode("secret.key") & 0o777, 0o600);
    let ready = server.ready();
    assert!(ready.demo_room_url.contains(ready.demo_app.as_str()));
    let app = server.get(&format!("/v1/public/apps/{}", ready.demo_app)).await;
    assert_eq!(app.json()["allows_guests"], true);
    assert!(ready.first_login_url.as_ref().unwrap().contains("/welcome?token="));
}

#[tokio::test]
async fn a_second_start_on_the_same_folder_is_refused_in_words() {
    let server = server().await;
    let output = server.run(&["serve", "--listen", "127.0.0.1:0", "--media-port", "0"]).await;
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("another jumpa (process "), "{error}");
    assert!(error.contains("--data"), "{error}");
    assert_eq!(server.get("/livez").await.status, 200);
}

#[tokio::test]
async fn a_taken_web_port_is_told_in_words() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["serve", "--listen", server.host(), "--media-port", "0"];
    let output = program().run(folder.path(), &arguments).await;
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("another program listens on"), "{error}");
}

#[tokio::test]
async fn a_taken_metrics_port_costs_the_metrics_alone() {
    let first = server().await;
    let taken = first.admin_host();
    let second = program().environment("JUMPA__ADMIN__LISTEN", taken).start().await;
    assert_eq!(second.ready().admin_address, None);
    assert_eq!(second.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn calls_come_before_other_programs_where_the_machine_allows_it() {
    let own = getpriority_process(None).unwrap();
    // nice(1) complains when it may not, and starts the program all the same.
    let raised = Command::new("nice").args(["-n", "-15", "true"]).output().await.unwrap();
    let is_allowed = raised.stderr.is_empty();
    let expected = if own == 0 && is_allowed { -15 } else { own };
    assert_eq!(server().await.nice(), expected);
}

#[tokio::test]
async fn a_restart_keeps_app_first_login_link_and_ports() {
    let first = server().await;
    let before = first.ready().clone();
    let second = first.terminate().await.restart().await;
    assert_eq!(second.ready().demo_app, before.demo_app);
    assert_eq!(second.ready().first_login_url, before.first_login_url);
    assert_eq!(second.ready().address, before.address);
}

#[tokio::test]
async fn after_sigterm_the_server_ends_well_and_takes_its_ready_file_along() {
    let server = server().await;
    let ready_file = server.data().parent().unwrap().join("ready.json");
    assert!(ready_file.exists());
    let ended = server.terminate().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.log);
    assert!(ended.log.contains("the server stopped"), "{}", ended.log);
    assert!(!ready_file.exists());
}

/// A request whose body does not come: the server would wait for it.
async fn unfinished_request(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.host()).await.unwrap();
    let head = "POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        content-length: 100\r\nexpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    within("the server waits for the body", stream.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100");
    stream
}

#[tokio::test]
async fn a_request_that_does_not_end_does_not_keep_the_server_from_stopping() {
    let server = server().await;
    let _request = unfinished_request(&server).await;
    let ended = server.terminate().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.log);
    assert!(ended.log.contains("some requests did not end in time"), "{}", ended.log);
}

#[tokio::test]
async fn a_second_signal_ends_the_server_at_once() {
    let mut server = server().await;
    let _request = unfinished_request(&server).await;
    server.signal(Signal::TERM);
    server.logged("every call has ended").await;
    server.signal(Signal::INT);
    let ended = server.ended().await;
    assert_eq!(ended.status.code(), Some(130), "{}", ended.log);
    assert!(ended.log.contains("a second signal"), "{}", ended.log);
}

#[tokio::test]
async fn a_killed_server_starts_again_on_its_folder() {
    let first = server().await;
    let app = first.create_app("Klinik Sehat", &[]).await;
    let second = first.kill().await.restart().await;
    assert_eq!(second.get(&format!("/v1/public/apps/{app}")).await.status, 200);
}

pub async fn log_in(server: &Server) -> String {
    let url = server.ready().first_login_url.clone().unwrap();
    let (_, token) = url.split_once("token=").unwrap();
    let body = serde_json::json!({
        "token": token,
        "email": "ops@sehat.example",
        "name": "Ops",
        "password": "kata-sandi-panjang",
    });
    let request = Request::new("POST", "/v1/first_login")
        .header("origin", server.ready().address.clone())
        .body("application/json", body.to_string());
    let answer = server.send(request).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_operator_stays_logged_in_over_a_restart_and_no_link_is_offered_again() {
    let first = server().await;
    let cookie = log_in(&first).await;
    let second = first.terminate().await.restart().await;
    assert_eq!(second.ready().first_login_url, None);
    let me = second.send(Request::new("GET", "/v1/me").header("cookie", cookie)).await;
    assert_eq!(me.json()["is_operator"], true);
}

#[tokio::test]
async fn whoever_was_in_a_call_can_rate_it() {
    let server = server().await;
    let sari = server.guest("ruang-1", "Sari").await;
    let token = sari.client.rating_token().to_owned();
    sari.client.leave().await;
    let rate = |token: &str| {
        let body = serde_json::json!({ "rating_token": token, "stars": 4, "reasons": ["echo"] });
        Request::new("POST", "/v1/ratings").body("application/json", body.to_string())
    };
    assert_eq!(server.send(rate(&token)).await.status, 204);
    assert_eq!(server.send(rate("dibuat-buat")).await.code(), "rating_token_invalid");
}

#[tokio::test]
async fn secrets_do_not_reach_the_log() {
    let server = program().environment("JUMPA__LOG__FILTER", "debug,hyper=info").start().await;
    let url = server.ready().first_login_url.clone().unwrap();
    let (_, token) = url.split_once("token=").unwrap();
    let cookie = log_in(&server).await;
    let (_, session) = cookie.split_once('=').unwrap();
    server.send(Request::new("GET", "/v1/me").header("cookie", cookie.clone())).await;
    let log = server.terminate().await.log;
    assert!(log.contains("the first operator logged in"), "{log}");
    for secret in [token, session, "kata-sandi-panjang", "ops@sehat.example"] {
        assert!(!log.contains(secret), "`{secret}` stands in the log");
    }
}
