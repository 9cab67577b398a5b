use std::{
    fs::File,
    io::{Cursor, Write},
    time::Duration,
};

use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};

use super::*;
use crate::{VideoCodec, VideoFormat};

const BEGAN_AT_MS: u64 = 1_790_000_000_123;

fn vp8() -> TrackFormat {
    let format =
        VideoFormat { codec: VideoCodec::Vp8, size: (640, 360), configuration: Vec::new() };
    TrackFormat::video(format, BEGAN_AT_MS)
}

fn h264() -> TrackFormat {
    let format =
        VideoFormat { codec: VideoCodec::H264, size: (640, 360), configuration: vec![1, 2, 3] };
    TrackFormat::video(format, BEGAN_AT_MS)
}

/// A live file, and for each of its frames the length of the file after it.
fn live(format: &TrackFormat, frames: &[Block]) -> (Vec<u8>, Vec<usize>) {
    let (mut writer, mut file) = Writer::begin(format);
    let ends = frames.iter().map(|frame| {
        file.extend(writer.frame(frame.at_ms, frame.is_keyframe, &frame.data));
        file.len()
    });
    let ends = ends.collect();
    (file, ends)
}

fn pictures(count: u64) -> Vec<Block> {
    (0..count)
        .map(|index| Block {
            track: 0,
            at_ms: index * 40,
            is_keyframe: index.is_multiple_of(30),
            data: vec![index as u8; 5 + index as usize],
        })
        .collect()
}

fn whole(file: &[u8]) -> Result<(Finalised, Vec<u8>), FinaliseError> {
    let mut output = Cursor::new(Vec::new());
    finalise(file, &mut output).map(|finalised| (finalised, output.into_inner()))
}

fn read(file: &[u8]) -> (TrackFormat, Vec<Block>) {
    let mut reader = Reader::open(file).unwrap();
    let blocks = std::iter::from_fn(|| reader.next_block().unwrap()).collect();
    (reader.formats()[0].clone(), blocks)
}

#[test]
fn a_finalised_file_has_every_frame_and_knows_its_length() {
    for format in [vp8(), h264()] {
        let frames = pictures(100);
        let (finalised, file) = whole(&live(&format, &frames).0).unwrap();
        assert_eq!(finalised.duration_ms, 4_000);
        assert_eq!(finalised.frames, 100);
        assert_eq!(read(&file), (format, frames));
    }
}

#[test]
fn sound_lasts_to_the_end_of_its_last_packet() {
    let frames: Vec<Block> = (0..10)
        .map(|index| Block {
            track: 0,
            at_ms: index * 20,
            is_keyframe: true,
            data: vec![0xfc, 0, 0],
        })
        .collect();
    let (finalised, file) = whole(&live(&TrackFormat::opus(BEGAN_AT_MS), &frames).0).unwrap();
    assert_eq!(finalised.duration_ms, 200);
    assert_eq!(read(&file).1, frames);
}

#[test]
fn a_live_file_cut_anywhere_keeps_every_whole_frame() {
    let frames = pictures(40);
    let (file, ends) = live(&vp8(), &frames);
    for cut in 0..=file.len() {
        let kept = ends.iter().filter(|end| **end <= cut).count();
        match whole(&file[..cut]) {
            Ok((finalised, file)) => {
                assert_eq!(finalised.frames, kept as u64, "cut at {cut}");
                assert_eq!(read(&file).1, frames[..kept]);
            }
            Err(_) => assert_eq!(kept, 0, "cut at {cut}"),
        }
    }
}

#[test]
fn a_file_that_grows_is_followed_frame_by_frame() {
    let frames = pictures(40);
    let (file, ends) = live(&vp8(), &frames);
    let growing = tempfile::NamedTempFile::new().unwrap();
    let head = ends[0] - frames[0].data.len();
    let mut written = 0;
    let mut append = |to: usize| {
        growing.as_file().write_all(&file[written..to]).unwrap();
        written = to;
    };
    append(20);
    let open = || Reader::open(File::open(growing.path()).unwrap());
    assert!(matches!(open(), Err(ReadError::NoTrack)));
    append(head);
    let mut reader = open().unwrap();
    for (frame, end) in frames.iter().zip(ends) {
        assert_eq!(reader.next_block().unwrap(), None);
        append(end - 1);
        assert_eq!(reader.next_block().unwrap(), None);
        append(end);
        assert_eq!(reader.next_block().unwrap().as_ref(), Some(frame));
    }
}

