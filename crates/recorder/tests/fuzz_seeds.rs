//! Runs every fuzz target on its seeds and on a few thousand changed ones, on any toolchain.

#[path = "../fuzz/src/targets.rs"]
mod targets;

use jumpa_netsim::Seeds;

fn run(target: &str, work: fn(&[u8]), copies: usize) {
    Seeds::in_folder(&format!("crates/recorder/fuzz/seeds/{target}")).attack(work, copies);
}

#[test]
fn no_payload_of_video_breaks_the_depacketizer() {
    run("video", targets::video, 5_000);
}

#[test]
fn no_payload_of_audio_breaks_the_depacketizer() {
    run("audio", targets::audio, 5_000);
}

#[test]
fn no_spoiled_file_breaks_its_reader() {
    run("webm", targets::webm, 5_000);
}
