use std::sync::Arc;

use super::*;
use crate::{Caller, CallerConfig, Certificate, IceCandidate};

/// A sender report (RFC 3550 section 6.4.1): whose, and which RTP time was at which moment.
#[derive(Debug, Clone, Copy)]
struct Report {
    ssrc: u32,
    /// Seconds since 1900.
    at: f64,
    timestamp: u32,
}

fn reports(compound: &[u8]) -> Vec<Report> {
    let word = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 4).map(|word| u32::from_be_bytes(word.try_into().unwrap()))
    };
    let mut reports = Vec::new();
    let mut rest = compound;
    while let Some(header) = word(rest, 0) {
        let end = ((header & 0xffff) as usize + 1) * 4;
        if header >> 16 & 0xff == 200 {
            let at = f64::from(word(rest, 8).unwrap())
                + f64::from(word(rest, 12).unwrap()) / 4_294_967_296.0;
            let (ssrc, timestamp) = (word(rest, 4).unwrap(), word(rest, 16).unwrap());
            reports.push(Report { ssrc, at, timestamp });
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    reports
}

/// A connected pair whose datagrams arrive at once.
struct Pair {
    peer: Peer,
    caller: Caller,
    now: Instant,
    reports: Vec<Report>,
}

impl Pair {
    fn new() -> Self {
        let now = jumpa_netsim::epoch();
        let certificate = Certificate::generate().unwrap();
        let candidate = |address| IceCandidate {
            transport: Transport::Udp,
            address: ([10, 0, 0, 1], address).into(),
        };
        let config = CallerConfig {
            certificate: certificate.clone(),
            local: candidate(2),
            audio_slots: 1,
            video_slots: 1,
            video_codecs: vec![Codec::Vp8],
            offers_red: false,
            camera_rids: Vec::new(),
        };
        let (mut caller, offer) = Caller::offer(&config, now).unwrap();
        let config = PeerConfig {
            certificate,
            candidates: vec![candidate(1)],
            initial_estimate_bps: 2_000_000,
        };
        let (peer, answer) = Peer::accept(&config, Offer::parse(&offer).unwrap(), now).unwrap();
        caller.accept_answer(&answer, now).unwrap();
        let mut pair = Self { peer, caller, now, reports: Vec::new() };
        while !pair.peer.is_connected {
            pair.step();
        }
        pair
    }

    /// Lets ten milliseconds pass.
    fn step(&mut self) {
        self.now += Duration::from_millis(10);
        let server = ([10, 0, 0, 1], 1).into();
        self.peer.handle_timeout(self.now);
        self.caller.handle_timeout(self.now);
        while let Some((_, transmit)) = self.caller.poll_transmit() {
            self.peer.handle_datagram(Transport::Udp, &transmit.bytes, self.now);
        }
        while let Some(transmit) = self.peer.poll_transmit() {
            let ((), opened) = crypto::observe(&transmit.bytes, || {
                self.caller.handle_datagram(Transport::Udp, server, &transmit.bytes, self.now);
            });
            if opened.is_authentic {
                self.reports.extend(reports(&opened.rtcp));
            }
        }
    }

    fn ssrc(&self, kind: Kind) -> u32 {
        let slot = Slot { kind, index: 0 };
        *self.peer.slot_of_ssrc.iter().find(|(_, of)| **of == slot).unwrap().0
    }
}

#[test]
fn sender_reports_put_sound_and_pictures_on_one_timeline() {
    let mut pair = Pair::new();
    let start = pair.now;
    for number in 0_u32..300 {
        // Both were captured 40 ms before they are sent.
        let captured_at = pair.now - Duration::from_millis(40);
        let ticks = |rate: u32| number * (rate / 100);
        for (kind, codec, first, rate) in
            [(Kind::Audio, Codec::Opus, 7_000, 48_000), (Kind::Video, Codec::Vp8, 900_000, 90_000)]
        {
            let packet = OutPacket {
                codec,
                seq: u64::from(number),
                timestamp: first + ticks(rate),
                marker: true,
                csrc: None,
                audio_level: None,
                voice_activity: None,
                rotation: None,
                vp8: None,
                payload: Arc::from([0x10, 0x51, 0, 0]),
                captured_at,
            };
            pair.peer.write(Slot { kind, index: 0 }, packet, pair.now);
        }
        pair.step();
    }
    // When the first packet was captured, by each report.
    let beginnings = |kind: Kind, first: u32, rate: f64| -> Vec<f64> {
        let ssrc = pair.ssrc(kind);
        pair.reports
            .iter()
            .filter(|report| report.ssrc == ssrc && report.timestamp > first)
            .map(|report| report.at - f64::from(report.timestamp - first) / rate)
            .collect()
    };
    let audio = beginnings(Kind::Audio, 7_000, 48_000.0);
    let video = beginnings(Kind::Video, 900_000, 90_000.0);
    assert!(audio.len() >= 2 && video.len() >= 2, "{audio:?} {video:?}");
    assert!(pair.now > start);
    for beginning in audio.iter().chain(&video) {
        let difference = (beginning - audio[0]).abs();
        assert!(difference < 0.012, "{difference} s apart: {audio:?} {video:?}");
    }
}
