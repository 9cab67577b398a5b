//! A call in real time with flashes and beeps, recorded in every way at once.

use std::time::Duration;

use anyhow::{Context, ensure};
use jumpa_load::av_offset::{Measured, Offsets, Play, measure};
use jumpa_protocol::recording::{
    ComposeTime, Composition, RecordingKind, RecordingLayout, RecordingState,
};
use tokio::task::block_in_place;

use crate::{
    cli::Options,
    process,
    recording_process::{Finished, Task, Wanted},
    report::Figures,
    server::Server,
};

const ROOM: &str = "konsultasi";

/// How long an act of the play is: each brings a leave, a return, mutes and other layers.
const ACT: Duration = Duration::from_secs(60);

/// The recordings, as the report calls them.
const WAYS: [&str; 3] = ["tracks", "live", "after the call"];

pub async fn run(server: &Server, options: &Options) -> anyhow::Result<Figures> {
    let data = tempfile::tempdir().context("making a data folder")?;
    server.make_key()?;
    let composer = options.server.with_file_name("jumpa-composer");
    ensure!(composer.is_file(), "{} is missing", composer.display());
    let task = Task {
        server_url: server.address().to_owned(),
        data: data.path().to_owned(),
        app_id: server.demo_app()?,
        composer: Some(composer),
        recordings: vec![
            wanted(server, None)?,
            wanted(server, Some(ComposeTime::Live))?,
            wanted(server, Some(ComposeTime::AfterCall))?,
        ],
    };
    let (machine, _) = process::machine_load(None);
    let people =
        [server.guest(ROOM, "Siti")?, server.guest(ROOM, "Budi")?, server.guest(ROOM, "Dewi")?];
    let play = Play::begin(people, options.clock_ppm).await?;
    let recorder = task.start()?;
    let acts = u32::try_from(options.minutes).context("counting minutes")?;
    let cues = play.run(ACT, acts).await.context("playing")?;
    let (_, machine_load) = process::machine_load(Some(machine));

    let mut figures = Figures::new(format!(
        "a call of three of {} minutes in real time, with flashes and beeps, joins, leaves, mutes and \
         changes of layers; the clocks of the microphones are {} ppm off",
        options.minutes, options.clock_ppm
    ));
    let library = data.path().join("library");
    let look = |Finished { place, report, took_seconds }: Finished| {
        let way = WAYS[place];
        eprintln!("{way}: {} after {took_seconds:.1} s", report.state.as_str());
        figures.row(&format!("{way}: hang-up to ready"), format!("{took_seconds:.1} s"));
        if report.state != RecordingState::Ready {
            figures.failures.push(format!("{way}: {:?} {:?}", report.failure, report.detail));
            return Ok(());
        }
        match measure(&report, &library, &cues) {
            Ok(found) => {
                for Measured { what, offsets } in found {
                    eprintln!("{way}, {what}: {offsets}");
                    add(&mut figures, &format!("{way}, {what}"), &offsets);
                }
            }
            // The others are worth a look all the same.
            Err(error) => figures.failures.push(format!("{way}: {error:#}")),
        }
        Ok(())
    };
    block_in_place(|| recorder.stop(look))?;
    figures.add_machine_load(machine_load);
    Ok(figures)
}

fn wanted(server: &Server, time: Option<ComposeTime>) -> anyhow::Result<Wanted> {
    let layout = RecordingLayout::Grid;
    Ok(Wanted {
        room: ROOM.parse().context("naming a room")?,
        token: server.token(ROOM, "Perekam")?,
        kind: time.map_or(RecordingKind::Tracks, |_| RecordingKind::Composite),
        composition: time.map(|time| Composition {
            layout,
            height: 720,
            time,
            has_names: true,
            logo: None,
        }),
    })
}

fn add(figures: &mut Figures, what: &str, offsets: &Offsets) {
    let (least, middle, most) = offsets.range();
    let (start, end) = offsets.edges();
    let (sent, found) = offsets.counts();
    let ms = |value: f64| format!("{value:+.1} ms");
    figures.row(
        &format!("{what}: least, median, most"),
        format!("{}, {}, {}", ms(least), ms(middle), ms(most)),
    );
    figures.row(&format!("{what}: first and last tenth"), format!("{}, {}", ms(start), ms(end)));
    figures.row(&format!("{what}: drift in an hour"), ms(offsets.drift_per_hour()));
    figures.row(&format!("{what}: flashes with beeps"), format!("{found} of {sent}"));
    if let Err(error) = offsets.check() {
        figures.failures.push(format!("{what}: {error}"));
    }
}
