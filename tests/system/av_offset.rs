//! Sound and pictures of recordings are together: what an hour shows on demand
//! (`make measure-recording`), in some seconds.

use std::time::Duration;

use jumpa_load::av_offset::{Play, measure};
use jumpa_protocol::recording::{
    ComposeTime, Composition, RecordingJob, RecordingKind, RecordingLayout, RecordingState,
};

use crate::{
    recorder::{ROOM, Recorder, job_of},
    server,
};

/// One act: a leave and a return, mutes of sound and picture, and other layers.
const LENGTH: Duration = Duration::from_secs(22);

/// As far off as a poor crystal is.
const CLOCK_PPM: f64 = 100.0;

fn composed(job: RecordingJob, time: ComposeTime) -> RecordingJob {
    let layout = RecordingLayout::Grid;
    let composition = Composition { layout, height: 720, time, has_names: true, logo: None };
    RecordingJob { kind: RecordingKind::Composite, composition: Some(composition), ..job }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sound_and_pictures_are_together_in_every_kind_of_recording() {
    let server = server().await;
    let app = server.create_app("Klinik Sehat", &["--guests"]).await;
    let people = ["Siti", "Budi", "Dewi"].map(|name| server.options(&app, ROOM, name));
    let play = Play::begin(people, CLOCK_PPM).await.unwrap();
    let folders = tempfile::tempdir().unwrap();
    let mut recorders = Vec::new();
    for (way, time) in [
        ("tracks", None),
        ("live", Some(ComposeTime::Live)),
        ("after", Some(ComposeTime::AfterCall)),
    ] {
        let job = job_of(&server, &app, play.call_id().unwrap());
        let job = time.map_or(job.clone(), |time| composed(job, time));
        let data = folders.path().join(way);
        recorders.push((way, data.clone(), Recorder::start(&server, &data, job)));
    }
    let cues = play.run(LENGTH, 1).await.unwrap();
    for (way, data, mut recorder) in recorders {
        let report = recorder.finish().await;
        assert_eq!((report.state, &report.detail), (RecordingState::Ready, &None), "{way}");
        for found in measure(&report, &data.join("library"), &cues).unwrap() {
            println!("{way}, {}: {}", found.what, found.offsets);
            if let Err(error) = found.offsets.check() {
                panic!("{way}, {}: {error}; {}", found.what, found.offsets);
            }
        }
    }
}
