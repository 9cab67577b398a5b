//! A peer and a caller over an emulated link, in virtual time.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod world;

use std::time::Duration;

use jumpa_rtc::{
    CallerEvent, Codec, IceCandidate, Kind, Line, Offer, OutPacket, Peer, PeerEvent, Rid, Slot,
    Transport, Vp8Rewrite, red,
};

use world::{World, address, caller_config, line, opus, out, peer_config, vp8};

const VIDEO: Slot = Slot { kind: Kind::Video, index: 2 };
const AUDIO: Slot = Slot { kind: Kind::Audio, index: 1 };

#[test]
fn both_ends_connect_and_know_the_slots() {
    let world = World::usual();
    assert_eq!(world.peer.slots(Kind::Audio), 2);
    assert_eq!(world.peer.slots(Kind::Video), 4);
    assert_eq!(world.peer.slot_codecs(VIDEO), [Codec::Vp8, Codec::H264]);
    assert_eq!(world.peer.slot_codecs(AUDIO), [Codec::Red, Codec::Opus]);
    assert!(world.peer_events.iter().any(|event| matches!(event, PeerEvent::Connected)));
}

#[test]
fn connecting_takes_a_handshake_and_no_timer() {
    let mut world = World::new(&peer_config(), &caller_config());
    let start = world.now;
    world.run_until(Duration::from_secs(5), |world| {
        world.peer_events.iter().any(|event| matches!(event, PeerEvent::Connected))
    });
    assert!(world.now - start < Duration::from_millis(300), "{:?}", world.now - start);
}

#[test]
fn simulcast_layers_arrive_with_their_rid_and_size() {
    let mut world = World::usual();
    for rid in ["q", "h", "f"] {
        world.send_up(line(1, Some(rid)), 5, |number| vp8(number, 100));
    }
    world.run(Duration::from_millis(100));
    for rid in ["q", "h", "f"] {
        let of_layer: Vec<_> =
            world.at_peer().into_iter().filter(|packet| packet.rid == Rid::new(rid)).collect();
        assert_eq!(of_layer.len(), 5, "{rid}");
        assert!(of_layer.iter().all(|packet| packet.line == Line(1)));
        assert!(of_layer[0].video.starts_keyframe);
        assert_eq!(of_layer[0].video.size, Some((640, 360)));
        assert_eq!(of_layer[4].video.picture_id, Some(4));
    }
}

#[test]
fn sound_arrives_with_its_level_and_line() {
    let mut world = World::usual();
    world.send_up(line(0, None), 3, |number| OutPacket {
        audio_level: Some(30),
        voice_activity: Some(true),
        ..opus(number)
    });
    world.send_up(line(3, None), 1, opus);
    world.run(Duration::from_millis(50));
    let packets = world.at_peer();
    assert_eq!(packets.len(), 4);
    assert_eq!(packets[0].audio_level, Some(30));
    assert_eq!(packets[0].voice_activity, Some(true));
    assert_eq!(packets[0].line, Line(0));
    assert_eq!(packets[3].line, Line(3));
}

#[test]
fn media_reaches_its_slot_with_the_number_of_its_source() {
    let mut world = World::usual();
    world.send_down(VIDEO, 5, |number| OutPacket { csrc: Some(77), ..vp8(number, 100) });
    world.send_down(AUDIO, 2, opus);
    world.run(Duration::from_millis(50));
    let packets = world.at_caller();
    assert_eq!(packets.len(), 7);
    assert_eq!(packets[0].slot, VIDEO);
    assert_eq!(packets[0].csrc, Some(77));
    assert_eq!(packets[0].seq, 1_000);
    assert_eq!(packets[6].slot, AUDIO);
    assert_eq!(packets[6].csrc, None);
}

#[test]
fn rotation_is_carried() {
    let mut world = World::usual();
    for rotation in [0, 90, 180, 270] {
        world.send_down(VIDEO, 1, |_| OutPacket {
            rotation: Some(rotation),
            ..out(Codec::Vp8, 1_000 + u64::from(rotation), 0, &[0x10, 0x51, 0])
        });
    }
    world.run(Duration::from_millis(50));
    let rotations: Vec<_> = world.at_caller().iter().map(|packet| packet.rotation).collect();
    assert_eq!(rotations, [Some(0), Some(90), Some(180), Some(270)]);
}

#[test]
fn new_picture_ids_replace_those_of_the_source() {
    let mut world = World::usual();
    world.send_down(VIDEO, 2, |number| OutPacket {
        vp8: Some(Vp8Rewrite { picture_id: Some(0x7ffe + number as u16), tl0_pic_idx: Some(3) }),
        ..vp8(number, 100)
    });
    world.run(Duration::from_millis(50));
    let ids: Vec<_> = world.at_caller().iter().map(|packet| packet.video.picture_id).collect();
    assert_eq!(ids, [Some(0x7ffe), Some(0x7fff)]);
}

