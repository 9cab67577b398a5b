//! Recordings of one app go on as if no other asked for more than it was promised.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use jumpa_protocol::AppId;
use jumpa_recorded::{
    events::{Line, LogEvent},
    files::{EVENTS_FILE, media_files},
};
use jumpa_system_tests::{Console, Server, within};
use serde_json::{Value, json};

use crate::{
    program,
    recorder::{person_in, picture_times},
};

/// What a live composite of one person is reckoned to take, and a little: one of them is promised.
const ONE_COMPOSITE: u32 = 450;

/// Between two looks at what the API shows.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// How much later a recording may begin while another app asks for too much.
const NO_LATER: Duration = Duration::from_secs(3);

/// What tells that people are recorded for a while.
const ENOUGH_BYTES: i64 = 250_000;

/// The longest time between two of 25 pictures a second when none is missing: less than three.
const NO_GAP_SECONDS: f64 = 0.11;

/// A server with its own recorder, as it is installed.
async fn server_with_recorder() -> Server {
    let beside = Path::new(env!("CARGO_BIN_EXE_jumpa-under-test")).with_file_name("jumpa-recorder");
    assert!(beside.is_file(), "cargo build -p jumpa-recorder makes what this test runs");
    program()
        .environment("JUMPA__RECORDING__RUNS_RECORDER", "true")
        .environment("JUMPA__RECORDING__PROGRAM", beside.to_str().unwrap())
        .start()
        .await
}

/// An app and somebody who may record its calls.
struct Customer<'a> {
    server: &'a Server,
    app: AppId,
    console: Console,
}

impl Customer<'_> {
    /// Asks for the recording of the call in a room.
    async fn record(&self, room: &str, how: Value) -> String {
        let path = format!("/v1/apps/{}/rooms/{room}/recordings", self.app);
        let made = self.console.post(self.server, &path, &how).await;
        made["id"].as_str().unwrap().to_owned()
    }

    async fn show(&self, id: &str) -> Value {
        let path = format!("/v1/recordings/{id}");
        self.console.call(self.server, "GET", &path, &Value::Null).await.json()
    }

    /// The recording once it is so.
    async fn shows(&self, what: &str, id: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        within(what, async {
            loop {
                let shown = self.show(id).await;
                if is_so(&shown) {
                    return shown;
                }
                tokio::time::sleep(LOOK_INTERVAL).await;
            }
        })
        .await
    }

    /// Records a call as tracks, and tells how long it took until it was recorded.
    async fn records_at_once(&self, room: &str) -> (String, Duration) {
        let asked = Instant::now();
        let id = self.record(room, json!({ "kind": "tracks" })).await;
        self.shows("the call is recorded", &id, |shown| shown["state"] == "active").await;
        (id, asked.elapsed())
    }

    async fn stop(&self, id: &str) {
        self.console.post(self.server, &format!("/v1/recordings/{id}/stop"), &Value::Null).await;
        self.shows("the recording is ready", id, |shown| shown["state"] == "ready").await;
    }
}

async fn guarantee(operator: &Console, server: &Server, app: &AppId, millicores: u32) {
    let path = format!("/v1/operator/apps/{app}/recording_slots");
    let slots = json!({
        "guaranteed_millicores": millicores, "burst_millicores": millicores, "weight": 1,
    });
    let answer = operator.call(server, "PUT", &path, &slots).await;
    assert!(answer.status < 300, "{}", answer.text());
}

/// The folder of a recording in the library.
fn stored(server: &Server, id: &str) -> PathBuf {
    let library = server.data().join("recordings/library");
    let folders = |path: PathBuf| {
        let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir())
    };
    let mut recordings = folders(library).flat_map(folders).flat_map(folders);
    recordings.find(|path| path.ends_with(id)).unwrap()
}

