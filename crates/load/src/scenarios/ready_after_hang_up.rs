//! From the hang-up of a long call to its tracks in the library.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
    ops::Range,
    path::Path,
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, ensure};
use jumpa_protocol::{
    CallId, ParticipantId, RecordingId, SourceKind, TenantId,
    recording::{JobReport, RecordingJob, RecordingKind, RecordingState},
};
use jumpa_recorded::{
    VideoCodec, VideoFormat,
    files::TrackName,
    webm::{TrackFormat, Writer},
};
use jumpa_recorder::{
    composing::{Composers, Meter, Queue},
    job::{Workshop, spawn, upload_early},
    library::Library,
    spool::{JobRecord, Spool},
};
use tokio::{sync::watch, task::block_in_place};
use tokio_util::sync::CancellationToken;

use crate::{cli::Options, process, recording_process::answer, report::Figures};

/// What two people sent: cameras of 720p at 30 pictures a second, and voices.
const PEOPLE: u32 = 2;
const PICTURE_BPS: u64 = 1_500_000;
const VOICE_BPS: u64 = 32_000;

/// How long a recorder makes its files.
const FILE_MINUTES: u64 = 10;

const BEGAN_AT_MS: u64 = 1_790_000_000_000;

pub async fn run(options: &Options) -> anyhow::Result<Figures> {
    let data = tempfile::tempdir().context("making a data folder")?;
    let spool = Spool::open(data.path()).context("opening the spool")?;
    let job = RecordingJob {
        id: RecordingId::generate(),
        tenant_id: TenantId::generate(),
        app_id: "klinik-sehat".parse().context("naming an app")?,
        room: "konsultasi".parse().context("naming a room")?,
        call_id: CallId::generate(),
        kind: RecordingKind::Tracks,
        max_height: 720,
        composition: None,
        targets: Vec::new(),
        weight: 1,
        join_token: String::new(),
    };
    let mut record = spool.begin(&job).context("beginning a job")?;
    let (reports, mut known) = watch::channel(BTreeMap::<RecordingId, JobReport>::new());
    let workshop = Arc::new(Workshop {
        server_url: String::new(),
        spool,
        library: Library::new(data.path().join("library")).context("opening the library")?,
        keep_free: 0,
        composers: Composers { program: None, meter: Meter::default(), queue: Queue::new(0) },
        reports,
        shutdown: CancellationToken::new(),
    });
    let answering = tokio::spawn(answer(Arc::clone(&workshop)));
    record.report.started_at_ms = Some(BEGAN_AT_MS);
    record_call(&workshop, &record, options.minutes).await?;
    record.report.state = RecordingState::Finalising;
    record.report.ended_at_ms = Some(BEGAN_AT_MS + options.minutes * 60_000);
    workshop.spool.save(&record).context("writing the job")?;
    let (machine, _) = process::machine_load(None);
    let began = Instant::now();
    let (_commands, _task) = spawn(workshop, record, None);
    let is_over = |reports: &BTreeMap<RecordingId, JobReport>| {
        reports.get(&job.id).is_some_and(|report| report.state.is_final())
    };
    let report = known.wait_for(is_over).await.context("waiting for the library")?[&job.id].clone();
    let took = began.elapsed();
    answering.abort();
    let state = report.state;
    ensure!(state == RecordingState::Ready, "the recording is {}", state.as_str());
    let (_, machine_load) = process::machine_load(Some(machine));

    let mut figures = Figures::new(format!(
        "a call of {PEOPLE} people of {} minutes, recorded as tracks, into a folder of the same disk",
        options.minutes
    ));
    figures.row("hang-up to ready", format!("{:.1} s", took.as_secs_f64()));
    figures.row("size of the files", format!("{} MiB", report.bytes >> 20));
    figures.add_machine_load(machine_load);
    Ok(figures)
}

/// A person's source in the call.
#[derive(Debug, Clone, Copy)]
struct Source {
    participant_id: ParticipantId,
    kind: SourceKind,
    bps: u64,
    frames_per_second: u64,
}

impl Source {
    fn of_everybody() -> Vec<Self> {
        let of_person = |_| {
            let participant_id = ParticipantId::generate();
            let source = |kind, bps, frames_per_second| Self {
                participant_id,
                kind,
                bps,
                frames_per_second,
            };
            [
                source(SourceKind::Camera, PICTURE_BPS, 30),
                source(SourceKind::Microphone, VOICE_BPS, 50),
            ]
        };
        (0..PEOPLE).flat_map(of_person).collect()
    }

    fn format(&self, began_at_ms: u64) -> TrackFormat {
        if self.kind == SourceKind::Microphone {
            return TrackFormat::opus(began_at_ms);
        }
        let (codec, size) = (VideoCodec::Vp8, (1_280, 720));
        let format = VideoFormat { codec, size, configuration: Vec::new() };
        TrackFormat::video(format, began_at_ms)
    }

    /// Writes a file as the recorder does, on the disk when this returns, and gives its name.
    fn write(&self, folder: &Path, number: u32, minutes: Range<u64>) -> anyhow::Result<String> {
        let format = self.format(BEGAN_AT_MS + minutes.start * 60_000);
        let Self { participant_id, kind: source, frames_per_second, .. } = *self;
        let extension = format.codec.extension();
        let name = TrackName { number, participant_id, source, extension }.to_string();
        let (mut writer, head) = Writer::begin(&format);
        let file = File::create(folder.join(&name)).context("making a file")?;
        let mut file = BufWriter::new(file);
        file.write_all(&head).context("writing a file")?;
        let mut frame = vec![number as u8; (self.bps / 8 / frames_per_second) as usize];
        for count in 0..(minutes.end - minutes.start) * 60 * frames_per_second {
            // No frame is like another, so that nothing can be left out on its way to the disk.
            for (byte, of) in frame.iter_mut().zip(count.to_le_bytes()) {
                *byte = of;
            }
            let is_keyframe =
                source != SourceKind::Camera || count.is_multiple_of(10 * frames_per_second);
            let block = writer.frame(count * 1_000 / frames_per_second, is_keyframe, &frame);
            file.write_all(&block).context("writing a file")?;
        }
        let file = file.into_inner().map_err(|error| error.into_error());
        file.and_then(|file| file.sync_all()).context("writing a file")?;
        Ok(name)
    }
}

/// Files as a recorder leaves them at the hang-up, on the disk: the last ones as they were written,
/// the others uploaded already.
async fn record_call(workshop: &Workshop, record: &JobRecord, minutes: u64) -> anyhow::Result<()> {
    let folder = workshop.spool.job_folder(record.id());
    let sources = Source::of_everybody();
    let mut numbers = 1..;
    for begin in (0..minutes).step_by(FILE_MINUTES as usize) {
        let end = (begin + FILE_MINUTES).min(minutes);
        for (source, number) in sources.iter().zip(&mut numbers) {
            let name = block_in_place(|| source.write(&folder, number, begin..end))?;
            if end < minutes {
                upload_early(workshop, record, &name).await.context("uploading a file")?;
            }
        }
    }
    Ok(())
}
