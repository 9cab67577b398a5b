//! Runs every fuzz target on its seeds and on a few thousand changed ones, on any toolchain.

#[path = "../fuzz/src/targets.rs"]
mod targets;

use jumpa_netsim::Seeds;

/// What means something in JSON, in Base64 and in an SDP.
const LETTERS: &[u8] = b"\"{}[]:,.\\ \r\n0919aeuAZ=-_\0";

fn run(target: &str, work: fn(&[u8]), copies: usize) {
    Seeds::in_folder(&format!("crates/signalling/fuzz/seeds/{target}"))
        .with_letters(LETTERS)
        .attack(work, copies);
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
