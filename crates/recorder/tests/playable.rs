//! H.264 through packets into a file that ffmpeg plays: live, cut, and made whole.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::{
    fs::{self, File},
    io::BufWriter,
    path::Path,
    process::Command,
    time::Duration,
};

use jumpa_client::Codec;
use jumpa_protocol::MediaKind;
use jumpa_recorded::webm::finalise;
use jumpa_recorder::{
    depacketizer::RtpPacket,
    track::{Track, TrackOutput},
};

const FPS: u64 = 25;
const FRAMES: u64 = 100;
/// Larger NAL units are sent in fragments.
const MAX_PAYLOAD: usize = 900;

/// The access units of an H.264 stream, each a list of NAL units.
fn encoded(folder: &Path) -> Vec<Vec<Vec<u8>>> {
    let path = folder.join("stream.h264");
    let picture = format!("testsrc=size=320x180:rate={FPS}:duration={}", FRAMES / FPS);
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", &picture, "-c:v", "libx264"])
        .args(["-profile:v", "baseline", "-pix_fmt", "yuv420p", "-g", "25"])
        .args(["-x264-params", "repeat-headers=1:aud=1", "-f", "h264"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(done.success());
    let stream = fs::read(path).unwrap();
    let mut units: Vec<Vec<Vec<u8>>> = Vec::new();
    for nal in annex_b(&stream) {
        // A delimiter begins each access unit.
        if nal[0] & 0x1f == 9 {
            units.push(Vec::new());
        }
        units.last_mut().unwrap().push(nal);
    }
    units
}

/// The NAL units between start codes (ITU-T H.264 annex B).
fn annex_b(stream: &[u8]) -> Vec<Vec<u8>> {
    let starts: Vec<usize> = stream
        .windows(3)
        .enumerate()
        .filter(|(_, code)| *code == [0, 0, 1])
        .map(|(at, _)| at + 3)
        .collect();
    let ends = starts.iter().skip(1).map(|start| start - 3).chain([stream.len()]);
    let nal = |(start, end): (&usize, usize)| {
        let mut nal = stream[*start..end].to_vec();
        while nal.last() == Some(&0) {
            nal.pop();
        }
        nal
    };
    starts.iter().zip(ends).map(nal).collect()
}

/// The payloads of an access unit as a browser sends them: small units together, large ones in
/// fragments.
fn payloads(unit: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut payloads = Vec::new();
    let mut aggregate = vec![0x78];
    for nal in unit {
        if nal.len() < 100 {
            aggregate.extend_from_slice(&(nal.len() as u16).to_be_bytes());
            aggregate.extend_from_slice(nal);
            continue;
        }
        if aggregate.len() > 1 {
            payloads.push(std::mem::replace(&mut aggregate, vec![0x78]));
        }
        if nal.len() <= MAX_PAYLOAD {
            payloads.push(nal.clone());
            continue;
        }
        let parts: Vec<&[u8]> = nal[1..].chunks(MAX_PAYLOAD).collect();
        for (index, part) in parts.iter().enumerate() {
            let start = if index == 0 { 0x80 } else { 0 };
            let end = if index + 1 == parts.len() { 0x40 } else { 0 };
            let head = [(nal[0] & 0xe0) | 28, start | end | (nal[0] & 0x1f)];
            payloads.push([&head, *part].concat());
        }
    }
    if aggregate.len() > 1 {
        payloads.push(aggregate);
    }
    payloads
}

/// The live file that a track makes of the stream.
fn live_file(units: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut track = Track::new(MediaKind::Video, 1_790_000_000_000);
    let mut seq = 1;
    let mut file = Vec::new();
    for (number, unit) in (0_u64..).zip(units) {
        let payloads = payloads(unit);
        let last = payloads.len() - 1;
        for (index, payload) in payloads.into_iter().enumerate() {
            let packet = RtpPacket {
                seq,
                timestamp: (number * 90_000 / FPS) as u32,
                marker: index == last,
                arrived: Duration::from_millis(number * 1_000 / FPS),
                captured: None,
                rotation: None,
                payload: payload.into(),
            };
            seq += 1;
            track.push(1, Codec::H264, packet);
        }
        while let Some(output) = track.poll(Duration::from_millis(number * 1_000 / FPS)) {
            match output {
                TrackOutput::Begin { bytes, .. } | TrackOutput::Append(bytes) => file.extend(bytes),
                TrackOutput::Anchor { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
    file
}

/// How many pictures ffmpeg decodes, without a word of complaint.
fn decoded(path: &Path) -> u64 {
    let probed = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames"])
        .args(["-of", "csv=p=0"])
        .arg(path)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&probed.stderr), "", "{}", path.display());
    String::from_utf8_lossy(&probed.stdout).trim().parse().unwrap()
}

#[test]
fn h264_plays_live_cut_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    let units = encoded(folder.path());
    let live = live_file(&units);
    let live_path = folder.path().join("live.mkv");
    fs::write(&live_path, &live).unwrap();
    assert_eq!(decoded(&live_path), FRAMES);

    for (name, bytes) in [("whole.mkv", &live[..]), ("cut.mkv", &live[..live.len() * 2 / 3])] {
        let path = folder.path().join(name);
        let output = BufWriter::new(File::create(&path).unwrap());
        let finalised = finalise(bytes, output).unwrap();
        assert_eq!(decoded(&path), finalised.frames, "{name}");
        assert_eq!(finalised.format.size, (320, 180));
        assert_eq!(finalised.duration_ms, finalised.frames * 1_000 / FPS);
    }
}
