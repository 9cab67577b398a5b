//! Runs every fuzz target on its seeds and on a few thousand changed ones, on any toolchain.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use jumpa_netsim::Rng;

/// Panics that happened while a target ran.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder =
        PathBuf::from(env!("JUMPA_CHECKOUT")).join("crates/recorder/fuzz/seeds").join(target);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A changed copy: some bytes flipped, cut out, repeated or taken from another seed.
fn mutated(rng: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut below = |limit: usize| rng.below(limit as u64) as usize;
    let mut bytes = seeds[below(seeds.len())].clone();
    for _ in 0..=below(4) {
        let at = below(bytes.len());
        let len = below(16).min(bytes.len() - at);
        match below(6) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << below(8)),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = below(256) as u8),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..at + len)),
            4 => {
                let again = bytes[at..at + len].to_vec();
                bytes.splice(at..at, again);
            }
            _ => {
                let other = &seeds[below(seeds.len())];
                let from = below(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
    bytes
}

fn run(target: &str, work: fn(&[u8]), mutations: usize) {
    std::panic::set_hook(Box::new(|info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        eprintln!("{info}");
    }));
    let seeds = seeds(target);
    let mut rng = Rng::new(0x6a75_6d70_6100);
    for seed in &seeds {
        work(seed);
    }
    for round in 0..mutations {
        let bytes = mutated(&mut rng, &seeds);
        work(&bytes);
        let panics = PANICS.load(Ordering::SeqCst);
        assert_eq!(panics, 0, "round {round} panicked on {}", String::from_utf8_lossy(&bytes));
    }
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
