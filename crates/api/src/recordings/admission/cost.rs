//! What a recording takes of a recorder, thousandths of a processor core.
//!
//! Measured with VP8 on one machine and rounded up; recorders report what they really take, and what
//! is beyond a guarantee is held against the larger of both.

use jumpa_protocol::recording::{ComposeTime, RecordingKind, RecordingLayout};

/// A participant whose sources are written as they come: 0.4 were measured without decryption; the
/// budget is five times that.
const TRACKS: u32 = 2;

/// Mixing voices and encoding them as AAC, for a call of any size.
const SOUND: u32 = 20;

/// Encoding 720 lines and 30 frames a second as H.264, `veryfast`.
const ENCODE_720P: u32 = 270;

/// Decoding and placing a participant, by the layer that fits the tile.
const INPUT_720P: u32 = 45;
const INPUT_360P: u32 = 22;
const INPUT_180P: u32 = 13;

/// Most tiles of a composite; who is beyond is heard and not seen.
const MOST_TILES: u32 = 25;

/// Most people that are counted; no call is set to take more.
const MOST_PEOPLE: u32 = 100_000;

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub(in crate::recordings) struct Work {
    pub(in crate::recordings) kind: RecordingKind,
    pub(in crate::recordings) layout: RecordingLayout,
    /// Lines of the composed picture.
    pub(in crate::recordings) height: u16,
    pub(in crate::recordings) time: ComposeTime,
    pub(in crate::recordings) participants: u32,
}

/// What it takes while the call goes on. What is composed afterwards takes what nobody else wants,
/// and is not counted.
pub(in crate::recordings) fn cost(work: Work) -> u32 {
    let tracks = work.participants.clamp(1, MOST_PEOPLE) * TRACKS;
    let is_live = work.kind == RecordingKind::Stream || work.time == ComposeTime::Live;
    let composing = match work.kind {
        RecordingKind::AudioOnly if is_live => SOUND,
        RecordingKind::Composite | RecordingKind::Stream if is_live => live_picture(work),
        _ => 0,
    };
    tracks + composing
}

/// Composing while the call goes on takes two fifths more than the same afterwards: it wakes up for
/// every frame.
fn live_picture(work: Work) -> u32 {
    let is_large = work.height > 720;
    let encode = if is_large { ENCODE_720P * 9 / 4 } else { ENCODE_720P };
    (encode + inputs(work)) * 7 / 5
}

fn inputs(work: Work) -> u32 {
    let tiles = work.participants.clamp(1, MOST_TILES);
    let height = u32::from(work.height);
    let stage = input(height * 3 / 4);
    match work.layout {
        RecordingLayout::Grid => {
            let columns = (1..=tiles).find(|columns| columns * columns >= tiles).unwrap_or(1);
            // There are as many rows as columns.
            tiles * input(height / columns)
        }
        RecordingLayout::Speaker => stage + (tiles - 1) * INPUT_180P,
        RecordingLayout::SideBySide => tiles.min(2) * input(height / 2),
        RecordingLayout::Single => stage,
    }
}

/// The layer for a tile of so many lines.
fn input(lines: u32) -> u32 {
    match lines {
        361.. => INPUT_720P,
        270..=360 => INPUT_360P,
        _ => INPUT_180P,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(kind: RecordingKind, height: u16, participants: u32) -> u32 {
        let layout = RecordingLayout::Grid;
        cost(Work { kind, layout, height, time: ComposeTime::Live, participants })
    }

    #[test]
    fn tracks_cost_by_participant() {
        assert_eq!(live(RecordingKind::Tracks, 720, 0), 2);
        assert_eq!(live(RecordingKind::Tracks, 720, 10), 20);
    }

    #[test]
    fn what_is_composed_after_the_call_costs_no_more_than_tracks_during_it() {
        for kind in [RecordingKind::Composite, RecordingKind::AudioOnly] {
            let (layout, time) = (RecordingLayout::Grid, ComposeTime::AfterCall);
            assert_eq!(cost(Work { kind, layout, height: 720, time, participants: 4 }), 8);
        }
    }

    /// Measured on a quiet machine, tracks not included: 422 and 533.
    #[test]
    fn a_live_composite_costs_what_was_measured_or_more() {
        assert_eq!(live(RecordingKind::Composite, 720, 4), 501 + 8);
        assert_eq!(live(RecordingKind::Composite, 720, 9), 541 + 18);
        assert!(
            live(RecordingKind::Composite, 1080, 4) > 2 * live(RecordingKind::Composite, 720, 4)
        );
    }

    #[test]
    fn a_stream_is_always_live() {
        let work = Work {
            kind: RecordingKind::Stream,
            layout: RecordingLayout::Single,
            height: 720,
            time: ComposeTime::AfterCall,
            participants: 9,
        };
        assert_eq!(cost(work), (270 + 45) * 7 / 5 + 18);
    }

    #[test]
    fn no_call_is_too_large_to_be_reckoned() {
        assert!(live(RecordingKind::Stream, 1080, u32::MAX) > 2 * MOST_PEOPLE);
    }
}
