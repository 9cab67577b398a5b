//! Packets for unit tests.

use std::{sync::Arc, time::Duration};

use jumpa_rtc::{Codec, Kind, Line, MediaPacket, Rid, Slot, VideoFacts};

/// A packet that arrives `ms` after the start of the test.
pub fn packet(ssrc: u32, seq: u64, ms: u64) -> MediaPacket {
    MediaPacket {
        line: Line(1),
        slot: Slot { kind: Kind::Audio, index: 0 },
        rid: None,
        ssrc,
        codec: Codec::Vp8,
        seq,
        timestamp: (seq as u32).wrapping_mul(3_000),
        marker: true,
        csrc: None,
        audio_level: None,
        voice_activity: None,
        rotation: None,
        video: VideoFacts { starts_frame: true, ..VideoFacts::default() },
        payload: Arc::from([0_u8; 1_000]),
        report: None,
        received_at: jumpa_netsim::epoch() + Duration::from_millis(ms),
        captured_at: jumpa_netsim::epoch() + Duration::from_millis(ms),
    }
}

/// A packet of an encoding.
pub fn layer_packet(rid: &str, seq: u64, ms: u64) -> MediaPacket {
    let ssrc = rid.bytes().map(u32::from).sum();
    MediaPacket { rid: Rid::new(rid), ..packet(ssrc, seq, ms) }
}

/// The first packet of a keyframe of this height.
pub fn keyframe(packet: MediaPacket, height: u16) -> MediaPacket {
    let video =
        VideoFacts { starts_keyframe: true, size: Some((height / 9 * 16, height)), ..packet.video };
    MediaPacket { video, ..packet }
}
