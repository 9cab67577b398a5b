//! One stay of the recorder in a call.

mod outcome;
mod roll;
mod sources;
mod view;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use jumpa_client::{Arrival, Client, ClientEvent, Events, JoinError, JoinOptions};
use jumpa_protocol::{
    limits,
    recording::{RecordingJob, SpoolLevel},
    signal::{Event, LeaveReason, Snapshot},
};
use jumpa_recorded::events::{Line, LogEvent};
use tokio::{
    sync::watch,
    task,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

pub use outcome::Outcome;
use roll::Roll;
use sources::Sources;
use view::{View, Wishes};

use crate::{
    clock::{RecordingClock, wall_ms},
    disk::{Disk, DiskState, DiskWrite, FLUSH_INTERVAL, LIVE_FLUSH_INTERVAL},
};

/// How often sources are looked after: packets that waited too long, keyframes that are missing.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// How far behind the present a live composite begins to be made. A new source is held back until
/// its place is known, and lost pictures are waited for, a second; the rest is for the network. What
/// comes later is missing in the stream and in the live composite, not in the tracks.
const HELD_BACK: Duration = Duration::from_millis(1_500);

/// What a stay needs to know.
#[derive(Debug)]
pub struct Stay {
    /// Address of the server.
    pub server_url: String,
    /// What to record, with the token that lets the recorder in.
    pub job: RecordingJob,
    /// Folder of the job, which is there.
    pub folder: PathBuf,
    /// The number of the first file.
    pub first_number: u32,
    /// When the recording began, if it did before this stay, milliseconds since 1970.
    pub began_at_ms: Option<u64>,
    /// What is kept free of the disk, bytes.
    pub keep_free: u64,
    /// Whether a composer reads along.
    pub is_composed: bool,
}

/// How a stay goes, for reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// When the first packet came, milliseconds since 1970.
    pub began_at_ms: Option<u64>,
    /// Bytes that were written in this stay.
    pub bytes: u64,
    /// Numbers of the files of this stay that are complete.
    pub ended: Vec<u32>,
    /// Everything before this moment can be read, milliseconds on the clock of the recording.
    pub horizon_ms: u64,
}

/// Joins and records until the call is over, the server wants no more, or `stop` is cancelled.
pub async fn record(
    stay: Stay,
    progress: &watch::Sender<Progress>,
    stop: &CancellationToken,
) -> Outcome {
    let joining = Client::join(options(&stay));
    let joined = tokio::select! {
        joined = joining => joined,
        () = stop.cancelled() => return Outcome::Stopped,
    };
    let (client, events) = match joined {
        Ok(joined) => joined,
        Err(JoinError::Refused(refusal)) => return Outcome::Refused(refusal),
        Err(error) => return Outcome::Unreachable(error.to_string()),
    };
    let flush_interval = if stay.is_composed { LIVE_FLUSH_INTERVAL } else { FLUSH_INTERVAL };
    let disk = match Disk::start(&stay.folder, stay.keep_free, flush_interval) {
        Ok(disk) => disk,
        Err(error) => {
            client.leave().await;
            return Outcome::of_disk(&error);
        }
    };
    let recording = Recording {
        view: View::new(Wishes::of(&stay.job)),
        level: SpoolLevel::Roomy,
        began: None,
        first_number: stay.first_number,
        began_at_ms: stay.began_at_ms,
        client,
        disk,
    };
    recording.run(events, progress, stop).await
}

fn options(stay: &Stay) -> JoinOptions {
    let job = &stay.job;
    JoinOptions::new(&stay.server_url, job.app_id.clone(), job.room.clone())
        .with_token(&job.join_token)
        .with_slots(limits::MAX_AUDIO_SLOTS, limits::VIDEO_SLOT_STEPS[0])
}

struct Recording {
    client: Client,
    disk: Disk,
    view: View,
    /// How full the disk is.
    level: SpoolLevel,
    /// From the first packet on.
    began: Option<Began>,
    first_number: u32,
    began_at_ms: Option<u64>,
}

struct Began {
    clock: RecordingClock,
    sources: Sources,
    roll: Roll,
}