fn redundant(number: u64) -> OutPacket {
    let payload = red::build(20, Some((960, b"older")), &[0x78, number as u8]).unwrap();
    out(Codec::Red, 500 + number, 960 * number as u32, &payload)
}

#[test]
fn a_receiver_with_red_gets_its_own_payload_type_inside() {
    let mut world = World::usual();
    world.send_down(AUDIO, 1, redundant);
    world.run(Duration::from_millis(50));
    let packets = world.at_caller();
    assert_eq!(packets[0].codec, Codec::Red);
    let red = red::Red::parse(&packets[0].payload).unwrap();
    assert!(red.has_payload_type(&packets[0].payload, 111));
    assert_eq!(red.primary(&packets[0].payload), [0x78, 0]);
}

#[test]
fn a_receiver_without_red_gets_the_primary_block() {
    let config = jumpa_rtc::CallerConfig { offers_red: false, ..caller_config() };
    let mut world = World::connected(&peer_config(), &config);
    assert_eq!(world.peer.slot_codecs(AUDIO), [Codec::Opus]);
    world.send_down(AUDIO, 1, redundant);
    world.run(Duration::from_millis(50));
    let packets = world.at_caller();
    assert_eq!(packets[0].codec, Codec::Opus);
    assert_eq!(&packets[0].payload[..], [0x78, 0]);
}

#[test]
fn red_of_the_client_arrives_whole() {
    let mut world = World::usual();
    world.send_up(line(0, None), 1, redundant);
    world.run(Duration::from_millis(50));
    let packets = world.at_peer();
    assert_eq!(packets[0].codec, Codec::Red);
    assert_eq!(red::Red::parse(&packets[0].payload).unwrap().blocks(), 2);
}

#[test]
fn lost_pictures_are_sent_again_both_ways() {
    let mut world = World::usual();
    world.loss_percent = 10;
    for number in 0..300 {
        let mut up = vp8(number, 1_000);
        up.captured_at = world.now;
        let down = up.clone();
        world.caller.write(line(1, Some("q")), up, world.now);
        world.peer.write(VIDEO, down, world.now);
        world.run(Duration::from_millis(20));
    }
    world.loss_percent = 0;
    world.run(Duration::from_millis(500));
    for (way, packets) in [("up", world.at_peer()), ("down", world.at_caller())] {
        let mut seqs: Vec<u64> = packets.iter().map(|packet| packet.seq).collect();
        seqs.sort_unstable();
        seqs.dedup();
        assert_eq!(seqs.len(), packets.len(), "{way}: a packet was given twice");
        assert!(seqs.len() >= 295, "{way}: only {} of 300 arrived", seqs.len());
    }
}

