//! Recorders as whoever runs them sees them.

use serde_json::{Value, json};

use crate::clinic::Clinic;

#[tokio::test]
async fn a_recorder_that_was_taken_out_of_service_stays_so_after_a_kill_of_the_server() {
    let clinic = Clinic::open().await;
    clinic.choose_bucket("none").await;
    let recorder = clinic.recorder().await;
    let (_siti, _siti_sends) = clinic.person("Siti", "red", 440).await;
    let fleet = clinic.fleet_when("a recorder is there", |fleet| has(fleet, "connected_at")).await;
    let id = fleet["recorders"][0]["id"].as_str().unwrap().to_owned();
    let act = async |clinic: &Clinic, verb: &str| {
        let path = format!("/v1/operator/recorders/{id}/{verb}");
        clinic.operator.post(&clinic.server, &path, &json!({})).await
    };
    assert_eq!(act(&clinic, "drain").await["is_draining"], true);
    let clinic = clinic.kill_server().await;
    let back = clinic.fleet_when("it is back", |fleet| has(fleet, "connected_at")).await;
    assert_eq!(back["recorders"][0]["is_draining"], true, "{back:#}");
    let (_siti, _siti_sends) = clinic.person("Siti", "red", 440).await;
    let recording = clinic.record().await;
    clinic.fleet_when("the recording waits", |fleet| has(fleet, "queue")).await;

    recorder.kill().await;
    let away = clinic.fleet_when("it is away", |fleet| !has(fleet, "connected_at")).await;
    assert_eq!(away["recorders"][0]["is_draining"], true, "{away:#}");
    let _recorder = clinic.recorder().await;
    clinic.fleet_when("it is back", |fleet| has(fleet, "connected_at")).await;
    assert_eq!(act(&clinic, "undrain").await["is_draining"], false);
    clinic.until(recording, "it is recorded", |shown| shown["state"] == "active").await;
}

#[tokio::test]
async fn a_recorder_on_another_machine_gets_nothing_until_there_is_a_bucket() {
    let clinic = Clinic::open().await;
    let _recorder = clinic.recorder().await;
    let fleet = clinic.fleet_when("a recorder is there", |fleet| has(fleet, "connected_at")).await;
    assert_eq!(fleet["recorders"][0]["has_folder"], false, "{fleet:#}");
    let (_siti, _siti_sends) = clinic.person("Siti", "red", 440).await;
    let recording = clinic.record().await;
    clinic.fleet_when("the recording waits", |fleet| has(fleet, "queue")).await;
    clinic.choose_bucket("none").await;
    clinic.until_active(recording).await;
    clinic.stop(recording).await;
    assert_eq!(clinic.until_ready(recording).await["failure"], Value::Null);
}

/// Whether the first recorder has this, or the fleet.
fn has(fleet: &Value, field: &str) -> bool {
    match &fleet[field] {
        Value::Array(items) => !items.is_empty(),
        _ => !fleet["recorders"][0][field].is_null(),
    }
}
