//! Recordings of real calls that go into a bucket, and what happens when bucket, recorder or server
//! are gone in between.

use std::{fs, path::Path};

use jumpa_db::{Author, DELETED_RECORDINGS_KEPT, Database, MasterKey, Timestamp};
use jumpa_protocol::{RecordingId, SourceKind};
use jumpa_recorded::{
    VideoCodec, VideoFormat,
    files::{TrackName, media_files, number_of},
    webm::{TrackFormat, Writer},
};
use jumpa_recorder::library::UPLOADS_FOLDER;
use jumpa_system_tests::{RecorderProgram, within};
use serde_json::{Value, json};

use crate::{clinic::Clinic, recorder::decodes};

/// Pictures of the long track that a recorder leaves in its spool.
const LONG_PICTURES: u64 = 240;
/// Each of them, bytes: all together are uploaded in three parts.
const PICTURE_BYTES: usize = 100_000;

/// Why nothing gets into a bucket.
const AWAY: &str = "storage_unreachable";
const REFUSED: &str = "storage_refused";

#[tokio::test]
async fn a_call_is_uploaded_while_it_is_recorded_and_played_from_its_bucket() {
    let clinic = Clinic::open().await;
    let recorder = clinic.recorder().await;
    let mut ids = Vec::new();
    for encryption in ["none", "sse", "envelope"] {
        let chosen = clinic.choose_bucket(encryption).await;
        assert_eq!(chosen.status, 200, "{}", chosen.text());
        clinic.bucket.take_requests();
        clinic.bucket.take_encryption_headers();
        let (siti, siti_sends) = clinic.person("Siti", "red", 440).await;
        let (budi, budi_sends) = clinic.person("Budi", "blue", 880).await;
        let id = clinic.record().await;
        clinic.until_active(id).await;
        budi.client.leave().await;
        drop(budi_sends);
        let journals = recorder.spool().join(id.to_string()).join(UPLOADS_FOLDER);
        let is_uploaded =
            || names(&journals).filter(|name| name.ends_with(".facts.json")).count() == 2;
        clinic.wait_for("sound and picture of Budi are in the bucket", is_uploaded).await;
        assert_eq!(clinic.stored(id).len(), 2);
        let during = clinic.get(&format!("/v1/recordings/{id}")).await;
        assert_eq!(during["state"], "active", "he is uploaded during the call");
        clinic.stop(id).await;
        clinic.until_ready(id).await;

        let downloads = clinic.downloaded(id).await;
        let requests = clinic.bucket.take_requests();
        for file in &downloads {
            let key = clinic.key(id, &file.name);
            assert_eq!(sent(&requests, &key, "").len(), 1, "{requests:?}");
            let stored = fs::read(clinic.bucket.path_of(&key)).unwrap();
            assert_eq!(stored == file.content, encryption != "envelope", "{key}");
            file.can_be_sought(&clinic.server).await;
        }
        assert_eq!(clinic.stored(id).len(), downloads.len());
        let media: Vec<_> = downloads.iter().filter(|file| file.is_media()).collect();
        assert_eq!(media.len(), 4, "sound and picture of both");
        media.iter().for_each(|file| decodes(&file.path));
        let headers = clinic.bucket.take_encryption_headers();
        let has_asked = headers.iter().all(|header| header == "AES256") && !headers.is_empty();
        assert_eq!(has_asked, encryption == "sse", "{headers:?}");
        let spool = recorder.spool().join(id.to_string());
        clinic.wait_for("nothing is left in the spool", || !spool.exists()).await;
        siti.client.leave().await;
        drop(siti_sends);
        ids.push(id);
    }
    let clinic = clinic.remove_for_good(&ids).await;
    clinic.wait_for("the bucket is empty", || clinic.bucket.keys().is_empty()).await;
}

#[tokio::test]
async fn a_bucket_that_is_away_during_a_call_gets_everything_later() {
    let clinic = Clinic::open().await;
    let recorder = clinic.recorder().await;
    assert_eq!(clinic.choose_bucket("none").await.status, 200);
    let (_siti, _siti_sends) = clinic.person("Siti", "red", 440).await;
    let (budi, budi_sends) = clinic.person("Budi", "blue", 880).await;
    clinic.bucket.stop();
    clinic.bucket.until_down().await;
    let id = clinic.record().await;
    clinic.until_active(id).await;
    budi.client.leave().await;
    drop(budi_sends);
    clinic.stop(id).await;
    let away = clinic
        .until(id, "somebody is told why it takes so long", |shown| !shown["failure"].is_null())
        .await;
    assert_eq!((&away["state"], &away["failure"]), (&json!("uploading"), &json!(AWAY)));
    assert!(away["detail"].as_str().is_some_and(|words| !words.is_empty()), "{away:#}");
    assert!(recorder.spool().join(id.to_string()).exists());
    clinic.bucket.resume();
    let ready = clinic.until_ready(id).await;
    assert_eq!(ready["detail"], Value::Null);
    let downloads = clinic.downloaded(id).await;
    let media: Vec<_> = downloads.iter().filter(|file| file.is_media()).collect();
    assert_eq!(media.len(), 4, "sound and picture of both");
    media.iter().for_each(|file| decodes(&file.path));
}

