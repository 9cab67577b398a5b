//! Offers of real browsers, four lines, two slots of each kind and a data channel.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use jumpa_rtc::{Certificate, Codec, IceCandidate, Kind, Offer, Peer, PeerConfig, Slot, Transport};

const CHROMIUM: &str = include_str!("../fuzz/seeds/offer/chromium.sdp");
const FIREFOX: &str = include_str!("../fuzz/seeds/offer/firefox.sdp");
const ENCODER: &str = include_str!("../fuzz/seeds/offer/encoder.sdp");

fn answered(offer: &str) -> (Peer, String) {
    let address = ([203, 0, 113, 5], 7882).into();
    let config = PeerConfig {
        certificate: Certificate::generate().unwrap(),
        candidates: [Transport::Udp, Transport::Tcp]
            .map(|transport| IceCandidate { transport, address })
            .to_vec(),
        initial_estimate_bps: Some(1_000_000),
    };
    Peer::accept(&config, Offer::parse(offer).unwrap(), jumpa_netsim::epoch()).unwrap()
}

/// The lines of the `index`th m-line.
fn section(answer: &str, index: usize) -> Vec<&str> {
    let mut sections: Vec<Vec<&str>> = vec![vec![]];
    for line in answer.lines() {
        if line.starts_with("m=") {
            sections.push(vec![]);
        }
        sections.last_mut().unwrap().push(line);
    }
    sections.remove(index + 1)
}

#[test]
fn the_lines_of_both_browsers_are_read_in_order() {
    for offer in [CHROMIUM, FIREFOX] {
        let offer = Offer::parse(offer).unwrap();
        assert_eq!(offer.lines(), [Kind::Audio, Kind::Video, Kind::Video, Kind::Audio]);
        assert_eq!((offer.slots(Kind::Audio), offer.slots(Kind::Video)), (2, 2));
    }
}

#[test]
fn every_m_line_of_the_offer_is_accepted_in_its_direction() {
    for offer in [CHROMIUM, FIREFOX] {
        let (_, answer) = answered(offer);
        for index in 0..8 {
            let wanted = if index < 4 { "a=recvonly" } else { "a=sendonly" };
            assert!(section(&answer, index).contains(&wanted), "{index}: {answer}");
        }
        assert!(answer.contains("a=ice-lite"));
        assert!(answer.contains("tcptype passive"));
        assert!(section(&answer, 1).iter().any(|line| line.starts_with("a=simulcast:recv q;h;f")));
    }
}

#[test]
fn sending_m_lines_tell_their_ssrc_and_that_of_resends() {
    for offer in [CHROMIUM, FIREFOX] {
        let (_, answer) = answered(offer);
        let slot = section(&answer, 6);
        assert!(slot.iter().any(|line| line.starts_with("a=ssrc-group:FID ")), "{slot:?}");
        assert!(slot.iter().any(|line| line.starts_with("a=msid:")), "{slot:?}");
    }
}

#[test]
fn only_chromium_takes_red() {
    let slot = Slot { kind: Kind::Audio, index: 1 };
    assert_eq!(answered(CHROMIUM).0.slot_codecs(slot), [Codec::Red, Codec::Opus]);
    assert_eq!(answered(FIREFOX).0.slot_codecs(slot), [Codec::Opus]);
}

/// A new profile of Firefox has no H.264 until it has fetched its codec.
#[test]
fn slots_have_the_codecs_that_the_browser_offers() {
    let slot = Slot { kind: Kind::Video, index: 1 };
    assert_eq!(answered(CHROMIUM).0.slot_codecs(slot), [Codec::Vp8, Codec::H264]);
    assert_eq!(answered(FIREFOX).0.slot_codecs(slot), [Codec::Vp8]);
}

#[test]
fn an_encoder_without_slots_is_answered() {
    let (peer, answer) = answered(ENCODER);
    assert_eq!(peer.slots(Kind::Video), 0);
    assert!(section(&answer, 1).iter().any(|line| line.contains("H264/90000")), "{answer}");
}
