//! A recorder whose disk is full in a real call.

use std::fs;

use serde_json::Value;

use crate::{clinic::Clinic, recorder::decodes};

/// The disk of the recorder, megabytes. A call here takes less than a tenth of a megabyte a second.
const DISK_MB: u32 = 32;

/// Less than a twentieth of it, and more than the megabyte that the recorder leaves free.
const NEARLY_FULL: u64 = 1_400 << 10;

#[tokio::test]
async fn a_full_disk_is_told_ends_a_recording_that_plays_and_then_the_next_call_is_recorded() {
    let clinic = Clinic::open().await;
    let recorder = clinic.recorder_on_small_disk(DISK_MB).await;
    assert_eq!(clinic.choose_bucket("none").await.status, 200);
    let (siti, siti_sends) = clinic.person("Siti", "red", 440).await;
    let id = clinic.record().await;
    clinic.until_active(id).await;

    recorder.leave_free(NEARLY_FULL);
    clinic.until(id, "pictures are left out", |shown| shown["is_sound_only"] == true).await;
    let level = |fleet: &Value| fleet["recorders"][0]["spool_level"].clone();
    let fleet = clinic.fleet_when("the operator sees it", |fleet| level(fleet) == "sound_only");
    fleet.await;
    let health = clinic.operator.call(&clinic.server, "GET", "/v1/operator/health", &Value::Null);
    let health = health.await.text();
    assert!(health.contains("recorder_spool_sound_only"), "{health}");

    // Somebody else takes the rest, so that not even the list of its files can be written.
    recorder.leave_free(0);
    clinic.until(id, "the recording has ended", |shown| shown["state"] == "finalising").await;
    let waits = clinic.until(id, "it says what it waits for", |shown| !shown["detail"].is_null());
    let waits = waits.await;
    assert_eq!(waits["failure"], "disk_full", "{waits:#}");
    recorder.make_room();
    let over = clinic.until(id, "it is complete", |shown| shown["state"] == "failed").await;
    assert_eq!(over["failure"], "disk_full", "{over:#}");
    let downloads = clinic.downloaded(id).await;
    let media: Vec<_> = downloads.iter().filter(|file| file.is_media()).collect();
    assert!(media.len() >= 2, "sound and picture: {over:#}");
    media.iter().for_each(|file| decodes(&file.path));

    siti.client.leave().await;
    drop(siti_sends);
    let (_budi, _budi_sends) = clinic.person("Budi", "blue", 880).await;
    clinic.fleet_when("there is room", |fleet| level(fleet) == "roomy").await;
    let next = clinic.record().await;
    clinic.until_active(next).await;
    clinic.stop(next).await;
    clinic.until_ready(next).await;
    clinic.downloaded(next).await;
    let is_empty = || fs::read_dir(recorder.spool()).unwrap().next().is_none();
    clinic.wait_for("nothing is left in the spool", is_empty).await;
}
