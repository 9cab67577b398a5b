//! The recorders and what they are at, for whoever runs them, and each app's part of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jumpa_db::{App, DbError, Recording, Timestamp};
use jumpa_protocol::{
    AppId, RecordingId, RoomName, TenantId,
    recording::{RecordingKind, RecordingState, SpoolLevel},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{
        admission::{Picture, UNSET_SLOTS, most_guaranteed},
        view::QueueView,
    },
    Recordings,
};
use crate::time::rfc3339;

/// Every recorder, what waits, and how much of it apps may use.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingFleet)]
pub(crate) struct FleetView {
    recorders: Vec<RecorderView>,
    /// What waits, the next one first.
    queue: Vec<WaitingView>,
    /// Apps that were given something, record or wait.
    apps: Vec<AppSlotsView>,
    /// What all recorders can do at once that take jobs, thousandths of a processor core.
    capacity_millicores: u64,
    /// What is guaranteed to all apps together.
    guaranteed_millicores: u64,
    /// Most that can be guaranteed with these recorders.
    guaranteed_limit_millicores: u64,
}

/// A recorder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recorder)]
pub(crate) struct RecorderView {
    #[schema(example = "perekam-1")]
    id: String,
    /// Null while it is away.
    #[schema(required, example = "0.1.0")]
    version: Option<String>,
    /// Since when it is connected; null while it is away.
    #[schema(format = DateTime, required)]
    connected_at: Option<String>,
    /// What it can do at once, thousandths of a processor core; 0 while it is away.
    capacity_millicores: u32,
    /// What its jobs take, as it measures.
    used_millicores: u32,
    /// What its live jobs are reckoned to take.
    promised_millicores: u32,
    /// Room on the disk of its spool; null until it tells.
    #[schema(required)]
    spool_free_bytes: Option<u64>,
    /// How full that disk is, and what is done about it; null until it tells.
    #[schema(required)]
    spool_level: Option<SpoolLevel>,
    /// Whether its folder of finished recordings is that of the server; without it, it gets only what
    /// goes into a bucket. Null while it is away.
    #[schema(required)]
    has_folder: Option<bool>,
    /// Whether it gets no more jobs until it is taken back.
    is_draining: bool,
    jobs: Vec<RecorderJobView>,
}

/// A recording that a recorder has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecorderJob)]
pub(crate) struct RecorderJobView {
    recording_id: RecordingId,
    tenant_id: TenantId,
    app_id: AppId,
    #[schema(required, example = "Klinik Sehat")]
    app_name: Option<String>,
    #[schema(value_type = String, example = "ruang-1")]
    room: RoomName,
    kind: RecordingKind,
    state: RecordingState,
    /// What it is reckoned to take while it records, thousandths of a processor core.
    millicores: u32,
    #[schema(format = DateTime, required)]
    started_at: Option<String>,
}

/// A recording that waits for a recorder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WaitingRecording)]
pub(crate) struct WaitingView {
    recording_id: RecordingId,
    tenant_id: TenantId,
    app_id: AppId,
    #[schema(required, example = "Klinik Sehat")]
    app_name: Option<String>,
    #[schema(value_type = String, example = "ruang-1")]
    room: RoomName,
    kind: RecordingKind,
    /// What it is reckoned to take, thousandths of a processor core.
    millicores: u32,
    #[schema(format = DateTime)]
    queued_at: String,
    #[serde(flatten)]
    queue: QueueView,
}

/// How much of the recorders an app may use, and how much it uses.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppRecordingSlots)]
pub(crate) struct AppSlotsView {
    tenant_id: TenantId,
    app_id: AppId,
    #[schema(example = "Klinik Sehat")]
    app_name: String,
    #[serde(flatten)]
    slots: SlotsView,
}

/// Slots, thousandths of a processor core.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingSlots)]
pub(crate) struct SlotsView {
    /// What the app has whenever it wants it.
    guaranteed_millicores: u32,
    /// What it takes at most; null is all there is.
    #[schema(required)]
    burst_millicores: Option<u32>,
    /// Its share of what is free, against the weights of others that wait.
    weight: u32,
    /// What its live recordings are reckoned to take.
    used_millicores: u32,
    /// Its recordings that wait.
    waiting: u32,
}

impl RecorderView {
    /// Whether it gets no more jobs.
    pub(crate) fn is_draining(&self) -> bool {
        self.is_draining
    }
}

/// What every app may use and uses of the recorders.
#[derive(Debug)]
pub(crate) struct SlotsInUse {
    picture: Picture,
}

impl SlotsInUse {
    /// Those of one app.
    pub(crate) fn of(&self, app_id: &AppId) -> SlotsView {
        let picture = &self.picture;
        let slots = picture.slots.get(app_id).copied().unwrap_or(UNSET_SLOTS);
        let waiting = picture.waiting.iter().filter(|job| job.app_id == *app_id).count();
        SlotsView {
            guaranteed_millicores: slots.guaranteed,
            burst_millicores: slots.burst,
            weight: slots.weight,
            used_millicores: picture.used(app_id),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        }
    }
}

impl Recordings {
    /// What every app may use and uses of the recorders.
    pub(crate) async fn slots_in_use(&self, now: Timestamp) -> Result<SlotsInUse, DbError> {
        let unfinished = self.0.database.operator().unfinished_recordings().await?;
        Ok(SlotsInUse { picture: self.picture(&unfinished, now).await? })
    }

