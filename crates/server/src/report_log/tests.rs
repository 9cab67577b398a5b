use jumpa_protocol::{CallId, ReportId, RoomKey};

use super::*;

struct World {
    folder: tempfile::TempDir,
    call_id: CallId,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), call_id: CallId::generate() }
    }

    fn started(&self) -> LogEntry {
        LogEntry::Started { at_us: 1, continues: vec![self.call_id] }
    }

    fn report(&self, number: u64) -> CallReport {
        CallReport {
            id: ReportId::generate(),
            at_us: number,
            room: RoomKey {
                app_id: "klinik-sehat-k3x9q".parse().unwrap(),
                room: "ruang-1".parse().unwrap(),
            },
            call_id: self.call_id,
            fact: CallFact::CallBegan { started_at_ms: number },
        }
    }

    /// A server that reports these and ends; gives what its log says behind `position`.
    async fn run(
        &self,
        numbers: std::ops::Range<u64>,
        position: LogPosition,
    ) -> (Vec<u64>, LogPosition) {
        let (sender, receiver) = mpsc::channel(16);
        let mut reader = start(self.folder.path(), &self.started(), receiver).unwrap();
        for number in numbers {
            sender.send(self.report(number)).await.unwrap();
        }
        drop(sender);
        // The writer drops its end when it has written everything.
        while reader.ends.changed().await.is_ok() {}
        assert!(reader.wait_behind(LogPosition::default()).await);
        let (entries, end) = reader.read(position, usize::MAX).unwrap();
        (times(&entries), end)
    }
}

fn times(entries: &[LogEntry]) -> Vec<u64> {
    let time = |entry: &LogEntry| match entry {
        LogEntry::Started { .. } => None,
        LogEntry::Call(report) => Some(report.at_us),
    };
    entries.iter().filter_map(time).collect()
}

#[tokio::test]
async fn entries_come_in_order_behind_the_start() {
    let world = World::new();
    let (sender, receiver) = mpsc::channel(16);
    let mut reader = start(world.folder.path(), &world.started(), receiver).unwrap();
    sender.send(world.report(7)).await.unwrap();
    assert!(reader.wait_behind(LogPosition { segment: 1, offset: 60 }).await);
    drop(sender);
    while reader.ends.changed().await.is_ok() {}
    let (entries, _) = reader.read(LogPosition::default(), 10).unwrap();
    assert_eq!(entries[0], world.started());
    assert_eq!(times(&entries), [7]);
}

#[tokio::test]
async fn reading_goes_on_where_it_ended_also_after_a_restart() {
    let world = World::new();
    let (first, position) = world.run(1..4, LogPosition::default()).await;
    assert_eq!(first, [1, 2, 3]);
    let (second, end) = world.run(4..6, position).await;
    assert_eq!(second, [4, 5]);
    assert!(end > position);
}

#[tokio::test]
async fn a_torn_last_line_costs_nothing_else() {
    let world = World::new();
    let (_, position) = world.run(1..3, LogPosition::default()).await;
    let torn = path(world.folder.path(), position.segment);
    let whole = fs::read(&torn).unwrap();
    fs::write(&torn, &whole[..whole.len() - 5]).unwrap();
    let (read, _) = world.run(3..5, LogPosition::default()).await;
    assert_eq!(read, [1, 3, 4]);
}

#[tokio::test]
async fn a_damaged_line_is_left_out() {
    let world = World::new();
    let (_, position) = world.run(1..2, LogPosition::default()).await;
    let damaged = path(world.folder.path(), position.segment);
    let mut file = OpenOptions::new().append(true).open(damaged).unwrap();
    file.write_all(b"\xff{]\n").unwrap();
    let (read, _) = world.run(2..3, LogPosition::default()).await;
    assert_eq!(read, [1, 2]);
}

#[tokio::test]
async fn batches_have_the_asked_size_and_together_everything() {
    let world = World::new();
    let (_, end) = world.run(0..25, LogPosition::default()).await;
    let (_, ends) = watch::channel(end);
    let reader = Reader { folder: world.folder.path().to_owned(), ends };
    let (mut position, mut read) = (LogPosition::default(), Vec::new());
    while position < end {
        let (entries, behind) = reader.read(position, 10).unwrap();
        assert!(entries.len() <= 10);
        read.extend(times(&entries));
        position = behind;
    }
    assert_eq!(read, (0..25).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_stored_is_deleted_and_the_rest_is_not() {
    let world = World::new();
    world.run(1..2, LogPosition::default()).await;
    let (_, end) = world.run(2..3, LogPosition::default()).await;
    let (_, ends) = watch::channel(end);
    let reader = Reader { folder: world.folder.path().to_owned(), ends };
    reader.forget_before(end);
    assert_eq!(segments(world.folder.path()).unwrap(), [end.segment]);
    let (entries, _) = reader.read(LogPosition::default(), 10).unwrap();
    assert_eq!(times(&entries), [2]);
}

#[test]
fn a_folder_keeps_the_name_of_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports");
    let id = id_of(&path).unwrap();
    assert_eq!(id_of(&path).unwrap(), id);
    assert!(segments(&path).unwrap().is_empty());
}