/// Nothing is missing in what was recorded of a person.
fn assert_whole(folder: &Path) {
    let log = fs::read_to_string(folder.join(EVENTS_FILE)).unwrap();
    for line in log.lines() {
        let Line { at_ms, event } = serde_json::from_str(line).unwrap();
        assert!(!matches!(event, LogEvent::Gap { .. }), "a gap at {at_ms} ms: {line}");
    }
    let names = media_files(folder).unwrap();
    assert_eq!(names.len(), 2, "a camera and a microphone: {names:?}");
    let camera = names.iter().find(|name| name.contains("camera")).unwrap();
    let times = picture_times(&folder.join(camera));
    let longest = times.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
    assert!(times.len() > 75 && longest < NO_GAP_SECONDS, "{} pictures, {longest} s", times.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_asks_for_three_times_its_guarantee_changes_nothing_for_another() {
    let server = server_with_recorder().await;
    let operator = Console::operator(&server).await;
    let (_, owner, app) = operator.found_tenant(&server).await;
    let second = owner.post(&server, "/v1/apps", &json!({ "name": "Klinik Sehat" })).await;
    let second: AppId = second["id"].as_str().unwrap().parse().unwrap();
    let keys = format!("/v1/apps/{second}/keys");
    owner.post(&server, &keys, &json!({ "kind": "hs256" })).await;
    let shop = Customer { server: &server, app: app.parse().unwrap(), console: owner.clone() };
    let clinic = Customer { server: &server, app: second, console: owner };
    server.knows(&clinic.app).await;
    server.knows(&shop.app).await;
    within("the recorder is there", async {
        let path = "/v1/operator/recorders";
        while operator.call(&server, "GET", path, &Value::Null).await.json()["capacity_millicores"]
            == 0
        {
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
    })
    .await;
    guarantee(&operator, &server, &shop.app, ONE_COMPOSITE).await;
    guarantee(&operator, &server, &clinic.app, 20).await;

    // The clinic records before, and once more while the shop asks for three times what it has.
    let _siti = person_in("periksa-1", &server, &clinic.app, "Siti", "red", 440).await;
    let _budi = person_in("periksa-2", &server, &clinic.app, "Budi", "blue", 880).await;
    let (first, alone) = clinic.records_at_once("periksa-1").await;
    let mut people = Vec::new();
    for room in ["kasir-1", "kasir-2", "kasir-3"] {
        people.push(person_in(room, &server, &shop.app, "Dewi", "green", 660).await);
    }
    let live = json!({ "kind": "composite", "compose": "live" });
    let promised = shop.record("kasir-1", live.clone()).await;
    let surplus = shop.record("kasir-2", live.clone()).await;
    let fallback = json!({ "kind": "composite", "compose": "live", "fallback": "tracks" });
    let modest = shop.record("kasir-3", fallback).await;
    shop.shows("what was promised is composed", &promised, |shown| {
        shown["composed_ms"].as_i64() > Some(1_000)
    })
    .await;
    let waits = shop
        .shows("the surplus has its place", &surplus, |shown| shown["queue"]["place"].is_u64())
        .await;
    assert_eq!((&waits["state"], &waits["queue"]["place"]), (&json!("queued"), &json!(1)));
    let fell = shop
        .shows("what should not wait is recorded as tracks", &modest, |shown| {
            shown["state"] == "active"
        })
        .await;
    assert_eq!((&fell["kind"], &fell["fell_back_from"]), (&json!("tracks"), &json!("composite")));

    let (second, beside) = clinic.records_at_once("periksa-2").await;
    assert!(beside < alone + NO_LATER, "{beside:?}, and {alone:?} alone");
    for id in [&first, &second] {
        clinic
            .shows("some seconds are recorded", id, |shown| {
                shown["bytes"].as_i64() > Some(ENOUGH_BYTES)
            })
            .await;
    }
    assert_eq!(shop.show(&surplus).await["state"], "queued");
    for id in [&first, &second] {
        clinic.stop(id).await;
        assert_whole(&stored(&server, id));
    }

    // What waited has its turn as soon as its own app makes room.
    shop.console.post(&server, &format!("/v1/recordings/{promised}/stop"), &Value::Null).await;
    shop.shows("the surplus is recorded", &surplus, |shown| shown["state"] == "active").await;
}
