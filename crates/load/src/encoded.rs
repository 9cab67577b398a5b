//! Media that decodes, encoded by ffmpeg.

use std::process::Command;

use anyhow::{Context, ensure};

/// Options of ffmpeg for VP8 as browsers encode it, and for Opus in packets of 20 ms.
const VP8: [&str; 5] = ["-c:v", "libvpx", "-deadline", "realtime", "-g"];
const OPUS: [&str; 6] = ["-c:a", "libopus", "-b:a", "32k", "-frame_duration", "20"];

/// The VP8 frames of what a source of libavfilter shows, with a keyframe every so many frames.
///
/// # Errors
/// When ffmpeg cannot.
pub fn vp8(source: &str, keyframe_interval: u32, bitrate_bps: u32) -> anyhow::Result<Vec<Vec<u8>>> {
    let (interval, bitrate) = (keyframe_interval.to_string(), bitrate_bps.to_string());
    let options = [&VP8[..], &[interval.as_str(), "-b:v", bitrate.as_str()]].concat();
    Ok(ivf_frames(&encode(source, &options, "ivf")?))
}

/// The Opus packets of 20 ms of what a source of libavfilter sounds like.
///
/// # Errors
/// When ffmpeg cannot.
pub fn opus(source: &str) -> anyhow::Result<Vec<Vec<u8>>> {
    Ok(ogg_packets(&encode(source, &OPUS, "ogg")?))
}

fn encode(source: &str, options: &[&str], format: &str) -> anyhow::Result<Vec<u8>> {
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", source])
        .args(options)
        .args(["-f", format, "-"])
        .output()
        .context("starting ffmpeg")?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "ffmpeg cannot encode {source}: {said}");
    Ok(done.stdout)
}

/// The frames of an IVF file: a header of 32 bytes, and 12 bytes before each frame.
fn ivf_frames(file: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = file.get(32..).unwrap_or_default();
    let mut frames = Vec::new();
    while let Some((head, behind)) = rest.split_first_chunk::<12>() {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some((frame, behind)) = behind.split_at_checked(length) else { break };
        frames.push(frame.to_vec());
        rest = behind;
    }
    frames
}

/// The packets of an Ogg file (RFC 3533 section 6) without the two headers of Opus.
fn ogg_packets(file: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = vec![Vec::new()];
    let mut rest = file;
    while rest.starts_with(b"OggS") {
        let segments = usize::from(rest[26]);
        let (table, mut content) = rest[27..].split_at(segments);
        for length in table {
            let (segment, behind) = content.split_at(usize::from(*length));
            content = behind;
            if let Some(packet) = packets.last_mut() {
                packet.extend_from_slice(segment);
            }
            if *length < 255 {
                packets.push(Vec::new());
            }
        }
        rest = content;
    }
    packets.into_iter().skip(2).filter(|packet| !packet.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_so_many_pictures_and_packets() {
        let pictures = vp8("color=red:size=320x180:rate=30:duration=1", 15, 100_000).unwrap();
        assert_eq!(pictures.len(), 30);
        // The lowest bit of a VP8 frame is 0 in keyframes (RFC 6386 section 9.1).
        let is_keyframe = |number: &usize| pictures[*number][0] & 1 == 0;
        assert_eq!((0..30).filter(is_keyframe).collect::<Vec<_>>(), [0, 15]);
        let packets = opus("sine=frequency=440:sample_rate=48000:duration=1").unwrap();
        assert!((50..=51).contains(&packets.len()), "{}", packets.len());
    }
}
