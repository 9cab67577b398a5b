//! Runs every fuzz target on its seeds and on a few thousand changed ones, on any toolchain.

#[path = "../fuzz/src/targets.rs"]
mod targets;

use jumpa_netsim::Seeds;

fn run(target: &str, work: fn(&[u8]), copies: usize) {
    Seeds::in_folder(&format!("crates/rtc/fuzz/seeds/{target}")).attack(work, copies);
}

#[test]
fn no_payload_of_vp8_breaks_its_reader() {
    run("vp8", targets::vp8, 5_000);
}

#[test]
fn no_payload_of_h264_breaks_its_reader() {
    run("h264", targets::h264, 5_000);
}

#[test]
fn no_payload_of_red_breaks_its_reader() {
    run("red", targets::red, 5_000);
}

#[test]
fn no_rtcp_packet_breaks_its_reader() {
    run("rtcp", targets::rtcp, 5_000);
}

#[test]
fn no_datagram_of_a_stranger_breaks_a_peer() {
    run("datagram", targets::datagram, 3_000);
}

#[test]
fn no_offer_breaks_a_peer() {
    run("offer", targets::offer, 1_000);
}
