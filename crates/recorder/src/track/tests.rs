use jumpa_recorded::webm::Reader;

use super::*;

const CLOCK_BEGAN_AT_MS: u64 = 1_790_000_000_000;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn sound(number: u64) -> RtpPacket {
    RtpPacket {
        seq: number,
        timestamp: (number as u32) * 960,
        marker: false,
        arrived: ms(number * 20),
        captured: None,
        rotation: None,
        payload: vec![0xfc, number as u8].into(),
    }
}

/// A picture in one packet, every tenth of them a keyframe.
fn picture(number: u64) -> RtpPacket {
    let keyframe = [0x10, 0x50, 1, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1, number as u8];
    let other = [0x10, 0x51, number as u8];
    let payload: &[u8] = if number.is_multiple_of(10) { &keyframe } else { &other };
    RtpPacket {
        seq: number,
        timestamp: (number as u32) * 3_600,
        marker: true,
        arrived: ms(number * 40),
        captured: None,
        rotation: None,
        payload: payload.into(),
    }
}

/// What the track makes of packets, with everything that waits at the end.
fn outputs(
    track: &mut Track,
    stream: u64,
    codec: Codec,
    packets: impl IntoIterator<Item = RtpPacket>,
) -> Vec<TrackOutput> {
    let mut outputs = Vec::new();
    for packet in packets {
        let now = packet.arrived;
        track.push(stream, codec, packet);
        outputs.extend(std::iter::from_fn(|| track.poll(now)));
        track.poll_keyframe_request(now);
    }
    track.flush();
    outputs.extend(std::iter::from_fn(|| track.poll(Duration::ZERO)));
    outputs
}

/// The frames of the files, each by its time and its last byte.
fn files(outputs: &[TrackOutput]) -> Vec<Vec<(u64, u8)>> {
    let mut files: Vec<Vec<u8>> = Vec::new();
    for output in outputs {
        match output {
            TrackOutput::Begin { bytes, .. } => files.push(bytes.clone()),
            TrackOutput::Append(bytes) => files.last_mut().unwrap().extend(bytes),
            _ => {}
        }
    }
    let read = |file: &Vec<u8>| {
        let mut reader = Reader::open(&file[..]).unwrap();
        std::iter::from_fn(|| reader.next_block().unwrap())
            .map(|block| (block.at_ms, *block.data.last().unwrap()))
            .collect()
    };
    files.iter().map(read).collect()
}

fn gaps(outputs: &[TrackOutput]) -> Vec<(u128, u128)> {
    let gap = |output: &TrackOutput| match output {
        TrackOutput::Gap { from, to } => Some((from.as_millis(), to.as_millis())),
        _ => None,
    };
    outputs.iter().filter_map(gap).collect()
}

#[test]
fn a_file_tells_when_it_began() {
    let mut track = Track::new(MediaKind::Audio, CLOCK_BEGAN_AT_MS);
    let made = outputs(&mut track, 1, Codec::Opus, (100..103).map(sound));
    let [TrackOutput::Anchor { at: anchored, .. }, TrackOutput::Begin { format, at, .. }, ..] =
        made.as_slice()
    else {
        panic!("{made:?}");
    };
    assert_eq!((*anchored, *at), (ms(2_000), ms(2_000)));
    assert_eq!(format.began_at_ms, CLOCK_BEGAN_AT_MS + 2_000);
    assert_eq!(files(&made), [[(0, 100), (20, 101), (40, 102)]]);
}

#[test]
fn sound_from_before_the_recording_is_left_out_and_pictures_are_not() {
    // What waited while the recorder came in was captured up to 100 ms before.
    let early = |packet: RtpPacket| {
        let (arrived, captured) = (packet.arrived, packet.arrived.checked_sub(ms(100)));
        RtpPacket {
            captured: captured.or(Some(Duration::ZERO)).filter(|_| arrived >= ms(100)),
            ..packet
        }
    };
    let mut track = Track::new(MediaKind::Audio, CLOCK_BEGAN_AT_MS);
    let made = outputs(&mut track, 1, Codec::Opus, (0..30).map(sound).map(early));
    // Five that were left out took the first five milliseconds.
    assert_eq!(files(&made)[0][..3], [(0, 5), (15, 6), (35, 7)]);

    let mut track = Track::new(MediaKind::Video, CLOCK_BEGAN_AT_MS);
    let made = outputs(&mut track, 1, Codec::Vp8, (0..30).map(picture).map(early));
    assert_eq!(files(&made)[0][..4], [(0, 0), (1, 1), (2, 2), (20, 3)]);
}

#[test]
fn a_source_that_moves_to_another_slot_goes_on_in_its_file() {
    let mut track = Track::new(MediaKind::Audio, CLOCK_BEGAN_AT_MS);
    let mut made = outputs(&mut track, 1, Codec::Opus, (0..3).map(sound));
    let moved = (10..13).map(|number| RtpPacket {
        seq: number + 7_000,
        timestamp: (number as u32) * 960 + 123_456_789,
        ..sound(number)
    });
    made.extend(outputs(&mut track, 2, Codec::Opus, moved));
    assert_eq!(files(&made), [[(0, 0), (20, 1), (40, 2), (200, 10), (220, 11), (240, 12)]]);
    assert_eq!(gaps(&made), []);
}

