//! The programs of `examples/tokens` make tokens that the server takes.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    path::PathBuf,
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use jumpa_protocol::{
    AppId, KeyId, TenantId,
    directory::{AppEntry, Directory, KeyEntry},
};
use jumpa_signalling::token::{VerifiedToken, verify};

const SECRET: &str = "jumpa_0123456789abcdefghijklmnopqrstuvwxyzABCDE";

/// With what JSON writers get wrong, and letters that have no place in ASCII.
const NAME: &str = "dr. \"Ayu\" \\ Wijaya \u{1F600} é";

/// Runs a program and verifies the token that it prints. `None` when the machine has no such
/// language; Node is needed to build the pages and so is always there.
fn token_of(program: &[&str]) -> Option<VerifiedToken> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/tokens");
    let (app_id, key_id) = ("klinik-sehat-k3x9q", "key_klinik");
    let output = Command::new(program[0])
        .args(&program[1..])
        .args(["ruang-1", NAME, "dokter-17", "moderator"])
        .current_dir(folder)
        .env("JUMPA_KEY_ID", key_id)
        .env("JUMPA_KEY_SECRET", SECRET)
        .env("JAVA_TOOL_OPTIONS", "-Dsun.jnu.encoding=UTF-8 -Dfile.encoding=UTF-8")
        .env("LC_ALL", "C.UTF-8")
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && program[0] != "node" => {
            println!("{} is not installed", program[0]);
            return None;
        }
        Err(error) => panic!("{}: {error}", program[0]),
    };
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program:?}: {error}");
    let printed = String::from_utf8(output.stdout).unwrap();

    let app_id: AppId = app_id.parse().unwrap();
    let key_id: KeyId = key_id.parse().unwrap();
    let mut directory = Directory::default();
    let app = AppEntry::new(TenantId::generate(), "Klinik Sehat");
    directory.apps.insert(app_id.clone(), app);
    directory.keys.insert(key_id, KeyEntry::hs256(app_id.clone(), SECRET));
    let room = "ruang-1".parse().unwrap();
    let unix_now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let verified = verify(&directory, printed.trim(), &app_id, &room, unix_now);
    Some(verified.unwrap_or_else(|refusal| panic!("{program:?}: {refusal}\n{printed}")))
}

fn is_taken(program: &[&str]) {
    let Some(token) = token_of(program) else { return };
    assert_eq!(token.name.as_deref(), Some(NAME));
    assert_eq!(token.subject.as_deref(), Some("dokter-17"));
    assert!(token.is_moderator);
}

#[test]
fn a_token_from_node_is_taken() {
    is_taken(&["node", "join_token.mjs"]);
}

#[test]
fn a_token_from_python_is_taken() {
    is_taken(&["python3", "join_token.py"]);
}

#[test]
fn a_token_from_go_is_taken() {
    is_taken(&["go", "run", "join_token.go"]);
}

#[test]
fn a_token_from_java_is_taken() {
    is_taken(&["java", "JoinToken.java"]);
}
