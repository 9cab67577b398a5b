use std::{os::unix::fs::PermissionsExt, time::Duration};

use jumpa_protocol::{
    ParticipantId, RoomKey, TenantId, directory::AppEntry, limits, signal::ChatMessage,
};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::{
    call::{Call, CallConfig, CallRules},
    token::SessionTokens,
};

/// A folder with a store on it, and the calls that were found.
struct Stage {
    folder: TempDir,
    store: CallStore,
    found: Vec<CallMemory>,
}

impl Stage {
    fn new() -> Self {
        Self::on(tempfile::tempdir().expect("a folder"))
    }

    fn on(folder: TempDir) -> Self {
        Self::at(folder, SystemTime::now())
    }

    fn at(folder: TempDir, now: SystemTime) -> Self {
        let (store, found) = CallStore::open(folder.path(), now).expect("a folder of ours");
        Self { folder, store, found }
    }

    /// The server is killed, with everything written that the store was told of, and another one
    /// is started.
    async fn restart(self) -> Self {
        self.store.flush().await;
        Self::on(self.folder)
    }

    fn path(&self, number: u128) -> PathBuf {
        file::path_of(self.folder.path(), call_id(number))
    }

    async fn remember(&self, number: u128, texts: &[&str]) {
        assert!(self.store.try_send(Record::Whole(Box::new(memory(number)))));
        for text in texts {
            self.write(number, text).await;
        }
    }

    async fn write(&self, number: u128, text: &str) {
        assert!(self.store.try_send(Record::Changes(call_id(number), vec![chat(text)])));
        self.store.flush().await;
    }

    /// What is remembered of a call, as JSON.
    fn found(&self, number: u128) -> String {
        let memory = self.found.iter().find(|memory| memory.id == call_id(number));
        serde_json::to_string(&memory).expect("JSON")
    }
}

fn call_id(number: u128) -> CallId {
    CallId::from_uuid(Uuid::from_u128(number))
}

fn memory(number: u128) -> CallMemory {
    call(number, &format!("ruang-{number}")).memory()
}

fn call(number: u128, room: &str) -> Call {
    Call::new(CallConfig {
        id: call_id(number),
        room: RoomKey {
            app_id: "klinik-sehat".parse().expect("an app id"),
            room: room.parse().expect("a room name"),
        },
        rules: CallRules::from(&AppEntry::new(TenantId::from_uuid(Uuid::nil()), "Klinik Sehat")),
        started_at_ms: number as u64,
        serial: 1,
        seed: 1,
        tokens: SessionTokens::new(&[7; 32]),
    })
}

fn chat(text: &str) -> Change {
    let message = ChatMessage {
        id: jumpa_protocol::ChatMessageId::generate(),
        from: ParticipantId::from_uuid(Uuid::from_u128(1)),
        from_name: "Siti".to_owned(),
        to: None,
        text: text.to_owned(),
        at_ms: 1,
    };
    Change::Chat { message, request_id: 1 }
}

fn add(path: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(path).expect("a file");
    io::Write::write_all(&mut file, bytes).expect("room on the disk");
}

#[tokio::test]
async fn what_was_written_is_read_after_a_restart() {
    let stage = Stage::new();
    stage.remember(1, &["satu", "dua"]).await;
    stage.remember(2, &[]).await;
    let stage = stage.restart().await;
    assert_eq!(stage.found.len(), 2);
    assert!(stage.found(1).contains("satu") && stage.found(1).contains("dua"));
}

#[tokio::test]
async fn folder_and_files_are_for_their_owner_alone() {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("calls");
    let (store, _) = CallStore::open(&folder, SystemTime::now()).expect("is made");
    assert!(store.try_send(Record::Whole(Box::new(memory(1)))));
    store.flush().await;
    let mode = |path: &Path| fs::metadata(path).expect("is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in fs::read_dir(&folder).expect("is there") {
        assert_eq!(mode(&entry.expect("an entry").path()), 0o600);
    }
}

#[tokio::test]
async fn a_torn_last_line_is_left_out() {
    let stage = Stage::new();
    stage.remember(1, &["satu", "dua"]).await;
    let path = stage.path(1);
    let written = fs::read(&path).expect("is there");
    for cut in 1..40 {
        fs::write(&path, &written[..written.len() - cut]).expect("room on the disk");
        let found =
            serde_json::to_string(&file::read(&path).expect("the lines before")).expect("JSON");
        assert!(found.contains("satu") && !found.contains("dua"), "{cut} bytes are missing");
    }
}