#[tokio::test]
async fn a_key_that_is_refused_during_a_call_is_told_and_mended_by_saving_another() {
    let clinic = Clinic::open().await;
    let _recorder = clinic.recorder().await;
    assert_eq!(clinic.choose_bucket("none").await.status, 200);
    let (_siti, _siti_sends) = clinic.person("Siti", "red", 440).await;
    let id = clinic.record().await;
    clinic.until_active(id).await;
    clinic.bucket.refuse_key();
    clinic.stop(id).await;
    let refused =
        clinic.until(id, "the refusal is told", |shown| !shown["failure"].is_null()).await;
    assert_eq!((&refused["state"], &refused["failure"]), (&json!("uploading"), &json!(REFUSED)));
    let words = refused["detail"].as_str().unwrap();
    assert!(words.contains("SignatureDoesNotMatch"), "{words}");
    let unsaved = clinic.choose_bucket("none").await;
    assert_eq!((unsaved.status, unsaved.code()), (409, REFUSED.to_owned()), "{}", unsaved.text());

    clinic.bucket.take_key();
    assert_eq!(clinic.choose_bucket("none").await.status, 200);
    clinic.until_ready(id).await;
    clinic.downloaded(id).await;
}

#[tokio::test]
async fn a_recorder_that_is_killed_amidst_an_upload_goes_on_with_the_next_part() {
    let clinic = Clinic::open().await;
    let (recorder, id, key) = clinic.uploading_a_long_track().await;
    recorder.kill().await;
    clinic.bucket.resume();
    let _recorder = clinic.recorder().await;
    clinic.until_ready(id).await;
    clinic.has_every_part_once(id, &key).await;
}

#[tokio::test]
async fn a_server_that_is_killed_amidst_an_upload_loses_nothing_of_it() {
    let clinic = Clinic::open().await;
    let (_recorder, id, key) = clinic.uploading_a_long_track().await;
    let clinic = clinic.kill_server().await;
    clinic.bucket.resume();
    clinic.until_ready(id).await;
    clinic.has_every_part_once(id, &key).await;
}

impl Clinic {
    /// A recorder that was killed in a call, with a long track in its spool, and whose bucket has
    /// gone away with the second part of that track; gives the key of the track as well.
    async fn uploading_a_long_track(&self) -> (RecorderProgram, RecordingId, String) {
        assert_eq!(self.choose_bucket("none").await.status, 200);
        let recorder = self.recorder().await;
        let (siti, _siti_sends) = self.person("Siti", "red", 440).await;
        let id = self.record().await;
        self.until_active(id).await;
        let spool = recorder.spool().join(id.to_string());
        recorder.kill().await;
        let long = TrackName {
            number: 900,
            participant_id: siti.id(),
            source: SourceKind::Camera,
            extension: "webm",
        };
        fs::write(spool.join(long.to_string()), long_track()).unwrap();
        let recorder = self.recorder().await;
        let is_after = |name: &String| number_of(name) > Some(long.number);
        self.wait_for("the recorder is back in the call", || {
            media_files(&spool).unwrap().iter().any(is_after)
        })
        .await;
        let key = self.key(id, &long.to_string());
        self.bucket.stop_at(&format!("PUT /rekaman/{key}"), 2);
        self.bucket.take_requests();
        self.stop(id).await;
        within("the second part is under way", self.bucket.until_down()).await;
        (recorder, id, key)
    }

    async fn has_every_part_once(&self, id: RecordingId, key: &str) {
        let requests = self.bucket.take_requests();
        let begun = requests.iter().filter(|said| said.contains(key) && said.contains("uploads"));
        assert_eq!(begun.count(), 1, "it is one upload: {requests:?}");
        let parts = [1, 2, 3].map(|part| sent(&requests, key, &format!("partNumber={part}")).len());
        assert_eq!(parts, [1, 2, 1], "the second was cut off: {requests:?}");
        self.downloaded(id).await;
    }

    /// The keys of a recording.
    fn stored(&self, id: RecordingId) -> Vec<String> {
        let id = id.to_string();
        self.bucket.keys().into_iter().filter(|key| key.contains(&id)).collect()
    }

    /// Deletes recordings as if that were longer ago than they can be restored; the server looks
    /// for such at its start.
    async fn remove_for_good(self, ids: &[RecordingId]) -> Self {
        let path = self.server.data().join("jumpa.db");
        // Nothing that is sealed with the key file is touched.
        let database = Database::open(&path, MasterKey::generate()).await.unwrap();
        let grace = i64::try_from(DELETED_RECORDINGS_KEPT.as_micros()).unwrap();
        let long_ago = Timestamp::from_micros(Timestamp::now().as_micros() - grace);
        let (scope, by) = (database.tenant(self.tenant), Author::system());
        for id in ids {
            scope.delete_recording(*id, "permintaan pasien", &by, long_ago).await.unwrap();
        }
        database.close().await;
        self.kill_server().await
    }
}

/// What is in a folder, if it is there.
fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
}

/// The requests that send an object or a part of it.
fn sent<'a>(requests: &'a [String], key: &str, part: &str) -> Vec<&'a String> {
    let is_sent =
        |said: &&String| said.starts_with("PUT") && said.contains(key) && said.contains(part);
    requests.iter().filter(is_sent).collect()
}

/// A camera as somebody sends it in a long call.
fn long_track() -> Vec<u8> {
    let format =
        VideoFormat { codec: VideoCodec::Vp8, size: (1_280, 720), configuration: Vec::new() };
    let began_at_ms = u64::try_from(Timestamp::now().as_micros() / 1_000).unwrap();
    let (mut writer, mut track) = Writer::begin(&TrackFormat::video(format, began_at_ms));
    for number in 0..LONG_PICTURES {
        let picture: Vec<u8> =
            (0..PICTURE_BYTES).map(|at| (at / 251) as u8 ^ (number as u8)).collect();
        track.extend(writer.frame(number * 40, number == 0, &picture));
    }
    track
}