    /// The slots of one app.
    pub(crate) async fn app_slots(
        &self,
        app: &App,
        now: Timestamp,
    ) -> Result<AppSlotsView, DbError> {
        Ok(AppSlotsView {
            tenant_id: app.tenant_id,
            app_id: app.id.clone(),
            app_name: app.settings.name.clone(),
            slots: self.slots_in_use(now).await?.of(&app.id),
        })
    }

    /// Most that can be guaranteed to all apps together, millicores.
    pub(crate) fn most_guaranteed(&self) -> u64 {
        let (capacities, draining) = (self.capacities(), self.draining());
        let staying = capacities.iter().filter(|recorder| !draining.contains(&recorder.id));
        most_guaranteed(&staying.map(|recorder| recorder.millicores).collect::<Vec<_>>())
    }

    /// One recorder as it is now.
    pub(crate) async fn recorder(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<RecorderView>, DbError> {
        let recorders = self.fleet(now).await?.recorders;
        Ok(recorders.into_iter().find(|recorder| recorder.id == id))
    }

    /// All recorders and what they are at.
    pub(crate) async fn fleet(&self, now: Timestamp) -> Result<FleetView, DbError> {
        let unfinished = self.0.database.operator().unfinished_recordings().await?;
        let in_use = SlotsInUse { picture: self.picture(&unfinished, now).await? };
        let mut queue: Vec<_> = unfinished.iter().filter_map(|one| self.waiting(one)).collect();
        queue.sort_by_key(|waiting| waiting.queue.place);
        let slots = &in_use.picture.slots;
        Ok(FleetView {
            recorders: self.recorder_views(&unfinished),
            queue,
            apps: self.app_views(&in_use, &unfinished),
            capacity_millicores: in_use
                .picture
                .recorders
                .iter()
                .filter(|recorder| recorder.takes_jobs)
                .map(|recorder| u64::from(recorder.millicores))
                .sum(),
            guaranteed_millicores: slots.values().map(|one| u64::from(one.guaranteed)).sum(),
            guaranteed_limit_millicores: self.most_guaranteed(),
        })
    }

    /// Those with a link, those whose recordings wait for them to come back, and those that were
    /// taken out of service.
    fn recorder_views(&self, unfinished: &[Recording]) -> Vec<RecorderView> {
        let mut jobs: BTreeMap<String, Vec<RecorderJobView>> = BTreeMap::new();
        let mut promised: HashMap<String, u32> = HashMap::new();
        for recording in unfinished {
            let Some(id) = &recording.recorder_id else { continue };
            let job = self.job_view(recording);
            *promised.entry(id.clone()).or_default() += job.millicores;
            jobs.entry(id.clone()).or_default().push(job);
        }
        for recorder in self.capacities() {
            jobs.entry(recorder.id).or_default();
        }
        let draining = self.draining();
        for id in &draining {
            jobs.entry(id.clone()).or_default();
        }
        let linked = self.recorders();
        let view = |(id, jobs): (String, Vec<RecorderJobView>)| {
            let recorder = linked.get(&id);
            let load = recorder.map(|recorder| recorder.load).unwrap_or_default();
            RecorderView {
                version: recorder.map(|recorder| recorder.version.clone()),
                connected_at: recorder.map(|recorder| rfc3339(recorder.linked_at)),
                capacity_millicores: recorder.map_or(0, |recorder| recorder.capacity_millicores),
                used_millicores: load.used_millicores,
                promised_millicores: promised.get(&id).copied().unwrap_or_default(),
                spool_free_bytes: load.spool_free_bytes,
                spool_level: load.spool_level,
                has_folder: recorder.map(|recorder| recorder.has_folder),
                is_draining: draining.contains(&id),
                id,
                jobs,
            }
        };
        jobs.into_iter().map(view).collect()
    }

    fn job_view(&self, recording: &Recording) -> RecorderJobView {
        RecorderJobView {
            recording_id: recording.id,
            tenant_id: recording.tenant_id,
            app_id: recording.app_id.clone(),
            app_name: self.app_name(&recording.app_id),
            room: recording.room.clone(),
            kind: recording.kind,
            state: recording.state,
            millicores: if recording.state.is_running() { self.cost(recording) } else { 0 },
            started_at: recording.started_at.map(rfc3339),
        }
    }

    fn waiting(&self, recording: &Recording) -> Option<WaitingView> {
        Some(WaitingView {
            queue: self.queue_place(recording)?.into(),
            recording_id: recording.id,
            tenant_id: recording.tenant_id,
            app_id: recording.app_id.clone(),
            app_name: self.app_name(&recording.app_id),
            room: recording.room.clone(),
            kind: recording.kind,
            millicores: self.cost(recording),
            queued_at: rfc3339(recording.queued_at),
        })
    }

    fn app_views(&self, in_use: &SlotsInUse, unfinished: &[Recording]) -> Vec<AppSlotsView> {
        let directory = self.0.directory.borrow();
        let with_slots = in_use.picture.slots.keys();
        let with_jobs = unfinished.iter().map(|recording| &recording.app_id);
        let apps: BTreeSet<_> = with_slots.chain(with_jobs).collect();
        let view = |app_id: &AppId| {
            let app = directory.apps.get(app_id)?;
            Some(AppSlotsView {
                tenant_id: app.tenant_id,
                app_id: app_id.clone(),
                app_name: app.name.clone(),
                slots: in_use.of(app_id),
            })
        };
        apps.into_iter().filter_map(view).collect()
    }

    fn app_name(&self, app_id: &AppId) -> Option<String> {
        self.0.directory.borrow().apps.get(app_id).map(|app| app.name.clone())
    }
}
