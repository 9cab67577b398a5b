//! The time in a payload, from which a receiver sees how long the packet was under way.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use jumpa_client::OutPacket;

/// Bytes of the time at the end of a payload.
const STAMP_BYTES: usize = 8;

/// Writes the time into the last bytes of a payload; no decoder looks at them here.
pub fn stamped(packet: OutPacket) -> OutPacket {
    let mut payload = packet.payload.to_vec();
    if let Some(stamp) = payload.last_chunk_mut::<STAMP_BYTES>() {
        *stamp = nanoseconds(Instant::now()).to_be_bytes();
    }
    OutPacket { payload: Arc::from(payload), ..packet }
}

/// How long a packet was under way, by the time in its payload. `None` when there is no sensible
/// time in it.
pub fn time_under_way(payload: &[u8], received_at: Instant) -> Option<Duration> {
    let sent = u64::from_be_bytes(*payload.last_chunk::<STAMP_BYTES>()?);
    let under_way = Duration::from_nanos(nanoseconds(received_at).checked_sub(sent)?);
    (under_way < Duration::from_secs(10)).then_some(under_way)
}

/// Time since the first question, nanoseconds; sender and receivers share this process.
fn nanoseconds(at: Instant) -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = *START.get_or_init(Instant::now);
    u64::try_from(at.saturating_duration_since(start).as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use jumpa_client::synthetic::{VideoFormat, VideoSource};

    use super::*;

    #[test]
    fn a_stamped_packet_tells_how_long_it_was_under_way() {
        nanoseconds(Instant::now());
        let format = VideoFormat { width: 320, height: 180, fps: 30, bitrate_bps: 150_000 };
        let packets = VideoSource::new(format, 1).frame(Instant::now());
        for packet in packets.into_iter().map(stamped) {
            let later = Instant::now() + Duration::from_millis(5);
            let under_way = time_under_way(&packet.payload, later).expect("a time");
            assert!((5..100).contains(&under_way.as_millis()), "{under_way:?}");
        }
        assert_eq!(time_under_way(&[0xff; 20], Instant::now()), None);
    }
}
