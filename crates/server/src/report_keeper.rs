//! Stores what the log of calls holds, and goes on doing so when the database comes back.

use std::time::Duration;

use jumpa_db::{Database, DbError};
use jumpa_protocol::report::LogPosition;
use metrics::counter;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};
use uuid::Uuid;

use crate::report_log::Reader;

/// Reports that follow each other within this time are stored in one transaction.
const GATHERS_FOR: Duration = Duration::from_millis(100);

/// Entries of one transaction. More hold up other writers of an SQLite file.
const BATCH: usize = 500;

/// Pause after a failure.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Stores the log of this node until `stop`; then once more what came until then.
pub struct ReportKeeper {
    /// The log.
    pub reader: Reader,
    /// Its name in the database.
    pub log_id: Uuid,
    /// Where the entries go.
    pub database: Database,
}

impl ReportKeeper {
    /// Runs until `stop`, come what may of the database: the log waits for it.
    pub async fn keep(mut self, stop: CancellationToken) {
        let mut position = None;
        let mut is_away = false;
        while !stop.is_cancelled() {
            let result = match position {
                None => self.stored_position().await,
                Some(position) => {
                    tokio::select! {
                        is_more = self.reader.wait_behind(position) => if !is_more { return },
                        () = stop.cancelled() => break,
                    }
                    tokio::time::sleep(GATHERS_FOR).await;
                    self.store_behind(position).await
                }
            };
            match result {
                Ok(stored) => {
                    position = Some(stored);
                    if std::mem::take(&mut is_away) {
                        info!("reports of calls are stored again");
                    }
                }
                Err(cause) => {
                    if !std::mem::replace(&mut is_away, true) {
                        warn!(error = %cause, "reports of calls cannot be stored; the log keeps them");
                    }
                    tokio::select! {
                        () = tokio::time::sleep(RETRY_AFTER) => {}
                        () = stop.cancelled() => return,
                    }
                }
            }
        }
        if let Some(position) = position {
            self.store_the_rest(position).await;
        }
    }

    async fn store_the_rest(&mut self, mut position: LogPosition) {
        loop {
            match self.store_behind(position).await {
                Ok(stored) if stored > position => position = stored,
                Ok(_) => return,
                Err(cause) => {
                    warn!(error = %cause, "the last reports of calls are stored after the next start");
                    return;
                }
            }
        }
    }

    async fn stored_position(&self) -> Result<LogPosition, KeepError> {
        Ok(self.database.operator().report_position(self.log_id).await?)
    }

    /// Stores what lies behind `position`, at most a batch, and says how far it came.
    async fn store_behind(&self, position: LogPosition) -> Result<LogPosition, KeepError> {
        let (entries, end) = self.reader.read(position, BATCH)?;
        if end == position {
            return Ok(position);
        }
        let operator = self.database.operator();
        let left_out = operator.store_reports(self.log_id, &entries, end).await?;
        counter!("jumpa_reports_stored_total").increment(entries.len() as u64);
        if left_out > 0 {
            error!(left_out, "reports of apps that are gone were left out");
        }
        self.reader.forget_before(end);
        Ok(end)
    }
}

