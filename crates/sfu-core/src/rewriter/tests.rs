use std::{sync::Arc, time::Duration};

use jumpa_rtc::{Codec, Line, Slot, VideoFacts};

use super::*;

fn packet(seq: u64, timestamp: u32, at: u64) -> MediaPacket {
    MediaPacket {
        line: Line(1),
        slot: Slot { kind: Kind::Audio, index: 0 },
        rid: None,
        ssrc: 1,
        codec: Codec::Vp8,
        seq,
        timestamp,
        marker: false,
        csrc: None,
        audio_level: None,
        voice_activity: None,
        rotation: None,
        video: VideoFacts::default(),
        payload: Arc::from([0_u8; 10]),
        report: None,
        received_at: jumpa_netsim::epoch() + Duration::from_millis(at),
        captured_at: jumpa_netsim::epoch() + Duration::from_millis(at),
    }
}

fn vp8(seq: u64, picture_id: u16, tl0_pic_idx: u8, at: u64) -> MediaPacket {
    let video = VideoFacts {
        picture_id: Some(picture_id),
        tl0_pic_idx: Some(tl0_pic_idx),
        ..VideoFacts::default()
    };
    MediaPacket { video, ..packet(seq, seq as u32 * 3_000, at) }
}

fn forwarded(rewriter: &mut Rewriter, packet: &MediaPacket) -> Numbers {
    match rewriter.rewrite(packet) {
        Rewritten::Forward(numbers) => numbers,
        other => panic!("packet {} became {other:?}", packet.seq),
    }
}

fn started_with(first: &MediaPacket) -> Rewriter {
    let mut rewriter = Rewriter::new(Kind::Video);
    rewriter.switch(first);
    forwarded(&mut rewriter, first);
    rewriter
}

#[test]
fn a_slot_starts_with_a_low_sequence_number() {
    let first = packet(70_000, 5, 0);
    let mut rewriter = Rewriter::new(Kind::Video);
    rewriter.switch(&first);
    assert_eq!(forwarded(&mut rewriter, &first).seq, 1);
}

#[test]
fn after_a_switch_the_sequence_number_goes_on_by_one() {
    let mut rewriter = started_with(&packet(100, 0, 0));
    let old = forwarded(&mut rewriter, &packet(101, 0, 1));
    let new = packet(60_000, 9, 40);
    rewriter.switch(&new);
    assert_eq!(forwarded(&mut rewriter, &new).seq, old.seq + 1);
}

#[test]
fn after_a_switch_the_timestamp_goes_on_by_the_time_that_passed() {
    let mut rewriter = started_with(&packet(100, 1_000, 0));
    let new = packet(7, 4_000_000_000, 40);
    rewriter.switch(&new);
    assert_eq!(forwarded(&mut rewriter, &new).timestamp, 1_000 + 40 * 90);
    let later = packet(8, 4_000_003_000, 73);
    assert_eq!(forwarded(&mut rewriter, &later).timestamp, 1_000 + 40 * 90 + 3_000);
}

#[test]
fn a_jam_at_a_switch_does_not_move_what_follows() {
    let received = |packet: MediaPacket, late: u64| {
        let received_at = packet.received_at + Duration::from_millis(late);
        MediaPacket { received_at, ..packet }
    };
    let mut rewriter = started_with(&received(packet(100, 1_000, 0), 300));
    let new = received(packet(7, 4_000_000_000, 40), 5);
    rewriter.switch(&new);
    assert_eq!(forwarded(&mut rewriter, &new).timestamp, 1_000 + 40 * 90);
}

#[test]
fn sound_counts_in_48_kilohertz() {
    let mut rewriter = Rewriter::new(Kind::Audio);
    let old = packet(1, 500, 0);
    rewriter.switch(&old);
    forwarded(&mut rewriter, &old);
    let new = packet(7, 9, 20);
    rewriter.switch(&new);
    assert_eq!(forwarded(&mut rewriter, &new).timestamp, 500 + 960);
}

#[test]
fn two_frames_never_share_a_timestamp_over_a_switch() {
    let mut rewriter = started_with(&packet(100, 1_000, 5));
    let new = packet(7, 0, 5);
    rewriter.switch(&new);
    assert_eq!(forwarded(&mut rewriter, &new).timestamp, 1_001);
}

#[test]
fn picture_ids_are_continuous_over_a_switch_and_stay_within_15_bits() {
    let mut rewriter = started_with(&vp8(100, 0x7FFE, 254, 0));
    forwarded(&mut rewriter, &vp8(101, 0x7FFF, 255, 33));
    let new = vp8(7, 321, 77, 66);
    rewriter.switch(&new);
    let first = forwarded(&mut rewriter, &new).vp8;
    let second = forwarded(&mut rewriter, &vp8(8, 322, 78, 99)).vp8;
    assert_eq!(first, Some(Vp8Rewrite { picture_id: Some(0), tl0_pic_idx: Some(0) }));
    assert_eq!(second, Some(Vp8Rewrite { picture_id: Some(1), tl0_pic_idx: Some(1) }));
}

#[test]
fn payloads_without_picture_ids_get_none() {
    let mut rewriter = started_with(&packet(1, 0, 0));
    assert_eq!(forwarded(&mut rewriter, &packet(2, 0, 1)).vp8, None);
}

#[test]
fn a_hole_in_the_source_stays_a_hole_that_a_repair_fills() {
    let mut rewriter = started_with(&packet(100, 0, 0));
    let after = forwarded(&mut rewriter, &packet(102, 0, 2));
    let repaired = forwarded(&mut rewriter, &packet(101, 0, 50));
    assert_eq!((repaired.seq, after.seq), (2, 3));
}

#[test]
fn duplicates_are_dropped() {
    let mut rewriter = started_with(&packet(100, 0, 0));
    assert_eq!(rewriter.rewrite(&packet(100, 0, 1)), Rewritten::Drop);
}

#[test]
fn packets_from_before_the_switch_are_dropped() {
    let mut rewriter = started_with(&packet(100, 0, 0));
    assert_eq!(rewriter.rewrite(&packet(99, 0, 1)), Rewritten::Drop);
}

#[test]
fn late_packets_do_not_move_the_point_where_the_next_source_goes_on() {
    let mut rewriter = started_with(&packet(100, 0, 0));
    forwarded(&mut rewriter, &packet(103, 9_000, 3));
    forwarded(&mut rewriter, &packet(101, 3_000, 30));
    let new = packet(7, 0, 103);
    rewriter.switch(&new);
    let numbers = forwarded(&mut rewriter, &new);
    assert_eq!((numbers.seq, numbers.timestamp), (5, 9_000 + 100 * 90));
}

#[test]
fn a_jump_that_could_break_the_receivers_counter_asks_for_a_new_start() {
    let mut rewriter = started_with(&packet(100, 0, 0));
    assert!(matches!(rewriter.rewrite(&packet(356, 0, 1)), Rewritten::Forward(_)));
    assert_eq!(rewriter.rewrite(&packet(613, 0, 2)), Rewritten::Hole);
}

#[test]
fn nothing_passes_before_the_first_switch() {
    assert_eq!(Rewriter::new(Kind::Audio).rewrite(&packet(1, 0, 0)), Rewritten::Drop);
}
