//! Runs every fuzz target on its seeds and on a few thousand changed ones, on any toolchain.

#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::{fs, path::PathBuf};

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder =
        PathBuf::from(env!("JUMPA_CHECKOUT")).join("crates/signalling/fuzz/seeds").join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of seeds")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    paths.into_iter().map(|path| fs::read(path).expect("a seed")).collect()
}

/// Numbers that look random and are the same in each run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % limit.max(1) as u64) as usize
    }
}

/// A changed copy: some letters exchanged, cut out, repeated or taken from another seed.
fn mutated(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    const LETTERS: &[u8] = b"\"{}[]:,.\\ \r\n0919aeuAZ=-_\0";
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let len = dice.below(16).min(bytes.len() - at);
        match dice.below(5) {
            0 => bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte = LETTERS[dice.below(LETTERS.len())]),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..at + len)),
            3 => {
                let again = bytes[at..at + len].to_vec();
                bytes.splice(at..at, again);
            }
            _ => {
                let other = &seeds[dice.below(seeds.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[dice.below(other.len())..]);
            }
        }
    }
    bytes
}

fn run(target: &str, work: fn(&[u8]), mutations: usize) {
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| work(seed));
    let mut dice = Dice(0x6a75_6d70_6100);
    for _ in 0..mutations {
        work(&mutated(&mut dice, &seeds));
    }
}

#[test]
fn no_message_breaks_a_session_or_its_call() {
    run("message", targets::message, 5_000);
}

#[test]
fn no_token_breaks_its_check() {
    run("token", targets::token, 10_000);
}

#[test]
fn no_fragment_breaks_its_reader() {
    run("fragment", targets::fragment, 10_000);
}