#[test]
fn lost_sound_is_a_gap_and_silence_is_none() {
    let mut track = Track::new(MediaKind::Audio, CLOCK_BEGAN_AT_MS);
    let lost = (0..5).chain(20..25).map(sound);
    assert_eq!(gaps(&outputs(&mut track, 1, Codec::Opus, lost)), [(100, 400)]);
    assert_eq!(track.lost_packets(), 15);

    let mut track = Track::new(MediaKind::Audio, CLOCK_BEGAN_AT_MS);
    let silent =
        (0..5).chain(20..25).zip(0..).map(|(number, seq)| RtpPacket { seq, ..sound(number) });
    let made = outputs(&mut track, 1, Codec::Opus, silent);
    assert_eq!(gaps(&made), []);
    assert_eq!(files(&made)[0][5], (400, 20));
}

#[test]
fn lost_pictures_are_a_gap_up_to_the_next_keyframe() {
    let mut track = Track::new(MediaKind::Video, CLOCK_BEGAN_AT_MS);
    let made =
        outputs(&mut track, 1, Codec::Vp8, (0..60).filter(|number| *number != 5).map(picture));
    assert_eq!(gaps(&made), [(160, 400)]);
    let shown: Vec<u8> = files(&made)[0].iter().map(|(_, number)| *number).collect();
    assert_eq!(shown, (0..5).chain(10..60).collect::<Vec<_>>());
}

#[test]
fn another_codec_begins_another_file() {
    let mut track = Track::new(MediaKind::Video, CLOCK_BEGAN_AT_MS);
    let mut made = outputs(&mut track, 1, Codec::Vp8, (0..3).map(picture));
    let sps = [0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x68, 0x05, 0x00, 0x5b, 0xa1, 0x00, 0x00, 0x03, 0x00];
    let units = [&sps[..], &[0x68, 0xce, 0x3c, 0x80], &[0x65, 0x88, 42]];
    let mut payload = vec![0x78];
    for unit in units {
        payload.extend_from_slice(&(unit.len() as u16).to_be_bytes());
        payload.extend_from_slice(unit);
    }
    let h264 = RtpPacket { payload: payload.into(), ..picture(7) };
    made.extend(outputs(&mut track, 1, Codec::H264, [h264]));
    assert_eq!(files(&made), [vec![(0, 0), (40, 1), (80, 2)], vec![(0, 42)]]);
}

#[test]
fn what_the_disk_did_not_take_spoils_nothing_else() {
    let mut track = Track::new(MediaKind::Video, CLOCK_BEGAN_AT_MS);
    let mut kept = Vec::new();
    for number in 0..80 {
        let packet = picture(number);
        let now = packet.arrived;
        track.push(1, Codec::Vp8, packet);
        while let Some(output) = track.poll(now) {
            let is_lost = number == 44 && matches!(output, TrackOutput::Append(_));
            if is_lost {
                track.lost_frame();
            } else {
                kept.push(output);
            }
        }
        track.poll_keyframe_request(now);
    }
    let shown: Vec<u8> = files(&kept)[0].iter().map(|(_, number)| *number).collect();
    assert_eq!(shown, (0..44).chain(50..80).collect::<Vec<_>>());
    assert_eq!(gaps(&kept), [(1_760, 2_000)]);
}

#[test]
fn a_file_that_could_not_be_begun_is_begun_again() {
    let mut track = Track::new(MediaKind::Audio, CLOCK_BEGAN_AT_MS);
    track.push(1, Codec::Opus, sound(0));
    let begin = std::iter::from_fn(|| track.poll(ms(2_000)))
        .find(|output| matches!(output, TrackOutput::Begin { .. }))
        .unwrap();
    assert!(matches!(begin, TrackOutput::Begin { .. }));
    track.lost_beginning();
    assert_eq!(files(&outputs(&mut track, 1, Codec::Opus, [sound(1)])), [[(0, 1)]]);
}

#[test]
fn another_file_begins_after_ten_minutes_with_a_keyframe() {
    let mut track = Track::new(MediaKind::Audio, CLOCK_BEGAN_AT_MS);
    let sounds = outputs(&mut track, 1, Codec::Opus, (0..30_010).map(sound));
    let sounds = files(&sounds);
    assert_eq!(sounds.len(), 2);
    assert_eq!(sounds.concat().len(), 30_010, "nothing is lost in between");

    let mut track = Track::new(MediaKind::Video, CLOCK_BEGAN_AT_MS);
    let pictures = outputs(&mut track, 1, Codec::Vp8, (0..15_105).map(picture));
    let pictures = files(&pictures);
    assert_eq!(pictures.len(), 2);
    assert_eq!(pictures.concat().len(), 15_105);
}

#[test]
fn a_source_without_keyframes_is_asked_for_one_after_ten_minutes() {
    let mut track = Track::new(MediaKind::Video, CLOCK_BEGAN_AT_MS);
    let first = outputs(&mut track, 1, Codec::Vp8, (0..10).map(picture));
    assert_eq!(files(&first).len(), 1);
    assert!(!track.poll_keyframe_request(ms(599_000)));
    assert!(track.poll_keyframe_request(ms(601_000)));
    assert!(!track.poll_keyframe_request(ms(602_000)));
    assert!(track.poll_keyframe_request(ms(606_000)));
}
