//! What is counted, and that no figure tells who was in which room.

#[path = "front_door/client.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod client;
#[path = "front_door/media_plane.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod media_plane;
#[path = "front_door/world.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod world;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jumpa_protocol::signal::ClientRequest;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tokio_tungstenite::tungstenite::Message;

use crate::world::World;

/// Keeps counters; of gauges and histograms it keeps that they are there.
#[derive(Clone, Default)]
struct Figures(Arc<Mutex<HashMap<String, Arc<AtomicU64>>>>);

impl Figures {
    fn value(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<_> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        Arc::clone(self.0.lock().expect("no panic in between").entry(name).or_default())
    }

    fn count(&self, name: &str) -> u64 {
        let figures = self.0.lock().expect("no panic in between");
        figures.get(name).map_or(0, |value| value.load(Ordering::SeqCst))
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().expect("no panic in between").keys().cloned().collect()
    }
}

impl Recorder for Figures {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.value(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.value(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.value(key);
        Histogram::noop()
    }
}

#[tokio::test]
async fn figures_say_what_happened_and_not_to_whom() {
    let figures = Figures::default();
    metrics::set_global_recorder(figures.clone()).expect("the only recorder of this program");
    let folder = tempfile::tempdir().expect("a folder");
    let calls = folder.path().join("calls");
    let world = World::start_with(|config| config.calls_folder = Some(calls.clone())).await;
    // A disk that takes nothing, as far as the server can tell.
    std::fs::remove_dir_all(&calls).expect("was made at the start");

    let mut siti = world.guest("Siti").await;
    siti.send_text("nonsense").await;
    siti.answer().await.expect("told that it cannot be read");
    let token = siti.joined().resume_token.clone();
    let (call_id, id) = (siti.joined().snapshot.call.id, siti.joined().participant_id);
    let mut again = world.connect().await;
    again.resume(&token, 0).await;
    let mut refused = world.connect().await;
    let join = client::join("klinik-sehat", "ruang-1", "Budi", None);
    refused.ask(ClientRequest::Join(join)).await;
    assert_eq!(refused.closed().await, 4003);
    let mut binary = world.connect().await;
    binary.send_raw(Message::Binary(vec![0].into())).await;
    assert_eq!(binary.closed().await, 1003);
    assert!(client::Client::connect_as(world.address, None).await.is_err());

    for (name, count) in [
        ("jumpa_joins_total{kind=signalled}", 1),
        ("jumpa_joins_refused_total{code=token_required}", 1),
        ("jumpa_resumes_total{}", 1),
        ("jumpa_signal_messages_refused_total{reason=unreadable}", 1),
        ("jumpa_signal_messages_refused_total{reason=binary}", 1),
        ("jumpa_signal_sockets_closed_total{code=4003}", 1),
        ("jumpa_signal_sockets_refused_total{reason=subprotocol}", 1),
    ] {
        assert_eq!(figures.count(name), count, "{name}");
    }
    world.signalling.shutdown(Duration::from_secs(20)).await;
    assert!(figures.count("jumpa_call_file_writes_failed_total{}") > 0);
    let names = figures.names().join("\n");
    for name in [
        "jumpa_calls{}",
        "jumpa_participants{}",
        "jumpa_signal_sockets{}",
        "jumpa_join_seconds{}",
        "jumpa_call_files_incomplete{}",
    ] {
        assert!(names.contains(name), "{name} is missing");
    }
    let private =
        [call_id.to_string(), id.to_string(), "toko-melati".into(), "kasir".into(), "Siti".into()];
    for private in private {
        assert!(!names.contains(&private), "{private} stands in a label");
    }
}