#[test]
fn pictures_and_sound_lie_in_one_file() {
    let picture =
        VideoFormat { codec: VideoCodec::H264, size: (1280, 720), configuration: vec![1, 100] };
    let formats =
        [TrackFormat::video(picture, BEGAN_AT_MS), TrackFormat::aac(vec![0x11, 0x90], BEGAN_AT_MS)];
    let (mut writer, mut file) = Writer::begin_tracks(&formats);
    // Sound comes a little behind its picture.
    let blocks: Vec<Block> = (0..200_u64)
        .map(|index| Block {
            track: (index % 2) as u8,
            at_ms: (index * 17).saturating_sub(index % 2 * 60),
            is_keyframe: index % 30 != 0,
            data: vec![index as u8; 9],
        })
        .collect();
    for block in &blocks {
        file.extend(writer.frame_of(block.track, block.at_ms, block.is_keyframe, &block.data));
    }
    let mut reader = Reader::open(&file[..]).unwrap();
    assert_eq!(reader.formats(), formats);
    let read: Vec<Block> = std::iter::from_fn(|| reader.next_block().unwrap()).collect();
    assert_eq!(read, blocks);
    assert!(matches!(whole(&file), Err(FinaliseError::SeveralTracks)));
}

#[test]
fn zeros_at_the_end_of_a_file_after_a_loss_of_power_are_no_frames() {
    let frames = pictures(20);
    let (mut file, ends) = live(&vp8(), &frames);
    file.truncate(ends[9] + 7);
    file.resize(file.len() + 4_096, 0);
    let (finalised, _) = whole(&file).unwrap();
    // The frame that was cut is filled with zeros; nothing behind it can be told from dirt.
    assert!((10..=11).contains(&finalised.frames), "{finalised:?}");
}

#[test]
fn finalising_twice_changes_nothing() {
    let (_, once) = whole(&live(&vp8(), &pictures(100)).0).unwrap();
    let (_, twice) = whole(&once).unwrap();
    assert_eq!(once, twice);
}

#[test]
fn a_gap_of_hours_is_kept() {
    let mut frames = pictures(2);
    let late_ms = Duration::from_secs(3 * 3_600).as_millis() as u64;
    frames.push(Block { track: 0, at_ms: late_ms, is_keyframe: true, data: vec![9] });
    let (finalised, file) = whole(&live(&vp8(), &frames).0).unwrap();
    assert_eq!(read(&file).1, frames);
    assert_eq!(finalised.duration_ms, late_ms + 1_000);
}

#[test]
fn pictures_of_another_size_go_on_in_the_file_and_of_another_codec_do_not() {
    let format = |codec, size, configuration| VideoFormat { codec, size, configuration };
    assert!(vp8().takes(&format(VideoCodec::Vp8, (320, 180), vec![])));
    assert!(!vp8().takes(&format(VideoCodec::H264, (640, 360), vec![1, 2, 3])));
    assert!(h264().takes(&format(VideoCodec::H264, (640, 360), vec![1, 2, 3])));
    assert!(!h264().takes(&format(VideoCodec::H264, (640, 360), vec![1, 2, 4])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_frames_read_back(
        steps: Vec<(u16, bool)>,
        data in proptest::collection::vec(any::<u8>(), 1..300),
    ) {
        let mut at_ms = 0;
        let frames: Vec<Block> = steps.into_iter().map(|(step, is_keyframe)| {
            at_ms += u64::from(step);
            Block { track: 0, at_ms, is_keyframe, data: data.clone() }
        }).collect();
        let (file, _) = live(&vp8(), &frames);
        prop_assert_eq!(&read(&file).1, &frames);
        if !frames.is_empty() {
            prop_assert_eq!(&read(&whole(&file).unwrap().1).1, &frames);
        }
    }

    #[test]
    fn dirt_never_panics(
        at in any::<proptest::sample::Index>(),
        dirt in proptest::collection::vec(any::<u8>(), 1..20),
    ) {
        let (mut file, _) = live(&vp8(), &pictures(10));
        let at = at.index(file.len());
        let end = (at + dirt.len()).min(file.len());
        file.splice(at..end, dirt);
        if let Ok((finalised, file)) = whole(&file) {
            prop_assert_eq!(read(&file).1.len() as u64, finalised.frames);
        }
    }
}