impl Recording {
    async fn run(
        mut self,
        mut events: Events,
        progress: &watch::Sender<Progress>,
        stop: &CancellationToken,
    ) -> Outcome {
        let mut disk_state = self.disk.state();
        let mut look = interval(LOOK_INTERVAL);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let outcome = loop {
            tokio::select! {
                arrival = events.next_arrival() => match arrival {
                    Some(Arrival::Packet(packet)) => {
                        if self.began.is_none() && packet.source.is_some() {
                            self.begin(packet.packet.received_at, progress);
                        }
                        if let Some(began) = &mut self.began {
                            began.sources.push(&began.clock, &self.disk, packet);
                        }
                    }
                    Some(Arrival::Event(ClientEvent::Left { reason })) => {
                        break Outcome::of_leave(reason);
                    }
                    Some(Arrival::Event(event)) => self.handle(event),
                    None => break Outcome::of_leave(LeaveReason::ConnectionLost),
                },
                _ = look.tick() => {
                    self.view.show(&self.client);
                    if let Some(began) = &mut self.began {
                        began.sources.look(&began.clock, &self.disk, &self.client);
                        let whole = began.clock.now().saturating_sub(HELD_BACK);
                        // One that is left out is made good by the next.
                        self.disk.write(DiskWrite::Mark(whole.as_millis() as u64));
                    }
                }
                Ok(()) = disk_state.changed() => {
                    let DiskState { bytes, ended, flushed_ms: horizon_ms, level, failure } =
                        disk_state.borrow_and_update().clone();
                    if std::mem::replace(&mut self.level, level) != level {
                        self.log(LogEvent::DiskLevelChanged { level });
                        self.view.limit(level);
                    }
                    progress.send_modify(|progress| {
                        progress.bytes = bytes;
                        progress.ended = ended;
                        progress.horizon_ms = progress.horizon_ms.max(horizon_ms);
                    });
                    if let Some(failure) = failure {
                        break Outcome::Disk(failure);
                    }
                }
                () = stop.cancelled() => break Outcome::Stopped,
            }
        };
        self.end(progress, outcome).await
    }

    /// The first packet is here: the clock has begun when it came.
    fn begin(&mut self, came_at: Instant, progress: &watch::Sender<Progress>) {
        let waited_ms = came_at.elapsed().as_millis() as u64;
        let began_at_ms = self.began_at_ms.unwrap_or_else(|| wall_ms().saturating_sub(waited_ms));
        let clock = RecordingClock::since(began_at_ms);
        let sources = Sources::new(self.first_number);
        self.began = Some(Began { clock, sources, roll: Roll::default() });
        progress.send_modify(|progress| progress.began_at_ms = Some(began_at_ms));
        self.log(LogEvent::RecordingBegan { wall_ms: wall_ms() });
        self.call_the_roll();
    }

    fn handle(&mut self, event: ClientEvent) {
        match event {
            ClientEvent::Rejoined { .. } => {
                if let Some(began) = &mut self.began {
                    began.sources.forget_slots();
                }
                self.view.forget();
                self.call_the_roll();
            }
            ClientEvent::SignallingResumed => {
                self.view.renew();
                self.call_the_roll();
            }
            ClientEvent::Room(event) => {
                self.view.renew();
                if is_logged(&event) {
                    self.call_the_roll();
                }
            }
            _ => {}
        }
        self.view.show(&self.client);
    }

    /// Logs who is there and what they send, as far as that is news. Who comes and goes has files
    /// that begin and end.
    fn call_the_roll(&mut self) {
        let Some(Began { clock, sources, roll }) = &mut self.began else { return };
        let Snapshot { participants, speakers, .. } = self.client.snapshot();
        let news = roll.call(&participants, &speakers, self.client.participant_id());
        for event in &news {
            match event {
                LogEvent::ParticipantJoined { participant_id, .. } => sources.join(*participant_id),
                LogEvent::ParticipantLeft { participant_id } => {
                    sources.leave(*participant_id, clock, &self.disk);
                }
                _ => {}
            }
        }
        for event in news {
            self.log(event);
        }
    }

    fn log(&self, event: LogEvent) {
        if let Some(began) = &self.began {
            let at_ms = began.clock.now().as_millis() as u64;
            self.disk.log(&Line { at_ms, event });
        }
    }

    async fn end(mut self, progress: &watch::Sender<Progress>, outcome: Outcome) -> Outcome {
        self.log(LogEvent::RecordingEnded);
        if let Some(began) = &mut self.began {
            began.sources.flush(&began.clock, &self.disk);
        }
        self.client.leave().await;
        let disk = self.disk;
        let finished = task::spawn_blocking(|| disk.finish()).await;
        let Ok(DiskState { bytes, failure, .. }) = finished else {
            return outcome;
        };
        progress.send_modify(|progress| progress.bytes = bytes);
        failure.map_or(outcome, Outcome::Disk)
    }
}

/// Whether an event of the call is worth lines in the log.
const fn is_logged(event: &Event) -> bool {
    matches!(
        event,
        Event::ParticipantJoined { .. }
            | Event::ParticipantLeft { .. }
            | Event::NameChanged { .. }
            | Event::SourceChanged { .. }
            | Event::SpeakersChanged { .. }
    )
}
