//! How much of the recorders apps may use: slots, the queue, fairness, the operator's view.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use jumpa_db::{App, Timestamp, WebhookFormat, WebhookSettings};
use jumpa_protocol::{
    CallId, RecordingId, Role, TenantId,
    live_room::HostRequest,
    recording::{
        FromRecorder, JobReport, QueuePlace, RecordingKind, RecordingState, SpoolLevel, ToRecorder,
    },
};
use jumpa_storage::folder_mark;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    Answer, Member, RECORDER_KEY, World,
    fake_recorder::{FakeRecorder, hello},
};

/// A participant whose tracks are recorded takes 2 millicores, and every call here has one. So a
/// recorder of 10 records five of them, and 7 can be guaranteed.
const CAPACITY: u32 = 10;

/// Two tenants with an app each.
struct Town {
    world: World,
    operator: String,
    clinic: (App, Member),
    shop: (App, Member),
    _running: DropGuard,
}

impl Town {
    async fn new(engine: Engine) -> Self {
        let world = World::on(engine).await;
        let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
        let clinic = (world.app.clone(), owner);
        let (tenant_id, owner) = world.other_tenant().await;
        let shop = (world.another_app(tenant_id).await, owner);
        world.refresh_directory().await;
        let operator = world.operator_cookie().await;
        let stop = CancellationToken::new();
        let running = world.recordings.clone().keep_running(mpsc::channel(1).1, stop.clone());
        tokio::spawn(running);
        Self { world, operator, clinic, shop, _running: stop.drop_guard() }
    }

    async fn recorder(&self, name: &str, jobs: Vec<JobReport>) -> FakeRecorder {
        let router = &self.world.router;
        FakeRecorder::connect_as(router, RECORDER_KEY, (name, CAPACITY), jobs).await
    }

    /// Lets the app of somebody have so much.
    async fn give(&self, app: &App, guaranteed: u32, burst: Option<u32>) -> Answer {
        let path = format!("/v1/operator/apps/{}/recording_slots", app.id);
        let body = json!({
            "guaranteed_millicores": guaranteed, "burst_millicores": burst, "weight": 1,
        });
        self.world.call(Method::PUT, &path, &body, &self.operator).await
    }

    /// Asks for the recording of a call that begins in a room.
    async fn record(&self, (app, owner): &(App, Member), room: &str) -> (RecordingId, CallId) {
        let call_id = self.world.node.begin(&app.id, room, 1_795_321_800);
        let path = format!("/v1/apps/{}/rooms/{room}/recordings", app.id);
        self.world.move_on();
        let kind = json!({ "kind": "tracks" });
        let answer = self.world.call(Method::POST, &path, &kind, &owner.cookie).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        (answer.body["id"].as_str().unwrap().parse().unwrap(), call_id)
    }

    /// Asks for a picture of a call of the clinic that is composed while it lasts.
    async fn compose(&self, room: &str, fallback: Value) -> RecordingId {
        let (app, owner) = &self.clinic;
        self.world.node.begin(&app.id, room, 1_795_321_800);
        let path = format!("/v1/apps/{}/rooms/{room}/recordings", app.id);
        let mut body = json!({ "kind": "composite", "compose": "live" });
        if !fallback.is_null() {
            body["fallback"] = fallback;
        }
        let answer = self.world.call(Method::POST, &path, &body, &owner.cookie).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        answer.body["id"].as_str().unwrap().parse().unwrap()
    }

    async fn shown(&self, (_, owner): &(App, Member), id: RecordingId) -> Value {
        self.world.get(&format!("/v1/recordings/{id}"), Some(&owner.cookie)).await.body
    }

    async fn fleet(&self) -> Value {
        self.world.get("/v1/operator/recorders", Some(&self.operator)).await.body
    }

