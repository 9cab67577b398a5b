//! What the first bytes of an Opus packet tell (RFC 6716 section 3.1).

use std::time::Duration;

/// How much sound a packet holds; `None` of one that is empty, cut short, or longer than the
/// 120 ms that a packet may hold.
#[must_use]
pub fn packet_duration(packet: &[u8]) -> Option<Duration> {
    let toc = *packet.first()?;
    let config = toc >> 3;
    let frame_micros = match config {
        0..=11 => [10_000, 20_000, 40_000, 60_000][usize::from(config % 4)],
        12..=15 => [10_000, 20_000][usize::from(config % 2)],
        _ => [2_500, 5_000, 10_000, 20_000][usize::from(config % 4)],
    };
    let frames = match toc & 0x03 {
        0 => 1,
        1 | 2 => 2,
        _ => u64::from(*packet.get(1)? & 0x3f),
    };
    let micros = frame_micros * frames;
    (1..=120_000).contains(&micros).then(|| Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_packet_tells_its_duration() {
        let ms = |packet: &[u8]| packet_duration(packet).map(|duration| duration.as_millis());
        // 20 ms of CELT, as browsers send; two and three of them; 60 ms of SILK; 10 ms of hybrid.
        assert_eq!(ms(&[0xfc, 1]), Some(20));
        assert_eq!(ms(&[0xfd, 1]), Some(40));
        assert_eq!(ms(&[0xff, 3, 1]), Some(60));
        assert_eq!(ms(&[0x18, 1]), Some(60));
        assert_eq!(ms(&[0x60, 1]), Some(10));
    }

    #[test]
    fn what_no_encoder_makes_has_no_duration() {
        assert_eq!(packet_duration(&[]), None);
        assert_eq!(packet_duration(&[0xff]), None);
        assert_eq!(packet_duration(&[0xff, 0]), None);
        assert_eq!(packet_duration(&[0xff, 63]), None);
    }
}
