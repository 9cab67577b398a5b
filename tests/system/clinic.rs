//! A clinic whose calls are recorded into a bucket: server, recorder and S3 server as they stand on
//! three machines.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use jumpa_protocol::{AppId, RecordingId, TenantId, recording::SpoolLevel};
use jumpa_recorder::{completion::checksum, space::Space};
use jumpa_system_tests::{
    Answer, Console, Person, RecorderProgram, Request, Sending, Server, within,
};
use jumpa_test_storage::S3Server;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    program,
    recorder::{ROOM, person},
};

/// Pause between two looks at something that tells nobody when it changes.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// What keys in the bucket begin with.
const PREFIX: &str = "panggilan";

pub struct Clinic {
    pub server: Server,
    pub bucket: S3Server,
    pub operator: Console,
    pub owner: Console,
    pub tenant: TenantId,
    pub app: AppId,
    folders: tempfile::TempDir,
}

impl Clinic {
    pub async fn open() -> Self {
        let server = program()
            .environment("JUMPA__RECORDING__STORAGE_NETWORKS", "127.0.0.1")
            .environment("JUMPA__RECORDING__STREAM_NETWORKS", "127.0.0.1")
            .start()
            .await;
        let operator = Console::operator(&server).await;
        let (tenant, owner, app) = operator.found_tenant(&server).await;
        let app: AppId = app.parse().unwrap();
        server.knows(&app).await;
        Self {
            bucket: S3Server::start().await,
            folders: roomy_folder(),
            tenant: tenant.parse().unwrap(),
            server,
            operator,
            owner,
            app,
        }
    }

    /// The recorder of this clinic; a second one goes on where the first one was.
    pub async fn recorder(&self) -> RecorderProgram {
        let data = self.recorder_data();
        RecorderProgram::start(env!("CARGO_BIN_EXE_jumpa-under-test"), &self.server, &data).await
    }

    /// A recorder with a disk of so many megabytes.
    pub async fn recorder_on_small_disk(&self, megabytes: u32) -> RecorderProgram {
        let (program, data) = (env!("CARGO_BIN_EXE_jumpa-under-test"), self.recorder_data());
        RecorderProgram::start_on_small_disk(program, &self.server, &data, megabytes).await
    }

    fn recorder_data(&self) -> PathBuf {
        self.folders.path().join("recorder")
    }

    /// Kills the server and starts it again.
    pub async fn kill_server(self) -> Self {
        Self { server: self.server.kill().await.restart().await, ..self }
    }

    /// Chooses the bucket for the app's recordings.
    pub async fn choose_bucket(&self, encryption: &str) -> Answer {
        let bucket = self.bucket.bucket();
        let body = json!({
            "s3": {
                "endpoint": bucket.endpoint, "region": bucket.region, "bucket": bucket.bucket,
                "prefix": PREFIX, "access_key_id": bucket.access_key_id,
                "secret_access_key": bucket.secret_access_key,
            },
            "encryption": encryption,
        });
        let path = format!("/v1/apps/{}/recording_storage", self.app);
        self.owner.call(&self.server, "PUT", &path, &body).await
    }

    pub async fn person(&self, name: &str, colour: &str, tone_hz: u32) -> (Person, Sending) {
        person(&self.server, &self.app, name, colour, tone_hz).await
    }

    /// Asks for the recording of every track of the call.
    pub async fn record(&self) -> RecordingId {
        let path = format!("/v1/apps/{}/rooms/{ROOM}/recordings", self.app);
        let begun = self.owner.post(&self.server, &path, &json!({ "kind": "tracks" })).await;
        begun["id"].as_str().unwrap().parse().unwrap()
    }

    pub async fn stop(&self, id: RecordingId) {
        let path = format!("/v1/recordings/{id}/stop");
        self.owner.post(&self.server, &path, &json!({})).await;
    }

    pub async fn get(&self, path: &str) -> Value {
        self.owner.call(&self.server, "GET", path, &Value::Null).await.json()
    }