#[tokio::test]
async fn after_a_torn_line_the_file_is_written_anew_before_anything_is_added() {
    let stage = Stage::new();
    stage.remember(1, &["satu"]).await;
    add(&stage.path(1), br#"{"change":"lob"#);
    let stage = stage.restart().await;
    stage.store.try_send(Record::Whole(Box::new(stage.found[0].clone())));
    stage.write(1, "dua").await;
    let stage = stage.restart().await;
    assert!(stage.found(1).contains("satu") && stage.found(1).contains("dua"));
}

#[tokio::test]
async fn a_damaged_line_costs_nothing_but_itself() {
    let stage = Stage::new();
    stage.remember(1, &["satu"]).await;
    add(&stage.path(1), b"\xff\xfe\x00 rusak\n\n{\"change\":\"of_another_version\"}\n");
    stage.write(1, "dua").await;
    let stage = stage.restart().await;
    assert!(stage.found(1).contains("satu") && stage.found(1).contains("dua"));
}

#[tokio::test]
async fn files_that_cannot_be_read_are_left_alone_and_the_others_are_read() {
    let stage = Stage::new();
    stage.remember(1, &["satu"]).await;
    let whole = fs::read_to_string(stage.path(1)).expect("is there");
    fs::write(stage.path(2), b"\x00\x01 bukan JSON").expect("room on the disk");
    fs::write(stage.path(3), b"").expect("room on the disk");
    fs::write(stage.path(4), &whole).expect("room on the disk");
    fs::write(stage.path(5), whole.replace("\"version\":1", "\"version\":2")).expect("room");
    fs::create_dir(stage.path(6)).expect("room on the disk");
    fs::write(stage.folder.path().join("catatan.jsonl"), "milik orang lain").expect("room");
    let stage = stage.restart().await;
    assert_eq!(stage.found.len(), 1);
    for number in 2..=6 {
        assert!(stage.path(number).exists(), "file {number}");
    }
}

#[tokio::test]
async fn a_file_longer_than_any_of_ours_is_not_read() {
    let stage = Stage::new();
    let file = fs::File::create(stage.path(1)).expect("room on the disk");
    file.set_len(100 * 1024 * 1024 * 1024).expect("a sparse file");
    assert!(matches!(file::read(&stage.path(1)), Err(file::FileError::TooLong)));
}

#[tokio::test]
async fn the_file_of_a_call_that_is_over_is_gone() {
    let stage = Stage::new();
    stage.remember(1, &["satu"]).await;
    stage.store.forget(call_id(1));
    stage.write(1, "terlambat").await;
    assert!(!stage.path(1).exists());
}

#[tokio::test]
async fn a_call_of_a_server_that_stops_is_kept() {
    let stage = Stage::new();
    for (number, reason) in
        [(1, Some(LeaveReason::ServerClosing)), (2, Some(LeaveReason::CallEnded)), (3, None)]
    {
        stage.remember(number, &[]).await;
        Recorder::new(Some(stage.store.clone())).finish(call_id(number), reason);
    }
    let stage = stage.restart().await;
    assert_eq!(stage.found.iter().map(|memory| memory.id).collect::<Vec<_>>(), [call_id(1)]);
}

#[tokio::test]
async fn a_file_that_has_grown_is_written_anew() {
    let stage = Stage::new();
    stage.remember(1, &[]).await;
    let long = "x".repeat(limits::MAX_CHAT_CHARS);
    let mut longest = 0;
    let written = 4 * limits::MAX_CHAT_HISTORY;
    for _ in 0..written {
        stage.write(1, &long).await;
        longest = longest.max(fs::metadata(stage.path(1)).expect("is there").len());
    }
    let whole = (limits::MAX_CHAT_HISTORY * limits::MAX_CHAT_CHARS) as u64;
    assert!(longest < 4 * whole, "{longest} bytes");
    assert!(longest < (written * limits::MAX_CHAT_CHARS) as u64, "{longest} bytes");
    stage.write(1, "terakhir").await;
    let stage = stage.restart().await;
    assert!(stage.found(1).contains("terakhir"));
}

#[tokio::test]
async fn the_first_write_after_a_full_disk_brings_the_file_complete() {
    let stage = Stage::new();
    stage.remember(1, &["satu"]).await;
    // What stands in the place of the file takes nothing, and neither does its draft.
    let (path, draft) = (stage.path(1), stage.path(1).with_extension("draft"));
    fs::remove_file(&path).expect("is there");
    std::os::unix::fs::symlink("/dev/full", &path).expect("room on the disk");
    fs::create_dir(&draft).expect("room on the disk");
    stage.write(1, "dua").await;
    stage.write(1, "tiga").await;
    assert!(file::read(&draft).is_err() && path.is_symlink(), "nothing was written");
    fs::remove_dir(&draft).expect("is there");
    stage.write(1, "empat").await;
    let stage = stage.restart().await;
    for text in ["satu", "dua", "tiga", "empat"] {
        assert!(stage.found(1).contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_disk_that_takes_nothing_costs_no_call_its_end() {
    let stage = Stage::new();
    fs::create_dir(stage.path(1).with_extension("draft")).expect("room on the disk");
    stage.remember(1, &["satu"]).await;
    stage.store.forget(call_id(1));
    stage.store.flush().await;
    assert!(!stage.path(1).exists());
}

#[test]
fn what_failed_is_tried_again_though_nothing_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let draft = file::path_of(folder.path(), call_id(1)).with_extension("draft");
    fs::create_dir(&draft).expect("room on the disk");
    let mut writer = Writer::new(folder.path().to_owned());
    writer.handle(Record::Whole(Box::new(memory(1))));
    assert!(writer.is_failing);
    fs::remove_dir(&draft).expect("is there");
    writer.handle_interval();
    assert!(!writer.is_failing);
    assert!(file::read(&file::path_of(folder.path(), call_id(1))).is_ok());
}

#[test]
fn a_call_whose_changes_found_no_place_hands_over_everything_later() {
    let (records, receiver) = sync_channel(1);
    let store = CallStore { records };
    let mut recorder = Recorder::new(Some(store));
    let call = call(1, "ruang-1");
    let now = Instant::now();
    let mut record = |changes, at| {
        recorder.record(&call, changes, at);
        recorder.poll_timeout()
    };
    assert_eq!(record(vec![], now), None, "a call that has not begun has no file");
    assert!(receiver.try_recv().is_err());
    assert_eq!(record(vec![chat("satu")], now), None);
    let catch_up_at = record(vec![chat("dua")], now).expect("no place");
    assert!(matches!(receiver.try_recv(), Ok(Record::Whole(_))));
    record(vec![chat("lagi")], now);
    assert!(receiver.try_recv().is_err(), "not due yet");
    assert_eq!(record(vec![], catch_up_at), None);
    assert!(matches!(receiver.try_recv(), Ok(Record::Whole(_))), "a change is missing in the file");
    record(vec![chat("tiga")], now);
    assert!(matches!(receiver.try_recv(), Ok(Record::Changes(..))));
}

#[tokio::test]
async fn calls_are_forgotten_when_the_server_was_down_for_long() {
    for (down, is_kept) in
        [(FORGETS_CALLS_AFTER - MARK_INTERVAL, true), (FORGETS_CALLS_AFTER + MARK_INTERVAL, false)]
    {
        let stage = Stage::new();
        stage.remember(1, &["satu"]).await;
        let Stage { folder, .. } = stage;
        let stage = Stage::at(folder, SystemTime::now() + down);
        assert_eq!(
            (stage.found.len() == 1, stage.path(1).exists()),
            (is_kept, is_kept),
            "{down:?}"
        );
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_forgets_nothing() {
    let stage = Stage::new();
    stage.remember(1, &["satu"]).await;
    let stage = Stage::at(stage.folder, SystemTime::now() - Duration::from_secs(86_400));
    assert_eq!(stage.found.len(), 1);
}

#[tokio::test]
async fn files_of_an_unknown_age_are_forgotten() {
    let stage = Stage::new();
    stage.remember(1, &["satu"]).await;
    fs::remove_file(stage.folder.path().join(MARK)).expect("is there");
    let stage = Stage::on(stage.folder);
    assert!(stage.found.is_empty() && !stage.path(1).exists());
}

#[test]
fn of_two_calls_in_one_room_the_later_one_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    mark(folder.path(), SystemTime::now()).expect("room on the disk");
    for number in [2, 3, 1] {
        file::write(folder.path(), &call(number, "ruang").memory()).expect("room on the disk");
    }
    let found = remembered(folder.path(), SystemTime::now()).expect("a folder of ours");
    assert_eq!(found.iter().map(|memory| memory.id).collect::<Vec<_>>(), [call_id(3)]);
    assert_eq!(fs::read_dir(folder.path()).expect("is there").count(), 2, "the mark and one call");
}

#[test]
fn a_draft_that_was_left_behind_is_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let draft = file::path_of(folder.path(), call_id(1)).with_extension("draft");
    fs::write(&draft, "{").expect("room on the disk");
    assert!(remembered(folder.path(), SystemTime::now()).expect("a folder of ours").is_empty());
    assert!(!draft.exists());
}