    /// The fleet once it is so.
    async fn fleet_when(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut fleet = Value::Null;
        let found = async {
            loop {
                fleet = self.fleet().await;
                if is_so(&fleet) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(20), found).await;
        assert!(found.is_ok(), "{fleet:#}");
        fleet
    }

    async fn until_waiting(&self, count: usize) -> Value {
        self.fleet_when(|fleet| fleet["queue"].as_array().unwrap().len() == count).await
    }

    /// What calls were told of a recording's place.
    fn places(&self, id: RecordingId) -> Vec<QueuePlace> {
        let requests = self.world.node.requests().into_iter();
        let places = requests.filter_map(|(_, request)| match request {
            HostRequest::ShowRecording { recording } if recording.id == id => recording.queue,
            _ => None,
        });
        places.collect()
    }
}

fn report(id: RecordingId, state: RecordingState) -> FromRecorder {
    let report = JobReport {
        id,
        state,
        failure: None,
        detail: None,
        started_at_ms: Some(1_795_321_810_000),
        ended_at_ms: None,
        bytes: 13,
        composed_ms: None,
        targets: vec![],
        files: vec![],
    };
    FromRecorder::Report { report }
}

/// App A asks for three times what it has; B asks for what it has, later.
#[on_both_engines]
async fn an_app_that_asks_for_too_much_delays_and_disturbs_nobody(engine: Engine) {
    let town = Town::new(engine).await;
    let mut recorder = town.recorder("perekam-1", vec![]).await;
    town.fleet_when(|fleet| fleet["capacity_millicores"] == CAPACITY).await;
    assert_eq!(town.give(&town.clinic.0, 2, None).await.status, StatusCode::OK);
    assert_eq!(town.give(&town.shop.0, 4, None).await.status, StatusCode::OK);

    let mut running = vec![];
    for room in ["a-1", "a-2", "a-3"] {
        let (id, _) = town.record(&town.clinic, room).await;
        assert_eq!(recorder.hears_start().await.id, id);
        running.push(id);
    }
    // Beyond what keeps the shop's share free.
    let (waiting, _) = town.record(&town.clinic, "a-4").await;
    town.until_waiting(1).await;

    // The next words to the recorder are the shop's: it waits for nothing, and nothing was stopped.
    for room in ["b-1", "b-2"] {
        let (id, _) = town.record(&town.shop, room).await;
        assert_eq!(recorder.hears_start().await.id, id);
    }
    let fleet = town.fleet().await;
    assert_eq!(fleet["recorders"][0]["promised_millicores"], 10);
    assert_eq!(fleet["recorders"][0]["jobs"].as_array().unwrap().len(), 5);
    assert_eq!(fleet["queue"][0]["recording_id"], waiting.to_string());
    for id in running {
        assert_eq!(town.shown(&town.clinic, id).await["state"], "starting");
    }
}

#[on_both_engines]
async fn what_waits_shows_its_place_and_begins_when_there_is_room(engine: Engine) {
    let town = Town::new(engine).await;
    let mut recorder = town.recorder("perekam-1", vec![]).await;
    town.fleet_when(|fleet| fleet["capacity_millicores"] == CAPACITY).await;
    town.give(&town.clinic.0, 0, Some(2)).await;
    let (first, _) = town.record(&town.clinic, "a-1").await;
    assert_eq!(recorder.hears_start().await.id, first);
    let (second, _) = town.record(&town.clinic, "a-2").await;
    let (third, call_id) = town.record(&town.clinic, "a-3").await;
    let fleet = town.until_waiting(2).await;
    assert_eq!(fleet["queue"][1]["recording_id"], third.to_string());
    assert_eq!(fleet["queue"][1]["app_name"], fleet["apps"][0]["app_name"]);
    assert_eq!(fleet["apps"][0]["waiting"], 2);
    let shown = town.shown(&town.clinic, third).await;
    assert_eq!(shown["queue"], json!({ "place": 2, "expected_at": null }));

    recorder.says(&report(first, RecordingState::Failed)).await;
    assert_eq!(recorder.hears().await, ToRecorder::Settled { id: first });
    assert_eq!(recorder.hears_start().await.id, second);
    town.until_waiting(1).await;
    assert_eq!(town.shown(&town.clinic, third).await["queue"]["place"], 1);
    assert_eq!(town.shown(&town.clinic, second).await["queue"], Value::Null);
    // Told when it changed, and no more often.
    let place = |place| QueuePlace { place, expected_at_ms: None };
    let told = async {
        while town.places(third).len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
    assert_eq!(town.places(third), [place(2), place(1)]);
    town.world.node.end(call_id);
}

#[on_both_engines]
async fn webhooks_hear_once_that_a_recording_waits(engine: Engine) {
    let town = Town::new(engine).await;
    let scope = town.world.database.tenant(town.clinic.0.tenant_id);
    let webhook = WebhookSettings {
        url: "https://sehat.example/hook".to_owned(),
        app_id: None,
        events: None,
        format: WebhookFormat::Standard,
        is_paused: false,
    };
    let by = jumpa_db::Author::system();
    let (webhook, _) = scope.create_webhook(&webhook, &by, Timestamp::now()).await.unwrap();
    // There is no recorder, so it waits.
    let (id, _) = town.record(&town.clinic, "a-1").await;
    let (next, _) = town.record(&town.clinic, "a-2").await;
    town.until_waiting(2).await;
    let path = format!("/v1/webhooks/{}/deliveries", webhook.id);
    let cookie = Some(town.clinic.1.cookie.as_str());
    let found = async {
        loop {
            let list = town.world.get(&path, cookie).await.body;
            let list = list["data"].as_array().unwrap().clone();
            let queued = list.into_iter().filter(|one| one["event_type"] == "recording.queued");
            let queued: Vec<Value> = queued.collect();
            if queued.len() == 2 {
                return queued;
            }
            tokio::task::yield_now().await;
        }
    };
    let queued = tokio::time::timeout(Duration::from_secs(20), found).await.unwrap();
    let path = format!("/v1/webhook_deliveries/{}", queued[0]["id"].as_str().unwrap());
    let told = town.world.get(&path, cookie).await.body;
    let body: Value = serde_json::from_str(told["request_body"].as_str().unwrap()).unwrap();
    assert_eq!(body["data"]["recording_id"], next.to_string(), "{told:#} {id}");
    assert_eq!(body["data"]["queue"], json!({ "place": 2, "expected_at": null }));
}

#[on_both_engines]
async fn guarantees_stay_within_what_recorders_can_do(engine: Engine) {
    let town = Town::new(engine).await;
    let none = town.give(&town.clinic.0, 1, None).await;
    assert_eq!((none.status, none.code()), (StatusCode::CONFLICT, "guarantees_too_large"));
    let _recorder = town.recorder("perekam-1", vec![]).await;
    let fleet = town.fleet_when(|fleet| fleet["capacity_millicores"] == CAPACITY).await;
    assert_eq!(fleet["guaranteed_limit_millicores"], 7);

    let given = town.give(&town.clinic.0, 4, Some(8)).await;
    let slots = json!({
        "tenant_id": town.clinic.0.tenant_id, "app_id": town.clinic.0.id,
        "app_name": town.clinic.0.settings.name,
        "guaranteed_millicores": 4, "burst_millicores": 8, "weight": 1,
        "used_millicores": 0, "waiting": 0,
    });
    assert_eq!(given.body, slots);
    let over = town.give(&town.shop.0, 4, None).await;
    assert_eq!(over.code(), "guarantees_too_large");
    assert_eq!(over.body["detail"], "3 millicores can be guaranteed to this app");
    assert_eq!(town.give(&town.shop.0, 3, None).await.status, StatusCode::OK);
    // Less is always possible, and more for the other then.
    assert_eq!(town.give(&town.clinic.0, 1, None).await.status, StatusCode::OK);
    assert_eq!(town.give(&town.shop.0, 6, None).await.status, StatusCode::OK);
    let wrong = town.give(&town.shop.0, 6, Some(5)).await;
    assert_eq!((wrong.code(), &wrong.body["field"]), ("invalid_value", &json!("burst_millicores")));

    let path = "/v1/operator/audit";
    let audit = town.world.get(path, Some(&town.operator)).await.body;
    let line = &audit["data"][0];
    assert_eq!(line["action"], "app.recording_slots_set");
    assert_eq!(
        (&line["before"], &line["after"]),
        (&json!({ "guaranteed_millicores": 3 }), &json!({ "guaranteed_millicores": 6 }))
    );
}

#[on_both_engines]
async fn a_client_sees_its_own_slots_and_no_others(engine: Engine) {
    let town = Town::new(engine).await;
    let mut recorder = town.recorder("perekam-1", vec![]).await;
    town.fleet_when(|fleet| fleet["capacity_millicores"] == CAPACITY).await;
    town.give(&town.clinic.0, 4, None).await;
    town.record(&town.clinic, "a-1").await;
    recorder.hears_start().await;
    let quota = async |(_, owner): &(App, Member)| {
        town.world.get("/v1/recordings/quota", Some(&owner.cookie)).await.body["data"].clone()
    };
    let slots = |guaranteed: u32, used: u32| {
        json!({
            "guaranteed_millicores": guaranteed, "burst_millicores": null, "weight": 1,
            "used_millicores": used, "waiting": 0,
        })
    };
    assert_eq!(quota(&town.clinic).await[0]["slots"], slots(4, 2));
    let other = quota(&town.shop).await;
    assert_eq!(other.as_array().unwrap().len(), 1);
    assert_eq!(other[0]["slots"], slots(0, 0));
}

#[on_both_engines]
async fn a_recorder_that_drains_keeps_its_jobs_and_gets_no_more(engine: Engine) {
    let town = Town::new(engine).await;
    let mut first = town.recorder("perekam-1", vec![]).await;
    town.fleet_when(|fleet| fleet["capacity_millicores"] == CAPACITY).await;
    let (id, _) = town.record(&town.clinic, "a-1").await;
    assert_eq!(first.hears_start().await.id, id);
    let act = async |name: &str, verb: &str| {
        let path = format!("/v1/operator/recorders/{name}/{verb}");
        town.world.call(Method::POST, &path, &json!({}), &town.operator).await
    };
    assert_eq!(act("perekam-9", "drain").await.status, StatusCode::NOT_FOUND);
    let drained = act("perekam-1", "drain").await;
    assert_eq!(drained.body["is_draining"], true, "{:?}", drained.body);
    assert_eq!(drained.body["jobs"][0]["recording_id"], id.to_string());

    let (waits, _) = town.record(&town.shop, "b-1").await;
    town.until_waiting(1).await;
    let mut second = town.recorder("perekam-2", vec![]).await;
    assert_eq!(second.hears_start().await.id, waits);
    let fleet = town.fleet().await;
    assert_eq!(fleet["capacity_millicores"], CAPACITY);

    assert_eq!(act("perekam-1", "undrain").await.body["is_draining"], false);
    let audit = town.world.get("/v1/operator/audit", Some(&town.operator)).await.body;
    assert_eq!(audit["data"][0]["action"], "recorder.undrained");
    // Between them somebody asked for a recording.
    assert_eq!(audit["data"][2]["action"], "recorder.drained");
    assert_eq!(audit["data"][2]["target_id"], "perekam-1");
    let (back, _) = town.record(&town.shop, "b-2").await;
    let heard = tokio::select! {
        job = first.hears_start() => job.id,
        job = second.hears_start() => job.id,
    };
    assert_eq!(heard, back);
}

#[on_both_engines]
async fn a_recorder_that_is_away_is_shown_with_what_it_has(engine: Engine) {
    let town = Town::new(engine).await;
    let mut recorder = town.recorder("perekam-1", vec![]).await;
    let (id, _) = town.record(&town.clinic, "a-1").await;
    recorder.hears_start().await;
    recorder.leaves().await;
    let is_away = |fleet: &Value| fleet["recorders"][0]["connected_at"].is_null();
    let fleet = town.fleet_when(is_away).await;
    assert_eq!(fleet["recorders"][0]["jobs"][0]["recording_id"], id.to_string());
    assert_eq!(fleet["capacity_millicores"], 0);
    assert_eq!(fleet["apps"][0]["used_millicores"], 0);
}

#[on_both_engines]
async fn what_should_not_wait_becomes_tracks_at_once(engine: Engine) {
    let town = Town::new(engine).await;
    let mut recorder = town.recorder("perekam-1", vec![]).await;
    town.fleet_when(|fleet| fleet["capacity_millicores"] == CAPACITY).await;
    town.record(&town.clinic, "a-1").await;
    recorder.hears_start().await;
    // A live composite takes a whole processor; one waits, the other one does not.
    let waits = town.compose("a-2", Value::Null).await;
    let does_not = town.compose("a-3", json!("tracks")).await;
    let job = recorder.hears_start().await;
    assert_eq!((job.id, job.kind), (does_not, RecordingKind::Tracks));
    let shown = town.shown(&town.clinic, does_not).await;
    assert_eq!((&shown["kind"], &shown["fell_back_from"]), (&json!("tracks"), &json!("composite")));
    assert_eq!(town.until_waiting(1).await["queue"][0]["recording_id"], waits.to_string());
}

#[on_both_engines]
async fn what_should_not_wait_stays_what_it_is_until_a_recorder_is_there(engine: Engine) {
    let town = Town::new(engine).await;
    let id = town.compose("a-1", json!("tracks")).await;
    assert_eq!(town.until_waiting(1).await["queue"][0]["recording_id"], id.to_string());
    let large = ("perekam-1", 4_000);
    let mut recorder =
        FakeRecorder::connect_as(&town.world.router, RECORDER_KEY, large, vec![]).await;
    let job = recorder.hears_start().await;
    assert_eq!((job.id, job.kind), (id, RecordingKind::Composite));
}

/// What a recorder says of the disk of its spool.
fn disk(level: SpoolLevel) -> FromRecorder {
    FromRecorder::Load { used_millicores: 1, spool_free_bytes: 100 << 20, spool_level: Some(level) }
}

#[on_both_engines]
async fn a_recorder_whose_disk_fills_up_gets_nothing_and_tells_what_it_leaves_out(engine: Engine) {
    let town = Town::new(engine).await;
    let health = async || {
        let found = town.world.get("/v1/operator/health", Some(&town.operator)).await.body;
        found["data"].as_array().unwrap().last().unwrap()["code"].clone()
    };
    assert_eq!(health().await, "recorders_missing");
    let mut recorder = town.recorder("perekam-1", vec![]).await;
    let (id, _) = town.record(&town.clinic, "a-1").await;
    recorder.hears_start().await;

    recorder.says(&disk(SpoolLevel::Filling)).await;
    town.fleet_when(|fleet| fleet["recorders"][0]["spool_level"] == "filling").await;
    assert_eq!(health().await, "recorder_spool_filling");
    town.record(&town.clinic, "a-2").await;
    town.until_waiting(1).await;
    let is_told = |is_sound_only: bool| {
        let requests = town.world.node.requests().into_iter();
        let last = requests.rev().find_map(|(_, request)| match request {
            HostRequest::ShowRecording { recording } if recording.id == id => Some(recording),
            _ => None,
        });
        last.is_some_and(|recording| recording.is_sound_only == is_sound_only)
    };
    assert!(is_told(false));
    for (level, is_sound_only) in [(SpoolLevel::SoundOnly, true), (SpoolLevel::Scarce, false)] {
        recorder.says(&disk(level)).await;
        let told = async {
            while !is_told(is_sound_only) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
        assert_eq!(town.shown(&town.clinic, id).await["is_sound_only"], is_sound_only);
    }
    recorder.says(&disk(SpoolLevel::Roomy)).await;
    recorder.hears_start().await;
}

#[on_both_engines]
async fn slots_of_an_app_that_is_not_there_are_not_set(engine: Engine) {
    let town = Town::new(engine).await;
    let scope = town.world.database.tenant(town.shop.0.tenant_id);
    let by = jumpa_db::Author::system();
    scope.delete_app(&town.shop.0.id, &by, Timestamp::now()).await.unwrap();
    assert_eq!(town.give(&town.shop.0, 0, None).await.code(), "app_unknown");
    let stranger: TenantId = town.clinic.0.tenant_id;
    let scope = town.world.database.tenant(stranger);
    assert!(scope.recording_slots().await.unwrap().is_empty());
}

#[on_both_engines]
async fn a_recorder_with_another_folder_gets_nothing_for_the_folder_of_the_server(engine: Engine) {
    let town = Town::new(engine).await;
    let folder = town.world.library.path();
    let connect = async |name: &str, mark: &str| {
        let mut recorder =
            FakeRecorder::try_connect(&town.world.router, RECORDER_KEY).await.unwrap();
        recorder.says(&hello((name, CAPACITY), Some(mark.to_owned()), vec![])).await;
        recorder
    };
    let _elsewhere = connect("perekam-1", "another folder").await;
    let fleet = town.fleet_when(|fleet| fleet["recorders"][0]["has_folder"] == false).await;
    assert_eq!(fleet["capacity_millicores"], 0, "nothing goes into a bucket");
    let (id, _) = town.record(&town.clinic, "a-1").await;
    town.until_waiting(1).await;

    let mut here = connect("perekam-2", &folder_mark(folder).unwrap()).await;
    assert_eq!(here.hears_start().await.id, id);
    let fleet = town.fleet().await;
    assert_eq!(fleet["recorders"][1]["has_folder"], true);
    assert_eq!(fleet["capacity_millicores"], CAPACITY);
}