/// Why entries are not stored yet.
#[derive(Debug, thiserror::Error)]
enum KeepError {
    #[error("reading the log of calls")]
    Log(#[from] std::io::Error),
    #[error("storing reports of calls")]
    Database(#[from] DbError),
}

#[cfg(test)]
mod tests {
    use jumpa_db::{Author, CallFilter, MasterKey, NewApp, Timestamp};
    use jumpa_protocol::{
        CallId, MediaKind, ParticipantId, ReportId, RoomKey,
        report::{CallFact, CallReport, JoinedParticipant, LogEntry, Via},
        signal::{ClientInfo, ConnectionState, MediaSummary, Role, TrackDirection, TrackQuality},
    };
    use tokio::sync::mpsc;

    use super::*;
    use crate::report_log;

    struct World {
        folder: tempfile::TempDir,
        database: Database,
        tenant_id: jumpa_protocol::TenantId,
        room: RoomKey,
        log_id: Uuid,
    }

    impl World {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("jumpa.db");
            let database = Database::open(&path, MasterKey::generate()).await.unwrap();
            let tenant_id = database.operator().first_tenant(Timestamp::now()).await.unwrap();
            let scope = database.tenant(tenant_id);
            let app = scope
                .create_app(&NewApp::named("Toko"), &Author::system(), Timestamp::now())
                .await
                .unwrap();
            let room = RoomKey { app_id: app.id, room: "ruang-1".parse().unwrap() };
            Self { folder, database, tenant_id, room, log_id: Uuid::now_v7() }
        }

        fn start(&self) -> (mpsc::Sender<CallReport>, ReportKeeper) {
            let (sender, receiver) = mpsc::channel(16);
            let folder = self.folder.path().join("reports");
            let started = LogEntry::Started { at_us: 1, continues: Vec::new() };
            let reader = report_log::start(&folder, &started, receiver).unwrap();
            let database = self.database.clone();
            (sender, ReportKeeper { reader, log_id: self.log_id, database })
        }

        fn report(&self) -> CallReport {
            CallReport {
                id: ReportId::generate(),
                at_us: 5_000_000,
                room: self.room.clone(),
                call_id: CallId::generate(),
                fact: CallFact::CallBegan { started_at_ms: 5_000 },
            }
        }

        async fn stored(&self) -> usize {
            let scope = self.database.tenant(self.tenant_id);
            scope.calls(&CallFilter::default(), None, 100, Timestamp::now()).await.unwrap().len()
        }
    }

    #[tokio::test]
    async fn what_was_reported_before_the_end_is_stored() {
        let world = World::new().await;
        let (sender, keeper) = world.start();
        let keeping = tokio::spawn(keeper.keep(CancellationToken::new()));
        for _ in 0..3 {
            sender.send(world.report()).await.unwrap();
        }
        // The log ends with its senders, and the keeper with the log.
        drop(sender);
        keeping.await.unwrap();
        assert_eq!(world.stored().await, 3);
    }

    #[tokio::test]
    async fn what_was_not_stored_is_after_the_next_start_and_once() {
        let world = World::new().await;
        let (sender, _never_runs) = world.start();
        sender.send(world.report()).await.unwrap();
        drop(sender);
        for _ in 0..2 {
            let (sender, keeper) = world.start();
            sender.send(world.report()).await.unwrap();
            drop(sender);
            keeper.keep(CancellationToken::new()).await;
        }
        assert_eq!(world.stored().await, 3);
    }

    /// What somebody reports who comes, loses their connection once and measures twice.
    fn facts(participant_id: ParticipantId) -> [CallFact; 4] {
        let joined = JoinedParticipant {
            participant_id,
            joined_at_ms: 5_000,
            name: "Budi".to_owned(),
            subject: None,
            key_id: None,
            role: Role::Participant,
            via: Via::Signalling,
            client: ClientInfo::default(),
            sources: Vec::new(),
        };
        let track = TrackQuality {
            direction: TrackDirection::Received,
            kind: MediaKind::Audio,
            source: None,
            participant_id: None,
            codec: Some("audio/opus".to_owned()),
            bitrate_bps: Some(32_000),
            packet_loss_ratio: Some(0.0),
            jitter_ms: Some(4.0),
            frame_height: None,
            frames_per_second: None,
            freeze_count: None,
            concealed_ratio: None,
        };
        let summary = MediaSummary { tracks: vec![track; 8], ..MediaSummary::default() };
        let connection = ConnectionState::Reconnecting;
        [
            CallFact::ParticipantJoined(joined),
            CallFact::ConnectionChanged { participant_id, connection },
            CallFact::MediaMeasured { participant_id, summary: summary.clone() },
            CallFact::MediaMeasured { participant_id, summary },
        ]
    }

    #[tokio::test]
    async fn events_and_quality_of_five_hundred_participants_are_all_stored() {
        let world = World::new().await;
        let (sender, keeper) = world.start();
        let keeping = tokio::spawn(keeper.keep(CancellationToken::new()));
        let began = world.report();
        let people: Vec<[CallFact; 4]> =
            (0..500).map(|_| facts(ParticipantId::generate())).collect();
        sender.send(began.clone()).await.unwrap();
        // Everybody's first fact, then everybody's second, as live calls mix them.
        for number in 0..4 {
            for facts in &people {
                let (id, fact) = (ReportId::generate(), facts[number].clone());
                sender.send(CallReport { id, fact, ..began.clone() }).await.unwrap();
            }
        }
        drop(sender);
        keeping.await.unwrap();
        let scope = world.database.tenant(world.tenant_id);
        let call = scope.call(began.call_id, Timestamp::now()).await.unwrap().unwrap();
        assert_eq!((call.participants, call.peak_participants), (500, 500));
        assert_eq!(call.quality, "good");
        let events = scope.call_events(began.call_id, None, 1_000).await.unwrap();
        assert_eq!(events.len(), 500);
        let media = scope.participant_media(began.call_id).await.unwrap();
        assert_eq!(media.len(), 500);
        assert!(media.iter().all(|media| media.tally.measured_intervals == 2));
    }
}
