use futures_util::FutureExt;

use super::*;

const MINUTE: u64 = 60_000;

fn call(app: &str, weight: u32, minutes: u64) -> Waiting {
    Waiting {
        id: RecordingId::generate(),
        app_id: app.parse().unwrap(),
        weight,
        length_ms: minutes * MINUTE,
    }
}

/// The apps in the order in which they get their turns.
fn order(waiting: Vec<Waiting>) -> Vec<String> {
    let mut order = Order::default();
    waiting.into_iter().for_each(|waiting| order.push(waiting));
    std::iter::from_fn(|| order.pop()).map(|waiting| waiting.app_id.to_string()).collect()
}

#[test]
fn a_short_call_does_not_wait_for_all_the_long_ones_of_another_app() {
    let mut waiting: Vec<Waiting> = (0..5).map(|_| call("klinik", 1, 60)).collect();
    waiting.push(call("toko", 1, 10));
    let order = order(waiting);
    let place = order.iter().position(|app| app == "toko").unwrap();
    assert!(place <= 1, "{order:?}");
}

#[test]
fn over_time_each_app_gets_its_weight() {
    let calls = |app: &'static str, weight| (0..30).map(move |_| call(app, weight, 10));
    let order = order(calls("klinik", 1).chain(calls("toko", 3)).collect());
    let first = order.iter().take(20).filter(|app| *app == "toko").count();
    assert!((14..=16).contains(&first), "{order:?}");
}

#[tokio::test]
async fn as_many_run_as_live_work_leaves_cores_for() {
    let queue = Queue::new(2_000);
    let turns: Vec<Turn> =
        (0..2).filter_map(|_| queue.turn(call("klinik", 1, 1)).now_or_never()).collect();
    assert_eq!(turns.len(), 2);
    let third = queue.turn(call("klinik", 1, 1));
    tokio::pin!(third);
    assert!(third.as_mut().now_or_never().is_none());
    drop(turns);
    assert!(third.now_or_never().is_some());
}

#[tokio::test]
async fn live_work_takes_the_last_turn_back_and_it_is_the_next_again() {
    let queue = Queue::new(2_000);
    let [first, second] = [call("klinik", 1, 60), call("klinik", 1, 60)];
    let kept = queue.turn(first).await;
    let given = queue.turn(second.clone()).await;
    queue.set_free(1_100);
    assert!(!kept.taken_back.is_cancelled() && given.taken_back.is_cancelled());
    let later = queue.turn(call("klinik", 1, 1));
    tokio::pin!(later);
    assert!(later.as_mut().now_or_never().is_none());
    drop(given);
    let again = queue.turn(second);
    tokio::pin!(again);
    assert!(again.as_mut().now_or_never().is_none());
    queue.set_free(2_000);
    let resumed = again.now_or_never();
    assert!(resumed.is_some() && later.now_or_never().is_none());
    drop(kept);
}

#[tokio::test]
async fn a_small_change_of_the_load_changes_nothing() {
    let queue = Queue::new(1_000);
    let turn = queue.turn(call("klinik", 1, 1)).await;
    queue.set_free(450);
    assert!(!turn.taken_back.is_cancelled());
    queue.set_free(100);
    assert!(turn.taken_back.is_cancelled());
}

#[tokio::test]
async fn who_stops_waiting_blocks_nobody() {
    let queue = Queue::new(1_000);
    let turn = queue.turn(call("klinik", 1, 1)).await;
    {
        let impatient = queue.turn(call("klinik", 1, 1));
        tokio::pin!(impatient);
        assert!(impatient.now_or_never().is_none());
    }
    let patient = queue.turn(call("toko", 1, 1));
    tokio::pin!(patient);
    assert!(patient.as_mut().now_or_never().is_none());
    drop(turn);
    assert!(patient.now_or_never().is_some());
}
