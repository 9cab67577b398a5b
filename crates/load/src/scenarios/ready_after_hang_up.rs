//! From the hang-up of a long call to its tracks in the library.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
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
    job::{Workshop, spawn},
    library::Library,
    spool::Spool,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{cli::Options, process, recording_process::answer, report::Figures};

/// What two people sent: cameras of 720p at 30 pictures a second, and voices.
const PEOPLE: u32 = 2;
const PICTURE_BPS: u64 = 1_500_000;
const VOICE_BPS: u64 = 32_000;

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
    let bytes = write_call(&spool.job_folder(job.id), options.minutes)?;
    record.report.state = RecordingState::Finalising;
    record.report.started_at_ms = Some(BEGAN_AT_MS);
    record.report.ended_at_ms = Some(BEGAN_AT_MS + options.minutes * 60_000);
    spool.save(&record).context("writing the job")?;

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
    let (machine, _) = process::machine_load(None);
    let began = Instant::now();
    let (_commands, _task) = spawn(workshop, record, None);
    let is_over = |reports: &BTreeMap<RecordingId, JobReport>| {
        reports.get(&job.id).is_some_and(|report| report.state.is_final())
    };
    let state = known.wait_for(is_over).await.context("waiting for the library")?[&job.id].state;
    let took = began.elapsed();
    answering.abort();
    ensure!(state == RecordingState::Ready, "the recording is {}", state.as_str());
    let (_, machine_load) = process::machine_load(Some(machine));

    let mut figures = Figures::new(format!(
        "a call of {PEOPLE} people of {} minutes, recorded as tracks, into a folder of the same disk",
        options.minutes
    ));
    figures.row("hang-up to ready", format!("{:.1} s", took.as_secs_f64()));
    figures.row("size of the files", format!("{} MiB", bytes >> 20));
    figures.add_machine_load(machine_load);
    Ok(figures)
}

/// Files as a recorder leaves them at the hang-up, on the disk.
fn write_call(folder: &Path, minutes: u64) -> anyhow::Result<u64> {
    let mut bytes = 0;
    let sources = [(SourceKind::Camera, PICTURE_BPS, 30), (SourceKind::Microphone, VOICE_BPS, 50)];
    for (number, person) in (0..).step_by(sources.len()).zip(0..PEOPLE) {
        let participant_id = ParticipantId::generate();
        for (index, (source, bps, per_second)) in (number + 1..).zip(sources) {
            let format = match source {
                SourceKind::Camera => {
                    let (codec, size) = (VideoCodec::Vp8, (1_280, 720));
                    let format = VideoFormat { codec, size, configuration: Vec::new() };
                    TrackFormat::video(format, BEGAN_AT_MS)
                }
                _ => TrackFormat::opus(BEGAN_AT_MS),
            };
            let extension = format.codec.extension();
            let name = TrackName { number: index, participant_id, source, extension };
            let (mut writer, head) = Writer::begin(&format);
            let file = File::create(folder.join(name.to_string())).context("making a file")?;
            let mut file = BufWriter::new(file);
            file.write_all(&head).context("writing a file")?;
            let mut frame = vec![person as u8; (bps / 8 / per_second) as usize];
            for count in 0..minutes * 60 * per_second {
                // No frame is like another, so that nothing can be left out on its way to the disk.
                for (byte, of) in frame.iter_mut().zip(count.to_le_bytes()) {
                    *byte = of;
                }
                let is_keyframe = source != SourceKind::Camera || count % (10 * per_second) == 0;
                let block = writer.frame(count * 1_000 / per_second, is_keyframe, &frame);
                bytes += block.len() as u64;
                file.write_all(&block).context("writing a file")?;
            }
            let file = file.into_inner().map_err(|error| error.into_error());
            file.and_then(|file| file.sync_all()).context("writing a file")?;
        }
    }
    Ok(bytes)
}
