//! Commands of the program, beside a server and without one.

use std::{
    net::TcpListener,
    process::Output,
    time::{Duration, Instant},
};

use crate::{program, server};

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn the_example_configuration_starts_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let example = printed(&program().run(folder.path(), &["config", "example"]).await);
    let path = folder.path().join("example.toml");
    std::fs::write(&path, example).unwrap();
    let server = program().argument("--config").argument(path.to_str().unwrap()).start().await;
    assert_eq!(server.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn an_app_made_beside_a_running_server_is_known_within_seconds() {
    let server = server().await;
    let since = Instant::now();
    server.create_app("Toko Melati", &[]).await;
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

#[tokio::test]
async fn an_app_can_be_made_before_the_first_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = program().run(&data, &["app", "create", "--name", "Toko Melati"]).await;
    assert!(output.status.success(), "{}", complained(&output));
    assert!(printed(&output).contains("toko-melati-"));
    let list = printed(&program().run(&data, &["app", "list"]).await);
    assert!(list.contains("tokens only  Toko Melati"), "{list}");
}

#[tokio::test]
async fn a_token_needs_an_app_and_an_active_key() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &[]).await;
    let token = |app: &str| {
        let arguments = ["token", "--app", app, "--room", "ruang-1", "--name", "Sari"];
        arguments.map(str::to_owned)
    };
    let run = async |app: &str| {
        let arguments = token(app);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        server.run(&arguments).await
    };
    assert!(run(app.as_str()).await.status.success());
    let output = run("tidak-ada").await;
    assert!(complained(&output).contains("there is no app `tidak-ada`"));

    let list = server.command(&["app", "list"]).await;
    let key = list.lines().find_map(|line| line.trim().strip_suffix("  active")).unwrap();
    server.command(&["key", "revoke", "--app", app.as_str(), key.trim()]).await;
    let output = run(app.as_str()).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("jumpa key create"), "{}", complained(&output));
    server.command(&["key", "create", "--app", app.as_str()]).await;
    assert!(run(app.as_str()).await.status.success());
}

#[tokio::test]
async fn a_token_for_longer_than_a_day_is_refused() {
    let server = server().await;
    let app = server.ready().demo_app.to_string();
    let arguments = ["token", "--app", &app, "--room", "r", "--name", "Sari", "--ttl", "25h"];
    let output = server.run(&arguments).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("at most 24h"));
}

#[tokio::test]
async fn a_setting_that_does_not_exist_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let output = program()
        .environment("JUMPA__HTTP__LISTEN_ON", "127.0.0.1:0")
        .run(folder.path(), &["serve"])
        .await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("JUMPA__HTTP__LISTEN_ON"), "{}", complained(&output));
}

#[tokio::test]
async fn the_doctor_names_a_port_that_another_program_holds() {
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let arguments = ["doctor", "--listen", &address, "--media-port", "0"];
    let output = program().run(folder.path(), &arguments).await;
    assert_eq!(output.status.code(), Some(1));
    let text = printed(&output);
    assert!(text.contains("is held by another program"), "{text}");
    assert!(text.contains("--listen"), "{text}");
}

#[tokio::test]
async fn the_doctor_knows_its_own_server() {
    let server = server().await;
    let port = server.ready().media_port.to_string();
    let arguments = ["doctor", "--listen", server.host(), "--media-port", &port];
    let text = printed(&server.run(&arguments).await);
    assert!(text.contains("is held by a running jumpa"), "{text}");
    assert!(text.contains("a server runs on it"), "{text}");
}

#[tokio::test]
async fn the_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = printed(&program().run(folder.path(), &["version"]).await);
    assert!(text.starts_with("jumpa 0."), "{text}");
}
