//! The commands of the guides to recording, storage and streaming, against a real call.

use std::process::Stdio;

use jumpa_system_tests::{Console, RtmpServer, within};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::clinic::Clinic;

/// Every `curl` of the examples fails as the server refuses.
const STRICT: &str =
    "set -eu; curl() { command curl --silent --show-error --fail-with-body \"$@\"; };";

/// The examples of a document, which somebody enters one after another.
struct Examples<'a> {
    clinic: &'a Clinic,
    folder: tempfile::TempDir,
    commands: std::vec::IntoIter<String>,
    /// What stands for something of the reader's own, and what this reader has.
    own: Vec<(&'static str, String)>,
    variables: Vec<(&'static str, String)>,
}

impl<'a> Examples<'a> {
    /// The examples of a document for somebody with this session and an API key.
    async fn of(document: &str, clinic: &'a Clinic, session: &Console) -> Self {
        let folder = tempfile::tempdir().unwrap();
        session.write_cookies(&clinic.server, &folder.path().join("cookies.txt"));
        let path = format!("/v1/apps/{}/api_keys", clinic.app);
        let key = clinic.owner.post(&clinic.server, &path, &json!({ "name": "Kasir" })).await;
        let variables = vec![
            ("SERVER", clinic.server.ready().address.clone()),
            ("APP", clinic.app.to_string()),
            ("API_KEY", key["secret"].as_str().unwrap().to_owned()),
        ];
        let commands = commands(document).into_iter();
        Self { clinic, folder, commands, own: Vec::new(), variables }
    }

    fn set(&mut self, name: &'static str, value: &Value) {
        self.variables.push((name, value.as_str().unwrap().to_owned()));
    }

    /// Runs the next one, which holds `part`, and gives its answer.
    async fn run(&mut self, part: &str) -> Value {
        let written = self.commands.next().unwrap_or_else(|| panic!("no example is left: {part}"));
        assert!(written.contains(part), "{part} does not stand in {written}");
        let own = self.own.iter();
        let command = own.fold(written, |text, (theirs, own)| text.replace(theirs, own));
        let output = Command::new("bash")
            .args(["-c", &format!("{STRICT} {command}")])
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output();
        let output = within("the example is done", output).await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}\n{error}{said}");
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// What is shown of the recording.
    async fn until(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let (_, id) = self.variables.iter().rfind(|(name, _)| *name == "RECORDING").unwrap();
        self.clinic.until(id.parse().unwrap(), what, is_so).await
    }

    fn are_done(mut self) {
        assert_eq!(self.commands.next(), None, "an example that nobody ran");
    }
}

/// The commands in the blocks `sh` of a document; each begins with `curl`.
fn commands(document: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in document.lines() {
        match line {
            "```sh" => is_inside = true,
            "```" => is_inside = false,
            _ if !is_inside => {}
            _ if line.starts_with("curl ") => commands.push(line.to_owned()),
            _ => {
                let command = commands.last_mut().expect("a block begins with a command");
                command.push('\n');
                command.push_str(line);
            }
        }
    }
    commands
}

#[tokio::test]
async fn the_examples_of_recording_work() {
    let clinic = Clinic::open().await;
    let _recorder = clinic.recorder().await;
    assert_eq!(clinic.choose_bucket("none").await.status, 200);
    let (_budi, _budi_sends) = clinic.person("Budi", "blue", 880).await;
    let document = include_str!("../../docs/guide/recording.md");
    let mut examples = Examples::of(document, &clinic, &clinic.operator).await;
    let begun = examples.run("rooms/ruang-1/recordings").await;
    examples.set("RECORDING", &begun["id"]);
    examples.until("it is recorded", |shown| shown["bytes"].as_u64() > Some(50_000)).await;
    examples.run("/stop").await;
    let ready = examples.until("it is ready", |shown| shown["state"] == "ready").await;
    examples.set("FILE", &ready["files"][0]["id"]);
    let room = examples.run("auto_record").await;
    assert_eq!(room["recording_required"], true, "{room:#}");
    let list = examples.run("participant=Budi").await;
    assert!(list["data"].is_array(), "{list:#}");
    let shown = examples.run("/v1/recordings/$RECORDING\"").await;
    assert_eq!(shown["id"], begun["id"]);
    let link = examples.run("/link").await;
    let url = link["url"].as_str().unwrap();
    let path = url.strip_prefix(&clinic.server.ready().address).unwrap();
    assert_eq!(clinic.server.get(path).await.status, 200);
    let slots = examples.run("recording_slots").await;
    assert_eq!(slots["weight"], 2, "{slots:#}");
    examples.are_done();
}

#[tokio::test]
async fn the_examples_of_storage_work() {
    let clinic = Clinic::open().await;
    let document = include_str!("../../docs/guide/storage.md");
    let mut examples = Examples::of(document, &clinic, &clinic.owner).await;
    let bucket = clinic.bucket.bucket();
    examples.own = vec![
        ("https://s3.klinik.example", bucket.endpoint.unwrap()),
        ("rekaman-klinik", bucket.bucket.clone()),
        ("GK31c2f218a2e44f485b94239e", bucket.access_key_id),
        (
            "b892c0665f0ada8a4755dae98baa3b133590e11dae3bcc1f9d769d67f16c3835",
            bucket.secret_access_key,
        ),
    ];
    let chosen = examples.run("recording_storage").await;
    assert!(chosen.to_string().contains(&bucket.bucket), "{chosen:#}");
    examples.are_done();
}

#[tokio::test]
async fn the_examples_of_streaming_work() {
    let platform = RtmpServer::start().await;
    let clinic = Clinic::open().await;
    assert_eq!(clinic.choose_bucket("none").await.status, 200);
    let _recorder = clinic.recorder().await;
    let (_budi, _budi_sends) = clinic.person("Budi", "blue", 880).await;
    let document = include_str!("../../docs/guide/streaming.md");
    let mut examples = Examples::of(document, &clinic, &clinic.owner).await;
    let url = platform.url();
    let (place, key) = url.rsplit_once('/').unwrap();
    examples.own = vec![
        // Nothing goes to YouTube from here.
        ("\"preset\": \"youtube\"", format!("\"url\": \"{place}\"")),
        ("rtmps://live.klinik.example/app", place.to_owned()),
        ("abcd-efgh-1234", key.to_owned()),
        ("\"key\": \"kunci\"", format!("\"key\": \"{key}\"")),
    ];
    let begun = examples.run("\"kind\": \"stream\"").await;
    examples.set("RECORDING", &begun["id"]);
    let is_live = |shown: &Value| shown["targets"][0]["state"] == "live";
    let live = examples.until("the stream is live", is_live).await;
    examples.set("TARGET", &live["targets"][0]["id"]);
    let changed = examples.run("/targets").await;
    assert_eq!(changed["targets"].as_array().map(Vec::len), Some(2), "{changed:#}");
    examples.run("/stop").await;
    examples.until("it is ready", |shown| shown["state"] == "ready").await;
    examples.run("\"name\": \"Kanal klinik\"").await;
    let stored = examples.run("stream_targets").await;
    assert_eq!(stored["data"].as_array().map(Vec::len), Some(1), "{stored:#}");
    examples.are_done();
}
