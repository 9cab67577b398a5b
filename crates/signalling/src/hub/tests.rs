use std::{fs, path::Path, time::SystemTime};

use jumpa_protocol::{TenantId, directory::AppEntry};
use tokio::time::{self, advance};
use uuid::Uuid;

use super::*;
use crate::call::Change;

const SECRET: [u8; 32] = [7; 32];

fn room() -> RoomKey {
    RoomKey {
        app_id: "klinik-sehat".parse().expect("an app id"),
        room: "ruang-1".parse().expect("a room name"),
    }
}

/// A folder that remembers one call, with a store on it.
async fn stage() -> (tempfile::TempDir, CallStore, Vec<CallMemory>) {
    let folder = tempfile::tempdir().expect("a folder");
    let call = Call::new(CallConfig {
        id: CallId::from_uuid(Uuid::from_u128(1)),
        room: room(),
        rules: CallRules::from(&AppEntry::new(TenantId::from_uuid(Uuid::nil()), "Klinik Sehat")),
        started_at_ms: 1,
        serial: 1,
        seed: 1,
        tokens: SessionTokens::new(&SECRET),
    });
    let (store, _) = CallStore::open(folder.path(), SystemTime::now()).expect("a folder");
    let change = Change::Lobby { is_enabled: true };
    Recorder::new(Some(store.clone())).record(&call, vec![change], Instant::now());
    store.flush().await;
    let (store, memories) = CallStore::open(folder.path(), SystemTime::now()).expect("a folder");
    (folder, store, memories)
}

/// How many calls a folder remembers.
fn remembered(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name() != "alive")).count()
}

#[tokio::test(start_paused = true)]
async fn a_restored_call_is_found_by_its_room_until_its_window_ends() {
    let (folder, store, memories) = stage().await;
    assert_eq!((memories.len(), remembered(folder.path())), (1, 1));
    let mut directory = Directory::default();
    let app = AppEntry::new(TenantId::generate(), "Klinik Sehat");
    directory.apps.insert(room().app_id, app);
    let (_directory, receiver) = watch::channel(Arc::new(directory));
    let (commands, _media) = mpsc::channel(8);
    let tokens = SessionTokens::new(&SECRET);
    let hub = Hub::new(receiver, commands, tokens, Some(store), None, (None, None), usize::MAX);
    let hub = Arc::new(hub);
    let since = time::Instant::now();
    hub.restore(memories);

    assert!(hub.calls().by_room.contains_key(&room()));
    advance(CONTINUES_CALLS_FOR / 2).await;
    assert!(hub.calls().by_room.contains_key(&room()));
    assert_eq!(remembered(folder.path()), 1);
    hub.tasks.close();
    hub.tasks.wait().await;
    // Timers have a resolution of a millisecond.
    assert!(since.elapsed() - CONTINUES_CALLS_FOR <= Duration::from_millis(1));
    assert!(!hub.calls().by_room.contains_key(&room()));
    hub.flush().await;
    assert_eq!(remembered(folder.path()), 0);
}

#[tokio::test(start_paused = true)]
async fn a_recorder_begins_no_call_and_enters_no_other() {
    let mut directory = Directory::default();
    let app = AppEntry::new(TenantId::generate(), "Klinik Sehat");
    directory.apps.insert(room().app_id, app.clone());
    let (_directory, receiver) = watch::channel(Arc::new(directory));
    let (commands, _media) = mpsc::channel(8);
    let tokens = SessionTokens::new(&SECRET);
    let hub = Arc::new(Hub::new(receiver, commands, tokens, None, None, (None, None), usize::MAX));
    let seat = |call_id| EarlierSession {
        call_id,
        call_started_at_ms: 0,
        participant_id: ParticipantId::from_uuid(Uuid::from_u128(4)),
        role: jumpa_protocol::signal::Role::Participant,
    };
    let other = Some(seat(CallId::from_uuid(Uuid::from_u128(7))));
    let refused = hub.find_or_start(&room(), &app, other, true);
    assert_eq!(refused.err(), Some(ErrorCode::CallEnded));

    let call = hub.find_or_start(&room(), &app, None, false).expect("a call begins");
    let refused = hub.find_or_start(&room(), &app, other, true);
    assert_eq!(refused.err(), Some(ErrorCode::CallEnded));
    let found = hub.find_or_start(&room(), &app, Some(seat(call.call_id)), true);
    assert_eq!(found.expect("the call").call_id, call.call_id);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_must_be_recorded_begins_when_a_recorder_is_there() {
    let mut app = AppEntry::new(TenantId::generate(), "Klinik Sehat");
    app.recording.is_required = true;
    let (_directory, receiver) = watch::channel(Arc::new(Directory::default()));
    let (commands, _media) = mpsc::channel(8);
    let (presence, has_recorder) = watch::channel(false);
    let tokens = SessionTokens::new(&SECRET);
    let requests = (None, Some(has_recorder));
    let hub = Arc::new(Hub::new(receiver, commands, tokens, None, None, requests, usize::MAX));
    let refused = hub.find_or_start(&room(), &app, None, false);
    assert_eq!(refused.err(), Some(ErrorCode::RecorderUnavailable));
    presence.send_replace(true);
    hub.find_or_start(&room(), &app, None, false).expect("a call begins");
}
