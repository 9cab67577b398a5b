//! One function per target: takes any bytes, panics when something is wrong.

use std::{io::Cursor, time::Duration};

use jumpa_recorded::{
    VideoCodec, packet_duration,
    webm::{Reader, finalise},
};
use jumpa_recorder::depacketizer::{AudioDepacketizer, RtpPacket, VideoDepacketizer};

/// Packets out of bytes: before each stand flags, what the number grows by, and a length.
fn packets(mut data: &[u8]) -> impl Iterator<Item = (u8, RtpPacket)> {
    let (mut seq, mut timestamp) = (1_u64, 0_u32);
    std::iter::from_fn(move || {
        let (&[flags, step, length], rest) = data.split_first_chunk()?;
        let (payload, rest) = rest.split_at(rest.len().min(length.into()));
        data = rest;
        seq += u64::from(step);
        timestamp = timestamp.wrapping_add(u32::from(flags >> 4) * 3_000);
        let packet = RtpPacket {
            seq,
            timestamp,
            marker: flags & 1 != 0,
            arrived: Duration::from_millis(seq),
            captured: None,
            rotation: None,
            payload: payload.into(),
        };
        Some((flags, packet))
    })
}

/// Payloads of VP8 or H.264.
pub fn video(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let codec = if first & 1 == 0 { VideoCodec::Vp8 } else { VideoCodec::H264 };
    let mut depacketizer = VideoDepacketizer::new(codec);
    let mut has_keyframe = false;
    for (_, packet) in packets(rest) {
        let now = packet.arrived;
        depacketizer.push(packet);
        while let Some(frame) = depacketizer.poll(now) {
            has_keyframe |= frame.keyframe.is_some();
            assert!(has_keyframe && !frame.data.is_empty());
        }
    }
    while depacketizer.flush().is_some() {}
}

/// Payloads of Opus, with and without redundancy.
pub fn audio(data: &[u8]) {
    let mut depacketizer = AudioDepacketizer::default();
    for (flags, packet) in packets(data) {
        let now = packet.arrived;
        depacketizer.push(packet, flags & 2 != 0);
        while let Some(frame) = depacketizer.poll(now) {
            assert_eq!(packet_duration(&frame.data), Some(frame.duration));
        }
    }
    while depacketizer.flush().is_some() {}
}

/// A file of the spool.
pub fn webm(data: &[u8]) {
    let mut output = Cursor::new(Vec::new());
    let Ok(finalised) = finalise(data, &mut output) else {
        return;
    };
    let file = output.into_inner();
    let mut reader = Reader::open(&file[..]).expect("a finalised file is readable");
    assert_eq!(reader.formats(), [finalised.format]);
    let mut frames = 0;
    while reader.next_block().expect("memory is readable").is_some() {
        frames += 1;
    }
    assert_eq!(frames, finalised.frames);
}