#[test]
fn a_keyframe_request_reaches_the_encoder_of_the_layer() {
    let mut world = World::usual();
    world.send_up(line(1, Some("h")), 3, |number| vp8(number, 100));
    world.send_up(line(1, Some("q")), 3, |number| vp8(number, 100));
    world.forget();
    world.peer.request_keyframe(Line(1), Rid::new("h"), world.now);
    world.run(Duration::from_millis(50));
    let asked: Vec<_> = world
        .caller_events
        .iter()
        .filter_map(|event| match event {
            CallerEvent::KeyframeRequested(line, rid) => Some((*line, *rid)),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [(Line(1), Rid::new("h"))]);
}

#[test]
fn a_receivers_keyframe_request_names_the_slot() {
    let mut world = World::usual();
    world.send_down(VIDEO, 3, |number| vp8(number, 100));
    world.caller.request_keyframe(VIDEO, world.now);
    world.run(Duration::from_millis(50));
    assert!(
        world
            .peer_events
            .iter()
            .any(|event| matches!(event, PeerEvent::KeyframeRequested(slot) if *slot == VIDEO))
    );
}

#[test]
fn slots_grow_while_media_runs() {
    let mut world = World::usual();
    world.send_down(VIDEO, 10, |number| vp8(number, 100));
    let offer = world.caller.grow(9).unwrap();
    world.send_down(VIDEO, 10, |number| vp8(10 + number, 100));
    world.negotiate(&offer);
    assert_eq!(world.peer.slots(Kind::Video), 9);
    world.send_down(VIDEO, 10, |number| vp8(20 + number, 100));
    let new = Slot { kind: Kind::Video, index: 8 };
    world.send_down(new, 5, |number| vp8(number, 100));
    world.run(Duration::from_millis(50));
    let count = |slot| world.at_caller().iter().filter(|packet| packet.slot == slot).count();
    assert_eq!(count(VIDEO), 30);
    assert_eq!(count(new), 5);
}

#[test]
fn an_offer_that_got_lost_does_not_stop_the_next() {
    let mut world = World::usual();
    world.caller.grow(9).unwrap();
    assert!(world.caller.restart_ice().is_err(), "two offers at once");
    world.caller.drop_offer();
    let offer = world.caller.restart_ice().unwrap();
    world.negotiate(&offer);
    let offer = world.caller.grow(16).unwrap();
    world.negotiate(&offer);
    world.run(Duration::from_millis(500));
    world.forget();
    let slot = Slot { kind: Kind::Video, index: 15 };
    world.send_down(slot, 3, |number| vp8(number, 100));
    world.run(Duration::from_millis(50));
    assert_eq!(world.at_caller().len(), 3);
}

#[test]
fn an_ice_restart_changes_the_user_name_and_media_goes_on() {
    let mut world = World::usual();
    let before = world.peer.local_ufrag();
    let offer = world.caller.restart_ice().unwrap();
    world.negotiate(&offer);
    assert_ne!(world.peer.local_ufrag(), before);
    world.run(Duration::from_millis(500));
    world.forget();
    world.send_up(line(1, Some("q")), 10, |number| vp8(number, 100));
    world.send_down(VIDEO, 10, |number| vp8(number, 100));
    world.run(Duration::from_millis(50));
    assert_eq!(world.at_peer().len(), 10);
    assert_eq!(world.at_caller().len(), 10);
}

#[test]
fn an_idle_path_is_never_silent_for_long() {
    let mut world = World::usual();
    world.run(Duration::from_secs(5));
    let mut silence = Duration::ZERO;
    let mut longest = Duration::ZERO;
    for _ in 0..10_000 {
        let before = world.heard_by_caller;
        world.step();
        silence = if world.heard_by_caller > before {
            Duration::ZERO
        } else {
            silence + Duration::from_millis(1)
        };
        longest = longest.max(silence);
    }
    assert!(longest < Duration::from_millis(1_000), "{longest:?}");
}

#[test]
fn an_ice_restart_brings_back_a_path_that_was_dead_for_long() {
    let mut world = World::usual();
    world.is_cut = true;
    world.run(Duration::from_secs(40));
    world.is_cut = false;
    let offer = world.caller.restart_ice().unwrap();
    world.negotiate(&offer);
    world.run(Duration::from_secs(1));
    world.forget();
    world.send_up(line(1, Some("q")), 10, |number| vp8(number, 100));
    world.send_down(VIDEO, 10, |number| vp8(number, 100));
    world.run(Duration::from_millis(100));
    assert_eq!(world.at_peer().len(), 10);
    assert_eq!(world.at_caller().len(), 10);
}

#[test]
fn the_data_channel_carries_text_both_ways() {
    let mut world = World::usual();
    assert!(world.peer.send_fast("levels", world.now));
    world.run(Duration::from_millis(50));
    assert!(world.caller.send_fast("hello", world.now));
    world.run(Duration::from_millis(50));
    assert!(
        world
            .caller_events
            .iter()
            .any(|event| matches!(event, CallerEvent::Fast(text) if text == "levels"))
    );
    assert!(
        world
            .peer_events
            .iter()
            .any(|event| matches!(event, PeerEvent::Fast(text) if text == "hello"))
    );
}

#[test]
fn a_full_data_channel_refuses() {
    let mut world = World::usual();
    world.is_cut = true;
    let text = "x".repeat(1_000);
    let mut accepted = 0;
    for _ in 0..100 {
        accepted += u32::from(world.peer.send_fast(&text, world.now));
        world.step();
    }
    assert!((10..=17).contains(&accepted), "{accepted}");
}

#[test]
fn the_downlink_is_estimated_and_probed() {
    let mut world = World::usual();
    world.peer.set_desired_bitrate(4_000_000);
    world.send_down(VIDEO, 300, |number| vp8(number, 1_000));
    let estimates: Vec<u64> = world
        .peer_events
        .iter()
        .filter_map(|event| match event {
            PeerEvent::Estimate(bps) => Some(*bps),
            _ => None,
        })
        .collect();
    assert!(estimates.iter().any(|bps| *bps > 1_500_000), "{estimates:?}");
}

#[test]
fn round_trip_time_and_loss_are_measured() {
    let mut world = World::usual();
    world.loss_percent = 10;
    let mut most_lost: f32 = 0.0;
    for second in 0..5 {
        world.send_down(VIDEO, 50, |number| vp8(50 * second + number, 1_000));
        let stats = world.peer.take_stats();
        let round_trip = stats.round_trip_time.unwrap_or(Duration::from_millis(20));
        assert!(round_trip >= Duration::from_millis(19), "{round_trip:?}");
        assert!(round_trip <= Duration::from_millis(60), "{round_trip:?}");
        most_lost = most_lost.max(stats.downlink_loss.unwrap_or_default());
    }
    assert!((0.03..0.3).contains(&most_lost), "{most_lost}");
    assert_eq!(world.peer.take_stats().round_trip_time, None);
}

#[test]
fn tcp_carries_everything() {
    let local = IceCandidate { transport: Transport::Tcp, address: address(world::CLIENT) };
    let config = jumpa_rtc::CallerConfig { local, ..caller_config() };
    let mut world = World::connected(&peer_config(), &config);
    world.send_up(line(1, Some("q")), 5, |number| vp8(number, 100));
    world.send_down(VIDEO, 5, |number| vp8(number, 100));
    world.run(Duration::from_millis(50));
    assert_eq!(world.at_peer().len(), 5);
    assert_eq!(world.at_caller().len(), 5);
}

#[test]
fn packets_asked_for_too_late_are_reported() {
    let mut world = World::usual();
    world.send_down(VIDEO, 5, |number| vp8(number, 100));
    // These use up numbers but nothing to send has them, as when a queue was full.
    world.send_down(VIDEO, 1, |_| out(Codec::Vp8, 1_005, 15_000, &[0; 2_000]));
    world.send_down(VIDEO, 5, |number| vp8(6 + number, 100));
    world.run(Duration::from_millis(100));
    assert!(
        world
            .peer_events
            .iter()
            .any(|event| matches!(event, PeerEvent::NackUnanswered(slot) if *slot == VIDEO))
    );
    assert_eq!(world.peer.take_stats().dropped, 1);
}

#[test]
fn only_what_the_client_sent_counts_as_authentic() {
    let mut world = World::usual();
    let before = world.authentic;
    world.send_up(line(0, None), 10, opus);
    assert!(world.authentic >= before + 10);
    let now = world.now;
    for bytes in [&[][..], &[0; 20], &[0x80; 40], &[0x80, 200, 0, 6, 1, 2, 3, 4], &[22; 60]] {
        assert!(!world.peer.handle_datagram(Transport::Udp, bytes, now));
    }
    assert!(world.peer.is_alive());
}

#[test]
fn a_replayed_datagram_is_not_authentic() {
    let mut world = World::usual();
    let mut packet = opus(0);
    packet.captured_at = world.now;
    world.caller.write(line(0, None), packet, world.now);
    let mut datagrams = Vec::new();
    while let Some((_, transmit)) = world.caller.poll_transmit() {
        datagrams.push(transmit.bytes);
    }
    let now = world.now;
    let media = datagrams.last().unwrap();
    assert!(world.peer.handle_datagram(Transport::Udp, media, now));
    assert!(!world.peer.handle_datagram(Transport::Udp, media, now));
}

#[test]
fn the_server_answers_on_the_transport_the_client_chose() {
    let mut world = World::usual();
    let mut packet = opus(0);
    packet.captured_at = world.now;
    world.caller.write(line(0, None), packet, world.now);
    let now = world.now;
    while let Some((_, transmit)) = world.caller.poll_transmit() {
        world.peer.handle_datagram(Transport::Tcp, &transmit.bytes, now);
    }
    world.peer.write(AUDIO, opus(0), now);
    let transports: Vec<_> =
        std::iter::from_fn(|| world.peer.poll_transmit()).map(|sent| sent.transport).collect();
    assert!(!transports.is_empty());
    assert!(transports.iter().all(|transport| *transport == Transport::Tcp));
}

#[test]
fn a_goodbye_closes_the_other_end() {
    let mut world = World::usual();
    world.caller.close(world.now);
    world.run(Duration::from_millis(100));
    assert!(world.peer_events.iter().any(|event| matches!(event, PeerEvent::Closed)));
    assert!(!world.peer.is_alive());
}

#[test]
fn m_lines_that_vanish_are_refused_and_the_call_goes_on() {
    let mut world = World::usual();
    let smaller = jumpa_rtc::CallerConfig { video_slots: 1, ..caller_config() };
    let (_, offer) = jumpa_rtc::Caller::offer(&smaller, world.now).unwrap();
    assert!(world.peer.negotiate(Offer::parse(&offer).unwrap(), world.now).is_err());
    world.send_down(VIDEO, 3, |number| vp8(number, 100));
    world.run(Duration::from_millis(50));
    assert_eq!(world.at_caller().len(), 3);
}

#[test]
fn an_offer_without_a_codec_of_ours_is_refused() {
    let now = jumpa_netsim::epoch();
    let (_, offer) = jumpa_rtc::Caller::offer(&caller_config(), now).unwrap();
    let foreign = offer.replace("VP8/", "XX8/").replace("H264/", "XX4/").replace("opus/", "xxxx/");
    let parsed = Offer::parse(&foreign).unwrap();
    assert!(Peer::accept(&peer_config(), parsed, now).is_err());
}