    /// The recording once it is so.
    pub async fn until(
        &self,
        id: RecordingId,
        what: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> Value {
        self.owner.until(&self.server, &format!("/v1/recordings/{id}"), what, is_so).await
    }

    /// The recording when some seconds of it are on the disk.
    pub async fn until_active(&self, id: RecordingId) -> Value {
        self.until(id, "some seconds are recorded", |shown| {
            shown["state"] == "active" && shown["bytes"].as_u64() > Some(50_000)
        })
        .await
    }

    pub async fn until_ready(&self, id: RecordingId) -> Value {
        let over = self
            .until(id, "the recording is over", |shown| {
                ["ready", "failed"].map(Value::from).contains(&shown["state"])
            })
            .await;
        assert_eq!((&over["state"], &over["failure"]), (&json!("ready"), &Value::Null), "{over:#}");
        over
    }

    /// All recorders once they are so.
    pub async fn fleet_when(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        self.operator.until(&self.server, "/v1/operator/recorders", what, is_so).await
    }

    /// Waits until something of this machine is so.
    pub async fn wait_for(&self, what: &str, is_so: impl Fn() -> bool) {
        within(what, async {
            while !is_so() {
                sleep(POLL_INTERVAL).await;
            }
        })
        .await;
    }

    /// The files of a recording that are in the bucket as they were recorded: the server reads them
    /// again, and everybody who has a link can.
    pub async fn downloaded(&self, id: RecordingId) -> Vec<Download> {
        let verified =
            self.owner.post(&self.server, &format!("/v1/recordings/{id}/verify"), &json!({})).await;
        assert_eq!(verified["is_intact"], true, "{verified:#}");
        let mut downloads = Vec::new();
        for file in verified["files"].as_array().unwrap() {
            let url = self.link(id, file).await;
            let content = self.server.get(&url).await;
            assert_eq!(content.status, 200);
            let found = checksum(content.body.as_slice()).unwrap();
            assert_eq!(
                (json!(found.sha256), json!(found.bytes)),
                (file["sha256"].clone(), file["bytes"].clone())
            );
            let name = file["name"].as_str().unwrap().to_owned();
            fs::write(self.folders.path().join(&name), &content.body).unwrap();
            let path = self.folders.path().join(&name);
            downloads.push(Download { name, url, content: content.body, path });
        }
        downloads
    }

    async fn link(&self, id: RecordingId, file: &Value) -> String {
        let path = format!("/v1/recordings/{id}/files/{}/link", file["id"].as_str().unwrap());
        let link = self.owner.post(&self.server, &path, &json!({})).await;
        let url = link["url"].as_str().unwrap();
        url.strip_prefix(&self.server.ready().address).expect("a link to this server").to_owned()
    }

    /// Where a file of a recording lies in the bucket.
    pub fn key(&self, id: RecordingId, name: &str) -> String {
        format!("{PREFIX}/{}/{}/{id}/{name}", self.tenant, self.app)
    }
}

/// A folder on a disk that is empty enough for a recorder to take recordings: that of temporary
/// files, or the memory.
fn roomy_folder() -> tempfile::TempDir {
    let places = [std::env::temp_dir(), PathBuf::from("/dev/shm")];
    let is_roomy =
        |place: &&PathBuf| Space::of(place).is_ok_and(|space| space.level() == SpoolLevel::Roomy);
    let place = places.iter().find(is_roomy);
    tempfile::tempdir_in(place.expect("a disk that is less than four fifths full")).unwrap()
}

/// A file of a recording as somebody with a link gets it.
pub struct Download {
    pub name: String,
    /// Without the address of the server.
    pub url: String,
    pub content: Vec<u8>,
    pub path: PathBuf,
}

impl Download {
    pub fn is_media(&self) -> bool {
        Path::new(&self.name).extension().is_some_and(|extension| extension == "webm")
    }

    /// A part from the middle comes as it is in the whole.
    pub async fn can_be_sought(&self, server: &Server) {
        let (from, to) = (self.content.len() / 3, self.content.len() / 2);
        let range = format!("bytes={from}-{}", to - 1);
        let part = server.send(Request::new("GET", &self.url).header("range", range)).await;
        assert_eq!(part.status, 206);
        assert!(part.body == self.content[from..to], "{from}..{to} of {}", self.name);
    }
}
