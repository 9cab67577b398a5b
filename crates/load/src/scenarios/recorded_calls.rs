//! Many calls whose tracks are recorded at once.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use jumpa_client::{
    Client,
    synthetic::{
        AudioSource, CameraLayer, Publisher, VideoFormat, publish_camera, publish_microphone,
    },
};
use jumpa_protocol::{SourceKind, recording::RecordingKind};
use jumpa_recorded::{
    events::{Line, LogEvent},
    files::{EVENTS_FILE, TrackName, media_files},
};
use tokio::time::{Instant, sleep};

use super::SETTLE;
use crate::{
    cli::Options,
    process,
    recording_process::{Task, Wanted},
    report::Figures,
    server::Server,
};

/// People in a call.
const IN_A_CALL: usize = 10;

/// What everybody sends: the layer of a camera that a call of four shows, and a voice.
const PICTURE: VideoFormat = VideoFormat { width: 640, height: 360, fps: 30, bitrate_bps: 500_000 };
const VOICE_BPS: u32 = 32_000;

/// How loud everybody speaks, −dBov.
const LEVEL: u8 = 30;

/// A voice and a picture, as long as they are sent.
struct Person {
    _client: Client,
    _media: [Publisher; 2],
}

pub async fn run(server: &Server, options: &Options) -> anyhow::Result<Figures> {
    let calls = options.recorded.div_ceil(IN_A_CALL);
    let room = |call: usize| format!("konsultasi-{call}");
    // Before people come, so that the server knows it when the recorder does.
    server.make_key()?;
    let mut people = Vec::new();
    for number in 0..options.recorded {
        people.push(join(server, &room(number / IN_A_CALL), number).await?);
    }
    let data = tempfile::tempdir().context("making a data folder")?;
    let recordings = (0..calls).map(|call| {
        let room = room(call);
        Ok(Wanted {
            room: room.parse().context("naming a room")?,
            token: server.token(&room, "Perekam")?,
            kind: RecordingKind::Tracks,
            composition: None,
        })
    });
    let task = Task {
        server_url: server.address().to_owned(),
        data: data.path().to_owned(),
        app_id: server.demo_app()?,
        composer: None,
        recordings: recordings.collect::<anyhow::Result<_>>()?,
    };
    let recorder = task.start()?;
    sleep(SETTLE).await;

    let spool = data.path().join("spool");
    let (began, cpu) = (Instant::now(), process::cpu_time(recorder.pid())?);
    let before = Written::look(&spool)?;
    let (machine, _) = process::machine_load(None);
    sleep(options.duration()).await;
    let after = Written::look(&spool)?;
    let cpu = process::cpu_time(recorder.pid())?.since(cpu).whole;
    let elapsed = began.elapsed();
    let (_, machine_load) = process::machine_load(Some(machine));
    let memory = process::resident_bytes(recorder.pid())?;
    ensure!(after.sources == people.len() * 2, "{} sources are recorded", after.sources);

    let cores = cpu.as_secs_f64() / elapsed.as_secs_f64();
    let each = cores * 1_000.0 / people.len() as f64;
    let mbit = (after.bytes - before.bytes) as f64 * 8.0 / 1e6 / elapsed.as_secs_f64();
    let mut figures = Figures::new(format!(
        "{} people in calls of {IN_A_CALL}, each sends 640 × 360 at 500 kbit/s and a voice; all are \
         recorded by one process",
        people.len()
    ));
    figures.row("recorder CPU per participant", format!("{each:.2} thousandths of a core"));
    figures.row("recorder CPU", format!("{cores:.3} cores"));
    figures.row("recorder memory", format!("{} MiB", memory >> 20));
    figures.row("written", format!("{mbit:.1} Mbit/s"));
    figures.row("gaps in the files", (after.gaps - before.gaps).to_string());
    figures.row("measured for", format!("{:.1} s", elapsed.as_secs_f64()));
    figures.add_machine_load(machine_load);
    drop(people);
    recorder.stop(|_| Ok(()))?;
    Ok(figures)
}

async fn join(server: &Server, room: &str, number: usize) -> anyhow::Result<Person> {
    let mut guest = server
        .guest(room, &format!("Orang {number}"))?
        .with_slots(0, 0)
        .sending(SourceKind::Microphone)
        .sending(SourceKind::Camera);
    guest.camera_layers = Vec::new();
    let (client, _) = Client::join(guest).await.context("joining as somebody who is recorded")?;
    client.wait_for_media().await.context("waiting for media")?;
    let seed = u32::try_from(number).unwrap_or_default() + 1;
    let camera = publish_camera(&client, &[CameraLayer { layer: None, format: PICTURE }], seed);
    let microphone = publish_microphone(&client, AudioSource::new(VOICE_BPS, seed));
    microphone.set_level(LEVEL);
    Ok(Person { _client: client, _media: [camera, microphone] })
}

/// What a recorder has written.
struct Written {
    /// Different sources that have a file.
    sources: usize,
    bytes: u64,
    /// Places where something is missing.
    gaps: usize,
}

impl Written {
    fn look(spool: &Path) -> anyhow::Result<Self> {
        let mut written = Self { sources: 0, bytes: 0, gaps: 0 };
        for entry in fs::read_dir(spool).context("reading the spool")? {
            let folder = entry.context("reading the spool")?.path();
            let names = media_files(&folder).context("listing files")?;
            let mut sources: Vec<_> = names
                .iter()
                .filter_map(|name| TrackName::parse(name))
                .map(|name| (name.participant_id, name.source))
                .collect();
            sources.sort_unstable();
            sources.dedup();
            written.sources += sources.len();
            for name in names {
                written.bytes +=
                    fs::metadata(folder.join(name)).context("looking at a file")?.len();
            }
            let log = fs::read_to_string(folder.join(EVENTS_FILE)).unwrap_or_default();
            let lines = log.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
            written.gaps += lines.filter(|line| matches!(line.event, LogEvent::Gap { .. })).count();
        }
        Ok(written)
    }
}
