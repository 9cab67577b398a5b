//! What composing costs: processor seconds per second of media, and memory.
//!
//! Moving pictures with noise, made by ffmpeg, are recorded as a recorder would, and composed by the
//! program itself: after the call as fast as it goes, and live in real time. Where Chromium and Xvfb
//! are installed the same pictures are also filmed in a browser, as Jibri does.

mod browser;
mod media;
mod processes;

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use jumpa_protocol::recording::RecordingLayout;
use jumpa_recorded::composing::{ComposedKind, Composition, FromComposer, ToComposer};
use media::Call;

/// Media of each measurement.
const SECONDS: u64 = 20;

/// How often a live composer is told how far it may go.
const TICK: Duration = Duration::from_millis(250);

/// A measurement.
struct Cost {
    /// Processor seconds per second of media.
    cores: f64,
    memory_mib: u64,
}

fn main() {
    gstreamer::init().expect("GStreamer");
    println!("| what | preset | cores | memory |");
    println!("| --- | --- | --- | --- |");
    let four = Call::record(4, (640, 360), 600, SECONDS);
    for preset in ["ultrafast", "veryfast"] {
        report("4 × 360p → 720p30, after the call", preset, &compose(&four, preset, false));
        report("4 × 360p → 720p30, live", preset, &compose(&four, preset, true));
        if let Some(cost) = browser::film(&four, preset) {
            report("4 × 360p → 720p30, a browser that is filmed", preset, &cost);
        }
    }
    drop(four);
    let nine = Call::record(9, (320, 180), 220, SECONDS);
    report("9 × 180p → 720p30, after the call", "veryfast", &compose(&nine, "veryfast", false));
    report("9 × 180p → 720p30, live", "veryfast", &compose(&nine, "veryfast", true));
}

fn report(what: &str, preset: &str, cost: &Cost) {
    println!("| {what} | {preset} | {:.3} | {} MiB |", cost.cores, cost.memory_mib);
}

fn compose(call: &Call, preset: &str, is_live: bool) -> Cost {
    call.forget_composite();
    let order = order(call.folder(), is_live);
    let before = processes::of_dead_children();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jumpa-composer"))
        .args(["--preset", preset])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the composer starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut say = move |word: &ToComposer| {
        let line = serde_json::to_string(word).expect("words are JSON");
        writeln!(stdin, "{line}").expect("the composer listens");
    };
    say(&ToComposer::Begin { composition: order });
    let end = ToComposer::End { at_ms: SECONDS * 1_000 };
    // Time passes for a live composer; the words end with the call.
    let clock = thread::spawn(move || {
        let began = Instant::now();
        while is_live && began.elapsed() < Duration::from_secs(SECONDS) {
            say(&ToComposer::Horizon { at_ms: began.elapsed().as_millis() as u64 });
            thread::sleep(TICK);
        }
        say(&end);
        say
    });
    let mut memory_mib = 0;
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
        memory_mib = memory_mib.max(processes::peak_mib(child.id()));
        let line = line.expect("lines are text");
        if matches!(serde_json::from_str(&line), Ok(FromComposer::Done { .. })) {
            break;
        }
    }
    let is_done = child.wait().expect("it ends").success();
    assert!(is_done && clock.join().is_ok(), "the composer failed");
    let used = processes::of_dead_children() - before;
    Cost { cores: used.as_secs_f64() / SECONDS as f64, memory_mib }
}

fn order(folder: &Path, is_live: bool) -> Composition {
    Composition {
        folder: folder.to_owned(),
        kind: ComposedKind::Composite,
        layout: RecordingLayout::Grid,
        width: 1_280,
        height: 720,
        has_names: true,
        logo: None,
        is_live,
        targets: Vec::new(),
    }
}
