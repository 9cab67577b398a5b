use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::*;
use crate::{Caller, CallerConfig, Certificate, IceCandidate, SendLayer};

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
    /// Whether the client lies inside its encryption, and how.
    lies: Option<u64>,
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
            initial_estimate_bps: Some(2_000_000),
        };
        let (peer, answer) = Peer::accept(&config, Offer::parse(&offer).unwrap(), now).unwrap();
        caller.accept_answer(&answer, now).unwrap();
        let mut pair = Self { peer, caller, now, reports: Vec::new(), lies: None };
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
            crypto::tests::set_lies(self.lies);
            self.peer.handle_datagram(Transport::Udp, &transmit.bytes, self.now);
            self.lies = self.lies.map(|seed| seed.wrapping_add(0x9e37_79b9));
            crypto::tests::set_lies(None);
        }
        while let Some(transmit) = self.peer.poll_transmit() {
            let ((), opened) = crypto::observe(&transmit.bytes, None, || {
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
            let timestamp = first + ticks(rate);
            let packet = packet(codec, number.into(), timestamp, &[0x10, 0x51, 0, 0], captured_at);
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

#[test]
fn a_report_from_before_the_first_packet_is_not_believed_and_one_from_after_it_comes_soon() {
    let mut pair = Pair::new();
    // Longer than two reports are apart.
    for _ in 0..250 {
        pair.step();
    }
    let mut beginnings = Vec::new();
    let start = pair.now;
    for number in 0_u32..200 {
        let sound = packet(Codec::Opus, number.into(), 480 * number, &[0xf8, 1, 2], pair.now);
        pair.caller.write(SendLayer { line: Line(0), rid: None }, sound, pair.now);
        pair.step();
        while let Some(event) = pair.peer.poll_event() {
            if let PeerEvent::Media(packet) = event
                && let Some(report) = packet.report
            {
                let sent = Duration::from_millis(u64::from(packet.timestamp / 48));
                let began = report.captured(&packet).unwrap() - sent;
                beginnings.push(began);
            }
        }
    }
    let last = *beginnings.last().expect("reports came");
    assert!(pair.now > start);
    // 200 packets in two seconds: all but those of the first 300 ms.
    assert!(beginnings.len() >= 170, "{} packets after a report", beginnings.len());
    for beginning in beginnings {
        let apart = beginning.duration_since(last).unwrap_or_else(|before| before.duration());
        assert!(apart < Duration::from_millis(12), "{apart:?} from what the last report says");
    }
}

fn packet(codec: Codec, seq: u64, timestamp: u32, payload: &[u8], at: Instant) -> OutPacket {
    OutPacket {
        codec,
        seq,
        timestamp,
        marker: true,
        csrc: None,
        audio_level: None,
        voice_activity: None,
        rotation: None,
        vp8: None,
        payload: Arc::from(payload),
        captured_at: at,
    }
}

/// Panics of any test of this crate's library, those included that the engine catches.
static PANICS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn a_client_that_lies_inside_its_encryption_breaks_nothing() {
    let default_hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        default_hook(info);
    }));
    for seed in 0..30 {
        let mut pair = Pair::new();
        pair.lies = Some(seed);
        for number in 0..500_u64 {
            let now = pair.now;
            let is_lost = number % 7 == 3;
            let keyframe = [0x10, 0x50, 1, 0, 0x9d, 1, 0x2a, 9, 9, 9, 9];
            let picture = packet(Codec::Vp8, number, number as u32 * 900, &keyframe, now);
            let sound = packet(Codec::Opus, number, number as u32 * 480, &[0xf8, 1, 2], now);
            if !is_lost {
                pair.caller.write(SendLayer { line: Line(1), rid: None }, picture.clone(), now);
            }
            pair.caller.write(SendLayer { line: Line(0), rid: None }, sound.clone(), now);
            pair.peer.write(Slot { kind: Kind::Video, index: 0 }, picture, now);
            pair.peer.write(Slot { kind: Kind::Audio, index: 0 }, sound, now);
            if is_lost {
                // The client misses them and asks again.
                while pair.peer.poll_transmit().is_some() {}
            }
            pair.step();
            while pair.peer.poll_event().is_some() {}
        }
        assert_eq!(PANICS.load(Ordering::SeqCst), 0, "seed {seed}");
        assert!(pair.peer.is_alive(), "seed {seed}");
    }
}
